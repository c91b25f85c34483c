"""Mastodon: timelines of tags and accounts, statuses in every shape, instances that want a login."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from canned import Asked, any_json, canned, log, mutated, refused
from desk import NOW, tools
from hostile import HostileServer, reply
from hypothesis import given

from pipeline.domain import Batch, Cursor, Source
from pipeline.errors import ConfigurationError, HttpStatus, ParseError, SourceError
from pipeline.protocols import Reply
from pipeline.sources.mastodon import MastodonSource

WHEN = "2026-05-04T05:00:00.000Z"
PAGE = "https://ports.example/@ada/11"


def status(number: str = "11", **fields: Any) -> dict[str, Any]:
    base = {
        "id": number,
        "created_at": WHEN,
        "in_reply_to_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://ports.example/users/ada/statuses/{number}",
        "url": f"https://ports.example/@ada/{number}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "content": "<p>The quay &amp; the crane<br>are open.</p>",
        "reblog": None,
        "account": {"acct": "ada", "username": "ada", "display_name": "The Mayor", "url": "https://ports.example/@ada"},
        "card": None,
        "poll": None,
    }
    return {**base, **fields}


CARD = {
    "url": "https://harbour.example/7?utm_source=m",
    "title": "Quay 7 opens",
    "description": "The mayor opened it.",
    "type": "link",
    "provider_name": "Harbour Wire",
    "author_name": "Bo Reporter",
}


def source(address: str = "https://ports.example/tags/quay", **options: Any) -> Source:
    return Source("Quay", "mastodon", address, options=options)


def read(*statuses: Any, address: str = "https://ports.example/tags/quay", **options: Any) -> Batch:
    def answer(asked: Asked) -> Any:
        return {"id": "7"} if asked.path.endswith("lookup") else list(statuses)

    return MastodonSource(canned(answer)).read(source(address, **options), Cursor(), NOW)


def test_a_status() -> None:
    (record,) = read(status()).records
    assert (record.kind, record.platform, record.lang, record.title) == ("post", "Mastodon", "en", "")
    assert record.text == "The quay & the crane\nare open."
    assert (record.url, record.author, record.publisher) == (PAGE, "ada@ports.example", "ports.example")
    assert record.native_id == "https://ports.example/users/ada/statuses/11"
    assert record.engagement == {"favourites": 3, "boosts": 2, "replies": 1}
    assert record.published.isoformat() == "2026-05-04T05:00:00+00:00"


def test_a_link_that_is_shown_shortened_is_whole() -> None:
    link = (
        '<p>See <a href="https://harbour.example/2026/7"><span class="invisible">https://</span>'
        '<span class="ellipsis">harbour.example/20</span><span class="invisible">26/7</span></a></p>'
    )
    (record,) = read(status(content=link)).records
    assert record.text == "See https://harbour.example/2026/7"
    assert not record.truncated


def test_a_card_is_the_article() -> None:
    own, article = read(status(card=CARD)).records
    assert (article.kind, article.platform, article.url) == ("article", "Web", "https://harbour.example/7")
    assert (article.publisher, article.author, article.via) == ("Harbour Wire", "Bo Reporter", ("Mastodon", own.url))
    assert article.text == "Quay 7 opens\n\nThe mayor opened it."
    shared = status(content='<p>Quay 7 opens <a href="https://harbour.example/7">https://harbour.example/7</a></p>')
    (alone,) = read(shared | {"card": CARD}).records
    assert (alone.kind, alone.via, alone.engagement["favourites"]) == ("article", ("Mastodon",), 3)


def test_markup_in_a_card_is_read_and_words_that_look_like_it_stay() -> None:
    card = CARD | {"description": "<p>Open &amp; wide.</p>"}
    own, article = read(status(content="<p>a &lt;b&gt; c</p>", card=card)).records
    assert (own.text, article.text) == ("a <b> c", "Quay 7 opens\n\nOpen & wide.")


@pytest.mark.parametrize("card", [CARD | {"type": "photo"}, CARD | {"url": "javascript:x"}, {}, "x", 3])
def test_what_is_no_card(card: Any) -> None:
    assert len(read(status(card=card)).records) == 1


def test_a_poll() -> None:
    poll = {"options": [{"title": "Wider <b>"}, {"title": None}, 3]}
    (record,) = read(status(poll=poll)).records
    assert record.text.endswith("\nWider <b>")


@pytest.mark.parametrize(
    ("fields", "rule", "option"),
    [
        ({"visibility": "private"}, "not public", None),
        ({"visibility": "unlisted"}, "not public", None),
        ({"visibility": None}, "not public", None),
        ({"account": {"acct": "ada", "suspended": True}}, "not public", None),
        ({"account": {"acct": "ada", "noindex": True}}, "not to be indexed, as its author asks", None),
        ({"sensitive": True}, "behind a warning", "sensitive"),
        ({"spoiler_text": "Politics"}, "behind a warning", "sensitive"),
        ({"in_reply_to_id": "9"}, "replies", "replies"),
        ({"reblog": status("10")}, "boosts", "boosts"),
        ({"url": None, "uri": "tag:x"}, "not a post", None),
        ({"content": None}, "not a post", None),
        ({"content": "<p></p>"}, "empty", None),
    ],
)
def test_what_is_left_out(fields: dict[str, Any], rule: str, option: str | None) -> None:
    batch = read(status("12"), status(**fields))
    assert [record.native_id[-2:] for record in batch.records] == ["12"]
    assert batch.dropped == {rule: 1}
    if option:
        allowed: dict[str, Any] = {option: True}
        assert len(read(status("12"), status(**fields), **allowed).records) == 2


def test_a_warning_is_the_headline() -> None:
    (record,) = read(status(spoiler_text="Politics", sensitive=True), sensitive=True).records
    assert (record.title, record.text) == ("Politics", "Politics\n\nThe quay & the crane\nare open.")


def test_a_boost_is_found_through_who_carried_it_on() -> None:
    carrier = status("13", content="", reblog=status("10", card=CARD), account={"url": "https://ports.example/@cy"})
    own, article = read(carrier, boosts=True).records
    assert (own.url, own.via) == ("https://ports.example/@ada/10", ("Mastodon", "https://ports.example/@cy"))
    assert article.via == (*own.via, own.url)


def test_a_quote_comes_along_where_it_may_be_shown() -> None:
    quote = {"state": "accepted", "quoted_status": status("10", content="<p>It leaks.</p>")}
    own, other = read(status(quote=quote)).records
    assert (other.text, other.via) == ("It leaks.", ("Mastodon", own.url))
    for state in ("revoked", "deleted", "pending", None):
        batch = read(status(quote={**quote, "state": state}))
        assert (len(batch.records), batch.dropped) == (1, {"quoted post that is gone or not to be shown": 1})


def test_an_unlisted_post_of_a_chosen_account_is_taken() -> None:
    assert read(status(visibility="unlisted"), address="https://ports.example/@ada").records


# --- reading ---------------------------------------------------------------------------------------------------------


def test_an_account_is_looked_up() -> None:
    desk = canned(lambda asked: {"id": "7"} if asked.path.endswith("lookup") else [status()])
    MastodonSource(desk).read(source("@bo@ports.example", boosts=True), Cursor(), NOW)
    lookup, asked = log(desk)
    assert lookup.url == "https://ports.example/api/v1/accounts/lookup?acct=bo"
    assert asked.path == "/api/v1/accounts/7/statuses"
    assert asked.query == {"exclude_replies": "true", "exclude_reblogs": "false", "limit": "40"}
    assert asked.headers == {}


@pytest.mark.parametrize("answer", [{}, [], {"id": 7}, {"id": "../7"}, None])
def test_an_account_that_is_not_there(answer: Any) -> None:
    with pytest.raises(ParseError, match="no account for ada"):
        MastodonSource(canned(answer)).read(source("https://ports.example/@ada"), Cursor(), NOW)


def paged(asked: Asked) -> Any:
    """Statuses 9 to 0, two a page, with a Link header that names another host."""
    below = int(asked.query.get("max_id", "10"))
    above = int(asked.query.get("since_id", "-1"))
    numbers = [number for number in range(below - 1, -1, -1) if number > above][:2]
    link = (
        f'<https://evil.example/x?max_id={numbers[-1]}>; rel="next", <https://x/?min_id=9>; rel="prev"'
        if numbers
        else ""
    )
    return Reply(asked.url, 200, {"link": link}, json.dumps([status(str(number)) for number in numbers]).encode())


def test_pages_are_read_up_to_what_is_known_on_the_same_host() -> None:
    desk = canned(paged)
    first = MastodonSource(desk).read(source(), Cursor(), NOW)
    assert len(first.records) == 10
    assert {asked.url.partition("/api")[0] for asked in log(desk)} == {"https://ports.example"}
    assert first.cursor.position == "9"
    assert len({record.raw for record in first.records} & {raw.hash for raw in first.raws}) == 5
    again = canned(paged)
    second = MastodonSource(again).read(source(), Cursor(position="6"), NOW)
    assert [record.native_id[-1] for record in second.records] == ["9", "8", "7"]
    assert log(again)[0].query["since_id"] == "6"
    nothing = MastodonSource(canned([])).read(source(), Cursor(position="6"), NOW)
    assert (nothing.records, nothing.cursor.position) == ((), "6")


def test_pages_are_bounded_and_it_is_said() -> None:
    desk = canned(paged)
    batch = MastodonSource(desk).read(source(limit=4), Cursor(position="0"), NOW)
    assert (len(batch.records), len(log(desk))) == (4, 2)
    assert batch.notes == ("only the newest 4 were read; raise `limit` if that loses posts",)
    stuck = canned(lambda asked: Reply(asked.url, 200, {"link": '<https://x/?max_id=5>; rel="next"'}, b'[{"id": "9"}]'))
    MastodonSource(stuck).read(source(), Cursor(), NOW)
    assert len(log(stuck)) == 2


@pytest.mark.parametrize(("code", "word"), [(401, "members only"), (422, "members only"), (403, "token"), (404, "tag")])
def test_instances_that_refuse(code: int, word: str) -> None:
    with pytest.raises(HttpStatus, match=word) as told:
        MastodonSource(canned(refused(code))).read(source(), Cursor(), NOW)
    assert told.value.status == code


def test_a_token_goes_to_the_instance_it_is_for() -> None:
    desk = canned([status()], secrets={"PORTS": "t0ken", "MASTODON_TOKEN": "other"})
    MastodonSource(desk).read(source(key_env="PORTS"), Cursor(), NOW)
    MastodonSource(desk).read(source("https://other.example/tags/quay"), Cursor(), NOW)
    assert [asked.headers for asked in log(desk)] == [{"Authorization": "Bearer t0ken"}, {}]
    with pytest.raises(ConfigurationError, match="NOT_SET"):
        MastodonSource(desk).read(source(key_env="NOT_SET"), Cursor(), NOW)


def test_over_loopback() -> None:
    with HostileServer({"/api/v1/timelines/tag/quay": reply(json.dumps([status(card=CARD)]))}) as server:
        batch = MastodonSource(tools(server)).read(source(f"{server.url}/tags/quay"), Cursor(), NOW)
        assert len(batch.records) == 2
        server.routes["/api/v1/timelines/tag/quay"] = reply("{}", "401 Unauthorized")
        with pytest.raises(HttpStatus, match="members only"):
            MastodonSource(tools(server)).read(source(f"{server.url}/tags/quay"), Cursor(), NOW)


# --- searching -------------------------------------------------------------------------------------------------------


def test_a_search_without_a_token_asks_for_tags() -> None:
    old = status("12", created_at=f"{NOW - timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}")
    desk = canned([status(), old, status("13", in_reply_to_id="11")])
    batch = MastodonSource(desk).search(source("https://ports.example"), "The quay and Crane", NOW, days=7, limit=20)
    (asked,) = log(desk)
    assert asked.path == "/api/v1/timelines/tag/thequayandcrane"
    assert "any%5B%5D=quay&any%5B%5D=crane" in asked.url
    assert [record.kind for record in batch.records] == ["post", "comment"]
    assert batch.dropped == {"older than asked": 1}
    assert batch.notes == ("asked for tags, not for words: no token is configured",)


def test_a_search_with_a_token_asks_for_words() -> None:
    desk = canned({"statuses": [status()]}, secrets={"PORTS": "t0ken"})
    batch = MastodonSource(desk).search(source(key_env="PORTS"), "quay & crane", NOW, days=7, limit=20)
    (asked,) = log(desk)
    assert (asked.path, asked.headers) == ("/api/v2/search", {"Authorization": "Bearer t0ken"})
    assert asked.query == {"q": "quay & crane", "type": "statuses", "limit": "20"}
    assert (len(batch.records), batch.notes) == (1, ())


@pytest.mark.parametrize("query", ["\ud800 quay", "q" * 3000, "港" * 900, "\x00&#? x"])
def test_any_query_can_be_asked(query: str) -> None:
    for options in ({}, {"key_env": "PORTS"}):
        desk = canned([status()] if not options else {"statuses": [status()]}, secrets={"PORTS": "t"})
        assert MastodonSource(desk).search(source(**options), query, NOW, days=9, limit=1).records
        assert len(log(desk)[-1].url) < 2000


def test_a_query_without_a_word_asks_nothing() -> None:
    desk = canned([status()])
    assert MastodonSource(desk).search(source(), "?!", NOW, days=7, limit=20).records == ()
    assert log(desk) == []


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://ports.example/tags/quay/", "/api/v1/timelines/tag/quay"),
        ("https://ports.example/api/v1/timelines/tag/quay", "/api/v1/timelines/tag/quay"),
        ("https://ports.example/tags/caf%C3%A9", "/api/v1/timelines/tag/caf%C3%A9"),
        ("https://ports.example:8443/@ada", "/api/v1/accounts/7/statuses"),
        ("ada@ports.example", "/api/v1/accounts/7/statuses"),
    ],
)
def test_addresses(address: str, path: str) -> None:
    desk = canned(lambda asked: {"id": "7"} if asked.path.endswith("lookup") else [status()])
    MastodonSource(desk).read(source(address), Cursor(), NOW)
    assert log(desk)[-1].path == path


@pytest.mark.parametrize(
    "address",
    ["", "quay", "https://ports.example/", "https://ports.example/tags/a%2Fb", "https://p.example/@a/11", "http://["],
)
def test_what_is_no_address(address: str) -> None:
    desk = canned([])
    with pytest.raises(ParseError, match="neither a tag nor an account"):
        MastodonSource(desk).read(source(address), Cursor(), NOW)
    assert log(desk) == []


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://mastodon.social/@ada", True),
        ("https://mastodon.example/tags/quay", True),
        ("https://fosstodon.org/tags/quay", True),
        ("https://www.youtube.com/@ada", False),
        ("https://medium.com/@ada", False),
        ("https://mastodon.social/@ada/11", False),
        ("https://mastodon.social/about", False),
        ("https://mastodon.social/@ada.rss", False),
        ("http://[", False),
    ],
)
def test_recognised_addresses(url: str, known: bool) -> None:
    assert MastodonSource.recognise(url) == ({"kind": "mastodon", "address": url} if known else None)


# --- anything at all -------------------------------------------------------------------------------------------------

NAMES = (
    "id created_at in_reply_to_id sensitive spoiler_text visibility language uri url content reblog account acct card "
    "title description type poll options quote state quoted_status statuses"
)
WHOLE = [
    status(card=CARD, quote={"state": "accepted", "quoted_status": status("10")}, poll={"options": [{"title": "x"}]}),
    status("12", reblog=status("9"), in_reply_to_id="3"),
]


@given(any_json(NAMES) | mutated(WHOLE, NAMES) | mutated({"statuses": WHOLE}, NAMES))
def test_no_answer_breaks_it(answer: Any) -> None:
    everything: dict[str, Any] = {"boosts": True, "replies": True, "sensitive": True, "key_env": "PORTS"}
    desk = canned(lambda asked: {"id": "7"} if asked.path.endswith("lookup") else answer, secrets={"PORTS": "t"})
    for options in ({}, everything):
        adapter, place = MastodonSource(desk), source("https://ports.example/@ada", **options)
        try:
            batch = adapter.read(place, Cursor(position=str(answer)[:20]), NOW)
            assert all(record.text and record.url for record in batch.records)
            adapter.search(place, "quay", NOW, days=7, limit=5)
        except SourceError:
            continue


@given(any_json("a"))
def test_no_header_breaks_it(value: Any) -> None:
    link = str(value)
    desk = canned(lambda asked: Reply(asked.url, 200, {"link": f"<{link}>; rel=next"}, json.dumps(WHOLE).encode()))
    assert MastodonSource(desk).read(source(limit=5), Cursor(), NOW).records
