"""From an address to the sources behind it, against a server that answers as told."""

import pytest
from desk import article, rss, rss_item, tools
from hostile import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FetchError
from pipeline.sourcing import discovery
from pipeline.sourcing.discovery import Document, Found, Seen, discover, look

FEED = reply(rss([rss_item(1)]))
ATOM = (
    '<?xml version="1.0"?><!-- <html> --><feed xmlns="http://www.w3.org/2005/Atom">'
    '<title type="html">&lt;b&gt;Quay&lt;/b&gt; &amp;amp; wire</title></feed>'
)
NEWS = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"/>'


def page(head: str = "", body: str = "") -> bytes:
    return reply(f"<!doctype html><html><head><title>Harbour</title>{head}</head><body>{body}</body></html>")


def link(href: str, title: str = "", kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def found(server: HostileServer, path: str = "/", **more) -> Found:
    made = tools(server)
    more.setdefault("recognisers", ())
    return discover(server.url + path, fetcher=made.fetcher, engine=made.engine, settings=made.settings, **more)


def kinds(result: Found, server: HostileServer) -> list[tuple[str, str]]:
    return [(one.kind, one.address.removeprefix(server.url)) for one in result.candidates]


@pytest.mark.parametrize(
    "body",
    [
        rss([]),
        ATOM,
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": []}',
        "\ufeff" + rss([]),
    ],
)
def test_a_feed_is_taken_as_it_is_whatever_its_media_type(body):
    with HostileServer({"/x": reply(body, Content_Type="text/html")}) as server:
        assert kinds(found(server, "/x"), server) == [("feed", "/x")]
        assert server.paths() == ["/x"]


def test_announced_feeds_come_before_the_page_and_comments_last():
    head = (
        link("/comments/feed", "Harbour » Comments Feed")
        + link("wire.xml", "Wire")
        + link("/feed.json", "JSON", "application/feed+json; charset=utf-8")
        + link("/wp-json/x", "", "application/json")
        + link("/style.css", "", "text/css")
        + link("javascript:alert(1)", "evil")
        + link("/wire.xml#again", "twice")
        + link("/other", rel="stylesheet")
    )
    with HostileServer({"/": page(head)}) as server:
        result = found(server)
        assert kinds(result, server) == [
            ("feed", "/wire.xml"),
            ("feed", "/feed.json"),
            ("feed", "/comments/feed"),
            ("page", "/"),
        ]
        assert result.candidates[0].title == "Wire"
        assert server.paths() == ["/"]


def test_a_page_without_announcement_may_link_to_its_feed():
    body = '<a href="/about">About</a><a href="/news/rss/all">All news</a><a href="http://[bad">x</a>'
    with HostileServer({"/": page("<base href='/deep/'>", body), "/news/rss/all": FEED}) as server:
        assert kinds(found(server), server) == [("feed", "/news/rss/all"), ("page", "/")]


def test_a_page_of_feeds_is_looked_into_and_no_further():
    feeds = page("", '<a href="/x/feeds/more">More</a><a href="/sport.rss">Sport</a><a href="/world.rss">World</a>')
    routes = {"/": page("", '<a href="/our-feeds">Feeds</a>'), "/our-feeds": feeds, "/x/feeds/more": feeds}
    with HostileServer({**routes, "/sport.rss": FEED, "/feed": FEED}) as server:
        assert kinds(found(server), server)[0] == ("feed", "/sport.rss")
        assert [path for path in server.paths() if path != "/robots.txt"] == [
            "/",
            "/our-feeds",
            "/x/feeds/more",
            "/sport.rss",
        ]
        assert kinds(found(server, guess=False), server) == [("page", "/")]


def test_links_that_lead_in_circles_end():
    loop = page("", "".join(f'<a href="/feeds/{n}">more</a>' for n in range(40)))
    with HostileServer({"/": loop, **{f"/feeds/{n}": loop for n in range(40)}}) as server:
        assert kinds(found(server), server) == [("page", "/")]
        assert len(server.log) < 20


def test_usual_places_are_tried_in_turn_and_end_at_the_first_feed():
    with HostileServer({"/blog": page(), "/atom.xml": reply(ATOM), "/feed.xml": FEED, "/rss": page()}) as server:
        result = found(server, "/blog")
        assert kinds(result, server) == [("feed", "/atom.xml"), ("page", "/blog")]
        assert result.candidates[0].title == "Quay & wire"
        asked = [path for path in server.paths() if path != "/robots.txt"]
        assert asked == ["/blog", "/blog/feed", "/blog/rss.xml", "/feed", "/rss", "/atom.xml"]


def test_guesses_obey_robots_and_end_when_the_host_is_in_trouble():
    with HostileServer({"/": page(), "/feed": FEED, "/robots.txt": reply("User-agent: *\nDisallow: /feed")}) as server:
        assert ("feed", "/feed") not in kinds(found(server), server)
        assert "/feed" not in server.paths()
    with HostileServer({"/": page(), "/feed": reply(b"", "503 Busy"), "/rss": FEED}) as server:
        result = found(server)
        assert kinds(result, server) == [("page", "/")]
        assert "ended early" in " ".join(result.notes)
        assert "/rss" not in server.paths()


def test_a_news_sitemap_that_robots_names_is_found_last():
    routes = {"/": page(), "/map.xml": reply("<urlset/>"), "/google-news.xml": reply(NEWS)}
    with HostileServer(routes) as server:
        lines = f"Sitemap: {server.url}/map.xml\nsitemap:{server.url}/google-news.xml\nSitemap: ftp://x\n"
        server.routes["/robots.txt"] = reply(lines)
        assert kinds(found(server), server) == [("sitemap", "/google-news.xml"), ("page", "/")]
        assert "/map.xml" not in server.paths()


def test_nothing_is_guessed_where_that_is_not_wanted():
    with HostileServer({"/": page(), "/feed": FEED}) as server:
        assert kinds(found(server, guess=False), server) == [("page", "/")]
        assert server.paths() == ["/"]


def test_a_move_for_good_gives_the_new_address_and_a_detour_the_old():
    with HostileServer({"/new": FEED}) as server:
        server.routes["/old"] = reply(b"", "301 Moved", Location="/new")
        server.routes["/detour"] = reply(b"", "302 Found", Location="/new")
        assert kinds(found(server, "/old"), server) == [("feed", "/new")]
        assert kinds(found(server, "/detour"), server) == [("feed", "/detour")]


def test_kinds_that_know_the_address_are_asked_first_and_may_fail():
    def broken(url):
        raise RuntimeError(url)

    recognisers = [
        ("a", broken),
        ("b", lambda url: None),
        ("c", lambda url: {"kind": "c", "address": "x", "list": "new", "odd": {"a": object()}, "none": None}),
        ("d", lambda url: {"kind": "d"}),
        ("e", lambda url: "nonsense"),
    ]
    with HostileServer() as server:
        result = found(server, recognisers=recognisers)
        assert [one.settings for one in result.candidates] == [{"kind": "c", "address": "x", "list": "new"}]
        assert server.paths() == []


def test_a_feed_that_a_kind_knows_is_read_by_that_kind():
    recognisers = [("tube", lambda url: {"kind": "tube", "address": "UC1"} if url.endswith("id=UC1") else None)]
    with HostileServer({"/@name": page(link("/feeds?id=UC1", "Videos")), "/feeds": FEED}) as server:
        result = found(server, "/@name", recognisers=recognisers)
        assert next((one.kind, one.address, one.title) for one in result.candidates) == ("tube", "UC1", "Videos")


def test_an_address_without_an_answer_is_an_error():
    with HostileServer({"/": reply(b"", "404 Not Found")}) as server, pytest.raises(FetchError, match="404"):
        found(server)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.sampled_from(["", "text/html; charset=x"]))
def test_any_document_is_something(body, content_type):
    seen = look(Document(body, "https://a.example/", content_type))
    assert seen.what in ("feed", "sitemap", "news sitemap", "page", "other")
    assert all(discovery.addresses.safe(address) for address, _ in seen.links)


@pytest.mark.parametrize(
    "body",
    [b"{" * 100_000, b"[" * 100_000, b"<a>" * 100_000, b"<!--" * 50_000, b"<title>" * 50_000, b"<link rel=" * 50_000],
)
def test_hostile_documents_are_looked_at_in_no_time(body):
    assert look(Document(body, "https://a.example/", "")).links == ()


@pytest.mark.parametrize("base", ["http://[bad", "x:", "javascript:alert(1)", "//[::1", "&#xd800;"])
def test_a_base_that_is_no_address_is_passed_over(base):
    body = f"<base href='{base}'>{link('/wire.xml')}<a href='//[::1'>rss</a>".encode()
    assert look(Document(body, "https://a.example/x", "")).links == (("https://a.example/wire.xml", ""),)


def test_a_page_is_no_feed_because_it_mentions_one():
    seen = look(Document(article(1).encode() + b"<rss></rss>", "https://a.example/", "application/rss+xml"))
    assert seen == Seen("page", "Quay 1 opens in harbour")
