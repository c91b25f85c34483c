"""Told to stop anywhere, and two at once: a clean end, one exit code each, and the run again makes up for it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import invariants
import pytest
from killing import SignalAt, forked
from rehearsing import NOON, PARTS, SECOND, Part, Rehearsal, hashed, site

from pipeline.errors import AlreadyRunning
from pipeline.lock import RunLock

FEW = 1  # points of each part and signal in the ordinary suite
Rehearse = Callable[[Part], Rehearsal]
Some = Callable[[str, list[int], int], list[int]]
BY_NAME = {part.name: part for part in PARTS}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_told_to_stop_anywhere_a_night_ends_in_order_and_is_made_up_for(
    rehearsed: Rehearse, some: Some, number: signal.Signals, code: int
) -> None:
    rehearsal = rehearsed(BY_NAME["night"])
    wrong = []
    chosen = some(number.name, list(range(1, len(rehearsal.names) + 1)), FEW)
    for at in chosen:
        config = rehearsal.copy()
        began = time.monotonic()
        ended = rehearsal.run(config, SignalAt(at, number))
        if ended.code != code or "citewire: stopped; what was committed stays" not in ended.said:
            wrong.append(f"{at} {rehearsal.names[at - 1]}: ended with {ended.code}: {ended.said[-200:]}")
        if time.monotonic() - began > 30:
            wrong.append(f"{at}: took {time.monotonic() - began:.0f} s")
        with RunLock(config.parent / "output" / "citewire.lock"):
            pass
        again = rehearsal.run(config, again=True)
        wrong += [f"{at} {rehearsal.names[at - 1]}: {one}" for one in rehearsal.differences(config)]
        wrong += [f"then {again.code}"] * bool(again.code) + invariants.broken(config, thorough=False)
    print(f"\n{number.name}: {len(chosen)} of {len(rehearsal.names)} operations, {len(wrong)} wrong")
    assert wrong == []


def listed(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below a folder with its time and hash, but for the lock, which says who tried."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "citewire.lock")
    return {str(path): (path.stat().st_mtime_ns, hashed(path.read_bytes())) for path in files}


OTHERS = (
    ("run", "--now", SECOND),
    ("publish", "--now", SECOND),
    ("topic", "turbines", "--corpus", "--now", SECOND),
    ("retract", "Papers", "--why", "It lies.", "--now", NOON),
    ("rollback",),
)


def test_a_second_run_ends_at_once_and_touches_nothing(rehearsed: Rehearse) -> None:
    """Whatever it is, while a night stands still half-way: one works, and all others say who it is."""
    rehearsal = rehearsed(BY_NAME["night"])
    config = rehearsal.copy()
    reached, go = os.pipe(), os.pipe()

    def wait(name: str) -> None:
        if name == "point analyze.before_commit":
            os.write(reached[1], b"x")
            os.read(go[0], 1)

    first = forked(lambda: os._exit(rehearsal.run(config, wait).code))
    os.read(reached[0], 1)
    before = listed(config.parent / "output")
    for command in (*OTHERS, *OTHERS[:1] * 5):
        rehearsal.part = Part("second", (command,), rehearsal.part.ready)
        ended = rehearsal.run(config)
        assert ended.code == AlreadyRunning.exit_code, (command, ended.said)
        assert "another run holds" in ended.said
        assert "has changed nothing" in ended.said
    assert listed(config.parent / "output") == before
    os.write(go[1], b"x")
    assert os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 0
    assert rehearsal.differences(config) == []
    assert invariants.broken(config, thorough=False) == []


def test_a_first_night_beside_another_desk_needs_no_lock_of_it(rehearsed: Rehearse, tmp_path: Path) -> None:
    rehearsal = rehearsed(BY_NAME["first night"])
    config = rehearsal.copy()
    with RunLock(tmp_path / "other" / "citewire.lock"):
        assert rehearsal.run(config).code == 0
    assert site(config)
