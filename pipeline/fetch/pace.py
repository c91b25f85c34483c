"""One connection and one request at a time to a host, and a pause between two of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pacer:
    """Hands out turns per host. `clock` and `sleep` are injected so that tests need not wait."""

    def __init__(
        self,
        pause: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause, self._clock, self._sleep = pause, clock, sleep
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._next: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._closed: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Hold `host` for one request, after the pause since the last one began."""
        with self._lock(host):
            wait = self._next.get(host, 0.0) - self._clock()
            if wait > 0:
                self._sleep(wait)
            self._next[host] = self._clock() + max(self._pause, self._pauses.get(host, 0.0))
            yield

    def slow_down(self, host: str, pause: float) -> None:
        """From now on leave at least `pause` seconds between requests to `host` (its Crawl-delay)."""
        self._pauses[host] = max(self._pauses.get(host, 0.0), pause)

    def close(self, host: str, seconds: float) -> None:
        """No request to `host` for `seconds`: it said so with Retry-After."""
        self._closed[host] = max(self._closed.get(host, 0.0), self._clock() + seconds)

    def closed_for(self, host: str) -> float:
        """Seconds until `host` may be asked again; 0 when it may be asked now."""
        return max(0.0, self._closed.get(host, 0.0) - self._clock())

    def _lock(self, host: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(host, threading.Lock())
