"""A shelved noun is the noun, whichever of its fields is asked for first; it fetches nothing for the light ones."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_claim, make_story, make_storyline

from pipeline.domain import Story
from pipeline.serial import to_json
from pipeline.shelved import HEAVY, ShelvedStory, ShelvedStoryline, light, shelved


def refuse() -> Story:
    raise AssertionError("fetched")


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Story)])
def test_every_field_is_that_of_the_whole(name: str) -> None:
    whole = make_story()
    told = shelved(ShelvedStory, light(whole), lambda: whole)
    assert getattr(told, name) == getattr(whole, name)
    assert getattr(told, name) == getattr(whole, name)
    if name not in HEAVY:
        assert getattr(shelved(ShelvedStory, light(whole), refuse), name) == getattr(whole, name)


def test_it_equals_prints_and_is_replaced_as_the_whole() -> None:
    whole = make_story()
    told = shelved(ShelvedStory, light(whole), lambda: whole)
    assert told == whole
    assert whole == told
    assert to_json(told) == to_json(whole)
    assert dataclasses.replace(told, version=9) == dataclasses.replace(whole, version=9)
    assert told != dataclasses.replace(whole, version=9)
    assert repr(told).partition("(")[2] == repr(whole).partition("(")[2]
    with pytest.raises(AttributeError):
        told.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_storyline_is_at_hand_whole() -> None:
    whole = make_storyline([make_claim()])
    told = shelved(ShelvedStoryline, to_json(whole), refuse)
    assert told == whole
    assert told.claim_ids == whole.claim_ids
