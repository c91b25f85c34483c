"""Rules on what a number is a part, a share or the amount of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import Quantity
from pipeline.gate.alignment import figure_words, needed
from pipeline.gate.case import Case, Fault, contradicted, unsupported
from pipeline.gate.reading import Reading
from pipeline.gate.synonyms import same

_OF_ALL = re.compile(r"\b(?:\d[\d.,]*|[a-z-]+) of (?:its|the|their|his|her) (?P<whole>\d[\d.,]*|[a-z-]+)\b", re.I)
_PARTED = re.compile(r"\b(?P<part>\d[\d.,]*|[a-z-]+) of (?:its|the|their|his|her)\b", re.I)


def part(case: Case) -> Iterator[Fault]:
    """Of "seven of its eleven crew", eleven is the whole: "eleven of its crew" is contradicted."""
    wholes = {match["whole"].lower() for match in _OF_ALL.finditer(case.said.text)}
    parts = {match["part"].lower() for match in _PARTED.finditer(case.said.text)}
    numbers = {word.low for word in case.said.words if word.part == "number"}
    for match in _PARTED.finditer(case.statement.text):
        if match["part"].lower() in (wholes & numbers) - parts:
            yield contradicted(f"in the span {match['part']} is the whole, not a part")
            return


def amounting(case: Case) -> Iterator[Fault]:
    """An amount stays the amount of what it is: a loss of 310 million is no profit of 310 million."""
    held = figure_words(case.said)
    for at in figure_words(case.statement):
        target = case.alignment.pairs.get(at)
        mine = _amount_of(case.statement, at)
        theirs = _amount_of(case.said, target) if target in held else None
        if mine is None or theirs is None or case.alignment.pairs.get(mine) == theirs:
            continue
        low, other = case.statement.words[mine].low, case.said.words[theirs].low
        if case.alignment.pairs.get(mine) is not None and not same(low, other):
            yield contradicted(f"the span gives {case.word(at)} as {other}, the sentence as {low}")
            return


def _amount_of(reading: Reading, at: int) -> int | None:
    """The noun whose amount the number at `at` is: "loss" of "a loss of about $3"."""
    index = at - 1
    while index > 0 and (reading.words[index].low in ("$", "£", "€", "about", "around", "over", "some", "nearly")):
        index -= 1
    if index < 1 or reading.words[index].low != "of" or reading.words[index - 1].part != "noun":
        return None
    return index - 1


def share(case: Case) -> Iterator[Fault]:
    """A share is of something, and of all that the span names: 40% of US centres is not 40% of centres."""
    held = figure_words(case.said)
    for at, quantity in figure_words(case.statement).items():
        target = case.alignment.pairs.get(at)
        if quantity.unit != "ratio" or target is None or target not in held:
            continue
        dropped = [word for word in _whole(case.said, target, held) if word not in case.alignment.pairs.values()]
        if dropped:
            words = " ".join(case.said.words[index].text for index in dropped)
            yield unsupported(f"the span's {held[target].text} is of a narrower whole; the sentence drops {words!r}")
            return


def _whole(reading: Reading, at: int, held: dict[int, Quantity]) -> list[int]:
    """Content words of "of ..." after a share, to the next verb, mark or other preposition than "of" and "in"."""
    index = at + 1
    while index < len(reading.words) and (index in held or reading.words[index].low in ("%", "percent", "per", "cent")):
        index += 1
    if index >= len(reading.words) or reading.words[index].low not in ("of", "among", "in"):
        return []
    found: list[int] = []
    for later in range(index + 1, len(reading.words)):
        word = reading.words[later]
        if word.part in ("verb", "auxiliary", "relative", "conjunction", "mark") or (
            word.part == "preposition" and word.low not in ("of", "in", "among", "under", "over", "aged", "with")
        ):
            break
        vague = [item.low for item in reading.words[later : later + 2]]
        if found and vague[0] == "in" and vague[1:] and vague[1] in ("a", "an"):
            break  # "of patients in a trial": where it was found
        if word.part == "number" and reading.words[later - 1].low in ("under", "over", "aged"):
            found.append(later)
        if word.part == "noun" and needed(reading, later):
            found.append(later)
    return found
