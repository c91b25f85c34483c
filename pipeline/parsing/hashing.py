"""Hashes of words as the parser's tables were trained with them: MurmurHash2 (64 bits) of a word's text, and the four
row numbers that MurmurHash3 gives such a hash in a table (Austin Appleby, public domain)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_ALL = (1 << 64) - 1
_TWO = 0xC6A4A7935BD1E995


@lru_cache(maxsize=65536)
def text_hash(text: str) -> int:
    """MurmurHash64A of the UTF-8 text, seed 1; 0 for the empty text."""
    data = text.encode("utf-8", "surrogatepass")
    if not data:
        return 0
    found = 1 ^ (len(data) * _TWO & _ALL)
    whole = len(data) // 8 * 8
    for start in range(0, whole, 8):
        part = int.from_bytes(data[start : start + 8], "little") * _TWO & _ALL
        part = (part ^ part >> 47) * _TWO & _ALL
        found = (found ^ part) * _TWO & _ALL
    if whole < len(data):
        found = (found ^ int.from_bytes(data[whole:], "little")) * _TWO & _ALL
    found = (found ^ found >> 47) * _TWO & _ALL
    return found ^ found >> 47


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    shift = np.uint64(33)
    value = (value ^ (value >> shift)) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> shift)) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> shift)


def rows(hashes: NDArray[np.uint64], seed: int, size: int) -> NDArray[np.int64]:
    """(n,) hashes -> (n, 4) row numbers of a table of `size` rows: MurmurHash3 x86_128 of eight bytes, by `seed`."""
    first = hashes * np.uint64(0x87C37B91114253D5)
    first = (first << np.uint64(31)) | (first >> np.uint64(33))
    first = (first * np.uint64(0x4CF5AD432745937F)) ^ np.uint64(seed) ^ np.uint64(8)
    second = np.full_like(first, seed ^ 8)
    first = first + second
    second = second + first
    first, second = _mixed(first), _mixed(second)
    first = first + second
    second = second + first
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    four = np.stack((first & low, first >> high, second & low, second >> high), axis=1)
    return (four % np.uint64(size)).astype(np.int64)
