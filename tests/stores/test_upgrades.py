"""Stores of every released schema, filled, are brought up to date with all they hold; a newer one is refused.

Each is made by running the migrations up to its revision and putting rows into every table that it has then.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import papers
import pytest
from alembic.script import ScriptDirectory
from factories import make_health, make_record
from killing import RaiseAt, Recording, StoppedError

from pipeline.cli import main
from pipeline.domain import Cursor
from pipeline.errors import StoreError
from pipeline.operating import backup
from pipeline.settings import load
from pipeline.stores import migrate, open_library, open_store

NIGHT, NEXT, THIRD = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z", "2026-05-06T02:00:00Z"
REVISIONS = [one.revision for one in reversed(list(ScriptDirectory(str(migrate.FOLDER)).walk_revisions()))]


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Tables of a store with their columns; not those that SQLite, FTS5 and Alembic keep for themselves."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    ours = [name for name in names if not name.startswith(("sqlite_", "record_words", "alembic_", "record_word_ids"))]
    return {name: [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')] for name in ours}


def rows(path: Path) -> dict[str, dict[str, list[tuple[object, ...]]]]:
    """Table -> (columns, rows), of a store."""
    with sqlite3.connect(path) as connection:
        found = {
            name: {"columns": columns, "rows": sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)}
            for name, columns in tables(connection).items()
        }
    connection.close()
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk of today after two nights."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    papers.add(config.parent, papers.LATER)
    assert main(["run", "--config", str(config), "--now", NEXT, "--quiet"]) == 0
    return config.parent


@pytest.fixture(scope="module")
def released(desk, tmp_path_factory):
    """Revision -> a store of that schema with what the desk of today holds, as far as the schema could hold it."""
    folder, made = tmp_path_factory.mktemp("released"), {}
    for revision in REVISIONS:
        path = folder / f"{revision}.db"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrate, "HEAD", revision)
            open_store(path).close()
        old = sqlite3.connect(path, isolation_level=None)
        old.execute("PRAGMA foreign_keys = OFF")
        old.execute("ATTACH ? AS now", (str(desk / "output" / "citewire.db"),))
        today = {row[0] for row in old.execute("SELECT name FROM now.sqlite_master WHERE type = 'table'")}
        for name, columns in tables(old).items():
            if name in today:
                theirs = {row[1] for row in old.execute(f'PRAGMA now.table_info("{name}")')}
                shared = ", ".join(f'"{column}"' for column in columns if column in theirs)
                old.execute(f'INSERT OR IGNORE INTO main."{name}" ({shared}) SELECT {shared} FROM now."{name}"')
        for name in ("record_word_ids", "record_words"):
            wanted = "n, record_id" if name.endswith("ids") else "rowid, words"
            old.execute(f"INSERT INTO main.{name} ({wanted}) SELECT {wanted} FROM now.{name}")
        old.execute("DETACH now")
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.close()
        made[revision] = path
    return made


@pytest.fixture(params=REVISIONS)
def old(request, released, tmp_path) -> Path:
    """A copy of a store at one released schema."""
    return Path(shutil.copy(released[request.param], tmp_path / "citewire.db"))


def test_every_revision_is_tried_and_filled(released):
    assert REVISIONS[-1] == migrate.HEAD
    for path in released.values():
        filled = {name for name, one in rows(path).items() if one["rows"]}
        assert {"records", "versions", "claims", "evidence", "storylines", "stories", "citations", "runs"} <= filled


def test_what_an_older_store_holds_is_all_there_afterwards(old):
    before = rows(old)
    open_store(old).close()
    after = rows(old)
    for name, was in before.items():
        columns = [
            after[name]["columns"].index(column) for column in was["columns"] if column in after[name]["columns"]
        ]
        kept = [was["columns"].index(after[name]["columns"][place]) for place in columns]
        now = {tuple(row[place] for place in columns) for row in after[name]["rows"]}
        assert {tuple(row[place] for place in kept) for row in was["rows"]} <= now, name
    with sqlite3.connect(old) as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchone() == (migrate.HEAD,)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()


def test_every_question_is_answered_after_the_upgrade_as_it_is_on_todays_store(old, desk):
    """The contract: the same records, claims, storylines, stories, search; and writing goes on."""
    upgraded, today = open_store(old), open_store(shutil.copy(desk / "output" / "citewire.db", old.parent / "today.db"))
    ids = [record.id for record in today.fetched_between(None, today.runs()[0].now.replace(year=2030), limit=99)]
    assert len(ids) == 5
    for ask in (
        lambda store: store.records(ids),
        lambda store: store.claims_of_records(ids),
        lambda store: store.origins_of(ids),
        lambda store: store.storylines(),
        lambda store: store.findings([line.id for line in store.storylines()]),
        lambda store: store.all_stories(),
        lambda store: [record.id for record in store.search_records(["turbines"])],
        lambda store: [run.id for run in store.runs()],
    ):
        assert ask(upgraded) == ask(today)
    for store in (upgraded, today):
        saved = store.save_batch("wire", [make_record("A new text.", id="new")], Cursor(), make_health(source="wire"))
        assert saved.new == ("new",)
        assert store.pending() == ["new"]
        store.close()


def test_a_desk_goes_on_from_an_older_store_and_its_archive_verifies(old, desk, tmp_path, capsys):
    """T148: the night after an upgrade; stories stay at their addresses, every bundle holds."""
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    config = tmp_path / "desk" / "citewire.toml"
    shutil.copy(old, tmp_path / "desk" / "output" / "citewire.db")
    before = {path for path in papers.site(tmp_path / "desk") if path.startswith("stories/")}
    code = main(["run", "--config", str(config), "--now", THIRD, "--quiet"])
    assert (code, capsys.readouterr().err) == (0, "")
    assert before <= set(papers.site(tmp_path / "desk"))
    assert main(["verify", str(tmp_path / "desk" / "output" / "site"), "--config", str(config), "--quiet"]) == 0


@pytest.mark.parametrize("old", REVISIONS[:-1], indirect=True)
def test_an_upgrade_killed_halfway_leaves_the_old_schema_and_converges(old):
    """T073: one transaction; a copy of the old store stands beside it."""
    with sqlite3.connect(old) as other:
        (standing,) = other.execute("SELECT version_num FROM alembic_version").fetchone()
    other.close()
    before, noted = rows(old), Recording()
    whole = old.read_bytes()
    open_store(old, checkpoint=noted).close()
    done = rows(old)
    assert noted.names == ["store.migrate.written", "store.migrate.committed"]
    for name, expected in (("store.migrate.written", before), ("store.migrate.committed", done)):
        for extra in old.parent.glob("citewire.db-*"):
            extra.unlink()
        old.write_bytes(whole)
        with pytest.raises(StoppedError):
            open_store(old, checkpoint=RaiseAt(name))
        assert rows(old) == expected
        kept = old.with_name(f"citewire.db.{standing}.bak")
        assert rows(kept) == before
        open_store(old).close()
        assert rows(old) == done


def test_a_reader_asks_for_the_night_that_brings_an_older_store_up_to_date(released):
    for revision, path in released.items():
        if revision == migrate.HEAD:
            open_library(path).close()
        else:
            with pytest.raises(StoreError, match="one night brings it up to date: citewire run"):
                open_library(path)


def test_a_backup_of_an_older_schema_is_restored_and_brought_up_to_date(old, tmp_path, capsys):
    before = rows(old)
    config = papers.desk(tmp_path / "source")
    (tmp_path / "source" / "output").mkdir()
    shutil.copy(old, tmp_path / "source" / "output" / "citewire.db")
    path, manifest = backup.make(load(config), make_health().checked, target=tmp_path / "old.zip")
    other = papers.desk(tmp_path / "other")
    assert main(["restore", str(path), "--config", str(other)]) == 0
    after = rows(tmp_path / "other" / "output" / "citewire.db")
    assert {name: len(one["rows"]) for name, one in before.items() if name in ("records", "stories", "claims")} == {
        name: len(after[name]["rows"]) for name in ("records", "stories", "claims")
    }
    assert manifest.counts["records"] == len(before["records"]["rows"])
    with sqlite3.connect(tmp_path / "other" / "output" / "citewire.db") as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchone() == (migrate.HEAD,)
    opened.close()
    assert not list((tmp_path / "other" / "output").glob("*.bak"))


def test_a_newer_store_is_refused_in_clear_words_by_every_command_and_left_alone(desk, tmp_path, capsys):
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    config, path = tmp_path / "desk" / "citewire.toml", tmp_path / "desk" / "output" / "citewire.db"
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    body = path.read_bytes()
    for argv in (
        ["run"],
        ["publish"],
        ["report"],
        ["search", "turbines"],
        ["export", "claims", "--to", str(tmp_path / "a.csv")],
    ):
        assert main([*argv, "--config", str(config), "--now", THIRD]) == 8
        said = capsys.readouterr().err
        assert "at schema 9999" in said
        assert "install the newer version" in said
        assert "Traceback" not in said
    assert path.read_bytes() == body
    assert [one.name for one in path.parent.glob("*.bak")] == []
