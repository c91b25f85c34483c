"""What is usual is learnt from a subject and from the desk, past bursts and hours in which nobody read left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from counted import DAYS, END, HOUR, HOURS, LENGTH, series, steady
from numpy.typing import NDArray

from pipeline.detectors.baselines import Usual, usual
from pipeline.detectors.frame import History, Series
from pipeline.detectors.season import hours_of_week, profile, season
from pipeline.domain import SourceRead


def learnt(known: Series, history: History | None = None) -> Usual:
    when, owner = season(known, history or History(), END, LENGTH, DAYS)
    return usual(known, when, owner)


def past(table: NDArray[np.int64]) -> Series:
    return series(table[:, LENGTH:])


def expected(found: Usual) -> NDArray[np.float64]:
    return found.rate * found.tonight


def test_rates_are_the_subjects_own_where_they_have_data() -> None:
    rng = np.random.default_rng(1)
    rates = np.array([0.1, 0.5, 2.0, 8.0] * 10)
    found = expected(learnt(past(rng.poisson(rates[:, None], (40, HOURS)))))
    assert found == pytest.approx(rates * LENGTH, rel=0.25)
    assert found.mean() == pytest.approx(rates.mean() * LENGTH, rel=0.04)


def test_predictions_are_right_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    chances = []
    for _ in range(20):
        table = rng.poisson(rng.lognormal(0, 1, 100)[:, None] * rng.gamma(2, 0.5, (100, HOURS)))
        found = learnt(past(table))
        chances.append(found.chance(table[:, :LENGTH].sum(axis=1), np.full(100, found.tonight)))
    flat = np.concatenate(chances)
    assert 0.07 < (flat <= 0.1).mean() < 0.13
    assert 0.004 < (flat <= 0.01).mean() < 0.016


def test_an_earlier_burst_hardly_moves_what_is_usual() -> None:
    table = steady(np.random.default_rng(3), 40)
    calm = expected(learnt(past(table)))[0]
    table[0, 240:270] += 8
    assert table[0].mean() > 1.6 * calm / LENGTH  # what a plain mean would say
    assert expected(learnt(past(table)))[0] < 1.25 * calm


def test_clumps_make_the_same_count_less_surprising() -> None:
    rng = np.random.default_rng(4)
    even = learnt(past(rng.poisson(0.5, (60, HOURS))))
    days = np.repeat(rng.gamma(2, 0.5, (60, DAYS + 1)), LENGTH, axis=1)
    clumped = learnt(past(rng.poisson(0.5 * days)))
    many, weight = np.full(60, 30), np.full(60, 24.0)
    assert clumped.clumped.mean() > 2 * even.clumped.mean()
    assert np.median(clumped.chance(many, weight)) > 30 * np.median(even.chance(many, weight))


def test_a_rise_of_the_last_two_days_does_not_hide_itself_until_it_is_told() -> None:
    table = steady(np.random.default_rng(10), 40)
    calm = learnt(past(table))
    table[0, LENGTH : 3 * LENGTH] += 2
    when, owner = season(past(table), History(), END, LENGTH, DAYS)
    hidden, told = (usual(past(table), when, owner, np.full(40, some)) for some in (False, True))
    assert expected(hidden)[0] == pytest.approx(expected(calm)[0], rel=0.02)
    assert hidden.clumped[0] == pytest.approx(calm.clumped[0], abs=0.05)
    assert expected(told)[0] > expected(hidden)[0]
    assert told.clumped[0] > hidden.clumped[0]


def test_a_subject_of_a_few_days_is_known_by_these() -> None:
    rng = np.random.default_rng(11)
    table = rng.poisson(rng.lognormal(-1, 1.5, 40)[:, None], (40, HOURS))
    table[0] = np.where(np.arange(HOURS) < LENGTH * 4, 2, 0)
    born = np.where(np.arange(40) == 0, LENGTH * 4 - 1, -1)
    assert expected(learnt(series(table[:, LENGTH:], born=born.tolist())))[0] == pytest.approx(48, rel=0.15)


def test_bursts_do_not_pass_for_clumps() -> None:
    table = steady(np.random.default_rng(12), 40)
    calm = learnt(past(table)).clumped[0]
    table[0, 240:300] += 3
    assert learnt(past(table)).clumped[0] < calm + 0.3


def test_what_grows_is_expected_where_it_has_grown_to() -> None:
    rng = np.random.default_rng(13)
    growth = np.exp(np.linspace(0.35, -0.35, HOURS))  # columns run back in time
    found = expected(learnt(past(rng.poisson(5 * growth, (60, HOURS)))))
    assert 120 * growth[:LENGTH].mean() == pytest.approx(168, rel=0.01)
    assert 150 < found.mean() < 170


def test_hours_tell_which_subjects_are_clumped() -> None:
    rng = np.random.default_rng(14)
    bursty = np.arange(60) < 30
    noise = np.where(bursty[:, None], rng.gamma(1.0, 1.0, (60, HOURS)), 1.0)
    found = learnt(past(rng.poisson(0.5 * noise))).clumped
    assert found[bursty].mean() > 1.3
    assert found[~bursty].mean() < 1.12


def test_a_subject_that_began_lately_is_not_diluted_by_the_time_before_it() -> None:
    table = steady(np.random.default_rng(5), 40)
    table[0, LENGTH * 8 :] = 0
    table[1, LENGTH * 8 :] = 0
    born = np.full(40, -1)
    born[1] = LENGTH * 8 - 1
    found = expected(learnt(series(table[:, LENGTH:], born=born.tolist())))
    assert found[:2] == pytest.approx([12, 12], rel=0.3)


def test_hours_in_which_nobody_read_are_not_hours_without_news() -> None:
    rng = np.random.default_rng(6)
    table = steady(rng, 40)
    gone = slice(LENGTH * 5, LENGTH * 15)
    table[:, gone] = 0
    ats = range(0, HOURS + 200, 4)
    reads = [SourceRead("wire", END - hour * HOUR, not gone.start - 4 <= hour < gone.stop, 4) for hour in ats]
    reach = [replace(r, reach=END - gone.start * HOUR) if r.at == END - (gone.start - 8) * HOUR else r for r in reads]
    known = past(table)
    known = replace(known, sources=("wire",), source=np.zeros(len(known.counts), dtype=np.int32))
    ours = expected(learnt(known, History(reads={"wire": reach})))
    assert ours.mean() == pytest.approx(12, rel=0.08)


def test_a_day_that_the_whole_desk_lacks_is_left_out_even_if_nobody_noted_it() -> None:
    table = steady(np.random.default_rng(7), 60)
    table[:, LENGTH * 4 : LENGTH * 8] = 0
    assert expected(learnt(past(table))).mean() == pytest.approx(12, rel=0.05)


def test_asked_is_the_least_count_that_is_rare_enough() -> None:
    found = learnt(past(steady(np.random.default_rng(8), 40)))
    weight, chance = np.full(40, found.tonight), np.full(40, 1e-4)
    asked = found.asked(chance, weight).astype(np.int64)
    assert (found.chance(asked, weight) <= chance).all()
    assert (found.chance(asked - 1, weight) > chance).all()
    first = found.first.asked(chance).astype(np.int64)
    assert (found.first.chance(first) <= chance).all()
    assert (found.first.chance(first - 1) > chance).all()


def test_the_week_is_learnt_and_little_data_tell_little() -> None:
    rng = np.random.default_rng(9)
    places = hours_of_week(END, DAYS * LENGTH)
    shape = np.where(np.arange(168) // 24 >= 5, 0.4, 1.24) * (1 + 0.6 * np.sin(np.arange(168) * 2 * np.pi / 24))
    much = profile(places, rng.poisson(200 * shape[places]).astype(float), np.ones(len(places)))
    assert np.corrcoef(much, shape)[0, 1] > 0.97
    assert much.mean() == pytest.approx(1.0)
    little = profile(places, rng.poisson(0.02 * shape[places]).astype(float), np.ones(len(places)))
    assert little.max() < 1.5
    assert hours_of_week(END, 2).tolist() == [2 * 24 + 5, 2 * 24 + 4]
