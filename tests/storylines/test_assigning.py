"""Beats in the store: decided with their reasons, decided anew when the configuration changes, and of storylines."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from factories import NOW, make_health, make_record

from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record, StageReport
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.protocols import Embedder, Store
from pipeline.settings import AnalyzeSettings, BeatSettings
from pipeline.stores import open_store
from pipeline.storylines import assigning, vectors
from pipeline.storylines.beats import told

ENERGY = BeatSettings(name="Energy", description="Power and its price.", keywords=("turbine", "grid"))
COURTS = BeatSettings(name="Courts", keywords=("judge", "lawsuit"))
RIVERS = BeatSettings(name="Rivers", keywords=("flood", "dam"))


def news(title: str, body: str, **overrides: object) -> Record:
    return make_record(f"{title}\n\n{body}", title=title, published=NOW - timedelta(hours=6), **overrides)


TURBINES = news("Northwind orders turbines for Harlow", "Northwind ordered 12 turbines for its Harlow campus, it said.")
FLOOD = news("Flood in Port Brenna kills 14", "A flood killed 14 people in Port Brenna on Sunday, rescuers said.")
ROUNDUP = news(
    "Morning briefing: what to know today",
    "Northwind ordered 12 turbines for the Harlow campus.\n\nA flood in Port Brenna killed 14 people on Sunday.\n\n"
    "Halden Motors recalled 9,000 vans in Kessel over faulty brakes.",
)


@pytest.fixture
def store() -> Store:
    return open_store(":memory:")


def night(
    store: Store,
    records: Sequence[Record],
    beats: Sequence[BeatSettings],
    embedder: Embedder | None = None,
    now: datetime = NOW,
    workers: int = 0,
) -> StageReport:
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    embedder, engine = embedder or build("lexical"), load("local", workers=workers)
    try:
        return analyze(store, AnalyzeSettings(), beats=beats, embedder=embedder, engine=engine, now=now)
    finally:
        engine.close()


class Planes:
    """A dense embedder of three directions: turbines, floods, anything else; counts the texts that it reads."""

    def __init__(self, name: str = "planes-1", width: int = 3) -> None:
        self.name, self.width, self.read = name, width, 0

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.read += sum(bool(text) for text in texts)
        rows = np.zeros((len(texts), self.width), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at, 0 if "urbine" in text or "Power" in text else 1 if "lood" in text else 2] = 1.0
        return rows


def test_beats_are_stored_with_confidence_and_a_reason(store: Store) -> None:
    night(store, [TURBINES], (ENERGY, COURTS))
    (score,) = store.beat_scores([TURBINES.id])[TURBINES.id]
    assert (score.beat, score.reason) == ("Energy", "keyword 'turbine' twice")
    assert 0.4 <= score.confidence < 1


def test_a_changed_configuration_takes_effect_on_what_is_stored_the_next_night(store: Store) -> None:
    night(store, [TURBINES, FLOOD], (ENERGY,))
    before = store.claims_of_records([TURBINES.id, FLOOD.id])
    report = night(store, [], (COURTS, RIVERS), now=NOW + timedelta(days=1))
    assert store.record_beats([TURBINES.id, FLOOD.id]) == {FLOOD.id: ("Rivers",)}
    assert {line.record_ids: line.beats for line in store.storylines()} == {
        (TURBINES.id,): (),
        (FLOOD.id,): ("Rivers",),
    }
    assert store.claims_of_records([TURBINES.id, FLOOD.id]) == before
    assert {line.updated for line in store.storylines()} == {NOW}
    (note,) = report.notes
    assert "2 stored records were assigned anew, 2 storylines with them; 0 are left" in note
    assert night(store, [], (COURTS, RIVERS), now=NOW + timedelta(days=2)).notes == ()


def test_what_a_change_costs_in_a_night_is_bounded_and_the_newest_come_first(store: Store) -> None:
    records = [
        dataclasses.replace(TURBINES, id=f"r{n}", native_id=f"r{n}", url=None, fetched=NOW - timedelta(days=n))
        for n in range(5)
    ]
    night(store, records, ())
    lexical, engine = build("lexical"), load("local", workers=0)
    done = []
    for left in (3, 1, 0):
        note = assigning.renew(store, (ENERGY,), lexical, engine, most=2)
        assert note is not None
        assert f"{left} are left for the next nights" in note
        done.append(sorted(store.record_beats([record.id for record in records])))
    assert done == [["r0", "r1"], ["r0", "r1", "r2", "r3"], ["r0", "r1", "r2", "r3", "r4"]]
    assert assigning.renew(store, (ENERGY,), lexical, engine, most=2) is None


def test_renewing_embeds_no_record_again(store: Store) -> None:
    night(store, [TURBINES, FLOOD], (ENERGY,), Planes())
    again = Planes()
    night(store, [], (ENERGY, RIVERS), again, NOW + timedelta(days=1))
    assert again.read == 1  # the description of the new beat
    assert "meaning 1.00" in store.beat_scores([TURBINES.id])[TURBINES.id][0].reason


def test_each_text_of_a_night_is_embedded_once_whoever_asks(store: Store) -> None:
    embedder = Planes()
    night(store, [TURBINES, FLOOD], (ENERGY,), embedder)
    assert embedder.read == 3
    assert set(store.vectors([vectors.key(told(ENERGY))], "planes-1")) == {vectors.key(told(ENERGY))}


def test_another_model_decides_anew_and_the_rows_of_both_are_kept_apart(store: Store) -> None:
    one, two = Planes(), Planes("planes-2", width=5)
    night(store, [TURBINES], (ENERGY,), one)
    night(store, [FLOOD], (ENERGY,), two, NOW + timedelta(days=1))
    for embedder, texts in ((one, [TURBINES]), (two, [TURBINES, FLOOD])):
        for record in texts:
            (raw,) = store.vectors([vectors.key(record.text)], embedder.name).values()
            assert len(raw) == 4 * embedder.width


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0])
def test_rows_that_mean_nothing_leave_the_words_alone_to_decide(store: Store, value: float) -> None:
    class Broken(Planes):
        def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
            return np.full((len(texts), 3), value, dtype=np.float32)

    night(store, [TURBINES], (ENERGY,), Broken())
    other = open_store(":memory:")
    night(other, [TURBINES], (ENERGY,))
    assert store.beat_scores([TURBINES.id]) == other.beat_scores([TURBINES.id])


def test_of_a_roundup_only_the_claims_of_a_storyline_count_there(store: Store) -> None:
    night(store, [TURBINES, FLOOD, ROUNDUP], (ENERGY, RIVERS))
    homes = [line for line in store.storylines() if ROUNDUP.id in line.record_ids]
    assert len(homes) == 3
    found = {frozenset(line.record_ids) - {ROUNDUP.id}: line.beats for line in homes}
    assert found == {frozenset({TURBINES.id}): ("Energy",), frozenset({FLOOD.id}): ("Rivers",), frozenset(): ()}


def test_order_and_workers_change_nothing(store: Store) -> None:
    records = [TURBINES, FLOOD, ROUNDUP]
    night(store, records, (ENERGY, RIVERS), Planes())
    ids = [record.id for record in records]
    for seed, workers in ((1, 0), (2, 2)):
        other = open_store(":memory:")
        night(other, random.Random(seed).sample(records, 3), (ENERGY, RIVERS), Planes(), workers=workers)
        assert other.beat_scores(ids) == store.beat_scores(ids)
        assert other.storylines() == store.storylines()


def test_a_batch_that_dies_keeps_its_beats_and_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    night(store, [TURBINES], (ENERGY,))
    monkeypatch.setattr(assigning.rules, "weigh", lambda *_: 1 / 0)
    note = assigning.renew(store, (ENERGY, RIVERS), build("lexical"), load("local", workers=0))
    assert note is not None
    assert "1 are left" in note
    assert store.record_beats([TURBINES.id]) == {TURBINES.id: ("Energy",)}
