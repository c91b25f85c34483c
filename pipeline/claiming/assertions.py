"""A claim in comparable form: content words, kinds of event, names, amounts with the words they stand among.

Nothing here knows a firm, a person or a place: event kinds are classes of everyday verbs and their nouns.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline import packing
from pipeline.claiming import bearings
from pipeline.domain import Claim, Hedge, Quantity
from pipeline.language import hedges, verbs
from pipeline.language.words import content, fold, is_stop, stem, tokens

# One line per kind of event: verbs and nouns by which news tells of the same thing having happened.
_EVENTS = """
acquire acquisition acquires acquired buy buys bought buying purchase takeover buyout
kill killed killing dead death deaths die died dies fatal fatalities slain toll perish lives
injure injured injuring wound wounded hurt injuries hospitalised hospitalized
arrest arrested detain detained arrests custody apprehended
charge charged indict indicted indictment charges
sentence sentenced jailed imprisoned prison
resign resigned resignation resigns quit
oust ousted removed remove removal unseat sacked fired dismissed
elect elected election wins won win victory
launch launched launches unveil unveiled release released releases introduce introduced
build built building construct constructed construction install installed erect erected
open opened opens opening
close closed closing closes shut shutter
invest invested investing investment pour pouring spend spending spent
pledge pledged commit committed commitment promise promised
raise raised raising fundraising
lay layoff layoffs cut cuts cutting axe axed redundancies
hire hired hiring recruit
rise rose risen rising increase increased climb climbed grow grew jump jumped surge surged
fall fell fallen drop dropped decline declined slip slid plunge plunged tumble
strike strikes striking walkout
displace displaced flee fled evacuate evacuated evacuation evacuees
miss missing unaccounted disappeared
abduct abducted hostage hostages captive captives kidnapped kidnap
attack attacked bomb bombed bombing airstrike airstrikes shell shelled missile rockets rocket
sign signed agreement deal agree agreed
approve approved approval approves pass passed ratify ratified
ban banned prohibit prohibited block blocked
sue sued lawsuit suing
merge merged merger
sell sold sale divest
crash crashed collide collision
delay delayed postpone postponed
fine fined penalty
recall recalled
vote voted votes ballots
""".strip()

# Counted things so general that only the event tells what they are.
GENERAL = frozenset(
    form
    for word in (
        "people persons person men women children civilians others individuals victims lives casualties deaths years"
        " days weeks months hours minutes times things items places points percent dollars users customers workers"
        " employees members residents soldiers troops police officers officials students cases"
    ).split()
    for form in (word, stem(word))
)

# Events that strike more and more as they go on, so that a later count is a higher one: by their first words.
GROWING = frozenset("kill injure arrest displace miss abduct charge".split())

_PART = re.compile(r"\b(?:more|another|additional|further|extra|other|of (?:the|those|them|these|its|his|her|their))\b")
_CHANGE = re.compile(
    r"\b(?:by|from|between|per|each|every|daily|weekly|annual(?:ly)?|another|additional|further|extra|other|versus"
    r"|(?<!more )(?<!less )(?<!fewer )than|first|last|next|past"
    r"|compared (?:with|to)(?: (?:just|only|about|some|around))?)\s*$"
)
_CHANGED = re.compile(r"\s+(?:increase|rise|gain|jump|drop|decline|fall|decrease|cut|reduction|boost|surge|loss)\b")
_RETRACTION = re.compile(
    r"\b(?:retract(?:s|ed|ing|ion)?"
    r"|(?:withdraws?|withdrew|withdrawn|withdrawing)(?= (?:its|the|that|a) (?:report|story|article|claim|figure))"
    r"|correction(?=:)|correct(?:s|ed) (?:its|an earlier|a previous|the) (?:report|story|article|figure)"
    r"|an earlier version|a previous version|misstated|incorrectly (?:said|stated|reported)"
    r"|no longer stands? by|in error|erroneous(?:ly)?)\b",
    re.IGNORECASE,
)
_PLAIN_DENIAL = re.compile(
    r"not|never|cannot|[a-z]+n['’]t|den(?:y|ies|ied|ying)|rule[sd] out|refus(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to",
    re.IGNORECASE,
)
_DENY = re.compile(r"den(?:y|ies|ied|ying)", re.IGNORECASE)
_DENIED = re.compile(r" (?:that|it|having|being|any|ever|\w+ing)\b", re.IGNORECASE)
_SOON = frozenset("even immediately yet ever actually really fully currently".split())
_MERELY = re.compile(r" (?:the )?(?:just|only|merely)\b", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:before|until|unless)\b", re.IGNORECASE)
_UNREAL = frozenset("to against if whether would could should may might not like being".split())
_AROUND = 7  # tokens either side of an amount that say what it is an amount of


def _classes() -> Mapping[str, str]:
    """Stem -> the first word of its line in `_EVENTS`."""
    return {stem(word): line.split()[0] for line in _EVENTS.splitlines() for word in line.split()}


_CLASS_OF = _classes()


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, the words (stems) and events close by, and whether it is only a part or a change of something."""

    quantity: Quantity
    around: frozenset[str]
    events: frozenset[str]
    partial: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim as far as it is compared."""

    claim: Claim
    words: frozenset[str]  # content stems without numbers
    names: tuple[str, ...]
    name_words: frozenset[str]  # stems of the words of its names
    events: frozenset[str]
    amounts: tuple[Amount, ...]
    hedge: Hedge
    negated: bool
    retracts: bool
    about: tuple[str, ...] = ()  # its names without those of who says it
    denied: frozenset[str] = frozenset()  # stems that it denies in so many words


Form = tuple[Any, ...]  # an assertion as it travels: without its claim


@lru_cache(maxsize=10_000)
def assertion(claim: Claim) -> Assertion:
    """`claim` in comparable form."""
    stems = frozenset(word for word in content(claim.text) if not word[:1].isdigit())
    names = tuple(name for name in claim.entities if name)
    voice = set(tokens(claim.speaker or ""))
    return Assertion(
        claim=claim,
        words=stems,
        names=names,
        name_words=frozenset(stem(word) for name in names for word in tokens(name) if not is_stop(word)),
        events=frozenset(_CLASS_OF[word] for word in stems if word in _CLASS_OF),
        amounts=tuple(_amount(claim.text, quantity) for quantity in claim.quantities),
        hedge=hedges.classify(claim.text),
        negated=hedges.negated(claim.text),
        retracts=_RETRACTION.search(claim.text) is not None,
        about=tuple(name for name in names if not set(tokens(name)) <= voice),
        denied=governed(claim.text),
    )


def packed(claims: Iterable[Claim]) -> bytes:
    """The claims of a text in comparable form, as that travels; `opened` puts it to claims again."""
    return packing.packed({claim.id: _bare(assertion(claim)) for claim in claims})


def opened(kept: bytes) -> Mapping[str, Form]:
    """What was `packed` by a process of ours, by claim id: for `restored`."""
    found: Mapping[str, Form] = pickle.loads(kept)  # noqa: S301 - never leaves our own processes
    return found


def restored(claim: Claim, form: Form) -> Assertion:
    """The `assertion` of `claim`, of which `form` was kept."""
    words, names, name_words, events, near, hedge, negated, retracts, about, denied = form
    amounts = tuple(Amount(quantity, *one) for quantity, one in zip(claim.quantities, near, strict=True))
    marks = Hedge(hedge), negated, retracts
    return Assertion(claim, words, names, name_words, events, amounts, *marks, about, denied)


def _bare(one: Assertion) -> Form:
    """An assertion without its claim, whose quantities its amounts are of."""
    near = tuple((amount.around, amount.events, amount.partial) for amount in one.amounts)
    marks = one.hedge.value, one.negated, one.retracts
    return one.words, one.names, one.name_words, one.events, near, *marks, one.about, one.denied


def _amount(text: str, quantity: Quantity) -> Amount:
    """One amount with its neighbourhood, which ends at a sentence's or clause's end."""
    before = re.split(r"[.;:!?]\s", text[: quantity.span.start])[-1].casefold()
    after = re.split(r"[.;:!?](?:\s|$)", text[quantity.span.end :])[0].casefold()
    left, right = tokens(before)[-_AROUND:][::-1], tokens(after)[:_AROUND]
    near = [stem(word) for word in left + right if not is_stop(word) and not word[:1].isdigit() and len(word) > 1]
    part = bool(_PART.match(after.strip()[:16])) and quantity.unit != "ratio"  # a share is of something
    part = part or bool(_CHANGED.match(after)) or bool(_CHANGE.search(before)) or bearings.batched(text, quantity.span)
    return Amount(quantity, frozenset(near), _nearest_event(left, right), part)


def _nearest_event(left: list[str], right: list[str]) -> frozenset[str]:
    """The kind of the event word closest to a number, on either side; both where two are equally close."""
    places = [(at, word) for side in (left, right) for at, word in enumerate(side) if stem(word) in _CLASS_OF]
    closest = min((at for at, _ in places), default=0)
    return frozenset(_CLASS_OF[stem(word)] for at, word in places if at <= closest + 1)


def governing(text: str, *, until: bool = False) -> list[str]:
    """For each negation of `text`, the first content word after it, folded; `until`: of those with a limit in time too.

    "Denied" negates a statement ("denied that", "denied cutting"); denying a request, or allegations, is an event.
    """
    found: list[str] = []
    for span in hedges.negations(text):
        cue, rest = text[span.start : span.end], text[span.end : span.end + 120].partition(". ")[0]
        if not _PLAIN_DENIAL.fullmatch(cue) or (_DENY.fullmatch(cue) and not _DENIED.match(rest)):
            continue
        if _MERELY.match(rest):
            continue
        if not until and _NOT_YET.search(rest):
            continue  # "will not open before autumn" denies no opening
        following = [word for word in tokens(rest[:40]) if not is_stop(word) and word not in _SOON]
        found.extend(word for word in following[:1] if word not in _UNREAL)
    return found


def governed(text: str) -> frozenset[str]:
    """Stems of the words that the negations of `text` deny: the first content word after each."""
    return frozenset(map(stem, governing(text)))


def asserted(text: str, root: str) -> bool:
    """Whether `text` states the word with the stem `root` rather than wanting, allowing, opposing or denying it."""
    words = tokens(text)
    places = [at for at, word in enumerate(words) if stem(word) == root]
    return any(
        _UNREAL.isdisjoint(words[max(0, at - 2) : at]) and not hedges.negated(" ".join(words[max(0, at - 4) : at]))
        for at in places
    )


def realised(text: str, event: str) -> bool:
    """Whether `text` tells of the event as having come about: a past form, or "the acquisition of"."""
    words = tokens(text)
    for at in event_positions(text, event):
        before = words[max(0, at - 3) : at]
        if not _UNREAL.isdisjoint(before[-2:]) or {"if", "will", "potential", "possible"} & {*before}:
            continue
        nominal = words[at + 1 : at + 2] == ["of"] and before[-1:] in (["the"], ["its"], ["their"], ["his"], ["her"])
        if nominal or (verbs.is_past(words[at]) and "be" not in before):
            return True
    return False


def hedged(text: str, event: str) -> bool:
    """Whether a hedge stands in the five words before a word of the event, so that it is the event that is hedged."""
    words = tokens(text)
    return any(
        hedges.classify(" ".join(words[max(0, at - 5) : at])) not in (Hedge.STATES, Hedge.DENIES)
        for at in event_positions(text, event)
    )


def to_come(one: Assertion, other: Assertion, event: str) -> bool:
    """Whether `one` plans or expects more of an event of which the other tells as done: "missed", "will miss"."""
    planned = one.hedge in (Hedge.PLANS, Hedge.EXPECTS) and not realised(one.claim.text, event)
    return planned and realised(other.claim.text, event)


def event_positions(text: str, event: str) -> list[int]:
    """Token numbers at which `text` has a word of the event kind `event`."""
    return [at for at, token in enumerate(tokens(text)) if _CLASS_OF.get(stem(token)) == event]


def name_positions(text: str, name: str) -> list[int]:
    """Token numbers at which the first word of the name key `name` stands in `text`."""
    first = tokens(name)[:1]
    return [at for at, token in enumerate(tokens(text)) if [token] == first]


def likeness(a: Assertion, b: Assertion) -> tuple[float, float, int]:
    """Jaccard similarity of content words, share of the shorter that the other holds, and how many they share."""
    shared = len(a.words & b.words)
    union = len(a.words | b.words)
    least = min(len(a.words), len(b.words))
    return (shared / union if union else 0.0), (shared / least if least else 0.0), shared


def written(text: str, root: str) -> str:
    """The word of `text` that has the stem `root`, as folded; `root` itself where there is none."""
    return next((token for token in tokens(text) if stem(token) == root), root)


def folded(name: str) -> str:
    """A name with no spaces and no case, to compare speakers."""
    return " ".join(fold(word) for word in name.split())


def leading(one: Assertion) -> str:
    """The name that comes first in a claim, leaving out who says it; empty for none."""
    places = [(min(name_positions(one.claim.text, name), default=10_000), name) for name in one.about]
    return min(places, default=(0, ""))[1]


def same_lead(a: Assertion, mine: Amount, b: Assertion, theirs: Amount) -> bool:
    """Whether the same word stands before both amounts: "for", "after", "aged"."""
    leads = [tokens(one.claim.text[: amount.quantity.span.start])[-1:] for one, amount in ((a, mine), (b, theirs))]
    return leads[0] == leads[1]
