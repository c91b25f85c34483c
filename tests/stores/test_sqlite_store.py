"""stores.sqlite: what is special to one SQLite file: how it is opened, guarded, migrated, and what its errors say."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from factories import make_health, make_record
from killing import ended, forked
from sqlalchemy import create_engine

from pipeline.domain import Cursor
from pipeline.errors import ConfigurationError, StoreError
from pipeline.stores import migrate, open_store, schema, sqlite
from pipeline.stores.sqlite import APPLICATION

HEALTH = make_health(source="wire")


def filled(path: Path, count: int = 3) -> Path:
    store = open_store(path)
    store.save_batch("wire", [make_record(f"Report {n}", id=f"r{n}") for n in range(count)], Cursor(), HEALTH)
    store.close()
    return path


def refused(path: Path | str) -> str:
    before = Path(path).read_bytes() if Path(path).is_file() else b""
    with pytest.raises(StoreError) as caught:
        open_store(path).pending_records()
    assert (Path(path).read_bytes() if Path(path).is_file() else b"") == before
    return str(caught.value)


def test_a_store_is_made_with_its_folder_and_found_again_by_path_or_address(tmp_path: Path) -> None:
    path = filled(tmp_path / "new folder #1?" / "desk%20.db")
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    for address in (path, str(path), f"sqlite:///{path}", f"sqlite:///{os.path.relpath(path)}"):
        store = open_store(address)
        assert store.counts()["records"] == 3
        store.close()


def test_a_kind_that_nothing_offers_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="no kind of store is called 'mongodb'"):
        open_store("mongodb://host/desk")


def test_the_file_is_safe_for_one_writer(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
    asked = {
        name: store.db.connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # type: ignore[attr-defined]
        for name in wanted
    }
    assert asked == wanted
    store.close()


def test_damaged_and_foreign_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("Dear diary, " * 999)
    assert "is not a database; move it away or restore a backup" in refused(text)
    empty = tmp_path / "empty.db"
    empty.touch()
    assert "is empty, which it never is unless damaged" in refused(empty)
    assert "it is not a file" in refused(tmp_path)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    assert "a database of another program" in refused(foreign)
    dangling = tmp_path / "link.db"
    dangling.symlink_to(tmp_path / "nowhere.db")
    assert "it is not a file" in refused(dangling)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = filled(tmp_path / "a.db", 200)
    os.truncate(path, int(path.stat().st_size * share))
    assert "restore a backup" in refused(path)


def test_flipped_bytes_are_an_error_in_words_or_harmless(tmp_path: Path) -> None:
    whole = filled(tmp_path / "a.db", 50).read_bytes()
    broken, refusals = tmp_path / "b.db", 0
    for place in range(0, len(whole), len(whole) // 80):
        broken.write_bytes(whole[:place] + bytes(b ^ 0xFF for b in whole[place : place + 64]) + whole[place + 64 :])
        try:
            store = open_store(broken)
            store.pending()
            store.close()
        except StoreError:
            refusals += 1
        for extra in tmp_path.glob("b.db*"):
            extra.unlink()
    assert refusals > 3


def test_a_newer_schema_is_refused_with_advice(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(StoreError, match=r"at schema 9999.*install the newer version again"):
        open_store(path)


def test_the_migrations_make_exactly_the_schema(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    engine = create_engine(f"sqlite:///{path}")
    ours = set(schema.metadata.tables)

    def known(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name in ours

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": known, "compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()
    assert ScriptDirectory(str(migrate.FOLDER)).get_heads() == [migrate.HEAD]


def test_an_older_store_learns_since_when_it_knows_domains(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    with sqlite3.connect(path) as other:
        known = other.execute("SELECT site, since FROM sites").fetchall()
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        later = ("corrections", "withdrawals", "rechecks", "papers", "line_states", "record_states")
        for table in ("sites", "reads", "rankings", "record_phrases", *later):
            other.execute(f"DROP TABLE {table}")
        other.execute("UPDATE alembic_version SET version_num = '0003'")
    other.close()
    open_store(path).close()
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT site, since FROM sites").fetchall() == known != []
    other.close()


NEXT = """
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    op.execute("CREATE TABLE extra (id TEXT)")
    {fault}
"""


@pytest.mark.parametrize("fault", ["", "op.execute('no such sql')", "raise RuntimeError('killed')"])
def test_a_migration_is_applied_whole_or_not_at_all_and_leaves_a_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for source in (migrate.FOLDER / "env.py", *(migrate.FOLDER / "versions").glob("v*.py")):
        (folder / source.relative_to(migrate.FOLDER)).write_text(source.read_text())
    (folder / "versions" / "v9999_next.py").write_text(NEXT.format(fault=fault, head=migrate.HEAD))
    path = filled(tmp_path / "a.db")
    monkeypatch.setattr(migrate, "FOLDER", folder)
    monkeypatch.setattr(migrate, "HEAD", "9999")
    if fault:
        with pytest.raises((StoreError, RuntimeError)):
            open_store(path)
    else:
        open_store(path).close()
    monkeypatch.undo()
    backup = open_store(tmp_path / f"a.db.{migrate.HEAD}.bak")
    assert backup.counts()["records"] == 3
    backup.close()
    with sqlite3.connect(path) as other:
        made = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE name = 'extra'")]
        assert other.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (migrate.HEAD if fault else "9999",)
        ]
        assert made == ([] if fault else ["extra"])
    other.close()


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    monkeypatch.setattr(migrate, "HEAD", "0001")
    open_store(path).close()
    with sqlite3.connect(path) as other:
        assert not other.execute("SELECT name FROM sqlite_master WHERE name = 'aliases'").fetchall()
        other.execute("INSERT INTO sources VALUES ('wire', '{}', NULL)")
    other.close()
    monkeypatch.undo()
    store = open_store(path)
    assert (store.cursor("wire"), store.hosts()) == (Cursor(), [])
    store.save_health(HEALTH)
    store.close()
    assert (tmp_path / "a.db.0001.bak").exists()


# --- trouble while it runs -------------------------------------------------------------------------------------------


def test_a_second_writer_is_told_that_the_database_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_WAIT", 50)
    path = filled(tmp_path / "a.db")
    store = open_store(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked by another process"):
        store.save_health(HEALTH)
    assert len(store.pending()) == 3  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    store.save_health(HEALTH)
    store.close()


def test_a_full_disk_stops_the_step_and_leaves_the_rest(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "a.db"))
    connection = store.db.connection  # type: ignore[attr-defined]
    connection.exec_driver_sql(f"PRAGMA max_page_count = {connection.exec_driver_sql('PRAGMA page_count').scalar()}")
    connection.rollback()
    many = [make_record("words " * 500 + str(n), id=f"x{n}") for n in range(50)]
    with pytest.raises(StoreError, match="the disk is full"):
        store.save_batch("wire", many, Cursor(), HEALTH)
    assert store.counts()["records"] == 3
    store.save_health(HEALTH)
    store.close()


def test_a_commit_that_fails_leaves_nothing_and_the_store_usable(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "a.db"))
    database = store.db  # type: ignore[attr-defined]

    def broken() -> None:
        with store.transaction():
            store.save_health(dataclasses.replace(HEALTH, failures=9))
            database.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            database.add(schema.record_origins, [{"record_id": "nobody", "origin_id": "none"}])

    with pytest.raises(StoreError, match="contradicts another"):
        broken()
    assert store.health()["wire"] == HEALTH
    store.save_health(dataclasses.replace(HEALTH, failures=1))
    assert store.health()["wire"].failures == 1
    store.close()


def as_nobody(work: Callable[[], object]) -> str:
    """What StoreError `work` raises when a user without rights runs it."""
    reader, writer = os.pipe()

    def try_it() -> None:
        os.setuid(65534)
        try:
            work()
            os.write(writer, b"nothing")
        except StoreError as error:
            os.write(writer, str(error).encode())

    assert ended(forked(try_it)) == 0
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as told:
        return told.read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without rights")
def test_a_folder_or_file_without_rights_is_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    for folder in (tmp_path, *tmp_path.parents[:3]):  # one more under several test processes
        folder.chmod(0o755)
    path.chmod(0o644)
    told = as_nobody(lambda: open_store(path).save_health(HEALTH))
    assert "read-only" in told or "cannot be opened" in told
    assert "cannot create the database" in as_nobody(lambda: open_store(tmp_path / "b.db"))
    path.chmod(0o600)
    assert "cannot be opened" in as_nobody(lambda: open_store(path))


def test_a_thread_that_does_not_own_the_store_is_refused(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "a.db"))
    errors: list[str] = []

    def ask() -> None:
        try:
            store.pending()
        except StoreError as error:
            errors.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert errors
    assert "thread" in errors[0]
    assert len(store.pending()) == 3
    store.close()


def test_some_that_create_at_once_get_the_same_store(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    children = [forked(lambda: open_store(path).close()) for _ in range(4)]
    assert [ended(child) for child in children] == [0] * 4
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.db"]
    assert path.read_bytes()[68:72] == APPLICATION.to_bytes(4, "big")
