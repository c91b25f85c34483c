"""Waiting for many machines at once, in threads that nobody has to wait for: an interrupted night ends at once."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

R = TypeVar("R")


class Lanes(Generic[R]):
    """Jobs in lanes: one at a time and in order within a lane, lanes side by side, at most `most` of them at once.

    A lane that has had its turn goes to the end of the queue, so that a long one holds nobody up. The owner puts jobs
    and takes results; both may go on while jobs run. The threads are daemons and are left alone by `stop`, which a
    pool of the standard library would not allow: it waits for every reply that is still under way.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: dict[str, deque[Callable[[], R]]] = {}  # of lanes that wait or are busy
        self._ready: deque[str] = deque()
        self._done: queue.SimpleQueue[R | BaseException] = queue.SimpleQueue()
        self._turn = threading.Condition()
        self._threads = self._idle = self._under_way = 0
        self._open = True

    @property
    def under_way(self) -> int:
        """Jobs whose results were not taken yet."""
        return self._under_way

    def put(self, lane: str, job: Callable[[], R]) -> None:
        """Run `job` when the jobs put into `lane` before have ended."""
        self._under_way += 1
        with self._turn:
            if lane in self._jobs:
                self._jobs[lane].append(job)
                return
            self._jobs[lane] = deque([job])
            self._ready.append(lane)
            if len(self._ready) > self._idle and self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, daemon=True).start()
            self._turn.notify()

    def take(self, timeout: float) -> R | None:
        """The next result, None when there is none within `timeout` seconds. Raises what its job raised."""
        try:
            result = self._done.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None
        self._under_way -= 1
        if isinstance(result, BaseException):
            raise result
        return result

    def stop(self) -> None:
        """Begin no further job. What is under way is left to itself, and its results are not looked at."""
        with self._turn:
            self._open = False
            self._turn.notify_all()

    def _work(self) -> None:
        while (lane := self._next()) is not None:
            job = self._jobs[lane].popleft()
            try:
                self._done.put(job())
            except BaseException as error:
                self._done.put(error)
            with self._turn:
                if self._jobs[lane]:
                    self._ready.append(lane)
                    self._turn.notify()
                else:
                    del self._jobs[lane]

    def _next(self) -> str | None:
        """The lane whose turn it is, waited for; None when there will be no more."""
        with self._turn:
            self._idle += 1
            self._turn.wait_for(lambda: self._ready or not self._open)
            self._idle -= 1
            return self._ready.popleft() if self._open else None
