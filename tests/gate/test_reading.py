"""Words, clauses and verbs as the gate reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gate.alignment import align
from pipeline.gate.frames import peel
from pipeline.gate.levels import FACT, ONGOING, PLANNED, POSSIBLE, TO_COME, hearsay, standing
from pipeline.gate.reading import fold, read
from pipeline.gate.synonyms import opposite, same


def verb(text, low):
    reading = read(text)
    return reading, next(item for item in reading.predicates if reading.words[item.at].low == low)


def subject(text, low):
    reading, predicate = verb(text, low)
    return " ".join(reading.words[at].low for at in predicate.subject)


@pytest.mark.parametrize(
    ("text", "low", "expected"),
    [
        (
            "The grid firm, the operator of nine lines from Arn to Bek, is projecting a need",
            "projecting",
            "grid firm operator",
        ),
        ("The mayor, who took office in May, said she would veto the bill", "said", "mayor"),
        ("The satellite, built by Arden and launched in 2024, has lost contact", "lost", "satellite"),
        ("Acme has installed six tents and has paired these with turbines", "paired", "acme"),
        ("Researchers at Pell found that 12% of patients did not respond", "respond", "12 patients"),
        ("Acme, which makes pumps, sued Birch", "sued", "acme"),
    ],
)
def test_subjects(text, low, expected):
    assert subject(text, low) == expected


@pytest.mark.parametrize(
    ("text", "low", "level"),
    [
        ("Acme built a plant", "built", FACT),
        ("Acme is building a plant", "building", ONGOING),
        ("Acme will build a plant", "build", TO_COME),
        ("Acme plans to build a plant", "build", PLANNED),
        ("Acme could build a plant", "build", POSSIBLE),
        ("Acme explored a potential acquisition of Birch", "acquisition", POSSIBLE),
        ("Acme's commitment to spend $3 million", "spend", PLANNED),
        ("After weeks of talks, Acme agreed a deal", "agreed", FACT),
    ],
)
def test_levels(text, low, level):
    reading = read(text)
    at = reading.positions(low)[0]
    assert standing(reading, at).level == level


@pytest.mark.parametrize(
    ("text", "low", "negative"),
    [
        ("Acme did not build a plant", "build", True),
        ("Acme failed to build a plant", "build", True),
        ("Acme has no plans to build a plant", "build", True),
        ("Acme built a plant", "built", False),
        ("Nobody was killed", "killed", True),
    ],
)
def test_denials(text, low, negative):
    reading = read(text)
    assert standing(reading, reading.positions(low)[0]).negative is negative


def test_hearsay():
    assert hearsay(read("Reports that Acme explored a sale"))
    assert hearsay(read("The studio is reportedly weighing a sale"))
    assert not hearsay(read("Acme reports a loss"))


@pytest.mark.parametrize(
    ("text", "core", "speakers"),
    [
        ("The bridge will close, the mayor said.", "The bridge will close", ["the mayor"]),
        ("The Post writes that the bridge will close.", "the bridge will close.", ["The Post"]),
        ("According to police, three people died.", "three people died.", ["police"]),
        ("“We will grow,” said Jane Roe, head of Acme.", '"We will grow', ["Jane Roe"]),
        (
            "The bridge will close, the mayor said, the Post reports.",
            "The bridge will close",
            ["the Post", "the mayor"],
        ),
        ("Acme told investors that it will cut jobs.", "it will cut jobs.", ["Acme"]),
        ("The court said no to the plan.", "The court said no to the plan.", []),
        ("The grid firm projects a shortage.", "The grid firm projects a shortage.", []),
    ],
)
def test_frames(text, core, speakers):
    framed = peel(text)
    assert framed.core == core
    assert [frame.who for frame in framed.frames] == speakers


def test_synonyms_and_opposites():
    assert all(same(*pair) for pair in (("bought", "acquisition"), ("explored", "exploration"), ("needs", "need")))
    assert not any(same(*pair) for pair in (("contract", "contradict"), ("rose", "fell")))
    assert all(opposite(*pair) for pair in (("rose", "fell"), ("fell", "rose")))


def test_one_word_of_the_span_does_not_stand_for_two():
    sentence, span = read("its chief executive"), read("its chief economist")
    assert [sentence.words[at].low for at in align(sentence, span).missing] == ["executive"]


@given(st.text(max_size=200))
def test_offsets_hold_for_any_text(text):
    reading = read(text)
    assert len(fold(text)) == len(text)
    for word in reading.words:
        assert 0 <= word.start < word.end <= len(text)
    assert len(reading.words) == len(reading.clauses) == len(reading.governors)
    for predicate in reading.predicates:
        assert all(0 <= at < len(reading.words) for at in predicate.subject)


@given(st.text(alphabet="abcde ABC,.", min_size=1, max_size=80))
def test_a_text_aligns_with_itself(text):
    reading = read(text)
    assert not align(reading, reading).missing
