"""Sitemaps over loopback: news and plain ones, indexes, what was seen before, and XML that means harm."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk import NOW, article, tools
from hostile import HostileServer, Request, reply
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError
from pipeline.sources import sitemap
from pipeline.sources.entries import Payload
from pipeline.sources.sitemap import SitemapSource
from pipeline.sources.sitemaps import parse

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer({"/robots.txt": reply("", "404 Not Found")}) as running:
        yield running


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def news(url: str, title: str, hours: float = 2) -> str:
    return (
        f"<url><loc>{url}</loc><image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>A picture"
        f"</image:title></image:image><news:news><news:publication><news:name>Harbour Wire</news:name><news:language>en"
        f"</news:language></news:publication><news:publication_date>{ago(hours)}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
    )


def plain(url: str, hours: float | None = 2, tag: str = "url") -> str:
    changed = "" if hours is None else f"<lastmod>{ago(hours)}</lastmod>"
    return f"<{tag}><loc>{url}</loc>{changed}</{tag}>"


def urlset(*entries: str, root: str = "urlset") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {SPACES}>{"".join(entries)}</{root}>'.encode()


def read(server: HostileServer, cursor: Cursor | None = None, **options: object) -> Batch:
    source = Source("Wire", "sitemap", server.url + "/sitemap.xml", options=options)
    return SitemapSource(tools(server)).read(source, cursor or Cursor(), NOW)


def test_a_news_sitemap(server: HostileServer) -> None:
    old = news(f"{server.url}/old", "Quay was planned", 24 * 5)
    body = urlset(news(f"{server.url}/1", "Quay &amp; dock open", 5), news(f"{server.url}/2", "Crane falls", 1), old)
    server.routes["/sitemap.xml"] = reply(body)
    batch = read(server)
    crane, quay = batch.records
    assert (quay.title, quay.url, quay.quality) == ("Quay & dock open", f"{server.url}/1", TextQuality.TITLE)
    assert (quay.publisher, quay.lang, quay.via) == ("Harbour Wire", "en", ())
    assert (crane.title, crane.published, crane.date_doubtful) == ("Crane falls", NOW - timedelta(hours=1), False)
    assert batch.dropped == {"older than its days": 1}
    assert len(read(server, days=30).records) == 3


def test_only_addresses_that_were_not_seen_before(server: HostileServer) -> None:
    server.routes["/sitemap.xml"] = reply(urlset(news(f"{server.url}/1", "Quay opens")))
    first = read(server)
    server.routes["/sitemap.xml"] = reply(urlset(news(f"{server.url}/1", "Quay opens"), news(f"{server.url}/2", "Two")))
    second = read(server, first.cursor)
    assert [record.title for record in second.records] == ["Two"]
    assert read(server, second.cursor).records == ()


def test_an_unchanged_sitemap_is_not_sent_again(server: HostileServer) -> None:
    def conditional(request: Request) -> list[bytes]:
        same = request.headers.get("if-none-match") == '"a"'
        body = urlset(news(f"{server.url}/1", "Quay opens"))
        return [reply(b"", "304 Not Modified") if same else reply(body, ETag='"a"')]

    server.routes["/sitemap.xml"] = conditional
    first = read(server)
    again = read(server, first.cursor)
    assert (again.unchanged, again.cursor) == (True, first.cursor)


def test_what_is_put_off_comes_another_night(server: HostileServer) -> None:
    entries = [news(f"{server.url}/{n}", f"Quay {n} opens", n) for n in range(1, 6)]
    server.routes["/sitemap.xml"] = reply(urlset(*entries), ETag='"a"')
    first = read(server, limit=2)
    assert [record.title for record in first.records] == ["Quay 1 opens", "Quay 2 opens"]
    assert (first.dropped, first.cursor.etag) == ({"left to another night": 3}, None)
    second = read(server, first.cursor, limit=2)
    assert [record.title for record in second.records] == ["Quay 3 opens", "Quay 4 opens"]
    assert len(read(server, second.cursor).records) == 1


def test_pages_stand_in_for_headlines(server: HostileServer) -> None:
    for number in (1, 2, 3):
        server.routes[f"/page/{number}"] = reply(article(number), Content_Type="text/html")
    entries = [plain(f"{server.url}/page/{n}", n) for n in (1, 2, 3)]
    server.routes["/sitemap.xml"] = reply(urlset(*entries, plain(f"{server.url}/gone", 0.5)))
    batch = read(server, pages=3)
    assert [record.title for record in batch.records] == ["Quay 1 opens in harbour", "Quay 2 opens in harbour"]
    assert all(record.quality is TextQuality.FULL and record.raw for record in batch.records)
    assert batch.records[0].published == NOW - timedelta(hours=1)
    assert batch.dropped == {"its page could not be read (HttpStatus)": 1, "left to another night": 1}
    assert [record.title for record in read(server, batch.cursor).records] == ["Quay 3 opens in harbour"]


def test_a_page_whose_host_is_busy_is_tried_again(server: HostileServer) -> None:
    server.routes["/page/1"] = reply("", "500 Internal Server Error")
    server.routes["/sitemap.xml"] = reply(urlset(plain(f"{server.url}/page/1")))
    first = read(server)
    assert (first.records, first.dropped) == ((), {"left to another night": 1})
    server.routes["/page/1"] = reply(article(1), Content_Type="text/html")
    assert len(read(server, first.cursor).records) == 1


def test_undated_entries_count_from_the_second_reading_on(server: HostileServer) -> None:
    server.routes["/page/2"] = reply(article(2), Content_Type="text/html")
    server.routes["/sitemap.xml"] = reply(urlset(plain(f"{server.url}/page/1", None)))
    first = read(server)
    assert (first.records, first.dropped) == ((), {"undated on first reading": 1})
    both = urlset(plain(f"{server.url}/page/1", None), plain(f"{server.url}/page/2", None))
    server.routes["/sitemap.xml"] = reply(both)
    assert [record.title for record in read(server, first.cursor).records] == ["Quay 2 opens in harbour"]


def test_an_index_is_followed_one_level_newest_first(server: HostileServer) -> None:
    for number in range(1, 6):
        server.routes[f"/part{number}.xml"] = reply(
            gzip.compress(urlset(news(f"{server.url}/{number}", f"Part {number} opens", number)))
        )
    inner = urlset(plain(f"{server.url}/part5.xml", 1, "sitemap"), root="sitemapindex")
    server.routes["/inner.xml"] = reply(inner)
    parts = [plain(f"{server.url}/part{n}.xml", n * 10, "sitemap") for n in (4, 3, 2)]
    parts += [plain(f"{server.url}/inner.xml", 1, "sitemap"), plain(f"{server.url}/part1.xml", 24 * 9, "sitemap")]
    server.routes["/sitemap.xml"] = reply(urlset(*parts, root="sitemapindex"), ETag='"a"')
    batch = read(server)
    assert [record.title for record in batch.records] == ["Part 2 opens", "Part 3 opens"]
    assert batch.dropped == {"an index within the index": 1}
    read(server, batch.cursor)
    assert all("if-none-match" not in request.headers for request in server.log), "its parts may have changed"
    assert not {"/part1.xml", "/part4.xml", "/part5.xml"} & set(server.paths())


def test_a_broken_part_is_noted_and_all_broken_are_an_error(server: HostileServer) -> None:
    parts = [plain(f"{server.url}/a.xml", 1, "sitemap"), plain(f"{server.url}/b.xml", 2, "sitemap")]
    server.routes["/sitemap.xml"] = reply(urlset(*parts, root="sitemapindex"))
    server.routes["/b.xml"] = reply(urlset(news(f"{server.url}/1", "Quay opens")))
    batch = read(server)
    assert len(batch.records) == 1
    assert "404" in batch.notes[0]
    del server.routes["/b.xml"]
    with pytest.raises(HttpStatus):
        read(server)


def test_addresses_of_other_sites_and_unsafe_ones_are_left_out(server: HostileServer) -> None:
    entries = [news("https://other.example/1", "Elsewhere"), news("javascript:alert(1)", "Harm"), news("", "None")]
    server.routes["/sitemap.xml"] = reply(urlset(*entries))
    batch = read(server)
    assert (batch.records, batch.dropped) == ((), {"of another site": 1, "without a safe address": 2})


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (BOMB, "document type"),
        (b"<!doctype html><html><body>Not here</body></html>", "document type"),
        (b"<html><body>Not here</body></html>", "no sitemap"),
        (b"{}", "cannot be read|no sitemap"),
        (b"\x1f\x8bnonsense", "gzip wrapping"),
        (gzip.compress(b"<urlset>" + b" " * (51 << 20)), "larger than 50 MiB"),
    ],
)
def test_what_is_no_sitemap_says_so(server: HostileServer, body: bytes, message: str) -> None:
    server.routes["/sitemap.xml"] = reply(body)
    with pytest.raises(ParseError, match=message):
        read(server)


def test_external_files_are_not_read() -> None:
    body = b'<?xml version="1.0"?>\n' + b" " * 5000 + BOMB.replace(b'"aaaa"', b'SYSTEM "file:///etc/passwd"')
    with pytest.raises(ParseError, match="document type"):
        parse(Payload(body, "https://x.example/sitemap.xml", ""))


def test_a_sitemap_cut_off_in_its_middle_gives_what_came() -> None:
    body = urlset(news("https://x.example/1", "One"), news("https://x.example/2", "Two"))[:-300]
    assert next(entry.url for entry in parse(Payload(body, "https://x.example/s.xml", "")).entries).endswith("/1")


@given(st.text(alphabet="<>/urlsetloc&!-\"'= \n", max_size=200), st.booleans())
def test_any_text_is_a_sitemap_or_an_error(text: str, wrapped: bool) -> None:
    body = f"<urlset><url><loc>{text}</loc></url></urlset>" if wrapped else text
    with contextlib.suppress(ParseError):
        assert parse(Payload(body.encode(), "https://x.example/s.xml", "")).beyond == 0


def test_memory_is_bounded(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MEMORY", 3)
    cursor = Cursor()
    for number in range(6):
        server.routes["/sitemap.xml"] = reply(urlset(news(f"{server.url}/{number}", f"Quay {number}")))
        cursor = read(server, cursor).cursor
    assert cursor.position is not None
    assert len(cursor.position) < 100


@pytest.mark.parametrize("position", ["", "{", "[]", '{"seen": 3}', '{"seen": null, "index": "x"}'])
def test_a_position_that_cannot_be_read_is_none(server: HostileServer, position: str) -> None:
    server.routes["/sitemap.xml"] = reply(urlset(news(f"{server.url}/1", "Quay opens")))
    assert len(read(server, Cursor(position=position)).records) == 1


def test_addresses_that_look_like_sitemaps() -> None:
    for url in ("https://x.example/news-sitemap.xml", "https://x.example/sitemap_index.xml.gz"):
        assert SitemapSource.recognise(url) == {"kind": "sitemap", "address": url}
    for url in (
        "https://x.example/",
        "https://x.example/about-sitemaps.html",
        "ftp://x.example/sitemap.xml",
        "http://[",
    ):
        assert SitemapSource.recognise(url) is None
