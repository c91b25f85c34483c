"""Detectors: they count origins, know their baseline, and hold what may not be believed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from factories import make_claim, make_dispute, make_finding, make_health, make_record, sample_claims
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.building import signal_id
from pipeline.detectors.content import contradiction, corroboration, novelty
from pipeline.detectors.counts import daily_baseline, velocity
from pipeline.detectors.frame import Arrival, Frame, Novel
from pipeline.detectors.holds import backfilled, outage
from pipeline.domain import DisputeKind
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


def test_novelty_needs_two_origins_and_something_known_before() -> None:
    a, b = sample_claims()[0], sample_claims()[2]
    near = make_claim(
        make_record("Another body. It says the same thing again today."), "It says the same thing again today."
    )
    far = [Novel(make_finding([a]), 0.9), Novel(make_finding([b]), 0.8)]
    signal = novelty("s1", "Turbines", far, 4, FRAME)
    assert signal is not None
    assert (signal.n, signal.score) == (2, pytest.approx(0.85))
    assert novelty("s1", "Turbines", far, 0, FRAME) is None
    assert novelty("s1", "Turbines", far[:1], 4, FRAME) is None
    assert novelty("s1", "Turbines", [*far, *[Novel(make_finding([near]), 0.1)] * 3], 4, FRAME) is None


def test_corroboration_counts_independent_origins() -> None:
    claims = sample_claims()
    lone = make_finding(claims[:1], last_seen=NOW - HOUR)
    two = make_finding([claims[0], claims[3]], last_seen=NOW - HOUR)
    assert corroboration("s1", "Turbines", [lone], FRAME) is None
    signal = corroboration("s1", "Turbines", [lone, two], FRAME)
    assert signal is not None
    assert (signal.score, signal.n, signal.severity) == (2.0, 2, "low")
    old = make_finding([claims[0], claims[3]], last_seen=NOW - timedelta(days=3))
    assert corroboration("s1", "Turbines", [old], FRAME) is None


def test_contradiction_counts_each_dispute_once() -> None:
    a, b = sample_claims()[0], sample_claims()[3]
    dispute = make_dispute(a, b)
    mirrored = make_dispute(b, a)
    findings = [
        make_finding([a], last_seen=NOW - HOUR, disputes=(dispute,)),
        make_finding([b], last_seen=NOW - HOUR, disputes=(mirrored,)),
    ]
    signal = contradiction("s1", "Turbines", findings, FRAME)
    assert signal is not None
    assert (signal.score, signal.n) == (1.0, 2)
    assert "a number (1 dispute)" in signal.summary
    assert {row.id for row in signal.evidence} == {a.id, b.id}
    status = make_dispute(a, b, kind=DisputeKind.STATUS)
    more = contradiction("s1", "x", [make_finding([a], last_seen=NOW, disputes=(dispute, status))], FRAME)
    assert more is not None
    assert more.score == 2.0


def test_failed_and_lagging_sources_are_named() -> None:
    failed = make_health(source="wire", ok=False, error="timed out", last_success=NOW - HOUR)
    lagging = make_health(source="board", last_success=NOW - timedelta(days=3))
    well = make_health(source="post", last_success=NOW - HOUR)
    health = {h.source: h for h in (failed, lagging, well)}
    assert outage(["post"], health, FRAME) is None
    assert outage(["post", "wire"], health, FRAME) == 'source "wire" failed in the window: timed out'
    assert "lags" in str(outage(["board"], health, FRAME))
    assert outage(["unknown"], health, FRAME) is None
    quiet = dataclasses.replace(health["post"], silent=True, empties=4, usual=6.0)
    assert outage(["post"], {"post": quiet}, FRAME) == (
        'source "post" is silent: nothing new in 4 reads, usually 6.0 in each'
    )


def test_a_backfill_is_no_news() -> None:
    assert backfilled([arrival(2, "a", fill=True), arrival(3, "b", fill=True), arrival(4, "c")], FRAME)
    assert backfilled([arrival(2, "a", fill=True), arrival(3, "b"), arrival(4, "c")], FRAME) is None


def test_ids_are_of_kind_subject_and_day() -> None:
    assert signal_id("velocity", "s", NOW) == signal_id("velocity", "s", NOW + HOUR)
    assert signal_id("velocity", "s", NOW) != signal_id("velocity", "s", NOW + timedelta(days=1))
    assert signal_id("velocity", "s", NOW) != signal_id("novelty", "s", NOW)
