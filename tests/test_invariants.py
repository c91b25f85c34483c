"""invariants: a desk after two nights breaks none of them, and whatever is broken on purpose is noticed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import invariants
import papers
import pytest

from pipeline.app import make_app
from pipeline.lock import RunLock
from pipeline.operating.holding import LOCK
from pipeline.run import night
from pipeline.settings import load

Harm = Callable[[Path], object]


def run(config: Path, day: int) -> None:
    app = make_app(load(config))
    try:
        night(app, datetime(2026, 5, day, 2, tzinfo=UTC))
    finally:
        app.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk after two nights; its configuration."""
    config = papers.desk(tmp_path_factory.mktemp("sound") / "desk")
    run(config, 4)
    papers.desk(config.parent, rows=(*papers.ROWS, papers.LATER))
    run(config, 5)
    return config


@pytest.fixture
def config(base: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    shutil.copytree(base.parent, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / base.name


def test_a_desk_that_nothing_happened_to_breaks_none(base: Path) -> None:
    assert invariants.broken(base) == []


def sql(statement: str) -> Harm:
    def harm(output: Path) -> None:
        with closing(sqlite3.connect(output / "citewire.db")) as database, database:
            changed = database.execute(statement).rowcount
        assert changed

    return harm


def page(output: Path) -> Path:
    found = (output / "site" / "index.html").resolve()
    os.chmod(found, 0o644)
    return found


HARMS: dict[str, tuple[Harm, str]] = {
    "a row that refers to nothing": (sql("DELETE FROM origins"), "refers to nothing"),
    "a lost text": (sql("UPDATE records SET content_hash = 'x'"), "record without text"),
    "a record twice": (
        sql("UPDATE versions SET (url, title) = (SELECT url, title FROM versions ORDER BY url LIMIT 1)"),
        "article of two records",
    ),
    "lost evidence": (sql("DELETE FROM evidence"), "claim without evidence"),
    "a moved span": (sql('UPDATE evidence SET start = start + 1, "end" = "end" + 1'), "claim whose span"),
    "a sentence that cites nothing": (sql("DELETE FROM sentence_citations"), "cites nothing"),
    "a lost citation": (sql("DELETE FROM citations"), "does not list"),
    "a citation of no claim": (sql("UPDATE citations SET claim_id = 'c0'"), "no stored claim"),
    "a changed quote": (sql("UPDATE citations SET quote = quote || '!'"), "words are not in its record"),
    "a lost version": (sql("UPDATE stories SET version = version + 7"), "versions have gaps"),
    "a version that follows none": (sql("UPDATE stories SET previous = 'y0'"), "follows none"),
    "a version without sentences": (sql("DELETE FROM sentences"), "without sentences"),
    "a stage told twice": (
        sql("INSERT INTO stage_reports SELECT run_id, n + 50, stage, at, seen, made, rest FROM stage_reports"),
        "twice in a run",
    ),
    "a page that was altered": (lambda output: page(output).write_text("<p>"), "not as it was published"),
    "a page that is gone": (lambda output: page(output).unlink(), "missing"),
    "a page that nobody listed": (lambda output: page(output).with_name("x.html").write_text("x"), "not listed"),
    "a site that is no link": (
        lambda output: ((output / "site").unlink(), (output / "site").mkdir()),
        "no link to a release",
    ),
    "a draft": (lambda output: (output / "releases" / "2026-05-05-00000000.tmp").mkdir(), "half-made"),
    "a half-made store": (lambda output: (output / ".new-abc").mkdir(), "half-made"),
    "lost notes": (lambda output: [p.unlink() for p in (output / "builds").glob("2*")], "has no notes"),
    "a damaged file": (lambda output: damage(output / "citewire.db"), "store: damaged"),
}


def damage(database: Path) -> None:
    """Turn the middle of a database over."""
    body = bytearray(database.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 8192] = bytes(255 - byte for byte in body[middle : middle + 8192])
    database.write_bytes(body)


@pytest.mark.parametrize("name", HARMS)
def test_what_is_broken_is_noticed(config: Path, name: str) -> None:
    harm, said = HARMS[name]
    harm(config.parent / "output")
    found = invariants.broken(config, thorough=False)
    assert any(said in one for one in found), found


def test_a_held_lock_is_noticed(config: Path) -> None:
    with RunLock(config.parent / "output" / LOCK):
        assert "another run holds" in invariants.broken(config, thorough=False)[0]


def test_a_bundle_that_does_not_hold_is_noticed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.attested.MAX_SPAN_WORDS", 3)
    assert any("quote limit" in one for one in invariants.broken(config))
