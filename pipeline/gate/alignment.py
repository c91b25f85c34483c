"""Which word of a span each word of a sentence stands for: same root, same number, accepted synonym, or none.

The alignment is the ground of every rule: what has no counterpart is not supported, and what has one is compared where
it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pipeline.domain import DateMention, Quantity
from pipeline.gate import lexicon as lex
from pipeline.gate.aliases import same_name
from pipeline.gate.reading import Reading, Word
from pipeline.gate.synonyms import akin, broader, lemma, same
from pipeline.gate.words import covers, interchangeable
from pipeline.language import dates, quantities

_SENSITIVE: dict[str, list[frozenset[str]]] = {}
for _group in lex.SENSITIVE_GROUPS:
    for _word in sorted(_group):
        _SENSITIVE.setdefault(_word, []).append(_group)
_FIRM = lex.LIMITERS | lex.HEARSAY | lex.NEGATIONS  # how firmly: no other word will do
_LIGHT = frozenset("up out down off away back over about around own very well".split())  # particles of phrasal verbs


@lru_cache(maxsize=16384)
def figures(text: str) -> tuple[Quantity, ...]:
    """Quantities of a text, ordinals in words left to the words."""
    return tuple(item for item in quantities.find(text) if item.unit != "ordinal" or item.text[:1].isdigit())


@lru_cache(maxsize=32768)
def calendar(text: str, anchor: datetime | None = None) -> tuple[DateMention, ...]:
    """Dates of a text, kept."""
    return dates.find(text, anchor)


@lru_cache(maxsize=16384)
def figure_words(reading: Reading) -> dict[int, Quantity]:
    """Word index -> the quantity it is part of."""
    found = {}
    for quantity in figures(reading.text):
        for at, word in enumerate(reading.words):
            if quantity.span.start <= word.start < quantity.span.end or word.start <= quantity.span.start < word.end:
                found[at] = quantity
    return found


@dataclass(frozen=True, slots=True)
class Alignment:
    """Sentence word index -> span word index; `missing` are the sentence words that have none and need one."""

    pairs: dict[int, int]
    missing: tuple[int, ...]
    covered: float  # share of the sentence's content words that the span holds
    verbatim: bool = False  # the sentence is a stretch of the span, word for word


def _numbered(reading: Reading, at: int) -> bool:
    """Whether a number or an amount follows within two words."""
    return any(
        word.part == "number" or word.low in ("$", "£", "€", "half", "average", "all", "that")
        for word in reading.words[at + 1 : at + 3]
    )


def needed(reading: Reading, at: int) -> bool:  # noqa: PLR0911 - one return per rule
    """Whether the word at `at` says something that a span must hold."""
    word = reading.words[at]
    if word.part == "mark" or (word.low in lex.FREE and not word.content):
        return False
    if word.low in ("under", "over", "above", "below") and word.part == "preposition" and not _numbered(reading, at):
        return False
    if word.low in _SENSITIVE and word.low not in ("up", "down"):
        return True
    if word.part in ("auxiliary", "determiner", "relative", "pronoun"):
        return word.low in ("may", "might", "could", "would", "can", "should", "must")
    if word.low in ("up", "down"):
        after = reading.words[at + 1].low if at + 1 < len(reading.words) else ""
        return after in ("from", "to", "by") or after[:1].isdigit()
    if word.part in ("preposition", "conjunction"):
        return word.low not in lex.FREE | _LIGHT | {
            "while",
            "per",
            "through",
            "among",
            "between",
            "within",
            "across",
            "including",
            "near",
            "like",
        }
    return True


_OBLIGING = frozenset(lemma(form) for form in "require oblige order mandate compel".split())
_CAUSES = frozenset("because".split())
_CLOSED = lex.NEGATIONS | frozenset("all every each only most any".split())  # what is said of salmon is not of all fish
_ABLE = frozenset("able unable capable".split())


def _modal(low: str) -> bool:
    return low in ("may", "might", "could", "would", "can", "should", "must")


def _matches(word: Word, other: Word) -> bool:  # noqa: PLR0911 - one return per rule
    """Whether two words may stand for each other. Names stand only for themselves; sensitive words for their group."""
    if word.low == other.low or any(other.low in group for group in _SENSITIVE.get(word.low, ())):
        return True
    if word.low == "must" and lemma(other.low) in _OBLIGING:
        return True
    if _modal(word.low):
        return _modal(other.low) or other.low in lex.POSSIBLE or (word.low in ("can", "could") and other.low in _ABLE)
    if word.low in _ABLE and other.low in ("can", "could"):
        return True
    if other.part == "mark" or word.low.isdigit() or other.low.isdigit():
        return False
    if word.low in _CAUSES and other.low == "as":
        return True  # "fell as rain came"
    if word.capital and other.capital and same_name(word.low, other.low):
        return True
    if word.capital and word.start and (other.capital or not other.start):
        return not other.start and same(word.low, other.low)
    if word.capital and word.start:  # a name is no synonym of a plain word
        return lemma(word.low) == lemma(other.low)
    return same(word.low, other.low)


def _stretch(sentence: Reading, span: Reading) -> int | None:
    """Where the words of the sentence stand in the span one after the other; None where they do not."""
    lows = [word.low for word in sentence.words]
    while lows and not lows[-1][:1].isalnum() and lows[-1] != "%":
        lows.pop()
    held = [word.low for word in span.words]
    if not lows:
        return None
    for start in range(len(held) - len(sentence.words) + 1 + len(sentence.words) - len(lows)):
        if held[start] == lows[0] and held[start : start + len(lows)] == lows:
            return start
    return None


def _candidates(sentence: Reading, span: Reading) -> dict[int, list[int]]:
    """Sentence word -> span words that it may stand for, exact forms first."""
    numbers, others = figure_words(sentence), figure_words(span)
    found: dict[int, list[int]] = {}
    for at, word in enumerate(sentence.words):
        if word.part == "mark":
            continue
        if at in numbers:
            found[at] = [index for index, quantity in others.items() if alike(numbers[at], quantity)]
            digits = [index for index in found[at] if span.words[index].part == "number"]
            found[at] = digits if digits and word.part == "number" else found[at]
            if not found[at] and not word.low[0].isdigit():
                found[at] = [
                    index for index, other in enumerate(span.words) if word.low == other.low and index not in others
                ]
        else:
            exact = [index for index, other in enumerate(span.words) if word.low == other.low]
            other_part = word.part == "verb" and not any(span.words[index].part == "verb" for index in exact)
            after = sentence.words[at + 1] if at + 1 < len(sentence.words) else None
            modifier = word.part == "noun" and after is not None and after.part == "noun" and not word.possessive
            likely = _alike(word, span, kinds=not modifier) if other_part or not exact else []
            verbs = [index for index in likely if span.words[index].part == "verb"] if other_part else []
            found[at] = verbs or exact or likely
    return found


def _alike(word: Word, span: Reading, *, kinds: bool) -> list[int]:
    """Words of the span that may stand for `word`: forms of the same verb or noun; only where there is none, synonyms;
    and only where there is none and with `kinds`, words of which it is the kind (a fireworks plant is no chemical
    plant, though fireworks are chemicals)."""
    found = [index for index, other in enumerate(span.words) if _matches(word, other)]
    if found or not _plain(word):
        return found
    form, places = lemma(word.low), [at for at, other in enumerate(span.words) if _plain(other)]
    found = [at for at in places if interchangeable(form, lemma(span.words[at].low), word.part, span.words[at].part)]
    if found or span.lows & _CLOSED or not kinds:
        return found
    same_part = [at for at in places if span.words[at].part == word.part]
    own = [at for at in same_part if word.part == "noun" and broader(word.low, span.words[at].low)]
    return own or [at for at in same_part if covers(form, lemma(span.words[at].low), word.part)]


def _plain(word: Word) -> bool:
    """Whether a word is an open word of the dictionary: no name, and none on which a rule of its own looks."""
    open_ = word.part in ("verb", "noun", "adverb") and (not word.capital or word.start == 0)
    return open_ and word.low not in _SENSITIVE and word.low not in _FIRM


def alike(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities are the same amount, the counted thing being told by either."""
    if quantities.equal(first, second):
        return True
    if not quantities.same_amount(first, second):
        return False
    if not first.unit or not second.unit or first.unit == second.unit:
        return True
    counts = first.unit == first.noun and second.unit == second.noun
    return counts and (akin(first.noun, second.noun) or broader(first.noun, second.noun))


@lru_cache(maxsize=32768)
def align(sentence: Reading, span: Reading) -> Alignment:
    """The alignment of two readings: unique counterparts first, the others where their neighbours went."""
    stretch = _stretch(sentence, span)
    if stretch is not None:
        return Alignment(
            {at: at + stretch for at in range(len(sentence.words)) if at + stretch < len(span.words)}, (), 1.0, True
        )
    options = _candidates(sentence, span)
    votes: dict[int, int] = {}
    for at, found in options.items():
        if len(found) == 1 and needed(sentence, at):
            clause = span.clauses[found[0]]
            votes[clause] = votes.get(clause, 0) + 1
    pairs: dict[int, int] = {}
    numbers = figure_words(sentence)
    for exact in (True, False):
        for at in sorted(options):
            low = sentence.words[at].low
            found = options[at]
            if not found or at in pairs or exact != (at in numbers or span.words[found[0]].low == low):
                continue
            taken = {index for other, index in pairs.items() if sentence.words[other].low != low}
            if not exact and taken.issuperset(found):
                continue  # one word of the span does not stand for two of the sentence
            taken = set(pairs.values())
            last = max((pair for pair in pairs.items() if pair[0] < at), default=(-1, -1))[1]
            form = lemma(low)
            ranked = {index: _rank(index, last, taken, votes, span) for index in found}
            other = {index: lemma(span.words[index].low) != form for index in found}
            pairs[at] = min(found, key=lambda index: (ranked[index][:2], other[index], ranked[index][2:]))
    wanted = [at for at in range(len(sentence.words)) if needed(sentence, at) and at in options]
    missing = tuple(at for at in wanted if at not in pairs)
    return Alignment(pairs, missing, 1.0 - len(missing) / len(wanted) if wanted else 1.0)


def _rank(index: int, last: int, taken: set[int], votes: dict[int, int], span: Reading) -> tuple[bool, int, int, int]:
    """Order in which candidates are taken: free ones, in the clause that most words chose, near the last one."""
    return index in taken, -votes.get(span.clauses[index], 0), abs(index - last - 1), index
