"""Coherence: whether what grouping put together shares enough that is specific to be one event.

Short texts look alike for one rare word alone. So what a part shares with the others of its group is counted again, in
absolute terms: the information (nats of document frequency) of the specific words that it shares with the core, which
is what two others hold rather than one straggler. The words of one full name are one piece of evidence, the strongest
piece counts half, because one actor or one catchword is not an event, and what only its own publisher says counts less,
because a series shares its furniture. Posts without a title that one account wrote within hours are a running account
of something, which is evidence too. What has too little leaves, the weakest first, and what left together may still be
an event of its own.

The demand grows with the number of items compared: among twice as many there are four times as many pairs, and so as
many more that are alike by chance.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from pipeline.language.words import content
from pipeline.storylines.parts import Part
from pipeline.terms import Counted, Frequencies, Terms

_READ = 3000  # characters of a text in which names are looked for
_CAPITALS = re.compile(r"\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){1,3}(?! [A-Z])")

Pairs = frozenset[tuple[str, str]]
Homes = Sequence[int] | Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a part; one set for every data set."""

    evidence: float = 4.0  # nats shared with the core
    chance: float = 3.25  # what e times as many items add to it
    few_items: int = 300  # items up to which nothing is added
    common: float = 3.0  # nats that any word has: only what a word tells beyond them counts
    rarest: float = 5.0  # the most that one word counts
    strongest: float = 0.5  # what the strongest piece counts
    alone: float = 0.5  # what a piece counts that only the same publisher has
    thread: float = 5.0  # what the other remarks of a running account count
    pause: timedelta = timedelta(hours=3)  # between two remarks of one account
    core: int = 2  # others that must hold a word for it to count in full
    straggler: float = 2.0  # how steeply a word that fewer hold loses worth
    crowd: int = 10  # new items that stand by their number: a crowd is held together by density

    def among(self, size: int) -> float:
        """The evidence asked for among `size` items."""
        return self.evidence + self.chance * max(0.0, math.log(max(1, size) / self.few_items))


@dataclass(frozen=True)
class Texts:
    """The words of all parts, in their order, and how telling each word is."""

    parts: Sequence[Part]
    counted: Sequence[Terms]
    frequencies: Frequencies
    demand: Demand = field(default_factory=Demand)
    _telling: dict[str, float] = field(default_factory=dict)
    _specific: dict[int, frozenset[str]] = field(default_factory=dict)
    _names: dict[int, Pairs] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Counted:
        """The words of all parts as rows of numbers."""
        return Counted.of(self.counted)

    def weighed(self, some: Sequence[int]) -> Texts:
        """The same texts, words as telling as among `some` of them."""
        return dataclasses.replace(self, frequencies=self.rows.bags.fitted(some), _telling={}, _specific={})

    def telling(self, word: str) -> float:
        """What a stem counts as evidence."""
        found = self._telling.get(word)
        if found is None:
            bare = self.frequencies.weight(word) - self.demand.common
            found = self._telling[word] = round(min(self.demand.rarest, max(0.0, bare)), 6)
        return found

    def specific(self, at: int) -> frozenset[str]:
        """The stems of part `at` that count at all."""
        if at not in self._specific:
            self._specific[at] = frozenset(word for word in self.counted[at] if self.telling(word) > 0.0)
        return self._specific[at]

    def names(self, at: int) -> Pairs:
        """Neighbouring stems inside the capitalised runs of two to four words of part `at`, of those that count."""
        if at not in self._names:
            runs = (content(run) for run in _CAPITALS.findall(self.parts[at].text[:_READ]))
            counted = self.counted[at].keys()
            self._names[at] = frozenset(pair for run in runs for pair in pairwise(run) if counted >= {*pair})
        return self._names[at]

    def evidence(self, at: int, others: Collection[int], *, publishers: bool = True) -> float:
        """Nats of specific words that part `at` shares with the core of `others`; `publishers`: whether these count."""
        held: dict[str, int] = {}
        abroad: set[str] = set()
        tied: set[tuple[str, str]] = set()
        mine, named = self.specific(at), self.names(at)
        for other in others:
            shared = mine & self.specific(other)
            for word in shared:
                held[word] = held.get(word, 0) + 1
            if not publishers or self.parts[other].publisher != self.parts[at].publisher:
                abroad |= shared
            tied |= named & self.names(other)
        least = max(1.0, min(self.demand.core, len(others) / 2))
        worth = {
            word: self.telling(word)
            * min(1.0, number / least) ** self.demand.straggler
            * (1.0 if word in abroad else self.demand.alone)
            for word, number in held.items()
        }
        pieces = [max(worth[word] for word in piece) for piece in _pieces(worth, tied)]
        post = self.parts[at].post
        running = self.demand.thread if post and any(self._runs_on(at, other) for other in others) else 0.0
        return round(running + math.fsum(pieces) - (1.0 - self.demand.strongest) * max(pieces, default=0.0), 6)

    def _runs_on(self, at: int, other: int) -> bool:
        """Whether two parts are remarks of one account with no long pause between them."""
        a, b = self.parts[at], self.parts[other]
        near = abs(a.published - b.published) <= self.demand.pause and not (a.doubtful or b.doubtful)
        return a.post and b.post and a.publisher == b.publisher and near


def _pieces(words: Collection[str], tied: Collection[tuple[str, str]]) -> list[list[str]]:
    """`words` in pieces: those of one name are one piece."""
    root = {word: word for word in words}

    def top(word: str) -> str:
        while root[word] != word:
            word = root[word]
        return word

    for a, b in sorted(tied):
        if a in root and b in root:
            root[top(b)] = top(a)
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        found.setdefault(top(word), []).append(word)
    return list(found.values())


def coherent(
    groups: Sequence[Sequence[int]], bound: Homes, texts: Texts, *, among: int | None = None
) -> list[list[int]]:
    """`groups` without the parts that share too little with the rest of theirs, which then stand for themselves.

    `bound` gives the existing group of each part, -1 for what is new. An existing group is never torn; whether two of
    them become one is asked like everything else. `among` counts the parts compared, where these are not all.
    """
    least = texts.demand.among(len(texts.parts) if among is None else among)
    publishers = len({part.publisher for part in texts.parts}) > 1
    return sorted(piece for group in groups for piece in _coherent(list(group), bound, texts, (least, publishers)))


def _coherent(group: list[int], bound: Homes, texts: Texts, asked: tuple[float, bool]) -> list[list[int]]:
    """One group as the groups it is."""
    blocks: dict[int, list[int]] = {}
    for at in group:
        blocks.setdefault(bound[at] if bound[at] >= 0 else -1 - at, []).append(at)
    if len(blocks) < 2 or (len(group) > texts.demand.crowd and all(key < 0 for key in blocks)):
        return [group]
    kept, out = dict(blocks), []
    standing = {key: _standing(block, kept, texts, asked) for key, block in kept.items()}
    while len(kept) > 1:
        weakest, key = min((value, key) for key, value in standing.items())
        if weakest >= asked[0]:
            break
        gone = kept.pop(key)
        del standing[key]
        out.extend(gone)
        left = sum(map(len, kept.values()))
        for key in [key for key, block in kept.items() if _touched(block, gone, left - len(block), texts)]:
            standing[key] = _standing(kept[key], kept, texts, asked)
    core = sorted(at for block in kept.values() for at in block)
    return [core, *(_coherent(sorted(out), bound, texts, asked) if out else [])]


def _touched(block: list[int], gone: list[int], others: int, texts: Texts) -> bool:
    """Whether what a block shares with its `others` changes when `gone` leaves them: asking anew is dear."""
    if others < 2 * texts.demand.core:
        return True
    words = frozenset().union(*(texts.specific(at) for at in gone))
    accounts = {texts.parts[at].publisher for at in gone if texts.parts[at].post}
    return any(not words.isdisjoint(texts.specific(at)) or texts.parts[at].publisher in accounts for at in block)


def _standing(block: list[int], kept: dict[int, list[int]], texts: Texts, asked: tuple[float, bool]) -> float:
    """How much the best of a block's parts shares with everything outside it."""
    others = [at for other in kept.values() if other is not block for at in other]
    return max(texts.evidence(at, others, publishers=asked[1]) for at in block)
