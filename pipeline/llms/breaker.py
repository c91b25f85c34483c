"""A model that is left alone once it fails again and again: the circuit breaker (Nygard, "Release It!", 2007).

After FAILURES failures in a row that are the server's, calls fail at once for COOLDOWN seconds; then one call tries it.
A key that the server does not accept opens the circuit for good: the next call would be refused alike.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pipeline.errors import ModelError
from pipeline.llms.around import Answer, Around, Load
from pipeline.protocols import LLM

__all__ = ["COOLDOWN", "FAILURES", "BreakerLLM"]

FAILURES = 5
COOLDOWN = 60.0  # seconds


class BreakerLLM(Around):
    """Closed: calls go through. Open: they fail at once. Half open: one goes through and decides."""

    def __init__(self, inner: LLM, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(inner)
        self._clock = clock
        self._failures = 0
        self._until: float | None = None  # open until then; inf: for good
        self._why = ""
        self._lock = threading.Lock()

    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        """Raises ModelError of the kind "open" where no call is made."""
        self._admit()
        try:
            answer = call()
        except ModelError as error:
            self._failed(error)
            raise
        with self._lock:
            self._failures, self._until = 0, None
        return answer

    def _admit(self) -> None:
        with self._lock:
            if self._until is None:
                return
            now = self._clock()
            if now < self._until:
                raise ModelError(f"{self.name} is not asked: {self._why}", kind="open", calls=0)
            self._until = now + COOLDOWN  # for everybody else, until this call has decided

    def _failed(self, error: ModelError) -> None:
        with self._lock:
            if error.kind == "key":
                self._until, self._why = float("inf"), "the server does not accept the key"
            elif error.passing:
                self._failures += 1
                if self._failures >= FAILURES:
                    self._until = self._clock() + COOLDOWN
                    self._why = f"it failed {self._failures} times in a row"
            else:  # it answered, if badly: the server is there
                self._failures, self._until = 0, None
