"""The signal stage: it asks, measures, holds and commits, and a second run adds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from factories import NOW, make_health, sample_records
from stored import analysed, put, sample_analysis

from pipeline.correcting import Target, retract
from pipeline.domain import Cursor
from pipeline.evening import gather
from pipeline.protocols import Store
from pipeline.settings import Settings, SignalSettings
from pipeline.signals import detect
from pipeline.stores import open_store


class Letters:
    """Counts letters: texts are near when they use the same ones."""

    name = "letters"

    def embed(self, texts: Sequence[str]) -> Any:
        rows = np.zeros((len(texts), 26), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for char in text.lower():
                if "a" <= char <= "z":
                    row[ord(char) - 97] += 1
            row[:] = row / (np.linalg.norm(row) or 1)
        return rows


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


def test_a_dispute_of_tonight_is_a_signal_with_its_claims_as_evidence(store: Store) -> None:
    report = detect(store, SignalSettings(), embedder=Letters(), now=NOW)
    (signal,) = [s for s in store.signals() if s.kind == "contradiction"]
    assert report.made == 1
    assert signal.held is None
    disputed = {c for f in store.findings([signal.subject]) for d in f.disputes for c in (d.a, d.b)}
    assert {row.id for row in signal.evidence} == disputed


def test_a_second_run_adds_nothing(store: Store) -> None:
    detect(store, SignalSettings(), embedder=Letters(), now=NOW)
    before = store.signals()
    detect(store, SignalSettings(), embedder=Letters(), now=NOW)
    assert store.signals() == before


def test_signals_that_rest_on_a_failed_source_are_held_and_say_so(store: Store) -> None:
    store.save_batch("harbour-wire", (), Cursor(), make_health(ok=False, error="timed out"))
    report = detect(store, SignalSettings(), embedder=Letters(), now=NOW)
    (signal,) = [s for s in store.signals() if s.kind == "contradiction"]
    assert str(signal.held).startswith('source "harbour-wire" failed from 2026-05-03 06:00')
    assert report.dropped == {"held contradiction": 1}
    assert report.made == 0
    assert "timed out" in report.notes[0]


@pytest.mark.parametrize("what", ["record", "source"])
def test_no_storyline_is_called_by_a_title_that_was_withdrawn(what: str) -> None:
    made = sample_analysis()
    first, *others = sorted(sample_records(), key=lambda record: (record.published, record.id))
    with closing(open_store(":memory:")) as store:
        put(store, *sample_records())
        store.save_analysis(replace(made, storylines=tuple(replace(s, label=first.title) for s in made.storylines)))
        window, _ = gather(store, SignalSettings(), embedder=Letters(), now=NOW)
        assert [line.label for line in window.storylines.values()] == [first.title]
        target = Target(what, first.id if what == "record" else first.source)
        retract(store, Settings(), target, "It was made up.", NOW)
        window, _ = gather(store, SignalSettings(), embedder=Letters(), now=NOW)
        left = [one.title for one in others if what == "record" or one.source != first.source]
        assert [line.label for line in window.storylines.values()] == left[:1]


def test_storylines_that_did_not_change_are_not_measured(store: Store) -> None:
    assert detect(store, SignalSettings(), embedder=Letters(), now=NOW + timedelta(days=5)).seen == 0
