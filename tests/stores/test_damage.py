"""A store damaged at many places, by hand: found by the run or by the full check, in words, and put right by a restore.

Never a traceback, never a wrong exit code, never a second database beside the damaged one, and the site stays up.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import papers
import pytest
from killing import ended, forked

from pipeline.cli import main
from pipeline.errors import StoreError
from pipeline.operating import backup
from pipeline.settings import load
from pipeline.stores import copying

NIGHT, NEXT = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"
PLACES = 100


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after one night; tests copy it."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    papers.add(config.parent, papers.LATER)
    return config.parent


@pytest.fixture
def mine(desk, tmp_path) -> Path:
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / "citewire.toml"


def stored(config: Path) -> Path:
    return config.parent / "output" / "citewire.db"


def found_by(path: Path) -> str:
    """Who finds that a file is damaged: the check of every run, the full one, or nobody."""
    try:
        if copying.examine(path).faults:
            return "quick"
        return "full" if copying.examine(path, full=True).faults else "nobody"
    except StoreError:
        return "quick"


KEPT = ("versions.text", "evidence.quote", "citations.quote")  # texts that hashes and spans hold


def kept(path: Path) -> list[list[tuple[object, ...]]]:
    """Those texts, with what they belong to."""
    with sqlite3.connect(path) as connection:
        found = [
            connection.execute(
                f"SELECT rowid, {column.split('.')[1]} FROM {column.split('.')[0]} ORDER BY 1"
            ).fetchall()
            for column in KEPT
        ]
    connection.close()
    return found


def test_blocks_overwritten_at_a_hundred_places_are_found_or_change_no_word_that_is_quoted(mine):
    """T072. What nobody finds lies in free space or in words that no page rests on."""
    path, dice = stored(mine), random.Random(8)
    whole, sound = path.read_bytes(), kept(path)
    seen = {"quick": 0, "full": 0, "nobody": 0}
    for n in range(PLACES):
        at, size = dice.randrange(len(whole)), (1, 64)[n % 2]
        flipped = bytes(byte ^ (1 << dice.randrange(8)) for byte in whole[at : at + size])
        path.write_bytes(whole[:at] + flipped + whole[at + size :])
        who = found_by(path)
        seen[who] += 1
        assert who != "nobody" or kept(path) == sound
    assert seen["quick"] > 5
    assert seen["full"] > 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE versions SET text = text || '!' WHERE id = (SELECT min(id) FROM versions)", "its hash differs"),
        ("UPDATE evidence SET quote = quote || '!' WHERE rowid = 1", "evidence: the words of"),
        ("UPDATE citations SET start = start + 1 WHERE rowid = 1", "citations: the words of"),
        ("UPDATE stories SET body = substr(body, 2) WHERE rowid = 1", "stories: what is kept of"),
        ("UPDATE runs SET rest = '{' WHERE rowid = 1", "runs: what is kept of"),
    ],
)
def test_the_full_check_finds_what_the_structure_does_not_show(mine, change, said):
    with sqlite3.connect(stored(mine)) as other:
        other.execute(change)
    other.close()
    assert copying.examine(stored(mine)).faults == ()
    assert said in copying.examine(stored(mine), full=True).faults[0]


def test_a_run_on_pages_overwritten_at_many_places_ends_in_words_or_well(mine, capsys):
    """Exit code 8 with the command that restores, or a sound night; nothing in between, and the site stays up."""
    path, dice = stored(mine), random.Random(5)
    whole, site = path.read_bytes(), papers.site(mine.parent)
    codes = []
    for _ in range(12):
        at = dice.randrange(1, len(whole) // 4096) * 4096
        path.write_bytes(whole[:at] + dice.randbytes(4096) + whole[at + 4096 :])
        code = main(["signal", "--config", str(mine), "--now", NEXT, "--quiet"])
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert code in (0, 8), said
        codes.append(code)
        if code == 8:
            assert "citewire restore --force" in said
            assert str(backup.found(backup.folder(load(mine)))[0].path) in said
        assert papers.site(mine.parent) == site
        for extra in path.parent.glob("citewire.db-*"):
            extra.unlink()
    assert codes.count(8) >= 8


@pytest.mark.parametrize(
    "breaks",
    [
        lambda path: os.truncate(path, 0),
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: os.truncate(path, 50),
        lambda path: path.write_text("Dear diary, " * 999),
        lambda path: path.write_bytes(bytes(8192)),
        lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(8192)),
    ],
    ids=["empty", "half", "fifty bytes", "a text", "zeros", "a header and zeros"],
)
def test_a_wrong_file_is_refused_restored_and_the_night_goes_on_as_if_nothing_had_been(mine, capsys, breaks, tmp_path):
    path = stored(mine)
    breaks(path)
    body = path.read_bytes()
    assert main(["run", "--config", str(mine), "--now", NEXT, "--quiet"]) == 8
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert [one.name for one in path.parent.glob("citewire.db*")] == ["citewire.db"]  # no empty one beside it
    assert path.read_bytes() == body
    newest = backup.found(backup.folder(load(mine)))[0].path
    assert main(["restore", str(newest), "--config", str(mine), "--force"]) == 0
    assert main(["run", "--config", str(mine), "--now", NEXT, "--quiet"]) == 0
    assert copying.examine(path, full=True).faults == ()


def test_a_damaged_desk_restored_builds_the_site_that_an_undamaged_one_builds(mine, capsys):
    assert main(["run", "--config", str(mine), "--now", NIGHT, "--quiet"]) == 0
    sound = mine.parent.parent / "sound"
    shutil.copytree(mine.parent, sound, symlinks=True)
    address = f'address = "{mine.parent / "papers.jsonl"}"'  # one and the same source
    for config in (mine, sound / "citewire.toml"):
        config.write_text(config.read_text().replace('address = "papers.jsonl"', address))
    path = stored(mine)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + os.urandom(4096 * 8) + whole[len(whole) // 2 + 4096 * 8 :])
    newest = backup.found(backup.folder(load(mine)))[0].path
    assert main(["restore", str(newest), "--config", str(mine), "--force"]) == 0
    for config in (mine, sound / "citewire.toml"):
        assert main(["run", "--config", str(config), "--now", NEXT, "--quiet"]) == 0
    assert papers.site(mine.parent) == papers.site(sound)


def killed_while_writing(config: Path) -> None:
    """A process that is gone before its log was taken into the file: both stand side by side, as a kill leaves them."""

    def write() -> None:
        other = sqlite3.connect(stored(config), isolation_level=None)
        other.execute("PRAGMA wal_autocheckpoint = 0")
        for n in range(60):
            other.execute(
                "INSERT INTO answers VALUES (?, ?, 'm', '2026-05-04 02:00:00.000000')", (f"k{n:02}", "x" * 900)
            )
        os.kill(os.getpid(), signal.SIGKILL)

    assert ended(forked(write)) == -signal.SIGKILL


def answered(config: Path) -> int:
    with sqlite3.connect(stored(config)) as other:
        (count,) = other.execute("SELECT count(*) FROM answers").fetchone()
    other.close()
    return int(count)


def test_a_log_torn_anywhere_keeps_what_came_before_the_tear_and_nothing_after_it(mine):
    """T075, T077: frames carry checksums; a commit is there whole or not at all, and those before it are."""
    killed_while_writing(mine)
    log = stored(mine).with_name("citewire.db-wal")
    whole, file, dice = log.read_bytes(), stored(mine).read_bytes(), random.Random(3)
    counts = []
    for at in sorted(dice.randrange(32, len(whole)) for _ in range(25)):
        for tear in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]):
            for extra in stored(mine).parent.glob("citewire.db-*"):
                extra.unlink()
            stored(mine).write_bytes(file)
            log.write_bytes(tear)
            assert copying.examine(stored(mine)).faults == ()
            counts.append(answered(mine))
    assert counts == sorted(counts)  # the later the tear, the more is there
    assert counts[0] < 60


def test_power_lost_while_the_log_is_taken_into_the_file_loses_no_commit(mine):
    """T077: until the file is synchronised the log stays whole (sqlite.org/wal.html); of the file's pages the disk may
    have any, in any order, half of one too. The pages are those before and after SQLite itself has taken the log in."""
    killed_while_writing(mine)
    path, log = stored(mine), stored(mine).with_name("citewire.db-wal")
    before, whole, dice = path.read_bytes(), log.read_bytes(), random.Random(5)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    after = path.read_bytes()
    size = int.from_bytes(after[16:18], "big")
    assert len(after) > len(before) + 4 * size
    for _ in range(25):
        pages = [
            dice.choice((old, new, new[: size // 2] + old[size // 2 :]))
            for old, new in (
                (before[at : at + size].ljust(size, b"\0"), after[at : at + size]) for at in range(0, len(after), size)
            )
        ]
        for extra in path.parent.glob("citewire.db-*"):
            extra.unlink()
        path.write_bytes(b"".join(pages[: dice.randint(len(before) // size, len(pages))]))
        log.write_bytes(whole)
        assert answered(mine) == 60
        assert copying.examine(path, full=True).faults == ()


def test_a_log_that_is_gone_leaves_the_last_checkpoint_or_is_refused(mine):
    """T075: a file copied without its log."""
    killed_while_writing(mine)
    for extra in stored(mine).parent.glob("citewire.db-*"):
        extra.unlink()
    assert copying.examine(stored(mine)).faults == ()
    assert answered(mine) == 0


def test_a_stale_index_of_the_log_is_made_anew(mine):
    """T075: -shm is only an index of the log."""
    killed_while_writing(mine)
    stored(mine).with_name("citewire.db-shm").write_bytes(os.urandom(32768))
    assert main(["signal", "--config", str(mine), "--now", NEXT, "--quiet"]) == 0
    assert answered(mine) == 60
    assert copying.examine(stored(mine), full=True).faults == ()


def test_damage_that_begins_while_a_night_runs_ends_it_in_words(mine, capsys, monkeypatch):
    """The check at the opening passes; the disk then gives other bytes."""
    from pipeline import app as joined

    inner = joined.analyze

    def analyze(store, *args, **named):
        path = stored(mine)
        store.db.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.db.connection.rollback()
        body = path.read_bytes()
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(len(body) - 4096))
        store.db.connection.exec_driver_sql("PRAGMA shrink_memory")
        store.db.connection.exec_driver_sql("PRAGMA cache_size = 0")
        store.db.connection.rollback()
        return inner(store, *args, **named)

    monkeypatch.setattr(joined, "analyze", analyze)
    site = papers.site(mine.parent)
    assert main(["run", "--config", str(mine), "--now", NEXT, "--quiet"]) == 8
    said = capsys.readouterr().err
    assert "damaged" in said
    assert "citewire restore --force" in said
    assert papers.site(mine.parent) == site
