"""Trimming takes words away at the edges and nowhere else; what cannot stand on a page is refused."""

from __future__ import annotations

import pytest
from factories import make_claim, make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compose.readable import bids, has_verb, leans, own_voice, points_back, sound, stands, title_case
from pipeline.compose.trim import MAX_SPAN_WORDS, pieces, shorter


def texts(sentence: str, **overrides: object) -> list[str]:
    record = make_record(f"A headline of no interest\n\n{sentence} More follows here.")
    return [p.text for p in pieces(make_claim(record, sentence, **overrides), record)]


@pytest.mark.parametrize(
    ("sentence", "best"),
    [
        (
            "However, the council approved the site by nine votes to two.",
            "The council approved the site by nine votes to two",
        ),
        (
            "But Northwind has ordered twelve turbines for the campus.",
            "Northwind has ordered twelve turbines for the campus",
        ),
        ("HARLOW (Wire) — Northwind has ordered twelve turbines.", "Northwind has ordered twelve turbines"),
        ("TARN VALLEY: Residents of the valley oppose the plan.", "Residents of the valley oppose the plan"),
        (
            "Here's the thing: Northwind has ordered twelve turbines for the campus.",
            "Northwind has ordered twelve turbines for the campus",
        ),
        (
            "Rather than waiting for the grid, Northwind has ordered twelve gas turbines for Harlow.",
            "Northwind has ordered twelve gas turbines for Harlow",
        ),
        (
            "Documents confirmed what people feared: 40% of the turbines due in 2027 will miss their dates.",
            "40% of the turbines due in 2027 will miss their dates",
        ),
    ],
)
def test_what_stands_around_a_statement_is_left_out(sentence: str, best: str) -> None:
    assert texts(sentence)[0] == best


@pytest.mark.parametrize(
    "sentence",
    [
        "Police said: the two men were arrested on Monday night in Harlow.",
        "Northwind has one problem: the turbines are late and the grid is full.",
        "If the council agrees, Northwind will install the turbines in March.",
        "According to the planning file, Northwind has ordered twelve turbines.",
    ],
)
def test_reports_names_conditions_and_sources_are_never_cut(sentence: str) -> None:
    assert texts(sentence)[0] == sentence.rstrip(".")


@pytest.mark.parametrize(
    "sentence",
    [
        "Will the council approve the turbines in March?",
        "Labour shortages in electrical construction.",
        "Read more about the turbines of Northwind on our site.",
        "NORTHWIND ORDERS TWELVE TURBINES FOR THE HARLOW CAMPUS.",
        "The company said that the turbines would arrive by…",
        "Tariffs on transformers that have doubled costs and lead times.",
        "Northwind (and others have ordered turbines for the campus.",
        "Live updates as the council votes on the turbines of Harlow.",
    ],
)
def test_fragments_questions_shouts_and_furniture_yield_nothing(sentence: str) -> None:
    assert texts(sentence) == []


def test_a_long_sentence_yields_only_short_enough_ranges() -> None:
    sentence = (
        "Northwind has ordered twelve gas turbines for its Harlow campus, which "
        + "stands very near the river " * 8
        + "."
    )
    record = make_record(f"Title here\n\n{sentence}")
    found = pieces(make_claim(record, sentence), record)
    assert found
    assert all(len(record.text[p.start : p.end].split()) <= MAX_SPAN_WORDS for p in found)
    assert found[0].text == "Northwind has ordered twelve gas turbines for its Harlow campus"


def test_an_apposition_can_be_left_out_for_a_headline() -> None:
    sentence = "The Tarn Valley Board, the regulator for three counties, is seeking 15 gigawatts of new power."
    record = make_record(f"Title here\n\n{sentence}")
    piece = pieces(make_claim(record, sentence), record)[0]
    short = list(shorter(piece))
    assert [p.text for p in short] == ["Tarn Valley Board is seeking 15 gigawatts of new power"]
    assert (short[0].start, short[0].end, short[0].verbatim) == (piece.start, piece.end, False)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_every_piece_is_words_of_its_record(text: str) -> None:
    record = make_record(f"Title\n\n{text}x.")
    sentence = record.text.split("\n\n", 1)[1]
    if not sentence.strip():
        return
    for piece in pieces(make_claim(record, sentence), record):
        assert 0 <= piece.start < piece.end <= len(record.text)
        span = " ".join(record.text[piece.start : piece.end].split())
        assert piece.text[1:] in span or piece.text in span


@pytest.mark.parametrize(
    "text",
    [
        "It needs 15 gigawatts",
        "They plan to appeal",
        "The company says it will",
        "That same week it fell",
        "31 % feel prepared",
    ],
)
def test_pointing_openings_lean(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Italy needs 15 gigawatts",
        "The Company of Harlow plans",
        "Theydon plans a new line",
        "40% of centers will miss their dates",
    ],
)
def test_names_do_not_lean(text: str) -> None:
    assert not leans(text)


def test_other_marks_of_a_sentence() -> None:
    assert points_back("Northwind has paired these structures with turbines")
    assert not points_back("Northwind will report this week")
    assert own_voice("We think that 40% of US sites are late")
    assert not own_voice("The US says “we are late” in its report")
    assert title_case("Northwind Orders Twelve Turbines For Campus")
    assert not title_case("Northwind orders twelve turbines for Harlow")
    assert has_verb("Northwind Orders Twelve Turbines For Campus")
    assert not has_verb("A tour of the Harlow campus")
    assert sound("Northwind has ordered turbines")
    assert not sound("Short one")


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("The mayor said that the turbines were late", True),
        ("There is growing dissent among the engineers of Harlow", True),
        ("It's the third fire at the Harlow campus this year", True),
        ("If the wind holds, the price of power will fall", True),
        ("The throne, made by artisans in Harlow, will reach the hall by December 15", True),
        ("Lumenary charges $2.20 per million input tokens for Aster 4", True),
        ("Nineteen cats released at a secret place in the first phase of the project", False),
        ("Expert advice for how to avoid the fees of the bank", False),
        ("Outrage on both sides after Australia abstains from the vote", False),
    ],
)
def test_prose_has_a_finite_verb_with_a_subject_in_a_main_clause(text: str, prose: bool) -> None:
    assert stands(text) is prose


@pytest.mark.parametrize(
    ("text", "bidding"),
    [
        ("Avoid roaming costs with a lifetime plan for 19 dollars", True),
        ("Buy a lifetime licence to both of these products", True),
        ("Police find a body in the woods near Harlow", False),
        ("Work on the turbines begins in March", False),
    ],
)
def test_what_bids_the_reader_is_told_by_its_bare_verb(text: str, bidding: bool) -> None:
    assert bids(text) is bidding


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("After four chaotic years marked by a string of Tory prime ministers, he will try to save his party", True),
        ("In the end, she never asked for her money back", True),
        ("The mayor said he would pay for the turbines himself", False),
        ("After four years in prison, Ana Reyes says she is free", False),
        ("The engineer who drew the bridge says he was never asked", False),
        ("A sign at the door of the hall said “he is gone” on Monday", False),
    ],
)
def test_a_pronoun_with_nobody_before_it_leans(text: str, leaning: bool) -> None:
    assert leans(text) is leaning


@pytest.mark.parametrize(
    "text",
    [
        "The prize is awarded to Ana Reyes and Bo Falk Ana Reyes and Bo Falk this year",
        "Engineers found a part termed chr(39)exosomechr(39) in the turbine",
        "The firm said its R&amp;D costs rose by a third this year",
    ],
)
def test_captions_run_in_and_leftovers_of_code_are_not_sound(text: str) -> None:
    assert not sound(text)
