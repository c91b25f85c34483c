"""meanings: what is found block by block is what one product of all rows tells."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.storylines import meanings
from pipeline.storylines.cluster import finite
from pipeline.storylines.meanings import Meanings


def rows(count: int, seed: int = 1) -> np.ndarray:
    return finite(np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32))


@pytest.mark.parametrize("block", [1, 3, 8192])
@pytest.mark.parametrize("which", [None, [9, 2, 4, 4, 0, 7, 8]])
def test_blocks_tell_what_the_whole_product_tells(
    block: int, which: list[int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "_BLOCK", block)
    table = rows(10)
    found = Meanings(table, None if which is None else np.asarray(which))
    there = table if which is None else table[which]
    asked, own, near = rows(4, seed=2), np.asarray([0, 3, 3]), np.asarray([6, 0, 5])
    first, second, values = found.cosines(asked, own, near, 0.5)
    whole = asked @ there.T
    assert (first[:3].tolist(), second[:3].tolist()) == (own.tolist(), near.tolist())
    assert values == pytest.approx(whole[first, second], abs=1e-6)
    mine = set(zip(own.tolist(), near.tolist(), strict=True))
    alike = set(zip(*(at.tolist() for at in np.nonzero(whole >= 0.5)), strict=True)) - mine
    assert alike
    assert sorted(zip(first[3:].tolist(), second[3:].tolist(), strict=True)) == sorted(alike)


def test_some_of_some_are_those_of_all() -> None:
    table = rows(10)
    some = Meanings(table).among(np.asarray([8, 3, 5])).among(np.asarray([2, 0]))
    assert len(some) == 2
    assert some[[1, 0]].tolist() == table[[8, 5]].tolist()
