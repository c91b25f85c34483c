"""spill: what is large lies in a file without a name, and is held where no file has the room."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import spill


@pytest.mark.parametrize("reserving", [True, False])
def test_a_large_array_lies_in_a_file_that_nobody_sees(
    reserving: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "LARGE", 100)
    monkeypatch.setattr(spill, "_BLOCK", 7)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if not reserving:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    small, large = spill.zeros((25,), np.float32), spill.zeros((13, 3), np.float32)
    assert not isinstance(small, np.memmap)
    assert isinstance(large, np.memmap)
    assert not large.any()
    large[12] = [1.0, 2.0, 3.0]
    assert large[[0, 12]].tolist() == [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]]
    assert list(tmp_path.iterdir()) == []


def test_where_no_file_has_the_room_the_array_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(spill, "LARGE", 100)
    monkeypatch.setattr(spill, "_reserve", full)
    found = spill.zeros((100, 2), np.float64)
    assert not isinstance(found, np.memmap)
    assert (found.shape, found.dtype, found.any()) == ((100, 2), np.float64, False)


def test_an_array_of_nothing_is_one() -> None:
    assert spill.zeros((0, 8), np.float32).shape == (0, 8)


@given(st.lists(st.binary(max_size=40)), st.integers(0, 64))
def test_what_was_put_away_is_read_as_it_was(runs: list[bytes], pile: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "PILE", pile)
        heap = spill.Heap()
        pieces = [heap.put(run) for run in runs]
    for run, piece in zip(runs, pieces, strict=True):
        assert (piece.read(), len(piece)) == (run, len(run))
        assert piece.read(3) == run[3:], "a piece ends where it ends"
        assert piece.read(2, 5) == run[2:7]


def test_a_heap_lies_in_a_file_that_nobody_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "PILE", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    wrote: list[int] = []
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, raw, at: wrote.append(at) or real(file, raw[:7], at))
    heap = spill.Heap()
    pieces = [heap.put(bytes([number]) * 10) for number in range(25)]
    assert wrote[0] == 0
    assert wrote[-1] == 198, "a write that does only part goes on"
    assert [piece.read() for piece in pieces] == [bytes([number]) * 10 for number in range(25)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("from_", [0, 1])
def test_where_a_file_has_no_room_a_heap_is_held(from_: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    real = os.pwrite

    def full(file: int, raw: bytes, at: int) -> int:
        tries.append(at)
        if len(tries) > from_:
            raise OSError(errno.ENOSPC, "no room")
        return real(file, raw, at)

    monkeypatch.setattr(spill, "PILE", 20)
    monkeypatch.setattr(os, "pwrite", full)
    heap = spill.Heap()
    pieces = [heap.put(bytes([number]) * 10) for number in range(20)]
    assert [piece.read() for piece in pieces] == [bytes([number]) * 10 for number in range(20)]
    assert len(tries) == from_ + 1, "it is not tried again and again"


def test_a_file_that_was_cut_off_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "PILE", 10)
    heap = spill.Heap()
    piece = heap.put(b"0123456789")
    heap.put(b"more")
    assert heap._file is not None
    heap._file.truncate(4)
    with pytest.raises(OSError, match="4 of 10 bytes"):
        piece.read()
