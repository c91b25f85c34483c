"""Being told to stop: SIGTERM (cron, systemd, a shutdown) and SIGHUP (a closed terminal) end a command as Ctrl-C does.

The transaction under way is rolled back, worker processes are ended, locks are let go, and the exit code says which
signal it was (128 + its number, as shells have it). A second signal of the kind kills at once; so does time, where
something does not end by itself. What SIGKILL leaves is made up for by the next run, and so is what this leaves.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 8.0  # seconds from the signal to the end, whatever happens: init systems kill after ten
_KINDS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """Somebody asked this process to end; `code` is what it ends with."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name, self.code = signal.Signals(number).name, 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the block where a signal asks for it; what is ignored (nohup) stays ignored."""
    if threading.current_thread() is not threading.main_thread():  # which alone may set handlers
        yield
        return
    before = {kind: signal.getsignal(kind) for kind in _KINDS}
    for kind, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(kind, _stop)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler or signal.SIG_DFL)


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    end = threading.Timer(PATIENCE, os._exit, [128 + number])
    end.daemon = True
    end.start()
    raise Stopped(number)
