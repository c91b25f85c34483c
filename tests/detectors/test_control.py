"""The rate of false signals is kept over all subjects of a night, and shared among the kinds that are on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.control import TESTED, level, passed
from pipeline.settings import SignalSettings

CHANCES = st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=40).map(np.array)


def test_the_kinds_that_are_on_share_the_rate_by_their_parts() -> None:
    shipped, every = SignalSettings(quiet_nights=50), SignalSettings(quiet_nights=50, off=())
    for some in (shipped, every):
        assert sum(level(some, kind) for kind in TESTED) == pytest.approx(1 / 50)
        assert level(some, *TESTED) == pytest.approx(1 / 50)
    assert level(shipped, "divergence") == 0
    assert level(shipped, "velocity") == 3 * level(shipped, "cross_beat") == pytest.approx(3 / 13 / 50)


def test_quiet_nights_fire_as_seldom_as_is_set() -> None:
    rng = np.random.default_rng(7)
    fired = sum(passed(rng.random(300), 0.05).fires.any() for _ in range(2000))
    assert 60 <= fired <= 140  # 100 expected, standard deviation 9.7


@given(CHANCES, st.floats(0.001, 0.2))
def test_what_fires_is_below_its_bar_and_what_does_not_is_above(chances: np.ndarray, rate: float) -> None:
    found = passed(chances, rate)
    assert (chances[found.fires] <= found.bar[found.fires] * (1 + 1e-9)).all()
    assert (chances[~found.fires] > found.bar[~found.fires] * (1 - 1e-9)).all()


@given(CHANCES, st.data())
def test_a_smaller_chance_never_fires_less(chances: np.ndarray, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chances) - 1))
    less = chances.copy()
    less[at] /= 10
    before, after = passed(chances, 0.05), passed(less, 0.05)
    assert (after.fires >= before.fires).all()
    assert (after.bar >= before.bar).all()


def test_weights_spend_the_rate_where_more_is_expected() -> None:
    chances = np.array([2e-4, 2e-4, 0.5, 0.5])
    even = passed(chances, 0.0003)
    heavy = passed(chances, 0.0003, np.array([10.0, 0.1, 1.0, 1.0]))
    assert not even.fires.any()
    assert heavy.fires.tolist() == [True, False, False, False]


def test_nothing_tested_fires_nothing() -> None:
    assert not passed(np.zeros(0), 0.1).fires.any()
