"""Stores: where everything is kept between nights. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.protocols.library import Library
from pipeline.registry import Registry

if TYPE_CHECKING:  # commands that open no store import this package, too
    from pipeline.stores.kinds import Kind

STORES = Registry(
    what="kind of store",
    key="store",
    group="citewire.store",  # values of pipeline.stores.kinds.Kind
    built_in={  # by the scheme of the address
        "sqlite": "pipeline.stores.library:SQLITE",
        "postgresql": "pipeline.stores.postgres:POSTGRES",
        "postgres": "pipeline.stores.postgres:POSTGRES",
    },
    extras={"postgresql": "postgres", "postgres": "postgres"},
)


def open_store(address: str | Path, *, checkpoint: Checkpoint = no_checkpoint, unfinished: bool = False) -> Store:
    """The store at `address`: a path, ":memory:", or a URL such as "sqlite:////var/lib/desk/citewire.db".

    Creates what is not there, brings an older schema up to date, and checks what is. A copy that was not finished is
    opened where that is asked for. Raises StoreError, and ConfigurationError for a kind that nothing offers.
    """
    return kind_of(address).store(str(address), checkpoint, unfinished=unfinished)


def open_library(address: str | Path) -> Library:
    """The store at `address` for reading alone: nothing is made or brought up to date. Raises as `open_store`."""
    return kind_of(address).library(str(address))


def kind_of(address: str | Path) -> Kind:
    """What keeps the store at `address`. Raises ConfigurationError for a kind that nothing offers, MissingExtra."""
    found = re.match(r"([a-z][a-z0-9+]*)://", str(address))
    return cast("Kind", STORES.load(found.group(1).split("+")[0] if found else "sqlite"))
