"""Confidence is a share, rises with the evidence, and is shipped for every kind that was measured."""

import math

import pytest
from factories import make_signal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors import confidence
from pipeline.detectors.confidence import SHIPPED, Curve

curves = st.builds(
    Curve,
    intercept=st.floats(-30, 30),
    slope=st.floats(0, 30),
    low=st.floats(0, 0.5),
    high=st.floats(0.5, 1),
    base=st.just(0.04),
    fitted=st.just(100),
)


@given(curves, st.floats(0, 12), st.floats(0, 12))
def test_more_evidence_never_lowers_confidence(curve, a, b):
    weak, strong = sorted((a, b))
    assert 0 <= curve.low <= curve.at(weak) <= curve.at(strong) <= curve.high <= 1


@given(st.floats(1e-320, 1.0))
def test_strength_of_a_chance_is_its_exponent(chance):
    found = confidence.strength(make_signal(chance=chance))
    assert found == pytest.approx(min(12.0, -math.log10(max(chance, 1e-300))))
    assert 0 <= found <= confidence.STRONGEST


def test_without_a_chance_strength_is_how_far_the_score_passes_its_threshold():
    assert confidence.strength(make_signal(score=8.0, threshold=2.0)) == 2.0
    assert confidence.strength(make_signal(score=1.0, threshold=2.0)) == 0.0
    assert confidence.strength(make_signal(score=0.0, threshold=2.0)) == 0.0


def test_a_kind_without_a_curve_has_no_confidence():
    assert confidence.confidence(make_signal(kind="of my own")) is None


@pytest.mark.parametrize("kind", sorted(SHIPPED))
def test_every_shipped_curve_is_usable_and_says_what_it_rests_on(kind):
    curve = SHIPPED[kind]
    assert 0 <= curve.low < curve.high < 1
    assert curve.slope >= 0
    assert curve.fitted >= 30, "fitted on too few signals"
    assert 0 < curve.base < 1
    assert curve.at(confidence.STRONGEST) > 0.5
