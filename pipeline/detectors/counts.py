"""Counts of origins against what is usual: velocity, volume anomaly, entity surge, phrase trending.

Statistic: the origins that first came in the window, against the negative binomial prediction of baselines.py; so also
those of the window with half and with all of its length before it, for a rise that lies across its beginning. The three
looks overlap, so the smallest chance counts `LOOKS` times (a scan statistic, Naus 1965; simulated, docs/signals.md). A
subject that began in the window has no past; it is compared with the first windows of the desk's other subjects of its
sort. Which chances fire is decided over all subjects of a kind at once (control.py). What fires must also be large
(`velocity_ratio` times the usual), told by several voices (`velocity_origins`; a source has one voice, so its origins
count), and sustained: in more than one sixth of the window.

Units: `score`, `baseline` and `threshold` are origins; `threshold` is the least count that would have fired.
Assumptions: as in baselines.py; what dates from a window and is read after its end is missed by all windows alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors.baselines import Usual, usual
from pipeline.detectors.building import plural, rows, stated
from pipeline.detectors.control import level, passed
from pipeline.detectors.frame import About, Arrival, History, Series, Subject, Window
from pipeline.detectors.holds import one_voice, too_early
from pipeline.detectors.season import Floats, Ints, Season, season
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

LOOKS = 2  # what three looks that overlap are worth
RISING = 1.25  # times the usual that the window itself must have where the longer time fires
COMPARED = 0.25  # of the baseline must have been read of a source for its origins to count
SIXTHS = 6
EARLY = 3  # subjects of a kind that are named before it is known what is usual


def detect_velocity(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Storylines that bring more origins than usual. Needs `history.series` of storylines."""
    return _surges("velocity", (About.STORYLINE,), window, history, settings)


def detect_volume(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Beats and sources that bring more origins than usual. Silence says more of reading than of news: no signal."""
    return _surges("volume_anomaly", (About.BEAT, About.SOURCE), window, history, settings)


def detect_entities(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Public entities that more origins name than usual."""
    return _surges("entity_surge", (About.ENTITY,), window, history, settings)


def detect_phrases(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Key phrases that are new or rising in origins."""
    return _surges("phrase_trending", (About.PHRASE,), window, history, settings)


@dataclass(frozen=True, slots=True)
class _Look:
    """One test of each of several subjects: counts, the usual, the chance; `asked` gives the count for a chance.

    `longer`: hours before the window that are looked at with it; `begun`: of subjects that began in the window.
    """

    longer: int
    begun: bool
    counts: Ints
    mean: Floats
    chance: Floats
    asked: Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class _Tests:
    """All subjects of one sort, with what came of each in the window (first records of its origins), as tested."""

    subjects: Sequence[Subject]
    came: Mapping[Subject, Sequence[Arrival]]
    looks: Sequence[_Look]
    best: NDArray[np.int64]  # by subject, which look has the smallest chance
    chance: Floats
    weight: Floats

    def asked(self, n: int, bar: Floats) -> float:
        """The least count at which the best look at subject number `n` has a chance not above `bar`."""
        return float(self.looks[self.best[n]].asked(bar)[n])


def _surges(
    kind: str, abouts: Sequence[About], window: Window, history: History, settings: SignalSettings
) -> list[Signal]:
    if (early := too_early(window, history, settings)) is not None:
        return _unknown(kind, abouts, early, history.heard, (window, settings))
    tests = [test for about in abouts for test in _tests(about, window, history, settings)]
    if not tests:
        return []
    chance = np.concatenate([test.chance for test in tests])
    found = passed(chance, level(settings), np.concatenate([test.weight for test in tests]))
    ends = np.cumsum([len(test.subjects) for test in tests])[:-1]
    signals = []
    for test, fires, bar in zip(tests, np.split(found.fires, ends), np.split(found.bar, ends), strict=True):
        for n in np.flatnonzero(fires):
            made = _signal(kind, test, int(n), test.asked(int(n), bar), (window, settings))
            signals += [made] if made is not None else []
    return signals


def _tests(about: About, window: Window, history: History, settings: SignalSettings) -> list[_Tests]:
    """Tests of the subjects that have a past, and of those that began tonight; none without any history."""
    series = history.series.get(about)
    if series is None or not len(series.subjects):
        return []
    when, owner = season(series, history, window.end, settings.window_hours, settings.baseline_days)
    known = usual(series, when, owner)
    young = _young(series, when, history)
    came = {
        subject: first
        for subject, arrivals in window.arrivals.items()
        if subject.about is about and (first := first_arrivals(arrivals, history.heard, young))
    }
    old = set(series.subjects)
    fresh = [subject for subject in came if subject not in old]
    tests = [_established(series.subjects, came, known)]
    if fresh and about not in (About.BEAT, About.SOURCE):  # a new beat or source has no past to rise above
        tests.append(_begun(fresh, came, known))
    return tests


def first_arrivals(
    arrivals: Sequence[Arrival], heard: frozenset[str] = frozenset(), left_out: frozenset[str] = frozenset()
) -> tuple[Arrival, ...]:
    """One arrival per origin, its earliest, in order of time then id; not of origins `heard` before.

    What comes from sources that are `left_out` is not counted.
    """
    seen: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.at, a.record_id)):
        if arrival.origin_id not in heard and arrival.source not in left_out:
            seen.setdefault(arrival.origin_id, arrival)
    return tuple(seen.values())


def _young(series: Series, when: Season, history: History) -> frozenset[str]:
    """Sources that cannot be compared with their past: little of the baseline was read of them, or nothing known."""
    if not len(series.source):
        return frozenset()
    read = when.read.sum(axis=1)
    most = read.max(initial=0.0)
    return frozenset(name for name, time in zip(series.sources, read, strict=True) if time < COMPARED * most)


def _established(subjects: Sequence[Subject], came: Mapping[Subject, Sequence[Arrival]], known: Usual) -> _Tests:
    """Subjects with a past: the window, and the window with some time before it."""
    counts = np.array([len(came.get(subject, ())) for subject in subjects], dtype=np.int64)
    looks = [_look(0, counts, np.full(len(subjects), known.tonight), known)]
    for hours, before, more in zip(known.longer, known.before, known.came, strict=True):
        looks.append(_look(hours, counts + more.astype(np.int64), known.tonight + before, known))
    mean = looks[0].mean
    rising = counts >= RISING * mean
    chances = np.stack([look.chance if not look.longer else np.where(rising, look.chance, 1.0) for look in looks])
    chance = np.where(counts > 0, np.minimum(1.0, LOOKS * chances.min(axis=0)), 1.0)
    return _Tests(subjects, came, looks, chances.argmin(axis=0), chance, (mean + 0.05) / (mean + 1))


def _look(longer: int, counts: Ints, weight: Floats, known: Usual) -> _Look:
    return _Look(
        longer,
        False,
        counts,
        known.rate * weight,
        known.chance(counts, weight),
        lambda chance: known.asked(chance / LOOKS, weight),
    )


def _begun(subjects: Sequence[Subject], came: Mapping[Subject, Sequence[Arrival]], known: Usual) -> _Tests:
    """Subjects that began in the window, against the first windows of others."""
    counts = np.array([len(came[subject]) for subject in subjects], dtype=np.int64)
    chance = known.first.chance(counts)
    mean = np.full(len(subjects), 1 + known.first.mean)
    look = _Look(0, True, counts, mean, chance, known.first.asked)
    return _Tests(subjects, came, [look], np.zeros(len(subjects), dtype=np.int64), chance, np.full(len(subjects), 0.5))


# --- what a signal says ----------------------------------------------------------------------------------------------


def _signal(kind: str, test: _Tests, n: int, asked: float, at: tuple[Window, SignalSettings]) -> Signal | None:
    """The signal of subject number `n`, whose chance is small enough; None where it is too little, or one burst.

    `asked`: the count that chance alone asks of it.
    """
    (window, settings), look, came = at, test.looks[test.best[n]], test.came[test.subjects[n]]
    subject = next(key for key in window.arrivals if key == test.subjects[n])  # this one has a name
    count, mean, chance = int(look.counts[n]), float(look.mean[n]), float(test.chance[n])
    lone = subject.about is About.SOURCE
    voices = len(came) if lone else len({one.voice for one in came})
    least = max(math.ceil(settings.velocity_ratio * mean), settings.velocity_origins)
    if voices < settings.velocity_origins or count < least or not sustained(came, window):
        return None
    signal = stated(
        kind,
        subject,
        window,
        score=count,
        baseline=mean,
        threshold=max(asked, float(least)),
        n=len(came),
        severity=_severity(count / mean, chance),
        evidence=rows([(one.record_id, 1.0, one.source) for one in came]),
        summary="",
        held=None if lone else one_voice(came),
        chance=chance,
    )
    signal = replace(signal, window_start=window.start - timedelta(hours=look.longer))
    return replace(signal, summary=_summary(subject, signal, look.begun))


def _summary(subject: Subject, signal: Signal, begun: bool) -> str:
    """What was counted, what is usual, what would have sufficed, and how seldom chance brings so much."""
    count, hours = round(signal.score), round((signal.window_end - signal.window_start).total_seconds() / 3600)
    usual = f"{signal.baseline:.1f} are usual"
    return (
        f"{subject.name or subject.id}: {count} {plural('origin', count)} in {hours} hours, where "
        f"{usual + ' of what is new' if begun else usual} and {signal.threshold:.0f} would have sufficed; "
        f"chance brings so many once in {odds(signal.chance or 0.0)}."
    )


def _unknown(
    kind: str, abouts: Sequence[About], early: str, heard: frozenset[str], at: tuple[Window, SignalSettings]
) -> list[Signal]:
    """What most is told of before it is known what is usual, a few subjects, held because it is too `early`."""
    window, settings = at
    came = {key: first_arrivals(some, heard) for key, some in window.arrivals.items() if key.about in abouts}
    enough = [key for key in came if len(came[key]) >= settings.velocity_origins]
    most = sorted(enough, key=lambda key: (-len(came[key]), key.about, key.id))
    return [
        stated(
            kind,
            subject,
            window,
            score=len(came[subject]),
            baseline=0.0,
            threshold=settings.velocity_origins,
            n=len(came[subject]),
            severity="low",
            evidence=rows([(one.record_id, 1.0, one.source) for one in came[subject]]),
            summary=f"{subject.name or subject.id}: {len(came[subject])} origins in {settings.window_hours} hours; "
            "what is usual is not known yet.",
            held=early,
        )
        for subject in most[:EARLY]
    ]


def sustained(came: Sequence[Arrival], window: Window) -> bool:
    """Whether not all came within one sixth of the window."""
    sixth = (window.end - window.start) / SIXTHS
    return len({int((one.at - window.start) / sixth) for one in came}) > 1


def odds(chance: float) -> str:
    """One over a chance, to two digits, as people say it: "1,200", "3.4 million", "more than a billion"."""
    times = 1 / max(chance, 1e-12)
    if times > 1e9:
        return "more than a billion"
    if times >= 1e6:
        return f"{float(f'{times / 1e6:.2g}'):,g} million"
    return f"{int(float(f'{times:.2g}')):,}"


def _severity(ratio: float, chance: float) -> str:
    if ratio >= 4 and chance < 1e-6:
        return "high"
    return "medium" if ratio >= 2.5 else "low"
