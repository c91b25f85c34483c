"""Sparse evidence: a text as weighted stemmed words.

Weights are (1 + log tf) times the inverse document frequency, rows of unit length (Salton and Buckley 1988). Document
frequencies are frozen values: fitted once on a set of texts, in whatever order these came, added to a built-in prior,
and named by a digest of what they hold. Bigrams were measured and left out: they lowered every figure.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import scipy.sparse as sp

from pipeline import prior
from pipeline.domain import digest
from pipeline.language.words import content

COLUMNS = 1 << 20  # hashed columns: fixed, so that rows made apart can be multiplied
LONGEST = 20_000  # characters of a text that are read
_HEADLINE = 2  # a headline's words count this often

NAME = "words@1"  # under which counts are kept: raise it whenever `count` counts otherwise

Terms = Mapping[str, int]


def count(text: str) -> Terms:
    """Stemmed content words of `text` and how often they occur; the words of a headline line count twice."""
    head, gap, _ = text[:LONGEST].partition("\n\n")
    counts = Counter(word for word in content(text[:LONGEST]) if len(word) < 40)
    if gap and len(head) < 300:
        for word in content(head):
            if word in counts:
                counts[word] += _HEADLINE - 1
    return counts


def packed(counts: Terms) -> bytes:
    """`counts` as they are kept, one word a line."""
    return "\n".join(f"{word} {number}" for word, number in counts.items()).encode("utf-8", "surrogatepass")


def unpacked(kept: bytes) -> Terms | None:
    """The counts of `packed`, in their order; None for bytes that are none."""
    try:
        lines = kept.decode("utf-8", "surrogatepass").split("\n") if kept else []
        return {word: int(number) for word, number in (line.split(" ") for line in lines)}
    except ValueError:
        return None


@dataclass(frozen=True)
class Frequencies:
    """Frozen document frequencies: `counts[w]` of `documents` fitted texts hold `w`; the prior is added on asking."""

    documents: int = 0
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def version(self) -> str:
        """Eight hex digits that name these very frequencies."""
        body = "\n".join(f"{word} {number}" for word, number in sorted(self.counts.items()))
        return digest("frequencies", str(self.documents), body, size=8)

    def weight(self, word: str) -> float:
        """Inverse document frequency of a stem, never negative: log((N + 1) / (df + 1)), the prior included."""
        total = self.documents + prior.DOCUMENTS
        return math.log((total + 1) / (self.counts.get(word, 0) + prior.COUNTS.get(word, 0.0) + 1))


@lru_cache(maxsize=65536)
def rarity(word: str) -> float:
    """Inverse document frequency of a stem in the built-in prior alone: the same on every desk."""
    return Frequencies().weight(word)


def fit(texts: Iterable[Terms]) -> Frequencies:
    """Frequencies of `texts`; their order does not matter."""
    counts: Counter[str] = Counter()
    documents = 0
    for terms in texts:
        documents += 1
        counts.update(terms.keys())
    return Frequencies(documents, MappingProxyType(dict(counts)))


@dataclass(frozen=True)
class Counted:
    """Texts before weighting: rows of 1 + log tf, one column a word; `prior` documents are imagined to hold each word.

    Weighting rows by the frequencies of some of them costs one pass over numbers, so that a day can be read with what
    was known on that day.
    """

    rows: sp.csr_matrix
    prior: np.ndarray[Any, np.dtype[np.float64]]

    @classmethod
    def of(cls, texts: Sequence[Terms]) -> Counted:
        """The rows of `texts`; columns are the words in order."""
        words = sorted(set().union(*texts))
        place = {word: at for at, word in enumerate(words)}
        starts = np.cumsum([0, *map(len, texts)])
        columns = np.fromiter((place[word] for held in texts for word in held), dtype=np.int32, count=int(starts[-1]))
        numbers = np.fromiter((n for held in texts for n in held.values()), dtype=np.int64, count=int(starts[-1]))
        often, which = np.unique(numbers, return_inverse=True)
        values = np.asarray([1.0 + math.log(n) for n in often.tolist()])[which] if len(often) else np.zeros(0)
        rows = sp.csr_matrix((values, columns, starts), shape=(len(texts), max(1, len(words))))
        rows.sort_indices()
        return cls(rows, np.asarray([prior.COUNTS.get(word, 0.0) for word in words] or [0.0]))

    def weighted(self, some: Sequence[int] | np.ndarray[Any, np.dtype[np.int64]]) -> sp.csr_matrix:
        """Unit rows of `some` texts, weighted by the document frequencies of these very texts, the prior included."""
        rows = self.rows[some]
        total = rows.shape[0] + prior.DOCUMENTS
        held = np.bincount(rows.indices, minlength=rows.shape[1]) + self.prior
        weights = np.maximum(0.0, np.log((total + 1.0) / (held + 1.0)))
        values = rows.data * weights[rows.indices]
        owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        lengths = np.sqrt(np.bincount(owner, weights=values * values, minlength=rows.shape[0]))
        values = np.divide(values, lengths[owner], out=np.zeros_like(values), where=lengths[owner] > 0.0)
        return sp.csr_matrix((values.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)


@lru_cache(maxsize=262_144)
def column(word: str) -> int:
    """The hashed column of a stem, the same in every process."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest()) % COLUMNS


def matrix(texts: Sequence[Terms], frequencies: Frequencies) -> sp.csr_matrix:
    """One unit row per text, float32, (n, COLUMNS); a text without content gives a zero row."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    weights: dict[str, float] = {}
    for terms in texts:
        row: dict[int, float] = {}
        for word, number in terms.items():
            weight = weights.get(word)
            if weight is None:
                weight = weights[word] = max(0.0, frequencies.weight(word))
            at = column(word)
            row[at] = row.get(at, 0.0) + (1.0 + math.log(number)) * weight
        length = math.sqrt(math.fsum(value * value for value in row.values()))
        for at in sorted(row):
            if length and row[at]:
                columns.append(at)
                values.append(row[at] / length)
        starts.append(len(columns))
    data = (np.asarray(values, dtype=np.float32), np.asarray(columns, dtype=np.int32), np.asarray(starts, np.int64))
    return sp.csr_matrix(data, shape=(len(texts), COLUMNS))
