"""X's recent search over loopback: posts and the pages they link, cursors, pages of answers, refusals."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk import NOW
from hostile import HostileServer, Request, reply
from indexes import asked, hasty

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError
from pipeline.sources.x import LONGEST, XSource
from pipeline.sourcing import fulltext

PATH = "/2/tweets/search/recent"
KEYS = {"X_BEARER_TOKEN": "secret-token"}


def source(server: HostileServer, address: str = "harbour", **options: object) -> Source:
    return Source("Square", "x", address, options={"api": server.url + PATH, **options})


def identity(age: timedelta = timedelta(hours=2), number: int = 1) -> str:
    """The id of a post made `age` before now."""
    return str(((int((NOW - age).timestamp() * 1000) - 1_288_834_974_657) << 22) + number)


def post(number: int = 1, text: str = "The quay &amp; the shed are open", **fields: object) -> dict[str, object]:
    return {
        "id": identity(number=number),
        "text": text,
        "author_id": "7",
        "created_at": "2026-05-04T04:00:00.000Z",
        "lang": "en",
        "public_metrics": {
            "like_count": 5,
            "retweet_count": 1,
            "reply_count": 0,
            "quote_count": 2,
            "impression_count": 90,
            "bookmark_count": 4,
        },
        **fields,
    }


def answer(*posts: object, token: str = "", **fields: object) -> bytes:
    meta: dict[str, object] = {"result_count": len(posts)} | ({"next_token": token} if token else {})
    users = {"users": [{"id": "7", "username": "ada", "name": "Ada Quay"}]}
    return reply(json.dumps({"data": posts, "includes": users, "meta": meta, **fields}))


def test_a_post(server: HostileServer) -> None:
    server.routes[PATH] = answer(post(), post(2, lang="und", author_id="8", referenced_tweets=[{"type": "replied_to"}]))
    made, answered = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW).records
    assert (made.text, made.title, made.kind) == ("The quay & the shed are open", "", "post")
    assert made.url == made.discussion_url == f"https://x.com/ada/status/{identity()}"
    assert (made.platform, made.publisher, made.author, made.lang) == ("X", "X", "Ada Quay (@ada)", "en")
    assert made.engagement == {"likes": 5, "reposts": 1, "replies": 0, "quotes": 2, "views": 90}
    assert made.published.isoformat() == "2026-05-04T04:00:00+00:00"
    assert made.quality is TextQuality.FULL
    assert (answered.kind, answered.lang, answered.author) == ("comment", None, None)
    assert answered.url == f"https://x.com/i/web/status/{identity(number=2)}"


def test_linked_pages(server: HostileServer) -> None:
    urls = [
        {
            "url": "https://t.co/a",
            "expanded_url": "https://short.example/q",
            "unwound_url": "https://harbour.example/quay?utm_source=x",
            "title": "Quay opens",
            "description": "The quay was opened.",
        },
        {"url": "https://t.co/b", "expanded_url": "https://x.com/ada/status/1/photo/1"},
        {"url": "https://t.co/c", "expanded_url": "https://market.example/9", "title": "Market"},
        {"url": "https://t.co/d", "expanded_url": "https://bare.example/"},
    ]
    text = "Look: https://t.co/a and https://t.co/c https://t.co/b"
    server.routes[PATH] = answer(post(text=text, entities={"urls": urls}))
    made, page, other = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW).records
    assert made.text == "Look: https://harbour.example/quay?utm_source=x and https://market.example/9"
    assert (page.url, page.title, page.kind) == ("https://harbour.example/quay", "Quay opens", "article")
    assert page.via == ("X", made.url)
    assert (page.publisher, page.author, page.quality) == ("harbour.example", None, TextQuality.SUMMARY)
    assert fulltext.wanted(page)
    assert other.url == "https://market.example/9"


def test_a_post_that_is_a_link_is_its_page(server: HostileServer) -> None:
    link = {"url": "https://t.co/a", "expanded_url": "https://harbour.example/quay", "title": "Quay opens"}
    server.routes[PATH] = answer(post(text="https://t.co/a", entities={"urls": [link]}))
    (page,) = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW).records
    assert (page.url, page.kind, page.via, page.author) == ("https://harbour.example/quay", "article", ("X",), None)
    assert page.engagement["likes"] == 5


def test_a_long_post(server: HostileServer) -> None:
    long = {"text": "All of it: https://t.co/a", "entities": {"urls": []}}
    server.routes[PATH] = answer(post(text="All of…", note_tweet=long))
    (made,) = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW).records
    assert made.text.startswith("All of it")


def test_what_is_asked(server: HostileServer) -> None:
    server.routes[PATH] = answer()
    adapter = XSource(hasty(server, keys=KEYS))
    adapter.read(source(server, "quay OR shed"), Cursor(), NOW)
    adapter.read(source(server, f"{server.url}{PATH}?query=quay+is:retweet"), Cursor(), NOW)
    adapter.search(source(server), "q" * 600, NOW, days=30, limit=3)
    nightly, own, search = asked(server, PATH)
    assert nightly["query"] == "(quay OR shed) -is:retweet"
    assert nightly["max_results"] == "100"
    assert nightly["expansions"] == "author_id"
    assert own["query"] == "quay is:retweet"
    assert len(search["query"]) <= LONGEST
    assert (search["max_results"], search["sort_order"]) == ("10", "relevancy")
    assert search["start_time"] == "2026-04-27T06:05:00Z"
    assert {one.headers["authorization"] for one in server.log if one.path == PATH} == {"Bearer secret-token"}
    assert not any("secret" in one.target for one in server.log)
    with pytest.raises(ConfigurationError, match="X_BEARER_TOKEN is not set"):
        XSource(hasty(server)).read(source(server), Cursor(), NOW)


def test_the_cursor(server: HostileServer) -> None:
    server.routes[PATH] = answer(post(2), post(1))
    adapter = XSource(hasty(server, keys=KEYS))
    first = adapter.read(source(server), Cursor(), NOW)
    assert first.cursor.position == identity(number=2)
    server.routes[PATH] = answer()
    second = adapter.read(source(server), first.cursor, NOW)
    assert second.cursor == first.cursor
    late = adapter.read(source(server), first.cursor, NOW + timedelta(days=8))
    assert late.records == ()
    assert [told.get("since_id") for told in asked(server, PATH)] == [None, identity(number=2), None]


def test_pages(server: HostileServer) -> None:
    def page(request: Request) -> Iterator[bytes]:
        number = int(request.target.partition("next_token=")[2] or "1")
        yield answer(post(9 - number), token=str(number + 1))

    server.routes[PATH] = page
    batch = XSource(hasty(server, keys=KEYS)).read(source(server, pages=2), Cursor(), NOW)
    assert len(batch.records) == len({made.raw for made in batch.records}) == 2
    assert batch.cursor.position == identity(number=8)
    assert "more than 2 pages" in batch.notes[0]


def test_a_page_that_fails_leaves_the_cursor(server: HostileServer) -> None:
    def page(request: Request) -> Iterator[bytes]:
        yield reply("", "503 Busy") if "next_token" in request.target else answer(post(), token="2")

    server.routes[PATH] = page
    batch = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(position="5"), NOW)
    assert len(batch.records) == 1
    assert batch.cursor.position == "5"
    assert "the rest waits" in batch.notes[0]


def test_too_many_requests(server: HostileServer) -> None:
    reset = str(int(time.time()) + 600)
    server.routes[PATH] = reply("", "429 Slow", x_rate_limit_remaining="0", x_rate_limit_reset=reset)
    with pytest.raises(HttpStatus) as raised:
        XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert raised.value.status == 429
    assert 590 < (raised.value.retry_after or 0) <= 600


def test_what_a_refusal_says(server: HostileServer) -> None:
    told = {"title": "Invalid Request", "detail": "cannot parse 'a OR', secret-token", "type": "about:blank"}
    server.routes[PATH] = reply(json.dumps(told), "400 No")
    with pytest.raises(HttpStatus) as raised:
        XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert str(raised.value) == (
        "X answered 400: it does not understand the query or one of its operators is not of this plan; "
        "it says \"cannot parse 'a OR', ...\""
    )


@pytest.mark.parametrize(("status", "told"), [("401 No", "does not know the token"), ("403 No", "plan of this token")])
def test_refusals(server: HostileServer, status: str, told: str) -> None:
    server.routes[PATH] = reply("", status)
    with pytest.raises(HttpStatus, match=told):
        XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)


def test_partial_answers(server: HostileServer) -> None:
    errors = [{"title": "Not Found Error", "detail": "Could not find user 8."}, {"title": "Other"}, 3]
    server.routes[PATH] = answer(post(), errors=errors)
    batch = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert len(batch.records) == 1
    assert batch.notes == ("Could not find user 8.", "Other")
    server.routes[PATH] = reply(json.dumps({"title": "Invalid Request", "detail": "no query", "type": "about:blank"}))
    with pytest.raises(ParseError, match="no query"):
        XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)


def test_what_is_left_out(server: HostileServer) -> None:
    strange = [post(1, referenced_tweets=[{"type": "retweeted", "id": "1"}]), {"id": "x"}, {}, 7, post(2, text=None)]
    server.routes[PATH] = answer(*strange, post(3, entities={"urls": 5}, public_metrics=[], created_at=3))
    batch = XSource(hasty(server, keys=KEYS)).read(source(server), Cursor(), NOW)
    assert [made.date_doubtful for made in batch.records] == [True]
    assert batch.dropped == {"repost": 1, "no post": 2, "empty": 1}


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("https://x.com/ada_quay", "from:ada_quay"),
        ("https://www.twitter.com/ada", "from:ada"),
        ("https://x.com/search?q=quay%20lang%3Aen&f=live", "quay lang:en"),
        ("https://x.com/hashtag/K%C3%A4i", "#Käi"),
        ("https://x.com/ada/status/1", None),
        ("https://x.com/home", None),
        ("https://x.com/", None),
        ("https://[x", None),
    ],
)
def test_what_is_recognised(url: str, query: str | None) -> None:
    assert XSource.recognise(url) == ({"kind": "x", "address": query} if query else None)
