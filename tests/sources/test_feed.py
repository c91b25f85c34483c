"""Feeds of every kind and in every state of repair."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from desk import NOW, rss, rss_item, tools
from hostile import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import FetchError, HttpStatus, ParseError
from pipeline.sources.feed import FeedSource, Payload, parse


def read(server: HostileServer, body: str | bytes, cursor: Cursor | None = None, **headers: str) -> Batch:
    server.routes["/feed"] = reply(body, **headers)
    source = Source("Harbour Wire", "feed", server.url + "/feed", lang="en")
    return FeedSource(tools(server)).read(source, cursor or Cursor(), NOW)


def test_rss(server: HostileServer) -> None:
    batch = read(server, rss([rss_item(1), rss_item(2)]), ETag='W/"1"', Last_Modified="Mon, 04 May 2026 02:00:00 GMT")
    first = batch.records[0]
    assert first.text == "Quay 1 opens in harbour\n\nThe quay was opened by the mayor on Monday."
    assert (first.url, first.native_id) == ("https://harbour.example/page/1", "g1")
    assert (first.publisher, first.platform, first.quality) == ("Harbour Wire", "News", TextQuality.SUMMARY)
    assert (first.published.hour, first.date_doubtful, first.lang) == (1, False, "en")
    assert batch.cursor == Cursor('W/"1"', "Mon, 04 May 2026 02:00:00 GMT")
    assert batch.dropped == {}


def test_unchanged(server: HostileServer) -> None:
    server.routes["/feed"] = reply("", "304 Not Modified")
    cursor = Cursor('"x"', None, "kept")
    source = Source("s", "feed", server.url + "/feed")
    batch = FeedSource(tools(server)).read(source, cursor, NOW)
    assert batch == Batch((), cursor, unchanged=True)
    assert server.log[-1].headers["if-none-match"] == '"x"'


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>T</title><id>t</id>
<entry><id>tag:x,2026:1</id><title type="html">Kai &lt;b&gt;eins&lt;/b&gt; öffnet</title>
<link href="/a?utm_source=feed"/>
<author><name>Ada</name></author><updated>2026-05-03T10:00:00Z</updated><summary>Kurz.</summary>
<content type="html">&lt;p&gt;Der Kai ist offen.&lt;/p&gt;&lt;p&gt;Er kostete 12 Millionen.&lt;/p&gt;</content>
</entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title>
</channel><item rdf:about="https://x.example/1"><title>Quay opens</title><link>https://x.example/1</link>
<description>Open.</description><dc:date>2026-05-03</dc:date></item></rdf:RDF>"""


def test_atom(server: HostileServer) -> None:
    record = read(server, ATOM).records[0]
    assert record.text == "Kai eins öffnet\n\nDer Kai ist offen.\nEr kostete 12 Millionen."
    assert (record.url, record.author, record.quality) == (server.url + "/a", "Ada", TextQuality.FEED)
    assert (record.lang, record.published.day) == ("de", 3)


def test_rdf(server: HostileServer) -> None:
    record = read(server, RDF).records[0]
    assert (record.text, record.published.day) == ("Quay opens\n\nOpen.", 3)


def test_json_feed(server: HostileServer) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "language": "en-GB",
        "items": [
            {
                "id": 1,
                "url": "https://x.example/1",
                "title": "Quay",
                "content_html": "<p>Open.</p>",
                "date_published": "2026-05-03T10:00:00Z",
                "authors": [{"name": "Ada"}, {"name": "Bo"}],
            },
            {"id": "2", "url": "javascript:alert(1)", "content_text": "No headline here."},
            "not an item",
        ],
    }
    batch = read(server, json.dumps(feed), Content_Type="application/feed+json")
    first, second = batch.records
    assert (first.text, first.author, first.lang) == ("Quay\n\nOpen.", "Ada, Bo", "en")
    assert (second.text, second.url, second.date_doubtful) == ("No headline here.", None, True)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("null", "no feed"),
        ("[]", "no JSON Feed"),
        ('{"version": "1", "items": []}', "no JSON Feed"),
        ('{"items": [' * 50, "JSON cannot be read"),
        ("[" * 100_000, "JSON cannot be read"),
        ("<!DOCTYPE html><html><head><title>Log in</title></head></html>", "HTML page where a feed should be"),
        ("\ufeff <!-- x --><html lang=en><body>Enable JavaScript", "HTML page where a feed should be"),
        ("%PDF-1.4 binary \x00\x01", "no feed"),
        ("<rss><channel><title>x</title><item>", "broken"),
        ("just words", "no feed"),
        ("http://127.0.0.1:1/", "no feed"),
        ("/etc/passwd", "no feed"),
        ("file:///etc/passwd", "no feed"),
    ],
)
def test_what_is_no_feed(server: HostileServer, body: str, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        read(server, body)
    assert server.paths() == ["/robots.txt", "/feed"]


def test_an_html_page_tells_where_its_feed_is(server: HostileServer) -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head></html>'
    with pytest.raises(ParseError, match=f"announces a feed at {server.url}/rss.xml"):
        read(server, page)


def test_an_empty_feed_is_a_feed(server: HostileServer) -> None:
    batch = read(server, rss([]))
    assert batch.records == ()
    assert batch.notes == ("the feed is in order and holds no item; check the address if this goes on",)


def test_broken_xml_gives_what_can_be_read(server: HostileServer) -> None:
    batch = read(server, rss([rss_item(1), rss_item(2)]).replace("</channel></rss>", "<item><title>Quay 3 & 4"))
    assert [record.native_id for record in batch.records[:2]] == ["g1", "g2"]
    assert "XML is broken (line " in batch.notes[0]
    assert "<unknown>" not in batch.notes[0]


@pytest.mark.parametrize("entity", ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x "boom">'])
def test_entities_are_refused(server: HostileServer, entity: str) -> None:
    head = f'<?xml version="1.0"?><!-- x --><!DOCTYPE rss [{entity}]>'
    with pytest.raises(ParseError, match="declares XML entities"):
        read(server, rss([rss_item(1, text="a &x; b")], head=head))


@pytest.mark.parametrize(
    ("declared", "header", "real"),
    [
        ("iso-8859-1", "", "utf-8"),
        ("utf-8", "", "cp1252"),
        ("utf-8", "application/xml; charset=iso-8859-1", "utf-8"),
        ("bogus", "", "utf-8"),
        ("utf-8", "text/xml; charset=bogus", "utf-8"),
        ("windows-1251", "", "utf-8"),
        ("utf-8", "text/plain", "utf-8"),
    ],
)
def test_wrong_charsets(server: HostileServer, declared: str, header: str, real: str) -> None:
    text = "Die Brücke kostet fünf Euro."
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    body = rss([rss_item(1, text=text)], head=head).encode(real)
    record = read(server, body, Content_Type=header).records[0]
    assert text in record.text


def test_the_same_id_twice_keeps_the_last_complete_item(server: HostileServer) -> None:
    items = [
        rss_item(1),
        rss_item(1, text="The quay was opened twice."),
        "<item><guid>g1</guid><link>https://harbour.example/page/1</link></item>",
        "<item><guid>g1</guid><title>Quay 1 opens in harbour</title></item>",
    ]
    batch = read(server, rss(items))
    assert [record.text.splitlines()[-1] for record in batch.records] == ["The quay was opened twice."]
    assert batch.dropped == {"same id twice in the feed": 2, "empty": 1}


def test_one_id_for_every_article_loses_none(server: HostileServer) -> None:
    batch = read(server, rss([rss_item(number, guid="item") for number in range(5)]))
    assert [record.url for record in batch.records] == [f"https://harbour.example/page/{number}" for number in range(5)]
    assert batch.dropped == {}


@pytest.mark.parametrize("guid", ["", "<guid/>", "<guid>  </guid>", '<guid isPermaLink="true">no address</guid>'])
def test_ids_that_are_none(server: HostileServer, guid: str) -> None:
    items = [f"<item>{guid}<title>Quay {number} opens</title><link>/page/{number}</link></item>" for number in (1, 2)]
    batch = read(server, rss(items))
    assert [record.url for record in batch.records] == [f"{server.url}/page/1", f"{server.url}/page/2"]
    assert len({record.id for record in batch.records}) == 2


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 01 Jan 2099 00:00:00 GMT",
        "",
        "someday",
        "Sun, 03 May 2026 01:00:00 +9999",
        "2026-05-03T01:00:00-15:00",
        "0000-00-00",
        "9" * 1_000_000,
    ],
)
def test_dates_that_cannot_be(server: HostileServer, date: str) -> None:
    record = read(server, rss([rss_item(1, date=date)])).records[0]
    assert (record.published, record.date_doubtful) == (NOW, True)


def test_markup_without_a_word_is_dropped_and_counted(server: HostileServer) -> None:
    nothing = "<item><guid>x</guid><title>&lt;br&gt;</title><description>&lt;img src=x&gt;</description></item>"
    batch = read(server, rss([nothing, "<item></item>", rss_item(1)]))
    assert len(batch.records) == 1
    assert batch.dropped == {"only markup": 1, "empty": 1}


def test_summaries_that_the_feed_cut_off(server: HostileServer) -> None:
    batch = read(
        server, rss([rss_item(1, text="It cost 12 mill..."), rss_item(2, text="It is open. Read more"), rss_item(3)])
    )
    assert [record.truncated for record in batch.records] == [True, True, False]


def test_links_that_are_no_addresses(server: HostileServer) -> None:
    links = ("javascript:alert(1)", "data:text/html,x", "http://user:pw@x.example/", "//", "http://[")
    items = [
        f"<item><guid>g{n}</guid><title>Quay {n}</title><link>{link}</link></item>" for n, link in enumerate(links)
    ]
    assert [record.url for record in read(server, rss(items)).records] == [None] * len(links)


def test_a_moved_feed_is_told(server: HostileServer) -> None:
    server.routes["/old"] = reply("", "301 Moved", Location="/feed")
    server.routes["/feed"] = reply(rss([rss_item(1)]))
    batch = FeedSource(tools(server)).read(Source("s", "feed", server.url + "/old"), Cursor(), NOW)
    assert batch.moved_to == f"{server.url}/feed"


def test_failures_of_the_network_pass_through(server: HostileServer) -> None:
    source = Source("s", "feed", server.url + "/none")
    with pytest.raises(HttpStatus):
        FeedSource(tools(server)).read(source, Cursor(), NOW)
    with pytest.raises(FetchError):
        FeedSource(tools(server)).read(Source("s", "feed", "http://127.0.0.1:1/"), Cursor(), NOW)


SEED = rss([rss_item(n) for n in range(3)])


@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.text(max_size=3)), max_size=6), st.integers(0, len(SEED)))
def test_mutated_feeds_parse_or_say_why(changes: list[tuple[int, str]], cut: int) -> None:
    body = SEED
    for place, text in changes:
        body = body[:place] + text + body[place + len(text) :]
    with suppress(ParseError):
        parse(Payload(body[:cut].encode("utf-8", "surrogatepass"), "https://x.example/feed", ""))


# --- who says so -----------------------------------------------------------------------------------------------------


def test_a_planet_names_the_outlet_of_each_entry(server: HostileServer) -> None:
    entry = (
        "<entry><id>{n}</id><title>Quay {n}</title><link href='{link}'/><updated>2026-05-03T10:00:00Z</updated>"
        "<source><id>s</id><title>{name}</title><link href='{site}'/></source><summary>Open.</summary></entry>"
    )
    other = entry.format(n=1, link="https://other.example/1", name="Other Wire", site="https://other.example/")
    own = entry.format(n=2, link=f"{server.url}/2", name="Harbour", site=f"{server.url}/")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title>{other}{own}</feed>'
    assert [(one.publisher, one.via) for one in read(server, feed).records] == [
        ("Other Wire", ("Harbour Wire",)),
        ("Harbour Wire", ()),
    ]
    item = (
        '<item><title>Quay</title><link>https://x.example/1</link><source url="https://x.example/rss">X</source></item>'
    )
    assert (read(server, rss([item])).records[0].publisher, read(server, rss([item])).records[0].via) == (
        "X",
        ("Harbour Wire",),
    )


@pytest.mark.parametrize("name", ["harbour wire", "Harbour WIRE"])
def test_an_outlet_that_names_itself_at_another_address_collects_nothing(server: HostileServer, name: str) -> None:
    item = f'<item><title>Quay</title><link>/1</link><source url="https://feeds.example/x">{name}</source></item>'
    record = read(server, rss([item])).records[0]
    assert (record.publisher, record.via) == ("Harbour Wire", ())


def test_a_link_board_leads_to_the_publisher(server: HostileServer) -> None:
    item = (
        "<item><title>Quay opens</title><link>https://www.outlet.org/1</link><dc:creator>poster</dc:creator>"
        f"<comments>{server.url}/item?id=1</comments><description>&lt;p&gt;Comments&lt;/p&gt;</description></item>"
    )
    feed = rss([item]).replace("<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    record = read(server, feed).records[0]
    assert (record.url, record.publisher, record.author) == ("https://www.outlet.org/1", "outlet.org", None)
    assert (record.via, record.discussion_url) == (("Harbour Wire",), f"{server.url}/item?id=1")
    assert (record.text, record.quality) == ("Quay opens", TextQuality.TITLE)


def test_comments_of_an_outlets_own_do_not_make_it_a_board(server: HostileServer) -> None:
    item = f"<item><title>Quay opens</title><link>{server.url}/1</link><comments>{server.url}/1#c</comments></item>"
    assert (read(server, rss([item])).records[0].publisher, read(server, rss([item])).records[0].via) == (
        "Harbour Wire",
        (),
    )


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("<author>ada@x.example (Ada Quay)</author>", "Ada Quay"),
        ("<author>ada@x.example</author>", None),
        ("<author>Ada Quay &lt;ada@x.example&gt;</author>", "Ada Quay"),
        ("<author>Ada Quay</author>", "Ada Quay"),
    ],
)
def test_authors_are_names(server: HostileServer, written: str, author: str | None) -> None:
    batch = read(server, rss([f"<item><title>Quay</title><link>/1</link>{written}</item>"]))
    assert batch.records[0].author == author


def test_what_a_feed_calls_itself_and_what_it_was_read_from(server: HostileServer) -> None:
    feed = rss([rss_item(1)]).replace("<channel>", "<channel><link>https://www.harbour.example/news</link>")
    batch = read(server, feed, Content_Type="application/rss+xml")
    assert batch.identity == "Harbour Wire\nhttps://www.harbour.example/news"
    (raw,) = batch.raws
    assert (raw.body, raw.media_type, raw.url) == (feed.encode(), "application/rss+xml", server.url + "/feed")
    assert [(record.raw, record.extractor) for record in batch.records] == [(raw.hash, "feed")]


def test_a_date_that_cannot_be_is_kept_as_written(server: HostileServer) -> None:
    record = read(server, rss([rss_item(1, date="Fri, 01 Jan 2099 00:00:00 GMT")])).records[0]
    assert (record.dated, record.date_doubtful) == ("Fri, 01 Jan 2099 00:00:00 GMT", True)
    assert read(server, rss([rss_item(1)])).records[0].dated is None


def test_content_alone_is_more_than_a_summary(server: HostileServer) -> None:
    entry = "<entry><id>1</id><title>Quay</title><content type='html'>&lt;p&gt;The quay is open.</content></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{entry}</feed>'
    assert read(server, feed).records[0].quality is TextQuality.FEED


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://x.example/rss.xml", "https://x.example/rss.xml"),
        ("https://x.example/blog/feed/", "https://x.example/blog/feed/"),
        ("https://x.example/feeds/news/world", "https://x.example/feeds/news/world"),
        ("https://x.example/index.xml", "https://x.example/index.xml"),
        ("https://x.example/feed.json", "https://x.example/feed.json"),
        ("https://x.example/?feed=rss2", "https://x.example/?feed=rss2"),
        ("feed:https://x.example/a", "https://x.example/a"),
        ("feed://x.example/a", "https://x.example/a"),
        (" Feed:http://x.example/a ", "http://x.example/a"),
        ("https://x.example/", None),
        ("https://x.example/rss-explained.html", None),
        ("https://x.example/sitemap.xml", None),
        ("https://x.example/feedback", None),
        ("ftp://x.example/rss.xml", None),
        ("https://[/rss.xml", None),
        ("", None),
    ],
)
def test_addresses_that_look_like_feeds(url: str, address: str | None) -> None:
    assert FeedSource.recognise(url) == ({"kind": "feed", "address": address} if address else None)


def test_the_scheme_that_some_sites_put_first_is_left_out(server: HostileServer) -> None:
    server.routes["/feed"] = reply(rss([rss_item(1)]))
    source = Source("s", "feed", "feed:" + server.url + "/feed")
    assert len(FeedSource(tools(server)).read(source, Cursor(), NOW).records) == 1
