"""Checkpoints that kill: hand one to a stage or a store to learn its checkpoint names, or to die at one of them."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field


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
