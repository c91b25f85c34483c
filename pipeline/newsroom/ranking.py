"""Which storylines become stories tonight, and in which order: a sum of named terms that the story prints.

Every term has a unit, bounds and a reason (`TERMS`); the methodology page and `citewire explain` print them. Counts
alone decide: no model, no reader's clicks. Weights are editorial choices, not fits: each bound says how much a term
may outweigh the others, with two more independent voices (one more doubling) as the unit of comparison.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import outlets
from pipeline.domain import Claim, Finding, FindingState, Record, Signal, Storyline
from pipeline.language.words import tokens
from pipeline.preferences import InterestSettings

COORDINATION = "coordination"  # the kind of signal that takes away
_SEVERITY = {"low": 0.3, "medium": 0.6, "high": 1.0}
_HALF_LIFE_HOURS = 24.0
_READ = 2000  # characters of a record in which an interest's words are looked for
_COMMERCE = re.compile(  # offers, listings and guides to watching: furniture of the web, not events
    r"\b(?:promo|coupon|voucher|discount) codes?\b|\bcoupons?\b|\b\d+% off\b|[$£€]\d[\d.,]* off\b"
    r"|\bsave (?:up to )?[$£€]?\d|\bdeals? (?:on|under)\b|\bgift guides?\b|\bgiveaways?\b|\bbuying guide\b"
    r"|\b(?:best|top|early|today.s|weekend|prime day|black friday|exclusive) (?:\w+ ){0,3}(?:deals?|sales?|offers?)\b"
    r"|\b(?:how|where) to (?:watch|buy|stream|pre-?order)\b|\blive ?streams?\b|\btv channel\b|\bkick-?off time\b"
    r"|\bhoroscopes?\b|\bhints?\b.*\banswers?\b|\banswers?\b.*\bhints?\b|\bcrossword\b|\blottery\b"
    r"|\bbetting (?:tips|odds)\b|\bwhat.s on tv\b|\blive (?:scores?|blog|updates?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the sum: what it counts and how, its bounds, and why it counts."""

    name: str
    counts: str
    least: float
    most: float
    why: str


TERMS = (
    Term(
        "origins",
        "log2 of the independent voices: one outlet, owner or author is one voice",
        0.0,
        5.0,
        "What many found out for themselves matters to many; each doubling counts the same, and 32 are the most.",
    ),
    Term(
        "spread",
        "0.5 for each platform after the first, two at most; half the share of records of all but the loudest voice",
        0.0,
        1.5,
        "A subject that moves between platforms and publishers is no campaign of one of them.",
    ),
    Term("novelty", "share of the standing findings that the last day brought", 0.0, 1.0, "News is what is new."),
    Term(
        "contradiction",
        "0.3 for each dispute between two claims",
        0.0,
        1.0,
        "Where sources disagree a reader needs both sides.",
    ),
    Term(
        "signals",
        "of each kind that fired its strongest: its confidence, else 0.3, 0.6 or 1 by severity; held ones give nothing",
        0.0,
        2.0,
        "A measured change is a reason to look, not proof of weight: it counts as two doublings at most.",
    ),
    Term(
        "coordination",
        "twice the confidence (else severity) of a coordination flag that fired",
        -2.0,
        0.0,
        "Many accounts that act as one are not many voices.",
    ),
    Term(
        "beat",
        "the beat's weight times the share of the records that belong to it",
        0.0,
        5.0,
        "What belongs to a beat outright comes before what touches it; the weight is the desk's own.",
    ),
    Term(
        "interests",
        "each interest's weight times the share of the records that match it",
        -3.0,
        3.0,
        "The desk's owner says what the beats cannot.",
    ),
    Term(
        "freshness",
        "halves with each day since the newest record",
        0.0,
        1.0,
        "Of two equal stories the newer comes first.",
    ),
    Term(
        "old",
        "-5 where the newest record is older than the window that signals are measured in",
        -5.0,
        0.0,
        "What was read late is told, but it never leads.",
    ),
    Term(
        "commerce",
        "-4 times the share of headlines that offer, list or guide, from a third on",
        -4.0,
        0.0,
        "Offers and guides to watching are no events.",
    ),
)
_BOUNDS = {term.name: (term.least, term.most) for term in TERMS}


def rank(
    storyline: Storyline,
    *,
    records: Sequence[Record],
    origins: int,
    findings: Sequence[Finding],
    signals: Sequence[Signal],
    beat_share: float,
    now: datetime,
    window: timedelta = timedelta(days=1),
    beat_weight: float = 1.0,
    wanted: float = 0.0,
) -> Mapping[str, float]:
    """The terms of the ranking sum (see TERMS), each within its bounds, and "total"; rounded to 1e-6.

    origins: how many count (pipeline/outlets.py). signals: all of the night that are about the storyline, held ones
    too. beat_share: share of the records that belong to the beat. wanted: what `interest` gives.
    """
    newest = max((min(r.published, r.fetched) for r in records), default=storyline.updated)
    age = max(timedelta(0), now - newest)
    standing = [f for f in findings if f.state is not FindingState.SUPERSEDED]
    fresh = [f for f in standing if now - f.first_seen <= timedelta(days=1)]
    disputes = {frozenset((d.a, d.b)) for f in findings for d in f.disputes}
    fired = [s for s in signals if s.held is None]
    terms = {
        "origins": math.log2(max(1, origins)),
        "spread": _spread(records),
        "novelty": len(fresh) / len(standing) if standing else 0.0,
        "contradiction": 0.3 * len(disputes),
        "signals": sum(_strongest(s for s in fired if s.kind != COORDINATION).values()),
        "coordination": -2.0 * sum(_strongest(s for s in fired if s.kind == COORDINATION).values()),
        "beat": beat_weight * beat_share,
        "interests": wanted,
        "freshness": 0.5 ** (age / timedelta(hours=_HALF_LIFE_HOURS)),
        "old": _BOUNDS["old"][0] if age > window else 0.0,
        "commerce": _commerce(records),
    }
    bounded = {name: min(max(value, _BOUNDS[name][0]), _BOUNDS[name][1]) for name, value in terms.items()}
    rounded = {name: round(value, 6) + 0.0 for name, value in bounded.items()}  # no minus before a nought
    return {**rounded, "total": round(sum(rounded.values()), 6)}


def _spread(records: Sequence[Record]) -> float:
    """How far the records are spread over platforms and voices: 0 for one of each."""
    if not records:
        return 0.0
    platforms = len({record.platform for record in records})
    voices = Counter(outlets.voice(record) or record.id for record in records)
    return 0.5 * min(2, platforms - 1) + 0.5 * (1 - max(voices.values()) / len(records))


def _strongest(signals: Iterable[Signal]) -> Mapping[str, float]:
    """Kind -> the weight of its strongest signal: one change measured in two ways of a kind counts once."""
    found: dict[str, float] = {}
    for signal in signals:
        weight = signal.confidence if signal.confidence is not None else _SEVERITY.get(signal.severity, 0.0)
        found[signal.kind] = max(found.get(signal.kind, 0.0), weight)
    return found


def _commerce(records: Sequence[Record]) -> float:
    share = sum(bool(_COMMERCE.search(r.title)) for r in records) / len(records) if records else 0.0
    return _BOUNDS["commerce"][0] * share if share >= 1 / 3 else 0.0


def interest(
    records: Sequence[Record],
    claims: Sequence[Claim],
    beats: Mapping[str, Sequence[str]],
    interests: Sequence[InterestSettings],
) -> float:
    """What the desk's interests give a storyline: of each its weight times the share of the records that match it.

    A record matches by a word or phrase in its headline or its first 2,000 characters, by a name in its claims, or by
    one of its beats (`beats`: record id -> beats).
    """
    if not interests or not records:
        return 0.0
    named: dict[str, set[str]] = {}
    for claim in claims:
        named.setdefault(claim.record_id, set()).update(claim.entities)
    total = 0.0
    for one in interests:
        words, names = [_flat(word) for word in one.words], [_flat(name) for name in one.names]
        matching = sum(
            any(word in _flat(f"{record.title} {record.text[:_READ]}") for word in words)
            or any(name in _flat(entity) for name in names for entity in named.get(record.id, ()))
            or any(beat in beats.get(record.id, ()) for beat in one.beats)
            for record in records
        )
        total += one.weight * matching / len(records)
    return total


def _flat(text: str) -> str:
    """Folded words with a blank on either side of each, so that a phrase is found on word boundaries only."""
    return f" {' '.join(tokens(text))} "
