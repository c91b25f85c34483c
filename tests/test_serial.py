"""serial: every noun survives the round trip, and every fault is named by its path."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
from datetime import UTC, datetime, timedelta, timezone
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline import domain
from pipeline.domain import Claim, ClaimKind, Evidence, Hedge, Quantity, Source, Span, StoryCounts
from pipeline.serial import ShapeError, dumps, from_json, loads, pretty, to_json

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
floats = st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | st.integers() | floats | texts
east = timezone(timedelta(hours=5, minutes=30))
BASE: dict[object, st.SearchStrategy[object]] = {
    bytes: st.binary(max_size=40),
    str: texts,
    int: st.integers(),
    float: floats,
    bool: st.booleans(),
    object: st.recursive(leaves, st.lists, max_leaves=4),
    datetime: st.datetimes(timezones=st.sampled_from([UTC, east])),
    Span: st.builds(lambda start, size: Span(start, start + size), st.integers(0, 50), st.integers(1, 50)),
    Evidence: st.builds(
        lambda start, quote: Evidence("r", "h", start, start + len(quote), quote),
        st.integers(0, 99),
        texts.filter(lambda text: bool(text.strip())),
    ),
}


def values(hint: object, depth: int = 0) -> st.SearchStrategy[object]:
    """Values of a type hint; arrays get empty with depth, so that whole stories stay small."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in BASE:
        return BASE[hint]
    if origin in (Union, types.UnionType):
        return st.none() | values(arguments[0], depth)
    if origin is tuple:  # every tuple of the nouns is of one type and any length
        return st.lists(values(arguments[0], depth + 1), max_size=max(0, 2 - depth)).map(tuple)
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{name: values(part, depth + 1) for name, part in hints.items()})
    if origin is not None:
        return st.dictionaries(texts, values(arguments[1], depth + 1), max_size=2)
    return st.sampled_from(list(hint))  # an enum


NOUNS = [noun for _, noun in inspect.getmembers(domain, dataclasses.is_dataclass)]


def claim(**changes: object) -> Claim:
    whole = Claim(
        id="c1",
        record_id="r1",
        text="It rose 15 GW.",
        evidence=(Evidence("r1", "h", 0, 14, "It rose 15 GW."),),
        kind=ClaimKind.STATISTIC,
        hedge=Hedge.STATES,
        speaker=None,
        entities=("it",),
        quantities=(Quantity(Span(8, 13), "15 GW", 15e9, "W"),),
        dates=(),
        worth=1,
        published=NOW,
    )
    return dataclasses.replace(whole, **changes)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_survives_the_round_trip_through_canonical_text(noun: type) -> None:
    @settings(max_examples=3 if noun is domain.Dossier else 10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        try:
            made = data.draw(values(noun))
        except ValueError:  # the noun's own rules refuse some combinations
            assume(False)
        text = dumps(to_json(made))
        again = from_json(noun, loads(text))
        assert again == made
        assert dumps(to_json(again)) == text

    check()


def test_a_time_becomes_utc_with_z_and_an_enum_its_value() -> None:
    written = to_json(claim(published=NOW.astimezone(east)))
    assert written["published"] == "2026-03-01T12:00:00Z"
    assert written["kind"] == "statistic"
    assert written["worth"] == 1.0
    assert isinstance(written["worth"], float)


def test_faults_are_named_by_their_path() -> None:
    value = to_json(claim())
    value["quantities"][0]["span"]["end"] = "13"
    with pytest.raises(ShapeError, match=r"quantities\[0\]\.span\.end: expected a whole number, got str"):
        from_json(Claim, value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, r"unknown \['extra'\]"),
        ({"kind": "rumour"}, "kind: expected one of"),
        ({"published": "2026-03-01"}, "published: expected a time with a zone"),
        ({"published": "yesterday"}, "published: expected an ISO 8601 time"),
        ({"worth": True}, "worth: expected a number, got bool"),
        ({"worth": 10**400}, "worth: expected a finite number"),
        ({"evidence": []}, "without evidence"),
        ({"entities": "it"}, "entities: expected an array, got str"),
        ({"in_headline": 1}, "in_headline: expected true or false"),
        ({"speaker": 3}, "speaker: expected a string"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        from_json(Claim, to_json(claim()) | change)


def test_a_missing_field_is_an_error_unless_older_values_may_lack_it() -> None:
    value = to_json(claim())
    del value["context"], value["in_headline"]
    with pytest.raises(ShapeError, match=r"missing \['context', 'in_headline'\]"):
        from_json(Claim, value)
    assert from_json(Claim, value, fill=True) == claim()
    del value["text"]
    with pytest.raises(ShapeError, match=r"missing \['text'\]"):
        from_json(Claim, value, fill=True)


def test_a_noun_that_lies_about_its_fields_is_not_written() -> None:
    with pytest.raises(ShapeError, match="hedge: expected one of"):
        to_json(claim(hedge="surely"))
    with pytest.raises(ShapeError, match="worth: expected a finite number"):
        to_json(claim(worth=float("nan")))
    with pytest.raises(ShapeError, match="expected an array"):
        to_json(Source("a", "feed", "x", options={"when": NOW}))
    with pytest.raises(ShapeError, match="instance of a dataclass"):
        to_json(StoryCounts)


def test_canonical_text_does_not_depend_on_order_and_refuses_what_utf8_cannot_hold() -> None:
    assert dumps({"b": 1, "a": "é"}) == '{"a":"é","b":1}' == dumps({"a": "é", "b": 1})
    for bad in ({"a": float("inf")}, {"a": "\ud800"}):
        with pytest.raises(ValueError, match=r"surrogates not allowed|JSON compliant"):
            dumps(bad)
    for text in ('{"a":NaN}', '{"a":1,"a":2}'):
        with pytest.raises(ValueError, match=r"not JSON|repeats a key"):
            loads(text)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSONS)
def test_json_for_readers_is_that_of_the_standard_library(value):
    assert pretty(value) == json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
