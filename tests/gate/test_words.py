"""The table of words: its relations hold both ways where they must, and nothing in it is its own opposite."""

from __future__ import annotations

import pytest

from pipeline.gate import words
from pipeline.gate.synonyms import lemma


def rows(relation: str) -> dict[str, frozenset[str]]:
    return dict(words._table()[relation])


@pytest.mark.parametrize("relation", ["verbs alike", "nouns alike", "adverbs alike", "derived", "opposite"])
def test_what_goes_for_one_goes_for_the_other(relation):
    table = rows(relation)
    assert table
    assert all(one in table[other] for one, others in table.items() for other in others)


@pytest.mark.parametrize("relation", ["verbs alike", "nouns alike", "adverbs alike", "derived"])
def test_no_word_means_the_same_as_its_opposite(relation):
    opposite = rows("opposite")
    both = [(one, other) for one, others in rows(relation).items() for other in others & opposite.get(one, frozenset())]
    assert both == []


def test_the_table_is_small_and_its_licence_stands_beside_it():
    assert words._TABLE.stat().st_size < 500_000
    assert "Princeton" in words._TABLE.with_name("LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("first", "second", "part", "other", "same"),
    [
        ("uncovered", "found", "verb", "verb", True),
        ("rescued", "freed", "verb", "verb", True),
        ("refund", "resignation", "noun", "noun", False),
        ("victory", "beat", "noun", "verb", True),
        ("bought", "sold", "verb", "verb", False),
        ("rose", "fell", "verb", "verb", False),
        ("killed", "injured", "verb", "verb", False),
        ("water", "energy", "noun", "noun", False),
        ("uncovered", "found", "verb", "noun", False),
    ],
)
def test_words_that_stand_for_each_other(first, second, part, other, same):
    assert words.interchangeable(lemma(first), lemma(second), part, other) is same


def test_a_kind_covers_its_own_and_not_the_other_way_round():
    assert words.covers(lemma("metal"), lemma("copper"), "noun")
    assert not words.covers(lemma("copper"), lemma("metal"), "noun")


def test_who_can_act_and_what_is_a_thing():
    assert words.concrete(lemma("chair")) == "thing"
    assert words.concrete(lemma("surgeon")) == "agent"
    assert words.concrete(lemma("freedom")) == ""
