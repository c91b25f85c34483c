"""Hacker News over loopback: lists, items in every state, searches in old and new shape."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from canned import any_json, canned, log, mutated, refused
from desk import NOW, tools
from hostile import HostileServer, reply
from hypothesis import given

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import HttpStatus, ParseError, SourceError
from pipeline.sources.hackernews import HackerNewsSource

TIME = int(NOW.timestamp()) - 3600


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


def firebase(server: HostileServer, items: Mapping[int, object]) -> Source:
    server.routes["/v0/topstories.json"] = reply(json.dumps(list(items)))
    for number, item in items.items():
        server.routes[f"/v0/item/{number}.json"] = reply(json.dumps(item))
    return Source("Board", "hackernews", server.url + "/v0")


def test_a_list(server: HostileServer) -> None:
    source = firebase(
        server, {1: story(1), 2: story(2, url=None, text="<p>Ask &amp; answer.<p>Two.", title="Ask HN: Why?")}
    )
    link, question = HackerNewsSource(tools(server)).read(source, Cursor(), NOW).records
    assert (link.text, link.quality, link.platform) == ("Quay 1 opens", TextQuality.TITLE, "Web")
    assert (link.kind, link.via, question.kind) == ("article", ("Hacker News",), "post")
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
    assert "/v0/item/4.json" not in server.paths()


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
    assert (new.platform, comment.platform) == ("Hacker News", "Hacker News")
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


# --- lists of Algolia's, and comments --------------------------------------------------------------------------------

FRONT = "https://hn.algolia.com/api/v1/search?tags=front_page&hitsPerPage=100"


def test_a_post_with_words_and_a_link_is_two_records() -> None:
    hit = {**OLD, "story_text": "<p>I built it."}
    post, page = (
        HackerNewsSource(canned({"hits": [hit]})).read(Source("HN", "hackernews", FRONT), Cursor(), NOW).records
    )
    assert (post.kind, post.text, post.author) == ("post", "Quay 7 opens\n\nI built it.", "ada")
    assert post.url == post.discussion_url == "https://news.ycombinator.com/item?id=7"
    assert (page.kind, page.url, page.author) == ("article", "https://harbour.example/7", None)
    assert page.via == ("Hacker News", post.url)


def test_what_the_front_page_forgot_is_left_out() -> None:
    old = {**OLD, "objectID": "6", "created_at_i": TIME - 9 * 86400}
    source = Source("HN", "hackernews", FRONT)
    batch = HackerNewsSource(canned({"hits": [OLD, old]})).read(source, Cursor(), NOW)
    assert [record.native_id for record in batch.records] == ["7"]
    assert batch.dropped == {"left on the front page by mistake": 1}


COMMENTS = {
    "/v0/item/8.json": {"id": 8, "type": "story", "kids": [81, 82, 83, 84, 85]},
    "/v0/item/81.json": {"id": 81, "type": "comment", "dead": True, "text": "spam"},
    "/v0/item/82.json": {"id": 82, "type": "comment", "deleted": True},
    "/v0/item/83.json": {"id": 83, "type": "comment", "by": "di", "time": TIME, "text": "It is <i>wide</i>."},
    "/v0/item/84.json": {"id": 84, "type": "comment", "by": "ed", "time": TIME, "text": "<p>Too wide."},
}


def answers(asked: Any) -> Any:
    return COMMENTS.get(asked.path, {"hits": [NEW, {**OLD, "num_comments": 0}]})


def test_top_comments_are_read_once() -> None:
    source = Source("HN", "hackernews", FRONT, options={"comments": 2})
    desk = canned(answers)
    batch = HackerNewsSource(desk).read(source, Cursor(), NOW)
    said = [record for record in batch.records if record.kind == "comment"]
    assert [(record.text, record.author, record.native_id) for record in said] == [
        ("It is wide.", "di", "83"),
        ("Too wide.", "ed", "84"),
    ]
    assert {record.discussion_url for record in said} == {"https://news.ycombinator.com/item?id=8"}
    assert said[0].url == "https://news.ycombinator.com/item?id=83"
    assert "/v0/item/85.json" not in [asked.path for asked in log(desk)]
    assert {record.raw for record in batch.records} == {raw.hash for raw in batch.raws}
    assert len(batch.raws) == 3
    again = canned(answers)
    HackerNewsSource(again).read(source, batch.cursor, NOW)
    assert len(log(again)) == 1


def test_comments_that_fail_cost_nothing_else() -> None:
    def busy(asked: Any) -> Any:
        return refused(429, retry_after=60) if "/item/" in asked.path else {"hits": [NEW]}

    source = Source("HN", "hackernews", FRONT, options={"comments": 2})
    batch = HackerNewsSource(canned(busy)).read(source, Cursor(), NOW)
    assert len(batch.records) == 1
    assert batch.notes == ("comments of 1 posts were not read: answered 429",)
    assert batch.cursor.position == "[]"


def test_a_desk_without_a_source_can_be_searched() -> None:
    address = HackerNewsSource.about.default_address
    desk = canned({"hits": [OLD]})
    source = Source("hackernews", "hackernews", str(address))
    assert len(HackerNewsSource(desk).search(source, "quay", NOW, days=7, limit=5).records) == 1
    assert log(desk)[0].url.startswith("https://hn.algolia.com/api/v1/search?query=quay&")


@pytest.mark.parametrize("query", ["\ud800 quay", "q" * 3000, "港" * 900, "", "\x00&#?"])
def test_any_query_can_be_asked(query: str) -> None:
    desk = canned({"hits": [OLD]})
    assert HackerNewsSource(desk).search(Source("HN", "hackernews", FRONT), query, NOW, days=1, limit=1).records
    assert len(log(desk)[0].url) < 2000


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://news.ycombinator.com/", FRONT),
        ("news.ycombinator.com", None),
        ("https://news.ycombinator.com/best", None),
        ("https://news.ycombinator.com/item?id=8", None),
        ("http://[", None),
        ("https://harbour.example/newest", None),
        ("https://hacker-news.firebaseio.com/v0/topstories.json", "https://hacker-news.firebaseio.com/v0"),
        (FRONT, FRONT),
    ],
)
def test_recognised_addresses(url: str, address: str | None) -> None:
    found = HackerNewsSource.recognise(url)
    assert found == (None if address is None else {"kind": "hackernews", "address": address})


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("https://news.ycombinator.com/newest", "tags=story&"),
        ("https://news.ycombinator.com/show", "tags=show_hn&"),
        ("https://news.ycombinator.com/submitted?id=pg", "tags=story%2Cauthor_pg&"),
        ("https://news.ycombinator.com/from?site=harbour.example", "query=harbour.example&"),
        ("https://hn.algolia.com/?query=quay+crane", "query=quay+crane&"),
    ],
)
def test_recognised_lists(url: str, part: str) -> None:
    found = HackerNewsSource.recognise(url)
    assert found
    assert part in str(found["address"])


NAMES = "hits objectID title url author points story_text comment_text num_comments story_id created_at_i kids type id"


@given(any_json(NAMES) | mutated({"hits": [OLD, NEW, COMMENT]}, NAMES))
def test_no_answer_breaks_it(answer: Any) -> None:
    for address in (FRONT, "https://hacker-news.firebaseio.com/v0"):
        source = Source("HN", "hackernews", address, options={"comments": 1})
        try:
            batch = HackerNewsSource(canned(answer)).read(source, Cursor(position=json.dumps(answer)), NOW)
        except SourceError:
            continue
        assert all(record.text for record in batch.records)


def hit(number: int) -> dict[str, object]:
    return {**OLD, "objectID": str(number), "title": f"Quay {number} opens", "url": f"https://harbour.example/{number}"}


def test_the_items_of_a_list_are_looked_up_together() -> None:
    def answer(asked: Any) -> Any:
        if asked.path.endswith("topstories.json"):
            return list(range(1, 101))
        if "/item/" in asked.path:
            return story(int(asked.path.rpartition("/")[2].removesuffix(".json")))
        tagged = asked.query["tags"].partition("),(")[2].rstrip(")").split(",")
        numbers = [int(tag.removeprefix("story_")) for tag in tagged]
        assert len(asked.url) < 2000
        return {"hits": [hit(number) for number in numbers if number not in (3, 90)] + [hit(7777), COMMENT]}

    desk = canned(answer)
    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0", options={"limit": 95})
    batch = HackerNewsSource(desk).read(source, Cursor(), NOW)
    assert [record.native_id for record in batch.records] == [str(number) for number in range(1, 96)]
    asked = [one.path for one in log(desk)]
    assert asked.count("/api/v1/search") == 2
    assert asked[3:] == ["/v0/item/3.json", "/v0/item/90.json"]
    rest = HackerNewsSource(desk).read(source, batch.cursor, NOW)
    assert [record.native_id for record in rest.records] == ["96", "97", "98", "99", "100"]


def test_items_are_asked_one_by_one_where_they_cannot_be_looked_up() -> None:
    def answer(asked: Any) -> Any:
        if asked.path.endswith("topstories.json"):
            return list(range(1, 11))
        return story(1) if "/item/" in asked.path else refused(503)

    desk = canned(answer)
    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0")
    HackerNewsSource(desk).read(source, Cursor(), NOW)
    assert [one.path for one in log(desk)].count("/v0/item/10.json") == 1


@given(any_json(NAMES) | mutated({"hits": [hit(number) for number in range(1, 4)]}, NAMES))
def test_no_look_up_breaks_it(answer: Any) -> None:
    def answers(asked: Any) -> Any:
        if asked.path.endswith("topstories.json"):
            return list(range(1, 9))
        return story(int(asked.path.rpartition("/")[2].removesuffix(".json"))) if "/item/" in asked.path else answer

    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0")
    batch = HackerNewsSource(canned(answers)).read(source, Cursor(), NOW)
    assert len(batch.records) + sum(batch.dropped.values()) >= 8


@given(mutated(story(1, kids=[2]), NAMES))
def test_no_item_breaks_it(item: Any) -> None:
    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0", options={"comments": 1})
    desk = canned(lambda asked: [1] if asked.path.endswith("topstories.json") else item)
    batch = HackerNewsSource(desk).read(source, Cursor(), NOW)
    assert len(batch.records) + sum(batch.dropped.values()) >= 1


# --- genuine answers -------------------------------------------------------------------------------------------------

DATA = Path(os.environ.get("CITEWIRE_EVAL_DATA", "/nowhere")) / "api"
SEARCHES = sorted((DATA / "hn_algolia").glob("*search*.json"))
ITEMS = sorted((DATA / "hn_firebase").glob("item_*.json"))
LISTS = sorted((DATA / "hn_firebase").glob("topstories*.json"))


@pytest.mark.skipif(not SEARCHES, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", SEARCHES, ids=lambda path: path.stem)
def test_genuine_searches(path: Path) -> None:
    hits = json.loads(path.read_bytes())["hits"]
    source = Source("HN", "hackernews", "https://hn.algolia.com/api/v1/search")
    batch = HackerNewsSource(canned(path.read_bytes())).read(source, Cursor(), NOW)
    told = {record.discussion_url for record in batch.records if record.kind != "comment"}
    said = [record for record in batch.records if record.kind == "comment"]
    assert len(told) + len(said) + sum(batch.dropped.values()) == len(hits)
    assert all(record.discussion_url and record.text and not record.date_doubtful for record in batch.records)
    assert all(record.via == () for record in batch.records if record.platform == "Hacker News")
    assert all("<a href" not in record.text and "&#x2F;" not in record.text for record in batch.records)


@pytest.mark.skipif(not ITEMS, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_genuine_items(path: Path) -> None:
    item = json.loads(path.read_bytes())
    desk = canned(lambda asked: [item["id"]] if "topstories" in asked.path else path.read_bytes())
    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0")
    batch = HackerNewsSource(desk).read(source, Cursor(), NOW)
    assert bool(batch.records) == (item["type"] in ("story", "poll", "comment"))
    assert len({record.discussion_url for record in batch.records}) <= 1
    assert all(not record.date_doubtful and "<p>" not in record.text for record in batch.records)


@pytest.mark.skipif(not LISTS, reason="CITEWIRE_EVAL_DATA names no data folder")
def test_a_genuine_list() -> None:
    items = {json.loads(path.read_bytes())["id"]: path.read_bytes() for path in ITEMS}

    def answer(asked: Any) -> Any:
        if "topstories" in asked.path:
            return LISTS[0].read_bytes()
        if asked.path.endswith("/search"):
            return {"hits": []}
        return items.get(int(asked.path.rpartition("/")[2].removesuffix(".json")), b"null")

    source = Source("HN", "hackernews", "https://hacker-news.firebaseio.com/v0", options={"limit": 500})
    desk = canned(answer)
    batch = HackerNewsSource(desk).read(source, Cursor(), NOW)
    listed = json.loads(LISTS[0].read_bytes())
    single = [asked for asked in log(desk) if "/item/" in asked.path]
    assert len(single) == min(len(listed), desk.settings.max_new)
    assert {record.native_id for record in batch.records if record.native_id} <= {str(number) for number in items}
    assert batch.records
