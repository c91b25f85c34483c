"""Reddit: what its API and its Atom feeds give, with and without an app; tokens, quotas, refusals."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from canned import Asked, any_json, canned, log, mutated, refused
from desk import NOW, tools
from hostile import HostileServer, reply
from hypothesis import given

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, HttpStatus, ParseError, SourceError
from pipeline.sources import Tools
from pipeline.sources.reddit import RedditSource
from pipeline.vault import Vault

TIME = NOW.timestamp() - 3600
LOGIN = {"REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "hush"}
TOKEN = {"access_token": "t0ken", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
RIDE = "https://www.reddit.com/r/harbours/comments/a1/quay_7/"


def post(number: str = "a1", **fields: object) -> dict[str, Any]:
    base = {
        "name": f"t3_{number}",
        "title": "Quay 7 opens",
        "subreddit": "harbours",
        "permalink": f"/r/harbours/comments/{number}/quay_7/",
        "author": "ada",
        "created_utc": TIME,
        "score": 12,
        "num_comments": 3,
        "is_self": True,
        "selftext": "It is *open*.",
        "selftext_html": '<!-- SC_OFF --><div class="md"><p>It is <em>open</em>.</p></div><!-- SC_ON -->',
        "url": f"https://www.reddit.com/r/harbours/comments/{number}/quay_7/",
    }
    return {**base, **fields}


def link(number: str = "b1", **fields: object) -> dict[str, Any]:
    shared = {"is_self": False, "selftext": "", "selftext_html": None, "url": "https://harbour.example/7?utm_source=r"}
    return post(number, **shared | fields)


def comment(number: str, body: str = "Too wide.", **fields: object) -> dict[str, Any]:
    base = {
        "name": f"t1_{number}",
        "body": body,
        "body_html": f'<div class="md"><p>{body}</p></div>',
        "permalink": f"/r/harbours/comments/a1/quay_7/{number}/",
        "author": "bo",
        "created_utc": TIME,
        "score": 4,
        "subreddit": "harbours",
    }
    return {**base, **fields}


def listing(*data: dict[str, Any], kind: str = "t3", after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": after, "children": [{"kind": kind, "data": one} for one in data]}}


def source(address: str = "r/harbours", **options: object) -> Source:
    return Source("Harbours", "reddit", address, options=options)


def app(answer: Any, vault: Vault | None = None) -> Tools:
    """A desk with an app; `answer` is for the API, a function of the request or one for all."""

    def answers(asked: Asked) -> Any:
        if asked.method == "POST":
            return TOKEN
        return answer(asked) if callable(answer) else answer

    return canned(answers, secrets=LOGIN, vault=vault)


def read(answer: Any, **options: Any) -> Any:
    return RedditSource(app(answer)).read(source(**options), Cursor(), NOW)


# --- what a post is --------------------------------------------------------------------------------------------------


def test_a_self_post() -> None:
    (record,) = read(listing(post())).records
    assert (record.kind, record.platform, record.native_id) == ("post", "Reddit", "t3_a1")
    assert record.text == "Quay 7 opens\n\nIt is open."
    assert (record.url, record.discussion_url) == (RIDE, RIDE)
    assert (record.author, record.publisher, record.quality) == ("ada", "r/harbours", TextQuality.FULL)
    assert record.engagement == {"score": 12, "comments": 3}
    assert record.via == ()


def test_a_link_post_is_the_article() -> None:
    (record,) = read(listing(link())).records
    assert (record.kind, record.platform, record.url) == ("article", "Web", "https://harbour.example/7")
    assert (record.author, record.publisher, record.native_id) == (None, "harbour.example", "t3_b1")
    assert record.discussion_url == "https://www.reddit.com/r/harbours/comments/b1/quay_7/"
    assert (record.via, record.quality) == (("Reddit",), TextQuality.TITLE)
    assert record.engagement == {"score": 12, "comments": 3}


def test_a_link_post_with_words_is_both() -> None:
    own, page = read(listing(link(selftext_html="<p>I was there.</p>"))).records
    assert (own.kind, own.text, own.author) == ("post", "Quay 7 opens\n\nI was there.", "ada")
    assert (page.kind, page.url) == ("article", "https://harbour.example/7")
    assert page.via == ("Reddit", own.url)
    assert page.engagement == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "https://i.redd.it/x.jpg", "post_hint": "image"},
        {"url": "https://v.redd.it/x", "is_video": True},
        {"url": "https://i.imgur.com/x.gifv"},
        {"url": "https://imgur.com/a/x"},
        {"url": "https://www.reddit.com/gallery/b1", "is_gallery": True},
        {"url": "/r/other/comments/zz/"},
        {"url": "javascript:alert(1)"},
        {"url": None},
    ],
)
def test_media_and_reddit_itself_are_no_article(fields: dict[str, Any]) -> None:
    (record,) = read(listing(link(**fields))).records
    assert (record.kind, record.text) == ("post", "Quay 7 opens")


def test_captions_and_options_are_the_posters_words() -> None:
    gallery = link(
        url="https://www.reddit.com/gallery/b1",
        gallery_data={"items": [{"caption": "The <crane>"}, {"media_id": 3}, None]},
        poll_data={"options": [{"text": "Wider"}, {"text": None}]},
    )
    (record,) = read(listing(gallery)).records
    assert record.text == "Quay 7 opens\n\nThe <crane>\nWider"


def test_a_crosspost_is_its_original() -> None:
    origin = post("o1", title="Quay 7 opens at last", author="cy", subreddit="ports")
    carrier = link(title="Look at this", url="/r/ports/comments/o1/quay_7/", crosspost_parent_list=[origin])
    (record,) = read(listing(carrier)).records
    assert (record.native_id, record.author, record.publisher) == ("t3_o1", "cy", "r/ports")
    assert record.title == "Quay 7 opens at last"
    assert record.via == ("Reddit", "https://www.reddit.com/r/harbours/comments/b1/quay_7/")
    shared = link("c1", crosspost_parent_list=[link("o2")])
    (article,) = read(listing(shared)).records
    assert (article.url, article.native_id) == ("https://harbour.example/7", "t3_o2")
    assert article.via == ("Reddit", "https://www.reddit.com/r/harbours/comments/c1/quay_7/")


@pytest.mark.parametrize(
    ("fields", "rule", "option"),
    [
        ({"selftext": "[removed]"}, "deleted or removed", None),
        ({"selftext": "[deleted]", "author": "[deleted]"}, "deleted or removed", None),
        ({"title": "[deleted by user]"}, "deleted or removed", None),
        ({"removed_by_category": "moderator"}, "deleted or removed", None),
        ({"over_18": True}, "not safe for work", "nsfw"),
        ({"quarantine": True}, "quarantined", "quarantined"),
        ({"stickied": True}, "pinned", "pinned"),
        ({"promoted": True}, "neither post nor comment", None),
        ({"name": "t5_a"}, "neither post nor comment", None),
        ({"permalink": None}, "neither post nor comment", None),
        ({"crosspost_parent_list": [post("o1", over_18=True)]}, "not safe for work", "nsfw"),
        ({"crosspost_parent_list": [post("o1", selftext="[removed]")]}, "deleted or removed", None),
    ],
)
def test_what_is_left_out(fields: dict[str, Any], rule: str, option: str | None) -> None:
    batch = read(listing(post("a2"), post(**fields)))
    assert [record.native_id for record in batch.records] == ["t3_a2"]
    assert batch.dropped == {rule: 1}
    if option:
        assert len(read(listing(post("a2"), post(**fields)), **{option: True}).records) == 2


def test_the_account_is_gone_and_its_words_stay() -> None:
    (record,) = read(listing(post(author="[deleted]"))).records
    assert record.author is None


def test_a_user_page_holds_comments_too() -> None:
    both = {"kind": "Listing", "data": {"children": [
        {"kind": "t1", "data": comment("c1")}, {"kind": "t3", "data": post()}, {"kind": "more", "data": {"count": 3}},
        {"kind": "t5", "data": {"name": "t5_x"}}, 7, {"kind": "t3"}, {"kind": "t1", "data": comment("c2", "[deleted]")},
    ]}}  # fmt: skip
    batch = read(both)
    said = batch.records[0]
    assert (said.kind, said.text, said.native_id) == ("comment", "Too wide.", "t1_c1")
    assert (said.url, said.discussion_url) == (RIDE + "c1/", RIDE)
    assert batch.dropped == {"neither post nor comment": 4, "deleted or removed": 1}


# --- with an app -----------------------------------------------------------------------------------------------------


def test_the_api_is_asked_with_a_token_and_the_secret_goes_to_the_token_server_only() -> None:
    desk = app(listing(post()))
    RedditSource(desk).read(source("r/harbours/new"), Cursor(), NOW)
    login, asked = log(desk)
    assert (login.method, login.url) == ("POST", "https://www.reddit.com/api/v1/access_token")
    assert parse_qs(login.body.decode()) == {"grant_type": ["client_credentials"]}
    assert login.headers["Authorization"] == "Basic YXBwOmh1c2g="
    assert asked.url == "https://oauth.reddit.com/r/harbours/new.json?limit=100&raw_json=1"
    assert asked.headers == {"Authorization": "Bearer t0ken"}


def test_one_token_serves_the_run_and_the_next(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    desk = app(listing(post()), vault)
    for _ in range(2):
        RedditSource(desk).read(source(), Cursor(), NOW)
    assert [asked.method for asked in log(desk)] == ["POST", "GET", "GET"]
    (kept,) = (tmp_path / "vault").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "hush" not in kept.read_text()
    later = app(listing(post()), vault)
    RedditSource(later).read(source(), Cursor(), NOW)
    assert [asked.method for asked in log(later)] == ["GET"]


def test_a_token_that_has_ended_is_not_used(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    first = app(listing(post()), vault)
    RedditSource(first).read(source(), Cursor(), NOW)
    (kept,) = tmp_path.iterdir()
    kept.write_text(json.dumps({"token": "t0ken", "ends": str(time.time() + 30)}))
    desk = app(listing(post()), vault)
    RedditSource(desk).read(source(), Cursor(), NOW)
    assert [asked.method for asked in log(desk)] == ["POST", "GET"]


def test_a_token_that_was_revoked_is_replaced_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    RedditSource(app(listing(post()), vault)).read(source(), Cursor(), NOW)
    seen: list[str] = []

    def answer(asked: Asked) -> Any:
        seen.append(asked.path)
        return refused(401) if len(seen) == 1 else listing(post())

    desk = app(answer, vault)
    assert RedditSource(desk).read(source(), Cursor(), NOW).records
    assert [asked.method for asked in log(desk)] == ["GET", "POST", "GET"]
    broken = app(refused(401))
    with pytest.raises(HttpStatus):
        RedditSource(broken).read(source(), Cursor(), NOW)
    assert [asked.method for asked in log(broken)] == ["POST", "GET"]


@pytest.mark.parametrize("answer", [refused(401), {"error": "unsupported_grant_type"}, {"access_token": 3}, "x", None])
def test_a_login_that_fails_is_tried_once(answer: Any) -> None:
    desk = canned(lambda asked: answer, secrets=LOGIN)
    for _ in range(3):
        with pytest.raises((HttpStatus, ParseError), match="nothing was asked"):
            RedditSource(desk).read(source(), Cursor(), NOW)
    assert len(log(desk)) == 1


def test_half_a_login_is_a_mistake() -> None:
    desk = canned(listing(post()), secrets={"REDDIT_CLIENT_ID": "app"})
    with pytest.raises(ConfigurationError, match="REDDIT_CLIENT_SECRET"):
        RedditSource(desk).read(source(), Cursor(), NOW)
    with pytest.raises(ConfigurationError, match="MY_ID"):
        RedditSource(canned({})).read(source(client_id_env="MY_ID"), Cursor(), NOW)
    assert log(desk) == []


def over_loopback(server: HostileServer, **options: Any) -> tuple[Tools, Source]:
    """A desk with an app whose token server and API are `server`."""
    server.routes["/token"] = reply(json.dumps(TOKEN))
    base = tools(server)
    desk = Tools(base.fetcher, base.engine, base.settings, secret=LOGIN.get)
    return desk, source(api=server.url, token=f"{server.url}/token", **options)


def test_nothing_is_asked_when_the_quota_is_used_up(server: HostileServer) -> None:
    desk, place = over_loopback(server, comments=3, limit=500)
    body = json.dumps(listing(post(), after="t3_a1"))
    spent = {"X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "240"}
    server.routes["/r/harbours.json"] = reply(body, **spent)
    batch = RedditSource(desk).read(place, Cursor(), NOW)
    assert len(batch.records) == 1
    assert batch.notes[0].startswith("further pages were not read")
    assert batch.notes[1].startswith("comments of 1 posts were not read")
    with pytest.raises(HttpStatus) as told:
        RedditSource(desk).read(place, Cursor(), NOW)
    assert told.value.status == 429
    assert 200 < (told.value.retry_after or 0) <= 240
    assert server.paths().count("/r/harbours.json") == 1


def test_429_says_when_to_come_back(server: HostileServer) -> None:
    desk, place = over_loopback(server)
    server.routes["/r/harbours.json"] = reply("", "429 Slow", X_Ratelimit_Remaining="0", X_Ratelimit_Reset="77")
    with pytest.raises(HttpStatus) as told:
        RedditSource(desk).read(place, Cursor(), NOW)
    assert told.value.retry_after == 77


def test_pages_are_read_up_to_the_limit() -> None:
    pages = iter([listing(post("a1"), after="t3_a1"), listing(post("a2"), after="t3_a2"), listing(post("a3"))])
    desk = app(lambda asked: next(pages))
    assert len(RedditSource(desk).read(source(limit=300), Cursor(), NOW).records) == 3
    assert [asked.query.get("after") for asked in log(desk)[1:]] == [None, "t3_a1", "t3_a2"]
    stuck = app(listing(post(), after="t3_a1"))
    RedditSource(stuck).read(source(limit=500), Cursor(), NOW)
    assert len(log(stuck)) == 3


@pytest.mark.parametrize(
    "answer", [{"message": "Forbidden", "error": 403}, [], "x", None, {"reason": "private"}, b"<!doctype"]
)
def test_what_is_no_listing(answer: Any) -> None:
    with pytest.raises(ParseError):
        read(answer)


@pytest.mark.parametrize(("status", "word"), [(403, "private"), (404, "no such subreddit")])
def test_refusals_are_explained(status: int, word: str) -> None:
    with pytest.raises(HttpStatus, match=word):
        read(lambda asked: refused(status))


def test_a_search_stays_in_its_subreddit() -> None:
    old = post("a2", created_utc=TIME - 40 * 86400)
    desk = app(listing(post(), old))
    batch = RedditSource(desk).search(source(), "quay & crane", NOW, days=30, limit=50)
    asked = log(desk)[-1]
    assert asked.path == "/r/harbours/search.json"
    assert asked.query == {
        "q": "quay & crane", "sort": "relevance", "t": "month", "limit": "50", "restrict_sr": "1", "type": "link",
        "raw_json": "1",
    }  # fmt: skip
    assert [record.native_id for record in batch.records] == ["t3_a1"]
    assert batch.dropped == {"older than asked": 1}


@pytest.mark.parametrize("query", ["\ud800 quay", "q" * 3000, "港" * 900, "", "\x00&#?"])
def test_any_query_can_be_asked(query: str) -> None:
    desk = app(listing(post()))
    assert RedditSource(desk).search(source(), query, NOW, days=1, limit=1).records
    assert len(log(desk)[-1].url) < 2000


def test_a_cursor_of_any_kind_is_sent_on() -> None:
    pages = iter([listing(post("a1"), after="\ud800"), listing(post("a2"))])
    assert len(read(lambda asked: next(pages), limit=200).records) == 2


def test_a_desk_without_a_source_searches_all_of_reddit() -> None:
    desk = app(listing(post()))
    everywhere = Source("reddit", "reddit", str(RedditSource.about.default_address))
    assert RedditSource(desk).search(everywhere, "quay", NOW, days=3650, limit=500).records
    assert log(desk)[-1].path == "/search.json"
    assert log(desk)[-1].query["t"] == "all"


def test_top_comments_of_new_posts() -> None:
    notice = comment("n1", "Read the rules.", stickied=True, distinguished="moderator")
    thread = [listing(post()), listing(notice, comment("c1"), comment("c2", "[removed]"), comment("c3"), kind="t1")]
    desk = app(lambda asked: thread if "/comments/" in asked.path else listing(post(), post("q1", num_comments=0)))
    batch = RedditSource(desk).read(source(comments=2), Cursor(), NOW)
    assert [record.native_id for record in batch.records if record.kind == "comment"] == ["t1_c1"]
    assert batch.dropped == {"deleted or removed": 1}
    asked = log(desk)[-1]
    assert (asked.path, asked.query["sort"], asked.query["depth"]) == ("/comments/a1.json", "top", "1")
    assert {record.raw for record in batch.records} == {raw.hash for raw in batch.raws}
    assert all("t0ken" not in raw.url for raw in batch.raws)
    again = RedditSource(desk).read(source(comments=2), batch.cursor, NOW)
    assert all(record.kind == "post" for record in again.records)


def test_comments_that_fail_are_a_note() -> None:
    batch = read(lambda asked: refused(500) if "/comments/" in asked.path else listing(post()), comments=2)
    assert batch.notes == ("comments of 1 posts were not read: answered 500",)
    assert len(batch.records) == 1


# --- without an app --------------------------------------------------------------------------------------------------


def entry(name: str, title: str, html: str, path: str = "a1/quay_7/", author: str = "/u/ada") -> str:
    escaped = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f"<entry><author><name>{author}</name></author><category term='harbours' label='r/harbours'/>"
        f"<content type='html'>{escaped}</content><id>{name}</id>"
        f"<link href='https://old.reddit.com/r/harbours/comments/{path}'/>"
        f"<updated>2026-05-04T05:00:00+00:00</updated><title>{title}</title></entry>"
    )


def atom(*entries: str) -> str:
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>harbours</title>{''.join(entries)}</feed>"


TAIL = (
    'submitted by <a href="https://www.reddit.com/user/ada">/u/ada</a> <span><a href="{}">[link]</a></span> '
    '<a href="x">[comments]</a>'
)
OWN = '<!-- SC_OFF --><div class="md"><p>It is open.</p></div><!-- SC_ON --> ' + TAIL.format(RIDE)
SHARED = TAIL.format("https://harbour.example/7?a=1&amp;b=2")


def test_atom(server: HostileServer) -> None:
    gone = entry("t3_d1", "Gone", '<div class="md"><p>[removed]</p></div>', "d1/gone/")
    feed = atom(entry("t3_a1", "Quay 7 opens", OWN), entry("t3_b1", "Quay 8", SHARED, "b1/quay_8/"), gone)
    server.routes["/r/harbours/new/.rss"] = reply(feed, ETag='"v1"')
    desk = tools(server)
    batch = RedditSource(desk).read(source(f"{server.url}/r/harbours/new"), Cursor(), NOW)
    own, shared = batch.records
    assert (own.kind, own.text, own.author, own.url) == ("post", "Quay 7 opens\n\nIt is open.", "ada", RIDE)
    assert (own.native_id, own.publisher, own.engagement) == ("t3_a1", "r/harbours", {})
    assert (shared.kind, shared.url, shared.via) == ("article", "https://harbour.example/7?a=1&b=2", ("Reddit",))
    assert batch.dropped == {"deleted or removed": 1}
    assert any(note.startswith("scores unavailable") for note in batch.notes)
    assert batch.cursor.etag == '"v1"'
    server.routes["/r/harbours/new/.rss"] = lambda request: [
        reply("", "304 Not Modified") if request.headers.get("if-none-match") == '"v1"' else reply(feed)
    ]
    assert RedditSource(desk).read(source(f"{server.url}/r/harbours/new"), batch.cursor, NOW).unchanged
    assert all(not path.endswith(".json") for path in server.paths())


def test_atom_and_the_api_name_the_same_record(server: HostileServer) -> None:
    server.routes["/r/harbours/.rss"] = reply(atom(entry("t3_a1", "Quay 7 opens", OWN)))
    (by_feed,) = RedditSource(tools(server)).read(source(f"{server.url}/r/harbours"), Cursor(), NOW).records
    (by_api,) = read(listing(post())).records
    assert (by_feed.id, by_feed.text, by_feed.native_id) == (by_api.id, by_api.text, by_api.native_id)


def test_comments_by_atom() -> None:
    thread = atom(
        entry("t3_a1", "Quay 7 opens", OWN),
        entry("t1_c0", "/u/AutoModerator on Quay 7", '<div class="md"><p>Rules.</p></div>', author="/u/AutoModerator"),
        entry("t1_c1", "/u/bo on Quay 7 opens", '<div class="md"><p>Too wide.</p></div>', "a1/quay_7/c1/", "/u/bo"),
    )
    listed = atom(entry("t3_a1", "Quay 7 opens", OWN))
    desk = canned(lambda asked: (thread if "/comments/" in asked.path else listed).encode())
    batch = RedditSource(desk).read(source(comments=5), Cursor(), NOW)
    own, said = batch.records
    assert (said.kind, said.text, said.title, said.author) == ("comment", "Too wide.", "", "bo")
    assert (said.url, said.discussion_url) == (RIDE + "c1/", own.url)
    assert all(asked.pace >= 6 for asked in log(desk))
    assert log(desk)[-1].path == "/comments/a1/.rss"
    assert [record.raw for record in batch.records] == [raw.hash for raw in batch.raws]


def test_a_keyless_search() -> None:
    desk = canned(atom(entry("t3_a1", "Quay 7 opens", OWN)).encode())
    batch = RedditSource(desk).search(source("https://www.reddit.com"), "quay", NOW, days=7, limit=10)
    assert len(batch.records) == 1
    assert batch.notes[0].startswith("scores unavailable")
    assert log(desk)[0].url == "https://www.reddit.com/search.rss?q=quay&sort=relevance&t=week&limit=10"


@pytest.mark.parametrize(("status", "word"), [(403, "REDDIT_CLIENT_ID"), (429, "few keyless"), (404, "no such")])
def test_keyless_refusals_are_explained(status: int, word: str) -> None:
    with pytest.raises(HttpStatus, match=word) as told:
        RedditSource(canned(refused(status, retry_after=9))).read(source(), Cursor(), NOW)
    assert (told.value.status, told.value.retry_after) == (status, 9)


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "sort", "path"),
    [
        ("r/harbours", "", "/r/harbours/.rss"),
        ("/r/harbours/", "new", "/r/harbours/new/.rss"),
        ("https://old.reddit.com/r/harbours+ports/top?t=week", "new", "/r/harbours+ports/top/.rss"),
        ("https://www.reddit.com/r/harbours.rss", "", "/r/harbours/.rss"),
        ("u/ada", "", "/user/ada/.rss"),
        ("user/ada/m/ships", "hot", "/user/ada/m/ships/hot/.rss"),
        ("https://reddit.com/user/ada/submitted/", "", "/user/ada/submitted/.rss"),
        ("domain/harbour.example", "", "/domain/harbour.example/.rss"),
        ("https://www.reddit.com/search?q=quay", "", "/search.rss"),
        ("r/harbours/search?q=quay", "", "/r/harbours/search.rss"),
        ("https://www.reddit.com/", "", "/.rss"),
    ],
)
def test_addresses(address: str, sort: str, path: str) -> None:
    desk = canned(atom(entry("t3_a1", "Quay 7 opens", OWN)).encode())
    RedditSource(desk).read(source(address, sort=sort), Cursor(), NOW)
    assert log(desk)[0].url.startswith(f"https://www.reddit.com{path}?")


@pytest.mark.parametrize("address", ["", "r/", "r/a b", "harbours", "r/x/comments/a1/y", "http://[", "r/../api/v1/me"])
def test_what_is_no_address(address: str) -> None:
    desk = canned({})
    if address == "":
        assert RedditSource.recognise(address) is None
        return
    with pytest.raises(ParseError, match="no listing"):
        RedditSource(desk).read(source(address), Cursor(), NOW)
    assert log(desk) == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://old.reddit.com/r/harbours/", "https://www.reddit.com/r/harbours"),
        ("https://www.reddit.com/r/harbours/top/?t=week", "https://www.reddit.com/r/harbours/top?t=week"),
        ("https://www.reddit.com/user/ada.json", "https://www.reddit.com/user/ada"),
        (RIDE, None),
        ("https://reddit.example/r/harbours", None),
        ("nonsense", None),
    ],
)
def test_recognised_addresses(url: str, address: str | None) -> None:
    assert RedditSource.recognise(url) == (None if address is None else {"kind": "reddit", "address": address})


# --- anything at all -------------------------------------------------------------------------------------------------

NAMES = (
    "kind data children after name title permalink url selftext selftext_html author created_utc score num_comments "
    "crosspost_parent_list gallery_data items caption body body_html is_self over_18 removed_by_category"
)
WHOLE = listing(post(), link(crosspost_parent_list=[post("o1")], gallery_data={"items": [{"caption": "x"}]}))


@given(any_json(NAMES) | mutated(WHOLE, NAMES) | mutated([WHOLE, listing(comment("c1"), kind="t1")], NAMES))
def test_no_answer_breaks_it(answer: Any) -> None:
    for given_first in (WHOLE, answer):
        desk = app(lambda asked, first=given_first: answer if "/comments/" in asked.path else first)
        try:
            batch = RedditSource(desk).read(source(comments=2), Cursor(position=json.dumps(answer)), NOW)
        except SourceError:
            continue
        assert all(record.text and record.url for record in batch.records)


@given(any_json("access_token expires_in error") | mutated(TOKEN, "access_token expires_in error"))
def test_no_token_breaks_it(answer: Any) -> None:
    desk = canned(lambda asked: answer if asked.method == "POST" else WHOLE, secrets=LOGIN)
    with suppress(SourceError):
        RedditSource(desk).read(source(), Cursor(), NOW)
    assert len(log(desk)) in (1, 2)
    assert all("hush" not in str(asked.url) for asked in log(desk))


# --- genuine answers -------------------------------------------------------------------------------------------------

DATA = Path(os.environ.get("CITEWIRE_EVAL_DATA", "/nowhere")) / "api"
LISTINGS = [path for path in sorted((DATA / "reddit").glob("*.json")) if path.name != "INDEX.json"]
LISTINGS = [path for path in LISTINGS if not path.name.startswith(("comments", "duplicates", "error"))]
THREADS = sorted((DATA / "reddit").glob("comments*.json")) + sorted((DATA / "reddit").glob("duplicates*.json"))
ERRORS = sorted((DATA / "reddit").glob("error*"))
FEEDS = [path for path in sorted((DATA / "reddit_rss").glob("*")) if path.suffix in (".rss", ".xml")]


@pytest.mark.skipif(not LISTINGS, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.stem)
def test_genuine_listings(path: Path) -> None:
    answer = json.loads(path.read_bytes().replace(b"<TEST_SUBREDDIT>", b"somewhere").replace(b"<USERNAME>", b"someone"))
    things = answer["data"]["children"]
    answer["data"]["after"] = None
    batch = read(answer, nsfw=True, pinned=True, quarantined=True)
    dropped = dict(batch.dropped)
    assert dropped.pop("neither post nor comment", 0) == sum(thing["kind"] == "t5" for thing in things)
    assert dropped.keys() <= {"deleted or removed", "same page twice", "empty"}
    posts = sum(record.kind != "article" or record.via == ("Reddit",) for record in batch.records)
    assert posts + sum(dropped.values()) == len(things) - sum(thing["kind"] == "t5" for thing in things)
    for record in batch.records:
        assert (record.discussion_url or "").startswith("https://www.reddit.com/r/")
        assert record.native_id.startswith(("t1_", "t3_")) or len(record.via) == 2
        assert not record.date_doubtful
        assert "SC_OFF" not in record.text
        assert "[removed]" not in record.text.splitlines()
    careful = read(answer)
    flagged = sum(bool(thing["data"].get("over_18") or thing["data"].get("quarantine")) for thing in things)
    assert bool(flagged) == bool(careful.dropped.keys() & {"not safe for work", "quarantined"})


@pytest.mark.skipif(not THREADS, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", THREADS, ids=lambda path: path.stem)
def test_genuine_threads(path: Path) -> None:
    raw = path.read_bytes().replace(b"<TEST_SUBREDDIT>", b"somewhere").replace(b"<USERNAME>", b"someone")
    first, second = json.loads(raw)
    desk = app(lambda asked: raw if "/comments/" in asked.path else first)
    options: dict[str, Any] = {"comments": 20, "nsfw": True, "pinned": True}
    batch = RedditSource(desk).read(source(**options), Cursor(), NOW)
    assert sum(record.kind != "comment" for record in batch.records) == ("deleted or removed" not in batch.dropped)
    said = [child["data"] for child in second["data"]["children"] if child["kind"] == "t1"]
    wanted = [data["name"] for data in said if not data.get("stickied")]
    assert [record.native_id for record in batch.records if record.kind == "comment"] == (
        wanted if batch.records and wanted else []
    )
    original = read(second, nsfw=True)
    assert len(original.records) + sum(original.dropped.values()) >= len(second["data"]["children"])


@pytest.mark.skipif(not ERRORS, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_genuine_errors(path: Path) -> None:
    status = int(path.name.split("_")[1])
    with pytest.raises(ParseError):
        read(path.read_bytes())
    with HostileServer() as server:
        desk, place = over_loopback(server)
        server.routes["/r/harbours.json"] = reply(path.read_bytes(), f"{status} No")
        with pytest.raises(HttpStatus) as told:
            RedditSource(desk).read(place, Cursor(), NOW)
        assert told.value.status == status
        assert not {"hush", "t0ken", "YXBwOmh1c2g="} & set(str(told.value).split())


@pytest.mark.skipif(not FEEDS, reason="CITEWIRE_EVAL_DATA names no data folder")
@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_genuine_feeds(path: Path) -> None:
    body = path.read_bytes()
    batch = RedditSource(canned(body)).read(source(), Cursor(), NOW)
    total = body.count(b"<entry>") + body.count(b"<item>")
    own = [record for record in batch.records if record.kind != "article" or record.via == ("Reddit",)]
    assert len(own) + sum(batch.dropped.values()) == total > 0
    for record in batch.records:
        assert (record.discussion_url or "").startswith("https://www.reddit.com/r/")
        assert not record.date_doubtful
        assert "submitted by" not in record.text
        assert "[link]" not in record.text
        assert record.native_id.startswith("t3_") or len(record.via) == 2
    assert any(record.kind == "article" or record.quality is TextQuality.FULL for record in batch.records)
