"""Names in the place of others, seen by the words about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.gate.slots import misplaced

SPAN = "The ferry to Skerrin was delayed after a storm in Norrland, and the Harrow Wind crew waited at Ferring harbour."


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The ferry to Norrland was delayed after a storm in Skerrin.", "norrland"),
        ("The ferry to Skerrin was delayed after a storm in Ferring, and the Harrow Wind crew waited.", "ferring"),
        ("The Skerrin crew waited at Ferring harbour after a storm in Norrland.", "skerrin"),
    ],
)
def test_a_name_between_the_words_about_another_is_seen(sentence, named):
    assert misplaced(sentence, [SPAN]).endswith(f"the sentence has {named}")
    assert not judge(sentence, [CitedSpan(SPAN)]).publish


@pytest.mark.parametrize(
    ("sentence", "span"),
    [
        ("Talks between Norrland and Skerrin end today.", "Talks between Skerrin and Norrland end today."),
        ("Exports to Norrland, Skerrin and Ferring rose.", "Exports to Ferring, Norrland and Skerrin rose."),
        ("Troops of the WHO are in Norrland.", "Troops of the World Health Organization (WHO) are in Norrland."),
        ("A storm hit Skerrin and a fire hit Ferring.", "A fire hit Ferring, and a storm hit Skerrin."),
        ("The Norwegian ferry was delayed.", "The Norway ferry was delayed; Norwegian crews waited."),
        ("President Lee met Ann Hale on Monday.", "Ann Hale was met by President Lee on Monday."),
        ("The ferry to Visby was delayed after a storm.", SPAN),  # not in the span at all: the rule on names
    ],
)
def test_names_in_their_own_place_are_not(sentence, span):
    assert misplaced(sentence, [span]) == ""


def test_what_one_of_the_spans_says_is_in_its_place():
    other = "The ferry to Norrland was delayed after a fire in Skerrin."
    assert misplaced("The ferry to Norrland was delayed after a fire in Skerrin.", [SPAN, other]) == ""


def test_what_is_denied_twice_side_by_side_is_refused():
    span = CitedSpan("The crew never left the harbour of Ferring")
    assert judge("The crew never left the harbour of Ferring.", [span]).publish
    assert not judge("The crew never never left the harbour of Ferring.", [span]).publish


@given(st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3))
def test_any_text_can_be_asked_and_no_text_contradicts_itself(text, others):
    assert isinstance(misplaced(text, others), str)
    assert misplaced(text, [text, *others]) == ""
