"""Lanes: in turn within one, side by side across them, and left behind when their owner stops or is interrupted."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.threads import Lanes


def all_of(lanes: Lanes[int]) -> list[int]:
    found = []
    while lanes.under_way:
        result = lanes.take(10)
        assert result is not None
        found.append(result)
    lanes.stop()
    return found


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 5))
def test_every_job_runs_once_and_in_the_order_of_its_lane(names: list[str], most: int) -> None:
    lanes: Lanes[int] = Lanes(most)
    for number, name in enumerate(names):
        lanes.put(name, lambda number=number: number)  # type: ignore[misc]
    found = all_of(lanes)
    assert sorted(found) == list(range(len(names)))
    for lane in "abc":
        mine = [number for number in found if names[number] == lane]
        assert mine == sorted(mine)


def test_one_at_a_time_in_a_lane_and_no_more_lanes_than_may_be() -> None:
    busy: Counter[str] = Counter()
    most: Counter[str] = Counter()
    guard = threading.Lock()
    lanes: Lanes[int] = Lanes(3)

    def job(name: str) -> int:
        for key in (name, "all"):
            with guard:
                busy[key] += 1
                most[key] = max(most[key], busy[key])
        time.sleep(0.01)
        with guard:
            busy.subtract([name, "all"])
        return 1

    for number in range(40):
        lanes.put(f"lane {number % 8}", lambda name=f"lane {number % 8}": job(name))  # type: ignore[misc]
    assert sum(all_of(lanes)) == 40
    assert most.pop("all") == 3
    assert set(most.values()) == {1}


def test_a_long_lane_holds_nobody_up() -> None:
    lanes: Lanes[int] = Lanes(1)
    begun = threading.Event()
    lanes.put("long", lambda: int(begun.wait(5)))
    for number in range(5):
        lanes.put("long", lambda number=number: number)  # type: ignore[misc]
    lanes.put("short", lambda: 99)
    begun.set()
    assert all_of(lanes).index(99) <= 2


def test_jobs_may_be_put_while_others_run() -> None:
    lanes: Lanes[int] = Lanes(2)
    lanes.put("a", lambda: 0)
    found = []
    while lanes.under_way:
        result = lanes.take(5)
        assert result is not None
        found.append(result)
        if result < 50:
            lanes.put("ab"[result % 2], lambda n=result: n + 1)  # type: ignore[misc]
    assert found == list(range(51))


def test_an_error_comes_out_where_its_result_would() -> None:
    lanes: Lanes[int] = Lanes(1)
    lanes.put("a", lambda: 1 // 0)
    lanes.put("a", lambda: 7)
    with pytest.raises(ZeroDivisionError):
        lanes.take(5)
    assert lanes.take(5) == 7
    assert lanes.take(0.01) is None


def test_stop_begins_nothing_more_and_waits_for_nobody() -> None:
    begun: list[int] = []
    lanes: Lanes[int] = Lanes(1)

    def slow() -> int:
        begun.append(1)
        time.sleep(0.2)
        return 1

    for _ in range(5):
        lanes.put("a", slow)
    before = time.monotonic()
    assert lanes.take(0.05) is None
    lanes.stop()
    assert time.monotonic() - before < 0.15
    time.sleep(0.5)
    assert begun == [1]


def test_an_interrupt_waits_for_nobody() -> None:
    lanes: Lanes[None] = Lanes(2)
    for lane in "abcd":
        lanes.put(lane, lambda: time.sleep(30))
    begun = time.monotonic()
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        lanes.take(30)
    assert time.monotonic() - begun < 5
    lanes.stop()
