"""The exact test of two groups of votes: it agrees with the known tests and keeps its laws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from pipeline.detectors.exact import compare

quick = settings(max_examples=30, deadline=None)
votes = st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=5)


@quick
@given(votes, votes)
def test_the_distribution_is_that_of_all_ways_to_deal_the_votes(group, rest):
    every = [*group, *rest]
    sums = [sum(some) for some in combinations(every, len(group))]
    found = compare([(group, rest)])
    for at, mass in enumerate(found.masses):
        assert mass == pytest.approx(sums.count(found.lowest + at) / len(sums), abs=1e-12)
    assert found.expected == pytest.approx(np.mean(sums))
    assert found.effect == pytest.approx(np.mean(group) - np.mean(rest))


@quick
@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9))
def test_of_two_sorts_of_votes_a_tail_is_fishers(a, b, c, d):
    group, rest = [1] * a + [0] * c, [1] * b + [0] * d
    found = compare([(group, rest)])
    at = found.total - found.lowest
    above = float(found.masses[at:].sum())
    assert above == pytest.approx(fisher_exact([[a, b], [c, d]], "greater").pvalue, abs=1e-9)
    assert found.chance == pytest.approx(min(1.0, 2 * min(above, float(found.masses[: at + 1].sum()))))


@quick
@given(st.lists(st.tuples(votes, votes), max_size=4))
def test_chances_are_chances_and_sides_mirror_each_other(strata):
    one, other = compare(strata), compare([(b, a) for a, b in strata])
    assert one.masses.sum() == pytest.approx(1.0)
    assert 0.0 <= one.chance <= 1.0
    assert other.effect == pytest.approx(-one.effect)
    assert other.chance == pytest.approx(one.chance)


def test_a_change_of_shares_between_strata_is_no_change_within():
    calm, harsh = [1] * 9 + [0], [-1] * 9 + [0]
    mixed = compare([(calm + harsh * 3, calm * 3 + harsh)])
    apart = compare([(calm, calm * 3), (harsh * 3, harsh)])
    assert mixed.chance < 1e-4
    assert apart.effect == pytest.approx(0.0)
    assert apart.chance == 1.0


def test_the_least_difference_is_the_smallest_that_fires():
    found = compare([([1] * 10, [0] * 6 + [-1] * 4)])
    least = found.least(0.01)
    assert 0 < least <= found.effect
    assert compare([([1, 1, -1], [0, 0, 1])]).least(1e-9) == pytest.approx(4 / 3)  # nothing would have fired


def test_nothing_to_compare_says_nothing():
    for strata in ([], [([], [1, 1])], [([1], [])]):
        found = compare(strata)
        assert (found.effect, found.chance) == (0.0, 1.0)


@quick
@given(votes, votes, st.integers(1, 5))
def test_equal_votes_never_differ(group, rest, n):
    assert compare([([1] * len(group), [1] * len(rest))] * n).chance == 1.0


def test_under_no_difference_it_fires_no_more_often_than_it_says():
    rng = np.random.default_rng(3)
    fired = 0
    for _ in range(400):
        dealt = rng.choice([-1, 0, 1], size=30, p=[0.3, 0.4, 0.3]).tolist()
        fired += compare([(dealt[:12], dealt[12:])]).chance <= 0.05
    assert fired <= 33  # 20 expected, 3 standard deviations at most; exact tests of counts stay below
