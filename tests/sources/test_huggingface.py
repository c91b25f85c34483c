"""Hugging Face's daily papers over loopback."""

from __future__ import annotations

import json

import pytest
from desk import NOW, tools
from hostile import HostileServer, reply
from indexes import asked

from pipeline import addresses
from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError
from pipeline.sources.huggingface import API, HuggingFaceSource

PATH = "/api/daily_papers"


def source(server: HostileServer, query: str = "", **options: object) -> Source:
    return Source("Daily", "huggingface", server.url + PATH + query, options=options)


def paper(identity: str = "2605.00001", comments: object = 2, **fields: object) -> dict[str, object]:
    told = {
        "id": identity,
        "title": "On quays",
        "summary": "We count quays\nand ships.",
        "publishedAt": "2026-05-03T10:00:00.000Z",
        "authors": [{"name": "Ada Quay", "hidden": False}, {"name": "Bo Mole"}],
        "upvotes": 12,
    }
    return {
        "paper": {**told, **fields},
        "publishedAt": told["publishedAt"],
        "title": "On quays",
        "numComments": comments,
    }


def test_a_paper(server: HostileServer) -> None:
    server.routes[PATH] = reply(json.dumps([paper(), paper("acme-report", title="Elsewhere")]))
    batch = HuggingFaceSource(tools(server)).read(source(server), Cursor(), NOW)
    made, other = batch.records
    assert (made.url, made.native_id) == ("https://arxiv.org/abs/2605.00001", "2605.00001")
    assert made.id == addresses.record_id("https://arxiv.org/abs/2605.00001", "another", "x", "text")
    assert made.text == "On quays\n\nWe count quays and ships."
    assert (made.platform, made.publisher, made.via) == ("Hugging Face", "arXiv", ("Hugging Face",))
    assert (made.author, made.quality) == ("Ada Quay, Bo Mole", TextQuality.FULL)
    assert made.discussion_url == "https://huggingface.co/papers/2605.00001"
    assert made.engagement == {"upvotes": 12, "comments": 2}
    assert made.published.isoformat() == "2026-05-03T10:00:00+00:00"
    assert (other.url, other.publisher) == ("https://huggingface.co/papers/acme-report", "Hugging Face")


def test_what_is_asked(server: HostileServer) -> None:
    server.routes[PATH] = server.routes["/api/papers/search"] = reply("[]")
    adapter = HuggingFaceSource(tools(server))
    adapter.read(source(server, limit=7), Cursor(), NOW)
    adapter.read(source(server, "?date=2026-05-03"), Cursor(), NOW)
    adapter.search(source(server), "q" * 300, NOW, days=7, limit=5)
    assert asked(server) == [
        {"limit": "7"},
        {"limit": "100", "date": "2026-05-03"},
        {"q": "q" * 250, "limit": "5"},
    ]


def test_a_search_keeps_to_its_days(server: HostileServer) -> None:
    old = paper("2501.00001", publishedAt="2025-01-01T00:00:00.000Z")
    server.routes["/api/papers/search"] = reply(json.dumps([old, paper(), paper("2605.00002"), paper("2605.00003")]))
    batch = HuggingFaceSource(tools(server)).search(source(server), "quays", NOW, days=7, limit=2)
    assert [made.native_id for made in batch.records] == ["2605.00001", "2605.00002"]
    assert batch.dropped == {"older than asked": 1}


def test_few_votes(server: HostileServer) -> None:
    server.routes[PATH] = reply(json.dumps([paper(), paper("2605.00002", upvotes=3)]))
    batch = HuggingFaceSource(tools(server)).read(source(server, min_upvotes=10), Cursor(), NOW)
    assert [made.native_id for made in batch.records] == ["2605.00001"]
    assert batch.dropped == {"fewer votes than wanted": 1}


def test_what_cannot_be_read(server: HostileServer) -> None:
    strange = [3, None, {}, {"paper": {"id": "../x"}}, paper(title=7, summary=None, authors="Ada", upvotes=True)]
    server.routes[PATH] = reply(json.dumps(strange))
    batch = HuggingFaceSource(tools(server)).read(source(server), Cursor(), NOW)
    (made,) = batch.records
    assert (made.title, made.author, made.engagement) == ("On quays", None, {"comments": 2})
    assert batch.dropped == {"no paper": 4}
    server.routes[PATH] = reply('{"error": "this day has no list yet"}', "400 No")
    with pytest.raises(HttpStatus, match="this day has no list yet"):
        HuggingFaceSource(tools(server)).read(source(server), Cursor(), NOW)
    server.routes[PATH] = reply('{"error": "nothing yet"}')
    with pytest.raises(ParseError, match="no list of papers"):
        HuggingFaceSource(tools(server)).read(source(server), Cursor(), NOW)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://huggingface.co/papers", True),
        ("https://huggingface.co/papers/date/2026-05-03", True),
        (API + "?limit=5", True),
        ("https://huggingface.co/papers/2605.00001", False),
        ("https://huggingface.co/acme/model", False),
        ("https://[x", False),
    ],
)
def test_what_is_recognised(url: str, known: bool) -> None:
    assert HuggingFaceSource.recognise(url) == ({"kind": "huggingface", "address": API} if known else None)
