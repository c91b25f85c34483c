"""Which texts are on the topic of a query: a pure decision over words, and over dense similarity where there is one.

A text is on topic when it holds enough of the query's weight in words (each word weighs its inverse document
frequency), and is then compared with the best answers: Rocchio's pseudo-relevance feedback (1971) lets a text in that
says the same in other words, and keeps one out that shares only the words. Ranking is BM25 (Robertson and Zaragoza
2009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline import terms
from pipeline.terms import Frequencies, Terms

K1, B = 1.2, 0.75  # BM25's usual constants
FEEDBACK = 3  # best answers that the others are compared with
FEW = 5  # content words below which a query is meant word for word
FAR, NEAR, NEAR_FEW = 0.10, 0.30, 0.33  # cosine to these answers: out in spite of the words; in without all of them
SLACK, SLACK_FEW = 0.20, 0.45  # how much less of the needed weight a near text may hold
DENSE_NEAR, DENSE_FAR = 0.62, 0.30


@dataclass(frozen=True, slots=True)
class Hit:
    """A text on topic: its place in what was given, and its score (higher is better)."""

    index: int
    score: float


def needed(words: int) -> float:
    """Share of the query's weight that a text must hold: all of one or two words, less of a whole headline."""
    return min(1.0, max(0.38 + 0.72 / max(words, 1), 1.3 - 0.15 * words))


def on_topic(
    query: str, texts: Sequence[str], frequencies: Frequencies, *, dense: np.ndarray[Any, Any] | None = None
) -> tuple[Hit, ...]:
    """The texts that answer `query`, best first, ties by place. A query without a content word has no answer.

    `dense`: unit rows of the texts (n, d), whose agreement with the best answers is weighed in.
    """
    asked = terms.count(query)
    if not asked or not texts:
        return ()
    counted = [terms.count(text) for text in texts]
    coverage = _coverage(asked, counted, frequencies)
    scores = _bm25(asked, counted, frequencies)
    need = needed(len(asked))
    slack, close_by = (SLACK_FEW, NEAR_FEW) if len(asked) < FEW else (SLACK, NEAR)
    seeds = [i for i in range(len(texts)) if coverage[i] >= need]
    if not seeds:
        return ()
    best = sorted(seeds, key=lambda i: (-round(float(coverage[i]), 6), -round(float(scores[i]), 6), i))[:FEEDBACK]
    near = _closeness(counted, best, frequencies)
    held = (coverage >= need) & (near >= FAR) | (coverage >= need - slack) & (near >= close_by)
    if dense is not None:
        close = _cosine(dense, best)
        held = held & (close >= DENSE_FAR) | (coverage >= need - slack) & (close >= DENSE_NEAR)
    hits = [Hit(int(i), round(float(scores[i]), 6)) for i in np.flatnonzero(held)]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.index)))


def _coverage(asked: Terms, counted: Sequence[Terms], frequencies: Frequencies) -> np.ndarray[Any, Any]:
    weights = {word: frequencies.weight(word) for word in asked}
    total = sum(weights.values()) or 1.0
    return np.asarray([sum(w for word, w in weights.items() if word in text) / total for text in counted])


def _bm25(asked: Terms, counted: Sequence[Mapping[str, int]], frequencies: Frequencies) -> np.ndarray[Any, Any]:
    lengths = np.asarray([sum(text.values()) for text in counted], dtype=np.float64)
    norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
    scores = np.zeros(len(counted))
    for word in sorted(asked):
        found = np.asarray([text.get(word, 0) for text in counted], dtype=np.float64)
        scores += frequencies.weight(word) * found * (K1 + 1) / (found + norm)
    return scores


def _closeness(counted: Sequence[Terms], best: Sequence[int], frequencies: Frequencies) -> np.ndarray[Any, Any]:
    """Highest cosine of each text to one of the best answers, other than itself."""
    rows = terms.matrix(counted, frequencies)
    return _highest(np.asarray((rows @ rows[list(best)].T).todense()), best)


def _cosine(dense: np.ndarray[Any, Any], best: Sequence[int]) -> np.ndarray[Any, Any]:
    return _highest(dense @ dense[list(best)].T, best)


def _highest(similar: np.ndarray[Any, Any], best: Sequence[int]) -> np.ndarray[Any, Any]:
    highest = np.array(similar.max(axis=1), dtype=np.float64)
    highest[list(best)] = 1.0  # the best answers are on topic by themselves
    return np.round(highest, 6)
