"""Names in the place of others: between the words that stand about one name in the span, the sentence has another.

The words of a sentence are compared with those of its spans as they run, without any grammar, so that what no parser
reads rightly ("sanctions against North Korea" told of Shanghai) is seen all the same. A name counts as out of place
where both names occur in the spans, its neighbours stand about the other one there, and nowhere about it; names that
are joined in a list may change places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from pipeline.gate import lexicon as lex
from pipeline.gate.aliases import initials, same_name
from pipeline.gate.reading import read
from pipeline.gate.tokens import Word
from pipeline.language import dates

_REACH = 3  # words to each side of a name that are compared
_ENOUGH = 4  # of them that agree, for one name alone
_ENOUGH_EACH = 3  # for each of two names that stand in each other's place
_EDGE = Word("", "", 0, 0, "mark")
_JOINTS = frozenset(", and or & / nor plus".split())


@dataclass(frozen=True, slots=True)
class _Slot:
    """A name and the words about it, nearest first; the edge of a text counts as a word."""

    name: tuple[str, ...]
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    beside: frozenset[str]  # the names that it is listed with, its own words among them


def misplaced(sentence: str, quotes: Sequence[str]) -> str:
    """What is wrong with where the names of a sentence stand, in plain words; "" where nothing is."""
    mine = list(_slots(sentence))
    theirs = [slot for quote in quotes for slot in _slots(quote)]
    named = {low for slot in theirs for low in slot.name}
    strayed: list[tuple[_Slot, _Slot, int]] = []
    for slot in mine:
        if not set(slot.name) <= named:
            continue  # another rule's matter
        at_home = max((_agreeing(slot, other) for other in theirs if _same(slot.name, other.name)), default=0)
        for other in theirs:
            if (agreeing := _agreeing(slot, other)) > max(at_home, 1) and _apart(slot, other):
                strayed.append((slot, other, agreeing))
    for slot, other, agreeing in strayed:
        turned = any(
            _same(slot.name, there.name) and _same(one.name, other.name) and least >= _ENOUGH_EACH
            for one, there, least in strayed
        )
        if agreeing >= (_ENOUGH_EACH if turned else _ENOUGH):
            return f"the span has {' '.join(other.name)} where the sentence has {' '.join(slot.name)}"
    return ""


def _slots(text: str) -> Iterator[_Slot]:
    """Every name of a text: capitals in a row, small words that begin a sentence left out."""
    words = [word for word in read(text).words if word.low not in ('"', "'", "“", "”")]
    plain = [at for at, word in enumerate(words) if word.part != "mark"]
    place = {at: number for number, at in enumerate(plain)}
    runs = list(_runs(words))
    for run in runs:
        first, last = place[run[0]], place[run[-1]]
        before = [words[at] for at in reversed(plain[max(0, first - _REACH) : first])]
        after = [words[at] for at in plain[last + 1 : last + 1 + _REACH]]
        if run[-1] + 1 < len(words) and words[run[-1]].possessive:
            after = [Word("'s", "'s", 0, 0, "mark"), *after][:_REACH]
        beside = {words[at].low for other in _listed(words, runs, run) for at in other}
        yield _Slot(
            tuple(words[at].low for at in run), (*before, _EDGE)[:_REACH], (*after, _EDGE)[:_REACH], frozenset(beside)
        )


def _runs(words: Sequence[Word]) -> Iterator[tuple[int, ...]]:
    """The numbers of the words of each name."""
    run: list[int] = []
    for at, word in enumerate((*words, _EDGE)):
        small = word.low in lex.FREE or dates.is_calendar(word.low) or (not at and word.part not in ("noun", "verb"))
        if word.part != "mark" and word.capital and not small:
            run.append(at)
            if not word.possessive:
                continue
        if run:
            yield tuple(run)
            run = []


def _listed(words: Sequence[Word], runs: Sequence[tuple[int, ...]], run: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The names of one list, `run` among them: only joints stand between each two."""
    chains: list[list[tuple[int, ...]]] = []
    for one in runs:
        between = words[chains[-1][-1][-1] + 1 : one[0]] if chains else []
        if chains and between and all(word.low in _JOINTS or word.low == "the" for word in between):
            chains[-1].append(one)
        else:
            chains.append([one])
    return next(chain for chain in chains if run in chain)


def _agreeing(mine: _Slot, other: _Slot) -> int:
    """How many words about two names agree from the nearest on; 0 where not on both sides, or none says anything."""
    found: list[Word] = []
    for near, far in ((mine.before, other.before), (mine.after, other.after)):
        run = []
        for word, counterpart in zip(near, far, strict=False):
            if word.low != counterpart.low:
                break
            run.append(word)
        if not run:
            return 0
        found += run
    return len(found) if any(word.content for word in found) else 0


def _apart(mine: _Slot, other: _Slot) -> bool:
    """Whether two names are surely not of one: no word in common, no initials, and not of one list in the span."""
    if any(same_name(*pair) for pair in product(mine.name, other.beside)):
        return False
    if any(same_name(*pair) for pair in product(mine.beside, other.name)):
        return False
    short = (initials(mine.name, low) for low in other.name), (initials(other.name, low) for low in mine.name)
    return not any(one for found in short for one in found)


def _same(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether one name holds all words of the other."""
    shorter, longer = sorted((first, second), key=len)
    return all(any(same_name(word, other) for other in longer) for word in shorter)
