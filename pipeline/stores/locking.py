"""The run lock of a desk that PostgreSQL keeps: an advisory lock of one session, for machines that share a database.

It is held by a connection of its own for as long as the run lasts. A holder that dies, or whose connection is cut,
holds it no longer; so before every commit, and wherever else a stage says how far it is, the run asks whether it does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from pipeline.errors import AlreadyRunning, StoreError
from pipeline.stores.sessions import Session

LEAVING = 300  # tenths of a second that a run waits for ingest workers whose round is over
RUN = "run"  # the lock's name among those of a desk


class DatabaseLock:
    """Fits `pipeline.stores.kinds.Hold`. `shared`: beside others that are shared. `name` is the database, in words.

    `leaving(session)`: whether those who share it now have done their work and are only about to go; `wait` sleeps.
    """

    def __init__(
        self,
        session: Session,
        name: str,
        *,
        shared: bool,
        leaving: Callable[[Session], bool] = lambda session: False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.session, self._name, self._shared, self._leaving, self._wait = session, name, shared, leaving, wait
        self._key = session.key(RUN)

    def _taken(self) -> bool:
        """Whether the lock could be taken: at once, or as soon as ingest workers that are about to leave have left."""
        for _ in range(LEAVING):
            if self._try():
                return True
            if self._shared:
                return False
            if not self._leaving(self.session):
                return self._try()  # they may have gone between the two questions
            self._wait(0.1)
        return False

    def _try(self) -> bool:
        take = "pg_try_advisory_lock_shared" if self._shared else "pg_try_advisory_lock"
        return bool(self.session.rows(f"SELECT {take}(%(key)s)", key=self._key)[0][0])

    def __enter__(self) -> DatabaseLock:
        try:
            taken = self._taken()
            others = () if taken else self.session.holders(self._key)
        except BaseException:
            self.session.close()
            raise
        if not taken:
            self.session.close()
            raise AlreadyRunning(
                f"another run holds {self._name}{holding(others)}; this one stops and has changed nothing; wait for it "
                "to end"
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def check(self, point: str = "") -> None:
        """Raises StoreError where the session has ended, or a pooler has given the lock to another."""
        del point
        try:
            held = any(one["number"] == self.session.number for one in self.session.holders(self._key))
            held = held and self.session.rows("SELECT pg_backend_pid()")[0][0] == self.session.number
        except StoreError as error:
            raise StoreError(f"the connection that held the run lock was lost ({error}); {_STOPPED}") from error
        if not held:
            raise StoreError(
                f"the run lock of {self._name} is no longer held by this run's own session (is there a pooler between? "
                f"connect to the server itself); {_STOPPED}"
            )


_STOPPED = (
    "another run may begin, so this one stops here: what it had committed stays, nothing of this step was kept, and "
    "the next run goes on from there"
)


def holding(sessions: Sequence[Mapping[str, object]]) -> str:
    """Who holds a lock, in words: the first, and how many more; "" for nobody who is known."""
    told = [_told(one) for one in sessions]
    return f"{told[0]}{f' and {len(told) - 1} more' if len(told) > 1 else ''}" if told else ""


def _told(session: Mapping[str, object]) -> str:
    process, _, machine = str(session["name"]).removeprefix("citewire ").partition("@")
    since = session["since"]
    started = f", started {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(since, datetime) else ""
    return f" (process {process} on {machine}{started})" if process.isdigit() else " (of another user)"
