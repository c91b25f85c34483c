"""Splits and merges are told once with what moved; beats meet only where chance and common names do not explain it."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom
from tonight import HOUR, NOW, START, Tonight, storyline

from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.detectors.structure import detect_cross_beat, detect_merge, detect_split, tail
from pipeline.domain import Membership, Signal, Turn, TurnKind
from pipeline.settings import SignalSettings

OLD, NEW = "s" + "a" * 16, "s" + "b" * 16
SETTINGS = SignalSettings()


def arrival(record: str, voice: str = "", hours: float = 3, *, fill: bool = False) -> Arrival:
    return Arrival(record, record, "feed", voice or record, NOW - hours * HOUR, fill)


def turned(kind: TurnKind, *, at_hours: float = 0, fill: bool = False) -> Window:
    """A window in which OLD turned: two records went from one storyline to the other."""
    at = NOW - at_hours * HOUR
    source, target = (OLD, NEW) if kind is TurnKind.SPLIT_OFF else (NEW, OLD)
    turn = Turn(kind, at, NEW, "Strike at Harlow", 'share 0.05, below 0.20; "strike" is only there')
    moved = [Membership(source, f"c{n}", f"r{n}", START, "shares names", until=at) for n in range(2)]
    stale = Membership(source, "c9", "r9", START, "a correction", until=at - HOUR)
    lines = {
        OLD: storyline(OLD, turns=(turn,), record_ids=("r0", "r1", "r5") if target == OLD else ("r5",)),
        NEW: storyline(NEW, record_ids=("r0", "r1"), merged_into=OLD if target == OLD else None),
    }
    return Window(
        START,
        NOW,
        arrivals={Subject(About.STORYLINE, OLD, "x"): [arrival("r5", fill=fill)]},
        storylines=lines,
        told={f"r{n}": arrival(f"r{n}", f"v{n}", 50) for n in range(2)},
        moved={source: (*moved, stale)},
    )


@pytest.mark.parametrize(
    ("kind", "detect", "name"),
    [(TurnKind.SPLIT_OFF, detect_split, "split"), (TurnKind.TOOK_IN, detect_merge, "merge")],
)
def test_a_turn_of_tonight_is_told_with_the_records_that_moved(kind, detect, name):
    (signal,) = detect(turned(kind), History(), NOW, SETTINGS)
    assert (signal.kind, signal.subject, signal.n, signal.score) == (name, OLD, 2, 2.0)
    assert [row.id for row in signal.evidence] == ["r0", "r1"]
    assert 'share 0.05, below 0.20; "strike" is only there' in signal.summary
    assert not detect(turned(kind, at_hours=24), History(), NOW, SETTINGS)  # that of last night
    assert not detect(turned(kind, fill=True), History(), NOW, SETTINGS)


def test_each_turn_has_a_signal_of_its_own_side_only():
    assert not detect_merge(turned(TurnKind.SPLIT_OFF), History(), NOW, SETTINGS)
    assert not detect_split(turned(TurnKind.TOOK_IN), History(), NOW, SETTINGS)
    assert not detect_split(turned(TurnKind.SPLIT_FROM), History(), NOW, SETTINGS)


def test_two_that_left_one_are_one_signal():
    window = turned(TurnKind.SPLIT_OFF)
    third = "s" + "c" * 16
    line = window.storylines[OLD]
    more = dataclasses.replace(line.turns[0], other=third, label="A third")
    lines = {
        **window.storylines,
        OLD: dataclasses.replace(line, turns=(*line.turns, more)),
        third: storyline(third, record_ids=("r7",)),
    }
    (signal,) = detect_split(dataclasses.replace(window, storylines=lines), History(), NOW, SETTINGS)
    assert "2 storylines split off" in signal.summary
    assert {row.id for row in signal.evidence} == {"r0", "r1", "r7"}


# --- beats that meet -------------------------------------------------------------------------------------------------


def desk(
    shared: int = 4, voices: int = 3, *, beats: tuple[str, str] = ("Energy", "Courts"), common: int = 0, lines: int = 40
) -> Tonight:
    """A desk on which the first storyline takes up names of the second; the first `common` names stand everywhere."""
    night = Tonight()
    keys = [f"s{n:02}" for n in range(lines)]
    for n, key in enumerate(keys):
        beat = beats[n] if n < 2 else ("Energy", "Courts", "World")[n % 3]
        night.lines[key] = storyline(key, beats=(beat,), label=f"Line {n}")
        own = tuple(f"name {n}-{m}" for m in range(6))
        everywhere = tuple(f"name 1-{m}" for m in range(common))
        night.finding([night.claim(f"It is {n}.", 60, "Ledger", entities=own + everywhere)], line=key)
    for m in range(voices):
        names = tuple(f"name 1-{k}" for k in range(shared))
        night.finding([night.claim(f"Now {m}.", 3 + m, f"V{m}", entities=("name 0-0", "name 0-9", *names))], line="s00")
    return night


def cross(night: Tonight) -> list[Signal]:
    return list(detect_cross_beat(night.window(), History(), NOW, SETTINGS))


def test_a_storyline_that_takes_up_names_of_another_beats_is_told_with_both_sides():
    (signal,) = cross(desk())
    assert (signal.subject, signal.score, signal.n, signal.about) == ("s00", 4.0, 3, "storyline")
    assert signal.chance is not None
    assert signal.chance < 1e-6
    assert 2 <= signal.threshold <= signal.score
    assert signal.baseline < 1
    assert '"Line 1" (Courts)' in signal.summary
    notes = {row.note for row in signal.evidence}
    assert {'took up "name 1-0"', '"name 1-0" in "Line 1"'} <= notes


@pytest.mark.parametrize(
    "given",
    [{"shared": 1}, {"voices": 1}, {"beats": ("Courts", "Courts")}, {"common": 4}],
    ids=["one name", "one voice", "one beat", "names that all storylines have"],
)
def test_chance_one_voice_or_one_beat_are_no_meeting(given: dict[str, Any]):
    assert not cross(desk(**given))


def test_names_that_go_together_elsewhere_count_once():
    night = desk()
    for n in range(2, 8):  # six storylines that name all four
        names = tuple(f"name 1-{k}" for k in range(4))
        night.finding([night.claim(f"Also {n}.", 50, "Ledger", entities=names)], line=f"s{n:02}")
    assert not cross(night)


def test_what_two_had_in_common_before_does_not_begin_tonight():
    night = desk()
    both = tuple(f"old {k}" for k in range(5))
    for key in ("s00", "s01"):
        night.finding([night.claim(f"Before {key}.", 50, "Ledger", entities=both)], line=key)
    assert not cross(night)


def test_copies_bring_no_voice():
    night = desk(voices=1)
    names = tuple(f"name 1-{k}" for k in range(4))
    origin = night.told[night.claims[night.findings["s00"][-1].claim_ids[0]].record_id].origin_id
    copies = [night.claim("Now 0.", 2 - n / 10, f"Copy {n}", origin=origin, entities=names) for n in range(5)]
    night.finding(copies, line="s00")
    assert not cross(night)


@given(st.integers(0, 12), st.integers(1, 12), st.floats(0.01, 0.9))
def test_the_tail_of_equal_chances_is_binomial(least, trials, chance):
    assert tail([chance] * trials, least) == pytest.approx(float(binom.sf(least - 1, trials, chance)), abs=1e-12)


def test_the_tail_is_near_fishers_where_names_are_drawn_from_many():
    assert tail([30 / 5000] * 8, 2) == pytest.approx(float(hypergeom.sf(1, 5000, 30, 8)), rel=0.05)


@given(st.lists(st.floats(0, 1), max_size=10), st.randoms(use_true_random=False))
def test_the_tail_falls_and_does_not_ask_for_the_order(chances, random):
    tails = [tail(chances, k) for k in range(len(chances) + 2)]
    assert all(a >= b - 1e-12 for a, b in pairwise(tails))
    shuffled = random.sample(chances, len(chances))
    assert [tail(shuffled, k) for k in range(len(chances) + 2)] == pytest.approx(tails)


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(random):
    window = desk(lines=8).window()
    keys = list(window.findings)
    random.shuffle(keys)
    other = dataclasses.replace(window, findings={key: list(window.findings[key])[::-1] for key in keys})
    assert detect_cross_beat(other, History(), NOW, SETTINGS) == detect_cross_beat(window, History(), NOW, SETTINGS)
