"""An adapter of any package may give anything: what can be stored is kept, the rest is counted, and no night ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from desk import NOW, Desk
from hostile import HostileServer

from pipeline import records
from pipeline.domain import Batch, Cursor, Raw, Record, Source, TextQuality
from pipeline.serial import dumps, to_json
from pipeline.sources import load
from pipeline.sourcing import batches
from pipeline.stores import open_store

ODD = Source("odd", "odd", "odd://place")


def sound(number: int = 1, **changes: Any) -> Record:
    """A record of `ODD`."""
    item = records.Item(
        str(number), f"https://x.example/{number}", f"Quay {number} opens", "It rained.", TextQuality.SUMMARY, "Web"
    )
    made = records.record(replace(item, published=NOW), ODD, NOW)
    assert made is not None
    return replace(made, **changes)


UNSOUND: list[dict[str, Any]] = [
    {"title": "a\0b"},
    {"text": "a\ud800b"},
    {"author": "\ud800"},
    {"id": "r\0"},
    {"id": ""},
    {"id": None},
    {"id": []},
    {"text": None},
    {"native_id": None},
    {"engagement": {"likes": "many"}},
    {"engagement": {"likes": 10**5000}},
    {"engagement": None},
    {"via": None},
    {"url": 7},
    {"url": "javascript:alert(1)"},
    {"discussion_url": "file:///etc/passwd"},
    {"quality": "bogus"},
    {"text_score": float("nan")},
    {"text": "word " * 50_000},
    {"title": "word " * 200},
    {"source": "another"},
    {"published": datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))},
]
NO_BATCHES: list[Callable[[], object]] = [
    lambda: Batch((), Cursor(), dropped=None),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(), dropped={"a": "b"}),  # type: ignore[dict-item]
    lambda: Batch((), Cursor(), dropped={"a": -1}),
    lambda: Batch((), Cursor(), dropped={"\ud800": 1}),
    lambda: Batch((), Cursor(), notes=None),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(), notes=(5,)),  # type: ignore[arg-type]
    lambda: Batch((), None),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(position=5)),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(position="\ud800")),
    lambda: Batch((), Cursor(), raws=("x",)),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(), raws=(Raw("u", "t", "text"),)),  # type: ignore[arg-type]
    lambda: Batch((), Cursor(), identity="\ud800"),
    lambda: Batch((one for one in [sound()]), Cursor()),  # type: ignore[arg-type]
    lambda: Batch(None, Cursor()),  # type: ignore[arg-type]
]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with HostileServer() as server:
        store = open_store(":memory:")
        yield Desk(store, server)
        store.close()


@pytest.mark.parametrize("changes", UNSOUND, ids=lambda changes: next(iter(changes)))
def test_a_record_that_cannot_be_stored_costs_itself(changes: dict[str, Any]) -> None:
    batch = batches.checked(Batch((sound(1), sound(2, **changes)), Cursor("e")), ODD, NOW)
    assert [record.native_id for record in batch.records] == ["1"]
    assert (batch.dropped, batch.cursor) == ({batches.UNSOUND: 1}, Cursor("e"))
    assert "1 of its records cannot be stored" in batch.notes[0]
    dumps(to_json(batch))


@pytest.mark.parametrize("given", NO_BATCHES)
def test_what_is_no_batch_is_an_error_of_its_source(given: Callable[[], object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        batches.checked(given(), ODD, NOW)


def test_what_is_sound_stays_as_it_is_and_dates_are_such_as_can_be_reckoned_with() -> None:
    batch = Batch((sound(1), sound(2)), Cursor("e"), notes=("all well",), dropped={"no text": 2})
    assert batches.checked(batch, ODD, NOW) == batch
    far = batches.checked(Batch((sound(published=datetime(9999, 12, 31, tzinfo=UTC)),), Cursor()), ODD, NOW)
    assert (far.records[0].published, far.records[0].date_doubtful) == (NOW, True)
    for fetched in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):  # no night would look there
        found = batches.checked(Batch((sound(fetched=fetched),), Cursor()), ODD, NOW)
        assert found.records[0].fetched == NOW


@pytest.mark.parametrize("name", ["links_to_pages", "unlimited", "outside_index"])
def test_a_kind_that_cannot_say_what_it_is_costs_its_own_source(desk: Desk, name: str) -> None:
    def broken(adapter: object) -> bool:
        raise RuntimeError(name)

    read = {"read": lambda *given: Batch((sound(),), Cursor())}
    odd = type("Odd", (), {name: property(broken), **read})
    kit = desk.tools()
    good = desk.serve("/good", [1, 2])
    report = desk.night(good, ODD, adapters=lambda kind: odd() if kind == "odd" else load(kind, kit))
    assert (report.made, [failure.subject for failure in report.failures]) == (2, ["odd"])


def test_a_cursor_that_cannot_be_read_ends_no_night(desk: Desk) -> None:
    """Deeper than any parser goes, and with our own key in it."""

    class Deep:
        def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
            return Batch((sound(),), Cursor(position='{"citewire.waiting":' + "[" * 100_000))

    for night in range(2):
        report = desk.night(ODD, now=NOW + timedelta(days=night), adapters=lambda kind: Deep())
        assert (report.made, report.failures) == (1 - night, ())


class BrokenWordsError(Exception):
    """Not even its message can be had."""

    def __str__(self) -> str:
        raise ValueError


FAULTS = [
    SystemExit(3),
    KeyboardInterrupt(),
    asyncio.CancelledError(),
    BrokenWordsError(),
    ValueError("\ud800\0\x1b[2J"),
]


@pytest.mark.parametrize("given", [*UNSOUND[:2], *NO_BATCHES, *FAULTS], ids=lambda given: type(given).__name__)
def test_a_bad_adapter_costs_its_own_source_and_no_other(desk: Desk, given: object) -> None:
    class Odd:
        def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
            if isinstance(given, BaseException):
                raise given
            if isinstance(given, dict):
                return Batch((sound(1), sound(2, **given)), Cursor())
            return given()  # type: ignore[operator,no-any-return]

    kit = desk.tools()
    good = desk.serve("/good", [1, 2])
    report = desk.night(good, ODD, adapters=lambda kind: Odd() if kind == "odd" else load(kind, kit))
    dumps(to_json(report))
    assert sum(record.source == "good" for record in desk.records()) == 2
    assert isinstance(given, dict) or [failure.subject for failure in report.failures] == ["odd"]
    assert not any("\x1b" in failure.what for failure in report.failures)
