"""One page a source: conditional, behind robots.txt, a new version when it changes, nothing where it is no article."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import NOW, article, tools
from hostile import HostileServer, Request, reply

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError, RobotsRefused
from pipeline.language.words import content
from pipeline.sources.page import PageSource

FOLDER = os.environ.get("CITEWIRE_EVAL_DATA")  # read at import: the fixtures clear the environment
HTML = "text/html; charset=utf-8"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer({"/robots.txt": reply("User-agent: *\nDisallow: /closed")}) as running:
        yield running


def read(server: HostileServer, path: str = "/statement", cursor: Cursor | None = None, **options: object) -> Batch:
    source = Source("Press room", "page", server.url + path, options=options, owner="Harbour plc")
    return PageSource(tools(server)).read(source, cursor or Cursor(), NOW)


def test_a_page_becomes_a_record_with_its_bytes(server: HostileServer) -> None:
    server.routes["/statement"] = reply(article(4), Content_Type=HTML, ETag='"a"')
    batch = read(server, publisher="Harbour plc")
    (record,) = batch.records
    assert (record.title, record.quality, record.kind) == ("Quay 4 opens in harbour", TextQuality.FULL, "article")
    assert (record.native_id, record.url) == (server.url + "/statement", server.url + "/statement")
    assert (record.publisher, record.platform, record.owner) == ("Harbour plc", "Web", "Harbour plc")
    assert record.extractor in ("trafilatura", "resiliparse")
    assert record.text_score is not None
    assert record.raw == batch.raws[0].hash
    assert batch.cursor.etag == '"a"'


def test_a_changed_page_is_another_version_of_the_same_record(server: HostileServer) -> None:
    server.routes["/statement"] = reply(article(4), Content_Type=HTML)
    before = read(server).records[0]
    server.routes["/statement"] = reply(article(4).replace("12 million", "15 million"), Content_Type=HTML)
    after = read(server).records[0]
    assert before.id == after.id
    assert before.content_hash != after.content_hash
    assert "15 million" in after.text


def test_an_unchanged_page_is_asked_for_once(server: HostileServer) -> None:
    def conditional(request: Request) -> list[bytes]:
        same = request.headers.get("if-none-match") == '"a"'
        return [reply(b"", "304 Not Modified") if same else reply(article(4), Content_Type=HTML, ETag='"a"')]

    server.routes["/statement"] = conditional
    first = read(server)
    again = read(server, cursor=first.cursor)
    assert (again.records, again.unchanged, again.cursor) == ((), True, first.cursor)


def test_robots_and_errors_of_the_host_are_passed_on(server: HostileServer) -> None:
    server.routes["/closed"] = reply(article(1), Content_Type=HTML)
    with pytest.raises(RobotsRefused):
        read(server, "/closed")
    assert "/closed" not in server.paths()
    with pytest.raises(HttpStatus):
        read(server, "/gone")


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        ("%PDF-1.7", {"Content_Type": "application/pdf"}, "not HTML"),
        ("<html><body><p>Short.</p></body></html>", {"Content_Type": HTML}, "no article text"),
        ("", {"Content_Type": HTML}, "empty"),
        (article(1), {"Content_Type": HTML, "TDM_Reservation": "1"}, "reserves its text"),
        (article(1).replace("<title>", "<meta name='robots' content='noai'><title>"), {}, "reserves its text"),
    ],
)
def test_what_is_no_article_is_refused(server: HostileServer, body: str, headers: dict[str, str], message: str) -> None:
    server.routes["/statement"] = reply(body, **headers)
    with pytest.raises(ParseError, match=message):
        read(server)


def test_reserved_images_leave_the_text_free(server: HostileServer) -> None:
    html = article(1).replace("<title>", "<meta name='robots' content='noimageai'><title>")
    server.routes["/statement"] = reply(html, Content_Type=HTML)
    assert len(read(server).records) == 1


@pytest.mark.skipif(not FOLDER, reason="CITEWIRE_EVAL_DATA names no data folder")
def test_genuine_pages(server: HostileServer) -> None:
    folder = Path(FOLDER or ".") / "extraction" / "fundus.dev"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for key, row in sorted(truth.items())[::8]:
        server.routes["/statement"] = reply(
            gzip.decompress((folder / f"{key}.html.gz").read_bytes()), Content_Type=HTML
        )
        (record,) = read(server).records
        ours, theirs = set(content(record.text)), set(content(row["text"]))
        assert len(ours & theirs) > 0.75 * len(theirs), key
        assert record.text_score is not None
        assert record.text_score > 0.15, key
