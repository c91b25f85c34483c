"""The store as readers see it: nothing can be written, exports hold every row, filters mean what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from factories import NOW, make_record, make_signal, make_story, sample_claims, sample_records
from stored import HEALTH, analysed, put, whole_night

from pipeline.amends import Correction, CorrectionKind
from pipeline.domain import Cursor, Story
from pipeline.errors import StoreError
from pipeline.exporting import TABLES
from pipeline.protocols.library import Library, Within
from pipeline.stores import migrate, open_store
from pipeline.stores.library import open_library

ALL = Within()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which everything was kept once."""
    file = tmp_path_factory.mktemp("library") / "citewire.db"
    with closing(open_store(file)) as store:
        whole_night(store)
        store.save_signals([make_signal(id="gbeat", about="beat", subject="Energy")], NOW)
    return file


@pytest.fixture(scope="module")
def library(path: Path) -> Iterator[Library]:
    with closing(open_library(path)) as opened:
        yield opened


def rows(library: Library, kind: str, within: Within = ALL) -> list[dict[str, object]]:
    return [dict(row) for row in library.flat(kind, within)]


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_has_its_columns_and_their_types(library: Library, kind: str) -> None:
    found = rows(library, kind)
    assert found, f"the sample has no {kind}"
    fits = {"text": str, "whole number": int, "number": (int, float), "true or false": bool, "list of texts": list}
    for row in found:
        for column in TABLES[kind].columns:
            value = row[column.name]
            if column.type.value == "time, UTC":
                assert value is None or value.utcoffset() == timedelta(0)  # type: ignore[attr-defined]
            else:
                assert value is None or isinstance(value, fits[column.type.value]), column.name


@pytest.mark.parametrize("kind", TABLES)
def test_rows_come_in_the_order_of_their_keys(library: Library, kind: str) -> None:
    keys = [column.name for column in TABLES[kind].columns[:3] if column.name in {"id", "claim_id", "story_id"}][:1]
    names = [row[keys[0]] for row in rows(library, kind)] if keys else []
    assert names == sorted(names)  # type: ignore[type-var]


@pytest.mark.parametrize("kind", TABLES)
def test_times_bound_what_is_given(library: Library, kind: str) -> None:
    table, every = TABLES[kind], rows(library, kind)
    moments = sorted(row[table.time] for row in every)  # type: ignore[type-var]
    first, last = moments[0], moments[-1]
    assert len(rows(library, kind, Within(since=first))) == len(every)
    assert rows(library, kind, Within(until=first)) == []
    late = rows(library, kind, Within(since=last))
    assert late == [row for row in every if row[table.time] >= last]  # type: ignore[operator]
    assert rows(library, kind, Within(since=last + timedelta(seconds=1))) == []


@pytest.mark.parametrize("kind", TABLES)
def test_a_beat_that_nothing_has_gives_nothing(library: Library, kind: str) -> None:
    assert rows(library, kind, Within(beat="Gardening")) == []
    some = rows(library, kind, Within(beat="Energy"))
    assert all(row in rows(library, kind) for row in some)


def test_claims_hold_the_words_they_rest_on(library: Library) -> None:
    texts = {record.id: record.text for record in sample_records()}
    found = rows(library, "claims")
    assert {row["id"] for row in found} == {claim.id for claim in sample_claims()}
    for row in found:
        assert texts[str(row["record_id"])][row["start"] : row["end"]] == row["quote"]  # type: ignore[misc]
        assert row["current"] is True
        assert row["storyline_id"]
        assert str(row["origin_id"]).startswith("o")


def test_a_claim_of_an_older_text_is_told_as_such(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "a.db")) as store:
        analysed(store)
        old = sample_records()[0]
        changed = replace(old, text=old.text + " More was said.", fetched=old.fetched + timedelta(hours=1))
        store.save_batch("wire", [changed], Cursor(), HEALTH)
    with closing(open_library(tmp_path / "a.db")) as opened:
        told = {row["record_id"]: row["current"] for row in opened.flat("claims", ALL)}
        assert told[old.id] is False
        assert len(rows(opened, "records")) == len(sample_records())


def test_a_withdrawn_story_is_in_no_export(tmp_path: Path) -> None:
    story = make_story()
    with closing(open_store(tmp_path / "a.db")) as store:
        analysed(store)
        store.save_story(story)
        store.save_correction(retraction(story, sample_claims()[0].id))
    with closing(open_library(tmp_path / "a.db")) as opened:
        assert rows(opened, "stories") == []
        assert rows(opened, "citations") == []
        gone = [row["id"] for row in rows(opened, "claims") if row["withdrawn"]]
        assert gone == [sample_claims()[0].id]


def retraction(story: Story, *claims: str) -> Correction:
    kind = CorrectionKind.RETRACTED
    return Correction("k1", kind, NOW, "story", story.storyline_id, "wrong", withdrawn=(story.id,), claims=claims)


WRITES: list[Callable[[Library], object]] = [
    whole_night,
    lambda library: put(library, make_record("Another\n\nSomething else happened in another town.")),
    lambda library: library.save_signals([make_signal(id="gnew")], NOW),
    lambda library: library.save_story(make_story(id="y9", version=9)),
    lambda library: library.cache_answer("x", "y", "m", NOW),
    lambda library: library.save_topic("x", ["r"], NOW),
]


@pytest.mark.parametrize("write", WRITES)
def test_nothing_can_be_written(path: Path, library: Library, write: Callable[[Library], object]) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreError, match="read-only"):
        write(library)
    assert path.read_bytes() == before
    assert rows(library, "records")


def test_a_reader_sees_what_a_night_commits_meanwhile(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "a.db")) as store:
        analysed(store)
        with closing(open_library(tmp_path / "a.db")) as opened:
            before = len(rows(opened, "records"))
            put(store, make_record("Another\n\nSomething else happened in another town."))
            assert len(rows(opened, "records")) == before + 1


def test_no_store_and_other_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="citewire run"):
        open_library(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "text.db").write_text("no database, a text of some length" * 9)
    with pytest.raises(StoreError, match="not a database"):
        open_library(tmp_path / "text.db")


def test_another_schema_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path / "a.db").close()
    monkeypatch.setattr(migrate, "HEAD", "9999")
    with pytest.raises(StoreError, match="citewire run"):
        open_library(tmp_path / "a.db")
    monkeypatch.setattr(migrate, "HEAD", "0000")
    with pytest.raises(StoreError, match="newer version"):
        open_library(tmp_path / "a.db")


def test_an_empty_store_gives_no_rows(tmp_path: Path) -> None:
    open_store(tmp_path / "a.db").close()
    with closing(open_library(tmp_path / "a.db")) as opened:
        assert [rows(opened, kind) for kind in TABLES] == [[] for _ in TABLES]
