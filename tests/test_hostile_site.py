"""No script, handler or foreign address in anything that is written, whatever stands in a text or an address.

Every file of the site is read by a parser of its kind and held against the same site made from harmless words: it may
hold no kind of element, attribute, token or member that the harmless one does not hold somewhere. A file of a kind that
nobody reads here is a fault. Each string is tried in every field with CITEWIRE_LONG=1 (`make injections`); the suite
tries two shares of eight. How many that were is printed with -s.
"""

from __future__ import annotations

import functools
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import full_site
import html5lib
import pytest
from hostile_strings import ADDRESSES, STRINGS, WORDS
from markdown_it import MarkdownIt
from poisoned_site import SHARES, Poisoner, poisoned, texts
from thorough import LONG

from pipeline.addresses import tidy
from pipeline.notifying.briefing import briefing
from pipeline.publish import build, strange
from pipeline.publishing.site_check import check
from pipeline.renderers import load
from pipeline.renderers.topic import render_topic_html, render_topic_markdown

LEADS = (
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "background",
    "ping",
    "xmlUrl",
    "htmlUrl",
)
MEMBERS = re.compile(r"(^|_)(url|href|link|image|icon|avatar|address|page)$")
INWARD = re.compile(r"(?![a-z][a-z0-9+.-]*:|//|[/\\])[\w./#?=&;%~-]*\Z", re.I)
OUTWARD = re.compile(r"https?://(?!words\.evil\.example)[a-z0-9\[][^\s\\\"'<>`]*\Z", re.I)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
CALL = re.compile(r'citewire\.take\("[a-z0-9-]+", ?(.*)\);?\n?\Z', re.S)
Shapes = set[tuple[str, ...]]
TRIED = tuple(range(SHARES)) if LONG else (0, 5)  # one whose strings stand apart by spaces, one by lines


def leads_astray(address: str) -> bool:
    """Whether an address is neither of this site nor a whole, plain one of the web that a record may have."""
    return not (INWARD.match(address) or OUTWARD.match(address))


def tree_shapes(tree: Any) -> Iterator[tuple[str, ...]]:
    """Kinds of elements and attributes in a parsed page, and each address that leads astray."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield ("comment",)
            continue
        yield ("element", element.tag)
        for name, value in element.attrib.items():
            yield ("attribute", element.tag, str(name))
            if str(name).rpartition("}")[2] in LEADS and leads_astray(value):
                yield ("astray", element.tag, value)
        if element.tag != "a" and OUTWARD.match(element.get("href") or element.get("src") or ""):
            yield ("fetched", element.tag, (element.get("rel") or ""))
        if (
            element.tag == "a"
            and OUTWARD.match(element.get("href") or "")
            and "noopener" not in (element.get("rel") or "")
        ):
            yield ("unguarded", element.get("href") or "")
        if element.tag == "script" and element.get("type") == "application/ld+json":
            yield from json_shapes(json.loads(element.text or ""))


def html_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """As a browser reads it."""
    yield from tree_shapes(html5lib.parse(body, namespaceHTMLElements=False, transport_encoding="utf-8"))


def xml_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """As a strict reader of XML does; a feed also as feed readers do."""
    assert b"<!" not in body.replace(b"<![CDATA[", b"")
    assert body.count(b"<?") <= 2
    tree = ET.fromstring(body)
    yield from tree_shapes(tree)
    for element in tree.iter():
        if element.get("type") == "html":
            yield from fragment_shapes(element.text or "")
    if path.endswith("feed.xml"):
        assert not feedparser.parse(io.BytesIO(body)).bozo


def fragment_shapes(text: str) -> Iterator[tuple[str, ...]]:
    """A piece of a page inside something else."""
    for shape in tree_shapes(html5lib.parseFragment(text, namespaceHTMLElements=False)):
        yield ("fragment", *shape)


def json_shapes(value: Any, name: str = "") -> Iterator[tuple[str, ...]]:
    """Addresses in members for addresses, pages in members for pages."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from json_shapes(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from json_shapes(one, name)
    elif isinstance(value, str):
        if MEMBERS.search(name) and leads_astray(value):
            yield ("astray", name, value)
        if name == "content_html":
            yield from fragment_shapes(value)


def file_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """Of a JSON file; a bundle is evidence, its addresses are those of records (see the test of `tidy`)."""
    yield from (shape for shape in json_shapes(json.loads(body)) if not path.endswith("/story.json"))


def lines_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """Packed JSON Lines hold bundles: each line is one whole value."""
    for line in gzip.decompress(body).splitlines():
        assert isinstance(json.loads(line), dict)
    yield from ()


def script_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """A file of the search index calls one function with one JSON value; the search itself never changes."""
    text = body.decode()
    if path == "search/search.js":
        assert text.encode() == clean()[path]
        return
    found = CALL.match(text)
    assert found, f"{path} is more than one call"
    value = json.loads(found[1])
    for row in value if re.search(r"-d\d+\.js$", path) else ():
        yield ("row", str(len(row)))
        if not INWARD.match(row[0]):
            yield ("astray", path, row[0])


def markdown_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """As readers of the plain dialect and of one with extensions see it."""
    for reader in (MarkdownIt("commonmark"), MarkdownIt("gfm-like")):
        for token in reader.parse(body.decode()):
            for one in (token, *(token.children or ())):
                yield ("token", one.type)
                address = str(one.attrs.get("href") or one.attrs.get("src") or "")
                if leads_astray(address):
                    yield ("astray", one.type, address)


def text_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """Plain text: nothing that a terminal obeys or an eye does not see; robots.txt knows its own lines only."""
    text = body.decode()
    yield from (("unseen", hex(ord(sign))) for sign in set(UNSEEN.findall(text)))
    if path == "robots.txt":
        yield from (("line", line.partition(":")[0]) for line in text.splitlines())


def same(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """Made of no text from outside."""
    assert body == clean()[path], f"{path} changes with what sources wrote"
    yield from ()


def picture_shapes(body: bytes, path: str = "") -> Iterator[tuple[str, ...]]:
    """The chunks of a PNG (ISO/IEC 15948): none may carry text."""
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    while at < len(body):
        yield ("chunk", body[at + 4 : at + 8].decode("ascii"))
        at += 12 + int.from_bytes(body[at : at + 4], "big")


READERS: dict[str, Callable[[bytes, str], Iterator[tuple[str, ...]]]] = {
    ".html": html_shapes, ".xml": xml_shapes, ".svg": xml_shapes, ".opml": xml_shapes, ".json": file_shapes,
    ".gz": lines_shapes, ".js": script_shapes, ".md": markdown_shapes, ".txt": text_shapes, ".css": same,
    ".png": picture_shapes,
}  # fmt: skip


@functools.cache
def clean() -> dict[str, bytes]:
    """The harmless site."""
    return dict(full_site.pages())


@functools.cache
def harmless(kind: str) -> frozenset[tuple[str, ...]]:
    """What the harmless files of a kind hold."""
    return frozenset(
        shape
        for path, body in clean().items()
        if PurePosixPath(path).suffix == kind
        for shape in READERS[kind](body, path)
    )


@pytest.mark.parametrize("share", TRIED)
def test_no_text_becomes_anything_else(share):
    edition, filled = poisoned(share)
    assert len(filled) > 50
    pages = build(edition, load())
    found: dict[tuple[str, ...], str] = {}
    print(f"\n{Poisoner(share).tries(full_site.edition()):,} strings in fields, {len(pages)} files")
    for path, body in pages.items():
        kind = PurePosixPath(path).suffix
        for shape in set(READERS[kind](body, path)) - harmless(kind):
            found.setdefault(shape, path)
    assert not found, "\n".join(f"{path}: {shape}" for shape, path in list(found.items())[:30])
    assert check(pages, edition.settings.site.name, lambda: strange(edition)) == (), "nobody outside can hold the site"


@pytest.mark.parametrize("share", TRIED)
def test_answers_and_messages_hold_words_only(share):
    edition, _ = poisoned(share)
    for answer, plain in zip(edition.topics, full_site.edition().topics, strict=True):
        page, text = render_topic_html(answer).encode(), render_topic_markdown(answer).encode()
        assert set(html_shapes(page)) <= harmless(".html") | set(html_shapes(render_topic_html(plain).encode()))
        assert set(markdown_shapes(text)) <= harmless(".md")
    message = briefing(edition.stories, edition.signals, site="Desk", address="https://desk.example")
    assert message is not None
    assert set(text_shapes((message.title + message.body).encode())) == set()
    assert "\n" not in message.title


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_record_has_an_address_that_is_none_of_the_web(address):
    tidied = tidy(address)
    assert tidied is None or OUTWARD.match(tidied) or WORDS in tidied
    assert tidied is None or tidied.startswith(("https://", "http://"))
    assert tidied is None or not re.search(r"[\s<>\"'`\\]|@", tidied)


def test_the_strings_are_many_and_ask_for_one_place():
    assert len(STRINGS) >= 200
    assert len(ADDRESSES) >= 40
    assert sum(WORDS in one for one in STRINGS) > 60
    assert all(
        leads_astray(one) for one in ADDRESSES if ":" in one.strip()[:14] and "https" not in one and "%3" not in one
    )
    assert len(list(texts(json.loads('{"a": ["b", {"c": "d"}]}')))) == 4
