"""Counts fire where more came than chance brings, say by how much, and know copies, voices and bursts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from counted import END, HOUR, LENGTH, arrival, night, series, steady, subjects
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import detectors
from pipeline.detectors import counts
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

SETTINGS = SignalSettings()
FIRST = Subject(About.STORYLINE, "storyline-0")
TABLE = steady(np.random.default_rng(1), 40)


def velocity(window: Window, history: History) -> dict[str, Signal]:
    return {one.subject: one for one in counts.detect_counts(window, history, END, SETTINGS)}


def chance(window: Window, history: History, subject: Subject = FIRST) -> float:
    (test, *_) = counts._tests(subject.about, window, history, SETTINGS)
    return float(test.chance[list(test.subjects).index(subject)])


def with_more(window: Window, more: list[Arrival], subject: Subject = FIRST) -> Window:
    return replace(window, arrivals={**window.arrivals, subject: [*window.arrivals.get(subject, ()), *more]})


def spread(number: int, *, voice: str = "") -> list[Arrival]:
    return [arrival(f"more-{n}", (n + 0.5) * LENGTH / number, voice=voice) for n in range(number)]


def test_a_rise_is_told_with_what_is_usual_and_what_would_have_sufficed() -> None:
    window, history = night(TABLE)
    signal = velocity(with_more(window, spread(40)), history)["storyline-0"]
    came = len(window.arrivals[FIRST]) + 40
    assert (signal.kind, signal.subject, signal.about, signal.held) == ("velocity", "storyline-0", "storyline", None)
    assert (signal.score, signal.n) == (came, came)
    assert signal.baseline == pytest.approx(12, rel=0.2)
    assert signal.baseline * SETTINGS.velocity_ratio <= signal.threshold < signal.score
    assert signal.chance is not None
    assert signal.chance < 1e-6
    assert f"{came} origins in 24 hours" in signal.summary
    assert "would have sufficed" in signal.summary


def test_at_the_threshold_it_fires_and_one_below_it_does_not() -> None:
    window, history = night(TABLE)
    bare = replace(window, arrivals={key: some for key, some in window.arrivals.items() if key != FIRST})
    signal = velocity(with_more(bare, spread(60)), history)["storyline-0"]
    assert signal.window_start == window.start
    asked = int(signal.threshold)
    assert "storyline-0" in velocity(with_more(bare, spread(asked)), history)
    assert "storyline-0" not in velocity(with_more(bare, spread(asked - 1)), history)


def test_a_usual_night_has_no_signal() -> None:
    assert velocity(*night(TABLE)) == {}


def test_one_burst_is_not_sustained() -> None:
    window, history = night(TABLE)
    bare = replace(window, arrivals={})
    burst = [arrival(f"b{n}", 2 + n / 100) for n in range(50)]
    assert velocity(with_more(bare, burst), history) == {}
    assert "storyline-0" in velocity(with_more(bare, [*burst, arrival("late", 20)]), history)


def test_what_two_voices_tell_is_no_signal_and_what_one_mostly_tells_is_held() -> None:
    window, history = night(TABLE)
    bare = replace(window, arrivals={})
    chatter = spread(40, voice="author reddit somebody")
    assert velocity(with_more(bare, [*chatter, arrival("other", 3)]), history) == {}
    held = velocity(with_more(bare, [*chatter, *(arrival(f"o{n}", 3 + n) for n in range(5))]), history)
    assert held["storyline-0"].held == "40 of 45 origins come from one voice"
    assert "somebody" not in repr(held["storyline-0"])


def test_a_source_has_one_voice_and_counts_its_origins() -> None:
    window, history = night(steady(np.random.default_rng(2), 20), About.SOURCE)
    subject = Subject(About.SOURCE, "source-0")
    loud = with_more(window, spread(60, voice="outlet one"), subject)
    (signal,) = counts.detect_counts(loud, history, END, SETTINGS)
    assert (signal.kind, signal.about, signal.held) == ("volume_anomaly", "source", None)


def test_next_to_nothing_is_not_called_nothing() -> None:
    table = steady(np.random.default_rng(8), 2000, 0.0003)
    table[0] = 0
    table[0, LENGTH * 27] = 1
    window, history = night(table)
    rare = velocity(with_more(window, spread(30)), history)["storyline-0"]
    assert 0 < rare.baseline < 0.05
    assert "where fewer than 0.1 are usual and" in rare.summary


def test_silence_is_no_signal() -> None:
    window, history = night(TABLE)
    quiet = replace(window, arrivals={key: some for key, some in window.arrivals.items() if key != FIRST})
    assert velocity(quiet, history) == {}


@pytest.mark.parametrize("about", [About.STORYLINE, About.ENTITY, About.PHRASE])
def test_what_began_tonight_is_compared_with_what_began_on_other_nights(about: About) -> None:
    rng = np.random.default_rng(3)
    table = np.zeros((60, LENGTH * 29), dtype=np.int64)
    for row, night_of in zip(table, np.arange(60) % 13 + 1, strict=True):
        row[night_of * LENGTH + rng.integers(0, LENGTH, rng.geometric(0.5))] += 1
    window, history = night(table, about)
    new = Subject(about, "new", "New")
    assert counts.detect_counts(with_more(window, spread(4), new), history, END, SETTINGS) == []
    (signal,) = counts.detect_counts(with_more(window, spread(40), new), history, END, SETTINGS)
    assert signal.subject == "new"
    assert signal.baseline < 5
    assert "usual of what is new" in signal.summary


def test_a_new_beat_or_source_has_no_past_to_rise_above() -> None:
    window, history = night(steady(np.random.default_rng(4), 20), About.BEAT)
    new = Subject(About.BEAT, "new")
    assert counts.detect_counts(with_more(window, spread(80), new), history, END, SETTINGS) == []


def test_a_rise_across_the_window_s_beginning_is_seen_with_the_hours_before_it() -> None:
    table = TABLE.copy()
    table[0, 12:36] += 1
    window, history = night(table)
    signal = velocity(window, history)["storyline-0"]
    assert signal.window_start == END - 36 * HOUR
    assert signal.score == table[0, 12:36].sum()
    assert signal.n == len(window.arrivals[FIRST])
    assert "in 24 hours until 18:00" in signal.summary


def test_a_rise_that_was_over_before_the_window_is_no_signal_of_it() -> None:
    table = TABLE.copy()
    table[0, 24:48] += 3
    assert velocity(*night(table)) == {}


def test_a_desk_that_just_began_says_too_early() -> None:
    window, history = night(TABLE[:, : LENGTH * 4], since=END - timedelta(days=4))
    found = detectors.detect(with_more(window, spread(60)), history, END, SETTINGS)
    assert {one.held for one in found} == {"too early: 3 of 7 days of history"}
    assert found[0].subject == "storyline-0"
    assert len(found) == 3
    assert "what is usual is not known yet" in found[0].summary


def test_without_any_history_nothing_fires() -> None:
    window, _ = night(TABLE)
    assert all(one.held for one in detectors.detect(with_more(window, spread(60)), History(), END, SETTINGS))
    assert detectors.detect(replace(window, arrivals={}), History(), END, SETTINGS) == ()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.integers(1, 30))
def test_more_origins_never_lower_the_significance(number: int, more: int) -> None:
    window, history = night(TABLE)
    few = with_more(window, spread(number)) if number else window
    many = with_more(few, [arrival(f"again-{n}", (n + 0.5) % LENGTH) for n in range(more)])
    assert chance(many, history) <= chance(few, history)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0.01, 1.9)), min_size=1, max_size=40))
def test_copies_never_raise_it(copies: list[tuple[int, float]]) -> None:
    window, history = night(TABLE)
    known = window.arrivals[FIRST]
    later = [
        Arrival(f"copy-{n}", known[k % len(known)].origin_id, "other", f"w-{n}", known[k % len(known)].at + ago * HOUR)
        for n, (k, ago) in enumerate(copies)
    ]
    heard = [arrival(f"old-{n}", 5.0, origin="o-wire") for n in range(40)]
    copied = with_more(window, [*later, *heard])
    assert chance(copied, replace(history, heard=frozenset({"o-wire"}))) == chance(window, history)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrivals_and_subjects_does_not_matter(shuffle: np.random.Generator) -> None:
    window, history = night(TABLE)
    loud = with_more(window, spread(40))
    keys = list(loud.arrivals)
    shuffle.shuffle(keys)
    mixed = {key: shuffle.sample(list(loud.arrivals[key]), len(loud.arrivals[key])) for key in keys}
    assert velocity(replace(loud, arrivals=mixed), history) == velocity(loud, history)


def test_an_hour_told_in_parts_counts_as_one() -> None:
    window, history = night(TABLE)
    whole = series(TABLE[:, LENGTH:])
    hours = np.repeat(whole.hours, whole.counts)
    first = np.concatenate([[0], np.cumsum(np.add.reduceat(whole.counts, whole.first[:-1]))]).astype(np.int32)
    parts = replace(whole, hours=hours, counts=np.ones(len(hours), dtype=np.int32), first=first)
    loud = with_more(window, spread(30))
    assert chance(loud, replace(history, series={About.STORYLINE: parts})) == pytest.approx(
        chance(loud, history), rel=0.02
    )


def test_clean_nights_are_as_quiet_as_is_set() -> None:
    """At a rate of one night in five, so that few nights show it."""
    off = ("divergence", "sentiment_shift", "register_shift", "cross_beat")
    rng, often = np.random.default_rng(5), SignalSettings(quiet_nights=5, off=off)
    rate = rng.lognormal(-2, 1.3, 100)[:, None] * (1 + 0.5 * np.sin(np.arange(LENGTH * 29) * 2 * np.pi / LENGTH))
    nights = [night(rng.poisson(rate * rng.gamma(4, 0.25, rate.shape))) for _ in range(80)]
    noisy = sum(bool(counts.detect_counts(*one, END, often)) for one in nights)
    assert noisy <= 23  # a fifth of 80 is 16; 23 is its 97th percentile


def test_a_threefold_rise_from_half_an_origin_an_hour_is_found() -> None:
    rng = np.random.default_rng(6)
    found = 0
    for _ in range(4):
        table = steady(rng, 100)
        table[:50, :LENGTH] += rng.poisson(1.0, (50, LENGTH))
        found += len(velocity(*night(table)).keys() & {one.id for one in subjects(50)})
    assert found >= 0.9 * 200


def test_odds_are_said_as_people_say_them() -> None:
    assert [counts.odds(one) for one in (0.5, 1 / 1234, 1 / 3_412_345, 0.0)] == [
        "2", "1,200", "3.4 million", "more than a billion",
    ]  # fmt: skip
