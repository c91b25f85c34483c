"""What a night remembers for the next: other addresses, raw documents, moved and silent sources, hosts, killers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from desk import DAY, NOW, Desk, article, rss, rss_item
from hostile import Chunks, HostileServer, Request, reply

from pipeline import ingest as stage
from pipeline.domain import Batch, Cursor, Raw, Source, TextQuality
from pipeline.engines.local import LocalEngine
from pipeline.errors import Moved
from pipeline.fetch import HttpFetcher
from pipeline.protocols import Outcome, SourceAdapter, Store
from pipeline.sources import load
from pipeline.sources.feed import Payload
from pipeline.sourcing import health
from pipeline.sourcing.quarantine import WaryEngine
from pipeline.sourcing.searching import search
from pipeline.stores import open_store


def hosts(desk: Desk, *names: str) -> None:
    desk.settings["allow_private"] = tuple(f"{name}:{desk.server.port}" for name in names)


# --- raw documents ---------------------------------------------------------------------------------------------------


def test_what_a_record_was_read_from_is_kept_for_a_time(desk: Desk) -> None:
    feed = desk.serve("/feed", [1, 2])
    desk.server.routes["/page/2"] = reply("", "404 Not Found")
    desk.night(feed)
    full, summary = desk.records()
    assert full.raw is not None
    assert summary.raw is not None
    page, listing = desk.store.raw(full.raw), desk.store.raw(summary.raw)
    assert page is not None
    assert listing is not None
    assert (page.body, page.media_type) == (article(1).encode(), "text/html; charset=utf-8")
    assert listing.url == feed.address
    assert b"<rss" in listing.body
    desk.night(feed, now=NOW + 30 * DAY)
    assert desk.store.raw(full.raw) == page
    desk.night(feed, now=NOW + 31 * DAY)
    assert desk.store.raw(full.raw) is None


def test_nothing_raw_is_kept_where_that_is_not_wanted(desk: Desk) -> None:
    desk.settings["keep_raw_days"] = 0
    desk.night(desk.serve("/feed", [1]))
    raw = desk.records()[0].raw
    assert raw is not None
    assert desk.store.raw(raw) is None


# --- addresses that pages give themselves ----------------------------------------------------------------------------


def page_at(number: int, canonical: str) -> bytes:
    head = f'<head><link rel="canonical" href="{canonical}">'
    return reply(article(number).replace("<head>", head, 1), Content_Type="text/html")


def test_a_page_known_under_its_own_address_is_neither_doubled_nor_read_again(desk: Desk) -> None:
    feed = desk.serve("/feed", [1])
    own = f"{desk.server.url}/2026/05/quay-1"
    desk.server.routes["/page/1"] = page_at(1, own)
    desk.night(feed)
    (record,) = desk.records()
    assert record.url == own
    item = rss_item(1, desk.server.url, guid="zz")
    desk.server.routes["/other"] = reply(rss([item.replace("/page/1", "/2026/05/quay-1")]))
    asked = len(desk.server.log)
    report = desk.night(feed, desk.feed("/other"), now=NOW + DAY)
    assert report.made == 0
    assert report.dropped == {"known already": 1, "page of another source": 1}
    assert not [request for request in desk.server.log[asked:] if request.path.startswith(("/page", "/2026"))]
    assert len(desk.records()) == 1


def test_two_listings_of_one_page_are_one_record_of_the_first_source(desk: Desk) -> None:
    own = f"{desk.server.url}/2026/05/quay"
    a, b = desk.serve("/a", [1]), desk.serve("/b", [2])
    desk.server.routes["/page/1"] = desk.server.routes["/page/2"] = page_at(1, own)
    report = desk.night(b, a)
    assert (report.made, report.dropped) == (1, {"page known at another address": 1})
    assert [(record.source, record.url) for record in desk.records()] == [("a", own)]
    asked = desk.server.paths().count("/page/2")
    assert desk.night(b, a, now=NOW + DAY).made == 0
    assert desk.server.paths().count("/page/2") == asked


def test_a_page_that_a_search_found_is_known_to_the_next_night(desk: Desk) -> None:
    own = f"{desk.server.url}/2026/05/quay-1"
    desk.server.routes["/page/1"] = page_at(1, own)
    kit = desk.tools()
    listed = desk.serve("/feed", [1], pages=False)

    class Searchable:
        links_to_pages = True

        def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
            return load("feed", kit).read(source, cursor, now)

        def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
            return self.read(source, Cursor(), now)

    adapter = Searchable()
    found = search(
        desk.store,
        [Source("Board", "board", listed.address)],
        "quay",
        days=7,
        limit=5,
        deadline=10.0,
        adapters=lambda _: adapter,
        fetcher=kit.fetcher,
        engine=kit.engine,
        settings=kit.settings,
        now=NOW,
    )
    assert found.report.made == 1
    assert isinstance(kit.fetcher, HttpFetcher)
    kit.fetcher.close()
    (record,) = desk.records()
    assert (record.url, record.lang) == (own, "en")
    assert record.raw is not None
    assert desk.store.raw(record.raw) is not None
    desk.server.routes["/other"] = reply(rss([rss_item(1, desk.server.url).replace("/page/1", "/2026/05/quay-1")]))
    report = desk.night(listed, desk.feed("/other"), now=NOW + DAY)
    assert (report.made, report.dropped) == (0, {"page of another source": 2})


def test_a_page_is_not_believed_about_another_domain_or_that_it_is_a_home_page(desk: Desk) -> None:
    feed = desk.serve("/feed", [1, 2])
    desk.server.routes["/page/1"] = page_at(1, "https://elsewhere.example/stolen")
    desk.server.routes["/page/2"] = page_at(2, f"{desk.server.url}/")
    desk.night(feed)
    assert [record.url for record in desk.records()] == [f"{desk.server.url}/page/{n}" for n in (1, 2)]


STORIES = {
    1: ("Ferry aground", "Nobody on board was hurt when it struck a sandbank near the old lighthouse before dawn."),
    2: ("Fish dearer", "Three weeks of storms kept trawlers at home, and cod now costs a tenth more than in March."),
}


def test_a_site_that_gives_all_pages_one_address_loses_none(desk: Desk) -> None:
    items = []
    for n, (title, text) in STORIES.items():
        head = f'<link rel="canonical" href="{desk.server.url}/news"><title>{title}</title>'
        page = f"<html><head>{head}</head><body><article><h1>{title}</h1><p>{title}. {text}</p></article></body></html>"
        desk.server.routes[f"/page/{n}"] = reply(page, Content_Type="text/html")
        items.append(rss_item(n, desk.server.url, text=f"{title}.").replace(f"Quay {n} opens in harbour", title))
    desk.server.routes["/feed"] = reply(rss(items))
    report = desk.night(desk.feed("/feed"))
    assert (report.made, report.notes) == (2, ("2 of 2 pages read in full",))
    assert len({record.id for record in desk.records()}) == 2


def test_a_page_reserved_by_its_publisher_is_not_read(desk: Desk) -> None:
    feed = desk.serve("/feed", [1])
    desk.server.routes["/page/1"] = reply(article(1), Content_Type="text/html", X_Robots_Tag="noai, noimageai")
    report = desk.night(feed)
    assert "1 reserved from reading by machines: 127.0.0.1" in report.notes[0]
    (record,) = desk.records()
    assert record.quality is TextQuality.SUMMARY
    assert "12 million" not in record.text


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("AdvertiserContentArticle", "declared as paid for"), ("SatiricalArticle", "declared as satire")],
)
def test_t119_a_page_that_is_no_news_by_its_own_word_makes_no_record(desk: Desk, kind: str, rule: str) -> None:
    feed = desk.serve("/feed", [1, 2])
    told = f'<script type="application/ld+json">{{"@type": ["{kind}"], "headline": "Quay"}}</script></head>'
    desk.server.routes["/page/1"] = reply(article(1).replace("</head>", told), Content_Type="text/html")
    assert told in article(1).replace("</head>", told)
    for now in (NOW, NOW + DAY):
        report = desk.night(feed, now=now)
        assert report.dropped[rule] == 1
        assert [record.url for record in desk.records()] == [f"{desk.server.url}/page/2"]
        assert "declared" not in " ".join(report.notes)


def test_t119_what_a_feed_files_under_paid_texts_or_in_such_a_section_makes_no_record(desk: Desk) -> None:
    items = [rss_item(n, desk.server.url) for n in (1, 2, 3)]
    items[0] = items[0].replace("</item>", "<category>Harbours</category><category>Sponsored Content</category></item>")
    items[1] = items[1].replace("/page/2", "/satire/2")
    items[2] = items[2].replace("</item>", "<category>Satire</category></item>")  # it may be about it
    desk.server.routes["/feed"] = reply(rss(items))
    report = desk.night(desk.feed("/feed"))
    assert (report.dropped["declared as paid for"], report.dropped["declared as satire"]) == (1, 1)
    assert [record.url for record in desk.records()] == [f"{desk.server.url}/page/3"]


# --- sources that move, change hands or go ---------------------------------------------------------------------------


class Kind:
    """An adapter that does as it is told."""

    def __init__(self, read: Callable[[Source, Cursor, datetime], Batch]) -> None:
        self._read = read
        self.asked = 0

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        self.asked += 1
        return self._read(source, cursor, now)


def test_a_source_that_leads_to_another_domain_is_held_until_it_is_accepted_or_back(desk: Desk) -> None:
    source = Source("Wire", "odd", "https://harbour.example/feed")
    away = True

    def read(source: Source, cursor: Cursor, now: datetime) -> Batch:
        if away:
            raise Moved("moved for good", target="https://parked.example/feed")
        return Batch((), cursor)

    kind = Kind(read)
    report = desk.night(source, adapters=lambda _: kind)
    assert report.failures[0].remedy.endswith('citewire sources accept "Wire" takes that as its address')
    assert desk.store.health()["Wire"].moved_to == "https://parked.example/feed"
    away = False
    desk.night(source, adapters=lambda _: kind, now=NOW + DAY)
    state = desk.store.health()["Wire"]
    assert (state.ok, state.quarantined, state.moved_to) == (True, None, None)


def test_another_publication_at_the_address_is_kept_out_until_it_is_accepted(desk: Desk) -> None:
    desk.settings["full_text"] = False

    def feed(title: str, site: str, number: int) -> bytes:
        head = f"<title>{title}</title><link>{site}</link>"
        return reply(rss([rss_item(number)]).replace("<title>Harbour Wire</title>", head, 1))

    source = desk.feed("/feed", "Wire")
    desk.server.routes["/feed"] = feed("Harbour Wire", "https://harbour.org/", 1)
    assert desk.night(source).made == 1
    desk.server.routes["/feed"] = feed("Cheap watches", "https://watches.org/", 2)
    report = desk.night(source, now=NOW + DAY)
    assert (report.made, len(desk.records())) == (0, 1)
    assert "Cheap watches" in report.failures[0].what
    assert 'citewire sources accept "Wire"' in report.failures[0].remedy
    desk.store.save_health(health.accepted(desk.store.health()["Wire"], NOW + DAY))
    assert desk.night(source, now=NOW + 2 * DAY).made == 1
    assert desk.night(source, now=NOW + 3 * DAY).failures == ()


def test_a_source_that_is_gone_is_asked_again_at_another_address_only(desk: Desk) -> None:
    desk.server.routes["/feed"] = reply("", "410 Gone")
    source = desk.feed("/feed", "Wire")
    assert "not asked again" in desk.night(source).failures[0].consequence
    asked = len(desk.server.log)
    report = desk.night(source, now=NOW + 100 * DAY)
    assert len(desk.server.log) == asked
    assert 'citewire sources accept "Wire" asks it once more' in report.notes[0]
    moved = desk.serve("/new", [1])
    assert desk.night(Source("Wire", "feed", moved.address), now=NOW + 101 * DAY).made == 1


def test_a_new_address_is_read_from_the_beginning_and_who_waited_is_not_lost(desk: Desk) -> None:
    desk.settings.update(max_new=1, full_text=False)
    desk.serve("/old", [1, 2], ETag='"old"')
    desk.night(desk.feed("/old", "Wire"))
    desk.serve("/new", [3], ETag='"new"')
    desk.night(desk.feed("/new", "Wire"), now=NOW + DAY)
    assert "if-none-match" not in desk.server.log[-1].headers
    desk.night(desk.feed("/new", "Wire"), now=NOW + 2 * DAY)
    assert [record.native_id for record in desk.records()] == ["g1", "g2", "g3"]


def test_a_source_by_another_name_is_not_taken_twice_and_who_waited_is_not_lost(desk: Desk) -> None:
    desk.settings |= {"max_new": 2, "full_text": False}
    desk.serve("/feed", [1, 2, 3], pages=False)
    undated = "<item><guid isPermaLink='false'>n{0}</guid><title>Note {0} of the harbour master</title></item>"
    notes = [undated.format(n) for n in (1, 2)]
    desk.server.routes["/notes"] = reply(rss(notes))
    desk.night(desk.feed("/feed", "Wire"), desk.feed("/notes", "Notes"))
    before = {record.id for record in desk.records()}
    desk.server.routes["/feed"] = reply("", "500 Oops")
    again = [desk.feed("/feed", "Harbour Wire"), desk.feed("/notes", "Harbour Notes")]
    assert desk.night(*again, now=NOW + DAY).made == 0  # of the notes, none is new
    desk.serve("/feed", [], pages=False)
    report = desk.night(*again, now=NOW + 2 * DAY)
    assert (report.made, len(desk.records())) == (1, 5)
    assert {record.source for record in desk.records() if record.id not in before} == {"Harbour Wire"}
    assert desk.night(*again, now=NOW + 3 * DAY).made == 0


def test_a_redirect_within_the_site_is_followed_and_told_when_it_has_lasted(desk: Desk) -> None:
    desk.serve("/new", [1])
    desk.server.routes["/feed"] = reply("", "301 Moved Permanently", Location="/new")
    told = [desk.night(desk.feed("/feed", "Wire"), now=NOW + n * DAY).notes for n in range(8)]
    advice = f'Wire: it has redirected to {desk.server.url}/new since 2026-05-04; citewire sources accept "Wire" writes'
    assert [any(note.startswith(advice) for note in notes) for notes in told] == [False] * 7 + [True]


# --- patience --------------------------------------------------------------------------------------------------------


def test_a_source_that_keeps_failing_is_left_out_ever_longer_and_every_night_says_so(desk: Desk) -> None:
    good, bad = desk.serve("/good", [1]), desk.feed("/bad")
    asked = []
    for night in range(12):
        before = desk.server.paths().count("/bad")
        report = desk.night(good, bad, now=NOW + night * DAY)
        if desk.server.paths().count("/bad") > before:
            asked.append(night)
            assert [failure.subject for failure in report.failures] == ["bad"]
        else:
            assert any(note.startswith("bad: not asked after") for note in report.notes)
    assert asked == [0, 1, 2, 4, 7]
    desk.serve("/bad", [2])
    assert desk.night(good, bad, now=NOW + 12 * DAY).made == 1
    assert desk.store.health()["bad"].failures == 0


@pytest.mark.parametrize("header", ["172800", ""])
def test_a_host_that_asks_for_a_pause_gets_it_from_all_its_sources(desk: Desk, header: str) -> None:
    hosts(desk, "127.0.0.1", "localhost")
    desk.server.routes["/a"] = reply("", "429 Too Many Requests", Retry_After=header)
    b = desk.serve("/b", [1], pages=False)
    elsewhere = Source("elsewhere", "feed", f"http://localhost:{desk.server.port}/b", options={"full_text": False})
    report = desk.night(desk.feed("/a"), b, elsewhere)
    assert [failure.subject for failure in report.failures] == ["a"]
    assert report.notes[0].startswith("b: not asked, its host wants to be left alone until 2026-05-0")
    assert not stage.all_failed(report)
    later = desk.night(desk.feed("/a"), b, elsewhere, now=NOW + timedelta(hours=5))
    assert [note[:2] for note in later.notes] == ["a:", "b:"]
    assert "127.0.0.1" not in {request.headers["host"].partition(":")[0] for request in desk.server.log[4:]}
    desk.serve("/a", [2])
    assert desk.night(desk.feed("/a"), b, elsewhere, now=NOW + 3 * DAY).failures == ()


def test_what_a_host_has_asked_for_is_stored_while_the_night_goes_on(tmp_path_factory, server) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("store") / "a.db"
    desk = Desk(open_store(path), server)
    hosts(desk, "127.0.0.1", "localhost")
    seen: list[list[str]] = []

    def slow(request: Request) -> Chunks:
        time.sleep(1.2)
        other = open_store(path)
        seen.append([state.host for state in other.hosts()])
        other.close()
        yield reply(rss([]))

    server.routes["/slow"] = slow
    desk.serve("/fast", [], pages=False)
    fast = Source("fast", "feed", f"http://localhost:{server.port}/fast")
    desk.night(fast, desk.feed("/slow"))
    assert any("localhost" in host for host in seen[0])
    desk.store.close()


# --- time ------------------------------------------------------------------------------------------------------------


def test_when_the_nights_time_is_over_what_is_there_is_kept_and_the_rest_named(desk: Desk) -> None:
    hosts(desk, "127.0.0.1", "localhost")
    desk.settings.update(night_seconds=1.0, timeout=30)
    good = desk.serve("/good", [1])

    def hang(request: Request) -> Chunks:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b" "
            time.sleep(0.05)

    desk.server.routes["/hang"] = hang
    stuck = [Source(f"stuck {n}", "feed", f"http://localhost:{desk.server.port}/hang") for n in range(5)]
    began = time.monotonic()
    report = desk.night(good, *stuck)
    assert time.monotonic() - began < 5
    assert report.made == 1
    (failure,) = report.failures
    assert (failure.subject, failure.what) == ("the night's reading", "its 1 seconds were over")
    assert "5 sources were not read (stuck 0, stuck 1, stuck 2 and 2 more)" in failure.consequence
    assert "night_seconds" in failure.remedy
    assert not stage.all_failed(report)
    assert "stuck 0" not in desk.store.health()
    assert stage.all_failed(desk.night(*stuck))


def test_a_night_is_as_long_as_its_slowest_host_pages_included(desk: Desk) -> None:
    """One host takes its time for its feed, the other as long for the pages of its own."""
    names = ("localhost", "127.0.0.1")
    hosts(desk, *names)

    def slowly(body: str, seconds: float) -> Callable[[Request], Chunks]:
        def answer(request: Request) -> Chunks:
            time.sleep(seconds)
            yield reply(body, Content_Type="text/html")

        return answer

    base = f"http://127.0.0.1:{desk.server.port}"
    desk.server.routes["/slow"] = slowly(rss([]), 1.6)
    desk.server.routes["/feed"] = slowly(rss([rss_item(k, base) for k in range(5)]), 0.1)
    for k in range(5):
        desk.server.routes[f"/page/{k}"] = slowly(article(k), 0.3)
    slow = Source("slow", "feed", f"http://localhost:{desk.server.port}/slow")
    began = time.monotonic()
    report = desk.night(slow, desk.feed("/feed"))
    assert report.made == 5
    assert report.notes[-1] == "5 of 5 pages read in full"
    assert time.monotonic() - began < 2.7  # feeds first, then pages: 3.2


def test_sources_not_read_for_longest_come_first(desk: Desk) -> None:
    a, b, c = (desk.serve(f"/{name}", []) for name in "abc")
    desk.night(a, c)
    desk.night(c, now=NOW + DAY)
    asked = len(desk.server.log)
    desk.night(a, b, c, now=NOW + 2 * DAY)
    assert [path for path in desk.server.paths()[asked:] if path != "/robots.txt"] == ["/b", "/a", "/c"]


# --- documents that kill their parser --------------------------------------------------------------------------------


class Fragile:
    """An engine of this process whose worker "dies" of documents that hold the word deadly."""

    def __init__(self) -> None:
        self._inner = LocalEngine()
        self.parsed = 0

    apart = True

    def map(
        self, function: Callable[[Payload], object], items: Sequence[Payload], *, timeout: float | None = None
    ) -> Iterator[Outcome]:
        for item in items:
            self.parsed += 1
            body: bytes = getattr(item, "body", b"") or getattr(item, "html", b"")
            if b"deadly" in body:
                yield Outcome(error="stopped after 30 s", killed=True)
            else:
                yield from self._inner.map(function, [item])

    def close(self) -> None:
        """Nothing to end."""


def test_a_feed_that_kills_its_parser_is_tried_twice_and_named(desk: Desk) -> None:
    desk.server.routes["/bad"] = reply(rss([rss_item(1, text="deadly")]))
    good, bad = desk.serve("/good", [2]), desk.feed("/bad")
    parsed = []
    for night in range(5):
        engine = Fragile()
        desk.engine = WaryEngine(engine)  # type: ignore[arg-type]
        report = desk.night(good, bad, now=NOW + night * DAY)
        parsed.append(engine.parsed)
        told = [note for note in report.notes if note.startswith("bad: http")]
        if night < 2:
            assert len(told) == 1
            assert ("it is tried once more", "it is not parsed again until it changes")[night] in told[0]
    assert "in quarantine until it changes" in str(desk.store.health()["bad"].error)
    assert parsed[1] == 2
    assert parsed[4] == 1  # the good one; the third night is the breaker's
    (document,) = desk.store.quarantine()
    assert (document.source, document.tries, document.since) == ("bad", 2, NOW)
    desk.server.routes["/bad"] = reply(rss([rss_item(1, text="mended")]))
    assert desk.night(good, bad, now=NOW + 20 * DAY).made == 1


def test_a_page_that_kills_its_parser_leaves_the_feeds_text_and_is_named(desk: Desk) -> None:
    feed = desk.serve("/feed", [1])
    desk.server.routes["/page/1"] = reply(article(1) + "deadly", Content_Type="text/html")
    told = []
    for night in range(3):
        desk.engine = WaryEngine(Fragile())  # type: ignore[arg-type]
        desk.server.routes["/feed"] = reply(
            rss([rss_item(1, desk.server.url).replace("Quay 1 opens", f"{night} quays")])
        )
        told.append(desk.night(feed, now=NOW + night * DAY).notes)
    assert [len(notes) for notes in told] == [2, 2, 1]
    assert "/page/1 stopped its parser (stopped after 30 s); it is tried once more" in told[0][1]
    assert "it is not parsed again until it changes" in told[1][1]
    assert "1 in quarantine for stopping its parser: 127.0.0.1" in told[2][0]
    assert desk.records()[0].quality is TextQuality.SUMMARY


# --- silence ---------------------------------------------------------------------------------------------------------


def test_a_source_that_falls_silent_is_named_until_it_speaks_again(desk: Desk) -> None:
    desk.settings["full_text"] = False
    feed, numbers, told = desk.feed("/feed", "Wire"), iter(range(1000)), []
    for night in range(14):
        date = f"{NOW + night * DAY:%a, %d %b %Y 01:00:00 GMT}"
        new = [rss_item(next(numbers), date=date) for _ in range(4 if night not in range(8, 13) else 0)]
        desk.server.routes["/feed"] = reply(rss(new))
        notes = desk.night(feed, now=NOW + night * DAY).notes
        told.append(any("silent: it usually brings 4.0 new items a read and brought none" in note for note in notes))
    assert told == [False] * 10 + [True] * 3 + [False]
    state = desk.store.health()["Wire"]
    assert (state.listed, state.fresh, state.usual) == (4, 4, 4.0)


# --- all at once -----------------------------------------------------------------------------------------------------


def test_records_carry_what_configuration_and_text_say(desk: Desk) -> None:
    desk.settings["full_text"] = False
    desk.server.routes["/feed"] = reply(
        rss([rss_item(1, text="Der Hafen hat am Montag einen neuen Kai eröffnet, sagte der Bürgermeister.", date="x")])
    )
    source = Source("Wire", "feed", f"{desk.server.url}/feed", owner="Port AG", country="DE", note="often late")
    desk.night(source)
    (record,) = desk.records()
    assert (record.owner, record.country, record.note, record.lang) == ("Port AG", "DE", "often late", "de")
    assert record.date_doubtful
    assert record.backfill


def test_the_order_of_answers_changes_nothing(server: HostileServer) -> None:
    """The same sources, answering in two orders: the same records, owners, addresses and health."""
    found, home = [], f"http://127.0.0.1:{server.port}"
    for delays in ((0.0, 0.15, 0.3), (0.3, 0.15, 0.0)):
        store = open_store(":memory:")
        desk = Desk(store, server)
        names = ["127.0.0.1", "localhost", "127.0.0.1"]
        hosts(desk, *names)
        sources = []
        for n, (name, delay) in enumerate(zip(names, delays, strict=True)):

            def answer(request: Request, n: int = n, delay: float = delay) -> Chunks:
                time.sleep(delay)
                yield reply(rss([rss_item(k, home) for k in range(n, n + 3)]))

            server.routes[f"/feed{n}"] = answer
            sources.append(Source(f"s{2 - n}", "feed", f"http://{name}:{server.port}/feed{n}"))
        for k in range(6):
            server.routes[f"/page/{k}"] = page_at(k, f"{home}/own/{k // 2}" if k < 4 else f"{home}/page/{k}")
        desk.night(*sources)
        found.append((desk.records(), store.health(), store.aliases([r.id for r in desk.records()])))
        store.close()
    assert found[0] == found[1]
    assert len(found[0][0]) > 2


def test_a_kind_that_gives_raws_of_its_own_keeps_those_its_records_name(desk: Desk) -> None:
    desk.settings["full_text"] = False
    kit = desk.tools()
    inner = load("feed", kit)
    desk.serve("/feed", [1])
    extra = Raw("https://x.example/", "text/plain", b"unnamed")

    class Wide:
        def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
            batch = inner.read(source, cursor, now)
            return Batch(batch.records, batch.cursor, raws=(*batch.raws, extra))

    adapter: SourceAdapter = Wide()
    desk.night(desk.feed("/feed"), adapters=lambda _: adapter)
    raw = desk.records()[0].raw
    assert raw is not None
    assert desk.store.raw(raw) is not None
    assert desk.store.raw(extra.hash) is None


# --- clocks and cables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "jumps",
    [(0, -1, 1, 2), (0, 3650, 1, 2, 3), (0, 0.02, 0.04, 1), (0, 1, 1.0 - 1 / 24, 2)],
    ids=["a day back", "ten years forward and back", "again within the hour", "an hour back"],
)
def test_a_clock_that_jumps_loses_and_doubles_nothing(desk: Desk, jumps: tuple[float, ...]) -> None:
    desk.settings.update(max_new=2, full_text=False)
    gone = desk.feed("/gone")
    listed: list[int] = []
    for step, days in enumerate(jumps):
        listed += [10 * step, 10 * step + 1, 10 * step + 2]
        desk.serve("/feed", listed[-6:], pages=False)
        desk.night(desk.feed("/feed"), gone, now=NOW + timedelta(days=days))
    for day in range(3, 12):
        desk.night(desk.feed("/feed"), gone, now=NOW + day * DAY)
    stored = desk.store.records_between(NOW - 9 * DAY, NOW + 5000 * DAY)
    assert sorted(record.native_id for record in stored) == sorted(f"g{n}" for n in listed)
    assert 3 <= desk.server.paths().count("/gone") <= 10


def test_a_cable_that_is_pulled_in_mid_night_costs_that_night_only(store: Store) -> None:
    server = HostileServer()
    desk = Desk(store, server, full_text=False)
    sources = [desk.serve(f"/{name}", [n], pages=False) for n, name in enumerate("abc")]

    def pull(request: Request) -> Chunks:
        server._socket.close()
        yield b""

    server.routes["/b"] = pull
    report = desk.night(*sources)
    assert (report.made, [failure.subject for failure in report.failures]) == (1, ["b", "c"])
    assert stage.all_failed(desk.night(*sources, now=NOW + DAY))
    with HostileServer(port=server.port) as mended:
        desk.server = mended
        for n, name in enumerate("abc"):
            desk.serve(f"/{name}", [n], pages=False)
        report = desk.night(*sources, now=NOW + 2 * DAY)
    assert (report.made, report.failures) == (2, ())
    assert len(desk.records()) == 3


def test_a_resolver_that_is_down_fails_every_source_and_nothing_else(desk: Desk) -> None:
    names = [Source(name, "feed", f"https://{name}.example/feed") for name in ("a", "b")]
    desk.serve("/good", [1])
    desk.night(desk.feed("/good"))
    report = desk.night(*names, now=NOW + DAY)
    assert stage.all_failed(report)
    assert len(report.failures) == 2
    assert len(desk.records()) == 1
