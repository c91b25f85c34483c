"""Tasks for engines: each does what its name says, in whatever process it finds itself."""

from __future__ import annotations

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
