"""Engines: where batches of pure work run. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from pipeline.errors import ConfigurationError
from pipeline.protocols import Engine

KINDS: Mapping[str, str] = {  # name -> "module:class"; a class takes its options by keyword
    "local": "pipeline.engines.local:LocalEngine",
}
GROUP = "citewire.engine"  # entry points of packages that add a kind


def load(name: str = "local", **options: Any) -> Engine:
    """The engine called `name`. Raises ConfigurationError for one that nothing offers."""
    target = KINDS.get(name)
    if target is None:
        offered = {point.name: point.value for point in entry_points(group=GROUP)}
        if name not in offered:
            known = ", ".join(sorted({*KINDS, *offered}))
            raise ConfigurationError(f"no engine called {name!r} is installed", key="engine", fix=f"one of: {known}")
        target = offered[name]
    module, _, attribute = target.partition(":")
    return cast(Engine, getattr(import_module(module), attribute)(**options))
