"""The parties to a verb in a statement, and where they stand in the span."""

from __future__ import annotations

import re

from pipeline.gate.case import Case
from pipeline.gate.reading import Reading
from pipeline.gate.synonyms import lemma
from pipeline.gate.words import concrete

_FREE = ("", "of", "by", "after", "before", "until", "since")  # or only a word of time leads its clause
_MODIFIERS = frozenset("least most last average".split())  # words of a subject that are not what it is


def mapped(case: Case, indices: list[int]) -> list[tuple[int, int]]:
    """(sentence word, span word) of the nouns and numbers that have a counterpart."""
    words = case.statement.words
    return [
        (at, case.alignment.pairs[at])
        for at in indices
        if at in case.alignment.pairs
        and words[at].part in ("noun", "number", "pronoun")
        and words[at].low not in _MODIFIERS
    ]


def heads_of(case: Case, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Names first: they decide; where there is none, the nouns. A possessor is no head."""
    named = [
        (at, target) for at, target in pairs if case.statement.words[at].capital and case.said.words[target].capital
    ]
    free = [(at, target) for at, target in pairs if case.statement.governors[at] in _FREE]
    named = [pair for pair in named if pair in free] if free else named
    pairs = free or pairs
    heads = [(at, target) for at, target in named or pairs if not possessor(case.statement, at)]
    comma = next((at for at, word in enumerate(case.statement.words) if at > pairs[0][0] and word.low == ","), 0)
    last = next((pair for pair in reversed(pairs) if not comma or pair[0] < comma), pairs[-1])
    if named and last not in heads and case.statement.words[last[0]].part == "noun":
        heads.append(last)
    return heads or named or pairs


def possessor(reading: Reading, at: int) -> bool:
    """Whether a word is part of a possessor: "Ann" and "Lee's" in "Ann Lee's lawyer"."""
    while at + 1 < len(reading.words) and reading.words[at].capital and reading.words[at + 1].capital:
        if reading.words[at].possessive:
            return True
        at += 1
    return reading.words[at].possessive


def elsewhere(case: Case, at: int, indices: list[int]) -> bool:
    """Whether the same word occurs among `indices` of the span (it may occur twice)."""
    low = case.statement.words[at].low
    return any(case.said.words[index].low == low for index in indices)


_OWN = re.compile(  # "Ann Lee's lawyer, Ann Lee"
    r"\b(?P<name>[A-Z][\w.-]+(?: [A-Z][\w.-]+)*)['’]s (?P<what>(?:[\w-]+ ){0,4}[a-z][\w-]*),? (?P=name)\b"
)
_OWNERS = re.compile(r"\b([A-Z][\w.-]+(?: [A-Z][\w.-]+)*)['’]s\b")


def of_itself(sentence: str, quote: str) -> str:
    """A name that a sentence makes somebody of that very name, who owns nothing in the span; "" where there is none."""
    found = _OWN.search(sentence)
    if found is None or found["name"] in _OWNERS.findall(quote):
        return ""
    return found["name"] if any(concrete(lemma(word.lower())) == "agent" for word in found["what"].split()) else ""
