"""Stores: where everything is kept between nights. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.registry import Registry

DATABASE = "citewire.db"  # of a desk, in its output folder

STORES = Registry(
    what="kind of store",
    key="store",
    group="citewire.store",  # functions (address, checkpoint) -> Store
    built_in={  # by the scheme of the address
        "sqlite": "pipeline.stores.sqlite:open_sqlite",
        "postgresql": "pipeline.stores.postgres:open_postgres",
        "postgres": "pipeline.stores.postgres:open_postgres",
    },
    extras={"postgresql": "postgres", "postgres": "postgres"},
)


def open_store(address: str | Path, *, checkpoint: Checkpoint = no_checkpoint) -> Store:
    """The store at `address`: a path, ":memory:", or a URL such as "sqlite:////var/lib/desk/citewire.db".

    Creates what is not there, brings an older schema up to date, and checks what is. Raises StoreError, and
    ConfigurationError for a kind that nothing offers.
    """
    found = re.match(r"([a-z][a-z0-9+]*)://", str(address))
    kind = found.group(1).split("+")[0] if found else "sqlite"
    return cast(Store, STORES.load(kind)(str(address), checkpoint))
