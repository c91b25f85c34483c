"""GDELT's list of articles over loopback: questions, refusals in words, broken JSON, and articles of any shape."""

from __future__ import annotations

import json

import pytest
from desk import NOW
from hostile import HostileServer, reply
from indexes import asked, hasty

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources.gdelt import MOST, PACE, GdeltSource, phrases
from pipeline.sourcing import fulltext

PATH = "/api/v2/doc/doc"


def source(server: HostileServer, address: str = "harbour fire", **options: object) -> Source:
    return Source("World", "gdelt", address, options={"api": server.url + PATH, **options})


def article(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "url": f"https://harbour.example/{number}?utm_source=rss",
        "url_mobile": "",
        "title": f"Quay {number} opens , says mayor",
        "seendate": "20260503T101500Z",
        "socialimage": "",
        "domain": "harbour.example",
        "language": "English",
        "sourcecountry": "United Kingdom",
        **fields,
    }


def test_an_article(server: HostileServer) -> None:
    server.routes[PATH] = reply(
        json.dumps({"articles": [article(), article(2, language="French", title="Quai : oui")]})
    )
    batch = GdeltSource(hasty(server)).read(source(server), Cursor(), NOW)
    made, french = batch.records
    assert (made.url, made.title) == ("https://harbour.example/1", "Quay 1 opens, says mayor")
    assert (made.publisher, made.lang, made.via) == ("harbour.example", "en", ("GDELT",))
    assert made.published.isoformat() == "2026-05-03T10:15:00+00:00"
    assert made.quality is TextQuality.TITLE
    assert fulltext.wanted(made)
    assert (french.title, french.lang) == ("Quai : oui", "fr")


def test_what_is_asked(server: HostileServer) -> None:
    server.routes[PATH] = reply("{}")
    pauses: list[float] = []
    adapter = GdeltSource(hasty(server, pauses))
    adapter.read(source(server, limit=9), Cursor(), NOW)
    address = f"{server.url}{PATH}?QUERY=domain:harbour.example&TIMESPAN=2h&format=html&mode=timelinevol"
    adapter.read(source(server, address), Cursor(), NOW)
    adapter.search(source(server), "the EU AI act", NOW, days=200, limit=999)
    nightly, own, search = asked(server, PATH)
    assert nightly == {
        "query": "harbour fire",
        "maxrecords": "9",
        "sort": "datedesc",
        "timespan": "1d",
        "mode": "artlist",
        "format": "json",
    }
    assert (own["query"], own["timespan"], own["mode"], own["format"]) == (
        "domain:harbour.example",
        "2h",
        "artlist",
        "json",
    )
    assert search["query"] == '"EU AI act"'
    assert (search["startdatetime"], search["enddatetime"]) == ("20260203060000", "20260504060000")
    assert search["maxrecords"] == str(MOST)
    assert max(pauses) > PACE - 1
    with pytest.raises(ConfigurationError, match="asks one question"):
        adapter.read(source(server, server.url + PATH), Cursor(), NOW)


@pytest.mark.parametrize(
    ("query", "asked_as"),
    [
        ("harbour fire", "harbour fire"),
        ("What is the UK's new tax?", "UK's new tax"),
        ("fire at pier 9", 'fire "pier 9"'),
        ("quay 9", '"quay 9"'),
        ("U2", "U2"),
        ("co-operative bank", '"co-operative" bank'),
        ("", ""),
    ],
)
def test_phrases(query: str, asked_as: str) -> None:
    assert phrases(query) == asked_as


@pytest.mark.parametrize("said", ["Your query was too short or too long.", "", "<html>", "[1]", '"x"', "\xff"])
def test_a_refusal_in_words(server: HostileServer, said: str) -> None:
    server.routes[PATH] = reply(said)
    with pytest.raises(ParseError):
        GdeltSource(hasty(server)).read(source(server), Cursor(), NOW)


def test_asked_too_often(server: HostileServer) -> None:
    server.routes[PATH] = reply("Please limit requests to one every 5 seconds or contact us for larger queries.\r\n")
    with pytest.raises(HttpStatus) as raised:
        GdeltSource(hasty(server)).read(source(server), Cursor(), NOW)
    assert (raised.value.status, raised.value.retry_after) == (429, 900)


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        (r"C:\quays and \users", r"C:\quays and \users"),
        (r"half \u00 and \"whole\" \u00e9", 'half \\u00 and "whole" é'),
        ("a\ttab", "a tab"),
        (r"ends in \\", "ends in \\"),
    ],
)
def test_escapes_that_json_does_not_know(server: HostileServer, broken: str, title: str) -> None:
    body = json.dumps({"articles": [article(title="TITLE")]}).replace("TITLE", broken)
    server.routes[PATH] = reply(body)
    (made,) = GdeltSource(hasty(server)).read(source(server), Cursor(), NOW).records
    assert made.title == title


def test_what_cannot_be_read(server: HostileServer) -> None:
    strange = [article(url="ftp://x"), article(url=3), {}, 7, article(2, seendate="yesterday"), article(3, title=None)]
    server.routes[PATH] = reply(json.dumps({"articles": [*strange, article(2)]}))
    batch = GdeltSource(hasty(server)).read(source(server), Cursor(), NOW)
    assert [(made.url, made.date_doubtful) for made in batch.records] == [("https://harbour.example/2", True)]
    assert batch.dropped == {"no web address": 3, "empty": 1, "same page twice": 1}
    assert batch.records[0].dated == "yesterday"


def test_a_full_list_is_said(server: HostileServer) -> None:
    server.routes[PATH] = reply(json.dumps({"articles": [article(number) for number in range(MOST)]}))
    batch = GdeltSource(hasty(server)).read(source(server), Cursor(), NOW)
    assert len(batch.records) == MOST
    assert "narrow the query" in batch.notes[0]


def test_what_is_recognised() -> None:
    url = "https://api.gdeltproject.org/api/v2/doc/doc?query=quay&mode=artlist"
    assert GdeltSource.recognise(url) == {"kind": "gdelt", "address": url}
    assert GdeltSource.recognise("https://api.gdeltproject.org/api/v2/tv/tv?query=quay") is None
    assert GdeltSource.recognise("https://[quay") is None
