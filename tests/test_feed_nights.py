"""Two nights of one feed: what its site changes in between brings no article twice and loses none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from desk import NOW, Desk, rss
from hostile import HostileServer, reply

from pipeline.domain import Cursor, Record, Source, StageReport
from pipeline.protocols import Store

DAY = timedelta(days=1)
BASE = "https://harbour.example"


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with HostileServer() as server:
        yield Desk(store, server, full_text=False)


def item(number: int, *, link: str | None = f"{BASE}/page/{{}}", guid: str | None = "g{}", text: str = "") -> str:
    """An item with a text of its own; `link` and `guid` are patterns for its number, None for none."""
    said = (
        text
        or f"Quay number {number} was opened by mayor number {number} before {number + 40} guests on Monday morning."
    )
    parts = [f"<title>Quay {number} opens to ships of class {number}</title>", f"<description>{said}</description>"]
    parts += [f"<link>{link.format(number)}</link>"] if link else []
    parts += [f'<guid isPermaLink="false">{guid.format(number)}</guid>'] if guid else []
    return f"<item>{''.join(parts)}<pubDate>Sun, 03 May 2026 {number:02}:00:00 GMT</pubDate></item>"


def night(desk: Desk, items: Sequence[str], number: int = 0, **headers: str) -> StageReport:
    desk.server.routes["/feed"] = reply(rss(items), **headers)
    return desk.night(Source("feed", "feed", desk.server.url + "/feed", lang="en"), now=NOW + number * DAY)


def texts(desk: Desk) -> list[str]:
    return sorted(record.text for record in desk.records())


CHANGES: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "all ids made anew": (item, lambda n: item(n, guid="urn:new:{}")),
    "all ids made anew, no links": (lambda n: item(n, link=None), lambda n: item(n, link=None, guid="urn:new:{}")),
    "https": (lambda n: item(n, link="http://harbour.example/page/{}"), item),
    "www": (item, lambda n: item(n, link="https://www.harbour.example/page/{}/")),
    "tracking": (item, lambda n: item(n, link=BASE + "/page/{}?utm_source=rss&amp;utm_medium=feed#a")),
    "ids are addresses that change": (
        lambda n: item(n, guid=BASE + "/?p={}&amp;v=1"),
        lambda n: item(n, guid=BASE + "/?p={}&amp;v=2"),
    ),
    "ids dropped": (item, lambda n: item(n, guid=None)),
    "both": (lambda n: item(n, link="http://harbour.example/page/{}"), lambda n: item(n, guid="x{}")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_published_twice(desk: Desk, change: str) -> None:
    before, after = CHANGES[change]
    assert night(desk, [before(n) for n in range(8)]).made == 8
    first = texts(desk)
    report = night(desk, [after(n) for n in range(8)], 1)
    assert (report.made, report.failures) == (0, ())
    assert texts(desk) == first


def test_order_and_items_dropped_change_nothing(desk: Desk) -> None:
    night(desk, [item(n) for n in range(8)])
    report = night(desk, [item(n) for n in (7, 3, 5, 9)], 1)
    assert report.made == 1
    assert len(desk.records()) == 9


def test_an_id_used_again_for_another_article_overwrites_nothing(desk: Desk) -> None:
    strike = (
        '<item><title>Fishermen strike</title><guid isPermaLink="false">top</guid><link>/page/3</link>'
        "<description>Their union demands a cold store near the northern mole.</description></item>"
    )
    night(desk, [item(1, guid="top"), item(2)])
    report = night(desk, [strike, item(2)], 1)
    assert report.made == 1
    assert sorted(record.title for record in desk.records()) == [
        "Fishermen strike",
        "Quay 1 opens to ships of class 1",
        "Quay 2 opens to ships of class 2",
    ]


def test_an_id_twice_in_one_feed_is_one_record_on_both_nights(desk: Desk) -> None:
    again = item(1, text="Quay number 1 was opened twice, said the mayor, before all of her guests on Monday evening.")
    for number in (0, 1):
        report = night(desk, [item(1), again], number)
        assert (report.made, report.dropped["same id twice in the feed"]) == (1 - number, 1)
    assert len(desk.records()) == 1


def test_a_feed_that_keeps_its_validators_is_asked_with_them(desk: Desk) -> None:
    night(desk, [item(1)], ETag='W/"one"', Last_Modified="Mon, 04 May 2026 02:00:00 GMT")
    desk.server.routes["/feed"] = reply("", "304 Not Modified")
    report = desk.night(Source("feed", "feed", desk.server.url + "/feed", lang="en"), now=NOW + DAY)
    asked = desk.server.log[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"one"', "Mon, 04 May 2026 02:00:00 GMT")
    assert (report.made, report.failures) == (0, ())
    assert desk.store.cursor("feed") == Cursor('W/"one"', "Mon, 04 May 2026 02:00:00 GMT")


def test_not_modified_to_whoever_has_nothing_is_a_failure(desk: Desk) -> None:
    desk.server.routes["/feed"] = reply("", "304 Not Modified")
    report = desk.night(Source("feed", "feed", desk.server.url + "/feed"))
    assert len(report.failures) == 1
    assert desk.store.cursor("feed") == Cursor()


@pytest.mark.parametrize("how", ["length", "chunks", "reset"])
def test_a_feed_that_is_cut_off_keeps_items_and_validators(desk: Desk, how: str) -> None:
    night(desk, [item(1), item(2)], ETag='"one"')
    whole = rss([item(n) for n in range(1, 6)]).encode()
    head = b'HTTP/1.1 200 OK\r\nETag: "two"\r\nConnection: close\r\n'
    body = {
        "length": head + b"Content-Length: %d\r\n\r\n" % len(whole) + whole[:-200],
        "chunks": head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(whole) + whole + b"\r\n",
        "reset": head + b"Content-Length: %d\r\n\r\n" % len(whole),
    }[how]
    desk.server.routes["/feed"] = body
    source = Source("feed", "feed", desk.server.url + "/feed", lang="en")
    report = desk.night(source, now=NOW + DAY)
    assert len(report.failures) == 1
    assert desk.store.cursor("feed") == Cursor('"one"')
    assert len(desk.records()) == 2
    assert night(desk, [item(n) for n in range(1, 6)], 2, ETag='"two"').made == 3
    assert desk.store.cursor("feed") == Cursor('"two"')


def test_a_corrected_text_is_a_new_version_of_its_record(desk: Desk) -> None:
    night(desk, [item(1)])
    was: Record = desk.records()[0]
    report = night(desk, [item(1, text="Quay number 1 was opened by mayor number 1 before 45 guests on Tuesday.")], 1)
    now = desk.records()[0]
    assert (report.made, now.id) == (1, was.id)
    assert desk.store.record_version(was.id, was.content_hash) == was
    assert "Tuesday" in now.text
