"""The ledger: what was sent is known after any kill, and nobody is told twice."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from factories import NOW
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError, StoreError
from pipeline.notifying import Ledger, Message, State, Target, deliver

MESSAGE = Message("n1", date(2026, 5, 4), "title", "body")
ANN, BEN = Target("ann", lambda: "address-of-ann"), Target("ben", lambda: "address-of-ben")


class Killed(BaseException):
    """The process dies here."""


class Post:
    """A service that does as it is told and remembers what it got."""

    def __init__(self, *answers: State | type[BaseException]) -> None:
        self.answers, self.got = list(answers), []  # type: ignore[var-annotated]

    def __call__(self, address: str, title: str, body: str) -> tuple[State, str]:
        answer = self.answers.pop(0) if self.answers else State.SENT
        if isinstance(answer, State):
            if answer is not State.FAILED:
                self.got.append(address)
            return answer, "" if answer is State.SENT else "why"
        if answer is Killed:
            self.got.append(address)
        raise answer


def states(path: Path, post: Post, *, again: bool = False) -> list[State]:
    return [one.state for one in deliver(MESSAGE, [ANN, BEN], Ledger(path), post, now=NOW, again=again)]


def test_everybody_is_told_once_however_often_it_runs(tmp_path: Path) -> None:
    post = Post()
    for _ in range(3):
        assert states(tmp_path / "private" / "l", post) == [State.SENT, State.SENT]
    assert post.got == ["address-of-ann", "address-of-ben"]
    assert oct((tmp_path / "private" / "l").stat().st_mode & 0o777) == "0o600"
    assert oct((tmp_path / "private").stat().st_mode & 0o077) == "0o0"


def test_what_surely_failed_is_tried_again_and_stops_nobody_else(tmp_path: Path) -> None:
    post = Post(State.FAILED)
    assert states(tmp_path / "l", post) == [State.FAILED, State.SENT]
    assert states(tmp_path / "l", post) == [State.SENT, State.SENT]
    assert post.got == ["address-of-ben", "address-of-ann"]


@pytest.mark.parametrize("end", [State.UNSURE, Killed])
def test_what_may_have_arrived_is_repeated_only_when_a_person_says_so(
    tmp_path: Path, end: State | type[BaseException]
) -> None:
    post = Post(end)
    try:
        states(tmp_path / "l", post)
    except Killed:
        assert Ledger(tmp_path / "l").state("n1", "ann") is State.BEGUN
    assert states(tmp_path / "l", post)[0] in (State.BEGUN, State.UNSURE)
    assert post.got.count("address-of-ann") == 1
    told = deliver(MESSAGE, [ANN], Ledger(tmp_path / "l"), post, now=NOW)
    assert "--again" in told[0].why
    assert states(tmp_path / "l", post, again=True) == [State.SENT, State.SENT]
    assert post.got.count("address-of-ann") == 2
    assert post.got.count("address-of-ben") == 1  # again is not for those who have it


@given(st.integers(0, 400))
def test_a_line_that_a_kill_cut_off_loses_nothing_else(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "l"
    whole = Ledger(path)
    whole.enter("n1", "ann", State.SENT, NOW)
    first = path.stat().st_size
    whole.enter("n1", "ben", State.BEGUN, NOW)
    os.truncate(path, min(path.stat().st_size, first + cut))
    Ledger(path).enter("n2", "ann", State.SENT, NOW)
    known = Ledger(path)
    assert known.state("n1", "ann") is State.SENT
    assert known.state("n2", "ann") is State.SENT
    assert known.state("n1", "ben") in (State.NEW, State.BEGUN)


@given(st.binary(max_size=200))
def test_whatever_stands_in_the_file_it_can_be_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "l"
    path.write_bytes(content)
    Ledger(path).enter("n1", "ann", State.SENT, NOW)
    assert Ledger(path).state("n1", "ann") is State.SENT


def test_another_message_or_target_is_another_matter(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.enter("n1", "ann", State.SENT, NOW)
    assert [ledger.state(*pair) for pair in (("n2", "ann"), ("n1", "ben"))] == [State.NEW, State.NEW]


def test_without_an_address_nothing_is_entered(tmp_path: Path) -> None:
    def missing() -> str:
        raise ConfigurationError("not set", key="X")

    found = deliver(MESSAGE, [Target("ann", missing), BEN], Ledger(tmp_path / "l"), Post(), now=NOW)
    assert [(one.state, one.tried) for one in found] == [(State.FAILED, False), (State.SENT, True)]
    assert Ledger(tmp_path / "l").state("n1", "ann") is State.NEW


def test_nothing_is_sent_that_cannot_be_entered(tmp_path: Path) -> None:
    (tmp_path / "l").mkdir()
    with pytest.raises(StoreError):
        Ledger(tmp_path / "l")
    (tmp_path / "m").symlink_to(tmp_path / "elsewhere")
    post = Post()
    with pytest.raises(StoreError):
        states(tmp_path / "m", post)
    assert post.got == []
