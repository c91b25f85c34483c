"""Desks as guards see them: sources read twice a day that bring so much an hour by day, and a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.domain import SourceRead

END = datetime(2026, 5, 21, tzinfo=UTC)  # a Thursday; the window is a Wednesday
HOUR = timedelta(hours=1)
DAYS = 14


def ago(hours: float) -> datetime:
    return END - hours * HOUR


def reads(
    name: str, *, fresh: int = 20, failed: Sequence[float] = (), missing: Sequence[float] = ()
) -> list[SourceRead]:
    """Two reads a day for two weeks, but for those so many hours ago."""
    every = [h for h in range(24 * DAYS, -1, -12) if h not in missing]
    return [SourceRead(name, ago(h), h not in failed, 0 if h in failed else fresh) for h in every]


def history(
    rates: Mapping[str, int], told: Mapping[str, Sequence[SourceRead]] | None = None, **more: object
) -> History:
    """Sources that bring so many items in each hour from 8 to 20 o'clock."""
    hours = np.array([h for h in range(24, 24 * DAYS) if 8 <= ago(h + 0.5).hour < 20], np.int32)
    subjects = tuple(Subject(About.SOURCE, name, name) for name in sorted(rates))
    first = np.arange(len(subjects) + 1, dtype=np.int32) * len(hours)
    counts = np.concatenate([np.full(len(hours), rates[s.id], np.int32) for s in subjects])
    series = Series(subjects, first, np.tile(hours, len(subjects)), counts)
    return History(ago(24 * DAYS), {About.SOURCE: series}, told or {}, **more)  # type: ignore[arg-type]


def window(rates: Mapping[str, int], silent: Mapping[str, Sequence[int]] | None = None) -> Window:
    """The same sources tonight, silent in some hours of the day."""
    arrivals: dict[Subject, list[Arrival]] = {}
    for name, rate in rates.items():
        for hour in set(range(8, 20)) - set((silent or {}).get(name, ())):
            for n in range(rate):
                at = ago(24 - hour - (n + 1) / (rate + 1))
                found = Arrival(f"{name}{hour}-{n}", f"{name}{hour}-{n}", name, name, at)
                arrivals.setdefault(Subject(About.SOURCE, name), []).append(found)
    return Window(ago(24), END, arrivals=arrivals)
