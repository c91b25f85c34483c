"""Turns, pauses and closures: within a run by a clock that nobody sets, from run to run by one that anybody may set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import HostState
from pipeline.errors import HostSilent, HttpStatus
from pipeline.fetch.pace import MAX_WAIT, SILENT, Pacer

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
HOST = "outlet.example"
WEEK = timedelta(days=7)


class Clocks:
    """A monotonic and a wall clock; sleeping moves both, and `set` only the wall."""

    def __init__(self, wall: datetime = NOW, start: float = 0.0) -> None:
        self.now, self._wall = start, wall
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return self._wall + timedelta(seconds=self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pacer(self, pause: float = 1.0) -> Pacer:
        return Pacer(pause, clock=self.clock, wall=self.wall, sleep=self.sleep)


def ask(pacer: Pacer, key: str = HOST) -> None:
    with pacer.turn(key):
        pass


def restarted(pacer: Pacer, clocks: Clocks) -> tuple[Pacer, Clocks]:
    """The next process: another monotonic clock, the same wall, and what was stored."""
    later = Clocks(clocks.wall() - timedelta(seconds=5000), start=5000.0)
    fresh = later.pacer()
    for state in pacer.changed():
        fresh.recall(state)
    return fresh, later


def test_the_longest_pause_that_anybody_asked_for_holds() -> None:
    clocks = Clocks()
    pacer = clocks.pacer(1.0)
    pacer.slow_down(HOST, 3.0)
    pacer.slow_down(HOST, 2.0)
    pacer.slow_down(HOST, 0.0)
    for _ in range(3):
        ask(pacer)
    ask(pacer, "other.example")
    ask(pacer, "other.example")
    assert clocks.slept == [3.0, 3.0, 1.0]
    assert (pacer.pause(HOST), pacer.pause("third.example")) == (3.0, 1.0)


def test_the_pace_survives_a_restart() -> None:
    clocks = Clocks()
    pacer = clocks.pacer(1.0)
    ask(pacer)
    clocks.now += 0.25
    pacer, clocks = restarted(pacer, clocks)
    ask(pacer)
    assert clocks.slept == [pytest.approx(0.75)]


def test_a_pause_that_was_asked_for_survives_restarts() -> None:
    clocks = Clocks()
    pacer = clocks.pacer()
    with pacer.turn(HOST):
        pacer.close(HOST, 3600)
    (stored,) = pacer.changed()
    for minutes in (0, 30, 59):
        clocks = Clocks(NOW + timedelta(minutes=minutes))
        pacer = clocks.pacer()
        pacer.recall(stored)
        with pytest.raises(HttpStatus, match="asked for a pause of") as caught:
            ask(pacer)
        assert (caught.value.status, caught.value.retry_after) == (429, pytest.approx(3600 - 60 * minutes))
        assert pacer.changed() == []
    clocks.now += 61
    ask(pacer)


def test_what_changed_is_handed_out_once() -> None:
    clocks = Clocks()
    pacer = clocks.pacer()
    assert pacer.changed() == []
    ask(pacer)
    assert pacer.changed() == [HostState(HOST, NOW)]
    assert pacer.changed() == []
    pacer.close(HOST, 60)
    assert pacer.changed() == [HostState(HOST, NOW, NOW + timedelta(seconds=60))]


def test_a_refused_turn_is_no_request() -> None:
    clocks = Clocks()
    pacer = clocks.pacer()
    pacer.close(HOST, 60)
    pacer.changed()
    with pytest.raises(HttpStatus):
        ask(pacer)
    assert pacer.changed() == []


def test_a_silent_host_is_not_asked_again_in_the_run() -> None:
    pacer = Clocks().pacer()
    for _ in range(SILENT):
        ask(pacer)
        pacer.failed(HOST, "timed out")
    with pytest.raises(HostSilent, match=r"did not answer 2 times in a row \(timed out\); it is not asked again"):
        ask(pacer)
    ask(pacer, "other.example")
    pacer.new_run()
    ask(pacer)


def test_an_answer_in_between_breaks_the_silence() -> None:
    pacer = Clocks().pacer()
    for _ in range(3 * SILENT):
        ask(pacer)
        pacer.failed(HOST, "timed out")
        pacer.answered(HOST)
    ask(pacer)


def test_a_quota_is_waited_for_where_that_is_short() -> None:
    clocks = Clocks()
    pacer = clocks.pacer()
    ask(pacer)
    pacer.quota_used(HOST, MAX_WAIT)
    ask(pacer)
    assert clocks.slept == [MAX_WAIT]
    pacer.quota_used(HOST, MAX_WAIT + 1)
    with pytest.raises(HttpStatus):
        ask(pacer)


# --- clocks that jump ------------------------------------------------------------------------------------------------

moments = st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
states = st.builds(HostState, st.just(HOST), st.none() | moments, st.none() | moments)


@given(states, moments)
def test_no_clock_closes_a_host_for_longer_than_a_week(state: HostState, now: datetime) -> None:
    """Whatever was stored by whatever clock: a week after it is recalled, and recalled again, the host is open."""
    clocks = Clocks(now)
    pacer = clocks.pacer()
    pacer.recall(state)
    kept = next(iter(pacer.changed()), state)
    week = Clocks(now + WEEK + timedelta(seconds=1))
    later = week.pacer()
    later.recall(kept)
    ask(later)
    assert sum(week.slept) <= 1.0
    assert later.changed() == [HostState(HOST, week.wall(), kept.closed_until)]


@given(states.map(lambda state: replace(state, closed_until=None)), moments)
def test_no_clock_makes_a_request_wait_longer_than_the_pace(state: HostState, now: datetime) -> None:
    clocks = Clocks(now)
    pacer = clocks.pacer()
    pacer.recall(state)
    ask(pacer)
    assert sum(clocks.slept) <= 1.0


@given(st.floats(1, 7 * 86400), st.integers(-3650, 3650))
def test_a_clock_set_back_keeps_a_pause_and_its_length(seconds: float, days: int) -> None:
    """A pause that was asked for while the clock stood years ahead is a pause of that length from now."""
    wrong = Clocks(NOW + timedelta(days=abs(days) + 1))
    pacer = wrong.pacer()
    with pacer.turn(HOST):
        pacer.close(HOST, seconds)
    right = Clocks(NOW)
    fresh = right.pacer()
    for state in pacer.changed():
        fresh.recall(state)
    with pytest.raises(HttpStatus) as caught:
        ask(fresh)
    assert caught.value.retry_after == pytest.approx(seconds, abs=0.01)
    right.now += seconds + 0.01
    ask(fresh)
