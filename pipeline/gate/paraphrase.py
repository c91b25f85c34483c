"""Wordings that say nothing of their own: words of a paraphrase that need no counterpart in the span.

Light verbs ("imposed a fine on" for "fined"), bounds before numbers (judged with the number), the way that the verb of
the span already goes ("down from"), a cause told from its other end, comparisons, names introduced, softer modals.
"""

from __future__ import annotations

from pipeline.gate.alignment import figures, needed
from pipeline.gate.case import Case
from pipeline.gate.courses import FALLING, RISING, moves
from pipeline.gate.figures import ages
from pipeline.gate.levels import TO_COME, standing
from pipeline.gate.synonyms import lemma
from pipeline.gate.verbs import FORMS

_BOUNDS = frozenset(
    "more less fewer than under above over below least most at up to nearly almost some about around roughly".split()
)


_LIGHT = frozenset(
    lemma(w)
    for w in "impose make give take hold carry conduct launch place put issue reach stage perform file undergo"
    " hand lodge submit deliver".split()
)


_CAUSING = frozenset(lemma(w) for w in "lead cause prompt trigger bring force result spark".split())


def _bounding(case: Case, at: int) -> bool:
    """Whether a word belongs to a bound right before a number: that is judged with the number."""
    reading = case.statement
    for index in range(at, min(at + 4, len(reading.words))):
        word = reading.words[index]
        if word.part == "number" or word.low in ("$", "£", "€", "half"):
            return index > at
        if word.low not in _BOUNDS:
            return False
    return False


def _course(case: Case, at: int) -> bool:
    """Whether "down" or "up" before "from" only says again which way the verb of the span goes."""
    word = case.statement.words[at]
    after = case.statement.words[at + 1].low if at + 1 < len(case.statement.words) else ""
    numbered = any(item.part == "number" for item in case.statement.words[at + 1 : at + 3])
    if word.low not in ("up", "down") or not (after in ("from", "by") or numbered):
        return False
    course = RISING if word.low == "up" else FALLING
    kept = set(case.alignment.pairs.values())
    return any(item.lemma in course and item.at in kept for item in case.said.predicates)


def light(case: Case, at: int) -> int | None:
    """For a verb that says nothing by itself ("imposed a fine on"): where in the span the verb stands that its object
    names ("fined"); else None."""
    word = case.statement.words[at]
    if word.part != "verb" or lemma(word.low) not in _LIGHT:
        return None
    for index in range(at + 1, min(at + 9, len(case.statement.words))):
        noun = case.statement.words[index]
        target = case.alignment.pairs.get(index)
        if noun.part in ("verb", "auxiliary", "conjunction", "preposition"):
            return None
        following = case.statement.words[min(index + 1, len(case.statement.words) - 1)]
        if noun.part == "noun" and target is not None and following.part != "noun":
            verbs = {item.at for item in case.said.predicates}
            verbs |= {at for at, word in enumerate(case.said.words) if "ing" in FORMS.get(word.low, {})}
            held = [at for at in range(max(0, target - 4), target) if case.said.words[at].low in _HAVING]
            return target if target in verbs else held[-1] if held else None
    return None


def _lightly(case: Case, at: int) -> bool:
    return light(case, at) is not None


_HAVING = frozenset("have has had take takes took hold holds held make makes made give gives gave get gets got".split())


def _aged(case: Case, at: int) -> bool:
    """Whether "old" or "years" belongs to an age that the span gives: "Ann Lee, 44," is a 44-year-old."""
    words = case.statement.words
    if words[at].low not in ("old", "aged", "age", "year", "years"):
        return False
    near = {word.low for word in words[max(0, at - 4) : at + 3] if word.part == "number"}
    return bool(near & ages(case.span.quote))


def _using(case: Case, at: int) -> bool:
    """Whether "used X to do" or "to be used to do" stands for doing it with X, which the span has."""
    if lemma(case.statement.words[at].low) != lemma("use"):
        return False
    later = [item for item in case.statement.predicates if item.at > at and item.finite == "infinitive"]
    return bool(later) and later[0].at in case.alignment.pairs


def _moving(case: Case, at: int) -> bool:
    """Whether "rose" or "fell" says only what the span's two amounts show: "$1.9 billion, up from $1.4 billion"."""
    return case.statement.words[at].part == "verb" and moves(case, lemma(case.statement.words[at].low))


_COUNTING = frozenset(lemma(word) for word in "record register report see count log have".split())


def _counting(case: Case, at: int) -> bool:
    """Whether "Alberta recorded 1,000 cases" only says that there were 1,000 cases in Alberta."""
    words, pairs = case.statement.words, case.alignment.pairs
    verb = next((item for item in case.statement.predicates if item.at == at and not item.passive), None)
    if verb is None or verb.lemma not in _COUNTING or not verb.subject or not words[verb.subject[-1]].capital:
        return False
    target = pairs.get(verb.subject[-1])
    amount = any(word.part == "number" for word in words[at + 1 : at + 4])
    return amount and target is not None and case.said.governors[target] == "in"


_PUT_OFF = frozenset(lemma(word) for word in "postpone delay defer adjourn reschedule suspend".split())


def _until(case: Case, at: int) -> bool:
    """Whether "until" before a date says what "to" says there: "postponed it until May" for "to May"."""
    if case.statement.words[at].low not in ("until", "till"):
        return False
    verbs = {item.lemma for item in case.said.predicates}
    target = next(
        (case.alignment.pairs[index] for index in range(at + 1, at + 3) if index in case.alignment.pairs), None
    )
    return bool(verbs & _PUT_OFF) and target is not None and case.said.governors[target] == "to"


_BODIES = frozenset("crew staff team board jury band cast council committee family gang parliament".split())


def _member(case: Case, at: int) -> bool:
    """Whether "members" only says that a body is made of people: "crew members"."""
    words = case.statement.words
    return words[at].low == "members" and at > 0 and words[at - 1].low in _BODIES and at - 1 in case.alignment.pairs


_SELVES = frozenset("company firm bank group club union agency airline retailer charity ministry university".split())


def _itself(case: Case, at: int) -> bool:
    """Whether "the company" is the house of the one who says "we" or "our" in the span, and whom the sentence names."""
    words = case.statement.words
    if words[at].low not in _SELVES or not at or words[at - 1].low != "the":
        return False
    return bool(case.framed.frames and case.span_framed.frames) and bool(case.said.lows & {"we", "our", "us"})


def _measuring(case: Case, at: int) -> bool:
    """Whether "a total of" or "the share of" only introduces a number that is judged by itself."""
    words = case.statement.words
    low = words[at].low
    counted = low == "total" and at + 2 < len(words) and words[at + 1].low == "of" and words[at + 2].part == "number"
    shared = low in ("share", "proportion", "percentage") and any(q.unit == "ratio" for q in figures(case.said.text))
    return counted or (shared and any(q.unit == "ratio" for q in figures(case.statement.text)))


def _cause(case: Case, at: int) -> bool:
    """Whether "A led to B" stands for "B because of A": what precedes the verb follows "because" there."""
    if lemma(case.statement.words[at].low) not in _CAUSING:
        return False
    marks = [i for i, word in enumerate(case.said.words) if word.low in ("because", "due", "owing", "thanks")]
    pairs = [(one, two) for one, two in case.alignment.pairs.items() if needed(case.statement, one)]
    before, after = [two for one, two in pairs if one < at], [two for one, two in pairs if one > at]
    return any(before and after and min(before) > mark and max(after) < mark for mark in marks)


def _by_agent(case: Case, at: int) -> bool:
    """Whether "because of A" names what does it in the span: "A closed B" for "B was closed because of A"."""
    words = case.statement.words
    if words[at].low not in ("because", "due", "owing"):
        return False
    causes = {case.alignment.pairs[index] for index in range(at + 1, len(words)) if index in case.alignment.pairs}
    verbs = {case.alignment.pairs.get(item.at) for item in case.statement.predicates if item.at < at}
    return any(
        (item.at in verbs or item.lemma in _CAUSING) and not item.passive and set(item.subject) & causes
        for item in case.said.predicates
    )


def _compared(case: Case, at: int) -> bool:
    """Whether "compared with" or "against" only says what "from" or "than" before the same number says."""
    words = case.statement.words
    if words[at].low not in ("compared", "against", "versus"):
        return False
    number = next((i for i in range(at + 1, min(at + 5, len(words))) if words[i].part == "number"), None)
    target = case.alignment.pairs.get(number) if number is not None else None
    return target is not None and case.said.governors[target] in ("from", "than", "against", "to", "with")


def _calling(case: Case, at: int) -> bool:
    """Whether "called" or "named" only stands before a name that the span has."""
    words = case.statement.words
    after = at + 1
    if words[at].low in ("called", "describes", "described", "calls") and case.span_framed.frames:
        return any(word.low == '"' for word in words[after : after + 5])
    named = after < len(words) and (words[after].capital or words[after].low == '"')
    bare = not at or words[at - 1].part in ("noun", "mark")
    return words[at].low in ("called", "named", "titled", "dubbed") and named and bare


def _softer(case: Case, at: int) -> bool:
    """Whether a "would" or "could" only makes softer what the span has as planned or to come."""
    if case.statement.words[at].low not in ("would", "could", "may", "might"):
        return False
    verb = next((item for item in case.statement.predicates if item.first <= at <= item.at), None)
    target = case.alignment.pairs.get(verb.at) if verb else None
    return target is not None and standing(case.said, target).level >= TO_COME


_WAYS = (
    _bounding,
    _by_agent,
    _course,
    _lightly,
    _cause,
    _compared,
    _calling,
    _softer,
    _measuring,
    _using,
    _aged,
    _moving,
    _counting,
    _until,
    _member,
    _itself,
)


def said_anyway(case: Case, at: int) -> bool:
    """Whether the statement's word at `at`, which has no counterpart in the span, says nothing of its own."""
    return any(way(case, at) for way in _WAYS)
