"""citewire doctor: each broken set-up is named with its cause and the command that mends it; a sound desk is well."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import papers
import pytest
from factories import make_health
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.operating.doctor import checks, gathering, machine
from pipeline.operating.doctor.facts import (
    Backup,
    Dependency,
    Diagnosis,
    Disk,
    Facts,
    Level,
    Lock,
    Model,
    Programs,
    Reader,
    Site,
    Stored,
)
from pipeline.sourcing.health import NEVER

NIGHT = "2026-05-04T02:00:00Z"
LATER = "2026-05-04T08:00:00Z"
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
SOUND = Programs((3, 12, 1), "1.0", (3, 51, 3))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after one night; tests copy it."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    return config.parent


@pytest.fixture
def mine(desk, tmp_path) -> Path:
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    config = tmp_path / "desk" / "citewire.toml"
    place = f'address = "{desk / "papers.jsonl"}"'  # the source stands where it stood
    config.write_text(config.read_text().replace('address = "papers.jsonl"', place))
    return config


def asked(config: Path, capsys, *more: str, now: str = LATER) -> tuple[int, list[dict[str, str]]]:
    """Exit code and the checks that are not well."""
    capsys.readouterr()
    code = main(["doctor", "--config", str(config), "--now", now, "--json", *more])
    told = json.loads(capsys.readouterr().out)
    bad = [one for one in told["checks"] if one["level"] != "ok"]
    assert told["failures"] == sum(one["level"] == "failure" for one in bad)
    assert code == (1 if told["failures"] else 0)
    assert all(one["why"] and one["fix"] for one in bad), "every finding says why it matters and what to do"
    return code, [one for one in bad if one["check"] not in ("sqlite", "start-up", "packages")]  # of this machine


def test_a_sound_desk_is_well_and_nothing_of_it_changes(mine, capsys):
    output = mine.parent / "output"
    before = {path: path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()}
    for more in ((), ("--full",)):
        assert asked(mine, capsys, *more) == (0, [])
    after = {path: path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file()}
    assert {path: body for path, body in after.items() if not path.name.endswith(("-shm", "-wal"))} == before


def test_a_desk_that_has_not_run_yet_is_well(tmp_path, capsys):
    config = papers.desk(tmp_path)
    assert asked(config, capsys) == (0, [])
    assert not (tmp_path / "output").exists()


def test_people_read_what_why_and_do(mine, capsys):
    (mine.parent / "output" / "backups").rename(mine.parent / "gone")
    assert main(["doctor", "--config", str(mine), "--now", LATER, "--quiet"]) == 1
    said = capsys.readouterr()
    assert "failure  backup        there is none" in said.out
    assert "do: citewire backup" in said.out
    assert "1 checks failed" in said.err
    assert "configuration" not in said.out  # --quiet leaves out what is well


# --- broken set-ups, each on a real desk ------------------------------------------------------------------------------


def sql(config: Path, text: str) -> None:
    with sqlite3.connect(config.parent / "output" / "citewire.db") as other:
        other.execute(text)
    other.close()


def append(config: Path, text: str) -> None:
    config.write_text(config.read_text() + text)


def overwrite(config: Path, place: int) -> None:
    path = config.parent / "output" / "citewire.db"
    body = path.read_bytes()
    at = len(body) * place // 100 // 4096 * 4096
    path.write_bytes(body[:at] + os.urandom(4096 * 6) + body[at + 4096 * 6 :])


def newest_page(config: Path) -> Path:
    return config.parent / "output" / "site" / "index.html"


def the_backup(config: Path) -> Path:
    return next((config.parent / "output" / "backups").glob("*.zip"))


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def shut(config: Path, name: str, mode: int) -> None:
    (config.parent / "output" / name).chmod(mode)


def vaulted(config: Path) -> None:
    folder = config.parent / "output" / "private"
    folder.mkdir(mode=0o700)
    (folder / "0123456789abcdef.json").write_text("{}")
    (folder / "0123456789abcdef.json").chmod(0o644)


def health(config: Path, **changed: object) -> None:
    path = config.parent / "output" / "citewire.db"
    with sqlite3.connect(path) as other:
        (text,) = other.execute("SELECT health FROM sources").fetchone()
        other.execute("UPDATE sources SET health = ?", (json.dumps(json.loads(text) | changed),))
    other.close()


FAILED = {"ok": False, "failures": 4, "error": "the host did not answer", "failing_since": "2026-05-01T02:00:00Z"}
BROKEN = {
    # name: (how it breaks, check, part of what is said, part of the remedy)
    "configuration missing": (Path.unlink, "configuration", "no such file", "mend the file"),
    "configuration torn": (lambda c: append(c, "\n[site"), "configuration", "not TOML", "mend the file"),
    "unknown key": (lambda c: append(c, "\n[publish]\nkeeep = 3\n"), "configuration", "did you mean 'keep'", "mend"),
    "unknown provider": (
        lambda c: append(c, '\n[models]\nwrite = ["nobody:m"]\n'),
        "models",
        "nobody",
        "citewire models",
    ),
    "no key": (
        lambda c: append(c, '\n[models]\nwrite = ["openai:m"]\n'),
        "models",
        "OPENAI_API_KEY",
        "citewire models",
    ),
    "unknown kind": (
        lambda c: append(c, '\n[[source]]\nname = "New"\nkind = "telex"\naddress = "a"\n'),
        "sources",
        "telex",
        "kind",
    ),
    "no source": (lambda c: c.write_text(papers.CONFIG.split("[[source]]")[0]), "sources", "no source", "sources add"),
    "never read": (
        lambda c: append(c, '\n[[source]]\nname = "New"\nkind = "files"\naddress = "a"\n'),
        "sources",
        "New has never been read",
        "sources check 'New'",
    ),
    "source fails": (lambda c: health(c, **FAILED), "sources", "fails since 2026-05-01", "sources check 'Papers'"),
    "source never answered": (
        lambda c: health(c, **FAILED, last_success=None),
        "sources",
        "has never answered",
        "sources check",
    ),
    "source held": (lambda c: health(c, quarantined="it moved"), "sources", "is held: it moved", "sources accept"),
    "source silent": (lambda c: health(c, silent=True), "sources", "brings nothing any more", "sources check"),
    "database empty": (
        lambda c: os.truncate(c.parent / "output" / "citewire.db", 0),
        "database",
        "is empty",
        "citewire restore --force",
    ),
    "database cut": (
        lambda c: truncated(c.parent / "output" / "citewire.db"),
        "database",
        "damaged",
        "restore --force",
    ),
    "database damaged": (lambda c: overwrite(c, 50), "database", "damaged", "citewire restore --force"),
    "database of another program": (
        lambda c: (c.parent / "output" / "citewire.db").write_bytes(b"SQLite format 3\0" + bytes(4096)),
        "database",
        "another program",
        "restore --force",
    ),
    "database is a text": (
        lambda c: (c.parent / "output" / "citewire.db").write_text("Dear diary"),
        "database",
        "is not a database",
        "restore --force",
    ),
    "database newer": (
        lambda c: sql(c, "UPDATE alembic_version SET version_num = '9999'"),
        "database",
        "schema 9999",
        "install the newer version",
    ),
    "dangling reference": (
        lambda c: sql(c, "UPDATE record_origins SET origin_id = 'nobody' WHERE rowid = 1"),
        "database",
        "does not have",
        "restore --force",
    ),
    "restore interrupted": (
        lambda c: (c.parent / "output" / "citewire.db").write_text("Citewire: a restore was interrupted here. Again"),
        "database",
        "a restore was interrupted",
        "citewire restore FILE",
    ),
    "clock behind": (
        lambda c: sql(c, "UPDATE records SET fetched = '2027-01-01 00:00:00.000000'"),
        "clock",
        "the newest record is of 2027-01-01",
        "set-ntp",
    ),
    "run in the future": (
        lambda c: sql(c, "UPDATE runs SET now = '2027-01-01 00:00:00.000000'"),
        "clock",
        "the last run is of 2027-01-01",
        "set-ntp",
    ),
    "no run for days": (
        lambda c: sql(c, "UPDATE runs SET now = '2026-05-01 02:00:00.000000'"),
        "runs",
        "78 hours ago",
        "citewire report",
    ),
    "no good run": (lambda c: sql(c, "UPDATE runs SET outcome = 'held'"), "runs", "no run has ended well", "report"),
    "open vault": (vaulted, "permissions", "holds a secret and has mode 644", "chmod 600"),
    "open backup": (lambda c: the_backup(c).chmod(0o640), "permissions", "mode 640", "chmod 600"),
    "output for all": (lambda c: shut(c, "", 0o777), "permissions", "anybody may write", "chmod o-w"),
    "database for all": (lambda c: shut(c, "citewire.db", 0o666), "permissions", "anybody may write", "chmod o-w"),
    "no site": (lambda c: (c.parent / "output" / "site").unlink(), "site", "no site is served", "citewire publish"),
    "page altered": (
        lambda c: newest_page(c).write_bytes(newest_page(c).read_bytes() + b" "),
        "site",
        "index.html: is not what was published",
        "citewire publish",
    ),
    "page gone": (lambda c: newest_page(c).unlink(), "site", "No such file", "citewire publish"),
    "no backup": (lambda c: the_backup(c).unlink(), "backup", "there is none", "citewire backup"),
    "backup cut": (lambda c: truncated(the_backup(c)), "backup", "its end is missing", "citewire backup"),
    "backup old": (
        lambda c: the_backup(c).rename(the_backup(c).with_name("citewire-20260401T020000Z.zip")),
        "backup",
        "33 days older",
        "citewire backup",
    ),
    "half a release": (
        lambda c: (c.parent / "output" / "releases" / "2026-05-04-00000000.tmp").mkdir(),
        "leftovers",
        "00000000.tmp",
        "rm -r",
    ),
    "embedder missing": (
        lambda c: append(c, '\n[analyze]\nembedder = "nonsense"\n'),
        "embedder",
        "nonsense",
        "citewire[semantic]",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_set_up_is_named_with_its_remedy(mine, capsys, name):
    """T147."""
    breaks, check, what, fix = BROKEN[name]
    breaks(mine)
    _, found = asked(mine, capsys)
    mine_of_them = [one for one in found if one["check"] == check]
    assert mine_of_them, found
    assert what in mine_of_them[0]["what"]
    assert what == "" or fix in mine_of_them[0]["fix"]


def test_thirty_set_ups_are_tried():
    assert len(BROKEN) >= 30


def test_an_altered_text_is_found_by_the_full_check(mine, capsys):
    sql(mine, "UPDATE versions SET text = text || '!' WHERE id = (SELECT min(id) FROM versions)")
    assert asked(mine, capsys)[0] == 0
    code, found = asked(mine, capsys, "--full")
    assert code == 1
    assert "is not what was read" in found[0]["what"]
    assert "citewire restore --force" in found[0]["fix"]


def test_a_run_that_is_under_way_is_told_and_not_disturbed(mine, capsys):
    with (mine.parent / "output" / "citewire.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write('{"pid": 4711, "started": "2026-05-04T07:59:00Z"}')
        held.flush()
        main(["doctor", "--config", str(mine), "--now", LATER])
        assert "a run is under way (process 4711, started 2026-05-04T07:59:00Z)" in capsys.readouterr().out


def test_a_secret_in_a_file_that_others_may_read_is_found_by_its_variable(mine, capsys, monkeypatch):
    key = mine.parent / "key"
    key.write_text("canary-of-a-key")
    key.chmod(0o644)
    monkeypatch.setenv("SOME_API_KEY_FILE", str(key))
    code, found = asked(mine, capsys)
    assert code == 1
    assert f"chmod 600 {key}" in found[0]["fix"]
    assert "canary" not in json.dumps(found)


def test_no_model_is_asked_unless_that_is_wanted(mine, server, capsys, monkeypatch):
    append(
        mine,
        f'\n[models]\nwrite = ["openai:x"]\n[[model]]\nname = "openai:x"\nkey_env = "THE_KEY"\n'
        f'base_url = "{server.url}/v1"\n',
    )
    monkeypatch.setenv("THE_KEY", "canary-of-a-key")
    assert asked(mine, capsys)[0] == 0
    assert server.log == []
    code, found = asked(mine, capsys, "--ask")
    assert (code, found[0]["check"]) == (1, "models")
    assert server.log != []
    assert "canary" not in json.dumps(found)


def test_a_hook_of_start_up_is_reported(tmp_path):
    """T155."""
    (tmp_path / "good.pth").write_text("/some/folder\n")
    (tmp_path / "bad.pth").write_text("import os; os.system('true')\n")
    assert list(gathering._hooks([str(tmp_path), "", str(tmp_path / "none")])) == [tmp_path / "bad.pth"]
    told = checks.diagnose(Facts(NOW, Path("c"), Programs((3, 12, 1), "1", (3, 53, 0), (), (tmp_path / "bad.pth",))))
    assert next(one for one in told if one.check == "start-up").level is Level.WARNING


# --- the judgements, by themselves ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 7, 0), False), ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False),
        ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 1), True),
    ],
)  # fmt: skip
def test_the_fault_of_the_write_ahead_log_is_known_by_version(version, mended):
    """T076: a warning, never a failure."""
    assert machine.fixed_wal(version) is mended
    told = list(machine.programs(Facts(NOW, Path("c"), Programs((3, 12, 1), "1", version))))
    assert [one.level for one in told if one.check == "sqlite"] == ([] if mended else [Level.WARNING])


@pytest.mark.parametrize(
    ("asked_for", "installed", "good"),
    [
        (">=1.13", "1.20.1", True), (">=1.13", "1.9", False), ("<2,>=1.0.7", "1.0.9", True),
        ("<2,>=1.0.7", "2.0", False), ("", "0", True), (">=2", None, False), (">=2.0", "2.0rc1", True),
        ("==0.1.0", "0.1.0", True), ("==0.1.0", "0.1", True), ("==0.1.0", "0.1.1", False), ("~=2.1", "2.9", True),
        ("~=2.1", "3.0", False), ("!=2.0", "2.0", False),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(asked_for, installed, good):
    assert machine.satisfied(Dependency("x", asked_for, installed)) is good


def of(check, **known) -> list[Diagnosis]:
    return list(check(Facts(NOW, Path("c"), SOUND, **known)))


def test_an_old_python_and_a_missing_package_are_failures():
    told = list(
        machine.programs(
            Facts(NOW, Path("c"), Programs((3, 9, 1), "1", (3, 53, 0), (Dependency("lxml", ">=5", None),)))
        )
    )
    assert [(one.check, one.level) for one in told] == [("versions", Level.FAILURE), ("packages", Level.FAILURE)]
    assert told[1].fix == "pip install 'lxml>=5'"


@given(
    free=st.integers(0, 1 << 40),
    used=st.integers(0, 1 << 40),
    release=st.integers(0, 1 << 36),
    days=st.integers(1, 900),
)
def test_the_disk_is_judged_by_what_the_next_night_and_month_need(free, used, release, days):
    store = Stored(Path("s"), nights=days + 1, since=NOW - timedelta(days=days), last_run=NOW)
    (told,) = of(machine.disk, disk=Disk(free, used, release), store=store)
    if free < 2 * release + machine.SPACE:
        assert told.level is Level.FAILURE
    else:
        assert told.level is (Level.WARNING if free < 30 * (used // days) else Level.OK)


def test_a_model_says_what_came_of_asking():
    told = of(
        checks.models,
        models=(Model("a", ("write 1",), "no key"), Model("b", (), answer="it denies it"), Model("c", (), answer="")),
        embedder="lexical-1",
    )
    assert [one.level.value for one in told] == ["failure", "failure", "ok", "ok"]
    assert told[2].what == "c () answers"


def test_a_source_that_waits_for_a_person_is_a_failure():
    state = make_health(retry_at=NEVER, ok=False, error="it redirects to another domain")
    (told, *_) = of(checks.sources, sources=(Reader("W", "a", state),), store=Stored(Path("s"), nights=1))
    assert told.fix == "citewire sources accept 'W'"


def test_a_desk_without_wish_for_backups_is_warned_only():
    known = Stored(Path("s"), exists=True)
    assert of(checks.backups, store=known, backups_wanted=0)[0].level is Level.WARNING
    assert of(checks.backups, store=known, backups_wanted=3)[0].level is Level.FAILURE
    whole = Backup(Path("b"), NOW, 9)
    assert of(checks.backups, store=known, backup=whole)[0].level is Level.OK


def test_a_store_of_an_older_schema_is_well_and_says_what_comes():
    (told,) = of(checks.store, store=Stored(Path("s"), exists=True, schema="0002", head="0006"))
    assert (told.level, "the next run brings it to 0006" in told.what) == (Level.OK, True)
    grown = Stored(Path("s"), exists=True, schema="0006", head="0006", log=1 << 30)
    assert [one.level for one in of(checks.store, store=grown)] == [Level.OK, Level.WARNING]


def test_nothing_is_said_of_a_site_before_the_first_night():
    assert of(checks.site, site=Site(), store=Stored(Path("s"))) == []
    assert of(machine.lock, lock=Lock(False, " (process 3)"))[0].what.startswith(
        "free; its last holder (process 3) was"
    )


def test_a_bare_cron_environment_is_enough(mine):
    """T140: no HOME, no terminal, C locale, minimal PATH, another folder, umask 077, no stdin."""
    command = [sys.executable, "-m", "pipeline", "doctor", "--config", str(mine), "--now", LATER]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        command, env={"LANG": "C", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)}, cwd="/", capture_output=True,
        stdin=subprocess.DEVNULL, umask=0o077, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert b"\x1b" not in done.stdout + done.stderr
