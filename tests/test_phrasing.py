"""Phrases that can trend: words of the record's own, no names of people or outlets, known by their stems."""

from __future__ import annotations

from factories import make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import sighting
from pipeline.phrasing import MOST, key, labelled, of_outlets, of_record

TEXT = (
    "Chip exports to the islands rise\n\n"
    "SELMOUTH, 3 March (Harbour Wire) - Chip exports to the islands rose again. Ada Holt, who lost her house, said "
    "chip exports brought heavy traffic. Harbour Wire learned that heavy traffic closed two schools. Rules on chip "
    "exports follow."
)


def phrases(text: str = TEXT, **given: str) -> dict[str, str]:
    record = make_record(text, **given)
    seen = sighting.read(record)
    return of_record(record, [(one.key, one.kind) for one in seen.sightings])


def test_a_record_has_the_phrases_that_it_repeats():
    found = phrases()
    assert found.get("chip export") == "Chip exports", found
    assert "heavi traffic" in found
    assert len(found) <= MOST


def test_people_outlets_and_datelines_are_no_phrases():
    words = {word for phrase in phrases().values() for word in phrase.casefold().split()}
    assert not words & {"ada", "holt", "selmouth", "wire"}


def test_an_author_is_no_phrase():
    text = "Loud drums\n\nBig Drum Bo plays loud drums. Big Drum Bo sells loud drums."
    assert not any("Drum Bo" in phrase for phrase in phrases(text, author="Big Drum Bo").values())


def test_one_word_is_no_phrase():
    assert all(" " in phrase for phrase in phrases().values())


def test_a_phrase_that_a_label_holds_is_that_storylines_name():
    assert labelled(key("chip exports"), "Islands buy more: chip export doubles")
    assert not labelled(key("chip exports"), "Chip maker opens a plant")


def test_names_of_outlets_are_told_from_phrases():
    written = {"market talk": "Market Talk", "chip export": "chip exports"}
    assert of_outlets(written, {"outlet market talk", "author reddit chip exports"}) == {"market talk"}


@given(st.text(max_size=300))
def test_any_text_is_read_and_keys_are_keys(text):
    found = of_record(make_record("Notes\n\n" + text + " chip exports"))
    assert all(key(phrase) == name for name, phrase in found.items())
