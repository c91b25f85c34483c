"""One connection to PostgreSQL: what it locks dies with it, what fails is told in words, and no child keeps it open."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import closing

import postgres
import pytest
from killing import ended, forked
from sqlalchemy import make_url

from pipeline.errors import StoreError
from pipeline.stores import sessions
from pipeline.stores.sessions import Session

pytestmark = postgres.needed


def connected(address: str) -> Session:
    return Session(make_url(address).set(drivername="postgresql+psycopg"), lambda error: f"told: {error}", 5)


@pytest.fixture
def session() -> Iterator[Session]:
    with closing(connected(postgres.fresh())) as made:
        yield made


def test_a_server_that_is_not_there_is_told(tmp_path: object) -> None:
    with pytest.raises(StoreError, match="told: "):
        connected(f"postgresql://nobody@/desk?host={tmp_path}")


def test_statements_stand_by_themselves_or_together(session: Session) -> None:
    session.rows("CREATE TABLE kept (n int)")
    assert session.rows("INSERT INTO kept VALUES (%(n)s)", n=1) == ()

    def half() -> None:
        with session.transaction():
            session.rows("INSERT INTO kept VALUES (2)")
            session.rows("INSERT INTO nowhere VALUES (3)")

    with pytest.raises(StoreError, match=r"told: .*nowhere"):
        half()
    assert session.rows("SELECT n FROM kept") == [(1,)]
    with session.transaction():
        session.rows("INSERT INTO kept VALUES (4)")
    assert session.rows("SELECT n FROM kept ORDER BY n") == [(1,), (4,)]


def test_a_transaction_that_is_cut_before_its_end_is_told(session: Session) -> None:
    def cut() -> None:
        with session.transaction():
            session.rows("SELECT 1")
            postgres.admin(postgres.server(), f"SELECT pg_terminate_backend({session.number}, 5000)")

    with pytest.raises(StoreError, match="told: "):
        cut()


def test_a_lock_is_of_one_desk_and_goes_with_its_session() -> None:
    address = postgres.fresh()
    with closing(connected(address)) as other, closing(connected(postgres.fresh())) as elsewhere:
        with closing(connected(address)) as mine:
            key = mine.key("run")
            assert key == other.key("run") != elsewhere.key("run")
            mine.rows("SELECT pg_advisory_lock(%(key)s)", key=key)
            assert [one["number"] for one in other.holders(key)] == [mine.number]
            assert elsewhere.holders(elsewhere.key("run")) == []
        for _ in range(200):  # the server hears of it a moment later
            if not other.holders(key):
                return
        pytest.fail("the lock outlived its session")


def test_a_child_lets_go_of_what_its_parent_holds(session: Session) -> None:
    """As a forked child does: the descriptor is closed without a word, and twice is no error."""
    number = session._connection.fileno()
    session.leave()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)
    session.leave()
    stand_in = os.open(os.devnull, os.O_RDONLY)
    os.dup2(stand_in, number)  # what the library closes again is nobody else's
    if stand_in != number:
        os.close(stand_in)


def test_every_open_session_is_left_by_a_child() -> None:
    gc.collect()
    with closing(connected(postgres.fresh())) as session:

        def look() -> None:
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(session._connection.fileno())
            assert len(sessions._open) == 0

        assert ended(forked(look)) == 0
        assert session.rows("SELECT 1") == [(1,)]
        assert session in sessions._open
