"""collecting: whoever asks for few looks for garbage leaves the collector as it was."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from pipeline.collecting import give_back, paused, unhurried


def test_work_is_done_with_fewer_looks_and_all_is_as_before() -> None:
    before = gc.get_threshold()
    assert unhurried(lambda more: (gc.get_threshold(), more), "x") != (before, "x")
    assert gc.get_threshold() == before
    with pytest.raises(ZeroDivisionError):
        unhurried(lambda: 1 // 0)
    assert gc.get_threshold() == before


@pytest.mark.parametrize("collecting", [True, False])
def test_a_pause_ends_as_it_began(collecting: bool) -> None:
    try:
        gc.enable() if collecting else gc.disable()
        with paused():
            assert not gc.isenabled()
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell how much memory is held")
def test_freed_memory_goes_back_to_the_system() -> None:
    texts = [f"{n} " * 700 for n in range(40_000)]  # some 150 MiB of texts of 4 KB
    kept = texts[::50]
    full = _held()
    del texts
    give_back()
    assert _held() < full - 60 * 2**20
    assert len(kept) == 800


def _held() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
