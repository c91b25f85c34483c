"""The table of rare words (wrongs.tsv): what it holds; its words count only where they are laid to somebody."""

import pytest

from pipeline.people import charges, vocabulary


def test_the_table_has_every_kind_and_the_licence_of_its_source():
    kinds = {kind for forms in vocabulary.table().values() for _, kind in forms.values()}
    assert kinds == {"act", "doer", "deed", "illness", "sufferer"}
    assert len(vocabulary.table()) > 1000
    source = (charges.files("pipeline.people") / "wrongs.tsv").read_text(encoding="utf-8")
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in source


def test_every_ground_of_the_table_is_one_of_the_lexicon():
    grounds = {ground for forms in vocabulary.table().values() for ground, _ in forms.values()}
    assert grounds <= set(charges.words()["grounds"])


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("the treasurer committed peculation", "fraud"),
        ("the abbot's barratry came out", "fraud"),
        ("the fire chief is a lifelong pyromaniac", "health"),
        ("the coach, a known libertine, left", "sexual"),
        ("the broker purloined the ring", "fraud"),
        ("the premier suffers from severe narcolepsy", "health"),
        ("the prince has haemophilia", "health"),
    ],
)
def test_a_wrong_that_somebody_is_given_is_found(text, ground):
    assert ground in {found for _, _, found in vocabulary.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "a plan against burglary and shoplifting",
        "a clinic for children who have narcolepsy",
        "a thriller about a libertine in vienna",
        "the museum of piracy and brigandage opened",
        "the talk is on narcolepsy",
        "",
    ],
)
def test_a_wrong_that_is_only_spoken_of_is_not(text):
    assert list(vocabulary.find(text)) == []


def test_places_are_those_of_the_text():
    text = "the mayor, a swindler, committed high treason"
    assert [text[start:end] for start, end, _ in vocabulary.find(text)] == ["swindler", "high treason"]
