"""When news comes, and when anybody looked: the desk's profile over the hours of the week, and exposure by source.

The profile is the product of a day's and an hour's factor with a remainder for each of the 168 hours; every factor is
drawn towards 1 as its weeks and counts are few (additive smoothing, Good 1965). A subject gives an hour no more than a
few times its own mean, so that a single event does not shape the week. An hour counts as read where exposure.py says
so; hours in which the whole desk brings next to nothing, and those before a source began, were not.

Units: hours are whole hours before the end of the window (0 is the last of it); a weight of 1 is an average hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors import exposure
from pipeline.detectors.frame import About, History, Series

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK, _DAY = 168, 24
_FEW = 30.0  # counts that weigh as much as the belief that an hour is like any other
_CHUNK = 6  # hours that are looked at together for gaps of the whole desk
_GAP = 0.05  # share of what is usual below which nobody was looking
_MUCH = 20.0  # origins that must be usual in such a time
UNLIKELY = 1e-3  # chance below which silence is no accident


@dataclass(frozen=True, slots=True)
class Season:
    """Weights of time. `blocks` of history as long as the window, block 0 the latest; `tonight`: weights of its hours.

    `read`: for each source (row) the weight of the hours of each block in which it was read. `hours`: whether it was
    read in each hour of history. `alike`: which blocks lie in the week as the window does. `steps`: `quarters` of
    the window; `recent`: weight of as many hours before it, where they were read, by source and step. `squares`:
    by block, the sum of the squares of its hours' weights over the square of their sum.
    """

    length: int
    tonight: Floats
    read: Floats
    hours: NDArray[np.bool_]
    alike: NDArray[np.bool_]
    steps: tuple[int, ...]
    recent: Floats
    squares: Floats

    @property
    def blocks(self) -> int:
        """How many blocks of history there are."""
        return int(self.read.shape[1])


def hours_of_week(end: datetime, hours: int) -> Ints:
    """For each of the `hours` before `end`, latest first, its place in the week: 0 is Monday from midnight, UTC."""
    middles = end.timestamp() / 3600 - np.arange(hours) - 0.5
    places: Ints = (np.floor(middles).astype(np.int64) + 3 * _DAY) % _WEEK  # the epoch began on a Thursday
    return places


def quarters(length: int) -> tuple[int, int, int, int, int]:
    """One, two, three, four and six quarters of a window of `length`, in whole hours, each at least one."""
    one, two, three, four, six = (max(1, length * k // 4) for k in (1, 2, 3, 4, 6))
    return one, two, three, four, six


def profile(places: Ints, totals: Floats, read: Floats) -> Floats:
    """Weights of the 168 hours of the week, of mean 1, from `totals` in hours at `places` of which `read` was read."""
    counts, time = _sums(places, totals * (read > 0), _WEEK), _sums(places, read, _WEEK)
    mean = counts.sum() / time.sum() if time.sum() and counts.sum() else 1.0
    days, hours = np.arange(_WEEK) // _DAY, np.arange(_WEEK) % _DAY
    day = _factor(days, 7, counts, time * mean, time / _DAY)
    hour = _factor(hours, _DAY, counts, time * mean * day[days], time)
    weight = day[days] * hour[hours]
    weight = weight * _factor(np.arange(_WEEK), _WEEK, counts, time * mean * weight, time / 4)
    return np.asarray(weight / weight.mean(), dtype=np.float64)


def _factor(groups: Ints, number: int, counts: Floats, expected: Floats, weeks: Floats) -> Floats:
    """Counted over expected by group, drawn towards 1 by few counts and by few of `weeks` (independent sightings)."""
    seen = _sums(groups, weeks, number)
    ratio = (_sums(groups, counts, number) + _FEW) / (_sums(groups, expected, number) + _FEW)
    return np.asarray(ratio ** (seen / (seen + 0.5)), dtype=np.float64)


def _sums(groups: Ints, values: Floats, number: int) -> Floats:
    return np.bincount(groups, values, number).astype(np.float64)


def season(series: Series, history: History, end: datetime, length: int, days: int) -> tuple[Season, Ints]:
    """The season of `series` before a window of `length` hours that ends at `end`, from at most `days` of history.

    Also gives, for each count of the series, the row of its source in `read`; where sources are not known there is one
    row, the share of the desk that was read.
    """
    blocks = max(1, days * _DAY // length)
    span = blocks * length
    names, owner = _owners(series)
    read = _read(names, history, end, length + span)[:, length:]
    if history.since is not None:
        read[:, max(0, int((end - history.since).total_seconds() // 3600) - length) :] = False
    inside = (series.hours >= length) & (series.hours < length + span)
    places = hours_of_week(end, length + span)
    flat, hour = owner[inside], series.hours[inside].astype(np.int64) - length
    by_source = np.zeros((len(read), span))
    np.add.at(by_source, (flat, hour), _calmed(series, inside))
    _begin(read, by_source)
    totals = by_source.sum(axis=0)
    weight = profile(places[length:], totals, _share(read, by_source))
    weights = weight[places]
    read &= ~_gaps(totals, weights[length:])
    weight = profile(places[length:], totals, _share(read, by_source))
    weights = weight[places]
    weighed = read * weights[length:]
    steps = tuple(dict.fromkeys(quarters(length)))
    of_block = weights[length:].reshape(blocks, length)
    made = Season(
        length=length,
        tonight=weights[:length],
        read=weighed.reshape(len(read), blocks, length).sum(axis=2),
        hours=read,
        alike=_alike(places, length, blocks),
        steps=steps,
        recent=np.stack([weighed[:, :hours].sum(axis=1) for hours in steps], axis=1),
        squares=(of_block**2).sum(axis=1) / of_block.sum(axis=1) ** 2,
    )
    return made, owner


def _owners(series: Series) -> tuple[Sequence[str], Ints]:
    """Names of the rows of exposure, and for each count which of them it belongs to."""
    if len(series.source):
        return series.sources, series.source.astype(np.int64)
    number = np.diff(series.first)
    if series.subjects and series.subjects[0].about is About.SOURCE:
        return [one.id for one in series.subjects], np.repeat(np.arange(len(number)), number)
    return (), np.zeros(len(series.counts), dtype=np.int64)


def _read(names: Sequence[str], history: History, end: datetime, hours: int) -> NDArray[np.bool_]:
    if not names:
        return (exposure.desk(history.reads, end, hours) >= 0.5)[None, :]
    rows = [exposure.hourly(history.reads.get(name, ()), end, hours) for name in names]
    return np.stack(rows)


def _calmed(series: Series, inside: NDArray[np.bool_]) -> Floats:
    """Counts, none more than a few times the mean hour of its subject."""
    number = np.diff(series.first)
    subject = np.repeat(np.arange(len(number)), number)
    total = np.bincount(subject, series.counts, len(number))
    span = np.bincount(subject, weights=np.ones(len(subject)), minlength=len(number))
    most = 2.0 + 2.0 * total / np.maximum(span, 1.0)
    return np.minimum(series.counts, most[subject])[inside].astype(np.float64)


def _share(read: NDArray[np.bool_], by_source: Floats) -> Floats:
    """The share of the desk's traffic that was read in each hour; hours of which less than half was read count not."""
    traffic = by_source.sum(axis=1) / np.maximum(read.sum(axis=1), 1)
    share = traffic @ read / traffic.sum() if traffic.sum() else read.mean(axis=0)
    return np.where(share >= 0.5, share, 0.0)


def _begin(read: NDArray[np.bool_], by_source: Floats) -> None:
    """A source was not read before its first item where so long a silence is no accident at its rate (Poisson)."""
    for row, counts in zip(read, by_source, strict=True):
        came = np.flatnonzero(counts)
        if not len(came):
            continue
        oldest = int(came[-1]) + 1
        rate = counts.sum() / max(1, int(row[:oldest].sum()))
        if np.exp(-rate * row[oldest:].sum()) < UNLIKELY:
            row[oldest:] = False


def _gaps(totals: Floats, weights: Floats) -> NDArray[np.bool_]:
    """Hours in which the whole desk brought next to nothing, though much was to be expected."""
    number = -(-len(totals) // _CHUNK)
    part = np.arange(len(totals)) // _CHUNK
    level = float(np.median(np.bincount(part, totals, number))) / _CHUNK
    usual = np.bincount(part, weights * level, number)
    quiet = (np.bincount(part, totals, number) < _GAP * usual) & (usual >= _MUCH)
    return np.asarray(quiet[part], dtype=np.bool_)


def _alike(places: Ints, length: int, blocks: int) -> NDArray[np.bool_]:
    """Blocks of which as much lies in a weekend as of the window, and that begin at the same hour of the day."""
    weekend = (places >= 5 * _DAY).reshape(blocks + 1, length).mean(axis=1)
    begins = places.reshape(blocks + 1, length)[:, 0] % _DAY
    same = (np.abs(weekend[1:] - weekend[0]) <= 0.5) & (begins[1:] == begins[0])
    return np.asarray(same, dtype=np.bool_)
