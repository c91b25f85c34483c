"""Store contract, counting: which records arrived when, and origins an hour, the same for every store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOW, make_claim, make_health, make_record, make_storyline

from pipeline.domain import BeatScore, Cursor, Origin, Record
from pipeline.protocols import Analysis, Store

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
SENTENCE = "The council approved the plan by a vote of nine to two."


def record(name: str, ago: float, *, late: float = 0, **more: object) -> Record:
    """Published so many hours ago, fetched `late` hours after that."""
    at = NOW - ago * HOUR
    return make_record(f"{name}\n\n{SENTENCE}", id=name, published=at, fetched=at + late * HOUR, **more)


def put(store: Store, *records: Record) -> None:
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))


def test_a_record_arrives_when_it_came_out_or_when_it_was_read_if_that_is_surer(store: Store) -> None:
    put(
        store,
        record("plain", 5, late=2),
        record("ahead", 2, late=-3),  # dated after it was read
        record("doubtful", 40, late=38, date_doubtful=True),
        record("old", 60, late=50),
        record("edge", 24),
        record("unread", 3, late=10),
    )
    assert store.arrivals(NOW - DAY, NOW) == ["ahead", "doubtful", "plain"]
    assert store.arrivals(NOW - 2 * DAY, NOW - DAY) == ["edge"]


def test_an_origin_that_came_before_was_heard(store: Store) -> None:
    put(store, record("first", 30), record("copy", 3), record("fresh", 2))
    store.save_analysis(
        Analysis(("copy", "first", "fresh"), origins=(Origin("o1", ("copy", "first")), Origin("o2", ("fresh",))))
    )
    assert store.heard(["o1", "o2", "o3"], NOW - DAY) == frozenset({"o1"})


def test_origins_are_counted_once_an_hour_with_the_first_of_their_records(store: Store) -> None:
    records = [record("a", 30.5), record("copy", 28, source="mirror"), record("b", 30.2), record("c", 49.9)]
    put(store, *records)
    beats = {one.id: (BeatScore("Energy", 0.9, "x"), BeatScore("World", 0.5, "y")) for one in records[:3]}
    origins = (Origin("o1", ("a", "copy")), Origin("o2", ("b",)))
    store.save_analysis(Analysis(tuple(one.id for one in records), origins=origins, record_beats=beats))
    found = store.hourly("beat", NOW - 3 * DAY, NOW - DAY, NOW)
    assert found.keys == ("Energy", "World")
    assert (found.subject.tolist(), found.hour.tolist(), found.count.tolist()) == ([0, 1], [30, 30], [2, 2])
    by_source = store.hourly("source", NOW - 3 * DAY, NOW - DAY, NOW)
    assert by_source.keys == by_source.sources == ("harbour-wire", "mirror")
    rows = zip(by_source.subject.tolist(), by_source.hour.tolist(), by_source.count.tolist(), strict=True)
    assert list(rows) == [(0, 30, 2), (0, 49, 1), (1, 28, 1)]  # what has no origin counts as its own
    assert store.hourly("source", NOW - 3 * DAY, NOW - 2 * DAY, NOW).hour.tolist() == [49]


def test_living_storylines_are_counted_with_the_hour_of_their_birth(store: Store) -> None:
    records = [record("a", 30.5), record("b", 40.5)]
    put(store, *records)
    claims = [make_claim(one, SENTENCE) for one in records]
    alive = make_storyline(claims[:1], id="s1", founded=NOW - 30.5 * HOUR)
    merged = make_storyline(claims[1:], id="s2", merged_into="s1")
    store.save_analysis(Analysis(("a", "b"), claims=tuple(claims), storylines=(alive, merged)))
    found = store.hourly("storyline", NOW - 3 * DAY, NOW - DAY, NOW)
    assert found.keys == ("s1",)
    assert (found.hour.tolist(), found.born.tolist()) == ([30], [30])
    assert store.hourly("entity", NOW - 3 * DAY, NOW, NOW).keys == ()


def test_nothing_else_can_be_counted(store: Store) -> None:
    with pytest.raises(KeyError):
        store.hourly("weather", NOW - DAY, NOW, NOW)
