"""Copies and faces: what of a text is compared, and which pairs are one text."""

from __future__ import annotations

import dataclasses
import pickle
import time
from datetime import timedelta

import numpy as np
import pytest
from factories import NOW, make_record
from hypothesis import given
from hypothesis import strategies as st
from origin_events import EVENTS

from pipeline.claiming.claims import extract
from pipeline.domain import Record
from pipeline.origins.copies import copied, pairs, told_again
from pipeline.origins.faces import Face, body_of, face, lines
from pipeline.origins.grouping import credit, group
from pipeline.origins.traces import Trace, Traces, furniture, packed, traces, unpacked
from pipeline.packing import packed as pickled
from pipeline.spill import Piece

HOSTILE = [
    "",
    "la" * 500_000,
    "la " * 300_000,
    "😀" * 5000,
    "\u0301" * 5000,
    "“" * 5000,
    "(A/B) " * 5000,
    "中" * 5000,
    "\n" * 5000,
]


def record(title: str, body: str, outlet: str = "A", hours: float = 0.0) -> Record:
    text = f"{title}\n\n{body}"
    return make_record(text, title=title, publisher=outlet, url=None, published=NOW + timedelta(hours=hours))


def faced(title: str, body: str, outlet: str = "A", hours: float = 0.0) -> Face:
    return face(record(title, body, outlet, hours))


WIRE = " ".join(EVENTS[0].wire)
SAID = "“" + EVENTS[0].said[0] + ",” said the union."


def test_what_is_quoted_is_kept_apart_from_what_is_written() -> None:
    one, other = faced("Plant", f"{WIRE} {SAID}"), faced("Plant", WIRE)
    assert len(np.setdiff1d(one.grams, one.written)) > len(EVENTS[0].said[0].split()) - 4
    assert len(np.setdiff1d(other.written, one.written)) == 0
    assert len(one.quotes) == 1
    assert not other.quotes


def test_a_caption_is_no_text() -> None:
    caption = "A mural by Tom Civil in Selmouth on Oct. 2. (A. Ray/Photo Agency)"
    assert body_of(record("The vote", caption)) == ""
    assert copied(faced("The vote is lost", caption), faced("What comes after the vote", caption)) is None


def test_furniture_is_what_one_outlet_prints_under_three_headlines() -> None:
    notice = "Write to us at any hour and an editor will answer you."
    printed = [record(f"Headline {n}", f"Number {n} happened in the town today. {notice}") for n in range(3)]
    alone = record("Another headline", notice)
    (line,) = lines(alone, "outlet a").tolist()
    assert furniture(traces(printed, {})).tolist() == [line]
    assert furniture(traces(printed[:2], {})).tolist() == []
    assert "write" not in face(printed[0], {line}).body
    assert [one.bare.tolist() for one in Traces().of(printed)] == [[line]] * 3


def fields_of(one: Trace) -> dict[str, object]:
    found = {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    found["codes"] = one.codes.read() if isinstance(one.codes, Piece) else one.codes
    return {k: (value.dtype, value.tolist()) if isinstance(value, np.ndarray) else value for k, value in found.items()}


def test_traces_travel_whole() -> None:
    told = [
        record(f"Headline {n}", " ".join([*event.wire, *event.said]), f"Paper {n}") for n, event in enumerate(EVENTS)
    ]
    odd = [record("", text) for text in HOSTILE] + [make_record("a b", kind="post", url=None, publisher=None)]
    for one, found in zip([*told, *odd], packed([*told, *odd]), strict=True):
        (made,) = traces([one], {})
        assert fields_of(unpacked(one, pickle.loads(pickled(found)))) == fields_of(made)


def test_traces_that_were_made_elsewhere_lose_furniture_and_are_made_anew_for_a_new_version() -> None:
    notice = "Write to us at any hour and an editor will answer you."
    printed = [record(f"Headline {n}", f"Number {n} happened in the town today. {notice}") for n in range(3)]
    taken = Traces()
    taken.take(zip(printed, packed(printed), strict=True))
    assert [fields_of(one) for one in taken.of(printed)] == [fields_of(one) for one in Traces().of(printed)]
    newer = [dataclasses.replace(one, text=one.text + " More is to come.") for one in printed]
    assert [fields_of(one) for one in taken.of(newer)] == [fields_of(one) for one in Traces().of(newer)]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Gold price on 3 March 2026", "Gold price on 4 March 2026", None),  # one outlet's series
        ("Gold price falls", "Gold price sinks", "near-identical text"),
    ],
)
def test_a_series_is_no_copy(first: str, second: str, told: str | None) -> None:
    one, other = faced(first, WIRE), faced(second, WIRE.replace("Monday", "Tuesday"), hours=20)
    assert copied(one, other) == told
    if told is None:
        assert not told_again(one, other)


def test_one_owner_is_asked_less_than_one_outlet() -> None:
    event = EVENTS[0]
    mine = faced(event.heads[0], f"{event.brief}. {event.wire[1]}", "A")
    sister = faced(event.heads[1], f"{event.brief}, it emerged. {event.own[0]}", "B", 3)
    later = faced(event.heads[1], f"{event.brief}, it emerged. {event.own[0]}", "A", 3)
    assert told_again(mine, sister)
    assert not told_again(mine, later)


def test_copying_has_no_direction() -> None:
    held = [
        faced(e.heads[n], " ".join(part), "ABC"[n])
        for e in EVENTS
        for n, part in enumerate((e.wire, e.wire[:3], e.own))
    ]
    for one in held:
        for other in held:
            assert copied(one, other) == copied(other, one)


def test_every_copy_is_worth_asking() -> None:
    held = [
        faced(e.heads[n], " ".join(part), "ABC"[n])
        for e in EVENTS
        for n, part in enumerate((e.wire, e.wire[:3], e.own))
    ]
    asked = pairs(traces([one.record for one in held], {}))
    for later, one in enumerate(held):
        for earlier in range(later):
            if copied(one, held[earlier]):
                assert earlier in asked[later]


def test_a_sentence_taken_over_word_for_word_is_its_writers() -> None:
    wire = record("Plant shuts", WIRE, "Harbour Wire")
    column = record(
        "What I think", f"I have never liked turbines. {EVENTS[0].wire[1]} So much for that.", "Coast Mail", 5
    )

    taken = credit(extract(column, min_worth=0.0), [column, wire], {wire.id: wire.id, column.id: column.id})
    assert [claim.text for claim in taken if claim.origin_id == wire.id] == [EVENTS[0].wire[1]]
    quoting = record("Union speaks", SAID, "Coast Mail", 5)
    heard = credit(extract(quoting, min_worth=0.0), [quoting, record("Plant", SAID, "Harbour Wire")], {})
    assert not any(claim.origin_id for claim in heard)


def test_hostile_texts_are_read_in_no_time() -> None:
    began = time.process_time()
    found = group([record(f"Text {n}", text, f"Outlet {n}") for n, text in enumerate(HOSTILE)])
    assert sum(len(origin.record_ids) for origin in found) == len(HOSTILE)
    assert time.process_time() - began < 5


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=120)), max_size=5))
def test_any_texts_can_be_compared(texts: list[tuple[str, str]]) -> None:
    held = [faced(title, body or "x", str(n)) for n, (title, body) in enumerate(texts)]
    for later, earlier in pairs(traces([one.record for one in held], {})).items():
        assert all(one < later for one in earlier)
    for one in held:
        for other in held:
            assert copied(one, other) == copied(other, one)
