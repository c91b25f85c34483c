"""What the night's report says of the outside index: how much of it no other source of the desk had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk import NOW, Desk
from hostile import HostileServer, reply

from pipeline.domain import Source
from pipeline.sources import gdelt
from pipeline.sourcing.telling import OFFLINE
from pipeline.stores import open_store


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(gdelt, "PACE", 0.0)
    store = open_store(":memory:")
    with HostileServer() as server:
        made = Desk(store, server)
        made.settings["full_text"] = False
        yield made
    store.close()


def index(desk: Desk, numbers: list[int], name: str = "index") -> Source:
    """An outside index that lists the pages `numbers` of the desk's own server."""
    listed = [{"url": f"{desk.server.url}/page/{number}", "title": f"Quay {number} opens"} for number in numbers]
    desk.server.routes["/doc"] = reply(json.dumps({"articles": listed}))
    return Source(name, "gdelt", f"{desk.server.url}/doc?query=quay")


@pytest.mark.parametrize("name", ["an index", "the index"])  # before and after the feed, by name
def test_what_other_sources_had_tonight_is_not_missed(desk: Desk, name: str) -> None:
    feed = desk.serve("/feed", [1, 2])
    report = desk.night(feed, index(desk, [2, 3, 4], name))
    assert f"{name}: 2 of 3 articles on its query were in no other source of this desk" in report.notes
    assert not any(note.startswith("feed: ") for note in report.notes)
    held = {record.source for record in desk.records() if record.url == f"{desk.server.url}/page/2"}
    assert held == {"feed"}  # who publishes a page speaks for it


def test_what_other_sources_had_before_is_not_missed(desk: Desk) -> None:
    feed = desk.serve("/feed", [1])
    desk.night(feed)
    later = NOW + timedelta(days=1)
    first = desk.night(index(desk, [1, 3]), now=later)
    assert "index: 1 of 2 articles on its query were in no other source of this desk" in first.notes
    again = desk.night(index(desk, [3]), now=later + timedelta(days=1))
    assert not any("in no other source" in note for note in again.notes)


def test_a_source_that_has_nothing_of_its_own_is_named(desk: Desk) -> None:
    wire = desk.serve("/feed", [1, 2], pages=False)
    twin = Source("twin", "feed", wire.address)
    for night in (0, 1):
        notes = desk.night(wire, twin, now=NOW + timedelta(days=night)).notes
        assert [note for note in notes if "needed" in note] == [
            "twin: all of its 2 items are pages of other sources; is it needed?"
        ]
    desk.serve("/feed", [2, 3], pages=False)
    other = Source("other", "feed", desk.serve("/more", [2, 4], pages=False).address)
    assert not any("other:" in note for note in desk.night(wire, other, now=NOW + timedelta(days=2)).notes)


def test_a_machine_without_a_network_is_told_so_once(desk: Desk) -> None:
    """Where no host can be reached, the sources are probably in order."""
    gone = [Source(name, "feed", f"http://{name}.example/feed") for name in ("one", "two")]
    assert OFFLINE in desk.night(*gone).notes
    refused = Source("three", "feed", f"{desk.server.url}/nothing-here")
    assert OFFLINE not in desk.night(*gone, refused, now=NOW + timedelta(days=1)).notes
