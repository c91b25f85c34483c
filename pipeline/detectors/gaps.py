"""Gaps of a window: when which source was not read, failed, or answered with nothing where much is usual.

Method: what was not read is told by the reads that are kept (`exposure`), and where none are kept by the source's
health. A source that answered is still silent where hours without any item are as many as its own traffic makes
all but impossible: with `expected` items at the hours of the day and the kind of day (working day, weekend) in which it
brought nothing, chance leaves them empty with probability exp(-expected) (Poisson). News comes in bursts, so `SILENT`
is far beyond the usual limits. Silence is never news: it is a reason to hold what rests on the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors import exposure
from pipeline.detectors.building import plural
from pipeline.detectors.frame import About, History, Series, Subject, Window
from pipeline.domain import SourceHealth, SourceRead

SILENT = 15.0  # items that a source would usually have brought in the time in which it brought none
LEAST = timedelta(hours=3)  # a shorter gap is none
DESK = 0.5  # share of the desk's traffic that must be missing for the gap to be the desk's own
_HOUR = timedelta(hours=1)
_WEEK = 7 * 24  # hours of history that a silence is judged by, at least
_NAMED, _LINES = 3, 5  # sources that a line names, and lines of a report

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the window in which a source told nothing, and why, in words that stand behind its name.

    `detail` is for the operator's report only: an error may name folders of the machine.
    """

    source: str
    start: datetime
    end: datetime
    why: str
    detail: str = ""

    @property
    def line(self) -> str:
        """The gap as one plain sentence without a full stop."""
        return f'source "{self.source}" {self.why} {moments(self.start, self.end)}'


@dataclass(frozen=True, slots=True)
class Gaps:
    """All gaps of a window by source, and what each source usually weighs (shares of the desk's traffic)."""

    start: datetime
    end: datetime
    of: Mapping[str, tuple[Gap, ...]]
    weights: Mapping[str, float]

    def lost(self, source: str) -> float:
        """The share (0..1) of the window in which `source` told nothing."""
        spans = sum(((gap.end - gap.start) / (self.end - self.start) for gap in self.of.get(source, ())), 0.0)
        return min(1.0, spans)

    def weighs(self, source: str) -> float:
        """The share (0..1) of the desk's usual traffic that the gaps of `source` cost."""
        return self.weights.get(source, 0.0) * self.lost(source)

    @property
    def missing(self) -> float:
        """The share (0..1) of the desk's usual traffic that the gaps cost."""
        return sum(self.weighs(source) for source in self.of)


def moments(start: datetime, end: datetime) -> str:
    """From when to when, to the minute, in UTC as everything here."""
    return f"from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"


def find(window: Window, history: History) -> Gaps:
    """The gaps of the window of all sources that are known."""
    series = history.series.get(About.SOURCE)
    usual = _totals(series)
    tonight = {subject.id: arrivals for subject, arrivals in window.arrivals.items() if subject.about is About.SOURCE}
    names = sorted({*history.reads, *history.health, *usual, *tonight})
    silent = _silent(series, window) if series is not None else {}
    found: dict[str, tuple[Gap, ...]] = {}
    for name in names:
        unread = _unread(name, history.reads.get(name, ()), history.health.get(name), window)
        gaps = unread or silent.get(name, ())
        if gaps:
            found[name] = tuple(gaps)
    weighed = {name: usual.get(name, 0.0) + 1e-6 for name in names}
    total = sum(weighed.values())
    return Gaps(window.start, window.end, found, {name: weight / total for name, weight in weighed.items()})


def lines(gaps: Gaps) -> tuple[str, ...]:
    """What a report says of the gaps: one line for the desk where most is missing, else one for each sort of gap.

    Sources with the same gap for the same reason share a line; at most three are named in one. The dearest come first.
    """
    if not gaps.of:
        return ()
    if gaps.missing > DESK:
        return (desk_line(gaps),)
    alike: dict[tuple[str, datetime, datetime], list[str]] = {}
    for source in sorted(gaps.of):
        for gap in gaps.of[source]:
            why = f"{gap.why} ({gap.detail})" if gap.detail else gap.why
            alike.setdefault((why, gap.start, gap.end), []).append(source)
    told = sorted(alike.items(), key=lambda item: (-sum(map(gaps.weighs, item[1])), item[0][1], item[1]))
    rest = len({name for _, names in told[_LINES:] for name in names})
    return (
        *(
            f"{_named(names)} {why} {moments(start, end)}; what rests on {'it' if len(names) == 1 else 'them'} is held"
            for (why, start, end), names in told[:_LINES]
        ),
        *([f"{rest} more {plural('source', rest)} told nothing for a part of the window"] if rest else []),
    )


def desk_line(gaps: Gaps) -> str:
    """That most of the desk's usual traffic is missing from the window, and since when."""
    every = [gap for some in gaps.of.values() for gap in some]
    first, last = min(gap.start for gap in every), max(gap.end for gap in every)
    return (
        f"{len(gaps.of)} of {len(gaps.weights)} {plural('source', len(gaps.weights))} told nothing, "
        f"{moments(first, last)} at most, {gaps.missing:.0%} of what is usual; silence is no news"
    )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{plural('source', len(names))} {shown}{more}"


# --- not read --------------------------------------------------------------------------------------------------------


def _unread(name: str, reads: Sequence[SourceRead], state: SourceHealth | None, window: Window) -> list[Gap]:
    """Where the source was not read, by what is kept of its reads, else by its health."""
    if not reads:
        return _unwell(name, state, window)
    covered = exposure.stretches(reads, window.start, window.end)
    edges = [window.start, *(moment for part in covered for moment in part), window.end]
    holes = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= LEAST]
    return [Gap(name, a, b, *_reason(reads, state, a, b)) for a, b in holes]


def _reason(reads: Sequence[SourceRead], state: SourceHealth | None, start: datetime, end: datetime) -> tuple[str, str]:
    """Why nothing is known of a time, and what the source said."""
    tried = [read for read in reads if start < read.at <= end + _HOUR]
    if any(not read.ok for read in tried):
        return "failed", (state.error if state is not None else None) or ""
    if tried and all(read.fresh == 0 for read in tried):
        return "answered with nothing new", ""
    return ("listed only what is newer; nothing is known" if tried else "not read"), ""


def _unwell(name: str, state: SourceHealth | None, window: Window) -> list[Gap]:
    """A gap where the health of a source whose reads are not kept says that it failed, lags or is silent."""
    if state is None:
        return []
    last = max(window.start, min(state.last_success or window.start, window.end))
    if not state.ok:
        return [Gap(name, last, window.end, "failed", state.error or "no answer")] if last < window.end else []
    if state.last_success is not None and state.last_success < window.start:
        return [Gap(name, window.start, window.end, f"lags, last read {state.last_success:%Y-%m-%d %H:%M}, nothing")]
    if state.silent:
        usual = f"nothing new in {state.empties} reads, usually {state.usual:.1f} in each,"
        return [Gap(name, window.start, window.end, f"is silent: {usual}")]
    return []


# --- silent ----------------------------------------------------------------------------------------------------------


def _totals(series: Series | None) -> dict[str, float]:
    """What each source brought in the time before."""
    if series is None:
        return {}
    summed = np.concatenate([[0], np.cumsum(series.counts)])
    totals = summed[series.first[1:]] - summed[series.first[:-1]]
    return {subject.id: float(total) for subject, total in zip(series.subjects, totals, strict=True)}


def _silent(series: Series, window: Window) -> dict[str, tuple[Gap, ...]]:
    """Sources that brought nothing for hours in which much is usual, with these hours."""
    hours = round((window.end - window.start) / _HOUR)
    oldest = int(series.hours.max(initial=-1)) + 1
    if oldest - hours < _WEEK:
        return {}
    sorts = _sorts(window.end, oldest)
    tonight = {subject: _tonight(window, subject, hours) for subject in series.subjects}
    every = sum(tonight.values(), np.zeros(hours))
    whole = _empty(_by_hour(series.hours, series.counts, oldest), every, sorts)
    found = {}
    for at, subject in enumerate(series.subjects):
        rows = slice(int(series.first[at]), int(series.first[at + 1]))
        before = _by_hour(series.hours[rows], series.counts[rows], oldest)
        runs = [(a, b, f"told nothing, usually {n:.0f},") for a, b, n in _empty(before, tonight[subject], sorts)]
        runs = runs or [(a, b, "told nothing, nor did any other,") for a, b, _ in whole]
        gaps = [Gap(subject.id, window.end - b * _HOUR, window.end - a * _HOUR, why) for a, b, why in runs]
        if gaps:
            found[subject.id] = tuple(sorted(gaps, key=lambda gap: gap.start))
    return found


def _by_hour(hours: NDArray[np.int32], counts: NDArray[np.int32], oldest: int) -> Counts:
    return np.bincount(hours, counts, minlength=oldest).astype(np.float64)


def _empty(before: Counts, tonight: Counts, sorts: NDArray[np.int64]) -> list[tuple[int, int, float]]:
    """Runs of hours of the window without anything, in which `SILENT` or more is usual by the history `before`."""
    hours = len(tonight)
    if before[hours:].sum() < SILENT:
        return []
    days = np.bincount(sorts[hours:], minlength=48)
    usual = np.bincount(sorts[hours:], before[hours : len(sorts)], minlength=48) / np.maximum(days, 1)
    runs = _runs(tonight == 0, usual[sorts[:hours]])
    return [(a, b, much) for a, b, much in runs if much >= SILENT and (b - a) * _HOUR >= LEAST]


def _sorts(end: datetime, hours: int) -> NDArray[np.int64]:
    """For each whole hour before `end`, last first: its hour of the day, and 24 more at weekends."""
    middles = [end - (n + 0.5) * _HOUR for n in range(hours)]
    return np.array([one.hour + (24 if one.weekday() >= 5 else 0) for one in middles], np.int64)


def _tonight(window: Window, subject: Subject, hours: int) -> Counts:
    """Records of a source in each hour of the window, last first."""
    found = np.zeros(hours)
    for arrival in window.arrivals.get(subject, ()):
        at = int((window.end - arrival.at) / _HOUR)
        if 0 <= at < hours:
            found[at] += 1
    return found


def _runs(empty: NDArray[np.bool_], usual: Counts) -> Iterable[tuple[int, int, float]]:
    """Runs of empty hours: the first place, the place after the last, and how much was usual in them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(np.int8), [0]])))
    return [(int(a), int(b), float(usual[a:b].sum())) for a, b in zip(edges[::2], edges[1::2], strict=True)]
