"""Checkpoints that kill: hand one to a stage or a store to learn its checkpoint names, or to die at one of them."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.protocols import Checkpoint


@dataclass
class Recording:
    """Notes the names that a normal run passes, in order."""

    names: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.names.append(name)


@dataclass
class KillAt:
    """Kills this very process, as the kernel would, when `name` is passed for the `nth` time."""

    name: str
    nth: int = 1

    def __call__(self, name: str) -> None:
        if name == self.name:
            self.nth -= 1
            if self.nth == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[], object]) -> int:
    """The number of a child that does `work` and ends: with 0, or with 99 where that raises.

    A child that went on would be a second run of the tests, and whoever waits for it would wait for ever.
    """
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """How a child ended: its exit code, or less than nothing for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class StoppedError(Exception):
    """Raised by RaiseAt."""


@dataclass
class RaiseAt:
    """Raises StoppedError when `name` is passed for the `nth` time."""

    name: str
    nth: int = 1

    def __call__(self, name: str) -> None:
        if name == self.name:
            self.nth -= 1
            if self.nth == 0:
                raise StoppedError(name)


@dataclass
class SignalAt:
    """Sends this very process a signal when any name is passed for the `at`-th time."""

    at: int
    number: signal.Signals
    passed: int = 0

    def __call__(self, _: str) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), self.number)


@dataclass
class PauseAt:
    """Says so to whoever `wait`s when `name` is passed, then sleeps for some seconds."""

    name: str
    seconds: float

    def __post_init__(self) -> None:
        self._heard, self._told = os.pipe()

    def __call__(self, name: str) -> None:
        if name == self.name:
            os.write(self._told, b"x")
            time.sleep(self.seconds)

    def wait(self) -> None:
        """Until it was passed for the first time, in this process or a forked one."""
        os.read(self._heard, 1)
        os.close(self._heard)
        os.close(self._told)


@contextmanager
def hooked(hook: Checkpoint | None) -> Iterator[None]:
    """Desks that are made meanwhile pass each checkpoint to `hook` first; None changes nothing."""
    import pytest  # heavy, both: processes that are only to die import this module, too

    from pipeline import app as joining

    with pytest.MonkeyPatch.context() as patch:
        if hook is not None:
            real = joining.make_app

            def made(settings: object, *, checkpoint: Checkpoint, **more: object) -> object:
                def both(name: str) -> None:
                    hook(name)
                    checkpoint(name)

                return real(settings, checkpoint=both, **more)  # type: ignore[arg-type]

            patch.setattr(joining, "make_app", made)
        yield
