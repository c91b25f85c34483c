"""Search services over loopback: how each is asked, what its answers become, keys, and what goes wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from desk import NOW
from hostile import HostileServer, reply
from indexes import asked, hasty

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources.search_engines import ENGINES, Question
from pipeline.sources.websearch import WebSearchSource
from pipeline.sourcing import fulltext

KEYS = {engine.variable: f"key of {name}" for name, engine in ENGINES.items() if engine.variable}
PAGE = "https://harbour.example/quay?utm_source=x"
HITS = {
    "searxng": {
        "results": [
            {
                "url": PAGE,
                "title": "Quay opens",
                "content": "The quay was opened.",
                "publishedDate": "2026-05-03T10:00:00",
                "engine": "brave",
                "category": "news",
                "score": 2.0,
            }
        ],
        "unresponsive_engines": [["duckduckgo", "CAPTCHA"], "nonsense", []],
    },
    "brave": {
        "type": "search",
        "web": {
            "type": "search",
            "results": [
                {
                    "url": PAGE,
                    "title": "Quay opens",
                    "description": "The <strong>quay</strong> was opened.",
                    "page_age": "2026-05-03T10:00:00",
                    "age": "1 day ago",
                    "language": "en",
                }
            ],
        },
        "news": {"results": [{"url": "https://market.example/1", "title": "Market"}]},
    },
    "tavily": {
        "query": "quay",
        "results": [
            {
                "url": PAGE,
                "title": "Quay opens",
                "content": "The quay was opened.",
                "score": 0.9,
                "published_date": "Sun, 03 May 2026 10:00:00 GMT",
            }
        ],
    },
    "exa": {
        "results": [
            {
                "id": PAGE,
                "url": PAGE,
                "title": "Quay opens",
                "publishedDate": "2026-05-03T10:00:00.000Z",
                "author": "Ada Quay",
                "highlights": ["The quay was opened.", "More."],
            }
        ]
    },
}


def source(server: HostileServer, provider: str, **options: object) -> Source:
    return Source("Web", "websearch", server.url + "/search", lang="en", options={"provider": provider, **options})


@pytest.mark.parametrize("provider", sorted(ENGINES))
def test_a_page(server: HostileServer, provider: str) -> None:
    server.routes["/search"] = reply(json.dumps(HITS[provider]))
    adapter = WebSearchSource(hasty(server, keys=KEYS))
    batch = adapter.search(source(server, provider), "quay", NOW, days=2, limit=10)
    made = batch.records[0]
    assert (made.url, made.title) == ("https://harbour.example/quay", "Quay opens")
    assert made.text == "Quay opens\n\nThe quay was opened."
    assert (made.via, made.platform, made.publisher) == ((ENGINES[provider].name,), "Web", "harbour.example")
    assert (made.kind, made.quality) == ("article", TextQuality.SUMMARY)
    assert (made.published.isoformat(), made.date_doubtful) == ("2026-05-03T10:00:00+00:00", False)
    assert fulltext.wanted(made)
    assert len(batch.records) == (2 if provider == "brave" else 1)


def test_dates_that_are_not_given_are_doubtful(server: HostileServer) -> None:
    server.routes["/search"] = reply(json.dumps(HITS["brave"]))
    adapter = WebSearchSource(hasty(server, keys=KEYS))
    assert adapter.search(source(server, "brave"), "quay", NOW, days=2, limit=10).records[1].date_doubtful


def test_no_more_pages_than_were_wanted(server: HostileServer) -> None:
    server.routes["/search"] = reply(json.dumps(HITS["brave"]))
    batch = WebSearchSource(hasty(server, keys=KEYS)).search(source(server, "brave"), "quay", NOW, days=2, limit=1)
    assert [made.title for made in batch.records] == ["Quay opens"]


def test_old_pages_are_left_out(server: HostileServer) -> None:
    server.routes["/search"] = reply(json.dumps(HITS["searxng"]))
    batch = WebSearchSource(hasty(server)).search(source(server, "searxng"), "quay", NOW, days=0, limit=10)
    assert batch.records == ()
    assert batch.dropped == {"older than asked": 1}


def test_how_searxng_is_asked(server: HostileServer) -> None:
    server.routes["/search"] = reply('{"results": []}')
    adapter = WebSearchSource(hasty(server))
    adapter.search(Source("Web", "websearch", server.url), "quay & shed", NOW, days=1, limit=5)
    adapter.read(Source("Web", "websearch", server.url, options={"query": "quay", "categories": "news"}), Cursor(), NOW)
    assert asked(server, "/search") == [
        {"categories": "general,news", "time_range": "day", "q": "quay & shed", "format": "json"},
        {"categories": "news", "time_range": "month", "q": "quay", "format": "json"},
    ]


def test_how_brave_is_asked(server: HostileServer) -> None:
    server.routes["/search"] = reply(json.dumps(HITS["brave"]))
    WebSearchSource(hasty(server, keys=KEYS)).search(source(server, "brave"), "quay", NOW, days=2, limit=90)
    assert asked(server, "/search") == [
        {
            "count": "20",
            "freshness": "2026-05-02to2026-05-04",
            "text_decorations": "false",
            "search_lang": "en",
            "q": "quay",
        }
    ]
    assert server.log[-1].headers["x-subscription-token"] == "key of brave"


@pytest.mark.parametrize(("lang", "told"), [("de", "de"), ("zh", None), (None, None)])
def test_languages_that_brave_writes_otherwise_are_left_to_it(
    server: HostileServer, lang: str | None, told: str | None
) -> None:
    server.routes["/search"] = reply(json.dumps(HITS["brave"]))
    wanted = replace(source(server, "brave"), lang=lang)
    WebSearchSource(hasty(server, keys=KEYS)).search(wanted, "quay", NOW, days=2, limit=5)
    assert asked(server, "/search")[0].get("search_lang") == told


def test_brave_news(server: HostileServer) -> None:
    server.routes["/search"] = reply(json.dumps({"type": "news", "results": [{"url": PAGE, "title": "Quay"}]}))
    batch = WebSearchSource(hasty(server, keys=KEYS)).search(source(server, "brave"), "quay", NOW, days=2, limit=9)
    assert [made.title for made in batch.records] == ["Quay"]


@pytest.mark.parametrize(
    ("provider", "header", "value"),
    [("tavily", "authorization", "Bearer key of tavily"), ("exa", "x-api-key", "key of exa")],
)
def test_how_tavily_and_exa_are_asked(server: HostileServer, provider: str, header: str, value: str) -> None:
    server.routes["/search"] = reply(json.dumps(HITS[provider]))
    WebSearchSource(hasty(server, keys=KEYS)).search(source(server, provider), "quay", NOW, days=2, limit=90)
    assert server.log[-1].headers[header] == value
    assert "key" not in server.log[-1].target


def test_the_bodies_that_are_posted() -> None:
    question = Question("https://x.example", {}, "q" * 500, NOW, NOW, 50, Source("s", "websearch", ""))
    tavily = json.loads(ENGINES["tavily"].ask(question)[1] or b"")
    exa = json.loads(ENGINES["exa"].ask(question)[1] or b"")
    assert tavily == {"query": "q" * 400, "topic": "news", "max_results": 20, "start_date": "2026-05-04"}
    assert exa == {
        "query": "q" * 500,
        "type": "auto",
        "category": "news",
        "numResults": 50,
        "startPublishedDate": "2026-05-04T06:00:00.000Z",
        "contents": {"highlights": True},
    }


def test_a_search_that_saw_nothing_is_no_empty_answer(server: HostileServer) -> None:
    adapter = WebSearchSource(hasty(server))
    server.routes["/search"] = reply(json.dumps({"results": [], "unresponsive_engines": [["brave", "timeout"]]}))
    with pytest.raises(ParseError, match=r"brave \(timeout\)"):
        adapter.search(source(server, "searxng"), "quay", NOW, days=2, limit=5)
    server.routes["/search"] = reply(json.dumps(HITS["searxng"]))
    notes = adapter.search(source(server, "searxng"), "quay", NOW, days=2, limit=5).notes
    assert notes == ("engines of SearXNG that did not answer: duckduckgo (CAPTCHA)",)


@pytest.mark.parametrize(
    ("provider", "status", "told"),
    [
        ("searxng", "403 No", "search.formats"),
        ("brave", "401 No", "BRAVE_API_KEY"),
        ("tavily", "432 No", "credits"),
        ("exa", "402 No", "credits"),
    ],
)
def test_refusals(server: HostileServer, provider: str, status: str, told: str) -> None:
    server.routes["/search"] = reply("", status)
    with pytest.raises(HttpStatus, match=told) as raised:
        WebSearchSource(hasty(server, keys=KEYS)).search(source(server, provider), "quay", NOW, days=2, limit=5)
    assert "key of" not in str(raised.value)


@pytest.mark.parametrize("provider", sorted(ENGINES))
@pytest.mark.parametrize("answer", ["{}", "[]", "null", '{"results": 3}', '{"error": "no"}', "<html>"])
def test_what_is_no_answer(server: HostileServer, provider: str, answer: str) -> None:
    server.routes["/search"] = reply(answer)
    with pytest.raises(ParseError):
        WebSearchSource(hasty(server, keys=KEYS)).search(source(server, provider), "quay", NOW, days=2, limit=5)


def test_settings_that_are_missing(server: HostileServer) -> None:
    adapter = WebSearchSource(hasty(server))
    for wanted, told in [
        (source(server, "brave"), "BRAVE_API_KEY is not set"),
        (source(server, "altavista"), "no search service"),
        (Source("Web", "websearch", ""), "instance of your own"),
    ]:
        with pytest.raises(ConfigurationError, match=told):
            adapter.search(wanted, "quay", NOW, days=2, limit=5)


def test_without_a_standing_query_a_night_asks_nothing(server: HostileServer) -> None:
    batch = WebSearchSource(hasty(server)).read(source(server, "searxng"), Cursor(), NOW)
    assert (batch.records, batch.unchanged, server.log) == ((), True, [])


def test_what_is_recognised() -> None:
    address = "https://api.search.brave.com/res/v1/news/search"
    assert WebSearchSource.recognise(f"{address}?q=quay") == {"kind": "websearch", "address": address}
    assert WebSearchSource.recognise("https://harbour.example/search?q=quay") is None
    assert WebSearchSource.recognise("nonsense") is None
