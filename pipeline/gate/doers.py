"""Who does it and whom it is done to: the words on either side of a verb, active or passive."""

from __future__ import annotations

from pipeline.gate.reading import Predicate, Reading
from pipeline.gate.synonyms import lemma

_PARTING = ("preposition", "mark", "conjunction", "relative")


_ABOUT = frozenset("about over under around $ € £ -".split())


_PERSONS = frozenset({"he", "she", "they", "it"})


def names_in(reading: Reading, indices: tuple[int, ...] | list[int]) -> list[int]:
    """Those of `indices` that are words of a name."""
    return [at for at in indices if reading.words[at].capital and reading.words[at].part == "noun"]


def following(reading: Reading, predicate: Predicate) -> list[int]:
    """Content words after a verb in its clause, to the next finite verb with a subject of its own."""
    stop = min(
        (
            item.first
            for item in reading.predicates
            if item.at > predicate.at
            and item.clause == predicate.clause
            and not item.inherited
            and item.finite == "finite"
        ),
        default=len(reading.words),
    )
    return [
        at
        for at in range(predicate.at + 1, stop)
        if reading.clauses[at] == predicate.clause and reading.words[at].part in ("noun", "number")
    ]


_ADVERBIAL = frozenset("that as when while after before because and but ;".split())


_TELLS = frozenset(lemma(word) for word in "say add tell announce insist claim".split())


def _resolved(reading: Reading, predicate: Predicate) -> list[int]:
    """The subject; and, where it is a pronoun in a clause of time or cause, whom the main clause is about."""
    base = list(predicate.subject)
    opening = reading.words[base[0] - 1].low if base and base[0] else ""
    accused = _accused(reading, base)
    if accused:
        return [*base, *accused]
    told = bool(base and base[0]) and lemma(opening) in _TELLS
    if not base or not (told or opening in _ADVERBIAL) or any(reading.words[at].low not in _PERSONS for at in base):
        return base
    before = [item for item in reading.predicates if item.at < base[0] and item.finite == "finite"]
    if not before:
        return base
    return [*base, *_meant(reading, base[0], before)]


def _meant(reading: Reading, at: int, before: list[Predicate]) -> list[int]:
    """Whom a pronoun at `at` can mean by number and kind, among what the verbs `before` it join; nobody where that is
    more than one name."""
    low = reading.words[at].low
    joined = dict.fromkeys(word for item in reversed(before) for word in (*item.subject, *object_of(reading, item)))
    nouns = [word for word in joined if word < at and reading.words[word].part == "noun"]
    if low in ("he", "she"):
        named = [word for word in nouns if reading.words[word].capital]
        runs = sum(word - 1 not in named for word in named)
        return named if runs == 1 else list(before[-1].subject)
    fitting = [word for word in nouns if _plural(reading, word) == (low == "they")]
    subject = [word for word in before[-1].subject if word in fitting]
    return subject or fitting


def _plural(reading: Reading, at: int) -> bool:
    """Whether a noun is a plural by its form."""
    low = reading.words[at].low
    name = reading.words[at].capital and at > 0
    return (low.endswith("s") and not low.endswith("ss") and not name) or low in ("people", "police")


def _accused(reading: Reading, base: list[int]) -> list[int]:
    """Whom "alleging that it ..." after a verb with an object means: whom the verb is done to."""
    if not base or reading.words[base[0]].low not in _PERSONS or base[0] < 2:
        return []
    lead = [word.low for word in reading.words[base[0] - 2 : base[0]]]
    if lead not in (["alleging", "that"], ["claiming", "that"], ["accusation", "that"], ["allegations", "that"]):
        return []
    before = [item for item in reading.predicates if item.at < base[0] - 2 and item.finite == "finite"]
    return (list(before[-1].subject) if before[-1].passive else object_of(reading, before[-1])) if before else []


def agents(reading: Reading, predicate: Predicate) -> list[int]:
    """Words of who does it: the subject, or what follows "by" after a passive."""
    if predicate.passive:
        return [
            at for at in following(reading, predicate) if reading.governors[at] == "by" and not _amount(reading, at)
        ]
    return _resolved(reading, predicate)


def _amount(reading: Reading, at: int) -> bool:
    """Whether a word after "by" is part of an amount ("by 212 votes"), not of a doer."""
    while at and reading.words[at].part != "preposition":
        if reading.words[at].part == "number":
            return True
        at -= 1
    return False


def patients(reading: Reading, predicate: Predicate) -> list[int]:
    """Words of whom it is done to: what follows the verb, or the subject of a passive."""
    if predicate.passive:
        return list(predicate.subject)
    after = predicate.at + 1
    if after < len(reading.words) and reading.words[after].low in _OBJECTS:
        before = [item for item in reading.predicates if item.at < predicate.at and item.finite == "finite"]
        meant = _meant(reading, after, before) if before else []
        return [*meant, *following(reading, predicate)]
    return following(reading, predicate)


_OBJECTS = frozenset({"it", "them", "him", "her"})


def counterpart(reading: Reading, at: int) -> Predicate | None:
    """The predicate whose verb stands at `at`; None where no verb does."""
    return next((item for item in reading.predicates if item.at == at), None)


def object_of(reading: Reading, predicate: Predicate) -> list[int]:
    """Words of the direct object: those right after an active verb that no preposition governs."""
    found = []
    for at in following(reading, predicate):
        between = reading.words[predicate.at + 1 : at]
        if any(word.part in _PARTING and word.low not in _ABOUT for word in between):
            break
        found.append(at)
    return found
