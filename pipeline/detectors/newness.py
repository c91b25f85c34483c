"""What a claim tells that the known findings lack: a number, a date ahead, an outcome; and what is only background.

Rules over what claims were parsed into. News stands at the head of a text and speaks of now (the inverted pyramid, and
recency as a news value: Galtung and Ruge 1965); what stands deep in a text, or speaks of a time long past, is
background even where it was not told here before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline import outcomes
from pipeline.claiming.assertions import assertion, event_positions, realised
from pipeline.domain import Claim, ClaimKind, Hedge, Quantity
from pipeline.language import hedges, verbs
from pipeline.language.dates import bounds
from pipeline.language.words import tokens

_HEAD = 600  # code points of a text in which its news stands
_SAME = 0.1  # numbers of one unit that differ by a smaller share tell nothing new
_PAST = timedelta(days=7)  # a time further back than this is background
_SAID = (Hedge.STATES, Hedge.REPORTED, Hedge.DENIES)
_TIME = frozenset("year month week day hour minute second s".split())
_OUTCOMES = frozenset(  # of the kinds of event that claims are parsed into, those by which an affair turns or ends
    "acquire arrest charge sentence resign oust elect close sign approve ban sue merge sell delay fine recall".split()
)


@dataclass(frozen=True, slots=True)
class Known:
    """What was told before: amounts by what they count, dates, kinds of event, ways in which deals ended, names."""

    amounts: dict[str, list[float]]
    dates: frozenset[str]
    events: frozenset[str]
    ways: frozenset[str]
    names: frozenset[str]


def known(claims: Iterable[Claim]) -> Known:
    """What `claims` told."""
    amounts: dict[str, list[float]] = defaultdict(list)
    dates: set[str] = set()
    events: set[str] = set()
    ways: set[str] = set()
    names: set[str] = set()
    for claim in claims:
        for quantity in claim.quantities:
            amounts[_counted(quantity)].append(quantity.value)
        dates.update(one.value for one in claim.dates)
        events |= assertion(claim).events
        ways.update(one.way for one in outcomes.outcomes(claim.text))
        names.update(claim.entities)
    return Known(dict(amounts), frozenset(dates), frozenset(events), frozenset(ways), frozenset(names))


def lacked(claim: Claim, before: Known) -> str | None:
    """What `claim` tells as a fact that was not told before, in a few words; None where it adds nothing of the kind.

    A claim that names nobody whom the known ones name tells of something else.
    """
    if before.names.isdisjoint(claim.entities):
        return None
    if claim.hedge in _SAID and claim.kind is not ClaimKind.OPINION:
        for one in outcomes.outcomes(claim.text):
            if one.way not in before.ways:
                return f'an outcome ("{one.word}")'
        for event in sorted((assertion(claim).events & _OUTCOMES) - before.events):
            if word := _happened(claim.text, event):
                return f'an outcome ("{word}")'
    for quantity in claim.quantities:
        if _tells(quantity) and not _told(quantity, before):
            return f'a number ("{" ".join(quantity.text.split())}")'
    for day in claim.dates:
        if day.value not in before.dates and _ahead(day.value, claim):
            return f'a date ("{" ".join(day.text.split())}")'
    return None


def prominent(claim: Claim) -> bool:
    """Whether a claim stands where news stands: in a headline, or at the head of the text."""
    return claim.in_headline or claim.evidence[0].start < _HEAD


def background(claim: Claim) -> bool:
    """Whether a claim speaks of a time well before it was published, or explains deep in a text."""
    spoken = [_last_day(claim.when)] if claim.when else [_last_day(one.value) for one in claim.dates]
    days = [day for day in spoken if day is not None]
    if days and max(days) < claim.published.date() - _PAST:
        return True
    return claim.kind is ClaimKind.CONTEXT and not prominent(claim)


def _happened(text: str, event: str) -> str:
    """The word by which `text` tells of the event as a fact, in the past or as headlines do; empty where it does not.

    "Chip maker sues" and "was sued", but neither "may sue" nor "the lawsuit of".
    """
    words = tokens(text)
    told = realised(text, event)
    for at in event_positions(text, event):
        if (told and verbs.is_past(words[at])) or (verbs.is_finite(words[at]) and hedges.classify(text) in _SAID):
            return words[at]
    return ""


def _counted(quantity: Quantity) -> str:
    return quantity.noun or quantity.unit


def _tells(quantity: Quantity) -> bool:
    """Whether a number is a figure of something: neither bare nor in words, nor a length of time."""
    return bool(_counted(quantity)) and quantity.unit not in _TIME and any(mark.isdigit() for mark in quantity.text)


def _told(quantity: Quantity, before: Known) -> bool:
    near = (
        abs(value - quantity.value) <= _SAME * max(abs(value), abs(quantity.value))
        for value in before.amounts.get(_counted(quantity), ())
    )
    return any(near)


def _ahead(value: str, claim: Claim) -> bool:
    """Whether a date is a day of its own that lies ahead of the claim, as a court's or a launch's does."""
    day = _last_day(value)
    return len(value) == len("2026-05-04") and day is not None and day > claim.published.date()


def _last_day(value: str) -> date | None:
    """The last day of an ISO prefix or interval; None for what is no calendar date ("W-2")."""
    found = bounds(value.rsplit("/", 1)[-1])
    return found[1] if found else None
