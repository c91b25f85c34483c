"""The detectors: pure functions from counts and findings to signals.

Everything is counted in origins (records that copy each other are one). A detector answers None when nothing moved,
a Signal when something did, and a Signal with `held` set when it may not be believed tonight. Method: a rate over a
seasonal baseline with a Poisson tail for its severity (the exceedance test of burst detectors such as Kleinberg 2002
and the CDC's EARS C1/C2), with days of the same kind (working day, weekend) weighing double.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain import Dispute, DisputeKind, Finding, Signal, SourceHealth, Weighted, digest
from pipeline.settings import SignalSettings

MIN_HISTORY_DAYS = 3  # fewer days of reading make no baseline
FLOOR_PER_DAY = 0.5  # origins a day that any living storyline may have without being news
MAX_ROWS = 12

_DISPUTES = {
    DisputeKind.NUMBER: "a number",
    DisputeKind.DATE: "a date",
    DisputeKind.POLARITY: "whether it is so",
    DisputeKind.ATTRIBUTION: "who said it",
    DisputeKind.STATUS: "whether it has happened",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record of the subject: when it came out, from where, and which origin it belongs to."""

    record_id: str
    origin_id: str
    source: str
    voice: str  # publisher, author or source: who speaks
    at: datetime
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class Novel:
    """A finding of the window, with its distance (0..1) from everything that was known before."""

    finding: Finding
    distance: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What every detector measures in: settings, the end of the window, and how long the desk has been reading."""

    settings: SignalSettings
    now: datetime
    reading_since: datetime | None

    @property
    def start(self) -> datetime:
        """First moment of the measured window."""
        return self.now - timedelta(hours=self.settings.window_hours)

    @property
    def history_days(self) -> float:
        """Days of reading before the window, at most the baseline's length."""
        if self.reading_since is None or self.reading_since >= self.start:
            return 0.0
        return min((self.start - self.reading_since) / timedelta(days=1), float(self.settings.baseline_days))


def signal_id(kind: str, subject: str, now: datetime) -> str:
    """Same kind, subject and day of the window's end give the same id, so that a second run adds nothing."""
    return "g" + digest("signal", kind, subject, now.date().isoformat())


def first_arrivals(arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """One arrival per origin, its earliest, in order of time then id."""
    seen: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.at, a.record_id)):
        seen.setdefault(arrival.origin_id, arrival)
    return tuple(seen.values())


def daily_baseline(arrivals: Sequence[Arrival], frame: Frame) -> float:
    """Expected arrivals in one window: mean over the earlier windows that lie inside the desk's history.

    Windows that end on the same kind of day weigh double. The floor keeps a young storyline from dividing by zero.
    """
    length = timedelta(hours=frame.settings.window_hours)
    floor = FLOOR_PER_DAY * frame.settings.window_hours / 24
    windows = int(frame.history_days * 24 // frame.settings.window_hours)
    total = weights = 0.0
    for back in range(1, windows + 1):
        end = frame.now - back * length
        weight = 2.0 if _weekend(end) == _weekend(frame.now) else 1.0
        total += weight * sum(1 for a in arrivals if end - length <= a.at < end)
        weights += weight
    return max(floor, total / weights) if weights else floor


def velocity(subject: str, label: str, arrivals: Sequence[Arrival], frame: Frame) -> Signal | None:
    """Origins in the window against their baseline. Sustained: they must not all fall into one sixth of the window."""
    settings = frame.settings
    origins = first_arrivals(arrivals)
    recent = [a for a in origins if frame.start <= a.at < frame.now]
    copies = [a for a in arrivals if frame.start <= a.at < frame.now]
    baseline = daily_baseline(origins, frame)
    score = len(recent) / baseline
    by_copies = len(copies) / baseline
    fires = score >= settings.velocity_ratio and len(recent) >= settings.velocity_origins and _sustained(recent, frame)
    copied = not fires and by_copies >= settings.velocity_ratio and len(copies) >= 2 * settings.velocity_origins
    if not fires and not copied:
        return None
    held = _history_hold(frame) or _voices_hold(recent, copies, copied)
    return _signal(
        "velocity",
        subject,
        frame,
        score=score,
        baseline=baseline,
        threshold=settings.velocity_ratio,
        n=len(recent),
        severity=_severity(_poisson_tail(len(recent), baseline)),
        evidence=_rows([(a.record_id, 1.0, a.voice) for a in (recent or copies)]),
        summary=f"{label}: {len(recent)} {_plural('origin', len(recent))} in {settings.window_hours} hours, "
        f"against {baseline:.1f} expected.",
        held=held,
    )


def novelty(subject: str, label: str, novel: Sequence[Novel], known: int, frame: Frame) -> Signal | None:
    """New findings, from two or more origins, whose median distance from what was known passes the threshold.

    `known` is how many findings the storyline had before the window; with none there is nothing to be far from.
    """
    settings = frame.settings
    far = sorted(
        (n for n in novel if n.distance >= settings.novelty_distance), key=lambda n: (-n.distance, n.finding.id)
    )
    origins = sorted({origin for n in far for origin in n.finding.origin_ids})
    if not known or len(origins) < 2 or 2 * len(far) < len(novel):
        return None
    score = _median([n.distance for n in novel])
    if score < settings.novelty_distance:
        return None
    return _signal(
        "novelty",
        subject,
        frame,
        score=score,
        baseline=0.0,
        threshold=settings.novelty_distance,
        n=len(origins),
        severity="high" if len(origins) >= 5 else "medium" if len(origins) >= 3 else "low",
        evidence=_rows([(n.finding.claim_ids[0], n.distance, "new finding") for n in far]),
        summary=f"{label}: {len(far)} {_plural('finding', len(far))} unlike the {known} known before, "
        f"from {len(origins)} origins.",
        held=_history_hold(frame),
    )


def corroboration(subject: str, label: str, findings: Sequence[Finding], frame: Frame) -> Signal | None:
    """Findings that k independent origins make, the latest of them inside the window."""
    least = frame.settings.corroboration_origins
    hits = sorted(
        (f for f in findings if len(f.origin_ids) >= least and frame.start <= f.last_seen <= frame.now),
        key=lambda f: (-len(f.origin_ids), f.id),
    )
    if not hits:
        return None
    most = len(hits[0].origin_ids)
    return _signal(
        "corroboration",
        subject,
        frame,
        score=float(most),
        baseline=1.0,
        threshold=float(least),
        n=most,
        severity="high" if most >= least + 3 else "medium" if most > least else "low",
        evidence=_rows([(claim, float(len(f.origin_ids)), f"finding {f.id}") for f in hits for claim in f.claim_ids]),
        summary=f"{label}: {len(hits)} {_plural('finding', len(hits))} made by {least} or more independent origins, "
        f"the widest by {most}.",
    )


def contradiction(subject: str, label: str, findings: Sequence[Finding], frame: Frame) -> Signal | None:
    """Disputes of findings that were last seen inside the window."""
    disputes: dict[tuple[str, str, str], Dispute] = {}
    for finding in sorted(findings, key=lambda f: f.id):
        if frame.start <= finding.last_seen <= frame.now:
            for dispute in finding.disputes:
                a, b = sorted((dispute.a, dispute.b))
                disputes.setdefault((a, b, dispute.kind.value), dispute)
    if not disputes:
        return None
    found = [disputes[key] for key in sorted(disputes)]
    kinds = sorted({d.kind for d in found})
    return _signal(
        "contradiction",
        subject,
        frame,
        score=float(len(found)),
        baseline=0.0,
        threshold=1.0,
        n=len({claim for d in found for claim in (d.a, d.b)}),
        severity="high" if len(found) >= 3 else "medium" if len(found) == 2 else "low",
        evidence=_rows([(claim, 1.0, d.kind.value) for d in found for claim in (d.a, d.b)]),
        summary=f"{label}: sources differ on {', '.join(_DISPUTES[k] for k in kinds)} "
        f"({len(found)} {_plural('dispute', len(found))}).",
    )


def outage(sources: Sequence[str], health: Mapping[str, SourceHealth], frame: Frame) -> str | None:
    """Why the sources behind a signal may not be trusted in this window, or None.

    A source failed when its last read was not ok, lags when its last success lies before the window, and is silent
    when it answers but brings none of the items that it usually brings.
    """
    for name in sorted(set(sources)):
        state = health.get(name)
        if state is None:
            continue
        if not state.ok:
            return f'source "{name}" failed in the window: {state.error or "no answer"}'
        if state.last_success is not None and state.last_success < frame.start:
            return f'source "{name}" lags: last read {state.last_success:%Y-%m-%d %H:%M}'
        if state.silent:
            return f'source "{name}" is silent: nothing new in {state.empties} reads, usually {state.usual:.1f} in each'
    return None


def backfilled(arrivals: Sequence[Arrival], frame: Frame) -> str | None:
    """A window whose records mostly come from a backfill measures our reading, not the news."""
    recent = [a for a in arrivals if frame.start <= a.at < frame.now]
    filled = sum(1 for a in recent if a.backfill)
    return f"{filled} of {len(recent)} records come from a backfill" if filled * 2 > len(recent) else None


# --- parts -----------------------------------------------------------------------------------------------------------


def _signal(
    kind: str,
    subject: str,
    frame: Frame,
    *,
    score: float,
    baseline: float,
    threshold: float,
    n: int,
    severity: str,
    evidence: tuple[Weighted, ...],
    summary: str,
    held: str | None = None,
) -> Signal:
    return Signal(
        id=signal_id(kind, subject, frame.now),
        kind=kind,
        subject=subject,
        score=round(score, 6),
        baseline=round(baseline, 6),
        threshold=threshold,
        n=n,
        window_start=frame.start,
        window_end=frame.now,
        severity=severity,
        evidence=evidence,
        summary=summary,
        held=held,
    )


def _rows(items: Sequence[tuple[str, float, str]]) -> tuple[Weighted, ...]:
    """Evidence rows whose weights sum to 1 over the rows kept (the heaviest, first come first on ties)."""
    unique: dict[str, tuple[float, str]] = {}
    for ident, weight, note in items:
        unique.setdefault(ident, (weight, note))
    kept = sorted(unique.items(), key=lambda kv: -kv[1][0])[:MAX_ROWS]
    total = sum(weight for _, (weight, _) in kept) or 1.0
    return tuple(Weighted(ident, round(weight / total, 6), note) for ident, (weight, note) in kept)


def _sustained(recent: Sequence[Arrival], frame: Frame) -> bool:
    sixth = (frame.now - frame.start) / 6
    return len({int((a.at - frame.start) / sixth) for a in recent}) >= 2


def _history_hold(frame: Frame) -> str | None:
    if frame.history_days < MIN_HISTORY_DAYS:
        days = round(frame.history_days)
        return f"only {days} {_plural('day', days)} of history, {MIN_HISTORY_DAYS} make a baseline"
    return None


def _voices_hold(recent: Sequence[Arrival], copies: Sequence[Arrival], copied: bool) -> str | None:
    """Copies, or one voice speaking often, make a spike that is no news."""
    if copied and not recent:
        return f"none of the {len(copies)} records of the window is of a new origin"
    if copied:
        return f"the {len(copies)} records of the window are copies of {len(recent)} {_plural('origin', len(recent))}"
    if not recent:
        return None
    voice, most = min(Counter(a.voice for a in recent).items(), key=lambda kv: (-kv[1], kv[0]))
    if most * 5 > len(recent) * 3:
        return f'{most} of {len(recent)} origins come from one voice, "{voice}"'
    return None


def _poisson_tail(count: int, mean: float) -> float:
    """P(X >= count) for X ~ Poisson(mean)."""
    below = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count))
    return min(1.0, max(0.0, 1.0 - below))


def _severity(tail: float) -> str:
    return "high" if tail < 1e-5 else "medium" if tail < 1e-2 else "low"


def _weekend(moment: datetime) -> bool:
    return (moment - timedelta(seconds=1)).weekday() >= 5


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else noun + "s"
