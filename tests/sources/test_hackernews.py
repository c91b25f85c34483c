"""Hacker News over loopback: lists, items in every state, searches in old and new shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from desk import NOW, tools
from hostile import HostileServer, reply

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError
from pipeline.sources.hackernews import HackerNewsSource

TIME = int(NOW.timestamp()) - 3600


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


def story(number: int, **fields: object) -> dict[str, object]:
    base = {
        "id": number,
        "type": "story",
        "by": "ada",
        "time": TIME,
        "title": f"Quay {number} opens",
        "score": 5,
        "descendants": 2,
    }
    return {**base, "url": f"https://harbour.example/{number}?utm_source=hn", **fields}


def firebase(server: HostileServer, items: dict[int, object]) -> Source:
    server.routes["/v0/topstories.json"] = reply(json.dumps(list(items)))
    for number, item in items.items():
        server.routes[f"/v0/item/{number}.json"] = reply(json.dumps(item))
    return Source("Board", "hackernews", server.url + "/v0")


def test_a_list(server: HostileServer) -> None:
    source = firebase(
        server, {1: story(1), 2: story(2, url=None, text="<p>Ask &amp; answer.<p>Two.", title="Ask HN: Why?")}
    )
    link, question = HackerNewsSource(tools(server)).read(source, Cursor(), NOW).records
    assert (link.text, link.quality, link.platform) == ("Quay 1 opens", TextQuality.TITLE, "Hacker News")
    assert (link.url, link.publisher, link.author) == ("https://harbour.example/1", "harbour.example", None)
    assert link.discussion_url == "https://news.ycombinator.com/item?id=1"
    assert link.engagement == {"points": 5, "comments": 2}
    assert int(link.published.timestamp()) == TIME
    assert question.text == "Ask HN: Why?\n\nAsk & answer.\nTwo."
    assert (question.url, question.publisher, question.author) == (question.discussion_url, "Hacker News", "ada")
    assert question.quality is TextQuality.FULL


def test_items_that_are_not_shown(server: HostileServer) -> None:
    items = {
        1: None,
        2: story(2, dead=True),
        3: {"id": 3, "deleted": True, "type": "story"},
        4: story(4, type="job"),
        5: story(5),
    }
    batch = HackerNewsSource(tools(server)).read(firebase(server, items), Cursor(), NOW)
    assert [record.native_id for record in batch.records] == ["5"]
    assert batch.dropped == {"deleted or not a post": 4}


def test_read_items_are_not_asked_again(server: HostileServer) -> None:
    adapter = HackerNewsSource(tools(server))
    source = firebase(server, {1: story(1), 2: None})
    first = adapter.read(source, Cursor(), NOW)
    firebase(server, {2: None, 1: story(1), 3: story(3)})
    second = adapter.read(source, first.cursor, NOW)
    assert [record.native_id for record in second.records] == ["3"]
    assert server.paths().count("/v0/item/1.json") == 1


def test_the_limit_of_a_night(server: HostileServer) -> None:
    source = firebase(server, {number: story(number) for number in range(1, 9)})
    source = Source(source.name, source.kind, source.address, options={"limit": 3})
    batch = HackerNewsSource(tools(server)).read(source, Cursor(), NOW)
    assert len(batch.records) == 3
    assert batch.dropped == {"beyond the night's limit": 5}


def test_items_that_fail_wait_for_the_next_night(server: HostileServer) -> None:
    source = firebase(server, {number: story(number) for number in range(1, 7)})
    server.routes["/v0/item/3.json"] = reply("", "429 Slow", Retry_After="60")
    adapter = HackerNewsSource(tools(server))
    batch = adapter.read(source, Cursor(), NOW)
    assert [record.native_id for record in batch.records] == ["1", "2"]
    assert batch.notes[0].startswith("4 items wait for the next night")
    firebase(server, {number: story(number) for number in range(1, 7)})
    rest = HackerNewsSource(tools(server)).read(source, batch.cursor, NOW)
    assert [record.native_id for record in rest.records] == ["3", "4", "5", "6"]


def test_nothing_at_all_is_a_failure(server: HostileServer) -> None:
    source = firebase(server, {1: story(1), 2: story(2), 3: story(3), 4: story(4)})
    for number in range(1, 5):
        server.routes[f"/v0/item/{number}.json"] = reply("", "500 Oops")
    with pytest.raises(HttpStatus):
        HackerNewsSource(tools(server)).read(source, Cursor(), NOW)
    assert len(server.log) == 4


@pytest.mark.parametrize("body", ["<html>", "{}", "null", '{"hits": 3}'])
def test_what_is_no_list(server: HostileServer, body: str) -> None:
    server.routes["/v0/topstories.json"] = server.routes["/api/search"] = reply(body)
    adapter = HackerNewsSource(tools(server))
    for address in ("/v0", "/api/search?tags=front_page"):
        with pytest.raises(ParseError):
            adapter.read(Source("Board", "hackernews", server.url + address), Cursor(), NOW)


OLD = {
    "created_at": "2014-06-20T03:35:46.000Z",
    "title": "Quay 7 opens",
    "url": "https://harbour.example/7",
    "author": "ada",
    "points": 1,
    "story_text": "",
    "comment_text": None,
    "num_comments": 0,
    "story_id": None,
    "parent_id": None,
    "created_at_i": TIME,
    "_tags": ["story"],
    "objectID": "7",
    "_highlightResult": {},
}
NEW = {
    "objectID": "8",
    "title": "Quay 8 opens",
    "author": "bo",
    "created_at_i": TIME,
    "updated_at": "2026-05-04T05:00:00Z",
    "children": [9],
    "story_id": 8,
    "num_comments": 4,
    "points": 9,
    "story_text": "<p>It is open.",
}
COMMENT = {
    "objectID": "9",
    "title": None,
    "author": "cy",
    "comment_text": "I &lt;3 ships",
    "story_title": "Quay",
    "created_at_i": TIME,
}


def test_search_in_both_shapes(server: HostileServer) -> None:
    server.routes["/api/search"] = reply(json.dumps({"hits": [OLD, NEW, COMMENT, {"title": "no id"}, 3]}))
    source = Source(
        "Board", "hackernews", server.url + "/v0", options={"search": server.url + "/api", "site": server.url}
    )
    batch = HackerNewsSource(tools(server)).search(source, "quay & ships", NOW, days=30, limit=50)
    old, new, comment = batch.records
    assert (old.text, old.url, old.publisher) == ("Quay 7 opens", "https://harbour.example/7", "harbour.example")
    assert (new.text, new.url) == ("Quay 8 opens\n\nIt is open.", f"{server.url}/item?id=8")
    assert (comment.text, comment.kind, comment.title) == ("I <3 ships", "comment", "")
    assert batch.dropped == {"deleted or not a post": 2}
    asked = parse_qs(server.log[0].target.partition("?")[2])
    assert asked["query"] == ["quay & ships"]
    assert asked["tags"] == ["story"]
    assert asked["hitsPerPage"] == ["50"]
    assert asked["numericFilters"] == [f"created_at_i>{TIME + 3600 - 30 * 86400},created_at_i<={TIME + 3600}"]


def test_a_list_by_search(server: HostileServer) -> None:
    server.routes["/api/search_by_date"] = reply(json.dumps({"hits": [NEW]}))
    source = Source("Board", "hackernews", server.url + "/api/search_by_date?tags=front_page")
    assert len(HackerNewsSource(tools(server)).read(source, Cursor(), NOW).records) == 1


def test_strange_fields_do_no_harm(server: HostileServer) -> None:
    strange = story(1, time="x", score=True, descendants=None, title=3, url=["x"], text="words", by={})
    far = story(2, time=10**30, url="javascript:alert(1)")
    batch = HackerNewsSource(tools(server)).read(firebase(server, {1: strange, 2: far}), Cursor(), NOW)
    assert [record.date_doubtful for record in batch.records] == [True, True]
    assert batch.records[0].engagement == {}
    assert batch.records[1].url == "https://news.ycombinator.com/item?id=2"
