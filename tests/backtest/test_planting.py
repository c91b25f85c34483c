"""What is planted is what was asked for, and nothing else moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.backtest import planting
from pipeline.backtest.planting import DAY, Family, Shape, Spell

HOURS = 28 * DAY


@given(rate=st.floats(0.02, 20), day=st.floats(0, 0.9), week=st.floats(0, 0.7), peaks=st.integers(1, 2))
def test_seasons_leave_the_mean_rate_alone(rate, day, week, peaks):
    found = planting.expected(Shape(rate, day=day, week=week, peaks=peaks), HOURS)
    assert found.mean() == pytest.approx(rate)
    assert (found >= 0).all()


@given(family=st.sampled_from(Family), seed=st.integers(0, 2**32 - 1))
def test_a_shape_is_quiet_where_measuring_begins(family, seed):
    """Bursts and births lie before the measured nights."""
    calm = 30 * DAY
    made = planting.shape(np.random.default_rng(seed), family, rate=1.0, hours=44 * DAY, calm=calm)
    assert all(burst.end < calm for burst in made.bursts)
    assert made.born <= calm - 4 * DAY


@pytest.mark.parametrize("lognormal", [False, True])
def test_noise_has_mean_one_and_the_variance_asked_for(lognormal):
    rng = np.random.default_rng(5)
    factor = planting.noisy(Shape(1.0, noise=0.5, lognormal=lognormal), np.ones(200_000), rng)
    assert factor.mean() == pytest.approx(1.0, abs=0.02)
    assert factor.var() == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize("size", planting.SIZES)
def test_a_planted_change_multiplies_its_hours_and_no_others(size):
    change = Spell(10_000, 30_000, size)
    plain = planting.draw(Shape(0.5), 40_000, np.random.default_rng(3))
    changed = planting.draw(Shape(0.5), 40_000, np.random.default_rng(3), change)
    assert (plain[:10_000] == changed[:10_000]).all()
    assert (plain[30_000:] == changed[30_000:]).all()
    assert changed[10_000:30_000].mean() / plain[10_000:30_000].mean() == pytest.approx(size, rel=0.05)


def test_nothing_comes_before_birth():
    counts = planting.draw(Shape(5.0, born=100), 200, np.random.default_rng(1))
    assert counts[:100].sum() == 0
    assert counts[100:].sum() > 300


def test_every_second_series_changes():
    spans = planting.changes(np.random.default_rng(1), 11, sizes=(3.0,), first=100, last=200)
    assert [span is not None for span in spans] == [n % 2 == 1 for n in range(11)]
    assert all(100 <= span.begin < 200 and span.end - span.begin in planting.LENGTHS for span in spans if span)
