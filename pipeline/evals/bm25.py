"""BM25 alone (Robertson and Zaragoza 2009) as a topic's answer: what the product's own way is measured against.

It ranks every row of the file, with the product's stems, headline weight and document frequencies. All that is chosen
is chosen in its favour, on the very data that it is measured on: k1 and b from `K1` and `B`, and how the ranking is cut
(at one share of the query's best score, at one share of the highest score that the query allows, or after the first n),
the same for all queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.terms import Frequencies, Terms

K1, B = (0.9, 1.2, 2.0), (0.0, 0.4, 0.75)
PLAIN = (1.2, 0.75)  # the usual constants
DEPTH = 500  # of a ranking; what stands lower is not given

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """The best that one choice of constants reaches: measures, and the choice in words."""

    precision: float
    recall: float
    f1: float
    setting: str


@dataclass(frozen=True, slots=True)
class Question:
    """Stems of a query, and the rows that answer it."""

    asked: Terms
    members: Set[int]


class Rows:
    """An inverted index: for each stem the rows that hold it and how often."""

    def __init__(self, counted: Sequence[Terms], frequencies: Frequencies) -> None:
        found: dict[str, list[tuple[int, int]]] = {}
        for row, words in enumerate(counted):
            for word, count in words.items():
                found.setdefault(word, []).append((row, count))
        self._found = {word: np.asarray(rows) for word, rows in found.items()}
        self._lengths = np.asarray([sum(words.values()) for words in counted], dtype=np.float64)
        self._frequencies = frequencies

    def ranking(self, asked: Terms, k1: float, b: float) -> tuple[Array, Array, float]:
        """Rows that share a word with the query, best first, ties by place; their scores; the highest possible."""
        scores = np.zeros(len(self._lengths))
        norm = k1 * (1 - b + b * self._lengths / max(float(self._lengths.mean()), 1.0))
        highest = 0.0
        for word in sorted(asked):
            weight = self._frequencies.weight(word) * (k1 + 1)
            highest += weight
            if word in self._found:
                rows, counts = self._found[word].T
                scores[rows] += weight * counts / (counts + norm[rows])
        order = np.lexsort((np.arange(len(scores)), -scores))[:DEPTH]
        order = order[scores[order] > 0]
        return order, scores[order], highest


def best(rows: Rows, questions: Sequence[Question], *, k1s: Sequence[float] = K1, bs: Sequence[float] = B) -> Cut:
    """The highest F1, pooled over all questions, that any of the constants with any cut reaches."""
    cuts = [_cut(rows, questions, k1, b) for k1 in k1s for b in bs]
    return max(cuts, key=lambda cut: cut.f1)


def _cut(rows: Rows, questions: Sequence[Question], k1: float, b: float) -> Cut:
    wanted = sum(len(question.members) for question in questions)
    right: list[Array] = []
    keys: Mapping[str, list[Array]] = {"share of best score": [], "share of highest score": [], "first": []}
    for question in questions:
        order, scores, highest = rows.ranking(question.asked, k1, b)
        right.append(np.asarray([int(row) in question.members for row in order], dtype=np.float64))
        keys["share of best score"].append(scores / scores[0] if len(scores) else scores)
        keys["share of highest score"].append(scores / max(highest, 1e-9))
        keys["first"].append(-np.arange(1.0, len(order) + 1))
    return max((_threshold(f"k1 {k1:g}, b {b:g}", how, keys[how], right, wanted) for how in keys), key=lambda c: c.f1)


def _threshold(constants: str, how: str, keys: Sequence[Array], right: Sequence[Array], wanted: int) -> Cut:
    """The best threshold on `keys`, which are higher for better rows."""
    key, good = np.concatenate([np.zeros(0), *keys]), np.concatenate([np.zeros(0), *right])
    if not len(key):
        return Cut(0.0, 0.0, 0.0, "nothing found")
    order = np.argsort(-key, kind="stable")
    hits, given = np.cumsum(good[order]), np.arange(1, len(order) + 1)
    last = np.append(key[order][1:] != key[order][:-1], True)  # a threshold does not divide equal scores
    f1 = np.where(last, 2 * hits / (given + wanted), 0.0)
    at = int(f1.argmax())
    shown = f"first {-key[order][at]:.0f}" if how == "first" else f"{how} at least {key[order][at]:.3f}"
    return Cut(float(hits[at] / given[at]), float(hits[at] / wanted), float(f1[at]), f"{constants}, {shown}")
