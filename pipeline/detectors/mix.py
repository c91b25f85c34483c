"""Who judges how: stance that differs between platforms or publishers, stance and register that moved.

Off unless `signals.off` leaves them on: stance and register are read by rules that are too often wrong
(docs/quality.md), and are read only where `analyze.stances` and `analyze.registers` ask for it. The test is exact
(`detectors.exact`), over one vote for each voice (of a publisher: for each of its origins), and only over the time in
which all compared sources were read (`detectors.exposure`). All storylines (and beats) of a night are tested together
(`control`); what fires must also be large (`mix_effect`) and rest on `mix_voices` votes on both sides.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from pipeline.detectors import control, exact, exposure, voicing
from pipeline.detectors.building import plural, rows, stated
from pipeline.detectors.exact import Compared
from pipeline.detectors.frame import About, History, Subject, Window
from pipeline.detectors.voicing import Telling
from pipeline.domain import Signal
from pipeline.language import registers, stance
from pipeline.settings import SignalSettings

_SCORES = {stance.FAVOURABLE: 1, stance.CRITICAL: -1}
_OUTLETS = ("outlet ", "owner ")  # voices that are publishers: a person's name is never printed
_READ = 0.5  # share of a time that a source must have been read in to be compared over it

Split = tuple[list[Telling], list[Telling]]  # the tellings of one side and of the other


@dataclass(frozen=True, slots=True)
class _Test:
    """One comparison: of what, how it is told in words, its figures, how often the subject was asked."""

    subject: Subject
    words: str
    compared: Compared
    sides: tuple[int, int]  # votes
    group: Sequence[Telling]
    asked: int = 1

    @property
    def chance(self) -> float:
        """Corrected for all comparisons of the subject (Bonferroni)."""
        return min(1.0, self.compared.chance * self.asked)


def detect_divergence(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
    """Platforms, or publishers, whose stance on a storyline or beat differs from that of all others in the window.

    Score: the difference of mean votes, 0 to 2; baseline: none, 0.
    """
    tests = []
    for subject, told in _subjects(window).items():
        inside = _comparable(voicing.inside(window, told), history, window.start, window.end)
        platforms = _between(subject, inside, _platform, _voice, settings)
        tests += _best([*platforms, *_publishers(subject, inside, settings)])
    return _signals("divergence", tests, window, settings)


def detect_sentiment_shift(
    window: Window, history: History, now: datetime, settings: SignalSettings
) -> Sequence[Signal]:
    """Storylines whose stance moved against what was told of them before the window, platform by platform.

    Score: the difference of mean votes, 0 to 2; baseline: none, 0.
    """
    tests = []
    for subject, (after, before) in _periods(window, history, settings):
        strata = [(_votes(a, _voice, _judged), _votes(b, _voice, _judged)) for a, b in _strata(after, before)]
        tests += _test(subject, "the window is {how} than what came before", strata, after, settings)
    return _signals("sentiment_shift", tests, window, settings)


def detect_register_shift(
    window: Window, history: History, now: datetime, settings: SignalSettings
) -> Sequence[Signal]:
    """Storylines of which one register is told more, or less, than before the window, platform by platform.

    Every register that was heard is a comparison. Score: the difference of its shares, 0 to 1; baseline: none, 0.
    """
    tests = []
    for subject, (after, before) in _periods(window, history, settings):
        heard = sorted({one.claim.register for one in (*after, *before)} - {registers.UNKNOWN})
        some = []
        for name in heard:
            score = _speaks(name)
            strata = [(_votes(a, _voice, score), _votes(b, _voice, score)) for a, b in _strata(after, before)]
            words = f"{{more}} voices speak in the register of {name} than before"
            some += _test(subject, words, strata, [t for t in after if t.claim.register == name], settings)
        tests += _best(some)
    return _signals("register_shift", tests, window, settings)


# --- what is compared ------------------------------------------------------------------------------------------------


def _subjects(window: Window) -> dict[Subject, tuple[Telling, ...]]:
    """All that is told of every storyline, and of every beat, in order of time."""
    found: dict[Subject, tuple[Telling, ...]] = {}
    beats: dict[str, dict[str, Telling]] = defaultdict(dict)
    for key in sorted(window.findings):
        told = voicing.tellings(window, (c for one in window.findings[key] for c in one.claim_ids))
        found[voicing.subject(window, key)] = told
        for one in told:
            for beat in one.arrival.beats:
                beats[beat][one.claim.id] = one
    for beat in sorted(beats):
        ordered = sorted(beats[beat].values(), key=lambda one: (one.at, one.claim.id))
        found[Subject(About.BEAT, beat, beat)] = tuple(ordered)
    return found


def _comparable(told: Sequence[Telling], history: History, start: datetime, end: datetime) -> list[Telling]:
    """What was told while all sources that told anything were read; sources that hardly were read are left out."""
    sources = {one.arrival.source for one in told}
    read = {key for key in sources if exposure.covered(history.reads.get(key, ()), start, end) >= _READ}
    parts = exposure.common(history.reads, read, start, end)
    return [one for one in told if one.arrival.source in read and exposure.within(one.at, _closed(parts, end))]


def _closed(parts: Sequence[exposure.Stretch], end: datetime) -> list[exposure.Stretch]:
    """The parts with the end of the window inside, as the window has it."""
    return [(a, b + timedelta(microseconds=1) if b == end else b) for a, b in parts]


def _periods(window: Window, history: History, settings: SignalSettings) -> list[tuple[Subject, Split]]:
    """Of every storyline what was told in the window, and what before it, by sources that were read in both times."""
    since = window.start - timedelta(days=settings.baseline_days)
    found = []
    for subject, told in _subjects(window).items():
        if subject.about is not About.STORYLINE:
            continue  # of a beat only what is still moving is at hand, which is no fair past
        after = _comparable(voicing.inside(window, told), history, window.start, window.end)
        before = _comparable([one for one in told if since <= one.at <= window.start], history, since, window.start)
        both = {one.arrival.source for one in after} & {one.arrival.source for one in before}
        shared = tuple([one for one in some if one.arrival.source in both] for some in (after, before))
        found.append((subject, (shared[0], shared[1])))
    return found


def _strata(after: Sequence[Telling], before: Sequence[Telling]) -> list[Split]:
    """The two times platform by platform."""
    platforms = sorted({_platform(one) for one in (*after, *before)})
    return [([a for a in after if _platform(a) == p], [b for b in before if _platform(b) == p]) for p in platforms]


def _platform(one: Telling) -> str:
    return one.arrival.platform


def _voice(one: Telling) -> str:
    return one.voice or one.origin


def _origin(one: Telling) -> str:
    return one.origin


def _judged(one: Telling) -> int:
    return _SCORES.get(one.claim.stance, 0)


def _speaks(register: str) -> Callable[[Telling], int]:
    def speaks(one: Telling) -> int:
        return int(one.claim.register == register)

    return speaks


def _votes(told: Sequence[Telling], unit: Callable[[Telling], str], score: Callable[[Telling], int]) -> list[int]:
    """One vote for each unit: the sign of the sum of its scores."""
    sums: Counter[str] = Counter()
    for one in told:
        sums[unit(one)] += score(one)
    return [int(np.sign(sums[key])) for key in sorted(sums)]


def _between(
    subject: Subject,
    told: Sequence[Telling],
    group: Callable[[Telling], str],
    unit: Callable[[Telling], str],
    settings: SignalSettings,
) -> list[_Test]:
    """Every group against the rest."""
    names = sorted({group(one) for one in told})
    found = []
    for name in names if len(names) > 1 else ():
        mine = [one for one in told if group(one) == name]
        rest = [one for one in told if group(one) != name]
        strata = [(_votes(mine, unit, _judged), _votes(rest, unit, _judged))]
        called = name.removeprefix("outlet ").removeprefix("owner ")
        found += _test(subject, f"{called} is {{how}} than the others", strata, mine, settings)
    return found


def _publishers(subject: Subject, told: Sequence[Telling], settings: SignalSettings) -> list[_Test]:
    """Every publisher with enough origins of its own against the other publishers."""
    own = [one for one in told if one.voice.startswith(_OUTLETS)]
    return _between(subject, own, _voice, _origin, settings)


# --- tests and signals -----------------------------------------------------------------------------------------------


def _test(
    subject: Subject,
    words: str,
    strata: Sequence[tuple[list[int], list[int]]],
    group: Sequence[Telling],
    settings: SignalSettings,
) -> list[_Test]:
    """The comparison, where both sides have votes enough."""
    used = [(a, b) for a, b in strata if a and b]
    sides = sum(len(a) for a, _ in used), sum(len(b) for _, b in used)
    if min(sides) < settings.mix_voices:
        return []
    return [_Test(subject, words, exact.compare(used), sides, group)]


def _best(tests: Sequence[_Test]) -> list[_Test]:
    """The least likely comparison of a subject, if there is any, with how many there were."""
    first = sorted(tests, key=lambda one: (one.chance, one.words))[:1]
    return [dataclasses.replace(one, asked=len(tests)) for one in first]


def _signals(kind: str, tests: Sequence[_Test], window: Window, settings: SignalSettings) -> list[Signal]:
    """Those of the tests that fire, in order of subject."""
    ordered = sorted(tests, key=lambda one: (one.subject.about, one.subject.id))
    passed = control.passed(np.array([one.chance for one in ordered]), control.level(settings, kind))
    return [
        _signal(kind, one, float(bar), window, settings)
        for one, fires, bar in zip(ordered, passed.fires.tolist(), passed.bar.tolist(), strict=True)
        if fires and abs(one.compared.effect) >= settings.mix_effect
    ]


def _signal(kind: str, one: _Test, bar: float, window: Window, settings: SignalSettings) -> Signal:
    """The signal of one comparison."""
    effect, (mine, rest) = one.compared.effect, one.sides
    least = max(settings.mix_effect, one.compared.least(bar / one.asked))
    up = effect > 0
    words = one.words.format(how="more favourable" if up else "more critical", more="more" if up else "fewer")
    with_it = [(t.claim.id, 1.0 if _judged(t) * effect > 0 else 0.5, _note(kind, t)) for t in one.group]
    return stated(
        kind,
        one.subject,
        window,
        score=abs(effect),
        baseline=0.0,
        threshold=least,
        n=mine,
        severity="high" if one.chance < bar / 1000 else "medium" if one.chance < bar / 10 else "low",
        evidence=rows(with_it),
        summary=f"{one.subject.name}: {words}: a difference of {effect:+.2f} in the mean of {mine} "
        f"{plural('vote', mine)} against {rest}, {least:.2f} would have been enough.",
        chance=one.chance,
    )


def _note(kind: str, one: Telling) -> str:
    return one.claim.register if kind == "register_shift" else one.claim.stance
