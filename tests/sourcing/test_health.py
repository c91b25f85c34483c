"""A source's health: counted by nights, never by runs; silence, moves and failures are told from chance and noise."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Source, SourceHealth
from pipeline.errors import FetchTimeout, HttpStatus, Moved, Replaced
from pipeline.serial import from_json, to_json
from pipeline.sourcing import health
from pipeline.sourcing.health import Reading

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
DAY = timedelta(days=1)
BUSY = HttpStatus("answered 429", status=429)
GONE = HttpStatus("answered 410", status=410)
WIRE = Source("Harbour Wire", "feed", "https://harbour.example/feed")
OLD, NEW = "https://harbour.example/feed", "https://harbour.example/rss"

ends = st.sampled_from(["fresh", "quiet", "moved", "timeout", "busy"])


def after(last: SourceHealth | None, now: datetime, end: str) -> SourceHealth:
    if end == "fresh":
        return health.after_success(WIRE, last, now, Reading(3, 2, 1, {"empty": 1}, now))
    if end in ("quiet", "moved"):
        moved_to = NEW if end == "moved" else None
        return health.after_success(WIRE, last, now, Reading(3, dropped={"known already": 3}, moved_to=moved_to))
    return health.after_failure(WIRE, last, now, BUSY if end == "busy" else FetchTimeout("no answer in 30 s"))


def nights(*news: int, last: SourceHealth | None = None, start: int = 0) -> SourceHealth:
    for number, count in enumerate(news, start):
        last = health.after_success(WIRE, last, NOW + number * DAY, Reading(count, count, count))
    assert last is not None
    return last


@given(st.lists(st.tuples(ends, st.integers(1, 4)), max_size=8))
def test_a_night_counts_once_however_often_it_is_run(past: list[tuple[str, int]]) -> None:
    once: SourceHealth | None = None
    often: SourceHealth | None = None
    for number, (end, runs) in enumerate(past):
        now = NOW + number * DAY
        once = after(once, now, end)
        often = after(often, now, end)
        for _ in range(runs - 1):  # what was fresh is known the second time
            often = after(often, now, "quiet" if end == "fresh" else end)
        assert often == once


@given(st.lists(ends, max_size=6), ends, ends)
def test_a_night_that_ends_otherwise_the_second_time_counts_as_it_ended(past: list[str], first: str, then: str) -> None:
    last: SourceHealth | None = None
    for number, end in enumerate(past):
        last = after(last, NOW + number * DAY, end)
    now = NOW + len(past) * DAY
    found = after(after(last, now, first), now, then)
    assert found.ok is (then in ("fresh", "quiet", "moved"))
    assert (found.failures == 0) is found.ok
    assert (found.failing_since is None) is found.ok
    assert found.failures <= len(past) + 1
    assert found.empties <= len(past) + 1
    assert from_json(SourceHealth, to_json(found)) == found


# --- failures --------------------------------------------------------------------------------------------------------


def test_the_back_off_doubles_with_the_nights_up_to_a_week() -> None:
    last: SourceHealth | None = None
    pauses = []
    for number in range(40):
        now = NOW + number * 8 * DAY
        last = after(last, now, "busy")
        last = after(last, now, "busy")
        assert last.retry_at is not None
        pauses.append(last.retry_at - now)
    assert pauses[:2] == [timedelta(hours=6), timedelta(hours=12)]
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(days=7)


def test_after_three_failures_nights_are_left_out_ever_more_of_them_up_to_a_week() -> None:
    last: SourceHealth | None = None
    asked = []
    for night in range(40):
        now = NOW + night * DAY + timedelta(minutes=7 * (night % 2))  # nights do not begin on the second
        if not health.waits(last, now):
            last = after(last, now, "timeout")
            asked.append(night)
    assert asked[:7] == [0, 1, 2, 4, 7, 12, 19]
    assert last is not None
    assert last.failing_since == NOW
    back = after(last, NOW + 40 * DAY, "quiet")
    assert (back.failures, back.retry_at, back.failing_since) == (0, None, None)
    again = after(back, NOW + 41 * DAY, "timeout")
    assert (again.failures, again.retry_at) == (1, None)


def test_a_source_waits_until_its_hour() -> None:
    error = HttpStatus("answered 503", status=503, retry_after=3600)
    last = health.after_failure(WIRE, None, NOW, error)
    assert health.waits(last, NOW + timedelta(minutes=59))
    assert not health.waits(last, NOW + timedelta(hours=1))
    assert not health.waits(None, NOW)
    assert health.after_failure(WIRE, None, NOW, HttpStatus("x", status=404)).retry_at is None


@pytest.mark.parametrize(
    ("status", "retry_after", "whole_host"),
    [(429, None, True), (429, 5.0, True), (503, 5.0, True), (503, None, False), (500, 5.0, False), (404, None, False)],
)
def test_only_a_host_that_asks_for_a_pause_is_closed_for_all_its_sources(
    status: int, retry_after: float | None, whole_host: bool
) -> None:
    state = health.after_failure(WIRE, None, NOW, HttpStatus("x", status=status, retry_after=retry_after))
    assert health.host_waits(state, NOW) is whole_host
    assert not health.host_waits(state, NOW + DAY)


def test_a_host_waits_as_long_as_it_asked_and_no_longer_however_often_its_source_fails() -> None:
    last: SourceHealth | None = None
    for night in range(6):
        last = health.after_failure(WIRE, last, NOW + night * 8 * DAY, HttpStatus("x", status=429, retry_after=60))
    now = NOW + 40 * DAY
    assert health.waits(last, now + 2 * DAY)
    assert health.host_waits(last, now + timedelta(seconds=59))
    assert not health.host_waits(last, now + timedelta(seconds=61))


def test_who_is_gone_is_not_asked_again_until_a_person_or_a_new_address_says_so() -> None:
    last = health.after_failure(WIRE, nights(2), NOW, GONE)
    assert health.waits(last, NOW + 3000 * DAY)
    assert last.quarantined is not None
    assert 'citewire sources accept "Harbour Wire"' in last.quarantined
    assert not health.waits(health.accepted(last, NOW), NOW)
    elsewhere = Source(WIRE.name, WIRE.kind, NEW)
    assert health.current(last, elsewhere) is None
    assert health.after_success(elsewhere, last, NOW, Reading()).quarantined is None


# --- moves -----------------------------------------------------------------------------------------------------------


def test_a_move_within_the_site_is_settled_after_a_week_and_five_nights() -> None:
    last: SourceHealth | None = None
    settled = []
    for night in range(10):
        last = after(last, NOW + night * DAY, "moved")
        settled.append(health.settled(last))
    assert settled.index(True) == 7
    weekly: SourceHealth | None = None
    for night in (0, 6, 12, 18):
        weekly = after(weekly, NOW + night * DAY, "moved")
        assert not health.settled(weekly)
    back = after(last, NOW + 11 * DAY, "quiet")
    assert (back.moved_to, back.moved_since, back.moved_seen) == (None, None, 0)


def test_a_move_to_another_domain_puts_the_source_in_quarantine_and_its_return_frees_it() -> None:
    last = health.after_failure(WIRE, nights(2), NOW + DAY, Moved("moved", target="https://parked.example/"))
    assert last.moved_to == "https://parked.example/"
    assert last.quarantined is not None
    assert "https://parked.example/" in last.quarantined
    assert 'citewire sources accept "Harbour Wire"' in last.quarantined
    assert not health.waits(last, NOW + 2 * DAY)
    assert after(last, NOW + 2 * DAY, "timeout").quarantined == last.quarantined
    freed = after(last, NOW + 2 * DAY, "quiet")
    assert (freed.quarantined, freed.moved_to) == (None, None)


@pytest.mark.parametrize(
    ("identity", "other"),
    [
        ("Harbour Wire\nhttps://harbour.org/", False),
        ("Harbour Wire: all news\nhttps://www.harbour.org/news", False),
        ("harbour wire\nhttps://harbour-wire.example/", False),
        ("Cheap watches\nhttps://watches.example/", True),
        ("Cheap watches", False),
        ("https://watches.example/", False),
        (None, False),
    ],
)
def test_another_publication_is_one_with_another_name_and_another_site(identity: str | None, other: bool) -> None:
    last = health.after_success(WIRE, None, NOW, Reading(identity="Harbour Wire\nhttps://harbour.org/"))
    told = health.replaced(last, identity)
    assert (told is not None) is other
    assert health.replaced(None, identity) is None
    if told:
        state = health.after_failure(WIRE, last, NOW, Replaced(told))
        assert state.quarantined is not None
        assert "Cheap watches" in state.quarantined
        assert state.identity == last.identity
        taken = health.after_success(WIRE, health.accepted(state, NOW), NOW, Reading(identity=identity))
        assert (taken.identity, taken.quarantined) == (identity, None)


# --- silence ---------------------------------------------------------------------------------------------------------


def test_the_usual_number_of_items_is_a_running_mean_that_takes_gaps_up() -> None:
    assert nights(40).usual == 0  # what had piled up says nothing
    assert nights(40, 6).usual == 6
    assert nights(40, *[5] * 20).usual == pytest.approx(5)
    daily, weekly = nights(0, *[1] * 70), nights(0, *[7, 0, 0, 0, 0, 0, 0] * 10)
    assert daily.usual == pytest.approx(1, abs=1e-3)
    assert 0.9 < nights(7, last=weekly, start=71).usual < 2.5
    assert nights(9, 3, 0, 0).usual == 3


def test_a_source_that_falls_silent_is_noticed_in_days_and_its_return_ends_it() -> None:
    busy = nights(20, *[8] * 10)
    states = [nights(*[0] * count, last=busy, start=11) for count in range(1, 6)]
    assert [state.silent for state in states] == [False, False, True, True, True]
    assert nights(0, 0, 0, 8, last=busy, start=11).silent is False
    slow = nights(3, *[1] * 10)
    assert [nights(*[0] * count, last=slow, start=11).silent for count in (6, 7)] == [False, True]
    assert not nights(0, 0, 0, 0, 0, 0, 0, 0, 0, last=nights(5, *[1, 0, 0] * 5), start=16).silent


def test_a_source_that_rests_every_weekend_is_not_silent() -> None:
    week = [9, 9, 9, 9, 9, 0, 0]
    last = nights(9)
    for number, count in enumerate(week * 8, 1):
        last = nights(count, last=last, start=number)
        assert not last.silent


def test_chance_alone_seldom_makes_a_source_silent() -> None:
    """Poisson nights of one to five items a read: at most one night in a hundred is called silent."""
    dice, silent, total = random.Random(4), 0, 0
    for mean in (1.0, 2.0, 5.0):
        last = nights(3)
        for number in range(1, 700):
            count, chance = 0, dice.random()
            term = left = math.exp(-mean)
            while chance > left:
                count += 1
                term *= mean / count
                left += term
            last = nights(count, last=last, start=number)
            silent += last.silent
            total += 1
    assert silent / total < 0.01
