"""Feeds made to harm: they open no file, ask nobody, expand nothing, and stop no other feed from being read."""

from __future__ import annotations

import ast
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import NOW, rss, rss_item, tools
from hostile import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.domain import Batch, Cursor, Source
from pipeline.engines.local import LocalEngine
from pipeline.errors import ParseError
from pipeline.protocols import Engine
from pipeline.sources.entries import Payload
from pipeline.sources.feed import FeedSource
from pipeline.sources.feed_parser import parse
from pipeline.sources.moments import Written

SECONDS = 1


@pytest.fixture(scope="module")
def workers() -> Iterator[Engine]:
    with LocalEngine(
        workers=2, memory=1 << 30, cpu=SECONDS, preload=("feedparser", "pipeline.sources.feed")
    ) as running:
        yield running


def read(
    server: HostileServer, body: str | bytes, path: str = "/feed", engine: Engine | None = None, **head: str
) -> Batch:
    server.routes[path] = reply(body, **head)
    desk = tools(server, engine=engine, timeout=10.0)
    return FeedSource(desk).read(Source("Harbour Wire", "feed", server.url + path, lang="en"), Cursor(), NOW)


# --- nothing is opened, nobody is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["{path}", "file://{path}", "{path}\n", "{url}", "\ufeff{url}", "{url} {path}"])
def test_a_body_that_names_a_place_opens_nothing(server: HostileServer, tmp_path: Path, shape: str) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_text(rss([rss_item(1)]))
    server.routes["/canary"] = reply(rss([rss_item(1)]))
    with pytest.raises(ParseError, match="no feed"):
        read(server, shape.format(path=canary, url=server.url + "/canary"))
    assert server.paths() == ["/robots.txt", "/feed"]


def test_the_feed_library_is_given_buffers_only() -> None:
    """It opens a str or bytes that looks like a path or an address."""
    for path in Path(pipeline.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse":
                given = ast.unparse(node.args[0])
                assert given == "body", path
                assert "body = io.BytesIO(" in path.read_text(encoding="utf-8"), path


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
ENTITIES = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY l9 "{"ha" * 50_000}">]>',
    "external file": '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file://{canary}">]>',
    "external address": '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "{url}/entity">]>',
    "external dtd": '<!DOCTYPE rss SYSTEM "{url}/dtd">',
    "parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "{url}/p"> %p;]>',
    "behind an instruction": '<?x y?><!DOCTYPE rss [<!ENTITY l9 SYSTEM "file://{canary}">]>',
    "behind comments": '<!-- a --><!-- b --><!DOCTYPE rss [<!ENTITY l9 SYSTEM "file://{canary}">]>',
}


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-16-le", "utf-32-be", "utf-7"])
@pytest.mark.parametrize("kind", ENTITIES)
def test_entities_expand_to_nothing(server: HostileServer, tmp_path: Path, kind: str, coding: str) -> None:
    canary = tmp_path / "canary"
    canary.write_text("CANARY")
    declared = ENTITIES[kind].replace("{canary}", str(canary)).replace("{url}", server.url)
    head = f'<?xml version="1.0" encoding="{coding}"?>{declared}'
    text = "&l9;" * 20 + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{canary}" parse="text"/>'
    try:
        batch = read(server, rss([rss_item(1, text=text)], head=head).encode(coding))
    except ParseError:
        batch = Batch((), Cursor())
    assert all("CANARY" not in record.text and "ha" * 100 not in record.text for record in batch.records)
    assert server.paths() == ["/robots.txt", "/feed"]
    if coding in ("utf-8", "utf-16") and "[" in declared:
        assert not batch.records  # refused, and its operator told


@pytest.mark.parametrize(
    "base", ["javascript:alert(1)//", "http://[", "data:text/html,x", "//evil.example/", "\x01", "x" * 9000]
)
def test_links_are_absolute_and_safe_whatever_the_base_says(server: HostileServer, base: str) -> None:
    item = '<item><title>Quay</title><link>page/1</link><guid isPermaLink="false">1</guid></item>'
    feed = rss([item]).replace("<rss ", f'<rss xml:base="{base}" ')
    try:
        urls = {record.url for record in read(server, feed).records}
    except ParseError:
        return
    assert urls <= {None, f"{server.url}/page/1", "http://evil.example/page/1"}


# --- limits ----------------------------------------------------------------------------------------------------------


def hungry(name: str) -> bytes:
    """Feeds that take a time quadratic in their length, or a depth of their length."""
    attributes = " ".join(f'a{n}="1"' for n in range(64_000))
    spaces = " ".join(f'xmlns:n{n}="u"' for n in range(8_000))
    scripts = "&lt;script&gt;" * 90_000
    return {
        "attributes": rss([f"<item {attributes}><title>a</title></item>"]),
        "address": rss(["<item><title>a</title><author>" + "a." * 60_000 + "</author></item>"]),
        "comment openers": rss(["<item><title>a</title><description>" + "&lt;!--" * 150_000 + "</description></item>"]),
        "entity declarations": rss([], head="<!DOCTYPE rss [" + "".join(f'<!ENTITY a{n} "b">' for n in range(64_000))),
        "openers": rss(["<item><title>a</title>" + "<" * 1_000_000]),
        "depth": rss(["<item>" + "<a>" * 200_000]),
        "comments before the root": "<!---->" * 100_000 + rss([rss_item(1)]),
        "script openers": rss([f"<item><title>a</title><description>{scripts}</description></item>"]),
        "namespaces": rss([rss_item(1)]).replace("<rss ", f"<rss {spaces} "),
        "sections": rss(["<item><title>" + "<![CDATA[a]]>" * 60_000 + "</title></item>"]),
        "links": rss(["<item><title>a</title>" + "<link>http://a.example/</link>" * 40_000 + "</item>"]),
        "digits": rss(["<item><title>a</title><pubDate>" + "9" * 1_000_000 + "</pubDate></item>"]),
    }[name].encode()


HUNGRY = (
    "attributes",
    "address",
    "comment openers",
    "entity declarations",
    "openers",
    "depth",
    "comments before the root",
    "script openers",
    "namespaces",
    "sections",
    "links",
    "digits",
)


def test_hungry_feeds_are_stopped_and_cost_no_other_feed(server: HostileServer, workers: Engine) -> None:
    """All at once on two processes, with good ones among them: two are known to take more than they may have."""
    found: dict[str, object] = {}

    def one(name: str, body: bytes) -> None:
        try:
            found[name] = read(server, body, "/" + name.replace(" ", "-"), workers)
        except ParseError as error:
            found[name] = str(error)

    good = {f"good {n}": rss([rss_item(n)]).encode() for n in range(4)}
    bodies = {**{name: hungry(name) for name in HUNGRY}, **good}
    began = time.monotonic()
    threads = [threading.Thread(target=one, args=item) for item in bodies.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.keys() == bodies.keys()
    assert all(isinstance(found[name], Batch) and found[name].records for name in good)  # type: ignore[attr-defined]
    assert all("died" in str(found[name]) or "stopped" in str(found[name]) for name in ("attributes", "address"))
    assert time.monotonic() - began < 120


def test_the_first_five_thousand_items_are_taken(server: HostileServer) -> None:
    batch = read(server, rss(f"<item><title>Quay {n}</title></item>" for n in range(5_003)))
    assert (len(batch.records), batch.dropped) == (5_000, {"beyond the feed's first 5,000": 3})
    made = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": n, "title": f"Quay {n}"} for n in range(5_003)],
    }
    assert len(read(server, json.dumps(made)).records) == 5_000


def test_long_fields_are_cut(server: HostileServer) -> None:
    names, files = "<author>" + "Ada " * 9_000 + "</author>", '<enclosure url="/a"/>' * 5_000
    record = read(server, rss([f"<item><title>{'Quay ' * 400_000}</title>{names}{files}</item>"])).records[0]
    assert len(record.title) <= 500
    assert len(record.author or "") <= 200
    assert len(record.text) <= 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"\x00\x00\x00\x20ftypisom",
        b"\x1f\x8b\x08\x00",
        b"GIF89a",
    ],
)
def test_files_of_other_kinds_are_named_no_feed(server: HostileServer, body: bytes) -> None:
    with pytest.raises(ParseError, match="no feed"):
        read(server, body + bytes(range(256)) * 20)


# --- characters ------------------------------------------------------------------------------------------------------

CHARSETS = (
    "utf-8 utf-16 utf-16-le utf-16-be utf-32 iso-8859-1 iso-8859-15 windows-1252 cp850 koi8-r windows-1251 shift_jis "
    "euc-jp gb18030 big5 euc-kr"
).split()
WORDS = {
    "koi8-r": "Причал открыт", "windows-1251": "Причал открыт", "shift_jis": "港は開いた", "euc-jp": "港は開いた",
    "gb18030": "码头已经开放", "big5": "碼頭已經開放", "euc-kr": "부두가 열렸다",
}  # fmt: skip


@pytest.mark.parametrize("coding", CHARSETS)
def test_declared_charsets_are_read(server: HostileServer, coding: str) -> None:
    text = WORDS.get(coding, "Die Brücke ist für Élodie geöffnet")
    head = f'<?xml version="1.0" encoding="{coding}"?>'
    record = read(server, rss([rss_item(1, text=f"{text}.")], head=head).encode(coding)).records[0]
    assert record.text.endswith(f"{text}.")


@pytest.mark.parametrize("coding", ["utf-7", "idna", "cp037", "bogus", "unicode_escape", "zlib", "undefined", ""])
@pytest.mark.parametrize(
    "end", [b"\xed\xa0\x80", b"\x00", b"\xc0\xaf", b"\x81\x9f", b"\xef\xbf\xbf", b"&#xD800;", b"\xff\xfe"]
)
def test_bytes_that_are_no_characters_never_reach_a_text(server: HostileServer, coding: str, end: bytes) -> None:
    head = f'<?xml version="1.0" encoding="{coding}"?>'
    body = rss([rss_item(1)], head=head).encode().replace(b"the mayor", b"the " + end + b" mayor")
    try:
        batch = read(server, body, Content_Type=f"application/xml; charset={coding}")
    except ParseError:
        return
    for record in batch.records:
        record.text.encode("utf-8")
        assert not {"\x00", "\uffff"} & set(record.text)


def test_a_text_destroyed_by_its_charset_is_told(server: HostileServer) -> None:
    text = "Die Br\ufffdcke ist f\ufffdr alle ge\ufffdffnet."
    batch = read(server, rss([rss_item(1, text=text)]))
    assert "of its characters cannot be read" in batch.notes[0]


# --- dates -----------------------------------------------------------------------------------------------------------

DATES = (
    "1969-12-31T23:59:59Z", "Fri, 01 Jan 2099 00:00:00 GMT", "99999-01-01", "0000-00-00", "04 May 26 01:00 GMT",
    "Mon, 04 May 2026 25:61:00 GMT", "Mon, 04 May 2026 01:00:00 +9999", "2016-12-31T23:59:60Z", "2026-03-29T02:30:00",
    "2026-10-25T02:30:00+02:00", "1" * 1_000_000, "-1", "NaN", "1e400", "Seg, 24 Set 2018", "2026-02-30", "٢٠٢٦-٠٥-٠٤",
    "Mon, 04 May 2026 01:00:00 \ud83d\ude80", "yesterday", "2026-W19-1", "20260504", "2026-05-04T01:00:00.123456789Z",
)  # fmt: skip


@pytest.mark.parametrize("date", DATES, ids=lambda date: date[:20].encode("ascii", "replace").decode())
def test_no_date_leaves_the_calendar(server: HostileServer, date: str) -> None:
    made = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "1", "title": "Quay", "date_published": date}],
    }
    for body in (rss([rss_item(1, date=date)]).encode("utf-8", "surrogatepass"), json.dumps(made)):
        try:
            record = read(server, body).records[0]
        except ParseError:
            continue
        assert datetime(1990, 1, 1, tzinfo=UTC) <= record.published
        assert (record.published - NOW).days <= 1
        assert record.date_doubtful == (record.published == NOW)


@given(
    st.one_of(
        st.text(max_size=40), st.from_regex(r"[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{2,5} \d\d:\d\d[ +\-A-Z0-9]{0,6}")
    )
)
def test_any_date_is_read_in_utc_or_not_at_all(text: str) -> None:
    found = Written("en").read(text)
    assert found is None or found.utcoffset() == NOW.utcoffset()


def test_items_without_dates_keep_their_order_and_say_so(server: HostileServer) -> None:
    batch = read(server, rss([rss_item(n, date="") for n in range(5)]))
    assert [record.native_id for record in batch.records] == [f"g{n}" for n in range(5)]
    assert all(record.date_doubtful for record in batch.records)


def test_many_comments_before_the_root_are_passed_at_once() -> None:
    began = time.process_time()
    for tail in ("<rss version='2.0'><channel><title>x</title></channel></rss>", "nothing"):
        try:
            parse(Payload(("<!-- x -->" * 300 + tail).encode(), "https://x.example/", ""))
        except ParseError:
            continue
    assert time.process_time() - began < 2
