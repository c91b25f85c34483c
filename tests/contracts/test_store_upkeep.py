"""Every store forgets what is past its time and nothing else, pages through old records, and says how full it is."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from factories import make_claim, make_health, make_record, make_story
from sqlalchemy import update

from pipeline.domain import Cursor, Raw, Run, StageReport
from pipeline.errors import StoreError
from pipeline.protocols import Analysis
from pipeline.protocols.storing import Aging
from pipeline.stores import open_store, retaining, schema
from pipeline.storylines import vectors

NOW = datetime(2026, 5, 5, 2, tzinfo=UTC)
DAY = timedelta(days=1)
RAW = Raw("https://harbour.example/a", "text/html", b"<p>as it came</p>" * 9)


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


def test_a_file_that_is_mostly_free_is_rewritten_where_the_disk_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "_COMPACT_LEAST", 1 << 20)
    with closing(open_store(tmp_path / "citewire.db")) as store:
        for n in range(4):
            store.cache_answer(f"k{n}", f"{n:07}" * 200_000, "model", NOW - 9 * DAY)
        store.cache_answer("kept", "yes", "model", NOW)
        assert store.prune_dated(Aging.ANSWERS, NOW) == 4
        before = store.room()
        space = os.statvfs(tmp_path)
        monkeypatch.setattr(retaining.os, "statvfs", lambda _: SimpleNamespace(f_bavail=3, f_frsize=space.f_frsize))
        assert store.compact(tmp_path) == 0  # no room for a copy
        monkeypatch.undo()
        monkeypatch.setattr(retaining, "_COMPACT_LEAST", 1 << 20)
        assert store.compact(tmp_path) == before.size - store.room().size > before.free // 2
        assert store.cached_answer("kept") == "yes"
        assert store.compact(tmp_path) == 0


def test_a_rewrite_that_another_reader_stops_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retaining, "_COMPACT_LEAST", 1 << 20)
    with closing(open_store(tmp_path / "citewire.db")) as store:
        store.cache_answer("k", "0123456" * 400_000, "model", NOW - 9 * DAY)
        assert store.prune_dated(Aging.ANSWERS, NOW) == 1
        with closing(store.db.connection.connection.cursor()) as cursor:
            cursor.execute("PRAGMA query_only = ON")  # as a file system that was mounted anew to be read alone
        with pytest.raises(StoreError):
            store.compact(tmp_path)


@pytest.mark.parametrize(
    ("table", "damage", "read"),
    [
        (schema.stories, {"body": "{"}, lambda store: list(store.stories(["y1"]))),
        (schema.raws, {"body": b"no deflate"}, lambda store: store.raw(RAW.hash)),
        (schema.claims, {"rest": "{"}, lambda store: store.claims_of_records(["r1"])),
    ],
    ids=["story", "raw document", "claim"],
)
def test_a_row_that_was_damaged_is_told_with_what_to_do(opened, table, damage, read) -> None:
    store = opened()
    record = replace(make_record(id="r1"), raw=RAW.hash)
    claim = make_claim(record, "The company says the turbines will supply 480 megawatts by March 2027.")
    store.save_batch("wire", [record], Cursor(), None, raws=[RAW])
    store.save_analysis(Analysis((record.id,), (claim,), now=NOW))
    store.save_story(make_story(id="y1"))
    read(store)
    with store.transaction():
        store.db.execute(update(table).values(**damage))
    with pytest.raises(StoreError, match=r"damaged .*restore a backup"):
        read(store)
