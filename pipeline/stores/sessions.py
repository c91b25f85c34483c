"""One connection to PostgreSQL beside the store's: each statement stands by itself, and what it locks dies with it.

Locks that belong to a session (PostgreSQL manual, 13.3.5) are released by the server when the connection ends, whatever
ended it. So that this is soon where a machine vanished without a word, both sides ask after each other (libpq and
server: keepalives); and no forked worker keeps its parent's connection open.
"""

from __future__ import annotations

import hashlib
import os
import socket
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors, sql
from sqlalchemy import URL

from pipeline.errors import StoreError

_ALIVE = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_SERVER = (  # settings of this session (manual, 19.3.2 and 19.11)
    ("tcp_keepalives_idle", "30"), ("tcp_keepalives_interval", "10"), ("tcp_keepalives_count", "3"),
    ("idle_session_timeout", "0"), ("idle_in_transaction_session_timeout", "0"),
    ("lock_timeout", "0"), ("statement_timeout", "0"),
)  # fmt: skip
_LONGEST = 63  # bytes of a name that the server keeps (manual, 19.8: application_name)
_open: weakref.WeakSet[Session] = weakref.WeakSet()


class Session:
    """A connection to `url`. `explain` puts a foreign error into words. Threads may share it; statements take turns."""

    def __init__(self, url: URL, explain: Callable[[Exception], str], wait: int) -> None:
        (_, told), name = url.get_dialect()().create_connect_args(url), f"citewire {os.getpid()}@{socket.gethostname()}"
        shown = name.encode("ascii", "replace")[:_LONGEST].decode()
        self._explain = explain
        try:
            made = {**_ALIVE, **told, "connect_timeout": wait, "application_name": shown}
            self._connection = psycopg.connect(**made, autocommit=True)
            for setting, value in _SERVER:
                self.rows("SELECT set_config(%(setting)s, %(value)s, false)", setting=setting, value=value)
            schema, number = self.rows("SELECT current_schema(), pg_backend_pid()")[0]
        except psycopg.Error as error:
            raise StoreError(explain(error)) from error
        self.schema, self.number = str(schema), int(number)
        _open.add(self)

    def rows(self, statement: str, **values: object) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement of ours, committed at once; none where it gives none. Raises StoreError."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement), values)
                return cursor.fetchall() if cursor.description else ()
        except psycopg.Error as error:
            raise StoreError(self._explain(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Statements that stand or fall together; no other thread may use the session meanwhile. Raises StoreError."""
        try:
            with self._connection.transaction():
                yield
        except psycopg.Error as error:
            raise StoreError(self._explain(error)) from error

    def key(self, *parts: str) -> int:
        """The number of a lock of this desk (63 bits and a sign): `parts` say which; another schema is another desk."""
        named = "\0".join(("citewire", self.schema, *parts)).encode()
        return int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)

    def holders(self, key: int) -> list[Mapping[str, object]]:
        """The sessions that hold the lock `key`, longest first: their number, their name, since when they are there."""
        found = self.rows(
            "SELECT l.pid, coalesce(a.application_name, ''), a.backend_start FROM pg_locks AS l "
            "LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted "
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND l.classid::bigint = (%(key)s >> 32) & 4294967295 AND l.objid::bigint = %(key)s & 4294967295 "
            "AND l.objsubid = 1 ORDER BY a.backend_start NULLS LAST, l.pid",
            key=key,
        )
        return [{"number": number, "name": name, "since": since} for number, name, since in found]

    def close(self) -> None:
        """End the session; its locks are free."""
        _open.discard(self)
        self._connection.close()

    def leave(self) -> None:
        """In a forked child: let go of the parent's connection without a word to the server."""
        try:
            os.close(self._connection.fileno())
        except (OSError, errors.Error):
            return


def _leave_in_child() -> None:
    for session in list(_open):
        session.leave()
    _open.clear()


os.register_at_fork(after_in_child=_leave_in_child)
