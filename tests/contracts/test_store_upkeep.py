"""Every store forgets what is past its time and nothing else, pages through old records, and says how full it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factories import make_health, make_record

from pipeline.domain import Cursor, Run, StageReport
from pipeline.protocols.storing import Aging
from pipeline.stores import schema
from pipeline.storylines import vectors

NOW = datetime(2026, 5, 5, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def test_what_is_dated_goes_by_its_date(opened) -> None:
    store = opened()
    for days in (1, 5, 9):
        at = NOW - days * DAY
        store.cache_answer(f"k{days}", "yes", "model", at)
        store.save_run(Run(f"{at:%Y-%m-%dT%H:%M:%SZ}", at, (StageReport("publish"),), "published", 0))
        store.save_health(make_health(source="wire", checked=at))
    for kind in (Aging.ANSWERS, Aging.REPORTS, Aging.READS):
        assert store.prune_dated(kind, NOW - 5 * DAY) == 1
        assert store.prune_dated(kind, NOW - 5 * DAY) == 0
    assert store.prune_dated(Aging.RANKINGS, NOW) == 0
    assert [store.cached_answer(f"k{days}") for days in (1, 5, 9)] == ["yes", "yes", None]
    assert [run.now for run in store.runs()] == [NOW - DAY, NOW - 5 * DAY]
    assert [read.at for read in store.reads(NOW - 99 * DAY)] == [NOW - 5 * DAY, NOW - DAY]


def test_old_records_are_met_once_each_the_oldest_first(opened) -> None:
    store = opened()
    records = [make_record(f"Text {n}", id=f"r{n}", fetched=NOW - (n // 2) * DAY) for n in range(9)]
    store.save_batch("wire", records, Cursor(), None)
    met: list[str] = []
    after = None
    while page := store.fetched_between(after, NOW, limit=2):
        met += [record.id for record in page]
        after = (page[-1].fetched, page[-1].id)
    assert met == ["r8", "r6", "r7", "r4", "r5", "r2", "r3"]


def test_rows_of_texts_go_by_their_keys_in_every_model(opened) -> None:
    store = opened()
    keys = [vectors.key(text) for text in ("one", "two")]
    table = [{"id": key, "model": model, "vector": b"1234"} for key in keys for model in ("m", "n")]
    with store.transaction():
        store.db.put(schema.vectors, table)
    assert store.prune_vectors([keys[0], "unknown"]) == 2
    assert [set(store.vectors(keys, model)) for model in ("m", "n")] == [{keys[1]}] * 2
    assert store.prune_vectors([]) == 0


def test_a_store_says_how_full_it_is_and_gives_nothing_back_that_it_needs(opened, tmp_path: Path) -> None:
    store = opened()
    room = store.room()
    assert 0 <= room.free <= room.size
    assert store.compact(tmp_path) == 0
    with pytest.raises(FileNotFoundError):
        store.compact(tmp_path / "nowhere")
