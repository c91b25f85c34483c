"""Scores against cases that can be counted by hand."""

import math
from datetime import timedelta

import pytest
from factories import NOW, make_signal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.backtest import scoring
from pipeline.backtest.scoring import Change, Share

HOUR = timedelta(hours=1)


def change(subject="a", kind="velocity", size=3.0, begin=-10, hours=24):
    return Change(kind, "storyline", subject, size, NOW + begin * HOUR, NOW + (begin + hours) * HOUR)


def fired(subject="a", kind="velocity", at=0, **more):
    end = NOW + at * HOUR
    return make_signal(subject=subject, kind=kind, window_start=end - 24 * HOUR, window_end=end, **more)


def test_a_signal_is_right_when_its_window_holds_an_hour_of_the_change():
    one = change()
    assert [j.change for j in scoring.judge([fired(at=-9), fired(at=37), fired(at=-10), fired(at=38)], [one])] == [
        one,
        one,
        None,
        None,
    ]


def test_a_signal_of_another_kind_or_subject_or_sort_is_false():
    signals = [fired(kind="novelty"), fired(subject="b"), fired(about="entity")]
    assert [j.change for j in scoring.judge(signals, [change()])] == [None, None, None]


def test_scores_are_what_can_be_counted():
    changes = [change("a"), change("b"), change("c", size=10.0)]
    signals = [fired("a", at=2), fired("a", at=12), fired("c", at=2, held="too early"), fired("x"), fired("b", at=20)]
    scores = scoring.score(scoring.judge(signals, changes), changes)
    assert (scores.precision.hits, scores.precision.of, scores.false, scores.held) == (3, 4, 1, 1)
    assert {size: (share.hits, share.of) for size, share in scores.recall.items()} == {3.0: (2, 2), 10.0: (0, 1)}
    assert scores.delays == (12.0, 30.0)
    assert scores.delay == 21.0
    assert scoring.recall(scores).value == pytest.approx(2 / 3)


def test_nothing_found_has_no_delay_and_no_precision():
    scores = scoring.score((), [change()])
    assert math.isnan(scores.delay)
    assert math.isnan(scores.precision.value)
    assert scores.precision.interval == (0.0, 1.0)


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_share_lies_in_its_interval(hits, more):
    share = Share(hits, hits + more)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


def test_calibration_error_by_hand():
    pairs = [(0.95, True)] * 8 + [(0.95, False)] * 2 + [(0.15, False)] * 10
    assert scoring.calibration_error(pairs) == pytest.approx(0.5 * 0.15 + 0.5 * 0.15)
    assert math.isnan(scoring.calibration_error([]))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_bins_hold_every_signal_once(pairs):
    assert sum(one.of for one in scoring.bins(pairs)) == len(pairs)
    assert 0 <= scoring.calibration_error(pairs) <= 1
