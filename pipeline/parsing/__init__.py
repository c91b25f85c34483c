"""Who does what to whom: a dependency parser for English, small, without a model to install.

The weights are those of the tagger and parser of `en_core_web_sm` 3.8 (Explosion, MIT licence), in half precision;
the code is a port to numpy. It gives what spaCy gives on all but one in a thousand words (docs/quality.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.parsing.network import shipped
from pipeline.parsing.transitions import arcs

__all__ = ["Parse", "parse"]
_LONGEST = 160  # words; a span has at most 40


@dataclass(frozen=True, slots=True)
class Parse:
    """Of each word the index of its head (its own: a root), what it is to that head, and its Penn Treebank tag."""

    heads: tuple[int, ...]
    labels: tuple[str, ...]
    tags: tuple[str, ...]


def parse(words: Sequence[str], spaces: Sequence[bool]) -> Parse | None:
    """The parse of a text of `words`, each followed by a space or not; None for none, an empty word, or too many."""
    if not words or not all(words) or len(words) > _LONGEST:
        return None
    model = shipped()
    vectors = model.vectors(list(words), list(spaces))
    heads, labels = arcs(model, model.prepared(vectors), len(words))
    return Parse(tuple(heads), tuple(labels), tuple(model.tagged(vectors)))
