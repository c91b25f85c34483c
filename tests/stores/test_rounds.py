"""Rounds of workers on one database: who takes what, who stores, and what is left by those who went."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import postgres
import pytest

from pipeline.errors import AlreadyRunning, ConfigurationError, StoreError
from pipeline.protocols.sharing import Duty
from pipeline.stores import kind_of, open_store
from pipeline.stores.locking import DatabaseLock
from pipeline.stores.rounds import Rounds

pytestmark = postgres.needed
LANES = {f"host{n}.example": [f"Source {n}", f"Feed {n}"] for n in range(6)}


class Desk:
    """A database, and workers on it that run in this process, each with a run lock of its own."""

    def __init__(self, ending: ExitStack) -> None:
        self.address, self._ending = postgres.fresh(), ending
        open_store(self.address).close()
        self.waited: list[float] = []

    def hold(self, *, shared: bool = True) -> DatabaseLock:
        made = kind_of(self.address).hold
        assert made is not None
        lock = made(self.address, shared)
        assert isinstance(lock, DatabaseLock)
        return lock

    def worker(self, *, joins: bool = True) -> Rounds:
        workers, hold = kind_of(self.address).workers, self._ending.enter_context(self.hold())
        assert workers is not None
        made = workers(self.address, hold)
        assert isinstance(made, Rounds)
        made._wait = self.waited.append
        self._ending.callback(made.close)
        if joins:
            made.join(LANES)
        return made


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ExitStack() as ending:
        yield Desk(ending)


def read(worker: Rounds, most: int = 99) -> frozenset[str]:
    """What a worker claims and hands over at once."""
    with worker.claim(most) as claimed:
        if claimed is None:
            return frozenset()
        claimed.hand_over({name: f"read by {name}".encode() for lane in claimed.lanes for name in LANES[lane]})
        return claimed.lanes


def test_every_lane_is_read_once_and_one_worker_stores(desk: Desk) -> None:
    one, two = desk.worker(), desk.worker()
    with one.claim(1) as mine, two.claim(99) as theirs:
        assert mine is not None
        assert theirs is not None
        assert len(mine.lanes) == 1
        assert len(theirs.lanes) == 2  # of six lanes with two workers: a share, so that both end together
        assert not mine.lanes & theirs.lanes
        mine.hand_over({})
        theirs.hand_over({name: b"" for lane in theirs.lanes for name in LANES[lane]})
    assert one.duty() is Duty.WAIT
    while read(one):
        assert two.duty() is Duty.WAIT or not read(two)
    assert read(two) == frozenset()
    assert (two.duty(), one.duty()) == (Duty.STORE, Duty.WAIT)
    assert len(two.handed()) == 10
    with closing(open_store(desk.address)) as store, store.transaction():
        two.stored(store, ["Source 1", "Feed 1"])
    assert two.handed().keys() == {name for n in range(2, 6) for name in LANES[f"host{n}.example"]}
    two.end()
    assert (one.duty(), two.duty()) == (Duty.LEAVE, Duty.LEAVE)
    assert set(desk.waited) == {0.2}


def test_what_a_worker_did_not_hand_over_is_read_by_another(desk: Desk) -> None:
    one, two = desk.worker(), desk.worker()

    def died() -> None:
        with one.claim(99) as claimed:
            assert claimed is not None
            claimed.hand_over({name: b"lost" for lane in claimed.lanes for name in LANES[lane]})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        died()
    met: set[str] = set()
    while found := read(two):
        met |= found
    assert met == set(LANES)
    assert b"lost" not in two.handed().values()


def test_who_stored_and_died_is_made_up_for(desk: Desk) -> None:
    first = desk.worker()
    while read(first):
        pass
    assert first.duty() is Duty.STORE
    with closing(open_store(desk.address)) as store, store.transaction():
        first.stored(store, ["Source 2"])
    second = desk.worker()
    assert second.duty() is Duty.WAIT
    postgres.admin(desk.address, f"SELECT pg_terminate_backend({first._session.number}, 5000)")
    assert second.duty() is Duty.STORE
    assert second.gone() == {"Source 2"}
    assert "Source 2" not in second.handed()
    second.end()
    assert (second.gone(), dict(second.handed())) == (frozenset(), {})


def test_a_round_that_nobody_alive_has_is_begun_anew(desk: Desk) -> None:
    with desk.hold() as hold:
        workers = kind_of(desk.address).workers
        assert workers is not None
        with closing(workers(desk.address, hold)) as first:
            first.join(LANES)
            with first.claim(2) as claimed:
                assert claimed is not None
                claimed.hand_over({"Source 0": b"old"})
    second = desk.worker()
    assert dict(second.handed()) == {}
    met: set[str] = set()
    while found := read(second):
        met |= found
    assert met == set(LANES)


def test_a_worker_with_other_sources_is_refused_and_locks_nothing(desk: Desk) -> None:
    desk.worker()
    other = desk.worker(joins=False)
    with pytest.raises(ConfigurationError, match="with other sources"):
        other.join({**LANES, "host0.example": ["Another"]})
    desk.worker()  # the door is open


def test_a_turn_at_a_host_is_one_for_all_workers(desk: Desk) -> None:
    one, two = desk.worker(joins=False), desk.worker(joins=False)
    first = one.take("host.example")
    assert first is not None
    assert (first.asked, first.closed) == (None, 0.0)
    assert two.take("host.example") is None
    assert two.take("other.example") is not None
    two.give_back("other.example", 0.0)
    one.asking("host.example")
    one.give_back("host.example", 30.0)
    known = two.take("host.example")
    assert known is not None
    assert known.asked is not None
    assert 0.0 <= known.asked < 5.0
    assert 25.0 < known.closed <= 30.0


def test_a_claim_whose_connection_is_cut_is_nobodys(desk: Desk) -> None:
    one, two = desk.worker(), desk.worker()

    def cut() -> None:
        with one.claim(1) as claimed:
            assert claimed is not None
            session = one._claims
            assert session is not None
            postgres.admin(desk.address, f"SELECT pg_terminate_backend({session.number}, 5000)")
            claimed.hand_over({})

    with pytest.raises(StoreError, match="run again"):
        cut()
    met: set[str] = set()
    while found := read(two):
        met |= found
    assert met == set(LANES)


def test_the_publisher_lets_workers_leave_whose_round_is_over(desk: Desk) -> None:
    with desk.hold() as hold:
        workers = kind_of(desk.address).workers
        assert workers is not None
        worker = workers(desk.address, hold)
        worker.join({"one.example": ["One"]})
        with pytest.raises(AlreadyRunning), desk.hold(shared=False):
            pass
        worker.end()
        threading.Timer(0.3, hold.session.close).start()
        with desk.hold(shared=False) as publisher:
            publisher.check()


def test_a_publisher_does_not_wait_for_workers_that_never_leave(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.stores.locking.LEAVING", 3)
    worker = desk.worker()
    worker.end()
    publisher, waited = desk.hold(shared=False), []
    publisher._wait = waited.append
    with pytest.raises(AlreadyRunning), publisher:
        pass
    assert waited == [0.1] * 3
