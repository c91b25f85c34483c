"""Detectors: they count origins, know their baseline, and hold what may not be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.building import signal_id
from pipeline.detectors.counts import daily_baseline, velocity
from pipeline.detectors.frame import Arrival, Frame
from pipeline.settings import SignalSettings

NOW = datetime(2026, 5, 6, 6, 0, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
SINCE = NOW - timedelta(days=20)
FRAME = Frame(SignalSettings(baseline_days=14), NOW, SINCE)


def arrival(
    hours_ago: float, name: str, *, origin: str | None = None, voice: str | None = None, fill: bool = False
) -> Arrival:
    return Arrival(name, origin or f"o-{name}", "feed", voice or f"v-{name}", NOW - hours_ago * HOUR, fill)


def steady(per_day: int, days: int) -> list[Arrival]:
    return [arrival(24 * d + 3 + 4 * i, f"old{d}-{i}") for d in range(1, days + 1) for i in range(per_day)]


def test_a_spike_of_origins_over_a_quiet_baseline_fires() -> None:
    spike = [arrival(h, f"n{h}") for h in (2, 5, 9, 14, 20)]
    signal = velocity("s1", "Turbines", steady(1, 14) + spike, FRAME)
    assert signal is not None
    assert signal.held is None
    assert (signal.kind, signal.n, signal.subject) == ("velocity", 5, "s1")
    assert signal.score == pytest.approx(5.0)
    assert signal.baseline == pytest.approx(1.0)
    assert sum(row.weight for row in signal.evidence) == pytest.approx(1.0, abs=1e-4)
    assert {row.id for row in signal.evidence} == {f"n{h}" for h in (2, 5, 9, 14, 20)}
    assert "5 origins in 24 hours" in signal.summary


def test_a_usual_day_is_no_signal() -> None:
    assert velocity("s1", "Turbines", steady(3, 15), FRAME) is None


def test_one_burst_is_not_sustained() -> None:
    burst = [arrival(2 + i / 100, f"b{i}") for i in range(5)]
    assert velocity("s1", "Turbines", steady(1, 14) + burst, FRAME) is None


def test_copies_do_not_make_velocity_but_a_held_signal_says_so() -> None:
    copies = [arrival(2 + 2 * i, f"c{i}", origin="o-wire") for i in range(9)]
    signal = velocity("s1", "Turbines", copies, FRAME)
    assert signal is not None
    assert signal.n == 1
    assert signal.held == "the 9 records of the window are copies of 1 origin"


def test_copies_of_what_was_known_before_the_window_are_no_copies_of_0_origins() -> None:
    old = [arrival(2000, "first", origin="o-wire"), *(arrival(2 + 2 * i, f"c{i}", origin="o-wire") for i in range(9))]
    signal = velocity("s1", "Turbines", old, FRAME)
    assert signal is not None
    assert signal.held == "none of the 9 records of the window is of a new origin"


def test_one_voice_speaking_often_is_held() -> None:
    chatter = [arrival(2 + 3 * i, f"p{i}", voice="one outlet") for i in range(4)]
    signal = velocity("s1", "Turbines", chatter, FRAME)
    assert signal is not None
    assert signal.held is not None
    assert "one voice" in signal.held


def test_a_short_history_holds() -> None:
    spike = [arrival(h, f"n{h}") for h in (2, 5, 9, 14)]
    signal = velocity("s1", "Turbines", spike, Frame(SignalSettings(), NOW, NOW - timedelta(days=2)))
    assert signal is not None
    assert signal.held is not None
    assert "history" in signal.held


def test_days_of_the_same_kind_weigh_double() -> None:
    weekend = [a for a in steady(6, 14) if (a.at - timedelta(seconds=1)).weekday() >= 5]
    weekday = Frame(SignalSettings(), NOW, SINCE)
    saturday = Frame(SignalSettings(), NOW + timedelta(days=4), SINCE)
    assert daily_baseline(weekend, weekday) < daily_baseline(weekend, saturday)


@given(st.lists(st.tuples(st.floats(0.1, 400), st.integers(0, 30)), max_size=40))
def test_velocity_never_counts_more_than_its_origins(rows: list[tuple[float, int]]) -> None:
    arrivals = [arrival(h, f"r{i}", origin=f"o{o}") for i, (h, o) in enumerate(rows)]
    signal = velocity("s", "x", arrivals, FRAME)
    if signal is not None:
        assert signal.n <= len({a.origin_id for a in arrivals})
        assert signal.score >= 0
        assert signal.evidence


@given(st.permutations([arrival(h, f"n{h}", origin=f"o{h % 5}") for h in range(1, 30, 2)]))
def test_the_order_of_arrivals_does_not_matter(arrivals: list[Arrival]) -> None:
    ordered = sorted(arrivals, key=lambda a: a.record_id)
    assert velocity("s", "x", arrivals, FRAME) == velocity("s", "x", ordered, FRAME)


def test_ids_are_of_kind_subject_and_day() -> None:
    assert signal_id("velocity", "s", NOW) == signal_id("velocity", "s", NOW + HOUR)
    assert signal_id("velocity", "s", NOW) != signal_id("velocity", "s", NOW + timedelta(days=1))
    assert signal_id("velocity", "s", NOW) != signal_id("novelty", "s", NOW)
