"""Which phrases are counted, for which records, and only once they have been kept for long enough."""

from __future__ import annotations

import random

import numpy as np
from tonight import HOUR, NOW

from pipeline.detectors.frame import About, Arrival, Series, Subject
from pipeline.detectors.phrases import settled, subjects

WEEKS = 28 * 24


def arrivals(*voices: str) -> dict[str, Arrival]:
    return {f"r{n}": Arrival(f"r{n}", f"r{n}", "feed", voice, NOW - 3 * HOUR) for n, voice in enumerate(voices)}


def said(phrases, came, lines=None, labels=None) -> dict[str, tuple[Subject, ...]]:
    return subjects(phrases, came, lines or {}, labels or {})


CHIPS = {
    f"r{n}": {"chip export": written} for n, written in enumerate(("chip exports", "Chip exports", "chip exports"))
}


def test_a_phrase_is_named_as_most_write_it():
    found = said(CHIPS, arrivals("outlet a", "outlet b", "outlet c"))
    assert set(found) == {"r0", "r1", "r2"}
    assert {one.name for some in found.values() for one in some} == {"chip exports"}
    assert {(one.about, one.id) for some in found.values() for one in some} == {(About.PHRASE, "chip export")}


def test_a_record_that_did_not_come_in_the_window_counts_for_nothing():
    assert set(said(CHIPS, arrivals("outlet a"))) == {"r0"}


def test_what_a_storyline_is_called_does_not_trend_but_what_many_share_does():
    came, labels = arrivals("outlet a", "outlet b", "outlet c"), {"s1": "Chip exports double", "s2": "Chip export ban"}
    assert not said(CHIPS, came, {"r0": ["s1"], "r1": ["s1"]}, labels)
    assert said(CHIPS, came, {"r0": ["s1"], "r1": ["s2"]}, labels)
    assert said(CHIPS, came, {"r0": ["s3"], "r1": ["s3"]}, {"s3": "Ferry sinks"})


def test_an_outlet_of_the_desk_is_no_phrase_of_another():
    assert not said(CHIPS, arrivals("outlet a", "outlet chip exports", "outlet c"))


def test_the_order_of_input_changes_nothing():
    came = arrivals("outlet a", "outlet b", "outlet c")
    first = said(CHIPS, came)
    for seed in range(5):
        keys = list(CHIPS)
        random.Random(seed).shuffle(keys)
        assert said({key: CHIPS[key] for key in keys}, dict(sorted(came.items(), reverse=True))) == first


def series(about: About, days: dict[int, int]) -> Series:
    hours = np.array([24 * day for day in days], dtype=np.int32)
    counts = np.array(list(days.values()), dtype=np.int32)
    return Series((Subject(about, "x"),), np.array([0, len(days)], dtype=np.int32), hours, counts)


def test_phrases_that_were_kept_from_the_first_day_are_counted():
    sources = series(About.SOURCE, {day: 100 + day for day in range(28)})
    assert settled(series(About.PHRASE, dict.fromkeys(range(28), 250)), sources, WEEKS)
    young = series(About.SOURCE, dict.fromkeys(range(9), 100))
    assert settled(series(About.PHRASE, dict.fromkeys(range(9), 250)), young, WEEKS)


def test_phrases_that_are_kept_only_lately_are_not():
    sources = series(About.SOURCE, dict.fromkeys(range(28), 100))
    assert not settled(series(About.PHRASE, dict.fromkeys(range(9), 250)), sources, WEEKS)
    assert not settled(series(About.PHRASE, {}), sources, WEEKS)
    assert not settled(series(About.PHRASE, {}), series(About.SOURCE, {}), WEEKS)


def test_days_without_records_say_nothing_about_phrases():
    kept = {day: 250 for day in range(28) if day not in (5, 6)}
    assert settled(series(About.PHRASE, kept), series(About.SOURCE, dict.fromkeys(kept, 100)), WEEKS)
