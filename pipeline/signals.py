"""The signal stage: asks the store what moved, lets the detectors measure it, and commits what they found.

Runs again without effect: a signal's id is made of its kind, subject and day.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime

from pipeline import detectors
from pipeline.detectors import holds
from pipeline.domain import StageReport
from pipeline.evening import gather
from pipeline.protocols import Checkpoint, Embedder, Store, no_checkpoint
from pipeline.settings import SignalSettings

MAX_NOTES = 20


def detect(
    store: Store,
    settings: SignalSettings,
    *,
    embedder: Embedder,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Measure everything in which something came inside the window; save and report the signals. Raises StoreError."""
    began = time.perf_counter()
    window, history = gather(store, settings, embedder=embedder, now=now)
    found = detectors.detect(window, history, now, settings)
    checkpoint("signals.before_commit")
    store.save_signals(found, now)
    checkpoint("signals.after_commit")
    held = [s for s in found if s.held]
    return StageReport(
        stage="signal",
        seen=sum(line.merged_into is None for line in window.storylines.values()),
        made=len(found) - len(held),
        dropped=dict(sorted(Counter(f"held {s.kind}" for s in held).items())),
        notes=holds.report(found, window, history)[:MAX_NOTES],
        seconds=time.perf_counter() - began,
    )
