"""Check-worthiness, page furniture and clauses."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import clauses, dates, furniture, names, quantities, speakers, verbs
from pipeline.language.worth import connective, dangling, examples, rate, signs, worth
from pipeline.language.worth_weights import WEIGHTS

WORTHY = [
    "The Corvane Interconnection is projecting a need for 15 gigawatts of new power.",
    "Globex raised $100 million last week, Harbour Wire reports.",
    "Unemployment fell to 4.1% in March, the labour office said.",
    "Police arrested 12 people in Kabul on Tuesday.",
]
IDLE = [
    "What do you think of this?",
    "Click here to subscribe to our newsletter.",
    "I love my new phone, thanks so much!",
    "Read more",
    "By Ada Marlow",
    "Here’s what to know about the storm",
    "It is what it is.",
    "Photo: Ada Marlow/Getty Images",
    "let x = foo(); return x;",
]


@pytest.mark.parametrize("text", WORTHY)
def test_news_is_worth_checking(text: str) -> None:
    assert worth(text) > 0.6


@pytest.mark.parametrize("text", IDLE)
def test_talk_and_furniture_are_not(text: str) -> None:
    assert worth(text) < 0.3


def rated(text: str, *, numbers: bool = True, headline: bool = False) -> float:
    calendar = dates.find(text)
    counted = quantities.find(text, calendar) if numbers else ()
    return rate(text, counted, names.find(text), calendar, speakers.find(text) is not None, headline=headline)


def test_worth_is_rate_of_what_is_read() -> None:
    text = "Police arrested 12 people in Kabul."
    assert worth(text) == rated(text)
    assert rated(text) > rated(text, numbers=False)


def test_a_headline_may_be_short() -> None:
    assert rated("Globex to close plant", headline=True) > rated("Globex to close plant")


def test_weights_are_those_of_the_examples() -> None:
    """Every sign has its weight, and the weights tell the examples apart."""
    text, _ = examples()[0]
    read = signs(text, (), (), (), False)
    assert read is not None
    assert set(read) == set(WEIGHTS)
    rates = [(worth(sentence), label) for sentence, label in examples()]
    worthy, idle = ([rate for rate, label in rates if label == wanted] for wanted in (1, 0))
    assert sum(worthy) / len(worthy) > sum(idle) / len(idle) + 0.25


@pytest.mark.parametrize("text", ["But that was before.", "However, he left.", "This changes it.", "They won."])
def test_words_that_point_back(text: str) -> None:
    assert dangling(text)


def test_joining_words_and_plain_starts() -> None:
    assert connective("However, Globex left.")
    assert not connective("Globex left.")
    assert not dangling("Globex left.")


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("By Ada Marlow and Bo Lind", True),
        ("By the way, the average policy costs $12,000.", False),
        ("Getty Images sued Globex.", False),
        ("Map showing 15 GW of demand", True),
        ("Home | News | Sport | Weather", True),
        ("Comments URL: https://news.example/item?id=1", True),
        ("Globex rose 5% after results; see the filing at https://globex.example/q3 for the whole of it.", False),
        ("Prime Minister Ana Reyes takes her seat during a meeting in Selmouth, Ardmere, on June 30, 2016.", True),
        ("A view of homes in a suburb is seen in Selmouth on Sept. 7, 2022.", True),
        ("The board meets on May 3, 2026.", False),
        ("Ana Reyes competes on the beam during the final at the arena in Selmouth, Ardmere, on Oct. 4, 2023.", True),
        ("Firefighters work on the site of a bus accident near Selmouth, on Oct. 3, 2023.", True),
        ("The Selmouth nuclear power plant in Selmouth, northern Ardmere, on Aug. 24, 2023.", True),
        ("Rolling coverage of the latest economic news, as house prices fall", True),
        ("The company opened its first plant in Selmouth on June 30, 2016.", False),
    ],
)
def test_furniture(text: str, so: bool) -> None:
    assert furniture.is_furniture(text) is so


def test_who_explains_what_makes_no_statement() -> None:
    assert furniture.is_teaser("Wire’s Ana Reyes explains which countries will take part")
    assert furniture.is_teaser("WSJ looks at why this alert is happening")
    assert not furniture.is_teaser("Ana Reyes explains that the port will close")


def test_verbs() -> None:
    assert verbs.finite("The plant closed.")
    assert not verbs.finite("Labour shortages in electrical construction")
    assert verbs.past("Globex bought Initech.")
    assert not verbs.past("Globex is large.")


LONG = (
    "Globex said on Monday that its plant in Harlow, which opened in 1998 and employs 400 people, "
    "would close in March, "
    "and the company blamed rising power prices, weak demand for its turbines, a long dispute with the union, "
    "and the loss of a contract that had kept two of its lines busy for years."
)


def test_a_long_sentence_is_cut_where_the_rest_can_go() -> None:
    assert clauses.words_in(LONG) > 40
    pieces = [LONG[span.start : span.end] for span in clauses.cut(LONG)]
    assert pieces[0].startswith("Globex said on Monday")
    assert all(clauses.words_in(piece) <= 40 and clauses.balanced(piece) for piece in pieces)


def test_a_condition_is_never_cut_off() -> None:
    tail = " and more of the same old thing" * 8
    text = f"Globex will close the plant in Harlow this year, if the union does not accept the new terms{tail}."
    assert all("if the union" in text[span.start : span.end] for span in clauses.cut(text))


def test_a_noun_with_an_owner_is_kept_of_a_sentence_that_cannot_be_cut() -> None:
    text = (
        "The boldest bets—such as Globex’s commitment to spend over $100 billion on Initech chips, "
        "alongside Acme’s immediate "
        "$5 billion and up to $20 billion in milestone-tied capital on top of roughly $8 billion "
        "since 2023 and much more that nobody "
        "has counted so far anywhere in the whole wide world—signal a shift."
    )
    (span,) = clauses.cut(text)
    assert text[span.start : span.end] == "Globex’s commitment to spend over $100 billion on Initech chips"


@given(st.text(max_size=400), st.integers(5, 40))
def test_cuts_are_inside_apart_and_short(text: str, most: int) -> None:
    end = 0
    for span in clauses.cut(text, most):
        assert end <= span.start < span.end <= len(text)
        assert clauses.words_in(text[span.start : span.end]) <= most
        end = span.end


@given(st.text(max_size=300))
def test_worth_is_a_probability(text: str) -> None:
    assert 0.0 <= worth(text) <= 1.0


def test_long_texts_are_fast() -> None:
    began = time.process_time()
    for text in ("a, and X said " * 20_000, "(" * 100_000, "; " * 50_000, "the post " * 20_000):
        worth(text)
        clauses.cut(text)
        furniture.is_furniture(text)
    assert time.process_time() - began < 3
