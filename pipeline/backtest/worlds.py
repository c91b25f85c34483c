"""A desk made of series: subjects with their origins, the sources these come from, and what was planted.

A world knows every hour of its span; `night` shows it as it stands at one of them, in the values that detectors read.
Every fifth origin is copied once by another outlet, as on real nights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.backtest import planting
from pipeline.backtest.planting import DAY, Counts, Family, Plant, Spell
from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.domain import Signal, SourceHealth, SourceRead, Storyline

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)  # hour 0 of every generated world
AT = 2  # the hour of the night in which the desk runs
OUTLETS = 24
COPIED = 0.2  # of the origins have a copy
KIND = {  # which kind of signal measures which sort of subject
    About.STORYLINE: "velocity",
    About.BEAT: "volume_anomaly",
    About.SOURCE: "volume_anomaly",
    About.ENTITY: "entity_surge",
    About.PHRASE: "phrase_trending",
}
USUAL: Mapping[About, int] = {  # subjects of a generated world
    About.STORYLINE: 120,
    About.BEAT: 16,
    About.SOURCE: 24,
    About.ENTITY: 80,
    About.PHRASE: 80,
}


@dataclass(frozen=True, slots=True)
class Origins:
    """Everything that came, one entry an origin: row of its subject, hour, minute, place of its source. int32, by row,
    then hour."""

    row: Counts
    hour: Counts
    minute: Counts
    source: Counts

    def where(self, chosen: NDArray[np.bool_]) -> Origins:
        """Those that are chosen."""
        return Origins(self.row[chosen], self.hour[chosen], self.minute[chosen], self.source[chosen])


@dataclass(frozen=True)
class World:
    """Subjects, what came of them in `hours` from `start` on, and the truth about them.

    `since`: hour in which the desk began to read. `gaps`: hours in which a source was not read; its origins of these
    hours are not there. `measured`: the hours from which nights are run. `every`: hours between two reads of a source.
    `voices`: who speaks in a source; where it is not there, the source has one voice of its own.
    """

    start: datetime
    hours: int
    subjects: tuple[Subject, ...]
    sources: tuple[str, ...]
    origins: Origins
    plants: tuple[Plant, ...] = ()
    gaps: tuple[tuple[str, Spell], ...] = ()
    since: int = 0
    measured: Spell = field(default_factory=lambda: Spell(0, 0))
    every: int = 4
    voices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def moment(self, hour: int) -> datetime:
        """When hour `hour` begins."""
        return self.start + timedelta(hours=hour)

    @cached_property
    def reads(self) -> Mapping[str, tuple[SourceRead, ...]]:
        """Every source is read every few hours; in its gaps it does not answer, and what it had then is lost."""
        shut = dict(self.gaps)
        return {source: self._read(place, shut.get(source)) for place, source in enumerate(self.sources)}

    def _read(self, place: int, gap: Spell | None) -> tuple[SourceRead, ...]:
        brought = np.bincount(self.origins.hour[self.origins.source == place], minlength=self.hours)
        found = []
        for hour in range(self.since + AT + self.every, self.hours + 1, self.every):
            begin = hour - self.every
            shut = gap is not None and gap.begin < hour <= gap.end
            reach = self.moment(gap.end) if gap is not None and begin < gap.end < hour else None
            fresh = 0 if shut else int(brought[begin:hour].sum())
            found.append(SourceRead(self.sources[place], self.moment(hour), not shut, fresh, reach))
        return tuple(found)


def spread(counts: Counts, subjects: Sequence[Subject], sources: Sequence[str], rng: np.random.Generator) -> Origins:
    """Origins of `counts` (rows: subjects, columns: hours), each in a minute and from a source drawn at random.

    Those of a source come from it.
    """
    row, hour = np.nonzero(counts)
    often = counts[row, hour]
    row, hour = np.repeat(row, often), np.repeat(hour, often)
    own = {source: place for place, source in enumerate(sources)}
    fixed = np.array([own.get(s.id, -1) if s.about is About.SOURCE else -1 for s in subjects], dtype=np.int32)
    source = rng.integers(len(sources), size=len(row))
    source = np.where(fixed[row] >= 0, fixed[row], source)
    minute = rng.integers(1, 59, size=len(row))
    return Origins(*(part.astype(np.int32) for part in (row, hour, minute, source)))


def generated(
    seed: int,
    family: Family,
    *,
    days: int = 30,
    nights: int = 14,
    numbers: Mapping[About, int] = USUAL,
    sizes: Sequence[float] = planting.SIZES,
    young: bool = False,
    every: int = 4,
) -> World:
    """A world of `days` of history and `nights` measured ones; every second series has one change in these.

    Two of five series that change would bring half an origin an hour while they do; half of these rise threefold for
    one or two days, the change whose recall is pinned. `young`: the desk began to read only a few
    days before the measured nights. Without `sizes` nothing is planted.
    """
    rng = np.random.default_rng([seed, list(Family).index(family)])
    calm, hours = days * DAY, (days + nights) * DAY
    sources = tuple(f"Outlet {seed}-{n}" for n in range(OUTLETS))
    desk = planting.season(rng, family)
    subjects, rows, plants = [], [], []
    for about, number in numbers.items():
        spans = planting.changes(rng, number, sizes=sizes or (1.0,), first=calm, last=hours - 2 * DAY)
        for n, drawn in enumerate(spans):
            pinned = drawn is not None and rng.random() < 0.4
            rate, change = (0.5, _alike(drawn, rng)) if drawn and pinned else (_rate(about, rng), drawn)
            subject = _subject(about, f"{seed}-{n}")
            made = planting.shape(rng, family, rate=rate, hours=hours, calm=calm, desk=desk)
            made = planting.unborn(made) if about in (About.BEAT, About.SOURCE) else made
            made = planting.levelled(made, hours, change, rate) if change and pinned else made
            rows.append(planting.draw(made, hours, rng, change if sizes else None))
            subjects.append(subject)
            if change and sizes:
                steady = not made.noise and not made.swing
                plants.append(Plant(KIND[about], subject, change.factor, change, rate, steady))
    since = calm - int(rng.integers(4, 8)) * DAY if young else 0
    origins = spread(np.stack(rows), subjects, sources, rng)
    gaps = _gaps(sources, rng, calm, hours)
    origins = origins.where(_read_at(origins, sources, gaps) & (origins.hour >= since))
    return World(MONDAY, hours, tuple(subjects), sources, origins, tuple(plants), gaps, since, Spell(calm, hours))


def night(world: World, hour: int, window_hours: int, told: Sequence[Signal] = ()) -> tuple[Window, History]:
    """What the desk knows when hour `hour` begins: the window that ends then, and everything before it.

    `told`: the signals of the nights before.
    """
    first = hour - window_hours
    came = arrivals(world, first, hour)
    window = Window(
        start=world.moment(first),
        end=world.moment(hour),
        arrivals=came,
        storylines={
            subject.id: _storyline(subject, here) for subject, here in came.items() if subject.about is About.STORYLINE
        },
    )
    reads = {source: [r for r in done if r.at <= window.end] for source, done in world.reads.items()}
    history = History(
        since=world.moment(world.since),
        series=series(world, first, hour),
        reads=reads,
        health={source: _health(source, done) for source, done in reads.items() if done},
        signals=tuple(told),
    )
    return window, history


def arrivals(world: World, first: int, end: int) -> dict[Subject, list[Arrival]]:
    """The records of hours `first` until before `end`, copies with their originals, by subject."""
    at = np.flatnonzero((world.origins.hour >= first) & (world.origins.hour < end))
    came = world.origins
    found: dict[Subject, list[Arrival]] = {}
    parts = (part.tolist() for part in (at, came.row[at], came.hour[at], came.minute[at], came.source[at]))
    for number, row, hour, minute, place in zip(*parts, strict=True):
        subject = world.subjects[row]
        here = found.setdefault(subject, [])
        when = world.moment(hour) + timedelta(minutes=minute)
        ident = f"{subject.id}/{number}"
        source = world.sources[place]
        voices = world.voices.get(source) or ("outlet " + source,)
        here.append(_arrival(ident, ident, source, voices[number % len(voices)], when))
        if number % round(1 / COPIED) == 0 and subject.about is not About.SOURCE:
            other = world.sources[(place + 1) % len(world.sources)]
            here.append(_arrival(ident + "/copy", ident, other, "outlet " + other, when + timedelta(minutes=1)))
    return found


def series(world: World, first: int, hour: int) -> dict[About, Series]:
    """Sparse counts before hour `first`, in whole hours before `hour`, for each sort of subject."""
    past = world.origins.where(world.origins.hour < first)
    sorts = np.array([list(About).index(subject.about) for subject in world.subjects])
    return {
        about: _sparse(world, past.where(sorts[past.row] == n), np.flatnonzero(sorts == n), hour)
        for n, about in enumerate(About)
        if (sorts == n).any()
    }


# --- parts -----------------------------------------------------------------------------------------------------------


def _subject(about: About, n: str) -> Subject:
    ident = f"Outlet {n}" if about is About.SOURCE else f"{about.value} {n}"
    return Subject(about, ident, ident)


def _alike(change: Spell, rng: np.random.Generator) -> Spell:
    """Every second time the change whose recall is pinned, else as it is."""
    if rng.random() < 0.5:
        return change
    return Spell(change.begin, change.begin + DAY * int(rng.integers(1, 3)), 3.0)


def _rate(about: About, rng: np.random.Generator) -> float:
    """Beats and sources are busy; most storylines, entities and phrases are not."""
    if about in (About.BEAT, About.SOURCE):
        return float(np.exp(rng.uniform(np.log(0.3), np.log(planting.MOST))))
    return float(np.clip(rng.lognormal(np.log(0.15), 1.3), planting.LEAST, planting.MOST))


def _gaps(sources: Sequence[str], rng: np.random.Generator, calm: int, hours: int) -> tuple[tuple[str, Spell], ...]:
    """Three sources that were not read for 12 to 48 hours: two before the measured nights, one within."""
    gaps = []
    for n, source in enumerate(rng.choice(len(sources), size=3, replace=False)):
        begin = int(rng.integers(calm - 10 * DAY, calm - 2 * DAY)) if n else int(rng.integers(calm, calm + 8 * DAY))
        gaps.append((sources[source], Spell(begin, min(begin + int(rng.integers(12, 48)), hours))))
    return tuple(gaps)


def _read_at(origins: Origins, sources: Sequence[str], gaps: Sequence[tuple[str, Spell]]) -> NDArray[np.bool_]:
    seen = np.ones(len(origins.hour), dtype=np.bool_)
    for source, span in gaps:
        inside = (origins.hour >= span.begin) & (origins.hour < span.end)
        seen &= ~(inside & (origins.source == sources.index(source)))
    return seen


def _arrival(ident: str, origin: str, source: str, voice: str, at: datetime) -> Arrival:
    return Arrival(ident, origin, source, voice, at, platform="news")


def _storyline(subject: Subject, came: Sequence[Arrival]) -> Storyline:
    records = tuple(one.record_id for one in came)
    return Storyline(subject.id, subject.name, (), came[0].at, came[-1].at, (), records)


def _sparse(world: World, past: Origins, rows: NDArray[np.intp], hour: int) -> Series:
    """The series of the subjects in `rows`, one entry for each subject, hour and source in which something came."""
    place = np.searchsorted(rows, past.row)
    key = (place.astype(np.int64) * world.hours + (hour - 1 - past.hour)) * len(world.sources) + past.source
    keys, often = np.unique(key, return_counts=True)
    where, source = np.divmod(keys, len(world.sources))
    where, back = np.divmod(where, world.hours)
    born = np.full(len(rows), -1, dtype=np.int32)
    np.maximum.at(born, where, back.astype(np.int32))
    return Series(
        subjects=tuple(world.subjects[row] for row in rows),
        first=np.searchsorted(where, np.arange(len(rows) + 1)).astype(np.int32),
        hours=back.astype(np.int32),
        counts=often.astype(np.int32),
        sources=world.sources,
        source=source.astype(np.int32),
        born=born,
    )


def _health(source: str, reads: Sequence[SourceRead]) -> SourceHealth:
    last = reads[-1]
    good = [read.at for read in reads if read.ok]
    error = None if last.ok else "no answer"
    return SourceHealth(source, last.at, last.ok, error, last_success=good[-1] if good else None, usual=1.0)
