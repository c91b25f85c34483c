"""Whether a headline says only what the body says: the body must hold its figures and most of its words.

The gate holds a headline to the words it cites; that they are told below it too is asked here. Reading by content words
without the source's name ("..., X writes"), which is no part of what is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

from pipeline.gate.frames import peel
from pipeline.language import quantities, words

CARRIED = 0.6  # share of a headline's content words that two sentences of the body hold


def carried(headline: str, body: Sequence[str]) -> bool:
    """Whether the sentences of `body` tell what `headline` says: every figure, and 0.6 of its content words in two."""
    figures = [q for text in body for q in quantities.find(text)]
    if not all(any(quantities.equal(mine, q) for q in figures) for mine in quantities.find(headline)):
        return False
    own = set(words.content(peel(headline).core))
    held = [own & set(words.content(text)) for text in body]
    most = max((len(a | b) for a, b in combinations_with_replacement(held, 2)), default=0)
    return most >= CARRIED * len(own)
