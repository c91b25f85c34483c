"""SIGKILL at every point of every command that writes, once or twice; run again, all is as if nothing had been.

    CITEWIRE_LONG=1 python -m pytest -q -s tests/faults/test_kills.py       every point; the list is printed

A point is a checkpoint of a stage, a commit of the store or an operation on a file (tests/rehearsing.py): what a new
step does is on the list without anybody writing it there. Statements between two commits leave nothing behind, and
are killed at in tests/test_ingest_kills.py.
"""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable

import invariants
import pytest
from killing import KillAt
from rehearsing import PARTS, SENT, Part, Rehearsal
from thorough import LONG

FEW = 2  # points of each part that the ordinary suite kills at
PAIRS = 1
SHORT = [part for part in PARTS if part.name in ("night", "retract a story", "takedown", "rollback", "notify")]
Rehearse = Callable[[Part], Rehearsal]
Point = tuple[str, int]
Some = Callable[[str, list[Point], int], list[Point]]


def lasting(rehearsal: Rehearsal) -> list[Point]:
    """The points of a part between which something on the disk differs."""
    return [(name, nth) for name, nth in rehearsal.points if not name.startswith("sql ") or name == "sql COMMIT"]


def survived(rehearsal: Rehearsal, *kills: Point) -> list[str]:
    """What is wrong after kills, each in the run after the one before, and a last run to the end."""
    config = rehearsal.copy()
    for n, (name, nth) in enumerate(kills):
        code = rehearsal.run(config, KillAt(name, nth), again=n > 0).code
        if code != -signal.SIGKILL and n == 0:
            return [f"{name} {nth}: not killed there, but ended with {code}"]
    ended = rehearsal.run(config, again=True)
    wrong = [] if ended.code in rehearsal.part.codes else [f"ends with {ended.code}: {ended.said.strip()[-300:]}"]
    wrong += [f"differs: {what}" for what in rehearsal.differences(config)]
    wrong += invariants.broken(config, thorough=False)
    sent = config.parent / SENT
    if sent.exists() and len(sent.read_text(encoding="utf-8").splitlines()) > 1:
        wrong.append("somebody was told twice")
    return [f"{kills}: {one}" for one in wrong[:4]]


@pytest.mark.parametrize("part", PARTS if LONG else SHORT, ids=lambda part: part.name)
def test_killed_anywhere_and_run_again_nothing_is_lost_or_doubled(part: Part, rehearsed: Rehearse, some: Some) -> None:
    rehearsal = rehearsed(part)
    points = lasting(rehearsal)
    chosen = some(part.name, points, FEW)
    wrong = [one for point in chosen for one in survived(rehearsal, point)]
    print(f"\n{part.name}: killed at {len(chosen)} of {len(points)} points, {len(wrong)} wrong")
    for name, many in sorted(Counter(name for name, _ in points).items()):
        print(f"    {name} ({many})")
    assert wrong == []


@pytest.mark.parametrize("part", PARTS[:2] if LONG else PARTS[1:2], ids=lambda part: part.name)
def test_killed_again_while_it_makes_up_for_a_kill(part: Part, rehearsed: Rehearse, some: Some) -> None:
    rehearsal = rehearsed(part)
    chance = random.Random(part.name)
    points = lasting(rehearsal)
    pairs = [(chance.choice(points), chance.choice(points)) for _ in range(100)]
    chosen = some(part.name, pairs, PAIRS)  # type: ignore[arg-type]
    wrong = [one for first, second in chosen for one in survived(rehearsal, first, second)]  # type: ignore[misc]
    print(f"\n{part.name}: {len(chosen)} pairs of kills, {len(wrong)} wrong")
    assert wrong == []


def test_the_points_are_many(rehearsed: Rehearse) -> None:
    """G1 asks for 80; every stage, the store and the site are among them."""
    rehearsal = rehearsed(next(part for part in PARTS if part.name == "night"))
    points = lasting(rehearsal)
    assert len(points) >= 80
    names = {name for name, _ in points}
    stages = {name.split()[1].split(".")[0] for name in names if name.startswith("point ")}
    assert {"ingest", "analyze", "signals", "write", "publish", "store", "run"} <= stages
    assert {"sql COMMIT", "replace releases/RELEASE", "replace site", "write releases/DRAFT/PAGE"} <= names


def test_a_kill_that_is_not_made_up_for_is_noticed(rehearsed: Rehearse) -> None:
    rehearsal = rehearsed(next(part for part in PARTS if part.name == "rollback"))
    (name, nth), *_ = (point for point in lasting(rehearsal) if point[0] == "replace site")
    rehearsal.expected["site index.html"] = "another"
    assert any("differs: site index.html" in one for one in survived(rehearsal, (name, nth)))
    assert "not killed there" in survived(rehearsal, ("nowhere", 1))[0]
