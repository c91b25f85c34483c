"""`eval signals`: the detectors on generated series and storylines with known changes (pipeline/backtest).

FILE describes the suite (benchmarks/signals.toml is the one that is reported): what is generated, from which seed, of
which family of shapes. Kinds that are off by default are measured, too.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pipeline import embedders
from pipeline.backtest import report, suite
from pipeline.settings import SignalSettings


def run(path: Path, *, embedder: str = "auto") -> dict[str, Any]:
    """Precision, recall by kind, false signals a night, delay, calibration. Raises UsageError."""
    began = time.perf_counter()
    measured = suite.run(suite.load(path), SignalSettings(), embedders.build(embedder))
    return {**report.measures(measured), "seconds": round(time.perf_counter() - began, 1)}
