"""The run lock: one night at a time, held by the kernel, so that death releases it and nothing stale can block.

flock(2) on a file that stays. What the file says (who, since when) is for the message only; the lock is the truth.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pipeline.errors import AlreadyRunning, StoreError


class RunLock:
    """Context manager that holds the lock at `path`, whose folder is made when missing.

    `shared` ones are held side by side. Raises AlreadyRunning at once, naming process and start of the holder;
    StoreError when the file cannot be opened.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path, self._how = path, fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._file: int | None = None

    def __enter__(self) -> RunLock:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise StoreError(f"cannot open the lock {self.path}: {error.strerror}; check the folder's owner") from error
        try:
            fcntl.flock(file, self._how | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(file)
            os.close(file)
            raise AlreadyRunning(
                f"another run holds {self.path}{holder}; this one stops and has changed nothing; wait for it to end"
            ) from None
        except OSError as error:
            os.close(file)
            raise StoreError(f"this file system cannot lock {self.path}: {error.strerror}; use a local disk") from error
        note = {"pid": os.getpid(), "started": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        with suppress(OSError):  # for the message to a second run alone: a full disk must not keep the first away
            os.ftruncate(file, 0)
            os.pwrite(file, json.dumps(note).encode(), 0)
        self._file = file
        _held.add(file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            _held.discard(self._file)
            with suppress(OSError):
                os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def looked_at(path: Path) -> tuple[bool, str]:
    """Whether a process holds the lock at `path`, and what the file says of the last who did.

    The kernel's own list is read where there is one (proc(5), /proc/locks), for to try the lock is to hold it.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False, ""
    try:
        place, note = f":{os.fstat(file).st_ino} ", _holder(file)
        try:
            listed = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        except OSError:
            return _tried(file), note
        return any("FLOCK" in line and place in line for line in listed), note
    finally:
        os.close(file)


def _tried(file: int) -> bool:
    """Whether a shared lock is refused; held for no longer than it takes to close `file`."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _holder(file: int) -> str:
    """Who holds the lock, as far as the file tells: it may be read before its holder has written."""
    try:
        note = json.loads(os.pread(file, 4096, 0))
        return f" (process {int(note['pid'])}, started {str(note['started'])[:20]})"
    except (ValueError, KeyError, TypeError):
        return ""


_held: set[int] = set()


def _drop_in_child() -> None:
    """A forked worker shares its parent's lock and would keep it beyond the parent's death: close its copy."""
    for file in _held:
        os.close(file)
    _held.clear()


os.register_at_fork(after_in_child=_drop_in_child)
