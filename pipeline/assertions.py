"""A claim in comparable form: content words, kinds of event, names, amounts with the words they stand among.

Nothing here knows a firm, a person or a place: event kinds are classes of everyday verbs and their nouns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import Claim, Hedge, Quantity
from pipeline.language import hedges
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
    stem(word)
    for word in (
        "people persons person men women children civilians others individuals victims lives casualties deaths years"
        " days weeks months hours minutes times things items places points percent dollars users customers workers"
        " employees members residents soldiers troops police officers officials students cases"
    ).split()
)

_PART = re.compile(r"\b(?:more|another|additional|further|extra|other|of (?:the|those|them|these|its|his|her|their))\b")
_CHANGE = re.compile(r"\b(?:by|from|between|per|each|every|a (?:day|week|month|year)|daily|weekly|annual(?:ly)?)\s*$")
_RETRACTION = re.compile(
    r"\b(?:retract(?:s|ed|ing|ion)?"
    r"|(?:withdraws?|withdrew|withdrawn|withdrawing)(?= (?:its|the|that|a) (?:report|story|article|claim|figure))"
    r"|correction|corrected|an earlier version|a previous version|misstated|incorrectly (?:said|stated|reported)"
    r"|no longer stands? by|in error|erroneous(?:ly)?)\b",
    re.IGNORECASE,
)
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


@lru_cache(maxsize=50_000)
def assertion(claim: Claim) -> Assertion:
    """`claim` in comparable form."""
    stems = frozenset(word for word in content(claim.text) if not word[:1].isdigit())
    names = tuple(name for name in claim.entities if name)
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
    )


def _amount(text: str, quantity: Quantity) -> Amount:
    """One amount with its neighbourhood, which ends at a sentence's or clause's end."""
    before = re.split(r"[.;:!?]\s", text[: quantity.span.start])[-1]
    after = re.split(r"[.;:!?](?:\s|$)", text[quantity.span.end :])[0]
    left, right = tokens(before)[-_AROUND:], tokens(after)[:_AROUND]
    near = frozenset(
        stem(word) for word in left + right if not is_stop(word) and not word[:1].isdigit() and len(word) > 1
    )
    partial = bool(_PART.match(after.strip()[:12].casefold())) or bool(_CHANGE.search(before.casefold()))
    partial = partial or bool(re.search(r"\b(?:another|additional|further|extra|other)\s*$", before.casefold()))
    return Amount(quantity, near, frozenset(_CLASS_OF[word] for word in near if word in _CLASS_OF), partial)


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
