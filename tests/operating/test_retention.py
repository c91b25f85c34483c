"""operating.retention: what is past its time goes, what a page rests on never does, and a killed night goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import papers
import pytest
from factories import make_record
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import RaiseAt, Recording, StoppedError

from pipeline.cli import main
from pipeline.domain import Cursor, Run, StageReport
from pipeline.operating import retention
from pipeline.protocols.storing import Aging
from pipeline.settings import Settings, load
from pipeline.stores import open_store, retaining, schema
from pipeline.storylines import vectors

NIGHT, NEXT = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"
NOW = datetime(2026, 5, 5, 2, tzinfo=UTC)
MAY_GO = {"answers", "reads", "rankings", "runs", "stage_reports", "vectors"}  # every other table is left alone
KEYS = ("embeddings_days", "answers_days", "reads_days", "rankings_days", "reports_days")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after two nights; tests copy it."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    papers.add(config.parent, papers.LATER)
    assert main(["run", "--config", str(config), "--now", NEXT, "--quiet"]) == 0
    return config


@pytest.fixture
def mine(desk, tmp_path) -> Path:
    shutil.copytree(desk.parent, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / "citewire.toml"


def rows(path: Path) -> dict[str, list[str]]:
    """Every row of every table of a store."""
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}
    connection.close()
    return found


def limited(config: Path, **days: int) -> Settings:
    chosen = load(config)
    return chosen.model_copy(update={"retention": chosen.retention.model_copy(update=days)})


def retained(chosen: Settings, now: datetime, checkpoint=lambda name: None) -> StageReport:
    """What a night forgets whose clock is trusted: tests/faults/test_clocks.py has those that leapt."""
    with (
        patch.object(retention, "leapt", lambda runs, now: None),
        closing(open_store(chosen.output_path / "citewire.db", checkpoint=checkpoint)) as store,
    ):
        return retention.retain(store, chosen, now, checkpoint=checkpoint)


@settings(max_examples=15)
@given(days=st.lists(st.integers(0, 500), min_size=5, max_size=5), later=st.integers(0, 4000))
def test_whatever_the_limits_what_a_page_rests_on_stays(desk, tmp_path_factory, days, later):
    """T079: evidence, versions, corrections and bundles, at every limit and every age."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(desk.parent, folder / "desk", symlinks=True)
    chosen = limited(folder / "desk" / "citewire.toml", **dict(zip(KEYS, days, strict=True)))
    store, before = chosen.output_path / "citewire.db", papers.site(folder / "desk")
    was = rows(store)
    retained(chosen, NOW + timedelta(days=later))
    now = rows(store)
    assert {name: now[name] for name in now.keys() - MAY_GO} == {name: was[name] for name in was.keys() - MAY_GO}
    for name in MAY_GO:
        assert set(now[name]) <= set(was[name])
    assert papers.site(folder / "desk") == before
    assert was["citations"] != []
    shutil.rmtree(folder)


def built_anew(config: Path) -> dict[str, bytes]:
    """The site of the second night, made from the store alone."""
    shutil.rmtree(config.parent / "output" / "releases")
    (config.parent / "output" / "site").unlink()
    assert main(["publish", "--config", str(config), "--now", NEXT, "--quiet"]) == 0
    return papers.site(config.parent)


def test_a_site_built_after_everything_was_forgotten_is_the_same_and_verifies(mine):
    before = built_anew(mine)
    retained(limited(mine, **dict.fromkeys(KEYS, 1)), NOW + timedelta(days=4000))
    after = built_anew(mine)
    # A storyline's page says what its last ranking came to, as long as that is kept.
    assert {name.split("/")[0] for name in before if before[name] != after.get(name)} <= {"manifest.json", "storylines"}
    assert main(["verify", str(mine.parent / "output" / "site"), "--config", str(mine), "--quiet"]) == 0


def test_what_is_younger_than_its_limit_stays_and_older_goes(mine):
    chosen = limited(mine, answers_days=10, reports_days=10)
    path = chosen.output_path / "citewire.db"
    store = open_store(path)
    for age in (9, 11):
        store.cache_answer(f"k{age}", "yes", "model", NOW - timedelta(days=age))
        at = NOW - timedelta(days=age)
        store.save_run(Run(f"{at:%Y-%m-%dT%H:%M:%SZ}", at, (StageReport("publish"),), "published", 0))
        (chosen.output_path / "runs" / f"{at:%Y-%m-%dT%H%M%SZ}.json").write_text("{}")
    (chosen.output_path / "runs" / "notes.json").write_text("mine")
    store.close()
    report = retained(chosen, NOW)
    assert "forgot 1 answers of models" in report.notes
    assert "forgot 1 run reports" in report.notes
    assert "forgot 1 files of run reports" in report.notes
    store = open_store(path)
    assert (store.cached_answer("k9"), store.cached_answer("k11")) == ("yes", None)
    assert [run.now for run in store.runs()] == [NOW, NOW - timedelta(days=1), NOW - timedelta(days=9)]
    store.close()
    assert sorted(path.stem for path in (chosen.output_path / "runs").iterdir())[-1] == "notes"


def test_zero_keeps_for_ever(mine):
    chosen = limited(mine, **dict.fromkeys(KEYS, 0))
    was = rows(chosen.output_path / "citewire.db")
    assert retention.limits(chosen, NOW) == {}
    assert retained(chosen, NOW + timedelta(days=9999)).made == 0
    assert rows(chosen.output_path / "citewire.db") == was


@given(reads=st.integers(1, 500), rankings=st.integers(1, 500), baseline=st.integers(7, 90), window=st.integers(1, 400))
def test_what_signals_and_pages_look_back_on_is_beyond_every_limit(reads, rankings, baseline, window):
    chosen = Settings.model_validate(
        {
            "retention": {"reads_days": reads, "rankings_days": rankings},
            "signals": {"baseline_days": baseline, "window_hours": window},
        }
    )
    before = retention.limits(chosen, NOW)
    assert before[Aging.READS] < NOW - timedelta(hours=window) - timedelta(days=baseline)
    assert before[Aging.RANKINGS] <= NOW - timedelta(days=30)


def with_embeddings(store, records):
    """Store `records` with a row for each of their two keys, and one of a claim."""
    store.save_batch("wire", records, Cursor(), None)
    table = [
        {"id": key, "model": "m", "vector": b"1234"}
        for key in sorted({key for record in records for key in retention.keys(record)} | {vectors.key("a claim")})
    ]
    with store.transaction():
        store.db.put(schema.vectors, table)


def test_embeddings_of_old_records_go_page_by_page_from_where_the_last_night_came_to(tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "_PAGE", 2)
    monkeypatch.setattr(retention, "_MOST", 4)
    chosen = Settings(root=tmp_path)
    chosen.output_path.mkdir()
    store = open_store(":memory:")
    old = [make_record(f"Old {n} of them", id=f"o{n}", fetched=NOW - timedelta(days=500 - n)) for n in range(7)]
    new = [make_record(f"New {n} of them", id=f"n{n}", fetched=NOW - timedelta(days=n)) for n in range(3)]
    with_embeddings(store, old + new)
    before = retention.retain(store, chosen, NOW).made, retention.retain(store, chosen, NOW).made
    assert before == (4, 3)  # a text shorter than what a dense model reads has one key
    assert retention.retain(store, chosen, NOW).made == 0
    left = {record.text for record in new} | {"a claim"}
    assert set(store.vectors([vectors.key(text) for text in left], "m")) == {vectors.key(text) for text in left}
    assert json.loads((chosen.output_path / retention.PROGRESS).read_text())["id"] == "o6"
    (chosen.output_path / retention.PROGRESS).write_text("{torn")
    assert retention.retain(store, chosen, NOW).made == 0  # it begins anew, and finds nothing
    store.close()


def test_killed_anywhere_the_next_night_finishes(mine):
    chosen = limited(mine, **dict.fromkeys(KEYS, 1))
    path, noted = chosen.output_path / "citewire.db", Recording()
    whole = path.read_bytes()
    retained(chosen, NOW + timedelta(days=900), noted)
    done = rows(path)
    points = list(dict.fromkeys(name for name in noted.names if not name.startswith("store.migrate")))
    assert {"retain.page", "retain.pruned", "store.prune_vectors.written", "store.prune_reports.committed"} <= {*points}
    for name in points:
        path.write_bytes(whole)
        (chosen.output_path / retention.PROGRESS).unlink(missing_ok=True)
        with pytest.raises(StoppedError):
            retained(chosen, NOW + timedelta(days=900), RaiseAt(name))
        retained(chosen, NOW + timedelta(days=900))
        assert rows(path) == done


def test_free_space_is_left_for_coming_nights_or_given_back_where_most_of_the_file_is_free(mine, monkeypatch):
    chosen = limited(mine)
    store = open_store(chosen.output_path / "citewire.db")
    many = [make_record(f"{n} " + "words " * 3000, id=f"x{n}", fetched=NOW) for n in range(150)]
    with store.transaction():
        store.db.put(schema.vectors, [{"id": record.id, "model": "m", "vector": bytes(20_000)} for record in many])
    store.prune_vectors(record.id for record in many)
    room = store.room()
    assert room.free > room.size // 2
    report = retention.retain(store, chosen, NOW)
    assert "MiB of the database file are free for coming nights" in report.notes[-1]
    assert store.room() == room
    monkeypatch.setattr(retaining, "_COMPACT_LEAST", 1 << 20)
    full = SimpleNamespace(f_bavail=1, f_frsize=4096)
    with monkeypatch.context() as disk:
        disk.setattr(retaining.os, "statvfs", lambda _: full)
        assert store.compact(mine.parent) == 0
    was = store.counts()
    assert "given" not in (report := retention.retain(store, chosen, NOW)).notes[-1]
    assert "back to the disk" in report.notes[-1]
    assert store.room().size < room.size // 2
    assert store.counts() == was
    store.close()
    assert (chosen.output_path / "citewire.db").stat().st_size < room.size // 2
