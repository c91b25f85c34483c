"""The benchmark of detection runs at a small size, and what it fills is what the store reads."""

from __future__ import annotations

from pathlib import Path

from benchmarks import signals
from pipeline.detectors.frame import About
from pipeline.embedders import build
from pipeline.evening import gather
from pipeline.settings import SignalSettings
from pipeline.stores import open_store


def test_the_store_counts_what_the_benchmark_put_there(tmp_path: Path) -> None:
    made, settings = signals.desk(50, 4000, 40, 6), SignalSettings()
    signals.fill(made, tmp_path / "desk.db")
    store = open_store(str(tmp_path / "desk.db"))
    window, history = gather(store, settings, embedder=build("lexical"), now=signals.NOW)
    store.close()
    past = made.hour - settings.window_hours
    asked = (past >= 0) & (past < settings.baseline_days * 24)
    for about in (About.STORYLINE, About.BEAT, About.SOURCE, About.ENTITY):
        assert history.series[about].counts.sum() == asked.sum()
        assert sum(len(some) for key, some in window.arrivals.items() if key.about is about) == (past < 0).sum()
    first = history.series[About.STORYLINE]
    assert first.counts[: first.first[1]].sum() == (asked & (made.storyline == 0)).sum()
    assert signals.stored(tmp_path / "desk.db")["seconds"] < 30


def test_detectors_alone_are_fast() -> None:
    assert signals.pure(signals.desk(500, 20_000, 60, 10))["seconds"] < 10
