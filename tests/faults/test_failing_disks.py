"""The N-th operation on the store or a file fails, N = 1, 2, 3 and so on: full disk or broken disk, once or for good.

    CITEWIRE_LONG=1 python -m pytest -q -s tests/faults/test_failing_disks.py      every N of every part

SQLite's own method (sqlite.org/testing.html, section 3). Each time: one message of ours that says what happened, exit
code 8 where it mattered, the old site or the new one and nothing between, and the same run again on a sound disk ends
as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import failing
import invariants
import pytest
from failing import FailAt
from rehearsing import PARTS, Part, Rehearsal, hashed, site
from thorough import LONG

from pipeline.errors import StoreError

FEW = 1  # operations of each part that fail in the ordinary suite, in each way
SHORT = [part for part in PARTS if part.name in ("first night", "correct", "rollback")]
Rehearse = Callable[[Part], Rehearsal]
Some = Callable[[str, Sequence[int], int], list[int]]
WAYS = {"full": (failing.full, False), "broken": (failing.broken, False), "full for good": (failing.full, True)}


def survived(rehearsal: Rehearsal, at: int, way: str) -> list[str]:
    """What is wrong where operation `at` fails."""
    fault, lasting = WAYS[way]
    name = rehearsal.names[at - 1]
    config = rehearsal.copy()
    ended = rehearsal.run(config, FailAt(at, fault, lasting))
    wrong = []
    if ended.code not in (0, StoreError.exit_code):
        wrong.append(f"ends with {ended.code}: {ended.said.strip()[-300:]}")
    if ended.code and not ended.said.strip().splitlines()[-1].startswith("citewire: "):
        wrong.append(f"says {ended.said.strip()[-300:]!r}")
    pages = {f"site {path}": hashed(body) for path, body in site(config).items()}
    after = {what: value for what, value in rehearsal.expected.items() if what.startswith("site ")}
    if pages not in ({f"site {path}": hashed(body) for path, body in rehearsal.before.items()}, after):
        wrong.append("serves neither the old site nor the new one")
    again = rehearsal.run(config, again=True)
    if again.code not in rehearsal.part.codes:
        wrong.append(f"then ends with {again.code}: {again.said.strip()[-300:]}")
    wrong += [f"differs: {what}" for what in rehearsal.differences(config)]
    wrong += invariants.broken(config, thorough=False)
    return [f"{way}, {at}: {name}: {one}" for one in wrong[:4]]


@pytest.mark.parametrize("part", PARTS if LONG else SHORT, ids=lambda part: part.name)
def test_an_operation_that_fails_costs_a_run_and_nothing_else(part: Part, rehearsed: Rehearse, some: Some) -> None:
    rehearsal = rehearsed(part)
    numbers = [n for n, name in enumerate(rehearsal.names, 1) if not name.startswith("point ")]
    wrong, tried = [], 0
    for way in WAYS:
        chosen = some(f"{part.name} {way}", numbers, FEW if way != "full for good" else 1)
        tried += len(chosen)
        wrong += [one for at in chosen for one in survived(rehearsal, at, way)]
    print(f"\n{part.name}: {tried} failures of {len(numbers)} operations in {len(WAYS)} ways, {len(wrong)} wrong")
    assert wrong == []
