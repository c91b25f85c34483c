"""Exposure: when a source was read, so that hours in which nobody looked are never taken for hours without news.

A read covers the time back to the last read that succeeded, at most as far as the feed reached. Time before the first
read that was kept is unknown and counts as read. The words are those of survey statistics: a count is divided by the
time at risk (exposure) in which it could have been observed, not by the calendar.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import SourceRead

Stretch = tuple[datetime, datetime]  # from, until
Hours = NDArray[np.bool_]

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_NIGHT = timedelta(days=1)
_HOUR = timedelta(hours=1)
UNLIKELY = 0.001  # probability of seeing nothing below which nobody was looking, or nothing could be seen
_LONG = timedelta(hours=20)  # empty reads of a shorter time may be a night's rest
_LATE = 1.5  # times the usual pause between reads after which one is late
_HABIT = 5  # pauses between reads that show what a source usually brings


def stretches(reads: Sequence[SourceRead], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """The parts of `start`..`end` in which one source was read, ascending and apart. `reads` are of that source.

    A source without any read kept counts as read throughout.
    """
    if not reads:
        return ((start, end),) if start < end else ()
    ordered = sorted(reads, key=lambda read: read.at)
    known = ordered[0].at if ordered[0].ok else ordered[0].at - _NIGHT
    found: list[Stretch] = [(_ALWAYS, known)]
    last, pause, usual = known, *_habits(ordered)
    for read in ordered:
        if read.ok:
            late = read.at - last > _LATE * pause
            found.append((_from(read, last, usual) if late else last, read.at))
            last = read.at
    return _clipped(_without(_joined(found), _silences(ordered)), start, end)


def covered(reads: Sequence[SourceRead], start: datetime, end: datetime) -> float:
    """The share (0..1) of `start`..`end` in which one source was read; 1 for no time at all."""
    if end <= start:
        return 1.0
    return sum(((b - a) / (end - start) for a, b in stretches(reads, start, end)), 0.0)


def hourly(reads: Sequence[SourceRead], end: datetime, hours: int) -> Hours:
    """Which of the `hours` whole hours before `end` one source was read in; number 0 is the last hour before `end`.

    An hour counts where at least half of it was read.
    """
    return _mask(stretches(reads, end - hours * _HOUR, end), end, hours)


def common(
    reads: Mapping[str, Sequence[SourceRead]], sources: Iterable[str], start: datetime, end: datetime
) -> tuple[Stretch, ...]:
    """The parts of `start`..`end` in which all of `sources` were read: only there may they be compared."""
    found: tuple[Stretch, ...] = ((start, end),) if start < end else ()
    for source in sorted(set(sources)):
        theirs = stretches(reads.get(source, ()), start, end)
        found = tuple((max(a, c), min(b, d)) for a, b in found for c, d in theirs if max(a, c) < min(b, d))
    return found


def within(at: datetime, parts: Sequence[Stretch]) -> bool:
    """Whether a moment lies in one of `parts`, their beginnings included."""
    return any(start <= at < end for start, end in parts)


def desk(reads: Mapping[str, Sequence[SourceRead]], end: datetime, hours: int) -> NDArray[np.float64]:
    """The share of the desk's sources (0..1, weighed by what they bring) read in each hour before `end`, last first.

    A source weighs as many items as its median read brought, and one more. Without any read kept every hour is read.
    """
    total = np.zeros(hours)
    weights = 0.0
    for source in sorted(reads):
        weight = 1.0 + float(np.median([read.fresh for read in reads[source] if read.ok] or [0]))
        total += weight * hourly(reads[source], end, hours)
        weights += weight
    return total / weights if weights else np.ones(hours)


# --- one source ------------------------------------------------------------------------------------------------------


def _habits(ordered: Sequence[SourceRead]) -> tuple[timedelta, float]:
    """The median time between reads that succeeded, and the median of new items an hour between them; 0 for unknown."""
    good = [read for read in ordered if read.ok]
    if len(good) < 2:
        return timedelta(0), 0.0
    pauses = [(b.at - a.at) / _HOUR for a, b in pairwise(good)]
    rates = [b.fresh / max(pause, 1 / 60) for (_, b), pause in zip(pairwise(good), pauses, strict=True)]
    return float(np.median(pauses)) * _HOUR, float(np.median(rates))


def _from(read: SourceRead, last: datetime, usual: float) -> datetime:
    """Since when a read that came late covers: the last success, unless the feed had run over in between.

    All that it listed was new, and the time between the last success and its oldest item (`reach`) would at the usual
    rate have brought so many that none at all has a probability below `UNLIKELY` (Poisson). A feed that runs over every
    night is not told from one that is slow: what it brings is steady, and counts are compared with what it brought.
    """
    if read.reach is None or read.reach <= last:
        return last
    return read.reach if math.exp(-usual * ((read.reach - last) / _HOUR)) < UNLIKELY else last


def _silences(ordered: Sequence[SourceRead]) -> tuple[Stretch, ...]:
    """Times of `ordered` reads that succeeded and brought nothing, for longer than the source's own rate explains.

    The rate is the median over its reads of new items an hour; an empty time of at least twenty hours whose Poisson
    probability is below `UNLIKELY` says that the source stood still, or that its answers are stale, not that the world
    did.
    """
    good = [read for read in ordered if read.ok]
    if len(good) <= _HABIT:
        return ()
    _, usual = _habits(ordered)
    found: list[Stretch] = []
    for before, read in pairwise(good):
        if read.fresh:
            continue
        if found and found[-1][1] == before.at:
            found[-1] = (found[-1][0], read.at)
        else:
            found.append((before.at, read.at))
    return tuple((a, b) for a, b in found if b - a >= _LONG and math.exp(-usual * ((b - a) / _HOUR)) < UNLIKELY)


# --- stretches -------------------------------------------------------------------------------------------------------


def _joined(parts: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _without(parts: Iterable[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    left = list(parts)
    for start, end in holes:
        left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
    return left


def _clipped(parts: Iterable[Stretch], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    return tuple((max(a, start), min(b, end)) for a, b in parts if max(a, start) < min(b, end))


def _mask(parts: Iterable[Stretch], end: datetime, hours: int) -> Hours:
    filled = np.zeros(hours)
    for a, b in parts:
        near, far = (end - b) / _HOUR, (end - a) / _HOUR  # hours before `end`
        edges = np.arange(hours, dtype=np.float64)
        filled += np.clip(np.minimum(edges + 1, far) - np.maximum(edges, near), 0.0, 1.0)
    mask: Hours = filled >= 0.5
    return mask
