"""Repetition: patterns without matter, a rate that does not grow with the number, and what is done about it."""

from __future__ import annotations

from collections import Counter

import pytest
from factories import make_citation, make_claim, make_dossier, make_record, make_sentence, make_story
from hypothesis import given
from hypothesis import strategies as st

from pipeline import repetition
from pipeline.compose.casing import Casing
from pipeline.compose.forms import Place, wordings
from pipeline.compose.naming import Voices
from pipeline.compose.trim import pieces
from pipeline.domain import Section, StoryKind


@pytest.mark.parametrize(
    ("headline", "pattern"),
    [
        ("Air board postpones permit for 38 turbines to 14 April", "_ for # _ to # _"),
        ("Grid operator wants deposit, Grid Post writes", "_ , _ writes"),
        ("Why the infrastructure layer absorbed the model race", "why the _ the _"),
    ],
)
def test_a_headline_without_its_matter(headline: str, pattern: str) -> None:
    assert repetition.skeleton(headline) == pattern


def test_an_opening_masks_names_and_numbers() -> None:
    assert repetition.opening("Corvane Systems ordered 46 turbines") == "X ordered # turbines"
    assert repetition.opening("The Merrow Board met on Monday") == "the X met on"


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=40), st.integers(2, 4))
def test_the_rate_is_a_probability_and_hardly_moves_with_the_number(drawn: list[str], times: int) -> None:
    counts = Counter(drawn)
    rate = repetition.alike(counts)
    assert 0 <= rate <= 1
    assert (rate == 1) == (len(counts) == 1)
    more = repetition.alike(Counter({key: n * times for key, n in counts.items()}))
    assert abs(more - rate) <= 1 / len(drawn) + 0.001


def test_only_the_writers_own_words_are_phrases() -> None:
    record = make_record("Northwind Power has ordered 12 gas turbines for its campus.")
    claim = make_claim(record, "Northwind Power has ordered 12 gas turbines for its campus.")
    key = claim.evidence[0].key
    told = make_sentence("Northwind Power has ordered 12 gas turbines for its campus, Harbour Wire reports.", key)
    story = make_story(
        make_dossier([record], [claim]),
        sections=(Section("body", None, ((told,),)),),
        citations=(make_citation(claim, record),),
    )
    found = repetition.of_stories([story])
    assert set(found.phrases) == {"its campus ,", "campus , X", ", X reports"}
    assert repetition.of_stories([make_story(kind=StoryKind.BRIEFING)]).phrases.total() == 0


def test_the_baseline_is_the_records_own_words() -> None:
    records = [
        make_record(f"Board votes on {n} turbines\n\nThe board voted on Monday.", title=f"Board votes on {n} turbines")
        for n in range(3)
    ]
    found = repetition.of_records(records)
    assert found.headlines == Counter({"_ on # _": 3})
    assert found.openings.total() == 3


def test_what_is_overused_stands_out_from_the_records() -> None:
    stories, records = repetition.Patterns(), repetition.Patterns()
    stories.headlines.update({"_ , _ writes": 6, "_ to _": 2})
    records.headlines.update({"_ to _": 50, "_ , _ writes": 1})
    assert repetition.overused(stories, records) == ("headline “_ , _ writes” (6 times)",)
    records.headlines["_ , _ writes"] = 300
    assert repetition.overused(stories, records) == ()


PLANT = "The plant in Harlow will close in June"


def wording(worn: dict[str, int], count: int = 0) -> str:
    """The best wording of one claim after some weeks."""
    record = make_record(f"{PLANT}.", title="")
    claim = make_claim(record, PLANT)
    voice, casing = Voices().of(record), Casing.of([record])
    (piece, *_) = pieces(claim, record)
    return next(wordings(piece, claim, record, voice, place=Place(worn=worn, count=count), casing=casing))


def test_the_extractive_writer_takes_the_attribution_that_was_used_least() -> None:
    assert wording({}).endswith("Harbour Wire reports.")
    used = {", X reports": 9, ", X writes": 2, ", X says": 5, ", according to": 4}
    heads = {"X reports that": 9, "X writes that": 9, "X says that": 9, "according to X": 9}
    assert wording({**used, **heads}).endswith("Harbour Wire writes.")
    assert wording({**used, **heads, ", X writes": 7}).endswith("according to Harbour Wire.")


def test_attributions_take_turns_in_a_story() -> None:
    said = {wording({}, count=count).removesuffix(".").rpartition(", ")[2] for count in range(4)}
    assert said == {f"Harbour Wire {verb}" for verb in ("reports", "writes", "says")} | {"according to Harbour Wire"}


def test_a_story_opens_as_few_others_did() -> None:
    begun = wording({})
    assert wording({repetition.opening(begun): 5}) != begun
    assert wording({repetition.opening(begun): 5}).startswith("Harbour Wire ")


def test_what_was_used_is_counted_as_the_writer_asks_for_it() -> None:
    """Every pattern of attribution that `wordings` looks up is one that `worn` counts."""
    stories = repetition.Patterns()
    for count in range(4):
        stories.phrases.update(repetition._triples(wording({}, count)))
    counted = repetition.worn(stories)
    assert {pattern for pattern in counted if pattern.startswith(", ")} == {
        ", X reports", ", X writes", ", X says", ", according to",
    }  # fmt: skip
