"""A model that is called no faster than it may be: so many calls in any minute, so many at once."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from pipeline.llms.around import Answer, Around, Load
from pipeline.protocols import LLM

__all__ = ["PacedLLM"]

_MINUTE = 60.0


class PacedLLM(Around):
    """Waits until a call may begin. `per_minute` 0: as many as come."""

    def __init__(
        self,
        inner: LLM,
        *,
        per_minute: int,
        at_once: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(inner)
        self._per_minute, self._clock, self._sleep = per_minute, clock, sleep
        self._room = threading.BoundedSemaphore(at_once)
        self._begun: deque[float] = deque()
        self._lock = threading.Lock()

    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        with self._room:
            self._wait()
            return call()

    def _wait(self) -> None:
        """Return when fewer than `per_minute` calls have begun in the last minute, and count this one."""
        if not self._per_minute:
            return
        while True:
            with self._lock:
                now = self._clock()
                while self._begun and self._begun[0] <= now - _MINUTE:
                    self._begun.popleft()
                if len(self._begun) < self._per_minute:
                    self._begun.append(now)
                    return
                wait = self._begun[0] + _MINUTE - now
            self._sleep(wait)
