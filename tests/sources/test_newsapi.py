"""NewsAPI over loopback: queries and headlines, cut texts, what was withdrawn, refusals, and its key."""

from __future__ import annotations

import json

import pytest
from desk import NOW
from hostile import HostileServer, reply
from indexes import asked, hasty

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources.newsapi import NewsApiSource
from pipeline.sourcing import fulltext

KEYS = {"NEWSAPI_KEY": "secret-key"}


def source(server: HostileServer, address: str = "harbour", **options: object) -> Source:
    return Source("Wire", "newsapi", address, lang="en", options={"api": server.url + "/v2", **options})


def article(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "source": {"id": None, "name": "Harbour.example"},
        "author": "Ada Quay",
        "title": f"Quay {number} opens - Harbour",
        "description": "The quay was opened.",
        "url": f"https://harbour.example/{number}",
        "urlToImage": None,
        "publishedAt": "2026-05-03T10:00:00Z",
        "content": "The quay &amp; the shed were opened by the mayor on Monday, three months l… [+4274 chars]",
        **fields,
    }


def answer(*articles: object) -> bytes:
    return reply(json.dumps({"status": "ok", "totalResults": len(articles), "articles": articles}))


def test_an_article(server: HostileServer) -> None:
    server.routes["/v2/everything"] = answer(article(), article(2, content=None, author="https://x.example/bo"))
    batch = NewsApiSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    cut, short = batch.records
    assert cut.text == "Quay 1 opens\n\nThe quay & the shed were opened by the mayor on Monday, three months l…"
    assert (cut.truncated, cut.quality) == (True, TextQuality.SUMMARY)
    assert (cut.publisher, cut.author, cut.via) == ("Harbour.example", "Ada Quay", ("NewsAPI",))
    assert cut.published.isoformat() == "2026-05-03T10:00:00+00:00"
    assert fulltext.wanted(cut)
    assert (short.text, short.truncated, short.author) == ("Quay 2 opens\n\nThe quay was opened.", False, None)


def test_what_is_asked(server: HostileServer) -> None:
    server.routes["/v2/everything"] = server.routes["/v2/top-headlines"] = answer()
    adapter = NewsApiSource(hasty(server, keys=KEYS))
    adapter.read(source(server, limit=20), Cursor(), NOW)
    adapter.read(source(server, f"{server.url}/v2/top-headlines?country=ch"), Cursor(), NOW)
    adapter.read(source(server, f"{server.url}/v2/everything?domains=harbour.example"), Cursor(), NOW)
    adapter.search(source(server, f"{server.url}/v2/top-headlines"), "x" * 600, NOW, days=7, limit=5)
    nightly, search = asked(server, "/v2/everything")[0], asked(server, "/v2/everything")[2]
    assert nightly == {
        "from": "2026-05-03T06:00:00",
        "sortBy": "publishedAt",
        "language": "en",
        "pageSize": "20",
        "q": "harbour",
    }
    assert asked(server, "/v2/top-headlines") == [{"pageSize": "100", "country": "ch"}]
    assert asked(server, "/v2/everything")[1]["domains"] == "harbour.example"
    assert (search["q"], search["from"], search["sortBy"]) == ("x" * 500, "2026-04-27T06:00:00", "relevancy")
    assert {one.headers["x-api-key"] for one in server.log if one.path != "/robots.txt"} == {"secret-key"}
    assert not any("secret-key" in one.target for one in server.log)


def test_the_key(server: HostileServer) -> None:
    with pytest.raises(ConfigurationError, match="NEWSAPI_KEY is not set"):
        NewsApiSource(hasty(server)).read(source(server), Cursor(), NOW)
    with pytest.raises(ConfigurationError, match="holds a key"):
        NewsApiSource(hasty(server, keys=KEYS)).read(source(server, f"{server.url}/v2?apiKey=x"), Cursor(), NOW)
    assert server.log == []
    server.routes["/v2/everything"] = answer()
    other = hasty(server, keys={"OTHER": "another"})
    NewsApiSource(other).read(source(server, key_env="OTHER"), Cursor(), NOW)
    assert server.log[-1].headers["x-api-key"] == "another"


@pytest.mark.parametrize(
    ("status", "told"), [("401 No", "does not know the key"), ("426 No", "fewer days"), ("429 No", "used up")]
)
def test_a_refusal_by_status(server: HostileServer, status: str, told: str) -> None:
    server.routes["/v2/everything"] = reply("{}", status, Retry_After="60")
    with pytest.raises(HttpStatus, match=told) as raised:
        NewsApiSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert raised.value.retry_after == 60
    assert "secret-key" not in str(raised.value)


@pytest.mark.parametrize("status", ["500 Oops", "403 No"])
def test_other_refusals_stay_as_they_are(server: HostileServer, status: str) -> None:
    server.routes["/v2/everything"] = reply("{}", status)
    with pytest.raises(HttpStatus, match=f"answered {status[:3]}"):
        NewsApiSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)


def test_a_refusal_in_the_answer(server: HostileServer) -> None:
    adapter = NewsApiSource(hasty(server, keys=KEYS))
    told = {"status": "error", "code": "parameterInvalid", "message": "the future cannot be asked for"}
    server.routes["/v2/everything"] = reply(json.dumps(told))
    with pytest.raises(ParseError, match=r"the future cannot be asked for \(parameterInvalid"):
        adapter.read(source(server), Cursor(), NOW)
    server.routes["/v2/everything"] = reply(json.dumps({**told, "code": "rateLimited"}))
    with pytest.raises(HttpStatus):
        adapter.read(source(server), Cursor(), NOW)
    server.routes["/v2/everything"] = reply("[]")
    with pytest.raises(ParseError, match="not the shape"):
        adapter.read(source(server), Cursor(), NOW)


def test_what_is_left_out(server: HostileServer) -> None:
    removed = article(title="[Removed]", url="https://removed.com", source={"name": "[Removed]"})
    strange = [removed, article(url=None), article(source=None, title=5, content=[], description={}), 7, article(2)]
    server.routes["/v2/everything"] = answer(*strange)
    batch = NewsApiSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert [made.url for made in batch.records] == ["https://harbour.example/2"]
    assert batch.dropped == {"withdrawn by its publisher": 1, "no web address": 1, "empty": 1}


def test_what_is_recognised() -> None:
    url = "https://newsapi.org/v2/everything?q=quay&apiKey=secret"
    assert NewsApiSource.recognise(url) == {"kind": "newsapi", "address": "https://newsapi.org/v2/everything?q=quay"}
    assert NewsApiSource.recognise("https://newsapi.org/docs") is None
    assert NewsApiSource.recognise("https://[x") is None
