"""Processes for work that may hang, crash or eat memory: parsing what strangers wrote.

Fits `protocols.Engine`. One task at a time in a process; a task over its wall-clock time, its CPU time or its memory
loses its own process and nothing else. Processes are recycled, and started only when there is something to do.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from types import TracebackType
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.protocols import Outcome

try:
    import resource
except ImportError:  # a system without limits: wall-clock time alone ends a task
    resource = None  # type: ignore[assignment]

T = TypeVar("T")
R = TypeVar("R")

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
RECYCLE_AFTER = 500
WALL_SECONDS = 30.0
PRELOAD = ("feedparser", "lxml.html", "trafilatura", "pipeline.extract")


class Workers:
    """A pool of `count` killable processes. `memory` bounds the address space that each may add to its start."""

    def __init__(self, count: int = 2, *, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY_BYTES) -> None:
        self._count, self._cpu, self._memory = count, cpu_seconds, memory
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def map(self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None) -> Iterable[Outcome]:
        """`function` (of a module) over `items`, in their order. A task that fails gives an Outcome with `error`.

        May be called from several threads at once.
        """
        if not items:
            return []
        pool = self._ready()
        limit = timeout or WALL_SECONDS
        tasks = [pool.schedule(_limited, args=(function, item, self._cpu), timeout=limit) for item in items]
        return [_outcome(task, limit) for task in tasks]

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self) -> ProcessPool:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._count,
                    max_tasks=RECYCLE_AFTER,
                    initializer=_confine,
                    initargs=(self._memory,),
                    context=_context(),
                )
            return self._pool


def _context() -> Any:
    """A clean parent for the processes: never a fork of this one, with its threads and its open database."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    return context


def _confine(memory: int) -> None:
    """Bound the address space of this process, where the system can."""
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Bytes of address space in use now: libraries count, and some reserve much more than they touch."""
    try:
        with open("/proc/self/statm", encoding="ascii") as facts:
            return int(facts.read().split()[0]) * 4096
    except (OSError, ValueError):
        return 1 << 30


def _limited(function: Callable[[T], R], item: T, cpu_seconds: int) -> R:
    """Run one task under a CPU limit of its own; the limit of the system counts the whole life of the process."""
    if resource is None:
        return function(item)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = spent + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    return function(item)


def _outcome(task: Any, limit: float) -> Outcome:
    try:
        return Outcome(task.result())
    except FutureTimeout:
        return Outcome(error=f"the parser was stopped after {limit:g} s")
    except ProcessExpired as error:
        return Outcome(error=f"the parser's process died (exit code {error.exitcode})")
    except MemoryError:
        return Outcome(error="the parser needed more memory than it may have")
    except Exception as error:  # whatever a parser raises on hostile input is that input's failure, not ours
        text = str(error)
        return Outcome(error=text if text else type(error).__name__)
