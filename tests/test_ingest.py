"""The first stage over loopback with the real store: what enters, what is counted, and that no source hurts another."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NOW, Desk, article, rss, rss_item
from hostile import Chunks, HostileServer, Request, reply

from pipeline import ingest as stage
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.engines.local import LocalEngine
from pipeline.extract import Page, extract_page
from pipeline.protocols import SourceAdapter, Store, no_checkpoint
from pipeline.sources import load
from pipeline.sources.feed import Payload, parse
from pipeline.sourcing.quarantine import WaryEngine
from pipeline.sourcing.reading import lane

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalEngine]:
    """Real, killable processes."""
    with LocalEngine(
        workers=2, memory=1 << 30, cpu=5, preload=("feedparser", "trafilatura", "pipeline.extract")
    ) as engine:
        yield engine


def test_a_night_and_the_same_night_again(desk: Desk) -> None:
    feed = desk.serve("/feed", [1, 2, 3], ETag='"1"')
    first = desk.night(feed)
    assert (first.stage, first.seen, first.made, first.dropped, first.failures) == ("ingest", 3, 3, {}, ())
    assert first.notes == ("3 of 3 pages read in full",)
    record = desk.records()[0]
    assert record.text.startswith("Quay 1 opens in harbour\n\nThe mayor opened quay 1")
    assert (record.quality, record.fetched) == (TextQuality.FULL, NOW)
    assert desk.store.cursor("feed") == Cursor('"1"', None, None)
    asked = len(desk.server.log)
    again = desk.night(feed)
    assert (again.made, again.dropped) == (0, {"known already": 3})
    assert len(desk.server.log) == asked + 1  # pages of known records are not fetched again
    assert desk.server.log[-1].headers["if-none-match"] == '"1"'
    assert [r.content_hash for r in desk.records()] == [r.content_hash for r in desk.records()]


def test_not_modified_counts_as_a_quiet_success(desk: Desk) -> None:
    feed = desk.serve("/feed", [1], ETag='"1"')
    desk.night(feed)
    desk.server.routes["/feed"] = reply("", "304 Not Modified")
    report = desk.night(feed, now=NOW + DAY)
    health = desk.store.health()["feed"]
    assert (report.seen, report.made, report.failures) == (0, 0, ())
    assert (health.ok, health.empties, health.failures, health.last_success) == (True, 1, 0, NOW + DAY)
    assert health.last_item == desk.records()[0].published
    assert desk.store.cursor("feed").etag == '"1"'


def drip(request: Request) -> Chunks:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"<"
        time.sleep(0.05)


def bomb(request: Request) -> Chunks:
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    yield gzip.compress(bytes(80 << 20), 9)


def test_every_kind_of_bad_source_leaves_the_good_one_alone(desk: Desk) -> None:
    desk.settings["timeout"] = 0.6
    good = desk.serve("/good", [1, 2])
    whole = gzip.compress(rss([rss_item(9)]).encode())
    bad = {
        "404": reply("", "404 Not Found"),
        "500": reply("", "500 Oops"),
        "drip": drip,
        "bomb": bomb,
        "huge": reply(b"<rss>" + b" " * 20_000_000),
        "cut length": b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<rss>",
        "cut gzip": reply(whole[:-10], Content_Encoding="gzip"),
        "nested gzip": reply(gzip.compress(whole), Content_Encoding="gzip, gzip"),
        "gzip in gzip": reply(gzip.compress(whole), Content_Encoding="gzip"),
        "brotli": reply(b"xx", Content_Encoding="br"),
        "empty reply": reply(""),
        "html": reply("<!doctype html><html><body>Log in</body></html>"),
        "garbage": b"\x00\x01",
        "loop": reply("", "302 Found", Location="/loop"),
        "inside": reply("", "302 Found", Location="http://169.254.169.254/latest"),
        "broken": reply("<rss><channel><item>"),
    }
    for name, route in bad.items():
        desk.server.routes["/" + name.replace(" ", "-")] = route
    sources = [desk.feed("/" + name.replace(" ", "-"), name) for name in bad]
    sources += [
        Source("refused", "feed", "http://127.0.0.1:1/"),
        Source("private", "feed", "http://10.0.0.7/"),
        Source("no such host", "feed", "http://dead.example/"),
        Source("no address", "feed", "not an address"),
        Source("unknown kind", "fed", "x"),
        Source("no file", "files", "/does/not/exist"),
    ]
    desk.settings["allow_private"] = (desk.server.place, "127.0.0.1:1")
    report = desk.night(good, *sources)
    assert report.made == 2
    assert sorted(failure.subject for failure in report.failures) == sorted(source.name for source in sources)
    assert not stage.all_failed(report)
    for failure in report.failures:
        assert len(failure.what) > 20, failure
        assert "Traceback" not in failure.what
        assert failure.consequence.startswith("nothing new from it tonight: first failure, never read so far; tried")
        assert desk.store.cursor(failure.subject) == Cursor()
    texts = {failure.subject: failure.what for failure in report.failures}
    assert "did you mean" in texts["unknown kind"]
    assert "allow_private" in texts["private"]
    assert "timed out after 0.6 s" in texts["drip"]
    assert desk.store.health()["500"].failures == 1
    again = desk.night(good, *sources, now=NOW + DAY)
    assert "failure 2 in a row" in again.failures[0].consequence


def test_every_source_failing_is_told(desk: Desk) -> None:
    report = desk.night(desk.feed("/a"), desk.feed("/b"))
    assert stage.all_failed(report)
    assert not stage.all_failed(desk.night())


def test_an_adapter_that_breaks_is_a_failure_of_its_source(desk: Desk) -> None:
    class Broken:
        def read(self, source: Source, cursor: Cursor, now: object) -> Batch:
            raise ZeroDivisionError("oops")

    good = desk.serve("/feed", [1])
    kit = desk.tools()

    def adapters(kind: str) -> SourceAdapter:
        return Broken() if kind == "broken" else load(kind, kit)

    report = desk.night(Source("bad", "broken", "x"), good, adapters=adapters)
    assert report.made == 1
    assert report.failures[0].what == "its adapter broke (ZeroDivisionError: oops); report this to whoever wrote it"


@pytest.mark.parametrize("given", [None, [], "batch", Batch(({"title": "x"},), Cursor()), Batch((None,), Cursor())])  # type: ignore[arg-type]
def test_an_adapter_that_gives_no_batch_of_records_is_a_failure_of_its_source(desk: Desk, given: object) -> None:
    class Odd:
        def read(self, source: Source, cursor: Cursor, now: object) -> Batch:
            return given  # type: ignore[return-value]

    good = desk.serve("/feed", [1])
    kit = desk.tools()
    report = desk.night(
        Source("bad", "odd", "x"), good, adapters=lambda kind: Odd() if kind == "odd" else load(kind, kit)
    )
    assert report.made == 1
    assert "something else than a batch of records" in report.failures[0].what


# --- pages that name each other --------------------------------------------------------------------------------------


def named(number: int, address: str) -> bytes:
    """An article whose page gives `address` as its own."""
    link = f"<link rel='canonical' href='{address}'></head>"
    return reply(article(number).replace("</head>", link), Content_Type="text/html; charset=utf-8")


@pytest.mark.parametrize("leads", [{1: 2, 2: 1}, {1: 2, 2: 3, 3: 1}, {1: 2, 2: 4}, {1: 9, 2: 1}, {2: 1}, {1: 2}])
@pytest.mark.parametrize("apart", [False, True])
def test_pages_that_name_each_other_end_no_night_and_lose_no_article(
    desk: Desk, leads: dict[int, int], apart: bool
) -> None:
    sources = [desk.serve(f"/f{n}", [n]) for n in (3, 2, 1)] if apart else [desk.serve("/feed", [1, 2, 3])]
    for number, lead in leads.items():
        desk.server.routes[f"/page/{number}"] = named(number, f"{desk.server.url}/page/{lead}")
    first = desk.night(*sources)
    ids = {record.id for record in desk.records()}
    assert first.made == len(ids) >= 1
    assert first.made + first.dropped.get("page known at another address", 0) == 3
    assert desk.night(*sources).made <= 1  # of two items that lead to one page the first listed speaks for it from now
    stored = {record.id: record.content_hash for record in desk.records()}
    assert stored.keys() == ids
    for night in (0, 1, 2):
        again = desk.night(*sources, now=NOW + night * DAY)
        assert (again.made, again.failures) == (0, ())
    assert {record.id: record.content_hash for record in desk.records()} == stored


# --- text ------------------------------------------------------------------------------------------------------------


WALL = (
    "<html><body><article><p>We value your privacy and use cookies for many purposes on this device.</p>"
    "<p>Please choose whether our 812 partners may store and read information about you.</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (reply("", "404 Not Found"), "1 answered 404"),
        (reply("%PDF", Content_Type="application/pdf"), "1 not HTML"),
        (reply("<html><body>Hi</body></html>", Content_Type="text/html"), "1 no article text"),
        (reply(WALL, Content_Type="text/html"), "1 not about its headline"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<html>", "1 cut off: 127.0.0.1"),
        (reply(b"<html>" + b"<p>x</p>" * 3_000_000), "1 larger than 5 MiB: 127.0.0.1"),
    ],
)
def test_without_its_page_a_record_keeps_the_feeds_text(desk: Desk, page: bytes, reason: str) -> None:
    feed = desk.serve("/feed", [1], pages=False)
    desk.server.routes["/page/1"] = page
    report = desk.night(feed)
    assert report.made == 1
    assert reason in report.notes[0]
    assert desk.records()[0].text.endswith("The quay was opened by the mayor on Monday.")
    assert desk.records()[0].quality is TextQuality.SUMMARY


def test_robots_txt_closes_pages_not_feeds(desk: Desk) -> None:
    feed = desk.serve("/feed", [1, 2])
    desk.server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /")
    report = desk.night(feed)
    assert report.notes == (
        "0 of 2 pages read in full; the feed's own text stands for 2 (2 closed by robots.txt: 127.0.0.1)",
    )
    assert not [path for path in desk.server.paths() if path.startswith("/page")]


def test_a_host_in_trouble_is_left_alone(desk: Desk) -> None:
    desk.settings["timeout"] = 0.3
    feed = desk.serve("/feed", range(8), pages=False)
    for number in range(8):
        desk.server.routes[f"/page/{number}"] = drip
    report = desk.night(feed)
    assert "timed out after 0.3 s" in report.notes[0]
    assert "5 host in trouble" in report.notes[0]
    assert 2 <= len([path for path in desk.server.paths() if path.startswith("/page")]) <= 3
    assert report.made == 8


@pytest.mark.parametrize("how", ["settings", "source"])
def test_full_text_can_be_switched_off(desk: Desk, how: str) -> None:
    feed = desk.serve("/feed", [1])
    desk.settings["full_text"] = how != "settings"
    desk.night(replace(feed, options={"full_text": how != "source"}))
    assert not [path for path in desk.server.paths() if path.startswith("/page")]


def hang(page: Page) -> None:
    time.sleep(60)


def die(page: Page) -> None:
    os.kill(os.getpid(), 11)


def test_a_parser_that_hangs_or_crashes_loses_its_document_only(workers: LocalEngine) -> None:
    pages = [Page(article(n).encode(), f"https://x.example/{n}") for n in range(3)]
    started = time.monotonic()
    stuck = list(workers.map(hang, pages[:2], timeout=0.5))
    crashed = list(workers.map(die, pages[:1], timeout=5))
    fine = list(workers.map(extract_page, pages, timeout=20))
    assert all(outcome.error for outcome in [*stuck, *crashed])
    assert ["12 million euros" in outcome.value.text for outcome in fine] == [True] * 3
    assert time.monotonic() - started < 15


def test_a_worker_that_really_dies_is_known_by_its_document(workers: LocalEngine) -> None:
    engine, page = WaryEngine(workers), Page(article(1).encode(), "https://x.example/1")
    for tries in (1, 2):
        assert [outcome.killed for outcome in engine.map(die, [page], timeout=5)] == [True]
        assert [(one.url, one.tries) for one in engine.changed(NOW)] == [("https://x.example/1", tries)]
    refused, fine = engine.map(extract_page, [page, Page(article(2).encode(), "https://x.example/2")], timeout=20)
    assert "in quarantine" in (refused.error or "")
    assert "12 million euros" in fine.value.text


def test_a_feed_that_hangs_its_parser_costs_only_itself(
    store: Store, server: HostileServer, workers: LocalEngine
) -> None:
    desk = Desk(store, server, workers, parse_timeout=1.5)
    good = desk.serve("/good", [1])
    attributes = " ".join(f'a{n}="x"' for n in range(60_000))
    server.routes["/slow"] = reply(rss([f"<item {attributes}><title>Quay</title></item>", "<x" * 100_000]))
    started = time.monotonic()
    report = desk.night(desk.feed("/slow"), good)
    assert time.monotonic() - started < 20
    assert report.made == 1
    assert [failure.subject for failure in report.failures] in ([], ["slow"])


def test_comment_openers_do_not_hang_the_desk(workers: LocalEngine) -> None:
    body = rss([f"<item><title>Quay</title><description><![CDATA[{'<!--' * 250_000}]]></description></item>"])
    started = time.monotonic()
    list(workers.map(parse, [Payload(body.encode(), "https://x.example/", "")], timeout=2))
    assert time.monotonic() - started < 10


# --- what enters -----------------------------------------------------------------------------------------------------


def test_the_newest_enter_and_the_rest_follows(desk: Desk) -> None:
    desk.settings.update(max_new=3, full_text=False)
    items = [rss_item(n, date=f"Mon, 04 May 2026 0{n}:00:00 GMT") for n in range(5)]
    desk.server.routes["/feed"] = reply(rss(items), ETag='"1"')
    first = desk.night(desk.feed("/feed"))
    assert (first.made, first.dropped) == (3, {"postponed to the next night": 2})
    assert [record.native_id for record in desk.records()] == ["g2", "g3", "g4"]
    assert desk.store.cursor("feed").etag == '"1"'
    desk.server.routes["/feed"] = reply("", "304 Not Modified")
    assert desk.night(desk.feed("/feed"), now=NOW + DAY).made == 2
    assert desk.store.cursor("feed") == Cursor('"1"')
    assert {record.fetched for record in desk.records()} == {NOW, NOW + DAY}
    assert desk.night(desk.feed("/feed"), now=NOW + 2 * DAY).made == 0


def test_who_waits_is_not_lost_when_the_feed_drops_it(desk: Desk) -> None:
    desk.settings.update(max_new=2, full_text=False)
    desk.server.routes["/feed"] = reply(rss([rss_item(n, date=f"Mon, 04 May 2026 0{n}:00:00 GMT") for n in range(5)]))
    desk.night(desk.feed("/feed"))
    desk.server.routes["/feed"] = reply(rss([rss_item(9, date="Tue, 05 May 2026 01:00:00 GMT")]))
    made = [desk.night(desk.feed("/feed"), now=NOW + n * DAY).made for n in range(1, 5)]
    assert made == [2, 2, 0, 0]
    assert [record.native_id for record in desk.records()] == ["g0", "g1", "g2", "g3", "g4", "g9"]


def test_files_are_not_capped(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "title": f"Quay {n}"}) + "\n" for n in range(2500)))
    source = Source("Archive", "files", str(path))
    desk.settings["max_new"] = 200
    assert desk.night(source).made == 2500
    assert desk.night(source, now=NOW + DAY).made == 0
    assert desk.server.log == []


def test_one_page_of_two_sources_enters_once_and_always_from_the_same(desk: Desk) -> None:
    a, b = desk.serve("/a", [1, 2]), desk.serve("/b", [2, 3])
    report = desk.night(b, a)
    assert (report.made, report.dropped) == (3, {"page of another source": 1})
    assert {record.native_id: record.source for record in desk.records()} == {"g1": "a", "g2": "a", "g3": "b"}
    assert desk.night(a, b, now=NOW + DAY).made == 0


def test_a_changed_text_is_a_new_version(desk: Desk) -> None:
    desk.settings["full_text"] = False
    desk.server.routes["/feed"] = reply(rss([rss_item(1, text="It cost 12 million.")]))
    desk.night(desk.feed("/feed"))
    desk.server.routes["/feed"] = reply(rss([rss_item(1, text="It cost 21 million.")]))
    report = desk.night(desk.feed("/feed"), now=NOW + DAY)
    assert (report.made, len(desk.records())) == (1, 1)
    assert desk.records()[0].text.endswith("It cost 21 million.")


def test_a_summary_never_replaces_a_full_text(desk: Desk) -> None:
    feed = desk.serve("/feed", [1])
    desk.night(feed)
    full = desk.records()[0].text
    desk.server.routes["/feed"] = reply(rss([rss_item(1, desk.server.url, text="Shorter and changed.")]))
    assert desk.night(feed, now=NOW + DAY).made == 0
    assert desk.records()[0].text == full


def test_what_adapters_drop_is_in_the_report(desk: Desk) -> None:
    desk.settings["full_text"] = False
    nothing = "<item><guid>x</guid><description>&lt;img src=x&gt;</description></item>"
    again = rss_item(1, text="The quay was opened again.")
    desk.server.routes["/feed"] = reply(rss([rss_item(1), again, nothing]))
    report = desk.night(desk.feed("/feed"))
    assert (report.seen, report.made) == (3, 1)
    assert report.dropped == {"only markup": 1, "same id twice in the feed": 1}


# --- manners and memory ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "wait"), [("172800", 2 * DAY), ("", timedelta(hours=6))])
def test_a_source_that_asks_for_a_pause_gets_it(desk: Desk, header: str, wait: timedelta) -> None:
    other = desk.serve("/other", [1])
    desk.server.routes["/feed"] = reply("", "429 Slow down", Retry_After=header)
    feed = Source("zz", "feed", desk.server.url + "/feed")  # after "other": the host is closed from then on
    report = desk.night(other, feed)
    assert desk.store.health()["zz"].retry_at == NOW + wait
    assert "left alone until" in report.failures[0].consequence
    asked = desk.server.paths().count("/feed")
    early = desk.night(feed, now=NOW + timedelta(hours=5))
    assert "wants to be left alone" in early.notes[0]
    assert stage.all_failed(early)
    assert desk.server.paths().count("/feed") == asked
    desk.night(feed, now=NOW + wait + timedelta(minutes=1))
    assert desk.server.paths().count("/feed") == asked + 1


def test_the_same_night_again_counts_nothing_twice(desk: Desk) -> None:
    quiet, gone = desk.serve("/quiet", [1]), desk.feed("/gone")
    desk.night(quiet, gone)
    for night in (NOW + DAY, NOW + 2 * DAY):
        before = None
        for _ in range(3):
            desk.night(quiet, gone, now=night)
            before = before or desk.store.health()
            assert desk.store.health() == before
    health = desk.store.health()
    assert (health["quiet"].empties, health["gone"].failures) == (2, 3)


def test_the_same_night_again_lets_nobody_in_who_waits_for_the_next(desk: Desk) -> None:
    desk.settings.update(max_new=2, full_text=False)
    items = [rss_item(n, date=f"Mon, 04 May 2026 0{n}:00:00 GMT") for n in range(5)]
    desk.server.routes["/feed"] = reply(rss(items), ETag='"1"')
    assert desk.night(desk.feed("/feed")).made == 2
    assert desk.night(desk.feed("/feed")).made == 0
    desk.server.routes["/feed"] = reply("", "304 Not Modified")
    assert desk.night(desk.feed("/feed")).made == 0
    assert [record.native_id for record in desk.records()] == ["g3", "g4"]
    assert [desk.night(desk.feed("/feed"), now=NOW + n * DAY).made for n in (1, 2, 3)] == [2, 1, 0]


def test_a_failure_keeps_cursor_and_records(desk: Desk) -> None:
    feed = desk.serve("/feed", [1], ETag='"1"')
    desk.night(feed)
    desk.server.routes["/feed"] = b'HTTP/1.1 200 OK\r\nETag: "2"\r\nContent-Length: 999\r\n\r\n<rss>'
    report = desk.night(feed, now=NOW + DAY)
    assert "cut off" in report.failures[0].what
    assert "last read 2026-05-04 06:00 UTC" in report.failures[0].consequence
    assert desk.store.cursor("feed").etag == '"1"'
    assert len(desk.records()) == 1


class Killed(BaseException):
    """Stands for a kill at a checkpoint."""


@pytest.mark.parametrize("point", ["ingest.read", "ingest.pages", "ingest.source"])
def test_a_night_that_dies_is_made_up_for_by_the_next(desk: Desk, point: str) -> None:
    sources = [desk.serve("/a", [1, 2]), desk.serve("/b", [3])]

    def checkpoint(name: str) -> None:
        if name == point:
            raise Killed(name)

    desk.checkpoint = checkpoint
    with pytest.raises(Killed):
        desk.night(*sources)
    assert desk.records() == []
    desk.checkpoint = no_checkpoint
    assert desk.night(*sources).made == 3
    assert [record.native_id for record in desk.records()] == ["g1", "g2", "g3"]


@pytest.mark.parametrize(
    ("kind", "address", "shared"),
    [
        ("feed", "https://OUTLET.example.:443/rss", "outlet.example"),
        ("feed", "feed://outlet.example/rss", "outlet.example"),
        ("feed", "feed:https://outlet.example/rss", "outlet.example"),
        ("reddit", "r/harbours", "reddit service"),
        ("bluesky", "at://did:plc:abc/app.bsky.graph.list/1", "bluesky service"),
        ("files", "/home/desk/notes", "files Wire"),
    ],
)
def test_who_shares_a_host_waits_for_its_turn_there(kind: str, address: str, shared: str) -> None:
    assert lane(Source("Wire", kind, address)) == shared


def test_hosts_are_read_side_by_side_and_one_host_in_turn(desk: Desk) -> None:
    busy: list[tuple[str, float, float]] = []

    def slow(request: Request) -> Chunks:
        began = time.monotonic()
        time.sleep(0.3)
        busy.append((request.headers["host"].partition(":")[0], began, time.monotonic()))
        yield reply(rss([]))

    desk.server.routes["/feed"] = slow
    port = desk.server.port
    desk.settings["allow_private"] = (f"127.0.0.1:{port}", f"localhost:{port}")
    hosts = ["127.0.0.1", "localhost", "127.0.0.1", "localhost"]
    report = desk.night(*(Source(f"s{n}", "feed", f"http://{host}:{port}/feed") for n, host in enumerate(hosts)))
    assert report.failures == ()

    def overlaps(same_host: bool) -> bool:
        pairs = itertools.combinations(busy, 2)
        return any(a[1] < b[2] and b[1] < a[2] for a, b in pairs if (a[0] == b[0]) is same_host)

    assert overlaps(same_host=False)
    assert not overlaps(same_host=True)
