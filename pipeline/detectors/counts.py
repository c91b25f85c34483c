"""Counts of origins against what is usual: velocity, volume anomaly, entity surge, phrase trending.

Statistic: the origins that first came in the window, against the negative binomial prediction of baselines.py; so also
those of the window with half and with all of its length before it, and of a time as long as the window that ends one,
two or three quarters of it earlier, and of one twice as long that ends half of it earlier, for a rise that lies across
its beginning. These looks overlap, so the smallest chance counts `LOOKS` times (a scan statistic, Naus 1965; the number
is simulated, benchmarks/looks.py). A subject that began in the window has no past; it is compared with the first
windows of the desk's other subjects of its sort. Which chances fire is decided over all subjects of a kind at once
(control.py). What fires must also be large (`velocity_ratio` times the usual), told by several voices
(`velocity_origins`; a source has one voice, so its origins count), and sustained: in more than one sixth of the window.

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
from pipeline.detectors.season import Floats, Ints, Season, quarters, season
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

LOOKS = 3  # what seven looks that overlap are worth
RISING = 1.25  # times the usual that the window itself must have where the longer time fires
COMPARED = 0.25  # of the baseline must have been read of a source for its origins to count
SIXTHS = 6
KINDS: Mapping[About, str] = {
    About.STORYLINE: "velocity",
    About.BEAT: "volume_anomaly",
    About.SOURCE: "volume_anomaly",
    About.ENTITY: "entity_surge",
    About.PHRASE: "phrase_trending",
}
_WINDOW = (0, 0)
_HOUR = timedelta(hours=1)
TOLD = timedelta(days=7)
EARLY = 3  # subjects of a kind that are named before it is known what is usual


def detect_counts(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Subjects that bring more origins than usual: storylines (velocity), beats and sources (volume anomaly), public
    entities (entity surge) and key phrases (phrase trending), as far as `history.series` has them.

    All are tested together, at the parts of the rate that their kinds have: the more fires, the less each has to show.
    Silence says more of reading than of news and is no signal.
    """
    kinds = {about: kind for about, kind in KINDS.items() if kind not in settings.off}
    if (early := too_early(window, history, settings)) is not None:
        return [
            one for kind in dict.fromkeys(kinds.values()) for one in _unknown(kind, early, history, window, settings)
        ]
    tests = [test for about in kinds for test in _tests(about, window, history, settings)]
    if not tests:
        return []
    rate = level(settings, *dict.fromkeys(kinds.values()))
    found = passed(np.concatenate([t.chance for t in tests]), rate, np.concatenate([t.weight for t in tests]))
    ends = np.cumsum([len(test.subjects) for test in tests])[:-1]
    signals = []
    for test, fires, bar in zip(tests, np.split(found.fires, ends), np.split(found.bar, ends), strict=True):
        for n in np.flatnonzero(fires):
            made = _signal(test, int(n), test.asked(int(n), float(bar[n])), window, settings)
            signals += [made] if made is not None else []
    return signals


@dataclass(frozen=True, slots=True)
class _Look:
    """One test of each of several subjects: counts, the usual, the chance; `asked` gives the count that a
    subject needs for a chance.

    It begins `longer` hours before the window and ends `sooner` hours before its end. `begun`: of subjects that began
    in the window.
    """

    longer: int
    sooner: int
    begun: bool
    counts: Ints
    mean: Floats
    chance: Floats
    asked: Callable[[int, float], float]


@dataclass(frozen=True, slots=True)
class _Tests:
    """All subjects of one sort, with what came of each in the window (first records of its origins), as tested."""

    subjects: Sequence[Subject]
    came: Mapping[Subject, Sequence[Arrival]]
    looks: Sequence[_Look]
    best: NDArray[np.int64]  # by subject, which look has the smallest chance
    chance: Floats
    weight: Floats

    def asked(self, n: int, bar: float) -> float:
        """The least count at which the best look at subject number `n` has a chance not above `bar`."""
        return float(self.looks[self.best[n]].asked(n, bar))


def _tests(about: About, window: Window, history: History, settings: SignalSettings) -> list[_Tests]:
    """Tests of the subjects that have a past, and of those that began tonight; none without any history."""
    series = history.series.get(about)
    if series is None or not len(series.subjects):
        return []
    when, owner = season(series, history, window.end, settings.window_hours, settings.baseline_days)
    known = usual(series, when, owner, _told(about, series, window, history))
    young = _young(series, when, history)
    came = {
        subject: first
        for subject, arrivals in window.arrivals.items()
        if subject.about is about and (first := first_arrivals(arrivals, history.heard, young))
    }
    old = set(series.subjects)
    fresh = [subject for subject in came if subject not in old]
    tests = [established(series.subjects, came, known, window.end)]
    if fresh and about not in (About.BEAT, About.SOURCE):  # a new beat or source has no past to rise above
        tests.append(_begun(fresh, came, known))
    return tests


def _told(about: About, series: Series, window: Window, history: History) -> NDArray[np.bool_]:
    """Subjects of `series` whose rise was told in the last week: its days are no news any more."""
    since = window.end - TOLD
    fired = {
        one.subject
        for one in history.signals
        if one.kind == KINDS[about] and one.about == about and one.held is None and since < one.window_end < window.end
    }
    return np.array([one.id in fired for one in series.subjects], dtype=np.bool_)


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


def established(
    subjects: Sequence[Subject], came: Mapping[Subject, Sequence[Arrival]], known: Usual, end: datetime
) -> _Tests:
    """Subjects with a past: the window, and times that begin before it."""
    tonight = np.zeros((len(subjects), len(known.hours)), dtype=np.int64)
    for n, subject in enumerate(subjects):
        for one in came.get(subject, ()):
            tonight[n, min(int((end - one.at) / _HOUR), len(known.hours) - 1)] += 1
    looks = [_look(at, tonight, known) for at in (_WINDOW, *_further(len(known.hours)))]
    mean, counts = looks[0].mean, looks[0].counts
    rising = counts >= RISING * mean
    chances = np.stack([look.chance if not look.longer else np.where(rising, look.chance, 1.0) for look in looks])
    chance = np.where(counts > 0, np.minimum(1.0, LOOKS * chances.min(axis=0)), 1.0)
    return _Tests(subjects, came, looks, chances.argmin(axis=0), chance, (mean + 0.05) / (mean + 1))


def _further(length: int) -> list[tuple[int, int]]:
    """Looks that begin before a window of `length`: (hours before its beginning, hours before its end)."""
    one, two, three, four, six = quarters(length)
    looks = [(two, 0), (four, 0), (one, one), (two, two), (three, three), (six, two)]
    return [look for look in dict.fromkeys(looks) if look[1] < length]


def _look(at: tuple[int, int], tonight: Ints, known: Usual) -> _Look:
    """The look `at` hours before the window's beginning and end; `tonight`: origins by subject and hour."""
    longer, sooner = at
    counts = tonight[:, sooner:].sum(axis=1)
    weight = np.full(len(counts), known.hours[sooner:].sum())
    if longer:
        step = known.steps.index(longer)
        counts, weight = counts + known.came[step].astype(np.int64), weight + known.before[step]

    def asked(n: int, chance: float) -> float:
        one = slice(n, n + 1)
        return float(known.asked(np.array([chance / LOOKS]), weight[one], one)[0])

    return _Look(
        longer,
        sooner,
        False,
        counts,
        known.rate * weight,
        known.chance(counts, weight),
        asked,
    )


def _begun(subjects: Sequence[Subject], came: Mapping[Subject, Sequence[Arrival]], known: Usual) -> _Tests:
    """Subjects that began in the window, against the first windows of others."""
    counts = np.array([len(came[subject]) for subject in subjects], dtype=np.int64)
    chance = known.first.chance(counts)
    mean = np.full(len(subjects), 1 + known.first.mean)
    look = _Look(0, 0, True, counts, mean, chance, lambda _, rare: float(known.first.asked(np.array([rare]))[0]))
    return _Tests(subjects, came, [look], np.zeros(len(subjects), dtype=np.int64), chance, np.full(len(subjects), 0.5))


# --- what a signal says ----------------------------------------------------------------------------------------------


def _signal(test: _Tests, n: int, asked: float, window: Window, settings: SignalSettings) -> Signal | None:
    """The signal of subject number `n`, whose chance is small enough; None where it is too little, or one burst.

    `asked`: the count that chance alone asks of it.
    """
    look, came = test.looks[test.best[n]], test.came[test.subjects[n]]
    subject = next(key for key in window.arrivals if key == test.subjects[n])  # this one has a name
    count, mean, chance = int(look.counts[n]), float(look.mean[n]), float(test.chance[n])
    lone = subject.about is About.SOURCE
    voices = len(came) if lone else len({one.voice for one in came})
    least = max(math.ceil(settings.velocity_ratio * mean), settings.velocity_origins)
    if voices < settings.velocity_origins or count < least or not sustained(came, window):
        return None
    signal = stated(
        KINDS[subject.about],
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
    return replace(signal, summary=_summary(subject, signal, look))


def _summary(subject: Subject, signal: Signal, look: _Look) -> str:
    """What was counted, what is usual, what would have sufficed, and how seldom chance brings so much."""
    count, end = round(signal.score), signal.window_end - timedelta(hours=look.sooner)
    hours = f"{round((end - signal.window_start) / _HOUR)} hours" + (f" until {end:%H:%M}" if look.sooner else "")
    usual = f"{signal.baseline:.1f}" if signal.baseline >= 0.05 else "fewer than 0.1"
    usual += " are usual" + (" of what is new" if look.begun else "")
    return (
        f"{subject.name or subject.id}: {count} {plural('origin', count)} in {hours}, where {usual} and "
        f"{signal.threshold:.0f} would have sufficed; "
        f"chance brings so many once in {odds(signal.chance or 0.0)}."
    )


def _unknown(kind: str, early: str, history: History, window: Window, settings: SignalSettings) -> list[Signal]:
    """What most is told of before it is known what is usual, a few subjects, held because it is too `early`."""
    here = [key for key in window.arrivals if KINDS[key.about] == kind]
    came = {key: first_arrivals(window.arrivals[key], history.heard) for key in here}
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
