"""A shelved noun is the noun, whichever of its fields is asked for first; it fetches nothing for the light ones."""

from __future__ import annotations

import contextlib
import dataclasses
import pickle

import pytest
from factories import make_claim, make_record, make_story, make_storyline
from stored import put

from pipeline.domain import Record, Story
from pipeline.packing import packed
from pipeline.serial import to_json
from pipeline.shelved import HEAVY, ShelvedStory, ShelvedStoryline, away, light, shelved
from pipeline.spill import Heap
from pipeline.stores import open_store


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


@pytest.mark.parametrize("text", [None, "A cafe\u0301 \U0001f600 opens", "half a character \ud83d", ""])
def test_a_record_whose_text_was_put_away_is_that_record(text: str | None) -> None:
    whole = make_record(text, engagement={"likes": 3}, lang=None)
    whole = whole if text is None else dataclasses.replace(whole, text=text)
    told = away(whole, Heap())
    assert {field.name: getattr(told, field.name) for field in dataclasses.fields(Record)} == {
        field.name: getattr(whole, field.name) for field in dataclasses.fields(Record)
    }
    assert told == whole
    assert whole == told
    assert told != dataclasses.replace(whole, text=whole.text + ".")
    assert told != dataclasses.replace(whole, lang="en")
    assert told != "a string"
    assert told.content_hash == whole.content_hash
    assert dataclasses.replace(told, lang="en") == dataclasses.replace(whole, lang="en")
    assert to_json(told) == to_json(whole)
    assert pickle.loads(packed(told)) == whole
    with pytest.raises(AttributeError):
        told.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_it_holds_no_text_and_shares_what_many_say_of_themselves() -> None:
    with contextlib.closing(open_store(":memory:")) as store:
        told = [make_record(text, source="".join(["harbour", "-wire"])) for text in ("One.", "Two.")]
        put(store, *told)
        first, second = (away(record, Heap()) for record in store.records([one.id for one in told]).values())
    assert first.source is second.source
    assert first.text is not first.text
