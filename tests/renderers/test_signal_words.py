"""Signals in words that somebody understands who has never seen a threshold."""

import dataclasses
from datetime import timedelta

import pytest
from factories import make_signal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.renderers import signal_words
from pipeline.renderers.signal_words import label, plainly, sentence, subject_in, together, without_subject
from pipeline.renderers.wire_view import KINDS

SIGNAL = make_signal()


def signal(**fields):
    return dataclasses.replace(SIGNAL, **fields)


@pytest.mark.parametrize("kind", [*KINDS, "coordination"])
def test_every_kind_has_a_name_and_something_to_say(kind):
    assert kind in signal_words.LABELS
    said = sentence(signal(kind=kind))
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert not {"_", "score", "threshold", "baseline", "origin"} & set(said)
    assert "fires" not in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"score": 16.0, "baseline": 1.05}, "16 independent reports in 24 hours, where one is usual"),
        ({"score": 25.0, "baseline": 0.01}, "25 independent reports in 24 hours, where fewer than one is usual"),
        (
            {"score": 53.0, "baseline": 2.6, "kind": "entity_surge"},
            "named in 53 independent reports in 24 hours, where about 3 are usual",
        ),
        (
            {"score": 53.0, "baseline": 0.0, "held": "too early"},
            "53 independent reports in 24 hours; what is usual is not known yet",
        ),
        ({"kind": "novelty", "n": 1}, "1 source tells something that was not known before"),
        ({"kind": "corroboration", "score": 3.0}, "3 independent sources now tell the same"),
        (
            {"kind": "contradiction", "summary": "X: sources differ on a number, a date (2 disputes; one)."},
            "sources disagree on a number, a date",
        ),
        ({"kind": "contradiction", "summary": "whatever"}, "sources disagree"),
        ({"kind": "moon_phase"}, "moon phase"),
    ],
)
def test_figures_are_said_plainly(fields, said):
    end = SIGNAL.window_end
    assert plainly(signal(window_start=end - timedelta(hours=24), **fields)) == said


def test_a_long_time_is_said_in_days():
    end = SIGNAL.window_end
    assert "in 6 days" in plainly(signal(window_start=end - timedelta(hours=144), score=9.0))


@pytest.mark.parametrize(
    ("summary", "subject", "rest"),
    [
        ("Silent Hill: Ascension: 3 origins in 24 hours.", "Silent Hill: Ascension", "3 origins in 24 hours."),
        ("Crash: sources differ on a number (1 dispute).", "Crash", "sources differ on a number (1 dispute)."),
        ("Grid (Power): took up 4 names of x.", "Grid (Power)", "took up 4 names of x."),
        ("Bans: 1 storyline merged into it, 1 record moved.", "Bans", "1 storyline merged into it, 1 record moved."),
        ("no form at all", "", "no form at all"),
    ],
)
def test_the_subject_is_told_from_what_is_said_of_it(summary, subject, rest):
    assert (subject_in(summary), without_subject(summary)) == (subject, rest)


@given(st.text(max_size=120))
def test_no_summary_is_too_strange(summary):
    assert summary.startswith(subject_in(summary))
    assert summary.endswith(without_subject(summary))


def test_the_strongest_of_each_kind_that_fired_are_said_together():
    one, two = signal(id="a", kind="merge", score=9.0), signal(id="b", kind="merge", score=8.0)
    three, held = signal(id="c", kind="split", score=7.0), signal(id="d", kind="novelty", score=99.0, held="lags")
    assert together((three, two, one, held), 3) == (plainly(one), plainly(three))
    assert together((three, two, one, held), 1) == (plainly(one),)
    assert label("merge") == "Joined"
