"""Sparse evidence: a text as weighted stemmed words.

Weights are (1 + log tf) times the inverse document frequency, rows of unit length (Salton and Buckley 1988). Document
frequencies are frozen values: fitted once on a set of texts, in whatever order these came, added to a built-in prior,
and named by a digest of what they hold. Bigrams were measured and left out: they lowered every figure.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, overload

import numpy as np
import scipy.sparse as sp

from pipeline import prior
from pipeline.domain import digest
from pipeline.language import orders
from pipeline.language.words import content

_AT_ONCE = 4096  # texts that are weighed at a time
_TALLIED = 1 << 20  # words that are counted at a time
COLUMNS = 1 << 20  # hashed columns: fixed, so that rows made apart can be multiplied
LONGEST = 20_000  # characters of a text that are read
_HEADLINE = 2  # a headline's words count this often

NAME = "words@2"  # under which counts are kept: raise it whenever `count` counts otherwise

Terms = Mapping[str, int]
Whole = np.ndarray[Any, np.dtype[Any]]


def count(text: str) -> Terms:
    """Stemmed content words of `text` and how often they occur; the words of a headline line count twice.

    What orders its reader is not counted: two events are not alike for the same order that was planted in both.
    """
    read = orders.without(text[:LONGEST])
    head, gap, _ = read.partition("\n\n")
    counts = Counter(word for word in content(read) if len(word) < 40)
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


class Bags(Sequence[Terms]):
    """Counted words of many texts as arrays: of text i `columns` and `numbers` from `starts[i]` to `starts[i + 1]`.

    A column is a word's place in `words`; both are in order. A dict takes ten times as much.
    """

    def __init__(self, words: Sequence[str], columns: Whole, numbers: Whole, starts: Whole) -> None:
        self.words, self.columns, self.numbers, self.starts = words, columns, numbers, starts

    @classmethod
    def of(cls, texts: Iterable[Terms]) -> Bags:
        """The words of `texts`, one after the other: none is held longer."""
        place: dict[str, int] = {}
        columns, numbers, starts = array("i"), array("i"), array("q", [0])
        for held in texts:
            columns.extend([place.setdefault(word, len(place)) for word in held])
            numbers.extend(held.values())
            starts.append(len(columns))
        words = sorted(place)
        order = np.empty(len(words), np.int32)
        order[[place[word] for word in words]] = np.arange(len(words), dtype=np.int32)
        found = cls(
            words,
            order[np.frombuffer(columns, np.int32)] if len(columns) else np.empty(0, np.int32),
            np.frombuffer(numbers, np.int32).astype(np.uint16) if len(numbers) else np.empty(0, np.uint16),
            np.frombuffer(starts, np.int64),
        )
        for at in range(0, len(found), _AT_ONCE):  # the words of each text in order
            ends = found.starts[at : at + _AT_ONCE + 1]
            part = slice(int(ends[0]), int(ends[-1]))
            sort = np.lexsort((found.columns[part], np.repeat(np.arange(len(ends) - 1), np.diff(ends))))
            found.columns[part], found.numbers[part] = found.columns[part][sort], found.numbers[part][sort]
        return found

    @classmethod
    def joined(cls, first: Bags, second: Bags, rows: Sequence[int]) -> Bags:
        """Of the texts of `first` and then `second` those at `rows`: the same as `of` them, without counting again."""
        words = sorted({*first.words, *second.words})
        place = {word: at for at, word in enumerate(words)}
        whose = [np.asarray([place[word] for word in bags.words], np.int32) for bags in (first, second)]
        begins = np.concatenate([first.starts[:-1], second.starts[:-1] + len(first.columns)])
        asked = np.asarray(rows, np.int64)
        lengths = np.concatenate([first.lengths, second.lengths])[asked]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        columns, numbers = np.empty(int(starts[-1]), np.int32), np.empty(int(starts[-1]), np.uint16)
        for at in range(0, len(asked), _AT_ONCE):
            part = slice(int(starts[at]), int(starts[min(at + _AT_ONCE, len(asked))]))
            some = slice(at, at + _AT_ONCE)
            where = np.repeat(begins[asked[some]] - starts[:-1][some], lengths[some]) + np.arange(part.start, part.stop)
            for bags, named, base in ((first, whose[0], 0), (second, whose[1], len(first.columns))):
                mine = (where >= base) & (where < base + len(bags.columns))
                columns[part][mine] = named[bags.columns[where[mine] - base]]
                numbers[part][mine] = bags.numbers[where[mine] - base]
        held = _holders(columns, len(words)) > 0
        if not held.all():
            words = [words[at] for at in np.flatnonzero(held).tolist()]
            columns = (np.cumsum(held, dtype=np.int32) - np.int32(1))[columns]
        return cls(words, columns, numbers, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> Terms: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Terms]: ...
    def __getitem__(self, at: int | slice) -> Terms | Sequence[Terms]:
        """The counted words of one text, or of several."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        part = slice(int(self.starts[at]), int(self.starts[at % len(self) + 1]))
        columns, numbers = self.columns[part].tolist(), self.numbers[part].tolist()
        return {self.words[word]: number for word, number in zip(columns, numbers, strict=True)}

    @cached_property
    def lengths(self) -> Whole:
        """How many distinct words each text has."""
        return np.diff(self.starts)

    def held(self, some: Whole | None = None) -> Whole:
        """How many of `some` texts (all) hold each word."""
        if some is None or len(some) == len(self):
            return _holders(self.columns, len(self.words))
        mine = np.zeros(len(self), np.bool_)
        mine[some] = True
        return _holders(self.columns, len(self.words), np.repeat(mine, self.lengths))

    def fitted(self, some: Sequence[int] | None = None) -> Frequencies:
        """The frequencies of `some` texts (all)."""
        held = self.held(None if some is None else np.asarray(some, np.int64))
        there = np.flatnonzero(held)
        counts = {self.words[at]: number for at, number in zip(there.tolist(), held[there].tolist(), strict=True)}
        return Frequencies(len(self) if some is None else len(some), MappingProxyType(counts))


def _holders(columns: Whole, words: int, mine: Whole | None = None) -> Whole:
    """How often each of so many words stands in `columns` (where `mine`): few at a time, for counting widens them."""
    found = np.zeros(words, np.int64)
    for at in range(0, len(columns), _TALLIED):
        part = columns[at : at + _TALLIED]
        found += np.bincount(part if mine is None else part[mine[at : at + _TALLIED]], minlength=words)
    return found


@dataclass(frozen=True)
class Counted:
    """Texts before weighting: their words, `prior` documents being imagined to hold each.

    Weighting texts by the frequencies of some of them costs one pass over numbers, so that a day can be read with what
    was known on that day.
    """

    bags: Bags
    prior: np.ndarray[Any, np.dtype[np.float64]]

    @classmethod
    def of(cls, texts: Sequence[Terms]) -> Counted:
        """The words of `texts`; columns are the words in order."""
        bags = texts if isinstance(texts, Bags) else Bags.of(texts)
        return cls(bags, np.asarray([prior.COUNTS.get(word, 0.0) for word in bags.words] or [0.0]))

    def weighted(self, some: Sequence[int] | Whole) -> Rows:
        """Unit rows of `some` texts, weighted by the document frequencies of these very texts, the prior included."""
        bags, rows = self.bags, np.asarray(some, dtype=np.int64)
        total = len(rows) + prior.DOCUMENTS
        held = self.prior.copy()
        held[: len(bags.words)] += bags.held(rows)
        weights = np.maximum(0.0, np.log((total + 1.0) / (held + 1.0)))
        often = np.asarray([0.0, *(1.0 + math.log(n) for n in range(1, int(bags.numbers.max(initial=1)) + 1))])
        return Rows(bags, rows, weights, often)


@dataclass(frozen=True)
class Rows:
    """Unit rows of the texts `which` of some bags, float32; made when the first is asked for, their words shared.

    `weights` are by word, `often` by how often a text holds it.
    """

    bags: Bags
    which: Whole
    weights: np.ndarray[Any, np.dtype[np.float64]]
    often: np.ndarray[Any, np.dtype[np.float64]]

    @property
    def shape(self) -> tuple[int, int]:
        """As of a matrix: texts, words."""
        return len(self.which), len(self.weights)

    def __getitem__(self, some: Sequence[int] | Whole) -> sp.csr_matrix:
        """The rows of the texts at these positions."""
        return self._whole[self.which[np.asarray(some, dtype=np.int64)]]

    @cached_property
    def _whole(self) -> sp.csr_matrix:
        """The rows of all texts of the bags."""
        bags = self.bags
        values = np.empty(len(bags.columns), np.float32)
        for at in range(0, len(bags), _AT_ONCE):  # products are taken in full precision: few at a time
            ends = bags.starts[at : at + _AT_ONCE + 1]
            part, sizes = slice(int(ends[0]), int(ends[-1])), np.diff(ends)
            owner = np.repeat(np.arange(len(sizes)), sizes)
            weighed = self.often[bags.numbers[part]] * self.weights[bags.columns[part]]
            lengths = np.sqrt(np.bincount(owner, weights=weighed * weighed, minlength=len(sizes)))
            np.divide(weighed, lengths[owner], out=weighed, where=lengths[owner] > 0.0)
            values[part] = np.where(lengths[owner] > 0.0, weighed, 0.0)
        return sp.csr_matrix((values, bags.columns, bags.starts), shape=(len(bags), len(self.weights)))

    def held(self) -> Whole:
        """How many of these texts hold each word."""
        found = np.zeros(len(self.weights), np.int64)
        found[: len(self.bags.words)] = self.bags.held(self.which)
        return found


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
