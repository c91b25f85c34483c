"""The detectors: pure functions of what came tonight and what came before, one module for each family.

`DETECTORS` names them in the order in which they run; each measures all subjects of the night at once; one may serve
several kinds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pipeline.detectors import confidence, content, counts, floods, holds, mix, structure
from pipeline.detectors.frame import History, Window
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

Detector = Callable[[Window, History, datetime, SignalSettings], Sequence[Signal]]

DETECTORS: Mapping[str, Detector] = {
    "velocity": counts.detect_counts,
    "volume_anomaly": counts.detect_counts,
    "entity_surge": counts.detect_counts,
    "phrase_trending": counts.detect_counts,
    "novelty": content.detect_novelty,
    "corroboration": content.detect_corroboration,
    "contradiction": content.detect_contradiction,
    "divergence": mix.detect_divergence,
    "sentiment_shift": mix.detect_sentiment_shift,
    "register_shift": mix.detect_register_shift,
    "cross_beat": structure.detect_cross_beat,
    "split": structure.detect_split,
    "merge": structure.detect_merge,
}


def detect(window: Window, history: History, now: datetime, settings: SignalSettings) -> tuple[Signal, ...]:
    """All signals of a night, held ones included, by kind in the order of `DETECTORS`, then as each found them.

    What is part of a flood counts for none of them; each flood has a flag of its own at the end. Each carries its
    `confidence`, where back-tests have measured its kind.
    """
    flooded = floods.find(window, history, settings)
    honest = floods.without(window, flooded)
    wanted = dict.fromkeys(detector for kind, detector in DETECTORS.items() if kind not in settings.off)
    found = [signal for detector in wanted for signal in detector(honest, history, now, settings)]
    guarded = (*holds.guard(found, honest, history, settings), *floods.signals(flooded, window))
    return tuple(dataclasses.replace(signal, confidence=confidence.confidence(signal)) for signal in guarded)
