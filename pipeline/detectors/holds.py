"""Why a signal may not be believed tonight: too little history, sources that did not answer, a backfill, one voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.detectors.building import plural
from pipeline.detectors.frame import Arrival, Frame
from pipeline.domain import SourceHealth

MIN_HISTORY_DAYS = 3  # fewer days of reading make no baseline


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


def too_early(frame: Frame) -> str | None:
    """Why there is no baseline yet, or None."""
    if frame.history_days < MIN_HISTORY_DAYS:
        days = round(frame.history_days)
        return f"only {days} {plural('day', days)} of history, {MIN_HISTORY_DAYS} make a baseline"
    return None


def few_voices(recent: Sequence[Arrival], copies: Sequence[Arrival], copied: bool) -> str | None:
    """Copies, or one voice speaking often, make a spike that is no news."""
    if copied and not recent:
        return f"none of the {len(copies)} records of the window is of a new origin"
    if copied:
        return f"the {len(copies)} records of the window are copies of {len(recent)} {plural('origin', len(recent))}"
    if not recent:
        return None
    voice, most = min(Counter(a.voice for a in recent).items(), key=lambda kv: (-kv[1], kv[0]))
    if most * 5 > len(recent) * 3:
        return f'{most} of {len(recent)} origins come from one voice, "{voice}"'
    return None
