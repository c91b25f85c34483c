"""Passages: letter for letter, short, and where most of the question stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.words import content, placed
from pipeline.retrieval.snippets import WIDTH, passage

WORDS = st.sampled_from(["turbine", "turbines", "grid", "Harbour", "the", "ordered", "é", "中", "\n\n", "12", "ﬁ"])
TEXTS = st.lists(WORDS, max_size=120).map(" ".join) | st.text(max_size=400)


@given(TEXTS, st.sets(st.sampled_from(["turbin", "grid", "12", "中"])))
def test_a_passage_is_letter_for_letter_and_short(text: str, stems: set[str]) -> None:
    found = passage(text, dict.fromkeys(stems, 0.5))
    if found is None:
        assert not text.strip() or not stems or not any(stem in content(text) for stem in stems)
        return
    assert text[found.start : found.end] == found.quote
    assert found.quote.strip()
    assert len(found.quote) <= WIDTH
    for mark in found.marks:
        assert found.start <= mark.start < mark.end <= found.end
        assert set(content(text[mark.start : mark.end])) & stems


@given(TEXTS)
def test_placed_words_are_those_of_content(text: str) -> None:
    found = placed(text)
    assert [stem for _, _, stem in found] == content(text)
    assert all(text[start:end].strip() for start, end, _ in found)


def test_the_passage_with_most_of_the_question_is_shown() -> None:
    filler = "Nothing of note was said about it that day. " * 20
    text = f"Headline of turbines\n\nThe turbines hum. {filler}Twelve turbines for the grid were ordered. {filler}"
    found = passage(text, {"turbin": 0.5, "grid": 0.5})
    assert found is not None
    assert "Twelve turbines for the grid" in found.quote
    assert [text[mark.start : mark.end] for mark in found.marks] == ["turbines", "grid"]


def test_without_a_word_of_the_question_the_body_begins() -> None:
    found = passage("Headline\n\nThe body begins. It goes on.\n\nAnd ends.", {"zebra": 1.0})
    assert found is not None
    assert found.quote == "The body begins. It goes on."
    assert found.marks == ()


def test_a_headline_alone_is_its_own_passage() -> None:
    found = passage("Grid fails", {"grid": 1.0})
    assert found is not None
    assert found.quote == "Grid fails"
