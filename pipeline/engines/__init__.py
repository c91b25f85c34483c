"""Engines: where batches of pure work run. One line per kind; nothing is imported before it is needed."""

from __future__ import annotations

from typing import Any, cast

from pipeline.protocols import Engine
from pipeline.registry import Registry

ENGINES = Registry(
    what="engine",
    key="engine",
    group="citewire.engine",  # classes that take their options by keyword
    built_in={"local": "pipeline.engines.local:LocalEngine", "dask": "pipeline.engines.dask:DaskEngine"},
    extras={"dask": "dask"},
)


def load(name: str = "local", **options: Any) -> Engine:
    """The engine called `name`. Raises ConfigurationError for one that nothing offers."""
    return cast(Engine, ENGINES.load(name)(**options))
