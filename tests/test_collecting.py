"""collecting: whoever asks for few looks for garbage leaves the collector as it was."""

from __future__ import annotations

import gc

import pytest

from pipeline.collecting import paused, unhurried


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
