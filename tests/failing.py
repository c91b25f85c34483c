"""Every operation of a command on its store and its files, as a point at which something can be made to happen.

`watched(root, hook)` calls `hook(name)` before each: statements and commits of SQLite, and below `root` every opening,
write, synchronisation, rename, link, removal and making of a folder. The hook may note the name, kill the process or
raise what a disk raises. It is set in a forked child, or undone at the end of the block. Reads of what SQLite does
below its own statements are out of reach here (tests/test_full_disks.py has a real full disk for that).
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

Hook = Callable[[str], None]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_SQL = re.compile(r"\s*(\w+)(?:\s+(?:OR \w+ )?(?:INTO|FROM|TABLE|VIRTUAL TABLE)?\s*\"?(\w+))?", re.I)
_OF_TABLES = frozenset("INSERT DELETE UPDATE REPLACE CREATE ALTER DROP".split())
_NAMES = (
    (re.compile(r"\d{4}-\d\d-\d\d-00000000\.tmp"), "DRAFT"),
    (re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{8}"), "RELEASE"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z"), "RUN"),
    (re.compile(r"\.(new|making)-\w+"), r".\1"),
    (re.compile(r"DRAFT/(?!manifest).+"), "DRAFT/PAGE"),
    (re.compile(r"RELEASE/(?!manifest).+"), "RELEASE/PAGE"),
)


@dataclass
class FailAt:
    """Raises what `fault` makes of a name, at the operation with the number `at`; or at that one and all after it."""

    at: int
    fault: Callable[[str], Exception]
    lasting: bool = False
    passed: int = 0
    name: str = ""  # of the operation that failed first

    def __call__(self, name: str) -> None:
        self.passed += 1
        if self.passed == self.at or (self.lasting and self.passed > self.at):
            self.name = self.name or name
            raise self.fault(name)


def full(name: str) -> Exception:
    """No space is left, as SQLite says it or the system."""
    return _sqlite("database or disk is full", "SQLITE_FULL") if _is_sql(name) else _system(errno.ENOSPC, name)


def broken(name: str) -> Exception:
    """The disk fails."""
    return _sqlite("disk I/O error", "SQLITE_IOERR_WRITE") if _is_sql(name) else _system(errno.EIO, name)


def _is_sql(name: str) -> bool:
    return name.startswith("sql ")


def _system(number: int, name: str) -> OSError:
    return OSError(number, os.strerror(number), name)


def _sqlite(text: str, name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


@contextmanager
def watched(root: Path, hook: Hook, *, reads: bool = False) -> Iterator[None]:
    """Call `hook` before every operation on stores, and on files below `root`; with `reads`, on opening for reading."""
    watch = _Watch(os.path.realpath(root), hook, reads)
    with ExitStack() as stack:
        for name, patch in watch.patches().items():
            stack.enter_context(mock.patch.object(os, name, patch))
        stack.enter_context(mock.patch.object(builtins, "open", watch.open))
        stack.enter_context(mock.patch.object(io, "open", watch.open))
        stack.enter_context(mock.patch.object(sqlite3, "connect", watch.connect))
        yield


class _Watch:
    """The seams that `watched` sets."""

    def __init__(self, root: str, hook: Hook, reads: bool) -> None:
        self.root, self.hook, self.reads = root, hook, reads
        self.files: dict[int, str] = {}  # descriptor -> name

    def label(self, path: Any) -> str:
        """How a path below the root is named; empty for any other."""
        if isinstance(path, int):
            return self.files.get(path, "")
        place = os.path.abspath(os.fsdecode(path))
        place = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
        if not place.startswith(self.root + os.sep):
            return ""
        name = place[len(self.root) + 1 :]
        for pattern, word in _NAMES:
            name = pattern.sub(word, name)
        return name

    def tell(self, what: str, path: Any) -> None:
        """Call the hook where the path is below the root."""
        if name := self.label(path):
            self.hook(f"{what} {name}")

    def patches(self) -> dict[str, Any]:
        """What takes the place of functions of `os`."""
        found: dict[str, Any] = {"open": self._os_open(os.open), "close": self._os_close(os.close)}
        for name in ("write", "pwrite", "ftruncate", "fsync", "mkdir", "rmdir", "unlink", "remove"):
            found[name] = self._first(name, getattr(os, name))
        for name in ("rename", "replace", "link", "symlink"):
            found[name] = self._second(name, getattr(os, name))
        real = os.sync

        def sync() -> None:
            self.hook("sync .")
            real()

        return {**found, "sync": sync}

    def _first(self, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **named: Any) -> Any:
            if named.get("dir_fd") is not None:  # of shutil.rmtree, which walks by descriptors
                if folder := self.files.get(named["dir_fd"], ""):
                    self.hook(f"{what} {folder}/...")
            else:
                self.tell(what, path)
            return real(path, *rest, **named)

        return call

    def _second(self, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(source: Any, target: Any, *rest: Any, **named: Any) -> Any:
            self.tell(what, target)
            return real(source, target, *rest, **named)

        return call

    def _os_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            folder = named.get("dir_fd")
            name = self.label(path) if folder is None else self.files.get(folder, "")
            if name and (flags & _WRITING or self.reads):
                self.hook(f"open {name}")
            opened = real(path, flags, *rest, **named)
            if name:
                self.files[opened] = name
            return opened

        return call

    def _os_close(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(file: int) -> None:
            self.files.pop(file, None)
            real(file)

        return call

    def open(self, file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        """In the place of `open`: opening and every write to a file below the root is an operation."""
        name = self.label(file)
        writing = set(mode) & set("wax+")
        if name and (writing or self.reads) and not isinstance(file, int):
            self.hook(f"open {name}")
        opened = _OPEN(file, mode, *rest, **named)
        return _File(opened, lambda: self.hook(f"write {name}")) if name and writing else opened

    def connect(self, *rest: Any, **named: Any) -> sqlite3.Connection:
        """In the place of `sqlite3.connect`: every statement and commit is an operation."""
        hook = self.hook

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *more: Any) -> Any:
                hook(_said(sql))
                return super().execute(sql, *more)

            def executemany(self, sql: str, *more: Any) -> Any:
                hook(_said(sql))
                return super().executemany(sql, *more)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, sql: str, *more: Any) -> Any:
                hook(_said(sql))
                return super().execute(sql, *more)

            def commit(self) -> None:
                if self.in_transaction:
                    hook("sql COMMIT")
                super().commit()

        return _CONNECT(*rest, **{**named, "factory": Connection})


class _File:
    """A file whose writes are told; all else is the file's own."""

    def __init__(self, file: Any, told: Callable[[], None]) -> None:
        self._file, self._told = file, told

    def write(self, *data: Any) -> Any:
        self._told()
        return self._file.write(*data)

    def __enter__(self) -> _File:
        self._file.__enter__()
        return self

    def __exit__(self, *why: Any) -> Any:
        return self._file.__exit__(*why)

    def __iter__(self) -> Any:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _said(sql: str) -> str:
    """A statement as a point is called: its verb and its table."""
    found = _SQL.match(sql)
    verb, table = (found[1].upper(), found[2] or "") if found else ("?", "")
    return f"sql {verb} {table if verb in _OF_TABLES else ''}".strip()


_OPEN, _CONNECT = builtins.open, sqlite3.connect
