"""Asking many sources at once over loopback: who answers, who fails, who hangs, and that nobody waits for the last."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from desk import NOW, article, tools
from hostile import Chunks, HostileServer, Request, reply

from pipeline.domain import Batch, Cursor, Source, SourceHealth
from pipeline.errors import ConfigurationError, ParseError
from pipeline.protocols import SourceAdapter, Store
from pipeline.sources import Tools, load
from pipeline.sourcing.fulltext import Read
from pipeline.sourcing.searching import HUNG, Place, Search, gather, search, searchable, unasked


def hits(base: str, *numbers: int) -> bytes:
    """An answer of Algolia's search with the stories of these numbers."""
    found = [
        {
            "objectID": str(number),
            "title": f"Quay {number} opens in harbour",
            "url": f"{base}/page/{number}",
            "created_at_i": int(NOW.timestamp()) - 60 * number,
        }
        for number in numbers
    ]
    return reply(json.dumps({"hits": found}))


def board(name: str, server: HostileServer, path: str = "/api", *, place: str | None = None) -> Source:
    """A source of kind hackernews whose search is below `path` on `server`."""
    base = f"http://{place or server.place}"
    return Source(name, "hackernews", f"{base}/v0", options={"search": base + path})


def elsewhere(server: HostileServer) -> str:
    """The same server under another host name, so that its requests are a queue of their own."""
    return f"localhost:{server.port}"


def asleep(request: Request) -> Chunks:
    time.sleep(10)
    yield b""


def ask(store: Store, *sources: Source, kit: Tools, deadline: float = 3.0) -> Search:
    return search(
        store,
        sources,
        "quay",
        days=7,
        limit=20,
        deadline=deadline,
        adapters=lambda kind: load(kind, kit),
        fetcher=kit.fetcher,
        engine=kit.engine,
        settings=kit.settings,
        now=NOW,
    )


def test_what_is_found_is_read_in_full_and_stored_and_cursors_stay(store: Store, server: HostileServer) -> None:
    server.routes["/api/search"] = hits(server.url, 8)
    server.routes["/page/8"] = reply(article(8), Content_Type="text/html")
    found = ask(store, board("Board", server), kit=tools(server))
    assert (found.report.seen, found.report.made, found.report.failures) == (1, 1, ())
    (record,) = store.records(found.places[0].record_ids).values()
    assert "12 million euros" in record.text
    assert store.cursor("Board") == Cursor()
    again = ask(store, board("Board", server), kit=tools(server))
    assert (again.report.made, again.report.dropped) == (0, {"known already": 1})
    assert again.places[0].record_ids == found.places[0].record_ids
    assert server.paths().count("/page/8") == 1


def test_one_hangs_one_fails_one_is_empty_and_one_answers(store: Store, server: HostileServer) -> None:
    with HostileServer({"/api/search": asleep}) as sleeping, HostileServer() as broken:
        broken.routes["/api/search"] = reply("", "500 Oops")
        server.routes["/api/search"] = hits(server.url, 1, 2)
        server.routes["/none/search"] = hits(server.url)
        kit = tools(allow_private=(server.place, elsewhere(sleeping), broken.place), timeout=30.0)
        sources = (
            board("A", server),
            board("B", broken),
            board("C", sleeping, place=elsewhere(sleeping)),
            board("D", server, "/none"),
        )
        began = time.monotonic()
        found = ask(store, *sources, kit=kit, deadline=1.0)
        assert time.monotonic() - began < 2.5
    by_name = {place.name: place for place in found.places}
    assert list(by_name) == ["A", "B", "C", "D"]
    assert (len(by_name["A"].record_ids), by_name["A"].problem) == (2, None)
    assert "500" in (by_name["B"].problem or "")
    assert (by_name["C"].hung, by_name["C"].problem) == (True, HUNG.format(seconds=1.0))
    assert by_name["D"] == Place("D")
    assert [failure.subject for failure in found.report.failures] == ["B", "C"]
    assert found.report.made == 2
    assert store.health() == {}


def test_sources_are_asked_side_by_side() -> None:
    def later(source: Source) -> Batch:
        time.sleep(0.3)
        return Batch((), Cursor())

    began = time.monotonic()
    sources = [Source(f"s{n}", "slow", f"https://s{n}.example/") for n in range(20)]
    answers, _ = gather(sources, later, lambda source, batch: (), Read, began + 5.0)
    assert time.monotonic() - began < 2.0
    assert set(answers) == {source.name for source in sources}


def test_a_page_that_is_later_than_the_deadline_leaves_the_searchs_own_text(
    store: Store, server: HostileServer
) -> None:
    with HostileServer({"/page/1": asleep}) as sleeping:
        server.routes["/api/search"] = hits(f"http://{elsewhere(sleeping)}", 1)
        kit = tools(allow_private=(server.place, elsewhere(sleeping)), timeout=30.0)
        found = ask(store, board("A", server), kit=kit, deadline=0.8)
    assert found.report.made == 1
    assert "0 of 1 pages read in full; the search's own text stands for 1" in found.report.notes
    (record,) = store.records(found.places[0].record_ids).values()
    assert record.title == "Quay 1 opens in harbour"


def test_pages_are_read_while_another_source_hangs(store: Store, server: HostileServer) -> None:
    with HostileServer({"/api/search": asleep}) as sleeping:
        server.routes["/api/search"] = hits(server.url, 3)
        server.routes["/page/3"] = reply(article(3), Content_Type="text/html")
        kit = tools(allow_private=(server.place, elsewhere(sleeping)), timeout=30.0)
        found = ask(store, board("A", server), board("B", sleeping, place=elsewhere(sleeping)), kit=kit, deadline=4.0)
    (record,) = store.records(found.places[0].record_ids).values()
    assert "12 million euros" in record.text
    assert found.places[1].hung


def test_a_page_that_two_sources_give_is_stored_once_and_counted_for_both(store: Store, server: HostileServer) -> None:
    server.routes["/api/search"] = server.routes["/other/search"] = hits(server.url, 5)
    found = ask(store, board("B", server), board("A", server, "/other"), kit=tools(server))
    assert found.report.made == 1
    assert [place.name for place in found.places] == ["A", "B"]
    assert found.places[0].record_ids == found.places[1].record_ids
    assert next(iter(found.records.values())).source in {"A", "B"}
    assert next(iter(store.records(found.places[0].record_ids).values())).source == "A"


def test_a_search_says_nothing_of_a_sources_nights(store: Store, server: HostileServer) -> None:
    night = SourceHealth("Board", NOW, ok=True, last_success=NOW, empties=1)
    store.save_batch("Board", [], Cursor(position="17"), night)
    server.routes["/api/search"] = hits(server.url, 1)
    assert ask(store, board("Board", server), kit=tools(server)).report.made == 1
    assert store.health() == {"Board": night}
    assert store.cursor("Board") == Cursor(position="17")


def test_who_wants_to_be_left_alone_is_not_asked(store: Store, server: HostileServer) -> None:
    busy = SourceHealth("Board", NOW, ok=False, error="busy", failures=1, retry_at=NOW + timedelta(hours=6))
    store.save_health(busy)
    found = ask(store, board("Board", server), kit=tools(server))
    assert server.log == []
    assert found.places[0].problem == "not asked: it is left alone until 2026-05-04 12:00 UTC (busy)"


def test_a_pause_that_a_search_was_told_holds_for_the_next_process(store: Store, server: HostileServer) -> None:
    server.routes["/api/search"] = reply("", "429 Slow down", Retry_After="3600")
    for _ in range(2):
        (place,) = ask(store, board("one", server), kit=tools(server)).places
        assert place.problem
    assert server.paths() == ["/api/search"]


# --- whom to ask -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Able:
    """An adapter that can search."""

    about: object = None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        raise ParseError("not asked here")

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        return Batch((), Cursor())


def adapters(kinds: Mapping[str, object]):  # type: ignore[no-untyped-def]
    def of(kind: str) -> SourceAdapter:
        if kind not in kinds:
            raise ConfigurationError(f'unknown kind "{kind}"', key="source.kind")
        return kinds[kind]  # type: ignore[return-value]

    return of


KINDS: Mapping[str, object] = {
    "open": Able(SimpleNamespace(default_address="https://api.example/")),
    "closed": Able(SimpleNamespace(default_address=None)),
    "feed": SimpleNamespace(read=None),
}


def chosen(sources: Sequence[Source], kinds: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    able, unable = searchable(sources, kinds, adapters(KINDS))
    return [(s.name, s.address) for s in able], [(place.name, place.problem or "") for place in unable]


def test_configured_sources_and_named_kinds_are_asked_and_the_others_are_named() -> None:
    mine = Source("Mine", "closed", "https://mine.example/")
    able, unable = chosen([mine, Source("Wire", "feed", "x"), Source("Odd", "none", "x")], ["open", "closed", "zzz"])
    assert able == [("Mine", "https://mine.example/"), ("open", "https://api.example/")]
    assert [name for name, _ in unable] == ["closed", "zzz"]
    assert "cannot be searched without a [[source]]" in unable[0][1]
    assert 'unknown kind "zzz"' in unable[1][1]


def test_a_kind_that_a_source_reads_at_the_same_address_is_asked_once() -> None:
    able, unable = chosen([Source("Board", "open", "https://api.example/")], ["open", "open"])
    assert (able, unable) == ([("Board", "https://api.example/")], [])
    able, _ = chosen([Source("open", "open", "https://own.example/")], ["open"])
    assert able == [("open", "https://own.example/"), ("open search", "https://api.example/")]


def test_kinds_that_cannot_be_asked_are_told_with_the_places(store: Store, server: HostileServer) -> None:
    _, unable = searchable([], ["zzz"], adapters(KINDS))
    found = unasked(ask(store, kit=tools(server)), unable)
    assert [place.name for place in found.places] == ["zzz"]
    assert [failure.subject for failure in found.report.failures] == ["zzz"]
