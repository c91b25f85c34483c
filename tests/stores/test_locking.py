"""stores.locking: one run at a time on one database, whatever machines they are on; a lost holder learns it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import papers
import postgres
import pytest
from postgres import admin

from pipeline.cli import main
from pipeline.errors import AlreadyRunning, StoreError
from pipeline.stores import kind_of, open_store
from pipeline.stores.kinds import Hold
from pipeline.stores.locking import DatabaseLock
from pipeline.stores.postgres import about

pytestmark = postgres.needed
NIGHT = "2026-05-04T02:00:00Z"
HOLD = """
import os, sys, time
from pipeline.stores.postgres import hold_postgres
with hold_postgres(sys.argv[1], len(sys.argv) > 2 and sys.argv[2] == "shared"):
    if sys.argv[2:] == ["forked"]:
        up, told = os.pipe()
        if os.fork() == 0:
            os.write(told, b"up")
            time.sleep(30)
            os._exit(0)
        os.read(up, 2)
    print("held", flush=True)
    time.sleep(30)
"""


def hold(address: str, *, shared: bool = False) -> Hold:
    made = kind_of(address).hold
    assert made is not None
    return made(address, shared)


def holder(address: str, *more: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, address, *more], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def gone(child: subprocess.Popen[str]) -> None:
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert child.stdout is not None
    child.stdout.close()


def held_at_last(address: str) -> None:
    """The server hears of a death a moment later."""
    for _ in range(100):
        try:
            with hold(address):
                return
        except AlreadyRunning:
            continue
    raise AssertionError("the lock of a holder that was killed is still held")


@pytest.mark.parametrize("more", ["alone", "forked"])
def test_a_killed_holder_on_another_machine_frees_the_lock(more: str) -> None:
    address = postgres.fresh()
    child = holder(address, more)
    told = rf"another run holds postgresql://.*\(process {child.pid} on .+, started \d{{4}}-\d\d-\d\dT.*Z\); this one"
    with pytest.raises(AlreadyRunning, match=told), hold(address):
        pass
    assert f"process {child.pid} on" in about(address).holders
    gone(child)
    held_at_last(address)
    assert about(address).holders == ""


def test_those_who_share_keep_out_who_does_not_and_another_desk_is_not_meant() -> None:
    address = postgres.fresh()
    with hold(address, shared=True), hold(address, shared=True):
        with pytest.raises(AlreadyRunning, match="and 1 more; this one stops"), hold(address):
            pass
        with hold(postgres.fresh()):
            pass
    with hold(address), pytest.raises(AlreadyRunning), hold(address, shared=True):
        pass


def test_a_holder_whose_connection_is_cut_learns_it() -> None:
    address = postgres.fresh()
    with hold(address) as lock:
        lock.check()
        admin(address, f"SELECT pg_terminate_backend({lock.session.number}, 5000)")  # type: ignore[attr-defined]
        with hold(address):  # another may come in
            pass
        with pytest.raises(StoreError, match=r"connection that held the run lock was lost.*this one stops here"):
            lock.check("store.save_run.written")


def test_a_holder_that_another_session_stands_for_learns_it() -> None:
    """As a pooler would have it, that gives a statement to whichever session is idle."""
    address = postgres.fresh()
    with hold(address) as lock, hold(postgres.fresh()) as other:
        lock.session, other.session = other.session, lock.session  # type: ignore[attr-defined]
        with pytest.raises(StoreError, match="is there a pooler between"):
            lock.check()
        lock.session, other.session = other.session, lock.session  # type: ignore[attr-defined]


def desk(folder: Path, address: str) -> Path:
    config = papers.desk(folder)
    config.write_text(f'store = "{address}"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    return config


def test_a_second_run_elsewhere_ends_with_7_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.fresh()
    one, other = desk(tmp_path / "one", address), desk(tmp_path / "other", address)
    with hold(address):
        assert main(["run", "--config", str(other), "--now", NIGHT, "--quiet"]) == 7
    assert re.search(r"citewire: another run holds .*; this one stops and has changed nothing", capsys.readouterr().err)
    assert not (other.parent / "output" / "site").exists()
    assert main(["analyze", "--config", str(one), "--now", NIGHT, "--quiet"]) == 0


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    config = desk(tmp_path_factory.mktemp("usual"), postgres.fresh())
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    return papers.site(config.parent)


def cut_at(point: str) -> Callable[[DatabaseLock, str], None]:
    """A check before which the server ends the lock's session, at one point of the night."""
    real = DatabaseLock.check

    def check(self: DatabaseLock, at: str = "") -> None:
        if at == point:
            admin(postgres.server(), f"SELECT pg_terminate_backend({self.session.number}, 5000)")
        real(self, at)

    return check


@pytest.mark.parametrize("point", ["store.group.written", "analyze.before_commit", "store.save_run.written"])
def test_a_night_whose_lock_is_lost_stops_before_it_commits_and_is_made_up_for(
    point: str,
    usual: dict[str, bytes],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = postgres.fresh()
    config = desk(tmp_path / "cut", address)
    with monkeypatch.context() as patched:
        patched.setattr(DatabaseLock, "check", cut_at(point))
        assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 8
    assert "the connection that held the run lock was lost" in capsys.readouterr().err
    if point == "store.group.written":
        store = open_store(address)
        assert store.counts()["records"] == 0
        store.close()
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    assert papers.site(config.parent) == usual
