"""Desks made of counts: a table of origins an hour becomes the window and the history that detectors read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.domain import SourceRead

END = datetime(2026, 5, 6, 6, 0, tzinfo=UTC)  # a Wednesday
LENGTH, DAYS = 24, 28
HOURS = LENGTH * (DAYS + 1)
HOUR = timedelta(hours=1)


def subjects(number: int, about: About = About.STORYLINE) -> tuple[Subject, ...]:
    return tuple(Subject(about, f"{about.value}-{n}", f"Name {n}") for n in range(number))


def series(past: NDArray[np.int64], about: About = About.STORYLINE, *, born: Sequence[int] = ()) -> Series:
    """Rows are subjects, columns hours before the window, the latest first."""
    where, back = np.nonzero(past)
    return Series(
        subjects=subjects(len(past), about),
        first=np.searchsorted(where, np.arange(len(past) + 1)).astype(np.int32),
        hours=(back + LENGTH).astype(np.int32),
        counts=past[where, back].astype(np.int32),
        born=np.array(born, dtype=np.int32),
    )


def arrivals(subject: Subject, hours: NDArray[np.int64]) -> list[Arrival]:
    """Origins by hours before the end, latest first, each of another voice."""
    return [
        arrival(f"{subject.id}/{hour}/{n}", hour + (n + 0.5) / (count + 1))
        for hour, count in enumerate(hours)
        for n in range(int(count))
    ]


def arrival(ident: str, ago: float, *, origin: str = "", voice: str = "") -> Arrival:
    return Arrival(ident, origin or f"o-{ident}", "feed", voice or f"v-{ident}", END - ago * HOUR)


def night(
    counts: NDArray[np.int64],
    about: About = About.STORYLINE,
    *,
    reads: Mapping[str, Sequence[SourceRead]] | None = None,
    since: datetime | None = END - 60 * LENGTH * HOUR,
) -> tuple[Window, History]:
    """Rows are subjects, columns hours before the end, the latest first; the first 24 are the window."""
    known = subjects(len(counts), about)
    came = {one: arrivals(one, row[:LENGTH]) for one, row in zip(known, counts, strict=True) if row[:LENGTH].any()}
    window = Window(END - LENGTH * HOUR, END, arrivals=came)
    return window, History(since=since, series={about: series(counts[:, LENGTH:], about)}, reads=reads or {})


def steady(rng: np.random.Generator, number: int, rate: float = 0.5) -> NDArray[np.int64]:
    return rng.poisson(rate, (number, HOURS))
