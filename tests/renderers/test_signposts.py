"""Sitemaps, robots.txt and llms.txt: every page once, whole addresses, files that stay small, words that stay words."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from site_factory import NIGHT, edition, settings, stories

from pipeline.edition import Edition, Page, made
from pipeline.publish import build
from pipeline.publishing.site_check import check
from pipeline.renderers import html_pages, load, signposts
from pipeline.renderers.pages import printable
from pipeline.renderers.signposts import with_signposts

URL = "https://desk.example/news"
LOC, NEWS = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.google.com/schemas/sitemap-news/0.9}"


def published(**more: Any) -> Edition:
    return edition(settings=settings(site={"name": "The Harbour Desk", "url": f"{URL}/"}), **more)


def locs(body: bytes) -> list[str]:
    return [element.text or "" for element in ET.fromstring(body).iter(f"{LOC}loc")]


def posts(one: Edition) -> dict[str, bytes]:
    return made(html_pages.render(one))


def test_sitemaps_list_every_page_once_and_nothing_else() -> None:
    pages = posts(published())
    files = locs(pages["sitemap.xml"])
    assert {f"{URL}/{path}" for path in pages if path.startswith("sitemaps/")} == set(files)
    listed = [
        address
        for file in files
        if "news" not in file.rpartition("/")[2]
        for address in locs(pages[file.removeprefix(f"{URL}/")])
    ]
    assert len(set(listed)) == len(listed)
    shown = {path for path in pages if path.endswith(".html") and path != "404.html"}
    older = {path for path in shown if path.startswith("stories/") and path.count("/") > 2}
    assert older
    assert set(listed) == {f"{URL}/{path}" for path in shown - older}
    assert check({path: pages[path] for path in pages if path.endswith(".xml")}, "The Harbour Desk") == ()


def test_a_sitemap_is_split_before_it_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signposts, "MOST", 2)
    old = stories()[2]
    many = tuple(dataclasses.replace(old, id=f"y{n}", slug=f"story-{n}") for n in range(5))
    pages = posts(published(stories=many))
    parts = [f"sitemaps/stories-2026-11{end}.xml" for end in ("", "-2", "-3")]
    assert [len(locs(pages[path])) for path in parts] == [2, 2, 1]


def test_times_in_sitemaps_are_those_of_the_stories() -> None:
    text = posts(published())["sitemaps/stories-2026-11.xml"].decode()
    assert f"<loc>{URL}/stories/nordnett-queue-3f2a/index.html</loc><lastmod>2026-11-20T05:00:00Z</lastmod>" in text
    assert posts(published(now=NIGHT + timedelta(days=9)))["sitemaps/stories-2026-11.xml"].decode() == text


def test_the_news_sitemap_holds_the_new_stories_alone() -> None:
    root = ET.fromstring(posts(published())["sitemaps/news.xml"])
    told = [
        (url.findtext(f"{LOC}loc"), url.findtext(f".//{NEWS}publication_date"), url.findtext(f".//{NEWS}language"))
        for url in root
    ]
    assert told == [
        (f"{URL}/stories/nordnett-queue-3f2a/index.html", "2026-11-19T05:00:00Z", "en"),
        (f"{URL}/stories/cormorant-lindholm-77aa/index.html", "2026-11-20T05:00:00Z", "en"),
    ]


def test_a_site_without_an_address_has_no_sitemap() -> None:
    pages = posts(edition())
    assert not [path for path in pages if "sitemap" in path]
    assert pages["robots.txt"] == b"User-agent: *\nAllow: /\n"
    assert posts(published())["robots.txt"].endswith(f"Sitemap: {URL}/sitemap.xml\n".encode())


@pytest.mark.parametrize("one", [edition(), published()], ids=["local", "published"])
def test_llms_txt_has_its_form_and_leads_to_files(one: Edition) -> None:
    """https://llmstxt.org: an H1, a quotation, text without headings, then H2 sections of lists of links."""
    pages = build(one, load())
    text = posts(one)["llms.txt"].decode()
    tokens = [token for token in MarkdownIt("commonmark").parse(text) if token.level == 0]
    heads = [token.tag for token in tokens if token.type == "heading_open"]
    assert heads[0] == "h1"
    assert set(heads[1:]) == {"h2"}
    assert [token.type for token in tokens if token.type.endswith("_open")][1] == "blockquote_open"
    links = [
        str(child.attrs["href"])
        for token in MarkdownIt("commonmark").parse(text)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert len(links) > 10
    assert all(link.removeprefix(f"{URL}/") in pages for link in links), links


@pytest.mark.parametrize(
    "text", ["</loc><loc>https://evil.example", "<script>alert(1)</script>", "[x](https://evil.example) ]]>", "a\x00b"]
)
def test_words_of_strangers_stay_words(text: str) -> None:
    old = stories()[2]
    bad = dataclasses.replace(old, headline=dataclasses.replace(old.headline, text=text), beat=text, beats=(text,))
    pages = posts(published(stories=(bad,)))
    titles = [element.text for element in ET.fromstring(pages["sitemaps/news.xml"]).iter(f"{NEWS}title")]
    assert titles == [printable(text)]
    assert all(address.startswith(URL) for path in pages if path.endswith(".xml") for address in locs(pages[path]))
    links = [
        str(child.attrs["href"])
        for token in MarkdownIt("gfm-like").parse(pages["llms.txt"].decode())
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert all(link.startswith(URL) for link in links)


def test_signposts_rest_on_what_they_say() -> None:
    def resting(one: Edition) -> dict[str, str | None]:
        return {page.path: page.rests_on for page in with_signposts([Page("index.html", lambda: b"")], one)}

    assert resting(published()) == resting(published(now=NIGHT + timedelta(hours=9)))
    assert all(found for path, found in resting(published()).items() if path != "index.html")
