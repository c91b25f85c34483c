"""A database that goes away in mid-run: cut off, crashed and recovered, or full; run again, all is as if it never had.

CITEWIRE_LONG=1 python -m pytest -q tests/faults/test_database_faults.py      at every point that a night passes
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import papers
import postgres
import pytest
from factories import make_record
from killing import KillAt, RaiseAt, Recording, StoppedError, ended, forked, hooked
from postgres import admin
from sqlalchemy import select
from stored import everything, put, whole_night
from thorough import LONG

from pipeline.cli import main
from pipeline.errors import StoreError
from pipeline.protocols import Checkpoint
from pipeline.stores import open_store, transfer
from pipeline.stores.schema import metadata
from pipeline.stores.sql import SqlStore

pytestmark = postgres.needed
NIGHTS = ("2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z")
SOME = ("store.group.committed", "store.save_analysis.written", "store.save_story.committed")
COURSE = {
    "stage_reports": {"seen", "made", "rest"},
    "runs": {"outcome", "exit_code", "rest"},
}  # how a run went, not what it found
ROWS = 700


def lasting() -> str:
    """A desk whose commits outlast a crash of the server."""
    return postgres.fresh().replace("%20-csynchronous_commit%3Doff", "")


def cut() -> None:
    """The server ends every connection."""
    others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
    admin(postgres.server(), f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")


def crash() -> None:
    """One of the server's processes is killed: it ends all others, and recovers from its log."""
    victims = admin(postgres.server(), "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    os.kill(int(str(victims[0][0])), signal.SIGKILL)
    for _ in range(200):
        time.sleep(0.05)
        try:
            admin(postgres.server(), "SELECT 1")
        except Exception:  # it recovers
            continue
        return


def desk(folder: Path, address: str, listed: Path) -> Path:
    """A desk that reads the papers at `listed`: one address, whatever its own folder."""
    config = papers.desk(folder)
    if not listed.exists():
        listed.write_bytes((folder / "papers.jsonl").read_bytes())
    text = config.read_text(encoding="utf-8").replace('"papers.jsonl"', f'"{listed}"')
    config.write_text(f'store = "{address}"\n' + text, encoding="utf-8")
    return config


def run(config: Path, hook: Checkpoint | None = None, *command: str) -> int:
    """A night in this process, with a hook at its checkpoints."""
    with hooked(hook):
        return main([*(command or ("run",)), "--config", str(config), "--now", NIGHTS[0], "--quiet"])


def content(address: str) -> dict[str, object]:
    """All rows by table, but for what tells how a run went."""
    with closing(open_store(address)) as store:
        assert isinstance(store, SqlStore)
        return {
            table.name: sorted((tuple(row) for row in store.db.rows(select(*kept))), key=repr)
            for table in metadata.sorted_tables
            if (kept := [one for one in table.columns if one.name not in COURSE.get(table.name, ())])
        }


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """A night that nothing disturbs: what it passes, and what it leaves."""
    address, names = postgres.fresh(), Recording()
    folder = tmp_path_factory.mktemp("usual") / "desk"
    listed = folder.parent / "papers.jsonl"
    assert run(desk(folder, address, listed), names) == 0
    points = list(dict.fromkeys(names.names))
    return {"points": points, "rows": content(address), "site": papers.site(folder), "papers": str(listed)}


class At:
    """Does something when a checkpoint is passed for the first time."""

    def __init__(self, name: str, what: Callable[[], None]) -> None:
        self.name, self.what, self.passed = name, what, False

    def __call__(self, name: str) -> None:
        if name == self.name and not self.passed:
            self.passed = True
            self.what()


def made_up_for(fault: Callable[[], None], point: str, usual: Mapping[str, object], folder: Path) -> list[str]:
    """What differs after a night with a fault at one point and another night after it."""
    address = lasting()
    config = desk(folder / "desk", address, Path(str(usual["papers"])))
    hook = At(point, fault)
    code = run(config, hook)
    found = [] if hook.passed and code in (0, 8) else [f"{point}: passed {hook.passed}, ended with {code}"]
    if code == 0 and point.startswith(("store", "analyze", "ingest")):
        found.append(f"{point}: nobody noticed")
    assert (again := run(config)) == 0, again
    rows, known = content(address), usual["rows"]
    assert isinstance(known, Mapping)
    found += [f"{point}: {name} differs" for name in rows if rows[name] != known[name]]
    return found + ([] if papers.site(config.parent) == usual["site"] else [f"{point}: the site differs"])


@pytest.mark.parametrize("point", SOME)
def test_a_night_whose_connections_are_cut_is_made_up_for(
    point: str, usual: Mapping[str, object], tmp_path: Path
) -> None:
    assert made_up_for(cut, point, usual, tmp_path) == []


def test_a_night_whose_database_crashes_is_made_up_for(usual: Mapping[str, object], tmp_path: Path) -> None:
    assert made_up_for(crash, SOME[1], usual, tmp_path) == []


@pytest.mark.skipif(not LONG, reason="takes minutes: make long")
@pytest.mark.parametrize("fault", [cut, crash])
def test_at_every_point(fault: Callable[[], None], usual: Mapping[str, object], tmp_path: Path) -> None:
    points = usual["points"]
    assert isinstance(points, list)
    wrong = []
    for n, point in enumerate(points):
        folder = tmp_path / str(n)
        folder.mkdir()
        wrong += made_up_for(fault, point, usual, folder)
    print(f"\n{fault.__name__} at {len(points)} points of a night, {len(wrong)} wrong", *wrong, sep="\n")
    assert wrong == []


# --- a copy ----------------------------------------------------------------------------------------------------------


def filled(address: str) -> object:
    with closing(open_store(address)) as store:
        whole_night(store)
        put(store, *(make_record(f"A quay number {n} has opened.", id=f"r{n:04}") for n in range(ROWS)))
        return everything(store)


def same(source: str, target: str, before: object) -> bool:
    copied = transfer.copy(source, target)
    with closing(open_store(target)) as store:
        return everything(store) == before and copied.rows["records"] > ROWS


def test_a_copy_to_a_server_whose_disk_is_full_goes_on_when_it_has_room(tmp_path: Path) -> None:
    source, target = str(tmp_path / "desk.db"), postgres.fresh()
    before = filled(source)
    with pytest.raises(StoppedError):
        transfer.copy(source, target, checkpoint=RaiseAt("copy.records"))
    admin(
        target,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT count(*) FROM versions) > 600 THEN "
        "RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON versions FOR EACH ROW EXECUTE FUNCTION full_disk()",
    )
    with pytest.raises(StoreError, match=r"the disk of postgresql://.* is full; free some space and run again"):
        transfer.copy(source, target)
    with pytest.raises(StoreError, match="unfinished copy"):
        open_store(target)
    admin(target, "DROP TRIGGER full_disk ON versions", "DROP FUNCTION full_disk")
    assert same(source, target, before)


def test_a_copy_to_a_file_on_a_full_disk_goes_on_when_it_has_room(tmp_path: Path) -> None:
    source, target = postgres.fresh(), str(tmp_path / "desk.db")
    before = filled(source)

    def copy() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
        with pytest.raises(StoreError, match="disk"):
            transfer.copy(source, target)

    assert ended(forked(copy)) == 0
    assert same(source, target, before)


WAYS = [("copy.records", "server"), ("copy.words", "file"), ("copy.words", "server"), ("copy.records", "file")]


@pytest.mark.parametrize(("point", "to"), WAYS if LONG else WAYS[:2])
def test_a_copy_that_is_killed_or_cut_off_goes_on(point: str, to: str, tmp_path: Path) -> None:
    places = [str(tmp_path / "desk.db"), postgres.fresh()]
    source, target = places if to == "server" else reversed(places)
    before = filled(source)
    number = forked(lambda: transfer.copy(source, target, checkpoint=KillAt(point, 2)))
    assert ended(number) == -signal.SIGKILL
    hook = At("copy.versions" if point == "copy.records" else "copy.words", cut)
    with pytest.raises(StoreError, match=r"ended the connection|was lost"):
        transfer.copy(source, target, checkpoint=hook)
    assert same(source, target, before)
