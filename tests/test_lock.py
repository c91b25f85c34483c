"""lock: one holder at a time; death, even of a parent with living children, releases it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import AlreadyRunning, StoreError
from pipeline.lock import RunLock

HOLD = """
import os, sys, time
from pathlib import Path
from pipeline.lock import RunLock
with RunLock(Path(sys.argv[1])):
    if len(sys.argv) > 2:
        up, told = os.pipe()
        if os.fork() == 0:
            os.write(told, b"up")
            time.sleep(30)
            os._exit(0)
        os.read(up, 2)  # the worker lives, and has done what it does first after a fork
    print("held", flush=True)
    time.sleep(30)
"""


def holder(path: Path, *more: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path), *more], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_run_is_refused_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "citewire.lock"
    told = rf"process {os.getpid()}, started \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    with RunLock(path), pytest.raises(AlreadyRunning, match=told), RunLock(path):
        pass
    with RunLock(path):  # released by leaving, and reusable
        pass


def test_an_error_inside_releases_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), RunLock(path):
        raise ZeroDivisionError
    with RunLock(path):
        pass


@pytest.mark.parametrize("more", [(), ("with a forked worker",)])
def test_a_killed_holder_releases_the_lock(tmp_path: Path, more: tuple[str, ...]) -> None:
    path = tmp_path / "lock"
    child = holder(path, *more)
    with pytest.raises(AlreadyRunning, match=re.escape(f"process {child.pid}")), RunLock(path):
        pass
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with RunLock(path):
        pass
    assert child.stdout is not None
    child.stdout.close()


@pytest.mark.parametrize("left", [b"", b"not json", b'{"pid": "x"}', b"[]", b"\xff\xfe"])
def test_what_an_old_file_says_never_blocks_nor_confuses(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "lock"
    path.write_bytes(left)
    with RunLock(path):
        path.write_bytes(left)
        with pytest.raises(AlreadyRunning), RunLock(path):
            pass


def test_a_path_that_cannot_be_a_lock_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot open the lock"), RunLock(tmp_path):
        pass
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="cannot open the lock"), RunLock(tmp_path / "link"):
        pass
