"""Clauses: where one statement of a sentence ends and the next begins, and which preposition stands over a word."""

from __future__ import annotations

from pipeline.gate.tokens import Word
from pipeline.gate.verbs import FORMS

SAYING = frozenset("say says said tell tells told write writes wrote report reports reported announced added".split())


def boundaries(words: list[Word]) -> list[int]:
    """Clause number of each word: a mark or conjunction parts two clauses where both stretches hold a verb."""
    numbers: list[int] = []
    current, top, start, resume = 0, 0, 0, -1
    outer = 0
    for index in range(len(words)):
        if index == resume:
            current, start = outer, index
        end = _aside(words, index)
        if end:
            outer, top, resume = current, top + 1, end
            current, start = top, index
        elif (
            index and index > resume and _opens(words, index) and _verbal(words[start:index]) and _verbal(words[index:])
        ):
            top += 1
            current, start = top, index
        numbers.append(current)
    return numbers


def _aside(words: list[Word], index: int) -> int:
    """Where a clause such as ", who took office in May," that starts at `index` ends; 0 where none does."""
    if not index or words[index - 1].low != ",":
        return 0
    participle = (
        words[index].part == "verb" and "past" not in _only_past(words[index].low) and _passive_after(words, index)
    )
    if words[index].low not in ("who", "which", "whose", "where") and not participle:
        return 0
    for at in range(index + 2, len(words) - 1):
        if words[at].low == "," and words[at + 1].part in ("verb", "auxiliary", "adverb"):
            return 0 if participle and words[at + 1].low.endswith("ing") else at
    return 0


def _only_past(low: str) -> tuple[str, ...]:
    """("past",) for a form that is a past tense and no participle."""
    kinds = FORMS.get(low, {})
    return ("past",) if "past" in kinds and "part" not in kinds else ()


def _passive_after(words: list[Word], index: int) -> bool:
    """Whether a participle at `index` opens an aside: what follows it is "by", "in" or another preposition."""
    low, after = words[index].low, words[index + 1] if index + 1 < len(words) else None
    form = "part" in FORMS.get(low, {}) or low.endswith("ed")
    return form and after is not None and after.part in ("preposition", "adverb")


def _verbal(words: list[Word]) -> bool:
    return any(word.part in ("verb", "auxiliary") for word in words)


_PHRASE = ("noun", "determiner", "number", "preposition", "adverb", "pronoun")


def _teller(words: list[Word], index: int) -> bool:
    """Whether ", the companies said" begins at `index`: a phrase and a verb of telling."""
    for at in range(index, min(index + 14, len(words))):
        if words[at].part == "verb" and at > index:
            return words[at].low in SAYING
        if words[at].part not in _PHRASE:
            return False
    return False


def _opens(words: list[Word], index: int) -> bool:
    word, before = words[index], words[index - 1]
    if before.low == "," and _teller(words, index):
        return True
    if word.low in (";", ":") or (word.low in ("-", "--") and word.start > before.end):
        return True
    if word.part == "conjunction" and word.low not in ("or", "nor", "so", "yet"):
        return word.low not in ("and", "but") or before.low == "," or _subject_follows(words, index)
    if word.low in ("who", "which", "whose", "where") or (word.low == "as" and _subject_follows(words, index)):
        return True
    return word.low in ("after", "before", "since", "until", "when") and _subject_follows(words, index)


def _subject_follows(words: list[Word], index: int) -> bool:
    """Whether a noun phrase and a finite verb, or a verb at once, come after `index` before the next mark."""
    seen, last = False, ""
    for word in words[index + 1 : index + 12]:
        if word.part == "mark" and word.low in (",", ";", ":"):
            return False
        if word.part == "auxiliary" or (word.part == "verb" and not word.low.endswith("ing") and last != "to"):
            return True
        last = word.low
        seen = seen or word.part == "noun"
    return False


def governors_of(words: list[Word]) -> list[str]:
    """The preposition that stands over each word; empty after a verb, a mark or a conjunction that opens a clause."""
    found, current = [], ""
    for word in words:
        if word.part == "preposition":
            current = word.low
        elif (
            word.part in ("verb", "auxiliary", "relative")
            or (word.part == "conjunction" and word.low not in ("and", "or"))
            or (word.part == "mark" and word.low not in ("$", "%", "€", "£", '"', "/", "&", "."))
        ):
            current = ""
        found.append(current)
    return found
