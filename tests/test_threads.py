"""Threads side by side: in order, at once, and left behind when their caller is interrupted."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from pipeline.threads import side_by_side


def test_results_come_in_order_whoever_is_first() -> None:
    def slow(number: int) -> int:
        time.sleep(0.02 * (5 - number))
        return number * number

    assert side_by_side(slow, range(5), most=3) == [0, 1, 4, 9, 16]
    assert side_by_side(slow, [], most=3) == []


def test_as_many_at_once_as_may_be_and_no_more() -> None:
    busy, most, guard = 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal busy, most
        with guard:
            busy += 1
            most = max(most, busy)
        time.sleep(0.05)
        with guard:
            busy -= 1

    side_by_side(work, range(8), most=4)
    assert most == 4


def test_the_first_error_in_order_is_raised() -> None:
    def fail(number: int) -> int:
        if number in (2, 4):
            raise ValueError(f"number {number}")
        return number

    with pytest.raises(ValueError, match="number 2"):
        side_by_side(fail, range(6), most=2)


def test_an_interrupt_waits_for_nobody() -> None:
    begun = time.monotonic()
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        side_by_side(time.sleep, [30.0] * 4, most=2)
    assert time.monotonic() - begun < 5
