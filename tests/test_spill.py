"""spill: a large array lies in a file without a name, and is held where no file has the room."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

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
