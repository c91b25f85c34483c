"""What is too large to be held lies in a temporary file, of which the system keeps in memory what is in use.

The file has no name and is gone with what lies in it. It is made where temporary files are (`TMPDIR`). The room of an
array is reserved before anything is written, for a disk that fills up under a mapped file ends the process. Where no
file has the room, what should lie in it is held in memory all the same.
"""

from __future__ import annotations

import math
import os
import tempfile
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

LARGE = 64 << 20  # bytes from which an array is not held
PILE = 8 << 20  # bytes of a heap that are held before they are written
_BLOCK = 1 << 20  # bytes that are written at a time where room cannot be reserved at once


def zeros(shape: Sequence[int], dtype: type[np.generic]) -> NDArray[Any]:
    """An array of zeros, a large one in a file."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > LARGE:
        with suppress(OSError), tempfile.TemporaryFile() as file:
            _reserve(file.fileno(), size)
            return np.memmap(file, dtype=dtype, mode="r+", shape=tuple(shape))
    return np.zeros(tuple(shape), dtype)


def _reserve(file: int, size: int) -> None:
    """Give an empty file `size` bytes of zeros that are really there. Raises OSError where they are not to be had."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    for at in range(0, size, _BLOCK):
        os.write(file, bytes(min(_BLOCK, size - at)))


class Heap:
    """Many small runs of bytes, each written once and seldom read: texts, sketches. For one thread."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._written = 0  # bytes that lie in the file; what comes after them is held
        self._held = bytearray()
        self._room = True

    def put(self, raw: bytes) -> Piece:
        """Put `raw` away; it can be read as long as what is returned lives."""
        if len(self._held) >= PILE and self._room:
            self._write()
        self._held += raw
        return Piece(self, self._written + len(self._held) - len(raw), len(raw))

    def read(self, at: int, size: int) -> bytes:
        """`size` bytes from place `at`, of one piece. Raises OSError where the file cannot be read."""
        if self._file is None or at >= self._written:
            return bytes(self._held[at - self._written : at - self._written + size])
        found = os.pread(self._file.fileno(), size, at)
        if len(found) != size:
            raise OSError(f"a temporary file gave {len(found)} of {size} bytes that were written to it")
        return found

    def _write(self) -> None:
        """Move what is held to the file, all of it or, where there is no room, none of it from now on."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the heap
                weakref.finalize(self, self._file.close)
            left, at = memoryview(self._held), self._written
            while left:
                wrote = os.pwrite(self._file.fileno(), left, at)
                left, at = left[wrote:], at + wrote
        except OSError:
            self._room = False
            return
        self._written, self._held = at, bytearray()


@dataclass(frozen=True, slots=True)
class Piece:
    """One run of bytes in a heap."""

    heap: Heap
    at: int
    size: int

    def __len__(self) -> int:
        return self.size

    def read(self, begin: int = 0, size: int | None = None) -> bytes:
        """`size` bytes from `begin`, as far as the piece goes; all that follow unless told."""
        left = max(0, self.size - begin)
        return self.heap.read(self.at + begin, left if size is None else min(size, left))
