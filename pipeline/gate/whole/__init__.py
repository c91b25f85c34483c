"""Support of the whole: how likely the cited spans together carry a sentence, by a shipped model over plain features.

`carried` is for one sentence, `support` for a claim of several, all of which must hold: the model sees the worst value
of each feature among them. Only the words decide here, so that anyone can compute it again; `pipeline.gate.whole.dense`
has a second model that reads an embedder's vectors too.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.gate.selection import split
from pipeline.gate.whole.features import features
from pipeline.gate.whole.model import likelihood, load

__all__ = ["THRESHOLD", "UNSURE", "carried", "digest", "support", "together"]

THRESHOLD = 0.5  # of `support`, from which a claim counts as supported; one for all kinds of text
UNSURE = 0.2  # below which a sentence that every rule passes is still not published; verbatim ones reach 0.9


def carried(sentence: str, spans: Sequence[str]) -> float:
    """How likely `spans`, and nothing else, support `sentence`, 0..1: 0 without spans, 1 where nothing is said."""
    return together([(sentence, spans)])


def support(claim: str, spans: Sequence[str]) -> float:
    """How likely `spans` support `claim`, all of whose sentences must hold."""
    return together([(part, spans) for part in split(claim)])


def together(parts: Sequence[tuple[str, Sequence[str]]]) -> float:
    """How likely the sentences of a claim, each with the spans it rests on, are all supported."""
    return likelihood(parts, features, load())


def digest() -> str:
    """SHA-256 of the shipped model, by which `verify` knows that it computes the same."""
    return load().digest
