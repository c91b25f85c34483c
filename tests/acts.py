"""Tasks for engines: each does what its name says, in whatever process it finds itself."""

from __future__ import annotations

import inspect
import os
import signal
import time

from pipeline.errors import HttpStatus, ParseError

MIB = 1024 * 1024


def act(order: str) -> object:
    """One task: what it does is its name."""
    verb, _, rest = order.partition(" ")
    if verb == "status":
        raise HttpStatus("gone", status=410)  # cannot be unpickled by the default rules
    if verb == "raise":
        raise ParseError("no feed in it")
    if verb == "sleep":
        time.sleep(float(rest))
    elif verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "lock":  # killed at the worst moment: while it holds the lock of the pipe that all workers share
        frame = inspect.currentframe()
        while frame is not None and "channel" not in frame.f_locals:
            frame = frame.f_back
        assert frame is not None
        assert frame.f_locals["channel"].mutex.acquire()
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "exit":
        os._exit(3)
    elif verb == "eat":
        return len(bytearray(int(rest) * MIB))
    elif verb == "burn":
        while True:
            pass
    elif verb == "unpicklable":
        return lambda: None
    elif verb == "pid":
        return os.getpid()
    return order.upper()
