"""What a piece of work costs: processor time, peak memory, and a sampled profile of where the time went.

Processor time is what a busy machine cannot distort much; peak memory is reset before the work (Linux), so that one
stage does not hide behind another.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

_HERE = str(Path(__file__).resolve().parents[1]) + os.sep
_EVERY = 0.01  # seconds of processor time between two looks


@dataclass(slots=True)
class Cost:
    """Seconds of the clock and of processors (ours and our finished children's), peak resident memory in MiB."""

    seconds: float = 0.0
    processor: float = 0.0
    mib: float = 0.0
    inside: Counter[str] = field(default_factory=Counter)  # samples by function, its callees included
    own: Counter[str] = field(default_factory=Counter)  # the same without them
    samples: int = 0


@contextmanager
def measured(*, profile: bool = False) -> Iterator[Cost]:
    """The cost of what runs inside, known at the end; with a `profile` of this thread, which must be the main one.

    The profile is taken by a signal of the processor's clock (SIGPROF): a thread that looks on would be let in only
    where the interpreter lets go of its lock, and see nothing but hashing and input.
    """
    cost = Cost()
    _forget_peak()
    began, spent = time.perf_counter(), _processor()
    if profile:
        before = signal.signal(signal.SIGPROF, lambda _, frame: _look(cost, frame))
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    try:
        yield cost
    finally:
        cost.seconds, cost.processor = time.perf_counter() - began, _processor() - spent
        cost.mib = peak()
        if profile:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.signal(signal.SIGPROF, before)


def peak() -> float:
    """Peak resident memory of this process since it was last forgotten, in MiB; 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def hottest(cost: Cost, most: int = 25) -> list[str]:
    """The functions that most samples were inside, as lines: share with callees, share alone, name."""
    total = max(1, cost.samples)
    return [
        f"{count / total:6.1%} {cost.own[name] / total:6.1%}  {name}" for name, count in cost.inside.most_common(most)
    ]


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return  # another system: the peak is then that of the process so far


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _look(cost: Cost, frame: FrameType | None) -> None:
    names = list(_names(frame))
    cost.samples += 1
    cost.own[names[0]] += 1
    cost.inside.update(set(names))


def _names(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        code = frame.f_code
        yield f"{code.co_filename.removeprefix(_HERE)}:{code.co_name}"
        frame = frame.f_back
