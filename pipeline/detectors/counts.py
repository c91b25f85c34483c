"""Counts of origins against their baseline.

Method: a rate over a seasonal baseline with a Poisson tail for its severity (the exceedance test of burst detectors
such as Kleinberg 2002 and the CDC's EARS C1/C2), with days of the same kind (working day, weekend) weighing double.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.detectors.building import plural, rows, signal
from pipeline.detectors.frame import Arrival, Frame
from pipeline.detectors.holds import few_voices, too_early
from pipeline.domain import Signal

FLOOR_PER_DAY = 0.5  # origins a day that any living storyline may have without being news


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
    held = too_early(frame) or few_voices(recent, copies, copied)
    return signal(
        "velocity",
        subject,
        frame,
        score=score,
        baseline=baseline,
        threshold=settings.velocity_ratio,
        n=len(recent),
        severity=_severity(_poisson_tail(len(recent), baseline)),
        evidence=rows([(a.record_id, 1.0, a.voice) for a in (recent or copies)]),
        summary=f"{label}: {len(recent)} {plural('origin', len(recent))} in {settings.window_hours} hours, "
        f"against {baseline:.1f} expected.",
        held=held,
    )


def _sustained(recent: Sequence[Arrival], frame: Frame) -> bool:
    sixth = (frame.now - frame.start) / 6
    return len({int((a.at - frame.start) / sixth) for a in recent}) >= 2


def _poisson_tail(count: int, mean: float) -> float:
    """P(X >= count) for X ~ Poisson(mean)."""
    below = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count))
    return min(1.0, max(0.0, 1.0 - below))


def _severity(tail: float) -> str:
    return "high" if tail < 1e-5 else "medium" if tail < 1e-2 else "low"


def _weekend(moment: datetime) -> bool:
    return (moment - timedelta(seconds=1)).weekday() >= 5
