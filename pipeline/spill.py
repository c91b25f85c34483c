"""Arrays that are too large to be held lie in a temporary file, of which the system keeps in memory what is in use.

The file has no name and is gone with the array. It lies where temporary files do (`TMPDIR`); its room is reserved
before anything is written, for a disk that fills up under a mapped file ends the process.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGE = 64 << 20  # bytes from which an array is not held
_BLOCK = 1 << 20  # bytes that are written at a time where room cannot be reserved at once


def zeros(shape: Sequence[int], dtype: type[np.generic]) -> NDArray[Any]:
    """An array of zeros; a large one in a file, or in memory all the same where no file has the room."""
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
