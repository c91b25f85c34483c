"""YouTube's feeds over loopback: descriptions as written, counts, short films, ids and addresses."""

from __future__ import annotations

import pytest
from desk import NOW, tools
from hostile import HostileServer, reply
from indexes import asked, video, videos

from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError, Moved, ParseError
from pipeline.sources.youtube import FEEDS, YouTubeSource

CHANNEL = "UC" + "a" * 22
PLAYLIST = "PL" + "b" * 32


def source(server: HostileServer, address: str = CHANNEL, **options: object) -> Source:
    return Source("Films", "youtube", address, options={"feeds": server.url + "/feeds/videos.xml", **options})


def test_a_video(server: HostileServer) -> None:
    text = "Quays < ships & more.\n\nSee <b>this</b>: https://harbour.example/?a=1&b=2"
    server.routes["/feeds/videos.xml"] = reply(videos([video("abcdefghijk", title="Quays <3 ships", text=text)]))
    batch = YouTubeSource(tools(server)).read(source(server), Cursor(), NOW)
    (made,) = batch.records
    assert asked(server) == [{"channel_id": CHANNEL}]
    assert (made.native_id, made.url) == ("abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk")
    assert made.text == f"Quays <3 ships\n\n{text}"
    assert (made.platform, made.publisher, made.author) == ("YouTube", "Harbour Films", "Harbour Films")
    assert (made.kind, made.quality) == ("article", TextQuality.SUMMARY)
    assert made.engagement == {"views": 7, "likes": 3}
    assert made.published.isoformat() == "2026-05-03T10:00:00+00:00"
    assert batch.identity == "Harbour Films\nhttps://www.youtube.com/channel/UC0"


def test_a_feed_is_asked_conditionally(server: HostileServer) -> None:
    server.routes["/feeds/videos.xml"] = reply(videos([video("abcdefghijk")]), ETag='"1"')
    adapter = YouTubeSource(tools(server))
    first = adapter.read(source(server), Cursor(), NOW)
    server.routes["/feeds/videos.xml"] = reply("", "304 Not Modified")
    again = adapter.read(source(server), first.cursor, NOW)
    assert again.unchanged
    assert again.cursor == first.cursor
    assert server.log[-1].headers["if-none-match"] == '"1"'


def test_short_films_are_left_out_on_request(server: HostileServer) -> None:
    short = video("shortshorts", link="https://www.youtube.com/shorts/shortshorts")
    server.routes["/feeds/videos.xml"] = reply(videos([short, video("abcdefghijk"), video("no video at all")]))
    adapter = YouTubeSource(tools(server))
    both = adapter.read(source(server), Cursor(), NOW)
    assert [made.url for made in both.records] == [
        "https://www.youtube.com/watch?v=shortshorts",
        "https://www.youtube.com/watch?v=abcdefghijk",
    ]
    assert both.dropped == {"no video": 1}
    long = adapter.read(source(server, shorts=False), Cursor(), NOW)
    assert [made.native_id for made in long.records] == ["abcdefghijk"]
    assert long.dropped == {"no video": 1, "short film": 1}


@pytest.mark.parametrize("count", ["", "many", "-3", "9" * 5000, "٣"])
def test_counts_that_are_none(server: HostileServer, count: str) -> None:
    server.routes["/feeds/videos.xml"] = reply(videos([video("abcdefghijk", views=count, likes="0")]))
    (made,) = YouTubeSource(tools(server)).read(source(server), Cursor(), NOW).records
    assert made.engagement == {"likes": 0}


def test_a_feed_that_is_cut_off_is_said(server: HostileServer) -> None:
    whole = videos([video("abcdefghijk"), video("bcdefghijkl")])
    server.routes["/feeds/videos.xml"] = reply(whole[: whole.rindex("<media:community>")])
    batch = YouTubeSource(tools(server)).read(source(server), Cursor(), NOW)
    assert batch.records
    assert "its XML is broken" in batch.notes[0]


def test_a_feed_that_has_moved(server: HostileServer) -> None:
    server.routes["/feeds/videos.xml"] = reply("", "301 Moved", Location="/new.xml")
    server.routes["/new.xml"] = reply(videos([video("abcdefghijk")]))
    batch = YouTubeSource(tools(server)).read(source(server), Cursor(), NOW)
    assert batch.moved_to == f"{server.url}/new.xml"


def test_a_feed_at_another_domain_is_not_read(server: HostileServer) -> None:
    server.routes["/feeds/videos.xml"] = reply("", "301 Moved", Location="http://other.example/feed")
    with pytest.raises(Moved):
        YouTubeSource(tools(server)).read(source(server), Cursor(), NOW)


def test_what_is_no_feed(server: HostileServer) -> None:
    server.routes["/feeds/videos.xml"] = reply("<html><body>Before you continue</body></html>")
    with pytest.raises(ParseError, match="HTML page"):
        YouTubeSource(tools(server)).read(source(server), Cursor(), NOW)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (PLAYLIST, {"playlist_id": PLAYLIST}),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", {"channel_id": CHANNEL}),
        (f"https://youtube.com/playlist?list={PLAYLIST}&si=x", {"playlist_id": PLAYLIST}),
        (f"{FEEDS}?playlist_id={PLAYLIST}", {"playlist_id": PLAYLIST}),
    ],
)
def test_addresses(server: HostileServer, address: str, parameter: dict[str, str]) -> None:
    server.routes["/feeds/videos.xml"] = reply(videos([]))
    assert YouTubeSource(tools(server)).read(source(server, address), Cursor(), NOW).records == ()
    assert asked(server) == [parameter]
    if address.startswith("https:"):
        assert YouTubeSource.recognise(address) == {"kind": "youtube", "address": next(iter(parameter.values()))}


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/@harbour",
        "https://www.youtube.com/watch?v=abcdefghijk",
        "https://www.youtube.com/channel/UC",
        f"https://youtube.com.harbour.example/channel/{CHANNEL}",
        f"ftp://www.youtube.com/channel/{CHANNEL}",
        "https://[x/channel",
        "",
    ],
)
def test_what_is_not_recognised(url: str) -> None:
    assert YouTubeSource.recognise(url) is None


def test_a_handle_is_no_address() -> None:
    with pytest.raises(ConfigurationError, match="names no channel"):
        YouTubeSource(tools()).read(Source("Films", "youtube", "https://www.youtube.com/@harbour"), Cursor(), NOW)
