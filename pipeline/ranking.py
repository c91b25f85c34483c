"""Which storylines become stories tonight, and in which order: a sum of named terms that the story prints."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.addresses import registrable
from pipeline.domain import Finding, Record, Signal, Storyline

_SEVERITY = {"low": 0.3, "medium": 0.6, "high": 1.0}
_HALF_LIFE_HOURS = 24.0
_COMMERCE = re.compile(  # offers, listings and guides to watching: furniture of the web, not events
    r"\b(?:promo|coupon|voucher|discount) codes?\b|\bcoupons?\b|\b\d+% off\b|[$£€]\d[\d.,]* off\b"
    r"|\bsave (?:up to )?[$£€]?\d|\bdeals? (?:on|under)\b|\bgift guides?\b|\bgiveaways?\b|\bbuying guide\b"
    r"|\b(?:best|top|early|today.s|weekend|prime day|black friday|exclusive) (?:\w+ ){0,3}(?:deals?|sales?|offers?)\b"
    r"|\b(?:how|where) to (?:watch|buy|stream|pre-?order)\b|\blive ?streams?\b|\btv channel\b|\bkick-?off time\b"
    r"|\bhoroscopes?\b|\bhints?\b.*\banswers?\b|\banswers?\b.*\bhints?\b|\bcrossword\b|\blottery\b"
    r"|\bbetting (?:tips|odds)\b|\bwhat.s on tv\b|\blive (?:scores?|blog|updates?)\b",
    re.IGNORECASE,
)
_OFFERS = 4.0  # off the sum where every headline is an offer


def rank(
    storyline: Storyline,
    *,
    records: Sequence[Record],
    origins: int,
    findings: Sequence[Finding],
    signals: Sequence[Signal],
    beat_share: float,
    now: datetime,
) -> Mapping[str, float]:
    """The terms of the ranking sum and "total", rounded to 1e-6.

    origins: log2 of their number, or of that of the publishers where these are fewer: many pages of one publisher are
    one voice. commerce: minus 4 times the share of headlines that offer, list or guide, where it is a third or more.
    signals: severities of those that fired, at most 2. freshness: halves every day
    since the newest record. disputes: 0.3 each, at most 1. novelty: share of findings of the last day. beat fit:
    share of the records that belong to the beat.
    """
    newest = max((min(r.published, r.fetched) for r in records), default=storyline.updated)
    age = max(0.0, (now - newest).total_seconds() / 3600)
    fresh = [f for f in findings if (now - f.first_seen).total_seconds() <= 86_400]
    disputes = {frozenset((d.a, d.b)) for f in findings for d in f.disputes}
    terms = {
        "origins": math.log2(max(1, min(origins, len({_voice(r) for r in records}) or 1))),
        "signals": min(2.0, sum(_SEVERITY.get(s.severity, 0.0) for s in signals if s.held is None)),
        "freshness": 0.5 ** (age / _HALF_LIFE_HOURS),
        "disputes": min(1.0, 0.3 * len(disputes)),
        "novelty": len(fresh) / len(findings) if findings else 0.0,
        "beat fit": beat_share,
        "commerce": _commerce(records),
    }
    rounded = {name: round(value, 6) for name, value in terms.items()}
    return {**rounded, "total": round(sum(rounded.values()), 6)}


def _voice(record: Record) -> str:
    """Who speaks in a record: the owner of its domain, else its publisher; posts and comments speak for themselves."""
    if record.kind in {"post", "comment"}:
        return record.id
    return (registrable(record.url) if record.url else None) or record.publisher or record.id


def _commerce(records: Sequence[Record]) -> float:
    share = sum(bool(_COMMERCE.search(r.title)) for r in records) / len(records) if records else 0.0
    return -_OFFERS * share if share >= 1 / 3 else 0.0
