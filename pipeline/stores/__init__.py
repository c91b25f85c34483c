"""Stores: where everything is kept between nights. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import cast

from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.protocols.library import Library
from pipeline.registry import Registry

STORES = Registry(
    what="kind of store",
    key="store",
    group="citewire.store",  # functions (address, checkpoint, unfinished) -> Store
    built_in={  # by the scheme of the address
        "sqlite": "pipeline.stores.sqlite:open_sqlite",
        "postgresql": "pipeline.stores.postgres:open_postgres",
        "postgres": "pipeline.stores.postgres:open_postgres",
    },
    extras={"postgresql": "postgres", "postgres": "postgres"},
)
LIBRARIES = replace(
    STORES,
    group="citewire.library",  # functions (address) -> Library
    built_in={
        "sqlite": "pipeline.stores.library:open_library",
        "postgresql": "pipeline.stores.postgres:open_postgres_library",
        "postgres": "pipeline.stores.postgres:open_postgres_library",
    },
)


def open_store(address: str | Path, *, checkpoint: Checkpoint = no_checkpoint, unfinished: bool = False) -> Store:
    """The store at `address`: a path, ":memory:", or a URL such as "sqlite:////var/lib/desk/citewire.db".

    Creates what is not there, brings an older schema up to date, and checks what is. A copy that was not finished is
    opened where that is asked for. Raises StoreError, and ConfigurationError for a kind that nothing offers.
    """
    return cast(Store, STORES.load(_kind(address))(str(address), checkpoint, unfinished=unfinished))


def open_library(address: str | Path) -> Library:
    """The store at `address` for reading alone: nothing is made or brought up to date. Raises as `open_store`."""
    return cast(Library, LIBRARIES.load(_kind(address))(str(address)))


def _kind(address: str | Path) -> str:
    found = re.match(r"([a-z][a-z0-9+]*)://", str(address))
    return found.group(1).split("+")[0] if found else "sqlite"
