"""Store contract, ingest: records and their versions, cursors, health, search, hostile text."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_claim,
    make_record,
    sample_records,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import HEALTH, put

from pipeline.domain import (
    Cursor,
    TextQuality,
)
from pipeline.errors import StoreError
from pipeline.protocols import Analysis, Store
from pipeline.stores import open_store


def test_a_fresh_store_is_empty_and_answers_every_question(store: Store) -> None:
    assert set(store.counts().values()) == {0}
    assert store.cursor("nobody") == Cursor()
    assert store.known(["r1"]) == frozenset()
    assert store.records(["r1"]) == {} == store.claims([]) == store.health()
    assert store.pending() == store.storylines() == store.live_stories() == store.runs() == []
    assert store.record_version("r1", "h") is None
    assert store.latest_story("s1") is None
    assert store.cached_answer("k") is None
    assert store.topic_seen("q") is None
    assert store.search_records(["turbine"]) == []


def test_records_cursor_and_health_come_back_as_they_went_in(store: Store) -> None:
    record = make_record(
        engagement={"points": 3, "comments": 2},
        author="Ada Löw",
        date_doubtful=True,
        discussion_url="https://b.example",
    )
    cursor = Cursor(etag='W/"a b"', last_modified="Mon, 04 May 2026 06:00:00 GMT", position="17")
    saved = put(store, record, cursor=cursor)
    assert saved.new == (record.id,)
    assert store.records([record.id, "unknown"]) == {record.id: record}
    assert store.record_version(record.id, record.content_hash) == record
    assert store.known([record.id, "unknown"]) == {record.id}
    assert store.cursor("wire") == cursor
    assert store.health() == {"wire": HEALTH}


def test_health_alone_keeps_the_cursor(store: Store) -> None:
    put(store, cursor=Cursor(etag='"1"'))
    store.save_health(dataclasses.replace(HEALTH, ok=False, error="timeout", failures=2))
    assert store.cursor("wire") == Cursor(etag='"1"')
    assert store.health()["wire"].failures == 2
    with pytest.raises(StoreError, match="cannot be stored under source"):
        store.save_batch("other", [], Cursor(), HEALTH)


def test_a_batch_without_health_keeps_what_is_known(store: Store) -> None:
    record = sample_records()[0]
    store.save_batch("board", [record], Cursor(position="3"), None)
    assert (store.health(), store.cursor("board")) == ({}, Cursor(position="3"))
    put(store, cursor=Cursor(position="4"))
    store.save_batch("wire", [], Cursor(position="5"), None)
    assert (store.health(), store.cursor("wire")) == ({"wire": HEALTH}, Cursor(position="5"))


def test_repeats_are_counted_and_change_nothing(store: Store) -> None:
    first, second = sample_records()
    put(store, first, second)
    store.save_analysis(Analysis((first.id, second.id)))
    later = dataclasses.replace(first, fetched=NOW + timedelta(days=1), title="other")
    saved = put(store, later, second, second)
    assert (saved.new, saved.versions, saved.repeats) == ((), (), 3)
    assert store.records([first.id]) == {first.id: first}
    assert store.pending() == []


def test_a_changed_page_is_a_new_version_and_pending_again(store: Store) -> None:
    old = make_record("Old words\n\nThe plant has two halls.")
    new = dataclasses.replace(old, text="New words\n\nThe plant has three halls.", fetched=NOW + timedelta(days=1))
    put(store, old)
    old_claim = make_claim(old, "The plant has two halls.")
    store.save_analysis(Analysis((old.id,), (old_claim,)))
    assert put(store, new).versions == (old.id,)
    assert store.pending() == [new.id]
    assert store.records([old.id]) == {old.id: new}
    assert store.record_version(old.id, old.content_hash) == old
    assert store.claims_of_records([old.id]) == []
    assert store.claims([old_claim.id]) == {old_claim.id: old_claim}
    assert list(store.records_between(new.fetched, new.fetched + timedelta(seconds=1))) == [new]
    assert store.records_between(old.fetched, new.fetched) == []
    assert [r.id for r in store.search_records(["three"])] == [old.id]
    assert store.search_records(["two"]) == []


def test_a_text_that_comes_back_is_pending_but_no_third_version(store: Store) -> None:
    old = make_record("Old words")
    new = dataclasses.replace(old, text="New words", fetched=NOW + timedelta(days=1))
    for record in (old, new):
        put(store, record)
        store.save_analysis(Analysis((old.id,)))
    put(store, dataclasses.replace(old, fetched=NOW + timedelta(days=2)))
    assert store.pending() == [old.id]
    assert store.counts()["versions"] == 2


def test_a_poorer_reading_of_a_known_page_is_a_repeat(store: Store) -> None:
    full = make_record("Long text of the whole page.")
    later = NOW + timedelta(days=1)
    teaser = dataclasses.replace(full, text="Long text ...", quality=TextQuality.SUMMARY, fetched=later)
    put(store, full)
    assert put(store, teaser).repeats == 1
    assert store.records([full.id])[full.id] == full
    other = dataclasses.replace(full, id="r2")
    put(store, dataclasses.replace(teaser, id="r2"))
    assert put(store, other).versions == ("r2",)


@pytest.mark.parametrize("seed", range(4))
def test_which_reading_of_one_night_stands_does_not_depend_on_order(seed: int) -> None:
    page = make_record("The page.", id="r1")
    readings = [
        page,
        dataclasses.replace(page, source="b", beat="Energy"),
        dataclasses.replace(page, source="a", beat="Business"),
        dataclasses.replace(page, text="The page, differently.", source="c"),
        dataclasses.replace(page, text="The page", quality=TextQuality.TITLE),
    ]
    results = []
    for order in (readings, random.Random(seed).sample(readings, len(readings))):
        one, many = open_store(":memory:"), open_store(":memory:")
        put(one, *order)
        for record in order:
            put(many, record)
        results += [one.records(["r1"]), many.records(["r1"])]
        assert one.counts()["records"] == many.counts()["records"] == 1
        one.close()
        many.close()
    assert results.count(results[0]) == 4


def test_search_folds_words_and_orders_by_match_then_id(store: Store) -> None:
    texts = [
        "Turbine turbine turbine",
        "A turbine and a hall",
        "Zürich’s hall opens",
        "nothing here",
        "a turbine AND a hall",
    ]
    records = [make_record(text, id=f"r{n}", published=NOW - timedelta(days=n)) for n, text in enumerate(texts)]
    put(store, *records)
    assert [record.id for record in store.search_records(["TURBINE"])] == ["r0", "r1", "r4"]
    assert [record.id for record in store.search_records(["zürich"])] == ["r2"]
    assert [record.id for record in store.search_records(["turbine"], limit=1)] == ["r0"]
    assert [record.id for record in store.search_records(["turbine"], since=NOW - timedelta(days=2))] == ["r0", "r1"]
    assert store.search_records([]) == store.search_records(["..."]) == store.search_records(["turb"]) == []


@pytest.mark.parametrize(
    "hostile", ['"', "a OR b", "NEAR(x y)", "words:*", "'; DROP TABLE records; --", "^a", "-a", "*"]
)
def test_search_words_are_never_a_query_language(store: Store, hostile: str) -> None:
    put(store, make_record("plain text about b"))
    store.search_records([hostile])
    assert store.counts()["records"] == 1


awkward = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=40)


@given(text=awkward, name=awkward, words=st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=40)
def test_any_text_is_stored_letter_for_letter_and_any_word_can_be_sought(
    text: str, name: str, words: list[str]
) -> None:
    store = open_store(":memory:")
    record = make_record(text, id="r" + name, title=name, author=name, engagement={name: 1})
    put(store, record, cursor=Cursor(position=name))
    assert store.records([record.id]) == {record.id: record}
    assert store.cursor("wire").position == name
    store.search_records(words)
    store.close()


@pytest.mark.parametrize(
    "change",
    [{"text": "a\0b"}, {"text": "a\ud800b"}, {"author": "\udfff"}, {"title": "\0"}, {"engagement": {"x": 2**70}}],
)
def test_what_cannot_be_stored_is_refused_by_name_and_leaves_nothing(store: Store, change: dict[str, object]) -> None:
    good, bad = sample_records()[0], make_record(id="r-bad", **change)
    if "engagement" in change:
        put(store, bad)  # a number of any size fits, for it is text in the row
        assert store.records(["r-bad"])["r-bad"] == bad
        return
    with pytest.raises(StoreError, match=r"surrogate|NUL"):
        put(store, good, bad)
    assert store.counts()["records"] == 0
