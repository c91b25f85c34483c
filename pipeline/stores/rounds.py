"""Rounds of several ingest workers on one PostgreSQL database; fits `pipeline.protocols.sharing.Workers`.

Lanes are claimed by row locks (SELECT ... FOR UPDATE SKIP LOCKED; PostgreSQL manual, SELECT) that a transaction of the
worker's own connection holds while it reads; with its result it commits that they are done. A worker that dies, or
whose connection is cut, has claimed nothing. Who takes part, whose turn a host is and who stores are advisory locks of
the session that holds the run lock. Times are those of the server's clock, the only one that all workers share.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from sqlalchemy import bindparam, text

from pipeline.errors import ConfigurationError
from pipeline.protocols import Store
from pipeline.protocols.sharing import Duty, Standing
from pipeline.stores.locking import RUN
from pipeline.stores.sessions import Session
from pipeline.stores.sql import SqlStore

POLL = 0.2  # seconds between two looks at what the others do
_CLAIM = "SELECT lane FROM round_lanes WHERE NOT done ORDER BY place, lane LIMIT %(most)s FOR UPDATE SKIP LOCKED"
_STORED = text("UPDATE round_reads SET body = NULL, stored = true WHERE source IN :names").bindparams(
    bindparam("names", expanding=True)
)


class Lanes:
    """Fits `pipeline.protocols.sharing.Claimed`."""

    def __init__(self, session: Session, lanes: Sequence[str]) -> None:
        self._session, self.lanes = session, frozenset(lanes)

    def hand_over(self, reads: Mapping[str, bytes]) -> None:
        """The lanes are done, and this was read."""
        for source in sorted(reads):
            self._session.rows(
                "INSERT INTO round_reads (source, body, stored) VALUES (%(source)s, %(body)s, false) "
                "ON CONFLICT (source) DO NOTHING",
                source=source, body=reads[source],
            )  # fmt: skip
        self._session.rows("UPDATE round_lanes SET done = true WHERE lane = ANY(%(lanes)s)", lanes=sorted(self.lanes))


class Rounds:
    """`session` holds the run lock, shared; `connect` opens the one that claims; `wait` sleeps."""

    def __init__(
        self, session: Session, connect: Callable[[], Session], wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._session, self._connect, self._wait = session, connect, wait
        self._claims: Session | None = None
        self._member = 0  # the lock that says who takes part
        self._number = 0

    def join(self, lanes: Mapping[str, Sequence[str]]) -> None:
        """Take part in the round that somebody alive has begun and nobody ended, else begin the next."""
        session, door = self._session, self._session.key("round")
        sources = hashlib.sha256(repr(sorted((lane, sorted(lanes[lane])) for lane in lanes)).encode()).hexdigest()
        session.rows("SELECT pg_advisory_lock(%(door)s)", door=door)
        try:
            number, theirs, ended = next(iter(session.rows("SELECT number, sources, ended FROM rounds")), (0, "", True))
            if not ended and session.holders(session.key("round", str(number))):
                if theirs != sources:
                    raise ConfigurationError(
                        "another worker is reading this desk with other sources; this one stops and has read nothing",
                        key="source",
                        fix="the same sources in the configuration of every worker",
                    )
            else:
                number += 1
                self._begin(number, sources, list(lanes))
            self._number, self._member = number, session.key("round", str(number))
            session.rows("SELECT pg_advisory_lock_shared(%(key)s)", key=self._member)
        finally:
            session.rows("SELECT pg_advisory_unlock(%(door)s)", door=door)

    def _begin(self, number: int, sources: str, lanes: Sequence[str]) -> None:
        """A new round; what an old one left is read again."""
        session = self._session
        with session.transaction():
            session.rows("DELETE FROM rounds")
            session.rows("DELETE FROM round_lanes")
            session.rows("DELETE FROM round_reads")
            session.rows(
                "INSERT INTO rounds (number, sources, ended) VALUES (%(number)s, %(sources)s, false)",
                number=number, sources=sources,
            )  # fmt: skip
            session.rows(
                "INSERT INTO round_lanes (lane, place, done) "
                "SELECT lane, place, false FROM unnest(%(lanes)s::text[]) WITH ORDINALITY AS l (lane, place)",
                lanes=lanes,
            )

    @contextmanager
    def claim(self, most: int) -> Iterator[Lanes | None]:
        """A share of the lanes that are left: the fewer, the smaller, so that the workers end together."""
        if self._claims is None:
            self._claims = self._connect()
        session = self._claims
        with session.transaction():
            left = session.rows("SELECT count(*) FROM round_lanes WHERE NOT done")[0][0]
            share = math.ceil(left / (2 * max(1, len(self._session.holders(self._member)))))
            found = session.rows(_CLAIM, most=max(1, min(most, share)))
            yield Lanes(session, [lane for (lane,) in found]) if found else None

    def duty(self) -> Duty:
        """One worker stores; the others wait for it, and take over should it die."""
        ended, reading = self._session.rows(
            "SELECT coalesce((SELECT ended FROM rounds WHERE number = %(number)s), true), "
            "EXISTS (SELECT 1 FROM round_lanes WHERE NOT done)",
            number=self._number,
        )[0]
        if ended:
            return Duty.LEAVE
        if not reading:
            key = self._session.key("storing")
            if self._session.rows("SELECT pg_try_advisory_lock(%(key)s)", key=key)[0][0]:
                over = self._session.rows("SELECT ended FROM rounds WHERE number = %(n)s", n=self._number)
                return Duty.LEAVE if not over or over[0][0] else Duty.STORE
        self._wait(POLL)
        return Duty.WAIT

    def handed(self) -> Mapping[str, bytes]:
        """What nobody has stored yet."""
        rows = self._session.rows("SELECT source, body FROM round_reads WHERE NOT stored ORDER BY source")
        return {source: bytes(body) for source, body in rows}

    def stored(self, store: Store, sources: Sequence[str]) -> None:
        """With the records, or not at all."""
        cast(SqlStore, store).db.execute(_STORED.bindparams(names=sorted(sources)))

    def gone(self) -> frozenset[str]:
        """What a worker stored that died over it."""
        return frozenset(source for (source,) in self._session.rows("SELECT source FROM round_reads WHERE stored"))

    def end(self) -> None:
        """Nobody joins it any more, and those who wait leave."""
        with self._session.transaction():
            self._session.rows("UPDATE rounds SET ended = true WHERE number = %(number)s", number=self._number)
            self._session.rows("DELETE FROM round_lanes")
            self._session.rows("DELETE FROM round_reads")

    def close(self) -> None:
        """Claims go with their connection; turns and the rest go with the run lock's."""
        if self._claims is not None:
            self._claims.close()

    # --- turns at a host ---------------------------------------------------------------------------------------------

    def take(self, host: str) -> Standing | None:
        """The lock first: what is read before one has it may be what it was before the last request."""
        if not self._session.rows("SELECT pg_try_advisory_lock(%(key)s)", key=self._session.key("host", host))[0][0]:
            return None
        found = self._session.rows(
            "SELECT extract(epoch FROM clock_timestamp() - asked)::float8, "
            "extract(epoch FROM closed_until - clock_timestamp())::float8 FROM hosts WHERE host = %(host)s",
            host=host,
        )
        asked, closed = found[0] if found else (None, None)
        return Standing(None if asked is None else max(0.0, asked), max(0.0, closed or 0.0))

    def asking(self, host: str) -> None:
        """Kept before the request goes out: whoever comes after a kill keeps the pause all the same."""
        self._session.rows(
            "INSERT INTO hosts (host, asked) VALUES (%(host)s, clock_timestamp()) "
            "ON CONFLICT (host) DO UPDATE SET asked = excluded.asked",
            host=host,
        )

    def give_back(self, host: str, closed: float) -> None:
        """What the host asked for is kept before the turn is free."""
        if closed > 0:
            self._session.rows(
                "UPDATE hosts SET closed_until = greatest(closed_until, clock_timestamp() + %(closed)s * "
                "interval '1 second') WHERE host = %(host)s",
                host=host, closed=closed,
            )  # fmt: skip
        self._session.rows("SELECT pg_advisory_unlock(%(key)s)", key=self._session.key("host", host))


def leaving(session: Session) -> bool:
    """Whether whoever shares the run lock takes part in a round that is over: it was stored, and they go."""
    if session.rows("SELECT to_regclass('rounds')")[0][0] is None:
        return False
    over = session.rows("SELECT number FROM rounds WHERE ended")
    members = session.holders(session.key("round", str(over[0][0]))) if over else ()
    return bool(members) and {one["number"] for one in session.holders(session.key(RUN))} <= {
        one["number"] for one in members
    }
