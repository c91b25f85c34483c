"""How firmly each verb of a sentence stands: fact, going on, to come, planned, possible; denied; on hearsay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.reading import Predicate, Reading, Word
from pipeline.gate.synonyms import lemma
from pipeline.gate.verbs import FORMS
from pipeline.language.words import stem

FACT, ONGOING, TO_COME, PLANNED, POSSIBLE = range(5)
NAMES = ("a fact", "going on", "to come", "planned or expected", "possible")

_PLANNING = frozenset(lemma(word) for word in lex.PLANNING)
_POSSIBLE = frozenset(lemma(word) for word in lex.POSSIBLE)
_HEARSAY = lex.HEARSAY
_DENIAL = frozenset(lemma(word) for word in lex.DENIAL_VERBS)
_NOUN_PLANNING = frozenset(stem(word) for word in lex.PLANNING_BEFORE_NOUN) | frozenset(
    lemma(word) for word in lex.PLANNING_BEFORE_NOUN
)
_NOT_PLANS = frozenset(
    lemma(word) for word in "set offer ask demand move order call apply must should need require ready try".split()
)


_ORDERED = frozenset(lemma(word) for word in "order demand request urge require threaten seek want propose".split())


@dataclass(frozen=True, slots=True)
class Standing:
    """How a word of a text stands. `level` is one of the five; `negative` that it is denied."""

    level: int
    negative: bool


def standing(reading: Reading, index: int) -> Standing:
    """How the verb or noun at `index` stands in `reading`."""
    return _standing(reading, index)


@lru_cache(maxsize=65536)
def _standing(reading: Reading, index: int) -> Standing:
    predicate = next((item for item in reading.predicates if item.at == index), None)
    first = predicate.first if predicate else index
    level = _own(reading, predicate) if predicate else FACT
    governing = _governing(reading, first)
    if predicate is not None and first and reading.governors[first - 1] == "with" and predicate.finite == "participle":
        return Standing(level, predicate.negative)  # "with X opposing it" hangs on nothing
    if predicate is not None and _describing(reading, predicate):
        return Standing(level, predicate.negative)
    if predicate is not None and predicate.finite == "finite" and not _complement(reading, first):
        aside = {item.at for item in reading.predicates if item.finite == "participle" and item.at < first}
        governing = [
            at
            for at in governing
            if at not in aside
            and (reading.words[at].part != "noun" or lemma(reading.words[at].low) not in _PLANNING | _POSSIBLE)
        ]
    level = max([level, *(_weight(reading, at, first, predicate is None) for at in governing)])
    if predicate is None and reading.words[index].part == "noun":
        level = max(level, _verb_over(reading, index))
    negative = _negative(reading, predicate, governing, index)
    return Standing(level, negative)


def _describing(reading: Reading, predicate: Predicate) -> bool:
    """Whether a participle only says which thing is meant: "expected by economists polled by Reuters"."""
    before = reading.words[predicate.first - 1] if predicate.first else None
    after = reading.words[predicate.at + 1] if predicate.at + 1 < len(reading.words) else None
    reduced = predicate.finite == "participle" and predicate.passive and predicate.first == predicate.at
    return reduced and before is not None and before.part == "noun" and after is not None and after.low == "by"


def _verb_over(reading: Reading, index: int) -> int:
    """The level of the infinitive or modal verb whose object a noun is: "ordered to pay a fine" imposes none yet."""
    over = next((item for item in reversed(reading.predicates) if item.at < index), None)
    if over is None or index - over.at > 3 or any(word.part == "mark" for word in reading.words[over.at : index]):
        return FACT
    level = _own(reading, over)
    return level if level >= TO_COME else FACT


def _complement(reading: Reading, first: int) -> bool:
    """Whether a "that" or "whether" stands before a verb group in its clause: what leads up to it then governs it."""
    clause = reading.clauses[first]
    return any(
        reading.words[at].low in ("that", "whether", "if") and reading.clauses[at] == clause for at in range(first)
    )


def _own(reading: Reading, predicate: Predicate) -> int:  # noqa: PLR0911 - one return per rule
    """Level that the verb group itself gives."""
    group = [word.low for word in reading.words[predicate.first : predicate.at + 1]]
    if any(word in ("would", "could", "may", "might", "can", "couldn") for word in group):
        return POSSIBLE
    if any(word in ("should", "must") for word in group) or _must(reading, predicate):
        return PLANNED
    if any(word in lex.WILL for word in group[:-1]):
        return TO_COME
    if predicate.finite == "infinitive":
        before = reading.words[predicate.first - 1].low if predicate.first else ""
        if before in ("is", "are", "was", "were") or {"is", "are", "was", "were"} & set(group[:2]):
            return PLANNED  # "is to be bought"
        return FACT if _achieved(reading, predicate) or _resolved(reading, predicate) else TO_COME
    bare = len(group) == 1 and "base" in FORMS.get(group[0], {})
    if (bare or group[:1] == ["be"]) and predicate.inherited:
        return _joined_level(reading, predicate)
    return ONGOING if predicate.progressive else FACT


def _must(reading: Reading, predicate: Predicate) -> bool:
    """Whether a verb stands after "have to": somebody must do it."""
    lead = [word.low for word in reading.words[max(0, predicate.first - 1) : predicate.at]]
    return any(lead[at : at + 2] in (["have", "to"], ["has", "to"]) for at in range(len(lead)))


_ACHIEVEMENTS = frozenset(
    lemma(word) for word in "win become claim reach clinch seal secure lift take regain retain hit top".split()
)
_MEANS = frozenset(
    lemma(word)
    for word in "beat defeat edge rally score rise climb fall grow overcome recover outscore thrash drop jump surge"
    " sink slip slump soar plunge drew".split()
)


def _achieved(reading: Reading, predicate: Predicate) -> bool:
    """Whether an infinitive tells what came of a deed: "beat Kovac to win the title", "rose to reach 9%"."""
    before = [item for item in reading.predicates if item.at < predicate.first and item.clause == predicate.clause]
    return (
        predicate.lemma in _ACHIEVEMENTS
        and bool(before)
        and before[-1].lemma in _MEANS
        and before[-1].finite == "finite"
        and _own(reading, before[-1]) == FACT
        and predicate.first - before[-1].at > 1
    )


_RESOLVED = frozenset(
    lemma(word)
    for word in "approve reject accept adopt pass ratify back endorse oppose oust elect dismiss expel impeach censure"
    " authorise authorize confirm veto overturn uphold recognise recognize condemn".split()
)


def _resolved(reading: Reading, predicate: Predicate) -> bool:
    """Whether an infinitive is done by the vote itself: who "voted to reject an offer" has rejected it."""
    before = [item for item in reading.predicates if item.at < predicate.first and item.clause == predicate.clause]
    if predicate.lemma not in _RESOLVED or not before or before[-1].lemma != lemma("vote"):
        return False
    return before[-1].finite == "finite" and not before[-1].negative and _own(reading, before[-1]) == FACT


def _joined_level(reading: Reading, predicate: Predicate) -> int:
    """The level of a bare verb after "and": that of the verb before it, where that has a modal or "to"."""
    before = [item for item in reading.predicates if item.at < predicate.at and item.finite != "participle"]
    if not before or reading.words[predicate.first - 1].low not in ("and", "or", ","):
        return FACT
    lead = {word.low for word in reading.words[before[-1].first : before[-1].at]}
    return _own(reading, before[-1]) if lead & (lex.MODALS | {"to"}) else FACT


def _governing(reading: Reading, first: int) -> list[int]:
    """Content words before `first` that can govern it: those of its clause, and a verb right before its "that"."""
    clause = reading.clauses[first]
    return [
        at
        for at in range(first)
        if reading.clauses[at] == clause
        and reading.words[at].part in ("verb", "noun", "adverb", "auxiliary", "negation", "determiner", "conjunction")
    ]


def _weight(reading: Reading, at: int, first: int, nominal: bool) -> int:
    """Level that one governing word gives to what follows it."""
    word = reading.words[at]
    name = lemma(word.low)
    if word.low in ("if", "unless", "whether"):
        return FACT if any(at < item.at < first for item in reading.predicates) else POSSIBLE
    if word.part == "noun" and any(other.low == "," for other in reading.words[at:first]):
        return FACT  # it stands in a phrase of its own: "after weeks of talks, they agreed"
    if word.part == "auxiliary":
        return _modal(word, reading, at) if nominal else FACT
    leads = _leads(reading, at, name, first)
    if name in _POSSIBLE and leads:
        return POSSIBLE
    if nominal and name in _ORDERED and word.part == "verb" and first - at <= 4:
        return PLANNED  # an evacuation that was ordered or demanded has not taken place
    planned = nominal and (leads or word.part == "noun") and bool({name, stem(word.low)} & _NOUN_PLANNING)
    return PLANNED if planned or (name in _PLANNING and leads) else FACT


def _modal(word: Word, reading: Reading, at: int) -> int:
    """Level of a modal in the verb group that governs a noun: "may approve the merger" leaves the merger possible."""
    if word.low in ("may", "might", "could", "would", "can"):
        return POSSIBLE
    return TO_COME if word.low in lex.WILL else FACT


def _leads(reading: Reading, at: int, name: str, first: int) -> bool:
    """Whether a word of planning or possibility really governs what follows: verb, before "to", or modifier."""
    word = reading.words[at]
    if word.part == "verb":
        after = reading.words[at + 1].low if at + 1 < len(reading.words) else ""
        return name not in _NOT_PLANS or after == "to" or reading.words[first].low == "to"
    if word.part == "adverb":
        return True
    following = [item.low for item in reading.words[at + 1 : at + 3]]
    if name in _NOT_PLANS:
        return "to" in following[:1]
    return True


def _negative(reading: Reading, predicate: Predicate | None, governing: list[int], index: int) -> bool:
    """Whether what stands at `index` is denied."""
    words = reading.words
    odd = False
    if predicate is not None:
        odd = predicate.negative
    for at in governing:
        word = words[at]
        if word.low in ("no", "neither", "none", "nobody", "nothing", "without", "nor", "never", "not", "n't") and not (
            predicate and at >= predicate.first
        ):
            if word.low in ("not", "n't", "never") and not _near(reading, at, index):
                continue
            if predicate and _relative_between(reading, at, predicate.first):
                continue
            odd = not odd
        elif (
            word.part in ("verb", "noun")
            and lemma(word.low) in _DENIAL
            and _denies(reading, at, index)
            and not _beside(reading, predicate)
        ):
            odd = not odd
    if predicate is not None and predicate.finite == "infinitive" and _put_down(reading, predicate):
        odd = not odd
    if predicate is not None and predicate.at + 1 < len(words):
        ahead = [word.low for word in words[predicate.at + 1 : predicate.at + 3]]
        if any(word in ("no", "nothing", "none", "nobody", "neither") for word in ahead):
            odd = not odd
    return odd


def _beside(reading: Reading, predicate: Predicate | None) -> bool:
    """Whether a bare verb goes on after "and" beside the verb before it: "will stop selling beer and take a charge"."""
    if predicate is None or predicate.finite != "finite" or not predicate.first:
        return False
    return predicate.first == predicate.at and reading.words[predicate.first - 1].low in ("and", "but", "or")


def _put_down(reading: Reading, predicate: Predicate) -> bool:
    """Whether what an infinitive is asked or planned in is rejected after it: "a request to send troops was denied"."""
    return any(
        item.at > predicate.at and item.clause == predicate.clause and item.passive and item.lemma in _DENIAL
        for item in reading.predicates
    )


def _relative_between(reading: Reading, at: int, first: int) -> bool:
    """Whether a finite verb and then a noun with "that", "who" or "which" stand between: what the relative clause
    tells is not denied ("no one was hurt in the fire that gutted it")."""
    verbs = [item.at for item in reading.predicates if at < item.at < first and item.finite == "finite"]
    return bool(verbs) and any(
        reading.words[index].part == "relative" or reading.words[index].low == "that"
        for index in range(verbs[0] + 2, first)
        if reading.words[index - 1].part == "noun" and reading.governors[index - 1] not in ("", "of")
    )


def _near(reading: Reading, at: int, index: int) -> bool:
    """Whether a negation at `at` belongs to the verb that governs `index`, no other finite verb between being meant."""
    return sum(at < item.at < index for item in reading.predicates) <= 1


_TURNS = frozenset("after because when while since before as".split())


def _denies(reading: Reading, at: int, index: int) -> bool:
    """Whether a verb such as "failed to", "rejected" or "denied" has `index` in its reach."""
    if reading.words[at].part == "verb" and any(word.low == "," for word in reading.words[at + 1 : at + 2]):
        return False
    if any(word.low in _TURNS for word in reading.words[at + 1 : index]) and reading.words[index].part == "verb":
        return False  # "cancelled the tour after he broke his arm": he did break it
    return sum(at < item.at < index and item.finite == "finite" for item in reading.predicates) == 0


@lru_cache(maxsize=16384)
def hearsay(reading: Reading) -> bool:
    """Whether a text says that it only passes on what others say: "reportedly", "reports that", "is said to"."""
    words = reading.words
    for at, word in enumerate(words):
        after = words[at + 1].low if at + 1 < len(words) else ""
        if word.low in _HEARSAY:
            return True
        if (
            word.low in ("report", "reports", "rumors", "rumours", "speculation")
            and word.part == "noun"
            and after in ("that", "of", "say", "suggest", "said", "suggested", "claim")
        ):
            return True
        if word.low in ("said", "reported", "believed", "understood", "thought", "rumoured") and after == "to":
            return True
    return False
