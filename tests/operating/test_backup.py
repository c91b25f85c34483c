"""operating.archive, backup and restore: what is put away comes back; what is damaged is refused, and nothing lost."""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import random
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import papers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from killing import RaiseAt, Recording, StoppedError

from pipeline.cli import main
from pipeline.errors import StoreError, UsageError
from pipeline.lock import RunLock
from pipeline.operating import archive, backup
from pipeline.operating.backup import Found, kept
from pipeline.operating.restore import restore
from pipeline.publishing import release
from pipeline.settings import Settings, load
from pipeline.stores import copying, open_store

NIGHT, NEXT = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"
NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after one night, with the backup that the night made; tests copy it."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    return config.parent


@pytest.fixture
def mine(desk, tmp_path) -> Path:
    """A copy of it, to change; its configuration file."""
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / "citewire.toml"


def newest(config: Path) -> Path:
    return backup.found(backup.folder(load(config)))[0].path


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a store by table."""
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
    connection.close()
    return rows


def test_a_night_that_makes_anything_leaves_a_verified_backup_and_says_so(mine, capsys):
    path = newest(mine)
    assert path.name == "citewire-20260504T020000Z.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    manifest, examined = backup.check(path, mine.parent)
    assert (examined.faults, examined.counts) == ((), manifest.counts)
    assert manifest.site["release"] == (mine.parent / "output" / "site").resolve().name
    assert main(["report", "--config", str(mine)]) == 0
    assert "verified backup of" in capsys.readouterr().out
    assert main(["run", "--config", str(mine), "--now", NIGHT, "--quiet"]) == 0  # nothing new: none is made
    assert len(backup.found(path.parent)) == 1


def test_a_backup_holds_the_store_row_for_row_and_no_secret(mine):
    output = mine.parent / "output"
    (output / "private").mkdir(mode=0o700)
    (output / "private" / "0123456789abcdef.json").write_text('{"token": "canary"}')
    path, _ = backup.make(load(mine), NOW, target=mine.parent / "mine.zip")
    with zipfile.ZipFile(path) as made:
        assert sorted(made.namelist()) == ["backup.json", "citewire.db"]
        made.extract("citewire.db", mine.parent / "out")
    assert contents(mine.parent / "out" / "citewire.db") == contents(output / "citewire.db")
    path, manifest = backup.make(load(mine), NOW, target=mine.parent / "with.zip", private=True)
    assert "private/0123456789abcdef.json" in manifest.files


def test_equal_stores_make_equal_manifests_but_for_the_file_itself(mine):
    first, second = (
        backup.make(load(mine), NOW, target=mine.parent / f"{name}.zip")[1] for name in ("first", "second")
    )
    assert first == second


def test_a_desk_without_a_store_has_nothing_to_back_up(tmp_path):
    config = papers.desk(tmp_path)
    with pytest.raises(UsageError, match="nothing to back up"):
        backup.make(load(config), NOW)
    assert not (tmp_path / "output" / "backups").exists()


def test_a_copy_made_while_a_night_writes_is_one_moment(mine, tmp_path):
    store = mine.parent / "output" / "citewire.db"
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM held")
    writer.execute("INSERT INTO hosts (host) VALUES ('half.example')")
    path, manifest = backup.make(load(mine), NOW, target=tmp_path / "now.zip")
    writer.execute("COMMIT")
    writer.close()
    archive.unpack(path, tmp_path / "out")
    assert ("half.example",) not in [row[:1] for row in contents(tmp_path / "out" / "citewire.db")["hosts"]]
    assert manifest.counts["hosts"] == 0


# --- which are kept --------------------------------------------------------------------------------------------------


@given(
    days=st.lists(st.integers(0, 200), unique=True, max_size=30),
    keep=st.integers(1, 5),
    weekly=st.integers(0, 5),
    turns=st.integers(1, 3),
)
def test_the_newest_and_one_a_week_stay(days, keep, weekly, turns):
    listed = [Found(Path(f"{day}.zip"), NOW - timedelta(days=day), 1 + day % turns) for day in days]
    staying = kept(listed, keep, weekly)
    ordered = sorted(listed, key=lambda one: (one.turn, one.made), reverse=True)
    assert staying[:keep] == ordered[:keep]
    assert len(staying) <= keep + weekly
    weeks = list(dict.fromkeys(one.made.isocalendar()[:2] for one in ordered))
    assert {one.made.isocalendar()[:2] for one in staying} >= set(weeks[:weekly])
    assert kept(staying, keep, weekly) == staying  # a night later nothing more goes


def test_a_setting_says_how_many_and_none(mine):
    text = mine.read_text() + "\n[backup]\nkeep = 2\nweekly = 0\n"
    mine.write_text(text)
    for day in range(1, 5):
        backup.nightly(load(mine), NOW + timedelta(days=day))
    assert [one.made.day for one in backup.found(backup.folder(load(mine)))] == [9, 8]
    mine.write_text(text.replace("keep = 2", "keep = 0"))
    assert backup.nightly(load(mine), NOW).made == 0
    assert len(backup.found(backup.folder(load(mine)))) == 2


def test_after_a_clock_that_ran_ahead_the_last_made_is_the_newest_and_stays(mine, capsys):
    settings = load(mine)
    place = backup.folder(settings)
    for day in range(1, 40):
        shutil.copy(newest(mine), place / f"citewire-{NOW + timedelta(days=30 + day):%Y%m%dT%H%M%SZ}.zip")
    report = backup.nightly(settings, NOW)
    assert (report.made, report.failures) == (1, ())
    first = place / f"citewire-{NOW:%Y%m%dT%H%M%SZ}-2.zip"
    assert newest(mine) == first
    assert backup.nightly(settings, NOW + timedelta(days=1)).made == 1
    second = newest(mine)
    assert second.name == f"citewire-{NOW + timedelta(days=1):%Y%m%dT%H%M%SZ}-2.zip"
    assert backup.nightly(settings, NOW - timedelta(days=1)).made == 1  # set back once more
    assert [one.path for one in backup.found(place)][1:3] == [second, first]
    assert newest(mine).name == f"citewire-{NOW - timedelta(days=1):%Y%m%dT%H%M%SZ}-3.zip"
    with closing(open_store(settings.store_file)) as store:
        assert not backup.due(settings, store.counts())
    settings.store_file.write_bytes(b"no database")
    assert main(["run", "--config", str(mine), "--now", NEXT, "--quiet"]) == 8
    assert f"citewire restore --force {newest(mine)}" in capsys.readouterr().err
    assert main(["restore", "--force", str(newest(mine)), "--config", str(mine)]) == 0


def test_a_disk_without_room_costs_the_backup_and_not_the_night(mine, monkeypatch):
    usage = shutil.disk_usage(mine)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    report = backup.nightly(load(mine), NOW)
    assert report.made == 0
    assert "no backup was made" in report.failures[0].what
    assert "older backups stay" in report.failures[0].consequence


def test_what_a_killed_backup_left_goes_with_the_next_and_what_is_being_made_stays(mine):
    place = backup.folder(load(mine))
    left, alive = place / ".making-old", place / ".making-now"
    for made in (left, alive):
        made.mkdir()
    held = os.open(alive, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    backup.nightly(load(mine), NOW)
    assert not left.exists()
    assert alive.exists()
    os.close(held)


def test_what_a_killed_night_stored_without_a_backup_gets_one_though_the_edition_shown_is_older(mine):
    """After a rollback the site stays as it is; so a night that died before its backup is known by its rows alone."""
    settings = load(mine)
    with closing(open_store(settings.store_file)) as store:
        assert not backup.due(settings, store.counts())
        papers.add(mine.parent, papers.LATER)
        assert main(["ingest", "--config", str(mine), "--now", NEXT, "--quiet"]) == 0
        assert backup.due(settings, store.counts())
        newest(mine).write_bytes(b"no backup any more")
        assert backup.due(settings, {})


# --- restore ---------------------------------------------------------------------------------------------------------


def test_a_restore_brings_back_every_row_and_keeps_what_was_there(mine, capsys):
    store = mine.parent / "output" / "citewire.db"
    path, before = newest(mine), contents(store)
    papers.add(mine.parent, papers.LATER)
    assert main(["run", "--config", str(mine), "--now", NEXT, "--quiet"]) == 0
    later = contents(store)
    assert main(["restore", str(path), "--config", str(mine)]) == 2
    assert "--force" in capsys.readouterr().err
    assert contents(store) == later
    code = main(["restore", str(path), "--config", str(mine), "--force", "--json", "--now", NEXT])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    restored = contents(store)
    ours = [
        name for name in restored if name not in ("runs", "stage_reports")
    ]  # the night had not ended when it was made
    assert {name: restored[name] for name in ours} == {name: before[name] for name in ours}
    assert contents(Path(told["aside"])) == later


def test_a_restore_on_another_machine_builds_the_same_site_and_goes_on_as_if_nothing_had_been(tmp_path, capsys):
    """T074: the same nights from then on."""
    mine = papers.desk(tmp_path / "mine")
    assert main(["run", "--config", str(mine), "--now", NIGHT, "--quiet"]) == 0
    place = f'address = "{mine.parent / "papers.jsonl"}"'  # the source stands where it stood
    other = papers.desk(tmp_path / "other", config=papers.CONFIG.replace('address = "papers.jsonl"', place))
    assert main(["restore", str(newest(mine)), "--config", str(other)]) == 0
    said = capsys.readouterr().out
    assert "citewire publish --now 2026-05-04T02:00:00+00:00" in said
    assert main(["publish", "--config", str(other), "--now", NIGHT, "--quiet"]) == 0
    assert papers.site(tmp_path / "other") == papers.site(mine.parent)
    papers.add(mine.parent, papers.LATER)
    for config in (mine, other):
        assert main(["run", "--config", str(config), "--now", NEXT, "--quiet"]) == 0
    assert papers.site(tmp_path / "other") == papers.site(mine.parent)


def test_a_restored_desk_serves_the_edition_that_is_kept(mine, capsys):
    path, output = newest(mine), mine.parent / "output"
    name = (output / "site").resolve().name
    (output / "citewire.db").unlink()
    (output / "site").unlink()
    assert main(["restore", str(path), "--config", str(mine)]) == 0
    assert "is served again" in capsys.readouterr().out
    assert (output / "site").resolve().name == name


def test_corrections_made_since_the_backup_are_not_silently_undone(mine, capsys):
    path = newest(mine)
    story = json.loads(
        next(iter(sorted((mine.parent / "output" / "site" / "stories").glob("*/story.json")))).read_text()
    )
    assert main(["retract", story["story"]["id"], "--why", "wrong", "--config", str(mine), "--now", NEXT]) == 0
    assert len(backup.found(path.parent)) == 2  # the correction itself is backed up as soon as it is published
    capsys.readouterr()
    assert main(["restore", str(path), "--config", str(mine), "--force"]) == 0
    assert "corrections that were made after" in capsys.readouterr().out


def test_checking_a_backup_changes_nothing(mine, capsys):
    before = (mine.parent / "output" / "citewire.db").read_bytes()
    assert main(["restore", str(newest(mine)), "--check", "--config", str(mine)]) == 0
    assert "can be restored" in capsys.readouterr().out
    assert (mine.parent / "output" / "citewire.db").read_bytes() == before


def test_a_restore_waits_for_no_night_it_is_refused(mine, capsys):
    with RunLock(mine.parent / "output" / "citewire.lock"):
        assert main(["restore", str(newest(mine)), "--config", str(mine), "--force"]) == 7


# --- damage ----------------------------------------------------------------------------------------------------------


def refused(settings: Settings, path: Path) -> str:
    """What is said of a backup that cannot be restored; the desk is as it was."""
    store = settings.output_path / "citewire.db"
    before = store.read_bytes()
    with pytest.raises(StoreError) as caught:
        restore(settings, path, NOW, force=True)
    assert store.read_bytes() == before
    assert not list(settings.output_path.glob(".restoring-*"))
    return str(caught.value)


def test_every_changed_byte_and_every_cut_is_refused(mine, tmp_path):
    settings, whole = load(mine), newest(mine).read_bytes()
    broken = tmp_path / "broken.zip"
    dice = random.Random(8)
    for at in [0, 1, len(whole) - 1, len(whole) - 64, *(dice.randrange(len(whole)) for _ in range(56))]:
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << dice.randrange(8))]) + whole[at + 1 :])
        assert "damaged and was not used" in refused(settings, broken)
    for size in [0, 1, 63, 64, 65, *(dice.randrange(len(whole)) for _ in range(15)), len(whole) - 1]:
        broken.write_bytes(whole[:size])
        assert "damaged and was not used" in refused(settings, broken)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"SQLite format 3\0" + bytes(4000), "is no backup of Citewire"),
        (b"Dear diary, " * 99, "is no backup of Citewire"),
        (b"", "is no backup of Citewire"),
    ],
)
def test_another_file_is_no_backup(mine, tmp_path, body, said):
    (tmp_path / "other").write_bytes(body)
    assert said in refused(load(mine), tmp_path / "other")


def test_a_folder_and_nothing_are_no_backup(mine, tmp_path):
    assert "cannot be taken apart" in refused(load(mine), tmp_path)
    assert "No such file" in refused(load(mine), tmp_path / "none.zip")


def forged(path: Path, target: Path, **changed: object) -> Path:
    """A backup whose seal holds and whose manifest says something else."""
    with zipfile.ZipFile(path) as made:
        made.extract("citewire.db", target.parent / "taken")
    manifest = dataclasses.replace(archive.read(path), files={}, **changed)
    archive.pack(target, manifest, {"citewire.db": target.parent / "taken" / "citewire.db"})
    return target


def test_a_backup_of_a_newer_version_is_refused_in_words(mine, tmp_path):
    path = forged(newest(mine), tmp_path / "newer.zip", format_version=99, version="9.9")
    assert "newer version of Citewire (9.9)" in refused(load(mine), path)


def test_a_backup_of_a_newer_schema_is_refused_in_words(mine, tmp_path):
    with zipfile.ZipFile(newest(mine)) as made:
        made.extract("citewire.db", tmp_path)
    with sqlite3.connect(tmp_path / "citewire.db") as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    manifest = dataclasses.replace(archive.read(newest(mine)), files={})
    archive.pack(tmp_path / "newer.zip", manifest, {"citewire.db": tmp_path / "citewire.db"})
    assert "at schema 9999" in refused(load(mine), tmp_path / "newer.zip")


def test_a_store_that_is_not_what_its_manifest_says_is_refused(mine, tmp_path):
    path = forged(newest(mine), tmp_path / "other.zip", counts={"records": 1})
    assert "does not hold what its manifest says" in refused(load(mine), path)


def test_a_member_cannot_choose_a_path(mine, tmp_path):
    manifest = dataclasses.replace(archive.read(newest(mine)), files={})
    body = tmp_path / "body"
    body.write_bytes(b"x")
    archive.pack(tmp_path / "evil.zip", manifest, {"citewire.db": body, "../../evil": body})
    assert "does not hold what a backup holds" in refused(load(mine), tmp_path / "evil.zip")
    assert not (tmp_path / "evil").exists()


# --- killed anywhere -------------------------------------------------------------------------------------------------


def points(work) -> list[str]:
    noted = Recording()
    work(noted)
    return noted.names


def test_a_restore_killed_anywhere_leaves_a_desk_that_says_so_or_works_and_is_finished_by_the_same_command(mine):
    settings, path = load(mine), newest(mine)
    store = settings.output_path / "citewire.db"
    names = points(lambda checkpoint: restore(settings, path, NOW, force=True, checkpoint=checkpoint))
    assert len(names) == 7
    rows = contents(store)
    for name in names:
        with pytest.raises(StoppedError):
            restore(settings, path, NOW, force=True, checkpoint=RaiseAt(name))
        said = ""
        try:
            open_store(store).close()
        except StoreError as error:
            said = str(error)
        assert said == "" or "a restore of" in said
        assert restore(settings, path, NOW, force=True).manifest == archive.read(path)
        assert contents(store) == rows
        assert not list(settings.output_path.glob(".restoring-*"))


def test_a_stale_log_never_meets_a_restored_store(mine):
    """The old write-ahead log holds commits that are not in the old file; none may reach the new one."""
    settings, path = load(mine), newest(mine)
    store = settings.output_path / "citewire.db"
    kept_log = mine.parent / "log"
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("INSERT INTO hosts (host) VALUES ('late.example')")
    shutil.copy(f"{store}-wal", kept_log)
    shutil.copy(store, mine.parent / "file")
    writer.close()
    shutil.copy(mine.parent / "file", store)
    shutil.copy(kept_log, f"{store}-wal")  # as a killed night leaves them
    made = restore(settings, path, NOW, force=True)
    assert ("late.example",) not in [row[:1] for row in contents(store)["hosts"]]
    assert ("late.example",) in [row[:1] for row in contents(made.aside)["hosts"]]


def test_a_backup_killed_anywhere_leaves_the_old_ones_and_no_half_one(mine):
    settings = load(mine)
    place = backup.folder(settings)
    before = {one.path: one.path.read_bytes() for one in backup.found(place)}
    names = points(lambda checkpoint: backup.nightly(settings, NOW, checkpoint=checkpoint))
    assert names == ["backup.copied", "backup.checked", "backup.verified", "backup.placed", "backup.pruned"]
    backup.found(place)[0].path.unlink()
    for name in names:
        with pytest.raises(StoppedError):
            backup.nightly(settings, NOW, checkpoint=RaiseAt(name))
        for one in backup.found(place):
            assert one.path in before or not backup.check(one.path, place)[1].faults
        assert {path: path.read_bytes() for path in before} == before
    backup.nightly(settings, NOW)
    assert not list(place.glob(".making-*"))


def test_a_damaged_store_is_never_backed_up(mine):
    settings = load(mine)
    store = settings.output_path / "citewire.db"
    whole = store.read_bytes()
    page = len(whole) // 2 // 4096 * 4096
    store.write_bytes(whole[:page] + b"\xff" * 4096 * 8 + whole[page + 4096 * 8 :])
    count = len(backup.found(backup.folder(settings)))
    with pytest.raises(StoreError, match=r"damaged|fails its check"):
        backup.nightly(settings, NOW)
    assert len(backup.found(backup.folder(settings))) == count


def test_what_the_full_examination_finds_that_the_quick_one_does_not(mine):
    store = mine.parent / "output" / "citewire.db"
    with sqlite3.connect(store) as other:
        other.execute("UPDATE versions SET text = text || '!' WHERE id = (SELECT min(id) FROM versions)")
    other.close()
    assert copying.examine(store).faults == ()
    assert "is not what was read" in copying.examine(store, full=True).faults[0]


def test_the_served_release_is_read_from_the_backup(mine):
    assert archive.read(newest(mine)).site["edition"] == release.facts(mine.parent / "output" / "site")["edition"]
