"""Google News over loopback: links that carry an address and links that hide it, publishers, related articles."""

from __future__ import annotations

import base64

import pytest
from desk import NOW, rss, tools
from hostile import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st
from indexes import asked, carried, story

from pipeline import records
from pipeline.domain import Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError
from pipeline.sources.googlenews import GoogleNewsSource, publisher_address
from pipeline.sourcing import fulltext

ROOT = "https://news.google.com/rss/articles/"
OWN = "https://harbour.example/2026/quay"
HIDDEN = ROOT + carried("AU_yqLMabcdefghijklmnopqrstuvwxyz0123456789")


def source(server: HostileServer, address: str = "", **options: object) -> Source:
    return Source("News", "googlenews", address or server.url + "/rss", options={"api": server.url + "/rss", **options})


def test_a_link_that_carries_the_address(server: HostileServer) -> None:
    server.routes["/rss"] = reply(rss([story(ROOT + carried(OWN))]))
    batch = GoogleNewsSource(tools(server)).read(source(server), Cursor(), NOW)
    (made,) = batch.records
    assert (made.url, made.title, made.publisher) == (OWN, "Quay opens", "Harbour Wire")
    assert (made.via, made.platform, made.quality) == (("Google News",), "News", TextQuality.TITLE)
    assert made.published.isoformat() == "2026-05-03T10:00:00+00:00"
    assert fulltext.wanted(made)
    assert batch.notes == ()


def test_a_link_that_hides_it(server: HostileServer) -> None:
    server.routes["/rss"] = reply(rss([story(HIDDEN), story(ROOT + carried(OWN))]))
    batch = GoogleNewsSource(tools(server)).read(source(server), Cursor(), NOW)
    hidden = batch.records[0]
    assert (hidden.url, hidden.publisher) == (f"{HIDDEN}?oc=5", "Harbour Wire")
    assert records.unresolved(hidden)
    assert not fulltext.wanted(hidden)
    assert "1 of 2 links" in batch.notes[0]


def test_related_articles(server: HostileServer) -> None:
    others = [
        (ROOT + carried("https://market.example/quay"), "Quay &amp; market - Market Lines", "Market Lines"),
        (HIDDEN, "Hidden quay", "Echo"),
    ]
    server.routes["/rss"] = reply(rss([story(ROOT + carried(OWN), related=others)]))
    batch = GoogleNewsSource(tools(server)).read(source(server), Cursor(), NOW)
    main, other = batch.records
    assert main.url == OWN
    assert (other.url, other.title, other.publisher) == ("https://market.example/quay", "Quay & market", "Market Lines")
    assert other.date_doubtful
    assert batch.dropped == {"related article without an address of its own": 1}


def test_a_story_is_not_related_to_itself(server: HostileServer) -> None:
    again = (f"https://news.google.com/read/{carried(OWN)}", "Quay opens", "Harbour Wire")
    server.routes["/rss"] = reply(rss([story(ROOT + carried(OWN), related=[again])]))
    batch = GoogleNewsSource(tools(server)).read(source(server), Cursor(), NOW)
    assert (len(batch.records), batch.dropped) == (1, {})


def test_what_is_asked(server: HostileServer) -> None:
    server.routes["/rss"] = server.routes["/rss/search"] = reply(rss([]))
    adapter = GoogleNewsSource(tools(server))
    adapter.read(source(server, "harbour quay", edition="DE:de"), Cursor(), NOW)
    adapter.read(source(server, "harbour when:1h"), Cursor(), NOW)
    adapter.read(source(server, f"{server.url}/rss/search?q=kai&hl=fr&gl=FR&ceid=FR:fr"), Cursor(), NOW)
    adapter.search(source(server), "harbour", NOW, days=7, limit=5)
    german, bounded, given_address, search = asked(server, "/rss/search")
    assert german == {"q": "harbour quay when:2d", "hl": "de", "gl": "DE", "ceid": "DE:de"}
    assert bounded["q"] == "harbour when:1h"
    assert given_address == {"q": "kai", "hl": "fr", "gl": "FR", "ceid": "FR:fr"}
    assert search == {"q": "harbour when:7d", "hl": "en-US", "gl": "US", "ceid": "US:en"}
    with pytest.raises(ConfigurationError, match="no edition"):
        adapter.read(source(server, "harbour", edition="Germany"), Cursor(), NOW)


def test_a_search_keeps_the_best(server: HostileServer) -> None:
    found = [story(ROOT + carried(f"{OWN}/{number}"), title=f"Quay {number}") for number in range(9)]
    server.routes["/rss/search"] = reply(rss(found))
    batch = GoogleNewsSource(tools(server)).search(source(server), "quay", NOW, days=2, limit=3)
    assert [made.title for made in batch.records] == ["Quay 0", "Quay 1", "Quay 2"]


def test_a_title_without_a_source_element(server: HostileServer) -> None:
    item = story(ROOT + carried(OWN)).partition("<source")[0] + "</item>"
    server.routes["/rss"] = reply(rss([item]))
    (made,) = GoogleNewsSource(tools(server)).read(source(server), Cursor(), NOW).records
    assert (made.title, made.publisher) == ("Quay opens", "Harbour Wire")


@pytest.mark.parametrize("path", ["rss/articles/", "articles/", "read/", "__i/rss/rd/articles/"])
def test_forms_of_links(path: str) -> None:
    long = f"{OWN}?{'a' * 300}"
    assert publisher_address(f"https://news.google.com/{path}{carried(long)}?oc=5&hl=en") == long


@pytest.mark.parametrize(
    "link",
    [
        HIDDEN,
        ROOT,
        ROOT + "CBMi",
        ROOT + "AAAA" * 20,
        ROOT + carried("javascript:alert(1)"),
        ROOT + carried("http://user:word@harbour.example/"),
        "https://news.google.com/stories/CAAq",
    ],
)
def test_links_without_an_address(link: str) -> None:
    assert publisher_address(link) is None


@given(st.binary(max_size=300))
def test_any_id_is_an_address_or_none(raw: bytes) -> None:
    found = publisher_address(ROOT + base64.urlsafe_b64encode(raw).decode())
    assert found is None or found.startswith("http")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "https://news.google.com/search?q=quay%20when%3A1d&hl=en-GB&gl=GB&ceid=GB%3Aen",
            "https://news.google.com/rss/search?q=quay+when%3A1d&hl=en-GB&gl=GB&ceid=GB%3Aen",
        ),
        ("https://news.google.com/topics/CAAqJg?hl=en-US", "https://news.google.com/rss/topics/CAAqJg?hl=en-US"),
        ("https://news.google.com/rss", "https://news.google.com/rss"),
        ("https://news.google.com/home", "https://news.google.com/rss"),
        (HIDDEN, None),
        ("https://google.com/search?q=quay", None),
    ],
)
def test_what_is_recognised(url: str, address: str | None) -> None:
    found = GoogleNewsSource.recognise(url)
    assert found == (None if address is None else {"kind": "googlenews", "address": address})
