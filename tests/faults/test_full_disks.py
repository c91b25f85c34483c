"""Real disks that are full, and folders that nobody may write to: a night ends with 8, and the next makes up for it.

Where this user may mount one, the disk is a small file system in memory; a limit on the size of files stands in for it
anywhere. What SQLite does below its statements, log and checkpoint, fails here as it does on a full disk.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import invariants
import pytest
from rehearsing import PARTS, Ended, Rehearsal, site

NIGHT = next(part for part in PARTS if part.name == "night")
SIZE = 24 << 20  # bytes of the disk
FREE = (0, 128 << 10, 700 << 10)  # bytes that are left on it when the night begins; it needs about 2 MB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "citewire-test", str(place)]
    if os.geteuid() or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system; the limit on files is tried instead")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def clear(rehearsal: Rehearsal, config: Path, ended: Ended, code: int = 8) -> None:
    """The night ended with one message of ours, and serves the old site."""
    assert ended.code == code, ended.said
    assert ended.said.strip().splitlines()[-1].startswith("citewire: "), ended.said
    assert "Traceback" not in ended.said
    assert site(config) == rehearsal.before


def made_up_for(rehearsal: Rehearsal, config: Path) -> None:
    """The same night again ends as if nothing had been."""
    again = rehearsal.run(config, again=True)
    assert again.code == 0, again.said
    assert rehearsal.differences(config) == []
    assert invariants.broken(config, thorough=False) == []


def test_a_full_disk(disk: Path) -> None:
    rehearsal = Rehearsal.of(NIGHT, disk)
    stopped = 0
    for free in FREE:
        config = rehearsal.copy()
        ballast = disk / "ballast"
        state = os.statvfs(disk)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_frsize - free))
        ended = rehearsal.run(config)
        ballast.unlink()
        if ended.code:
            clear(rehearsal, config, ended)
            stopped += 1
        made_up_for(rehearsal, config)
    assert stopped


def test_a_disk_that_may_only_be_read(disk: Path) -> None:
    rehearsal = Rehearsal.of(NIGHT, disk)
    config = rehearsal.copy()
    said = rehearsal.folder.with_name("said")
    said.mkdir()
    remount = ["mount", "-o", "remount,ro", str(disk)]
    bound = ["mount", "--bind", str(said), str(disk / "said.d")]
    (disk / "said.d").mkdir()
    subprocess.run(bound, check=True)
    try:
        subprocess.run(remount, check=True)
        rehearsal.told = disk / "said.d" / "said.txt"
        ended = rehearsal.run(config)
        subprocess.run([*remount[:2], "remount,rw", str(disk)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(disk / "said.d")], check=False)
    clear(rehearsal, config, ended)
    assert "cannot open the lock" in ended.said
    made_up_for(rehearsal, config)


@pytest.mark.parametrize("most", [1 << 10, 96 << 10])
def test_a_limit_on_the_size_of_files(tmp_path: Path, most: int) -> None:
    """The database and its log may not grow: the system says EFBIG, SQLite that the disk fails."""
    rehearsal = Rehearsal.of(NIGHT, tmp_path)
    config = rehearsal.copy()
    limited: list[str] = []

    def limit(name: str) -> None:
        if not limited and name.startswith("point "):
            limited.append(name)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    ended = rehearsal.run(config, limit)
    clear(rehearsal, config, ended)
    made_up_for(rehearsal, config)


def test_the_pages_of_a_site_that_does_not_fit_are_not_shown(tmp_path: Path) -> None:
    """The limit falls between the stages: what was written is kept, and the old edition stays up."""
    rehearsal = Rehearsal.of(NIGHT, tmp_path)
    config = rehearsal.copy()

    def limit(name: str) -> None:
        if name == "point run.after.write":
            resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 10, resource.RLIM_INFINITY))

    ended = rehearsal.run(config, limit)
    clear(rehearsal, config, ended)
    made_up_for(rehearsal, config)
