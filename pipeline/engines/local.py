"""The engine of one machine: in this process, or in worker processes of which one can be killed without the others.

Workers are started by a fork server, so they share neither threads, nor locks, nor the database with this process.
Functions and items travel pickled: functions of a module, not lambdas.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.collecting import paused, seldom
from pipeline.packing import packed
from pipeline.protocols import Outcome

T = TypeVar("T")
R = TypeVar("R")
Sealed = bytes | Outcome  # an outcome, pickled by the worker that made it or told of one that made none
_RECYCLE = 500  # tasks after which a worker is replaced, against slow leaks
_AHEAD = 8  # tasks per worker that are handed out before their turn
_STALL = 60.0  # seconds without any answer, over what a task may take, after which the workers are replaced
_TURNS = 4  # how often an item is asked whose workers broke on account of another
_LOOK = 5.0  # seconds between two looks whether that is so


@dataclass(slots=True)
class _Workers:
    """The processes that items are handed to. `moved`: when anybody last had an answer; `ended`: they have no more."""

    pool: ProcessPool
    moved: float = 0.0
    ended: bool = False
    closed: bool = False

    def note(self, _: object) -> None:
        self.moved = time.monotonic()

    def end(self) -> None:
        self.ended = True
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One item that was handed out: to whom, how it ends, and the how manieth try it is."""

    item: object
    workers: _Workers
    future: ProcessFuture[bytes]
    turn: int = 1


class LocalEngine:
    """Fits `pipeline.protocols.Engine`.

    `workers` processes, or 0 for this process, where nothing can be killed and `timeout` and the limits do not apply.
    `memory` caps the address space of a worker in bytes, `cpu` the processor seconds of one task. Modules named in
    `preload` are imported once, by the fork server of this process if it does not run yet, so that a killed worker is
    soon replaced. Threads may share an engine. `close` ends the workers; it is also a context manager.

    A worker that is killed from outside may take a lock with it that the others wait for. So where tasks have a
    `timeout` and nobody has had an answer for `stall` seconds more than that, all workers are replaced, and what they
    were asked is asked again.
    """

    def __init__(
        self,
        *,
        workers: int = 0,
        memory: int | None = None,
        cpu: int | None = None,
        preload: Sequence[str] = (),
        stall: float = _STALL,
    ) -> None:
        if workers < 0:
            raise ValueError(f"an engine has 0 or more workers, not {workers}")
        self._workers, self._memory, self._cpu, self._preload = workers, memory, cpu, list(preload)
        self._stall = stall
        self._running: _Workers | None = None
        self._starting = Lock()

    @property
    def apart(self) -> bool:
        """Whether there are worker processes."""
        return self._workers > 0

    def map(self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None) -> Iterator[Outcome]:
        """`function` over `items`, in order. A task that raises, dies or runs past `timeout` seconds is an error.

        Its outcome is `killed` where the worker died or was stopped. A task out of memory raises MemoryError.
        """
        if not self._workers:
            return (_attempt(partial(function, item)) for item in items)
        return (opened(one) for one in self.sealed(function, items, timeout=timeout))

    def sealed(
        self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None
    ) -> Iterator[Sealed]:
        """As `map` with workers, each outcome as it came from its worker, for whoever only hands it on."""
        return self._spread(function, items, timeout)

    def close(self) -> None:
        """End the workers at once; the next `map` starts new ones."""
        with self._starting:
            workers, self._running = self._running, None
        if workers is not None:
            workers.closed = True
            workers.end()

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _spread(self, function: Callable[[T], R], items: Sequence[T], timeout: float | None) -> Iterator[Sealed]:
        """Hand tasks out a few ahead, so that a long list does not wait in memory twice; give results in turn."""
        waiting: deque[_Asked] = deque()
        task = partial(_task, function, self._cpu)
        try:
            for item in items:
                waiting.append(self._asked(task, item, timeout))
                if len(waiting) >= self._workers * _AHEAD:
                    yield self._answered(task, waiting.popleft(), timeout)
            while waiting:
                yield self._answered(task, waiting.popleft(), timeout)
        finally:
            for left in waiting:  # the caller lost interest, or failed
                left.future.cancel()  # type: ignore[no-untyped-call]

    def _asked(self, task: Callable[[T], bytes], item: T, timeout: float | None, *, turn: int = 1) -> _Asked:
        """Hand out one item; the workers are replaced where they take none any more."""
        workers = self._started()
        try:
            future = workers.pool.schedule(task, args=[item], timeout=timeout)
        except RuntimeError:  # the pool broke, or another thread has ended it
            self._replace(workers)
            workers = self._started()
            future = workers.pool.schedule(task, args=[item], timeout=timeout)
        future.add_done_callback(workers.note)
        return _Asked(item, workers, future, turn)

    def _answered(self, task: Callable[[Any], bytes], asked: _Asked, timeout: float | None) -> Sealed:
        """What became of one item; it is asked again where its workers broke, stalled or were replaced meanwhile."""
        began, workers = time.monotonic(), asked.workers
        while not wait([asked.future], _LOOK).done:
            quiet = time.monotonic() - max(workers.moved, began)
            if workers.ended or (timeout is not None and quiet > timeout + self._stall):
                break
        else:
            if not isinstance(_failure(asked.future), BrokenProcessPool):
                return _received(asked.future, timeout)
        self._replace(workers)
        if workers.closed or asked.turn == _TURNS:
            return Outcome(error="its workers were ended" if workers.closed else "its workers broke again", killed=True)
        return self._answered(task, self._asked(task, asked.item, timeout, turn=asked.turn + 1), timeout)

    def _replace(self, workers: _Workers) -> None:
        """End workers that answer nobody; the next item starts new ones."""
        with self._starting:
            if self._running is not workers:
                return
            self._running = None
        workers.end()

    def _started(self) -> _Workers:
        with self._starting:
            if self._running is None:
                context: Any = multiprocessing.get_context("forkserver")
                if self._preload:
                    context.set_forkserver_preload(self._preload)
                pool = ProcessPool(self._workers, _RECYCLE, _prepare, [self._memory], context)
                self._running = _Workers(pool)
            return self._running


def _failure(future: ProcessFuture[bytes]) -> BaseException | None:
    """What a future that is done ended with."""
    return None if future.cancelled() else future.exception()


def _attempt(work: Callable[[], Any]) -> Outcome:
    """The value of `work`, or why there is none: whatever a task raises is its own outcome, never the batch's."""
    try:
        return Outcome(work())
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {error}")


def opened(sealed: Sealed) -> Outcome:
    """The outcome that a worker sent."""
    if isinstance(sealed, Outcome):
        return sealed
    try:
        with paused():  # nothing that arrives is garbage; looking for some would take as long as the arriving
            sent: Outcome = pickle.loads(sealed)  # noqa: S301 - from our own worker
    except Exception as error:  # a value that cannot be made again may not end the batch
        return Outcome(error=f"{type(error).__name__}: {error}")
    return sent


def _received(future: ProcessFuture[bytes], timeout: float | None) -> Sealed:
    """What a worker sent, or what became of it."""
    try:
        return future.result()
    except TookTooLong:
        return Outcome(error=f"stopped after {timeout:g} s" if timeout else "stopped", killed=True)
    except ProcessExpired as error:
        return Outcome(error=f"its worker process died (exit code {error.exitcode})", killed=True)
    except Exception as error:  # neither function nor item that cannot travel may end the batch
        return Outcome(error=f"{type(error).__name__}: {error}")


def _prepare(memory: int | None) -> None:
    """First act of a worker: `memory` more address space than it has now, and no core dump of what it read.

    What it has now is what the parent's main module and the preloaded ones map, which is not the task's doing. SIGTERM
    ends the worker at once, even in a parser's own code, where a handler in Python would have to wait its turn.
    """
    seldom()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        most = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as numbers:
            return int(numbers.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _task(function: Callable[[T], R], cpu: int | None, item: T) -> bytes:
    """One task inside a worker, with `cpu` more seconds of processor time than the worker has used so far.

    The outcome is pickled here, because a value or an exception that cannot travel would take the worker with it. The
    limit ends with the task: a worker that it killed while it sends its answer, or takes the next task, would take the
    lock of the pipe with it, and no other worker could be asked or stopped any more.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if cpu is not None:
        times = os.times()
        resource.setrlimit(resource.RLIMIT_CPU, (int(times.user + times.system) + cpu + 1, hard))
    try:
        outcome = _attempt(partial(function, item))
        travels = _attempt(partial(packed, outcome))
        return packed(Outcome(error=travels.error)) if travels.error else bytes(travels.value)
    finally:
        if cpu is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
