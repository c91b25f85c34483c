"""Turns at a host: one request at a time, a pause between two of them, and none where the host asked for none.

What must outlive the process (when a host was last asked, until when it wants to be left alone) is kept in the time of
the wall clock and handed out as `HostState`; within the process a clock counts that nobody can set. Where several
processes read one desk, they share the turns, and what must outlive them is kept where these are.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipeline.domain import HostState
from pipeline.errors import HostSilent, HttpStatus
from pipeline.fetch.headers import MAX_RETRY_AFTER
from pipeline.protocols.sharing import Turns
from pipeline.spans import span

SILENT = 2  # connections or replies in a row that did not come, after which a host is not asked again in this run
ANOTHER = 0.1  # seconds between two looks whether another worker has ended its turn
MAX_WAIT = 60.0  # seconds that a request waits for a quota; for longer ones the host is closed
_WEEK = timedelta(seconds=MAX_RETRY_AFTER)


def wall_clock() -> datetime:
    """The real time, UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    pause: float = 0.0
    began: float | None = None  # the last request, by the clock
    ready: float = 0.0  # no request before
    closed: float = 0.0  # refused until
    failures: int = 0
    trouble: str = ""
    asked: datetime | None = None
    closed_until: datetime | None = None


class Pacer:
    """Hands out turns per key of a place; `turns` are those that all workers of a desk share, where it has several.

    `clock`, `wall` and `sleep` are injected so that tests need not wait.
    """

    def __init__(
        self,
        pause: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = wall_clock,
        sleep: Callable[[float], None] = time.sleep,
        turns: Turns | None = None,
    ) -> None:
        self._pause, self._clock, self._wall, self._sleep, self._turns = pause, clock, wall, sleep, turns
        self._guard = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._changed: set[str] = set()

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Hold the host for one request, after the pause since the last one began.

        Raises HttpStatus (429) while it wants to be left alone, HostSilent when it has not answered in this run.
        """
        host = self._host(key)
        self._refuse(key, host)  # whom nobody may ask need not be queued for
        with host.turn, self._among(key, host):
            self._refuse(key, host)
            due = host.ready if host.began is None else max(host.ready, host.began + max(self._pause, host.pause))
            wait = due - self._clock()
            if wait > 0:
                self._sleep(wait)
            host.began, host.asked = self._clock(), self._wall()
            self._mark(key)
            if self._turns is not None:
                self._turns.asking(key)
            yield

    def slow_down(self, key: str, pause: float) -> None:
        """From now on leave at least `pause` seconds between requests (Crawl-delay, the rule of an API)."""
        if pause > 0:
            host = self._host(key)
            host.pause = max(host.pause, pause)

    def pause(self, key: str) -> float:
        """Seconds that are left between two requests."""
        return max(self._pause, self._host(key).pause)

    def close(self, key: str, seconds: float) -> None:
        """No request for `seconds`: the host said so. To be called within its turn, so that no other slips in."""
        host = self._host(key)
        host.closed = max(host.closed, self._clock() + seconds)
        until = self._wall() + timedelta(seconds=seconds)
        host.closed_until = max(host.closed_until or until, until)
        self._mark(key)

    def quota_used(self, key: str, seconds: float) -> None:
        """The host will refuse requests for `seconds`: the next one waits, or is refused here where that is long."""
        if seconds > MAX_WAIT:
            self.close(key, seconds)
        else:
            host = self._host(key)
            host.ready = max(host.ready, self._clock() + seconds)

    def answered(self, key: str) -> None:
        """The host is there."""
        self._host(key).failures = 0

    def doubtful(self, key: str) -> bool:
        """Whether the host's last request in this run went unanswered."""
        return self._host(key).failures > 0

    def failed(self, key: str, trouble: str) -> None:
        """The host did not answer; `trouble` says how."""
        host = self._host(key)
        host.failures += 1
        host.trouble = trouble

    # --- from run to run ---------------------------------------------------------------------------------------------

    def recall(self, state: HostState) -> None:
        """Take up what an earlier run left; what this one knows already stands.

        A time that lies ahead was written while the clock stood further on: everything is taken back by as much, and
        no closure is longer than the longest there is; so a clock that was wrong closes no host for ever.
        """
        now = self._wall()
        asked = state.asked or now
        ahead = max(asked - now, timedelta(0))
        until = None if state.closed_until is None else min(state.closed_until, asked + _WEEK) - ahead
        asked -= ahead
        host = self._host(state.host)
        host.began = max(host.began or -math.inf, self._clock() - (now - asked).total_seconds())
        host.asked = max(host.asked or asked, asked)
        if until is not None:
            host.closed = max(host.closed, self._clock() + (until - now).total_seconds())
            host.closed_until = max(host.closed_until or until, until)
        if (host.asked, host.closed_until) != (state.asked, state.closed_until):
            self._mark(state.host)

    def new_run(self) -> None:
        """Hosts that were silent may be asked again."""
        for host in list(self._hosts.values()):
            host.failures = 0

    def changed(self) -> list[HostState]:
        """States that changed since the last call; none where they are kept with the turns."""
        if self._turns is not None:
            return []
        with self._guard:
            keys, self._changed = self._changed, set()
            return [HostState(key, self._hosts[key].asked, self._hosts[key].closed_until) for key in keys]

    # --- among several workers ---------------------------------------------------------------------------------------

    @contextmanager
    def _among(self, key: str, host: _Host) -> Iterator[None]:
        """The turn at the host among all workers, and what they know of it; who may not be asked is not waited for."""
        if self._turns is None:
            yield
            return
        while (standing := self._turns.take(key)) is None:
            self._sleep(ANOTHER)
            self._refuse(key, host)
        try:
            now = self._clock()
            if standing.asked is not None:
                host.began = max(-math.inf if host.began is None else host.began, now - standing.asked)
            host.closed = max(host.closed, now + standing.closed)
            yield
        finally:
            self._turns.give_back(key, host.closed - self._clock())

    # --- parts -------------------------------------------------------------------------------------------------------

    def _refuse(self, key: str, host: _Host) -> None:
        wait = host.closed - self._clock()
        if wait > 0:
            raise HttpStatus(
                f"{key} asked for a pause of {span(timedelta(seconds=wait))} more; it is not asked again before that",
                status=429,
                retry_after=wait,
            )
        if host.failures >= SILENT:
            raise HostSilent(
                f"{key} did not answer {host.failures} times in a row ({host.trouble}); it is not asked again in this "
                "run. Check its address if this goes on"
            )

    def _host(self, key: str) -> _Host:
        host = self._hosts.get(key)
        if host is None:
            with self._guard:
                host = self._hosts.setdefault(key, _Host())
        return host

    def _mark(self, key: str) -> None:
        with self._guard:
            self._changed.add(key)
