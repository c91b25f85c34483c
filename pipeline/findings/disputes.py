"""Disputes: two claims about the same thing that cannot both hold. Between different things there is none.

Each rule asks first whether the same thing is at stake (the same subject, the same counted noun or event, no other
place, person or day), and only then whether the values exclude each other. When in doubt there is no dispute: a false
alarm costs a reader's trust, a missed one costs a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from pipeline import outcomes
from pipeline.claiming import bearings
from pipeline.claiming.assertions import (
    GENERAL,
    GROWING,
    Amount,
    Assertion,
    asserted,
    event_positions,
    folded,
    hedged,
    leading,
    likeness,
    name_positions,
    realised,
    same_lead,
    to_come,
    written,
)
from pipeline.domain import DateMention, Dispute, DisputeKind, Hedge
from pipeline.findings.amounts import durations, exclude, far_apart, given_by, inventories, lasts, other_amounts
from pipeline.language import dates, hedges, names
from pipeline.language.words import fold, stem, tokens
from pipeline.origins.twins import Twins, denied, one_slot, refuted, replaced, says_alike, turned, twins, two_slots

_HALF = 0.5  # share of the shorter claim that two of one event have in common
_SURE = 0.8  # likeness from which twins say one thing of one length of time
_NEAR_WORDS = 0.6  # likeness from which two counts may be many times apart, and one word may turn a claim round
_LEAST = 0.3  # likeness below which even two names, one subject and one amount are two matters
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+|[A-Z][a-z]+\.? \d{1,2}\b")  # a day of a month, without its year
_PROGRESS = timedelta(hours=1)  # what was planned then and is done now has progressed
_SPANS = frozenset(map(stem, "years months weeks days hours minutes seconds decades".split()))
_LISTED = 3  # amounts from which a claim is a list
_AGAINST = frozenset(
    map(
        stem,
        "reject refuse refusal fail lose loss deny impossible decline oppose block lack defeat"
        " unable ditch scrap drop abandon argue argument".split(),
    )
)
# With these, "not" is no denial.
_REVERSED = frozenset(map(stem, "reject argument argue overturn withdraw backtrack rescind revoke".split()))
_REFUSALS = frozenset(map(stem, "refuse refusal reject deny".split()))
_COMMON = 2  # content words beside one shared name that two claims of one deal have in common
_A_DAY = timedelta(days=1)
_MOVES = frozenset(("rise", "fall"))  # of prices and shares, which move anew every day
_SOFT = (Hedge.COULD, Hedge.REPORTED)


def between(a: Assertion, b: Assertion) -> Dispute | None:
    """The first dispute of two claims, of number, status, polarity, date, attribution in that order; None for none.

    The claims may be given in either order: the dispute lists the earlier (ties: the smaller id) first.
    """
    if (b.claim.published, b.claim.id) < (a.claim.published, a.claim.id):
        a, b = b, a
    if a.claim.id == b.claim.id or a.retracts or b.retracts:
        return None
    alike = twins(a, b)
    if alike is not None and (alike.swapped or two_slots(alike) or _strangers(a, b)):
        return _attribution(a, b) if says_alike(a, b, alike) else None  # another actor, place or period
    rules = _CLOSE if alike is not None and alike.close else _FREE
    return next((found for rule in rules for found in [rule(a, b)] if found is not None), None)


def _dispute(kind: DisputeKind, a: Assertion, b: Assertion, what: str, values: tuple[str, str]) -> Dispute:
    return Dispute(kind, a.claim.id, b.claim.id, what, *(" ".join(value.split()) for value in values))


def shared_names(a: Assertion, b: Assertion) -> tuple[str, ...]:
    """Names of `a` that `b` has too, in the order of `a`."""
    return tuple(one for one in a.names if any(names.same(one, other) for other in b.names))


def _strangers(a: Assertion, b: Assertion) -> bool:
    """Whether each speaks of names the other does not have, beyond what they share; who says it does not count."""
    alone = [one for one in a.about if not any(names.same(one, other) for other in b.names)]
    other = [one for one in b.about if not any(names.same(one, other) for other in a.names)]
    return bool(alone) and bool(other)


def _led_alike(a: Assertion, b: Assertion) -> bool:
    """Whether the first name that one speaks of is named by the other too: two subjects are two things."""
    one, other = leading(a), leading(b)
    return any(names.same(one, name) for name in b.names) or any(names.same(other, name) for name in a.names)


def days_differ(a: Assertion, b: Assertion) -> bool:
    """Whether both give days, months or years and none of one fits any of the other."""
    mine, theirs = a.claim.dates, b.claim.dates
    return bool(mine and theirs) and not any(dates.compatible(one, other) for one in mine for other in theirs)


def _of_twins(a: Assertion, b: Assertion) -> Dispute | None:  # noqa: PLR0911 - one return per slot
    """What two claims in nearly the same words differ in: one number, one date, or a denial of the shared words."""
    alike = twins(a, b)
    if alike is None:
        return None
    if one_slot(alike, "amounts"):
        (mine,), (theirs,) = alike.amounts
        if _one_measure(a, b, alike) and exclude(a, b, mine, theirs) and _one_time(a, b):
            return _dispute(DisputeKind.NUMBER, a, b, _common(a, b), (mine.text, theirs.text))
        return None
    if one_slot(alike, "dates"):
        (day,), (other,) = alike.dates
        if alike.likeness >= _NEAR_WORDS and _calendar(a, day, b, other, alike=True):
            return _dispute(DisputeKind.DATE, a, b, _common(a, b), (day.text, other.text))
        return None
    if all(alike.amounts) or all(alike.dates) or alike.likeness < _NEAR_WORDS or _one_text(a, b):
        return None
    texts = a.claim.text, b.claim.text
    if (opposite := turned(alike)) and _one_time(a, b) and not bearings.two_acts(*texts, opposite):
        return _dispute(DisputeKind.POLARITY, a, b, _common(a, b), opposite)
    doers = all(bearings.one_doer(*texts, root) for root in a.denied ^ b.denied)
    apart = bearings.charged(*texts) or bearings.own_denials(*texts) or not doers or (a.words ^ b.words) & _REVERSED
    if not apart and not a.words & b.words & _REFUSALS and denied(a, b, alike):
        values = ("denied", "said") if len(a.denied) > len(b.denied) else ("said", "denied")
        return _dispute(DisputeKind.POLARITY, a, b, _common(a, b), values)
    return None


def _refuted(a: Assertion, b: Assertion) -> Dispute | None:
    """One calls untrue what the other says as a whole."""
    if _one_text(a, b) or not refuted(a, b) or days_differ(a, b) or other_amounts(a, b):
        return None
    values = ("said", "denied") if a.claim.hedge is Hedge.STATES and not a.negated else ("denied", "said")
    return _dispute(DisputeKind.POLARITY, a, b, _common(a, b), values)


def _one_measure(a: Assertion, b: Assertion, alike: Twins) -> bool:
    """Whether the one amount that twins differ in is of one unit and noun, and nothing else close to it differs."""
    mine, theirs = (
        next(amount for amount in one.amounts if amount.quantity == odd[0])
        for one, odd in zip((a, b), alike.amounts, strict=True)
    )
    one, other = mine.quantity, theirs.quantity
    if mine.partial != theirs.partial or (one.unit != other.unit and one.unit and other.unit):
        return False
    if mine.events and theirs.events and not mine.events & theirs.events:
        return False
    if lasts(a, one) != lasts(b, other) and not (one.unit and other.unit):
        return False  # "a two-year illness" and "dead at 41"
    if durations(one, other) and alike.likeness < _SURE and not same_lead(a, mine, b, theirs):
        return False
    if mine.events & theirs.events or (one.noun and one.noun not in GENERAL):
        return True
    return not replaced(alike, (mine.around, theirs.around))


def _one_text(a: Assertion, b: Assertion) -> bool:
    """Whether two claims are of one record, whose headline says what its body says, in fewer words."""
    return a.claim.record_id == b.claim.record_id


def _one_time(a: Assertion, b: Assertion) -> bool:
    """Whether two claims can be of one event: they share a date, came within a day, or count what it struck so far."""
    if a.claim.dates and b.claim.dates and not days_differ(a, b):
        return True
    return abs(a.claim.published - b.claim.published) <= _A_DAY or any(
        amount.events & GROWING for one in (a, b) for amount in one.amounts
    )


def _number(a: Assertion, b: Assertion) -> Dispute | None:
    """Two amounts of the same thing that exclude each other."""
    if not a.amounts or not b.amounts or days_differ(a, b) or _one_text(a, b) or not _one_time(a, b):
        return None  # one text that counts twice counts two things; a fine next week is another fine
    if (len(a.amounts) < _LISTED) != (len(b.amounts) < _LISTED) or inventories(a, b):
        return None  # a list gives parts; two that differ throughout are of two things
    for mine in a.amounts:
        for theirs in b.amounts:
            what = _same_measure(a, b, mine, theirs)
            far = far_apart(mine.quantity, theirs.quantity) and likeness(a, b)[0] < _NEAR_WORDS
            alone = what and not far and not given_by(mine, b) and not given_by(theirs, a)
            if alone and exclude(a, b, mine.quantity, theirs.quantity):
                return _dispute(DisputeKind.NUMBER, a, b, what, (mine.quantity.text, theirs.quantity.text))
    return None


def _same_measure(  # noqa: PLR0911 - one return per rule
    a: Assertion, b: Assertion, mine: Amount, theirs: Amount
) -> str:
    """What both amounts measure, in a word or two; empty where they measure different things."""
    events = mine.events & theirs.events
    if mine.partial or theirs.partial or mine.quantity.unit != theirs.quantity.unit or not mine.quantity.unit:
        return ""
    if any(to_come(a, b, event) or to_come(b, a, event) for event in events):
        return ""
    subject = shared_names(a, b)
    noun = mine.quantity.noun
    if noun != theirs.quantity.noun:
        return ""
    near = (mine.around & theirs.around) - a.name_words - b.name_words - {noun}
    if noun in _SPANS and ("-" in mine.quantity.text + theirs.quantity.text or not same_lead(a, mine, b, theirs)):
        return ""  # "a four-day match" is a kind of match, "jailed for five years" and "four years on" are two things
    if noun and noun not in GENERAL:
        alike = bool(subject) and bool(events or (near and not mine.events and not theirs.events))
        return written(a.claim.text, noun) if alike and _on_subject(a, b, subject, (mine, theirs)) else ""
    if noun:
        return _named(a, noun, events) if events and _on_subject(a, b, subject, (mine, theirs)) else ""
    # Money, shares and measures need the same words around them, or they are amounts of different things.
    near -= {stem(word) for date in a.claim.dates for word in tokens(date.text)}
    moved = events & _MOVES and not durations(mine.quantity, theirs.quantity)
    moved = moved and a.claim.published.date() != b.claim.published.date()
    alike = len(near) >= 2 and not moved and (not (mine.events and theirs.events) or bool(events))
    return (
        " ".join(list(dict.fromkeys(word for word in tokens(a.claim.text) if stem(word) in near))[:3])
        if alike and subject and _on_subject(a, b, subject, (mine, theirs))
        else ""
    )


def _named(one: Assertion, noun: str, events: Iterable[str]) -> str:
    """A counted noun and what became of it, in the words of the claim."""
    words = tokens(one.claim.text)
    done = [words[place] for event in sorted(events) for place in event_positions(one.claim.text, event)[:1]]
    return " ".join(dict.fromkeys([written(one.claim.text, noun), *done]))


def _on_subject(a: Assertion, b: Assertion, subject: Sequence[str], amounts: tuple[Amount, Amount]) -> bool:
    """Whether two claims speak of the same actors and places: they share a name, and neither goes off elsewhere."""
    if not subject:
        jaccard, contained, shared = likeness(a, b)
        return not a.names and not b.names and shared >= 4 and (jaccard >= 0.4 or contained >= 0.6)
    most = 2 * len(subject) >= min(len(a.names), len(b.names)) + 1
    if bearings.with_others(a.claim.text, b.names) or bearings.with_others(b.claim.text, a.names):
        return False
    return (most or not _strangers(a, b)) and _held_alike(a, b, amounts)


def _held_alike(a: Assertion, b: Assertion, amounts: tuple[Amount, Amount]) -> bool:
    """Whether the names that stand last before two amounts are one: an amount is most often of that."""
    mine, theirs = (_holder(one, amount) for one, amount in zip((a, b), amounts, strict=True))
    return not mine or not theirs or names.same(mine, theirs)


def _holder(one: Assertion, amount: Amount) -> str:
    """The name that stands last before an amount, else first after it; empty for none."""
    before, after = fold(one.claim.text[: amount.quantity.span.start]), fold(one.claim.text[amount.quantity.span.end :])
    places = [(before.rfind(name.split()[0]), name) for name in one.names if name.strip()]
    later = [(after.find(name.split()[0]), name) for name in one.names if name.strip()]
    held = max((place for place in places if place[0] >= 0), default=(0, ""))[1]
    return held or min((place for place in later if place[0] >= 0), default=(0, ""))[1]


def _status(a: Assertion, b: Assertion) -> Dispute | None:
    """One tells of an event as done, the other as explored, planned or reported, and no time lies between."""
    events = a.events & b.events
    firm, soft = (a, b) if a.hedge is Hedge.STATES else (b, a)
    if not events or firm.hedge is not Hedge.STATES or soft.hedge not in _SOFT or firm.negated:
        return None
    subject = shared_names(a, b)
    if len(subject) < 2 or likeness(a, b)[1] < _HALF or days_differ(a, b) or _strangers(a, b):
        return None
    if Hedge.COULD not in hedges.profile(soft.claim.text):
        return None  # hearsay of what is so
    if firm.claim.published - soft.claim.published >= _PROGRESS:
        return None
    text, other = firm.claim.text, soft.claim.text
    for event in sorted(events):
        central = _joins(firm, event, subject) and _joins(soft, event, subject)
        if central and realised(text, event) and hedged(other, event) and not realised(other, event):
            named = " and ".join(_written(firm, name) for name in subject[:2])
            what = f"{named}: {tokens(text)[event_positions(text, event)[0]]}"
            values = (FACT, _STANDING[soft.hedge])
            return _dispute(DisputeKind.STATUS, a, b, what, values if firm is a else (values[1], values[0]))
    return None


def _outcome(a: Assertion, b: Assertion) -> Dispute | None:
    """Two claims of one deal between the same parties that end it in ways that exclude each other."""
    words = outcomes.opposed(a.claim.text, b.claim.text)
    subject = shared_names(a, b) if words else ()
    few = len(subject) < 2 and len((a.words & b.words) - a.name_words) < _COMMON
    if words is None or not subject or few or days_differ(a, b) or _strangers(a, b):
        return None
    return _dispute(DisputeKind.STATUS, a, b, _common(a, b), words)


FACT = "stated as a fact"
_STANDING = {Hedge.COULD: "possible or explored", Hedge.REPORTED: "reported, not confirmed"}


def _joins(one: Assertion, event: str, subject: Sequence[str]) -> bool:
    """Whether the event's own word stands between or beside two of the shared names, so that it is theirs."""
    places = event_positions(one.claim.text, event)
    spots = sorted(at for name in subject for at in name_positions(one.claim.text, name))
    return any(len([spot for spot in spots if abs(spot - place) <= 8]) >= 2 for place in places)


def _written(one: Assertion, name: str) -> str:
    """A name key as the claim writes it."""
    for mention in names.find(one.claim.text):
        if names.same(mention.key, name):
            return mention.text
    return name


def _polarity(a: Assertion, b: Assertion) -> Dispute | None:
    """One denies the very word that the other states, in nearly the same words or of the same names and amount."""
    texts = a.claim.text, b.claim.text
    if bool(a.denied) == bool(b.denied) or _one_text(a, b) or not _one_time(a, b) or bearings.own_denials(*texts):
        return None  # a text denies nothing that it says itself; what failed on Monday may come about on Friday
    denies, states = (a, b) if a.denied else (b, a)
    if states.words & _AGAINST or denies.words & _REVERSED or bearings.alleges(states.claim.text):
        return None  # "rejects", "lost" and "refused" deny in their own way; a charge and its denial are both so
    against = [
        root
        for root in sorted(denies.denied)
        if asserted(states.claim.text, root) and bearings.one_doer(denies.claim.text, states.claim.text, root)
    ]
    if not against or days_differ(a, b) or not _one_matter(a, b):
        return None
    return _dispute(
        DisputeKind.POLARITY, a, b, _common(a, b), ("denied", "said") if denies is a else ("said", "denied")
    )


def _one_matter(a: Assertion, b: Assertion) -> bool:
    """Whether two claims are alike but for a denial: most of their words, or two names, their subject and an amount."""
    subject = shared_names(a, b)
    jaccard, contained, shared = likeness(a, b)
    if len(subject) >= 2 and jaccard >= _LEAST and _led_alike(a, b) and any(given_by(one, b) for one in a.amounts):
        return True
    alike = jaccard >= 0.5 or (contained >= 0.75 and jaccard >= 0.35)
    return bool(subject) and not _strangers(a, b) and shared >= 3 and alike


def _date(a: Assertion, b: Assertion) -> Dispute | None:
    """Nearly the same words with another date."""
    if len(a.claim.dates) != 1 or len(b.claim.dates) != 1 or not days_differ(a, b):
        return None
    if not shared_names(a, b) and (a.about or b.about):
        return None
    mine, theirs = a.claim.dates[0], b.claim.dates[0]
    if not _calendar(a, mine, b, theirs) or _strangers(a, b):
        return None
    if a.amounts and b.amounts and not any(given_by(one, b) for one in a.amounts):
        return None  # figures of two periods
    jaccard, contained, shared = likeness(a, b)
    if shared < 4 or jaccard < 0.5 or not (a.events & b.events or contained >= 0.7):
        return None
    return _dispute(DisputeKind.DATE, a, b, _common(a, b), (mine.text, theirs.text))


def _calendar(a: Assertion, mine: DateMention, b: Assertion, theirs: DateMention, *, alike: bool = False) -> bool:
    """Whether two dates can be held against each other: written out, or weekdays in claims of one day."""
    one, other = mine.text.casefold(), theirs.text.casefold()
    if one in other or other in one or bearings.roughly(one, other):
        return False
    if bearings.of_saying(a.claim.text, mine.span) != bearings.of_saying(b.claim.text, theirs.span):
        return False
    written_out = all(not date.relative or _DAY.search(date.text) for date in (mine, theirs))
    if written_out or (alike and abs(a.claim.published - b.claim.published) <= _A_DAY):
        return True  # "in November" and "last week" say when, for who reads both on one day
    same_day = a.claim.published.date() == b.claim.published.date()
    return same_day and bool(_WEEKDAY.search(one) and _WEEKDAY.search(other))


def _attribution(a: Assertion, b: Assertion) -> Dispute | None:
    """The same long statement, word for word, in the mouths of two speakers: two people may say much alike."""
    if not a.claim.speaker or not b.claim.speaker or names.same(folded(a.claim.speaker), folded(b.claim.speaker)):
        return None
    told = a.claim.speaker, b.claim.speaker
    if any(map(bearings.nameless, told)) or bearings.one_person(*told):
        return None  # "local reports" and "a company" are nobody else than who has a name
    one, other = (set(folded(speaker).split()) for speaker in told)
    if one <= other or other <= one or days_differ(a, b) or _strangers(a, b) or other_amounts(a, b):
        return None
    speakers = {stem(word) for word in one | other}
    mine, theirs = a.words - speakers, b.words - speakers
    shared = len(mine & theirs)
    if shared < 6 or shared < 0.9 * len(mine | theirs):
        return None
    return _dispute(DisputeKind.ATTRIBUTION, a, b, _common(a, b), (a.claim.speaker, b.claim.speaker))


def _common(a: Assertion, b: Assertion) -> str:
    """What two claims speak of: the words of `a` that both hold, in order, six at most."""
    shared: Iterable[str] = (word for word in tokens(a.claim.text) if stem(word) in a.words & b.words)
    return " ".join(list(dict.fromkeys(shared))[:6])


_CLOSE = (_of_twins, _status, _outcome, _polarity, _attribution, _refuted)  # for claims in nearly the same words
_FREE = (_number, _status, _outcome, _polarity, _date, _attribution, _refuted)  # for all others
