"""Turns at a host that several workers share: waited for, kept to, given back whatever happens."""

from __future__ import annotations

from collections import deque

import pytest

from pipeline.errors import HttpStatus
from pipeline.fetch.pace import ANOTHER, Pacer
from pipeline.protocols.sharing import Standing

HOST = "outlet.example"


class Others:
    """The turns as other workers left them: what `take` answers, and what was told."""

    def __init__(self, *standings: Standing | None) -> None:
        self.standings, self.told = deque(standings), []  # type: ignore[var-annotated]

    def take(self, host: str) -> Standing | None:
        return self.standings.popleft() if self.standings else Standing()

    def asking(self, host: str) -> None:
        self.told.append(("asking", host))

    def give_back(self, host: str, closed: float) -> None:
        self.told.append(("back", host, round(closed, 3)))


class Clock:
    def __init__(self) -> None:
        self.now, self.slept = 100.0, []  # type: ignore[var-annotated]

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def asked(*standings: Standing | None, pause: float = 1.0) -> tuple[Pacer, Others, Clock]:
    clock, others = Clock(), Others(*standings)
    return Pacer(pause, clock=clock, sleep=clock.sleep, turns=others), others, clock


def test_another_workers_turn_is_waited_for_and_its_pause_kept() -> None:
    pacer, others, clock = asked(None, None, Standing(asked=0.25))
    with pacer.turn(HOST):
        assert others.told == [("asking", HOST)]
    assert clock.slept == [ANOTHER, ANOTHER, 0.75]
    assert others.told[1][:2] == ("back", HOST)
    assert pacer.changed() == []  # they are kept where the turns are


def test_a_host_that_asked_another_worker_for_a_pause_is_not_asked() -> None:
    pacer, others, clock = asked(Standing(closed=60.0))
    with pytest.raises(HttpStatus, match="asked for a pause"), pacer.turn(HOST):
        pass
    assert others.told == [("back", HOST, 60.0)]
    assert clock.slept == []


def refused(pacer: Pacer) -> None:
    """A request that the host refuses for a while, and that fails for us."""
    with pacer.turn(HOST):
        pacer.close(HOST, 30.0)
        raise ZeroDivisionError


def test_a_pause_that_the_host_asks_for_is_told_and_an_error_gives_the_turn_back() -> None:
    pacer, others, _ = asked()
    with pytest.raises(ZeroDivisionError):
        refused(pacer)
    assert others.told == [("asking", HOST), ("back", HOST, 30.0)]
