"""What sentence vectors add: likeness of the sentence to its spans, and of each lost word to the nearest word there.

`together` is the second model. Pure: `texts` says what must be embedded, `dense` reads the unit rows. The vectors are
an embedder's, so these features are the same only on one machine with one model; the model that reads them is never the
one that `verify` computes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.gate import lexicon as lex
from pipeline.gate.reading import Reading
from pipeline.gate.whole.features import DECIMALS, Features, features
from pipeline.gate.whole.model import DENSE, likelihood, load
from pipeline.gate.whole.pairing import Pairing

Row = np.ndarray[Any, np.dtype[np.float32]]
Rows = Mapping[str, Row]
Vectors = Callable[[Sequence[str]], Rows]  # texts -> a unit row for each


def together(parts: Sequence[tuple[str, Sequence[str]]], vectors: Vectors) -> float:
    """How likely the sentences of a claim, each with its spans, are all supported, by the model that reads vectors."""
    return likelihood(parts, lambda pair: features(pair) | dense(pair, vectors(sorted(texts(pair)))), load(DENSE))


def texts(pair: Pairing) -> set[str]:
    """Every text whose row `dense` needs: the sentence, the spans, the spans together, the words."""
    spans = [span.text for span in pair.spans]
    words = {pair.sentence.words[at].low for at in pair.lost} if pair.lost else set()
    return {pair.sentence.text, " ".join(spans), *spans, *words, *(_vocabulary(pair.spans) if words else ())}


def _vocabulary(spans: tuple[Reading, ...]) -> tuple[str, ...]:
    """Telling words of the spans, sorted."""
    return tuple(
        sorted({word.low for span in spans for word in span.words if word.part != "mark" and word.low not in lex.FREE})
    )


def dense(pair: Pairing, rows: Rows) -> Features:
    """The features that rest on vectors. `rows` holds a unit row for each of `texts(pair)`."""
    mine = rows[pair.sentence.text]
    likeness = [float(mine @ rows[span.text]) for span in pair.spans]
    nearest = _nearest(pair, rows)
    total = math.fsum(pair.rare.values())
    away = {at: pair.rare[at] * (1 - nearest[at]) for at in pair.wanted}
    found = {
        "like_most": max(likeness),
        "like_best": likeness[pair.best],
        "like_together": float(mine @ rows[" ".join(span.text for span in pair.spans)]),
        "near": math.fsum(pair.rare[at] * nearest[at] for at in pair.wanted) / total,
        "near_surely": math.fsum(pair.rare[at] * max(0.0, (nearest[at] - 0.4) / 0.6) for at in pair.wanted) / total,
        "near_least": min(nearest.values()),
        "far_most": max(away.values()),
        "far_weight": min(math.fsum(away.values()), 4.0),
    }
    return {name: round(value, DECIMALS) for name, value in found.items()}


def _nearest(pair: Pairing, rows: Rows) -> dict[int, float]:
    """For each wanted word 1 where a span holds it, else the cosine of the nearest word of the spans, at least 0."""
    if not pair.lost:
        return dict.fromkeys(pair.wanted, 1.0)
    words = _vocabulary(pair.spans)
    table = np.stack([rows[word] for word in words]) if words else None
    return {
        at: 1.0
        if at in pair.together
        else (max(0.0, float((table @ rows[pair.sentence.words[at].low]).max())) if table is not None else 0.0)
        for at in pair.wanted
    }
