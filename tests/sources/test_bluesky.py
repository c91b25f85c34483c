"""Bluesky: accounts, lists and feeds without a login, searches with one; posts in every shape."""

from __future__ import annotations

import base64
import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from canned import Asked, any_json, canned, log, mutated, refused
from desk import NOW, tools
from hostile import HostileServer, reply
from hypothesis import given

from pipeline.domain import Batch, Cursor, Source
from pipeline.errors import ConfigurationError, HttpStatus, ParseError, SourceError
from pipeline.sources import Tools
from pipeline.sources.bluesky import BlueskySource
from pipeline.vault import Vault

DID = "did:plc:ada"
WHEN = "2026-05-04T05:00:00.000Z"
LOGIN = {"BLUESKY_IDENTIFIER": "ada.example", "BLUESKY_APP_PASSWORD": "hush-hush"}


def uri(key: str = "k1", did: str = DID) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


def page(key: str = "k1", did: str = DID) -> str:
    return f"https://bsky.app/profile/{did}/post/{key}"


def post(key: str = "k1", text: str = "The quay is open.", **fields: Any) -> dict[str, Any]:
    record = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": WHEN,
        "langs": ["en"],
        **fields.pop("record", {}),
    }
    base = {
        "uri": uri(key),
        "author": {"did": DID, "handle": "ada.example", "displayName": "The Mayor", "labels": []},
        "record": record,
        "indexedAt": "2026-05-04T05:00:01.000Z",
        "likeCount": 5,
        "repostCount": 1,
        "replyCount": 0,
        "quoteCount": 2,
        "labels": [],
    }
    return {**base, **fields}


def card(url: str = "https://harbour.example/7?utm_source=bsky", title: str = "Quay 7 opens") -> dict[str, Any]:
    external = {"uri": url, "title": title, "description": "The mayor opened it."}
    return {"$type": "app.bsky.embed.external#view", "external": external}


def quoted(key: str = "q1", text: str = "It leaks.", **fields: Any) -> dict[str, Any]:
    value = {"$type": "app.bsky.feed.post", "text": text, "createdAt": WHEN}
    author = {"did": "did:plc:bo", "handle": "bo.example"}
    base = {
        "$type": "app.bsky.embed.record#viewRecord",
        "uri": uri(key, "did:plc:bo"),
        "author": author,
        "value": value,
    }
    return {**base, "indexedAt": WHEN, "embeds": [], **fields}


def quoting(record: dict[str, Any]) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.record#view", "record": record}


def source(address: str = "ada.example", **options: Any) -> Source:
    return Source("Ada", "bluesky", address, options=options)


def feed(*posts: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    entries = [one if "post" in one else {"post": one} for one in posts]
    return {"feed": entries, **({"cursor": cursor} if cursor else {})}


def read(*posts: dict[str, Any], **options: Any) -> Batch:
    return BlueskySource(canned(feed(*posts))).read(source(**options), Cursor(), NOW)


# --- what a post is --------------------------------------------------------------------------------------------------


def test_a_post() -> None:
    (record,) = read(post()).records
    assert (record.kind, record.platform, record.native_id, record.url) == ("post", "Bluesky", uri(), page())
    assert (record.text, record.author, record.lang, record.title) == ("The quay is open.", "ada.example", "en", "")
    assert record.engagement == {"likes": 5, "reposts": 1, "replies": 0, "quotes": 2}
    assert record.discussion_url == page()
    assert not record.date_doubtful


def test_a_post_with_words_and_a_card_is_two_records() -> None:
    own, article = read(post(embed=card())).records
    assert own.kind == "post"
    assert (article.kind, article.platform, article.url) == ("article", "Web", "https://harbour.example/7")
    assert article.text == "Quay 7 opens\n\nThe mayor opened it."
    assert (article.via, article.author, article.publisher) == (("Bluesky", page()), None, "harbour.example")
    assert (article.engagement, article.discussion_url) == ({}, page())


@pytest.mark.parametrize(
    "text", ["", "https://harbour.example/7", "Quay 7 opens https://harbour.example/7", "#quay @bo.example"]
)
def test_a_post_that_only_shares_is_the_article(text: str) -> None:
    (article,) = read(post(text=text, embed=card())).records
    assert (article.kind, article.native_id, article.via) == ("article", uri(), ("Bluesky",))
    assert (article.author, article.engagement["likes"]) == (None, 5)


def test_markup_in_a_card_is_read() -> None:
    external = {"uri": "https://harbour.example/7", "title": "Quay", "description": "<p>It is <b>open</b>.</p>"}
    _, article = read(post(embed={"external": external})).records
    assert article.text == "Quay\n\nIt is open."


def test_a_moving_picture_is_no_article() -> None:
    assert len(read(post(embed=card("https://media.tenor.com/x.gif", "a ship sinking"))).records) == 1


def test_shortened_links_are_written_out_and_others_stay() -> None:
    text = "Öffnung: harbour.example/2026/ne... und hier"
    raw = text.encode()
    start, end = raw.index(b"harbour"), raw.index(b"...") + 3
    here = raw.index(b"hier")

    def link(first: int, last: int, target: str) -> dict[str, Any]:
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": target}
        return {"index": {"byteStart": first, "byteEnd": last}, "features": [{"tag": "x"}, feature]}

    facets = [
        link(start, end, "https://www.harbour.example/2026/news/7"),
        link(here, here + 4, "https://other.example/"),
        link(start + 2, end, "https://harbour.example/overlaps"),
        link(-4, 2, "https://x.example"), link(0, 10**9, "https://x.example"), link(1, 3, "https://x.example"),
        {"index": None, "features": 3},
    ]  # fmt: skip
    (record,) = read(post(text=text, record={"facets": facets})).records
    assert record.text == "Öffnung: https://www.harbour.example/2026/news/7 und hier"
    assert not record.truncated


def test_a_quoted_post_and_its_card_come_along() -> None:
    own, other, article = read(post(embed=quoting(quoted(embeds=[card()])))).records
    assert (own.text, other.text, other.author) == ("The quay is open.", "It leaks.", "bo.example")
    assert (other.url, other.via) == (page("q1", "did:plc:bo"), ("Bluesky", page()))
    assert article.via == ("Bluesky", page(), other.url)


def test_a_quote_with_media() -> None:
    both = {"$type": "app.bsky.embed.recordWithMedia#view", "record": quoting(quoted()), "media": card()}
    assert [record.kind for record in read(post(embed=both)).records] == ["post", "article", "post"]


@pytest.mark.parametrize("kind", ["viewNotFound", "viewBlocked", "viewDetached"])
def test_a_quote_that_is_gone(kind: str) -> None:
    gone = {"$type": f"app.bsky.embed.record#{kind}", "uri": uri("q1"), "notFound": True}
    batch = read(post(embed=quoting(gone)))
    assert len(batch.records) == 1
    assert batch.dropped == {"quoted post that is gone or blocked": 1}


def test_a_quoted_list_is_nothing() -> None:
    batch = read(post(embed=quoting({"$type": "app.bsky.graph.defs#listView", "uri": "at://x/y/z", "name": "Ports"})))
    assert (len(batch.records), batch.dropped) == (1, {})


def test_what_is_listed_goes_before_what_is_quoted() -> None:
    mine = post("k2", text="Mine.")
    again = quoted() | {"uri": uri("k2"), "value": mine["record"]}
    batch = read(post(embed=quoting(again)), mine)
    assert [(record.native_id, record.via) for record in batch.records] == [(uri(), ()), (uri("k2"), ())]


@pytest.mark.parametrize(
    ("fields", "rule", "option"),
    [
        ({"labels": [{"val": "!hide"}]}, "hidden by its moderators", None),
        ({"labels": [{"val": "!takedown"}]}, "hidden by its moderators", None),
        ({"labels": [{"val": "porn"}]}, "not safe for work", "nsfw"),
        ({"record": {"labels": {"values": [{"val": "graphic-media"}]}}}, "not safe for work", "nsfw"),
        (
            {"author": {"did": DID, "labels": [{"val": "!no-unauthenticated"}]}},
            "shown to members only, as its author asks",
            None,
        ),
        ({"record": {"reply": {"root": {"uri": uri("r1")}, "parent": {"uri": uri("r1")}}}}, "replies", "replies"),
        ({"uri": "at://x"}, "not a post", None),
        ({"record": {"text": None}}, "not a post", None),
        ({"text": ""}, "empty", None),
    ],
)
def test_what_is_left_out(fields: dict[str, Any], rule: str, option: str | None) -> None:
    batch = read(post("k9"), post(**fields))
    assert [record.native_id for record in batch.records] == [uri("k9")]
    assert batch.dropped == {rule: 1}
    if option:
        assert len(read(post("k9"), post(**fields), **{option: True}).records) == 2


def test_labels_that_say_nothing_or_no_longer() -> None:
    labels = [{"val": "rude"}, {"val": "!hide", "neg": True}, "x", {"val": 3}]
    assert len(read(post(labels=labels)).records) == 1


def test_a_quote_keeps_the_rules() -> None:
    batch = read(post(embed=quoting(quoted(labels=[{"val": "!hide"}]))))
    assert (len(batch.records), batch.dropped) == (1, {"hidden by its moderators": 1})


def test_a_reply_is_a_comment_of_its_thread() -> None:
    reply = {"reply": {"root": {"uri": uri("r1", "did:plc:bo")}, "parent": {"uri": uri("r2")}}}
    (record,) = read(post(record=reply), replies=True).records
    assert (record.kind, record.discussion_url) == ("comment", page("r1", "did:plc:bo"))


def test_reposts_are_found_through_who_carried_them_on() -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:cy"}, "indexedAt": WHEN}
    entry = {"post": post(embed=card()), "reason": reason}
    assert read(entry).dropped == {"reposts": 1}
    own, article = read(entry, reposts=True).records
    assert own.via == ("Bluesky", "https://bsky.app/profile/did:plc:cy")
    assert article.via == (*own.via, page())


def test_times_are_the_servers_where_the_client_claims_later_ones() -> None:
    early = {"createdAt": "2024-01-01T00:00:00Z"}
    late = {"createdAt": "2026-05-04T05:30:00+00:00"}
    little = {"createdAt": "2026-05-04T05:01:30Z"}
    odd = {"createdAt": "yesterday"}
    first, second, third, fourth = read(
        post("k1", record=early), post("k2", record=late), post("k3", record=little), post("k4", record=odd)
    ).records
    assert (first.published.year, first.date_doubtful, first.backfill) == (2024, False, True)
    assert (second.published.isoformat(), second.date_doubtful) == ("2026-05-04T05:00:01+00:00", True)
    assert second.dated == "2026-05-04T05:30:00+00:00"
    assert (third.published.minute, third.date_doubtful) == (0, False)
    assert (fourth.published.hour, fourth.date_doubtful) == (5, False)


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "method", "query"),
    [
        ("ada.example", "getAuthorFeed", {"actor": "ada.example", "filter": "posts_no_replies"}),
        ("@ada.example", "getAuthorFeed", {"actor": "ada.example", "filter": "posts_no_replies"}),
        (DID, "getAuthorFeed", {"actor": DID, "filter": "posts_no_replies"}),
        (f"at://{DID}", "getAuthorFeed", {"actor": DID, "filter": "posts_no_replies"}),
        (
            "https://bsky.app/profile/ada.example/",
            "getAuthorFeed",
            {"actor": "ada.example", "filter": "posts_no_replies"},
        ),
        (f"at://{DID}/app.bsky.graph.list/l1", "getListFeed", {"list": f"at://{DID}/app.bsky.graph.list/l1"}),
        (f"https://bsky.app/profile/{DID}/feed/f1", "getFeed", {"feed": f"at://{DID}/app.bsky.feed.generator/f1"}),
        (
            "https://bsky.app/profile/ada.example/lists/l1",
            "getListFeed",
            {"list": f"at://{DID}/app.bsky.graph.list/l1"},
        ),
    ],
)
def test_addresses(address: str, method: str, query: dict[str, str]) -> None:
    desk = canned(lambda asked: {"did": DID} if asked.path.endswith("resolveHandle") else feed(post()))
    assert len(BlueskySource(desk).read(source(address), Cursor(), NOW).records) == 1
    asked = log(desk)[-1]
    assert asked.url.startswith(f"https://public.api.bsky.app/xrpc/app.bsky.feed.{method}?")
    assert asked.query == {**query, "limit": "100"}
    assert asked.headers == {}


@pytest.mark.parametrize(
    "address",
    ["", "ada", "https://bsky.app/profile/ada.example/post/k1", "at://", f"at://{DID}/app.bsky.feed.post/k1",
     "https://bsky.app/", "https://bsky.app/search", "http://[", "https://bsky.app/profile/a%2Fb/feed/x"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    desk = canned({})
    with pytest.raises(ParseError, match="names no account"):
        BlueskySource(desk).read(source(address), Cursor(), NOW)
    assert log(desk) == []
    assert BlueskySource.recognise(address) is None


@pytest.mark.parametrize(
    "url",
    ["https://bsky.app/profile/ada.example", f"at://{DID}/app.bsky.graph.list/l1", "https://bsky.app/hashtag/quay",
     "https://bsky.app/search?q=quay"],
)  # fmt: skip
def test_recognised_addresses(url: str) -> None:
    assert BlueskySource.recognise(url) == {"kind": "bluesky", "address": url}


def test_other_sites_are_not_recognised() -> None:
    assert BlueskySource.recognise("https://bsky.example/profile/ada.example") is None


def paged(*pages: dict[str, Any]) -> Any:
    def answer(asked: Asked) -> Any:
        return pages[int(asked.query.get("cursor", "0"))]

    return answer


def test_pages_are_read_up_to_what_is_known() -> None:
    old = "2026-05-02T05:00:00Z"
    pages = paged(
        feed(post("k4", indexedAt="2026-05-04T05:00:00Z"), cursor="1"),
        feed(post("k3", indexedAt="2026-05-03T05:00:00Z"), post("k2", indexedAt=old), cursor="2"),
        feed(post("k1", indexedAt="2026-05-01T05:00:00Z")),
    )
    desk = canned(pages)
    everything = BlueskySource(desk).read(source(), Cursor(), NOW)
    assert len(everything.records) == 4
    assert everything.cursor.position == f"2026-05-04T05:00:00+00:00 {DID}"
    again = canned(pages)
    some = BlueskySource(again).read(source(), Cursor(position="2026-05-02T12:00:00+00:00"), NOW)
    assert (len(some.records), len(log(again))) == (3, 2)


def test_a_handle_that_changes_hands_is_noticed() -> None:
    first = BlueskySource(canned(feed(post()))).read(source(), Cursor(), NOW)
    nothing = BlueskySource(canned(feed())).read(source(), first.cursor, NOW)
    assert nothing.cursor == first.cursor
    other = canned(feed(post(author={"did": "did:plc:eve", "handle": "Ada.example"})))
    with pytest.raises(ParseError, match="another account bears the name"):
        BlueskySource(other).read(source(), nothing.cursor, NOW)
    assert BlueskySource(other).read(source("did:plc:eve"), Cursor(), NOW).records


def test_what_was_read_is_kept() -> None:
    batch = read(post(embed=card()))
    (raw,) = batch.raws
    assert {record.raw for record in batch.records} == {raw.hash}
    assert raw.url.startswith("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?")


def test_a_pinned_post_ends_nothing() -> None:
    pinned = {"post": post("k0", indexedAt="2020-01-01T00:00:00Z"), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    desk = canned(paged(feed(pinned, post("k2"), cursor="1"), feed(post("k1"))))
    BlueskySource(desk).read(source(), Cursor(position="2026-05-03T00:00:00+00:00"), NOW)
    assert len(log(desk)) == 2


def test_pages_are_bounded() -> None:
    desk = canned(lambda asked: feed(post("k1"), cursor=f"{len(log(desk))}"))
    BlueskySource(desk).read(source(limit=5), Cursor(), NOW)
    assert [asked.query["limit"] for asked in log(desk)] == ["5", "4", "3", "2", "1"]
    stuck = canned(feed(post("k1"), cursor="same"))
    BlueskySource(stuck).read(source(limit=50), Cursor(), NOW)
    assert len(log(stuck)) == 2


def test_a_refused_cursor_keeps_what_was_read() -> None:
    desk = canned(lambda asked: refused(400) if "cursor" in asked.query else feed(post(), cursor="x"))
    batch = BlueskySource(desk).read(source(), Cursor(), NOW)
    assert len(batch.records) == 1
    assert batch.notes == ("further pages were not read: answered 400",)


@pytest.mark.parametrize(
    ("status", "word"), [(400, "correct the address"), (403, "without a login"), (429, "answered 429")]
)
def test_refusals(status: int, word: str) -> None:
    with pytest.raises(HttpStatus, match=word):
        BlueskySource(canned(refused(status))).read(source(), Cursor(), NOW)


@pytest.mark.parametrize("answer", [{}, [], "x", None, {"feed": {}}, b"<html>"])
def test_what_is_no_feed(answer: Any) -> None:
    with pytest.raises(ParseError):
        BlueskySource(canned(answer)).read(source(), Cursor(), NOW)


# --- searching, with a login -----------------------------------------------------------------------------------------


def token(seconds: float, name: str = "t") -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(time.time() + seconds), "n": name}).encode()).decode()
    return f"head.{claims.rstrip('=')}.sign"


def server(asked: Asked, answer: Any = None) -> Any:
    if asked.path.endswith("createSession"):
        return {"accessJwt": token(7200, "new"), "refreshJwt": token(9e6, "r"), "did": DID, "handle": "ada.example"}
    if asked.path.endswith("refreshSession"):
        return {"accessJwt": token(7200, "fresh"), "refreshJwt": token(9e6, "r2"), "did": DID}
    return {"posts": [post()]} if answer is None else answer


def methods(desk: Tools) -> list[str]:
    return [asked.path.rpartition(".")[2] for asked in log(desk)]


def search(desk: Tools, **options: Any) -> Batch:
    return BlueskySource(desk).search(source(**options), "quay & crane", NOW, days=30, limit=50)


def test_a_search() -> None:
    desk = canned(server, secrets=LOGIN)
    assert len(search(desk).records) == 1
    login, asked = log(desk)
    assert login.url == "https://bsky.social/xrpc/com.atproto.server.createSession"
    assert json.loads(login.body) == {"identifier": "ada.example", "password": "hush-hush"}
    assert asked.url.startswith("https://bsky.social/xrpc/app.bsky.feed.searchPosts?")
    assert asked.query == {
        "q": "quay & crane", "sort": "top", "since": "2026-04-04T06:00:00Z", "until": "2026-05-04T06:00:00Z",
        "limit": "50",
    }  # fmt: skip
    assert asked.headers["Authorization"].startswith("Bearer head.")
    assert "hush" not in asked.url + login.url


@pytest.mark.parametrize("query", ["\ud800 quay", "q" * 3000, "港" * 900, "", "\x00&#?"])
def test_any_query_can_be_asked(query: str) -> None:
    desk = canned(server, secrets=LOGIN)
    assert BlueskySource(desk).search(source(), query, NOW, days=1, limit=1).records
    assert len(log(desk)[-1].url) < 2000


def test_a_search_that_is_refused_for_itself_costs_no_session(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    search(canned(server, secrets=LOGIN, vault=vault))
    bad = HttpStatus("400", status=400, body=b'{"error": "BadQueryString", "message": "no"}')
    desk = canned(lambda asked: bad, secrets=LOGIN, vault=vault)
    with pytest.raises(HttpStatus):
        search(desk)
    assert methods(desk) == ["searchPosts"]


def test_a_login_says_what_the_server_says_and_not_the_password() -> None:
    body = b'{"error": "AuthFactorTokenRequired", "message": "hush-hush needs a code"}'
    desk = canned(HttpStatus("401", status=401, body=body), secrets=LOGIN)
    with pytest.raises(HttpStatus, match="needs a code") as told:
        search(desk)
    assert "hush" not in str(told.value)
    assert "app password" in str(told.value)


def test_a_search_takes_replies_and_what_was_asked_for() -> None:
    reply = post("k2", record={"reply": {"root": {"uri": uri("r1")}}})
    old = post("k3", record={"createdAt": f"{NOW - timedelta(days=40):%Y-%m-%dT00:00:00Z}"})
    batch = search(canned(lambda asked: server(asked, {"posts": [post(), reply, old]}), secrets=LOGIN))
    assert [record.kind for record in batch.records] == ["post", "comment"]
    assert batch.dropped == {"older than asked": 1}


def test_a_search_over_loopback(tmp_path: Path) -> None:
    with HostileServer() as server_:
        given = {"accessJwt": token(7200), "refreshJwt": token(9e6)}
        server_.routes["/xrpc/com.atproto.server.createSession"] = reply(json.dumps(given))
        server_.routes["/xrpc/app.bsky.feed.searchPosts"] = reply(json.dumps({"posts": [post(embed=card())]}))
        base = tools(server_)
        desk = Tools(base.fetcher, base.engine, base.settings, secret=LOGIN.get, vault=Vault(tmp_path))
        assert len(search(desk, pds=server_.url).records) == 2
        server_.routes["/xrpc/app.bsky.feed.searchPosts"] = reply("{}", "502 Bad Gateway")
        with pytest.raises(HttpStatus) as told:
            search(desk, pds=server_.url)
        assert "Bearer" not in str(told.value)
        asked = [request for request in server_.log if request.path.endswith("searchPosts")]
        assert {request.headers["authorization"] for request in asked} == {f"Bearer {given['accessJwt']}"}
        assert server_.paths().count("/xrpc/com.atproto.server.createSession") == 1


def test_one_login_for_the_run_and_the_next(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    desk = canned(server, secrets=LOGIN, vault=vault)
    search(desk)
    search(desk)
    assert methods(desk) == ["createSession", "searchPosts", "searchPosts"]
    (kept,) = (tmp_path / "vault").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "hush" not in kept.read_text()
    later = canned(server, secrets=LOGIN, vault=vault)
    search(later)
    assert methods(later) == ["searchPosts"]


def test_a_session_that_has_ended_is_refreshed(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    search(canned(server, secrets=LOGIN, vault=vault))
    (kept,) = tmp_path.iterdir()
    old = token(9e6, "old")
    kept.write_text(json.dumps({"access": token(-5), "refresh": old}))
    desk = canned(server, secrets=LOGIN, vault=vault)
    search(desk)
    assert methods(desk) == ["refreshSession", "searchPosts"]
    assert log(desk)[0].headers["Authorization"] == f"Bearer {old}"
    assert log(desk)[0].body == b""
    kept.write_text(json.dumps({"access": token(-5), "refresh": token(-5)}))
    desk = canned(server, secrets=LOGIN, vault=vault)
    search(desk)
    assert methods(desk) == ["createSession", "searchPosts"]


def test_a_session_that_is_refused_is_replaced(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    search(canned(server, secrets=LOGIN, vault=vault))

    def expired(asked: Asked) -> Any:
        new = '"fresh"' in base64.urlsafe_b64decode(asked.headers["Authorization"].split(".")[1] + "==").decode()
        return server(asked) if new or not asked.path.endswith("searchPosts") else refused(400)

    desk = canned(expired, secrets=LOGIN, vault=vault)
    assert search(desk).records
    assert methods(desk) == ["searchPosts", "refreshSession", "searchPosts"]


def test_a_refresh_that_is_refused_leads_to_one_login(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    search(canned(server, secrets=LOGIN, vault=vault))
    (kept,) = tmp_path.iterdir()
    kept.write_text(json.dumps({"access": token(-5), "refresh": token(9e6)}))
    desk = canned(
        lambda a: refused(401) if a.path.endswith("refreshSession") else server(a), secrets=LOGIN, vault=vault
    )
    search(desk)
    assert methods(desk) == ["refreshSession", "createSession", "searchPosts"]


def test_a_fresh_session_that_is_refused_is_not_replaced() -> None:
    desk = canned(lambda asked: refused(401) if asked.path.endswith("searchPosts") else server(asked), secrets=LOGIN)
    with pytest.raises(HttpStatus):
        search(desk)
    assert methods(desk) == ["createSession", "searchPosts"]


@pytest.mark.parametrize("answer", [refused(401), refused(429), {"accessJwt": 3}, {"accessJwt": "a b"}, [], "x"])
def test_a_login_that_fails_is_tried_once(answer: Any) -> None:
    desk = canned(answer, secrets=LOGIN)
    for _ in range(3):
        with pytest.raises((HttpStatus, ParseError)) as told:
            search(desk)
        assert "hush" not in str(told.value)
    assert methods(desk) == ["createSession"]


def test_a_search_without_a_login_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="BLUESKY_APP_PASSWORD"):
        search(canned(server))
    with pytest.raises(ConfigurationError, match="BLUESKY_APP_PASSWORD"):
        search(canned(server, secrets={"BLUESKY_IDENTIFIER": "ada.example"}))


def test_an_account_of_another_server() -> None:
    desk = canned(server, secrets={"PASS": "hush-hush"})
    search(desk, identifier="bo.example", key_env="PASS", pds="https://pds.example/")
    assert all(asked.url.startswith("https://pds.example/xrpc/") for asked in log(desk))
    assert json.loads(log(desk)[0].body)["identifier"] == "bo.example"


def test_a_standing_search() -> None:
    desk = canned(server, secrets=LOGIN)
    batch = BlueskySource(desk).read(source("https://bsky.app/hashtag/quay"), Cursor(), NOW)
    assert len(batch.records) == 1
    assert log(desk)[-1].query == {"q": "#quay", "sort": "latest", "limit": "100"}


# --- anything at all -------------------------------------------------------------------------------------------------

NAMES = (
    "feed posts post uri author did handle labels val values record text createdAt langs facets index byteStart "
    "byteEnd features embed embeds external title description media value reply root reason by indexedAt cursor $type"
)
FACET = {"index": {"byteStart": 0, "byteEnd": 3}, "features": [{"uri": "https://x.y"}]}
SAID = {"facets": [FACET], "reply": {"root": {"uri": uri()}}, "labels": {"values": [{"val": "x"}]}}
SHARED = post(embed={"record": quoting(quoted(embeds=[card()])), "media": card()})
WHOLE = {"feed": [{"post": SHARED, "reason": {"by": {"did": DID}}}, {"post": post("k2", record=SAID)}], "cursor": "2"}


@given(any_json(NAMES) | mutated(WHOLE, NAMES))
def test_no_answer_breaks_it(answer: Any) -> None:
    everything: dict[str, Any] = {"reposts": True, "replies": True, "nsfw": True, "limit": 3}
    for options in ({}, everything):
        try:
            batch = BlueskySource(canned(answer)).read(source(**options), Cursor(position=str(answer)[:50]), NOW)
        except SourceError:
            continue
        assert all(record.text and record.url for record in batch.records)


@given(any_json("accessJwt refreshJwt posts") | mutated({"accessJwt": token(9e6), "refreshJwt": token(9e6)}, "exp"))
def test_no_login_breaks_it(answer: Any) -> None:
    desk = canned(lambda asked: answer if asked.method == "POST" else {"posts": [post()]}, secrets=LOGIN)
    try:
        assert search(desk).records
    except SourceError:
        assert methods(desk) == ["createSession"]


# --- genuine answers -------------------------------------------------------------------------------------------------

DATA = Path(os.environ.get("CITEWIRE_EVAL_DATA", "/nowhere")) / "api" / "bluesky"
FILES = [path for path in sorted(DATA.glob("*.json")) if path.name != "INDEX.json"]
HAVE = pytest.mark.skipif(not FILES, reason="CITEWIRE_EVAL_DATA names no data folder")
LATER = NOW.replace(year=2026)


@HAVE
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_genuine_answers(path: Path) -> None:
    answer = json.loads(path.read_bytes())
    desk = canned(lambda asked: path.read_bytes() if len(log(desk)) == 1 else feed())
    if not isinstance(answer, dict) or not isinstance(answer.get("feed"), list):
        with pytest.raises(ParseError):
            BlueskySource(desk).read(source(), Cursor(), LATER)
        return
    batch = BlueskySource(desk).read(source(reposts=True, replies=True, nsfw=True, limit=100), Cursor(), LATER)
    check(batch, [entry["post"] for entry in answer["feed"]])
    plain = BlueskySource(canned(feed(*answer["feed"]))).read(source(), Cursor(), LATER)
    reposted = sum("reason" in entry for entry in answer["feed"])
    assert plain.dropped.get("reposts", 0) == reposted
    assert all(record.kind != "comment" or record.via for record in plain.records)


@HAVE
@pytest.mark.parametrize(
    "path", [path for path in FILES if b'"posts"' in path.read_bytes()[:50]], ids=lambda path: path.stem
)
def test_genuine_searches(path: Path) -> None:
    posts = json.loads(path.read_bytes())["posts"]
    answers = iter([path.read_bytes(), {"posts": []}])
    desk = canned(lambda asked: server(asked) if asked.method == "POST" else next(answers), secrets=LOGIN)
    found = BlueskySource(desk).search(source(nsfw=True), "redistricting", LATER, days=3650, limit=100)
    check(found, posts)


def check(batch: Batch, posts: list[dict[str, Any]]) -> None:
    """Every post is a record, the article it shares, or counted."""
    made = {record.native_id for record in batch.records}
    lost = [one for one in posts if one["uri"] not in made]
    assert len(lost) <= sum(batch.dropped.values())
    assert batch.dropped.keys() <= {
        "empty", "same page twice", "shown to members only, as its author asks", "quoted post that is gone or blocked",
    }  # fmt: skip
    by_id = {one["uri"]: one for one in posts}
    for record in batch.records:
        assert record.url
        assert record.text
        assert not record.date_doubtful
        assert (record.kind == "article") == (record.platform == "Web")
        if record.native_id in by_id and record.kind != "article":
            said = by_id[record.native_id]["record"]
            assert record.published.isoformat()[:19] <= said["createdAt"][:19]
            assert record.text.split()[0] == said["text"].split()[0]
    cards = [one for one in posts if "external" in (one.get("embed") or {}) and not one["author"].get("labels")]
    pages = sum(record.kind == "article" for record in batch.records)
    assert pages + batch.dropped.get("same page twice", 0) >= len(cards) * 0.9
