"""Stores: where everything is kept between nights. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from pipeline.errors import ConfigurationError
from pipeline.protocols import Checkpoint, Store, no_checkpoint

KINDS: Mapping[str, str] = {  # scheme of the address -> "module:function(address, checkpoint) -> Store"
    "sqlite": "pipeline.stores.sqlite:open_sqlite",
}
GROUP = "citewire.store"  # entry points of packages that add a kind


def open_store(address: str | Path, *, checkpoint: Checkpoint = no_checkpoint) -> Store:
    """The store at `address`: a path, ":memory:", or a URL such as "sqlite:////var/lib/desk/citewire.db".

    Creates what is not there, brings an older schema up to date, and checks what is. Raises StoreError, and
    ConfigurationError for a kind that nothing offers.
    """
    found = re.match(r"([a-z][a-z0-9+]*)://", str(address))
    kind = found.group(1).split("+")[0] if found else "sqlite"
    target = KINDS.get(kind)
    if target is None:
        offered = {point.name: point.value for point in entry_points(group=GROUP)}
        if kind not in offered:
            known = ", ".join(sorted({*KINDS, *offered}))
            raise ConfigurationError(f"no store of kind {kind!r} is installed", key="store", fix=f"one of: {known}")
        target = offered[kind]
    module, _, name = target.partition(":")
    return cast(Store, getattr(import_module(module), name)(str(address), checkpoint))
