"""Which storylines become stories tonight, and in which order: a sum of named terms that the story prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.domain import Finding, Record, Signal, Storyline

_SEVERITY = {"low": 0.3, "medium": 0.6, "high": 1.0}
_HALF_LIFE_HOURS = 24.0


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

    origins: log2 of their number. signals: severities of those that fired, at most 2. freshness: halves every day
    since the newest record. disputes: 0.3 each, at most 1. novelty: share of findings of the last day. beat fit:
    share of the records that belong to the beat.
    """
    newest = max((min(r.published, r.fetched) for r in records), default=storyline.updated)
    age = max(0.0, (now - newest).total_seconds() / 3600)
    fresh = [f for f in findings if (now - f.first_seen).total_seconds() <= 86_400]
    disputes = {frozenset((d.a, d.b)) for f in findings for d in f.disputes}
    terms = {
        "origins": math.log2(max(1, origins)),
        "signals": min(2.0, sum(_SEVERITY.get(s.severity, 0.0) for s in signals if s.held is None)),
        "freshness": 0.5 ** (age / _HALF_LIFE_HOURS),
        "disputes": min(1.0, 0.3 * len(disputes)),
        "novelty": len(fresh) / len(findings) if findings else 0.0,
        "beat fit": beat_share,
    }
    rounded = {name: round(value, 6) for name, value in terms.items()}
    return {**rounded, "total": round(sum(rounded.values()), 6)}
