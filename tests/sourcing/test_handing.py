"""sourcing.handing: what one worker read arrives at another as it was; nothing else is taken for it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from factories import NOW, make_record

from pipeline.domain import Batch, Cursor, Raw, Source
from pipeline.errors import (
    ConfigurationError,
    FetchTimeout,
    HostSilent,
    HttpStatus,
    Moved,
    ParseError,
    Replaced,
    RobotsRefused,
    StoreError,
)
from pipeline.extract import Extracted
from pipeline.protocols import Habits
from pipeline.sourcing import handing, health
from pipeline.sourcing.choosing import Read
from pipeline.sourcing.fulltext import Found

SOURCE = Source("Wire", "feed", "https://wire.example/feed")


def test_a_batch_and_its_pages_arrive_as_they_were() -> None:
    raw = Raw("https://wire.example/feed", "text/xml", b"\x00\xff<rss>")
    record = make_record("A quay \U0001f600 opens\n\n漢", id="r1")
    batch = Batch((record,), Cursor('"1"', None, "p"), dropped={"old": 2}, notes=("n",), raws=(raw,), identity="a\nb")
    read = Read(SOURCE, batch, (record,), habits=Habits(links_to_pages=True), closed=NOW)
    pages = {
        "r1": Found(Extracted("t", "x\ny", published=datetime(2026, 5, 4, tzinfo=UTC)), None, "https://a.example", raw),
        "r2": Found(reason="answered 404"),
    }
    again, found = handing.unpacked(SOURCE, handing.packed(read, pages))
    assert again == read
    assert found["r2"] == pages["r2"]
    assert found["r1"].extracted == Extracted("t", "x\ny")
    assert (found["r1"].raw, found["r1"].url) == (raw, "https://a.example")


ERRORS: list[Callable[[], Exception]] = [
    lambda: HttpStatus("busy", status=429, retry_after=60.0),
    lambda: HttpStatus("gone", status=410),
    lambda: Moved("moved", target="https://other.example/feed"),
    lambda: Replaced("another"),
    lambda: RobotsRefused("closed", unread=True),
    lambda: HostSilent("silent"),
    lambda: FetchTimeout("late"),
    lambda: ParseError("no feed"),
    lambda: ConfigurationError("no such kind", key="source.kind", fix="feed"),
    lambda: ZeroDivisionError("division by zero"),
    lambda: KeyError("x"),
]


@pytest.mark.parametrize("make", ERRORS, ids=lambda make: type(make()).__name__)
def test_an_error_makes_the_same_health_where_it_arrives(make: Callable[[], Exception]) -> None:
    error = make()
    again, _ = handing.unpacked(SOURCE, handing.packed(Read(SOURCE, error=error), {}))
    assert type(again.error).__name__ == type(error).__name__
    assert health.after_failure(SOURCE, None, NOW, again.error) == health.after_failure(SOURCE, None, NOW, error)


@pytest.mark.parametrize("sent", [b"", b"\x80\x04N.", zlib.compress(b"{}"), zlib.compress(json.dumps([1]).encode())])
def test_other_bytes_are_refused_in_words(sent: bytes) -> None:
    with pytest.raises(StoreError, match=r"what another worker read of Wire cannot be understood.*same version"):
        handing.unpacked(SOURCE, sent)


def test_what_is_no_json_is_the_sources_error() -> None:
    batch = Batch((make_record("A quay.", id="r1"),), Cursor(), dropped={"old": object()})  # type: ignore[dict-item]
    again, _ = handing.unpacked(SOURCE, handing.packed(Read(SOURCE, batch), {}))
    assert again.batch is None
    assert again.error is not None
