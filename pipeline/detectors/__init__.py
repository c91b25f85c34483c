"""The detectors: pure functions of what came tonight and what came before, one module for each family.

`DETECTORS` names them in the order in which they run; each measures all subjects of the night at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from pipeline.detectors import content, counts, floods, holds, structure
from pipeline.detectors.frame import About, Arrival, Frame, History, Subject, Window
from pipeline.domain import Signal, Storyline
from pipeline.settings import SignalSettings

Detector = Callable[[Window, History, datetime, SignalSettings], Sequence[Signal]]
_Measure = Callable[[Storyline, str, Window, History, Frame], Signal | None]


def _each(measure: _Measure) -> Detector:
    """A detector that asks `measure` of each living storyline of the window in turn."""

    def detector(window: Window, history: History, now: datetime, settings: SignalSettings) -> Sequence[Signal]:
        frame = Frame(settings, now, history.since)
        living = [line for line in window.storylines.values() if line.merged_into is None]
        found = (measure(line, line.label or line.id, window, history, frame) for line in living)
        return [signal for signal in found if signal is not None]

    return detector


def _velocity(line: Storyline, label: str, window: Window, history: History, frame: Frame) -> Signal | None:
    subject = Subject(About.STORYLINE, line.id)
    tonight = window.arrivals.get(subject, ())
    return counts.velocity(line.id, label, [*_before(subject, history, frame), *tonight], frame) if tonight else None


def _before(subject: Subject, history: History, frame: Frame) -> list[Arrival]:
    """One arrival for each origin that is counted in the history of `subject`."""
    series = history.series.get(subject.about)
    if series is None or subject not in series.subjects:
        return []
    at = series.subjects.index(subject)
    rows = slice(series.first[at], series.first[at + 1])
    hours = np.repeat(series.hours[rows], series.counts[rows])
    moments = [frame.now - timedelta(hours=int(hour), minutes=30) for hour in hours]
    return [Arrival(f"{n}", f"{n}", "", "", moment) for n, moment in enumerate(moments)]


DETECTORS: Mapping[str, Detector] = {
    "velocity": _each(_velocity),
    "novelty": content.detect_novelty,
    "corroboration": content.detect_corroboration,
    "contradiction": content.detect_contradiction,
    "cross_beat": structure.detect_cross_beat,
    "split": structure.detect_split,
    "merge": structure.detect_merge,
}


def detect(window: Window, history: History, now: datetime, settings: SignalSettings) -> tuple[Signal, ...]:
    """All signals of a night, held ones included, by kind in the order of `DETECTORS`, then as each found them.

    What is part of a flood counts for none of them; each flood has a flag of its own at the end.
    """
    flooded = floods.find(window, history, settings)
    honest = floods.without(window, flooded)
    kinds = [kind for kind in DETECTORS if kind not in settings.off]
    found = [signal for kind in kinds for signal in DETECTORS[kind](honest, history, now, settings)]
    return (*holds.guard(found, honest, history, settings), *floods.signals(flooded, window))
