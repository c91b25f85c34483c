"""Quiet copies of real series: each day drawn from the subject's own days, and changes of known size planted into them.

A bootstrap of whole days (Efron 1979; working days from working days, weekends from weekends): level, hours, sources
and noise of a subject stay, the order of its days and what lasted over several days go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.backtest import planting, worlds
from pipeline.backtest.planting import DAY, Counts, Plant, Spell
from pipeline.backtest.worlds import Origins, World
from pipeline.detectors.frame import About, Subject
from pipeline.protocols import Hourly

LEAST_ACTIVE = 1 / 3  # of its days a subject must have brought something on, to have a usual rate at all
LEAST_ORIGINS = 6
_Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted of one subject on whole days: for each origin its day (0: the first), hour of day and source."""

    subject: Subject
    day: Counts
    hour: Counts
    source: Counts
    first: int  # its first day
    days: int  # days that were counted, whether or not something came
    steady: bool = True  # it brought something often enough to have a usual rate

    def on(self, day: int) -> _Places:
        """Places of what came on a day."""
        low, high = np.searchsorted(self.day, (day, day + 1))
        return np.arange(low, high)


def seen(about: About, hourly: Hourly, end: datetime, since: datetime) -> tuple[Seen, ...]:
    """The subjects of `hourly` that have a usual rate: something on a third of the days since they were first met.

    Sources are all there, for one that tells nothing holds what rests on it. Only whole days (UTC) from `since` until
    `end` count. Sources are places in `hourly.sources`.
    """
    midnight = first_day(since)
    days = (end - midnight) // timedelta(days=1)
    at = (end - midnight) // timedelta(hours=1) - 1 - hourly.hour  # whole hours since midnight
    usable = (at >= 0) & (at < days * DAY)
    found = []
    for row, key in enumerate(hourly.keys):
        mine = np.flatnonzero((hourly.subject == row) & usable)
        mine = mine[np.argsort(at[mine], kind="stable")]
        mine = np.repeat(mine, hourly.count[mine])
        if not len(mine):
            continue
        day = (at[mine] // DAY).astype(np.int32)
        first = int(day[0])
        steady = len(mine) >= LEAST_ORIGINS and len(np.unique(day)) >= max(3, LEAST_ACTIVE * (days - first))
        if not steady and about is not About.SOURCE:
            continue
        hour = (at[mine] % DAY).astype(np.int32)
        found.append(Seen(Subject(about, key, key), day, hour, hourly.source[mine], first, days, steady))
    return tuple(found)


def first_day(since: datetime) -> datetime:
    """The first midnight (UTC) at or after `since`."""
    almost = since.astimezone(UTC) + timedelta(days=1) - timedelta(microseconds=1)
    return almost.replace(hour=0, minute=0, second=0, microsecond=0)


def copy(
    real: Sequence[Seen],
    sources: Sequence[str],
    rng: np.random.Generator,
    *,
    weekday: int,
    days: int,
    nights: int,
    sizes: Sequence[float] = planting.SIZES,
    voices: Mapping[str, tuple[str, ...]] | None = None,
) -> World:
    """A world of `days` of history and `nights` measured ones, drawn from `real`; every second subject has a change.

    `weekday`: of day 0 of `real` (0: Monday). `voices`: who speaks in each source.
    """
    calm, hours = days * DAY, (days + nights) * DAY
    spans = planting.changes(rng, len(real), sizes=sizes, first=calm, last=hours - 2 * DAY)
    parts, plants = [], []
    for row, (one, change) in enumerate(zip(real, spans, strict=True)):
        hour, source = _drawn(one, weekday, days + nights, rng)
        if change is not None and one.steady:
            plants.append(Plant(worlds.KIND[one.subject.about], one.subject, change.factor, change, _rate(one)))
            hour, source = _raised(one, hour, source, change, rng)
        order = np.argsort(hour, kind="stable")
        parts.append((np.full(len(hour), row), hour[order], rng.integers(1, 59, len(hour)), source[order]))
    origins = Origins(*(np.concatenate(part).astype(np.int32) for part in zip(*parts, strict=True)))
    subjects = tuple(one.subject for one in real)
    return World(worlds.MONDAY, hours, subjects, tuple(sources), origins, tuple(plants),
                 measured=Spell(calm, hours), voices=voices or {})  # fmt: skip


def _rate(one: Seen) -> float:
    """Origins an hour since it was first met."""
    return len(one.day) / ((one.days - one.first) * DAY)


def _drawn(one: Seen, weekday: int, days: int, rng: np.random.Generator) -> tuple[_Places, _Places]:
    """Hours and sources of a copy: for each of `days` (day 0 a Monday) one of the subject's days of the same sort."""
    own = np.arange(one.first, one.days)
    weekend = (own + weekday) % 7 >= 5
    hours, sources = [], []
    for day in range(days):
        like = own[weekend == (day % 7 >= 5)]
        at = one.on(int(rng.choice(like if len(like) else own)))
        hours.append(one.hour[at].astype(np.intp) + day * DAY)
        sources.append(one.source[at].astype(np.intp))
    return np.concatenate(hours), np.concatenate(sources)


def _raised(
    one: Seen, hour: _Places, source: _Places, change: Spell, rng: np.random.Generator
) -> tuple[_Places, _Places]:
    """With origins added at the subject's usual rate times the size less one, from sources that it has."""
    of_day = np.bincount(one.hour, minlength=DAY) / (one.days - one.first)
    usual = 0.5 * of_day + 0.5 * of_day.mean()  # few days say little of each hour
    at = np.arange(change.begin, change.end)
    more = np.repeat(at, rng.poisson(usual[at % DAY] * (change.factor - 1)))
    return np.concatenate([hour, more]), np.concatenate([source, rng.choice(one.source, size=len(more))])
