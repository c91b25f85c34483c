"""What was sent to whom: one line of JSON an event, appended and synchronised, in a file that only this user can read.

A sending is entered before it begins and again when it ended. So a process that dies in between leaves a sending of
which nobody knows whether it arrived. Such a one is never repeated by itself: nobody is told twice, at the price that a
kill in these seconds may leave somebody untold until a person says "again" (at most once, not at least once).
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.serial import iso


class State(StrEnum):
    """What is known of a message and a target."""

    NEW = "new"  # never tried
    BEGUN = "begun"  # the process died while it was sent: it may have arrived
    UNSURE = "unsure"  # the other side broke off or was silent: it may have arrived
    FAILED = "failed"  # it has surely not arrived
    SENT = "sent"


class Ledger:
    """The file at `path`, whose folder is made when missing. Raises StoreError where it cannot be read or written.

    One process at a time: the caller holds a lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._read()

    def state(self, key: str, target: str) -> State:
        """What is known of message `key` and a target."""
        return self._known.get((key, target), State.NEW)

    def enter(self, key: str, target: str, state: State, at: datetime) -> None:
        """Append what is known now; it is on the disk when this returns."""
        entry = json.dumps({"at": iso(at), "message": key, "state": state.value, "target": target}, sort_keys=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                size = os.fstat(file).st_size
                torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"  # a line that a kill cut off
                os.write(file, (b"\n" if torn else b"") + entry.encode() + b"\n")
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise StoreError(f"{self._path} cannot be written ({error.strerror}); nothing more was sent") from error
        self._known[key, target] = state

    def _read(self) -> dict[tuple[str, str], State]:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{self._path} cannot be read ({error.strerror}); nothing was sent") from error
        known: dict[tuple[str, str], State] = {}
        for line in lines:
            try:
                entry = json.loads(line)
                known[str(entry["message"]), str(entry["target"])] = State(entry["state"])
            except (ValueError, KeyError, TypeError):
                continue  # cut off by a kill before anything was sent: a sending begins when its line is whole
        return known
