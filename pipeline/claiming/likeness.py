"""Check-worthiness by likeness: a sentence is weighed with the examples that mean about the same, by a dense embedder.

Kernel ridge regression (Saunders et al. 1998) with a Gaussian kernel on unit vectors of the sentences of
`pipeline.language.worth.examples`, labels 1 and -1. Its answer and the score of the words weigh the same: both are
brought to the spread that they have over the examples, each example left out in turn, and the sum is laid on the scale
of the words' score, so that a threshold keeps its meaning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.language.worth import examples, worth
from pipeline.protocols import Embedder

__all__ = ["Likeness", "dense"]

_WIDTH = 1.0  # of the kernel: exp(-width * squared distance)
_RIDGE = 0.3
_EDGE = 1e-6  # worths are kept this far from 0 and 1

Floats = np.ndarray[Any, np.dtype[np.float64]]


def _logit(value: float) -> float:
    """Log odds."""
    kept = min(1 - _EDGE, max(_EDGE, value))
    return math.log(kept / (1 - kept))


def _kernel(rows: Floats, others: Floats) -> Floats:
    """Likeness of every row to every other one, 0 to 1; rows are of unit length or zero."""
    made: Floats = np.exp(-_WIDTH * (2.0 - 2.0 * rows @ others.T))
    return made


def dense(embedder: Embedder) -> bool:
    """Whether the rows of `embedder` are dense, as likeness needs them. Raises ModelError."""
    return isinstance(embedder.embed([""]), np.ndarray)


class Likeness:
    """The examples in the space of one embedder, and how much each of them says."""

    def __init__(self, embedder: Embedder, rows: Floats) -> None:
        self._embedder, self._rows = embedder, rows
        labelled = examples()
        wanted = np.array([1.0 if label else -1.0 for _, label in labelled])
        kernel = _kernel(rows, rows)
        ridged = np.linalg.inv(kernel + _RIDGE * np.eye(len(rows)))
        self._base = float(wanted.mean())
        self._says = ridged @ (wanted - self._base)
        left_out = wanted - self._says / np.diag(ridged)  # the closed form of leaving one out
        words = np.array([_logit(worth(sentence)) for sentence, _ in labelled])
        self._middle = float(words.mean())
        self._mean, self._scale = float(left_out.mean()), float(words.std() / left_out.std())
        both = words + self._scale * (left_out - self._mean)
        self._shrink = float(words.std() / both.std())

    @classmethod
    def of(cls, embedder: Embedder) -> Likeness | None:
        """The examples as `embedder` sees them; None where its rows are sparse. Raises ModelError."""
        rows = embedder.embed([sentence for sentence, _ in examples()])
        return cls(embedder, np.asarray(rows, dtype=np.float64)) if isinstance(rows, np.ndarray) else None

    def rate(self, texts: Sequence[str], worths: Sequence[float]) -> list[float]:
        """Check-worthiness of `texts`, 0 to 1, whose words score `worths`. Raises ModelError."""
        if not texts:
            return []
        rows = np.asarray(self._embedder.embed(list(texts)), dtype=np.float64)
        alike = _kernel(rows, self._rows) @ self._says + self._base
        found = []
        for value, said in zip(alike, worths, strict=True):
            both = _logit(said) + self._scale * (float(value) - self._mean)
            score = self._middle + self._shrink * (both - self._middle)
            found.append(round(1 / (1 + math.exp(-score)), 6))
        return found
