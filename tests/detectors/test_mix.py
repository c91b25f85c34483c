"""Stance and register: a difference fires where voices differ beyond chance, in time that all sources were read."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tonight import HOUR, LINE, NOW, Tonight

from pipeline.detectors.frame import History
from pipeline.detectors.mix import detect_divergence, detect_register_shift, detect_sentiment_shift
from pipeline.domain import Signal, SourceRead
from pipeline.settings import SignalSettings

SETTINGS = SignalSettings(off=())
SIGNS = {1: "favourable", -1: "critical", 0: "neutral"}
ALL = (detect_divergence, detect_sentiment_shift, detect_register_shift)


def desk(rows: Sequence[tuple[str, str, float, int]], register: str = "") -> Tonight:
    """What (platform, voice, hours ago, stance) say of one storyline."""
    night = Tonight()
    for n, (platform, voice, hours, sign) in enumerate(rows):
        claim = night.claim(f"It is {n}.", hours, voice, platform=platform, stance=SIGNS[sign], register=register)
        night.finding([claim])
    return night


def voices(platform: str, hours: float, signs: Sequence[int]) -> list[tuple[str, str, float, int]]:
    return [(platform, f"{platform} {n}", hours + n / 100, sign) for n, sign in enumerate(signs)]


def found(detect, night: Tonight, history: History | None = None) -> list[Signal]:
    return list(detect(night.window(), history or History(), NOW, SETTINGS))


APART = voices("news", 3, [1] * 9 + [0]) + voices("reddit", 3, [-1] * 9 + [0])


def test_platforms_that_judge_apart_diverge():
    (signal,) = found(detect_divergence, desk(APART))
    assert (signal.kind, signal.subject, signal.n, signal.held) == ("divergence", LINE, 10, None)
    assert signal.score == pytest.approx(1.8)
    assert 0.3 <= signal.threshold < signal.score
    assert signal.chance is not None
    assert signal.chance < 1e-3
    assert "than the others: a difference of" in signal.summary


def test_publishers_that_judge_apart_diverge_and_people_are_not_named():
    rows = [("news", outlet, 3 + n, sign) for outlet, sign in (("Ledger", 1), ("Echo", -1)) for n in range(10)]
    (signal,) = found(detect_divergence, desk(rows))
    assert "Echo is more critical than the others" in signal.summary
    night = desk(rows)
    for key, arrival in night.told.items():
        night.told[key] = dataclasses.replace(arrival, voice="author reddit " + arrival.voice)
    assert not found(detect_divergence, night)


@pytest.mark.parametrize(
    "rows",
    [
        voices("news", 3, [1] * 7) + voices("reddit", 3, [-1] * 7),  # too few voices
        voices("news", 3, [1, -1] * 6) + voices("reddit", 3, [-1, 1] * 6),  # alike
        voices("news", 3, [1] * 30),  # one platform, one way
    ],
    ids=["few", "alike", "one platform"],
)
def test_no_divergence(rows):
    assert not found(detect_divergence, desk(rows))


def test_one_who_says_it_often_has_one_vote():
    night = desk([("news", "Ada", 3 + n / 10, 1) for n in range(12)] + voices("reddit", 3, [-1] * 12))
    for key, arrival in night.told.items():
        night.told[key] = dataclasses.replace(arrival, voice="author " + arrival.voice)
    assert not found(detect_divergence, night)


def test_only_time_in_which_all_were_read_is_compared():
    night = desk(APART)
    sources = sorted({arrival.source for arrival in night.told.values() if arrival.platform == "reddit"})
    early = NOW - 30 * HOUR
    dead = {key: [SourceRead(key, early, True, 9), SourceRead(key, NOW, False)] for key in sources}
    assert not found(detect_divergence, night, History(reads=dead))
    half = {
        key: [SourceRead(key, NOW - 30 * HOUR, True, 9), SourceRead(key, NOW - 2 * HOUR, True, 9)] for key in sources
    }
    assert found(detect_divergence, night, History(reads=half))


def test_a_backfill_and_copies_bring_no_votes():
    night = desk(APART)
    for key, arrival in night.told.items():
        night.told[key] = dataclasses.replace(arrival, backfill=arrival.platform == "reddit")
    assert not found(detect_divergence, night)
    for key, arrival in night.told.items():
        wire = "wire" if arrival.platform == "reddit" else arrival.origin_id
        night.told[key] = dataclasses.replace(arrival, backfill=False, origin_id=wire)
    assert not found(detect_divergence, night)


def before_and_after(before: Sequence[int], after: Sequence[int]) -> Tonight:
    return desk(voices("news", 60, before) + voices("news", 3, after))


def test_a_stance_that_turns_is_a_shift_and_one_that_stays_is_none():
    (signal,) = found(detect_sentiment_shift, before_and_after([1] * 12, [-1] * 10 + [0, 0]))
    assert (signal.kind, signal.n) == ("sentiment_shift", 12)
    assert "the window is more critical than what came before" in signal.summary
    assert not found(detect_sentiment_shift, before_and_after([-1] * 12, [-1] * 12))
    assert not found(detect_sentiment_shift, before_and_after([1] * 12, [-1] * 5))


def test_more_of_a_harsh_platform_is_no_shift():
    night = desk(
        voices("news", 60, [1] * 20)
        + voices("reddit", 60, [-1] * 9)
        + voices("news", 3, [1] * 9)
        + voices("reddit", 3, [-1] * 9)
        + [("reddit", f"reddit {n}", 3.0, -1) for n in range(9)]
    )
    assert not found(detect_sentiment_shift, night)


def test_sources_that_came_in_later_are_not_compared():
    night = desk(voices("news", 60, [1] * 12) + [("news", f"new {n}", 3.0, -1) for n in range(12)])
    assert not found(detect_sentiment_shift, night)


def test_a_register_that_rises_is_a_shift():
    night = before_and_after([0] * 14, [0] * 14)
    for key, claim in night.claims.items():
        late = night.told[claim.record_id].at > NOW - 24 * HOUR
        night.claims[key] = dataclasses.replace(claim, register="alarm" if late else "report")
    (signal,) = found(detect_register_shift, night)
    assert signal.score == pytest.approx(1.0)
    assert "more voices speak in the register of alarm than before" in signal.summary
    assert {row.note for row in signal.evidence} == {"alarm"}


def test_the_three_are_off_unless_they_are_asked_for():
    assert {"divergence", "sentiment_shift", "register_shift"} <= set(SignalSettings().off)


platforms = st.sampled_from(["news", "reddit"])


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["news", "reddit"]),
            st.sampled_from("ABCDEFGHIJKL"),
            st.integers(1, 60),
            st.sampled_from([-1, 0, 1]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_order_changes_nothing_and_copies_never_raise(rows, random):
    night = desk(rows, "report")
    window = night.window()
    claims = list(night.claims.items())
    random.shuffle(claims)
    shuffled = dataclasses.replace(window, claims=dict(claims), findings={LINE: list(window.findings[LINE])[::-1]})
    for detect in ALL:
        signals = detect(window, History(), NOW, SETTINGS)
        assert detect(shuffled, History(), NOW, SETTINGS) == signals
    for finding in list(night.findings[LINE]):
        first = night.claims[finding.claim_ids[0]]
        arrival = night.told[first.record_id]
        night.finding([night.claim(first.text, 0.5, "Copy", origin=arrival.origin_id, stance=first.stance)])
    more = [signal.n for signal in detect_divergence(night.window(), History(), NOW, SETTINGS)]
    assert all(n <= len({row[1] for row in rows}) * 2 for n in more)
