"""A feed as Atom (RFC 4287), written by an XML writer, all texts of type "text"."""

from __future__ import annotations

from xml.etree import ElementTree as ET  # writes only; nothing is parsed here

from pipeline.renderers.feeds import json_feed
from pipeline.renderers.feeds.model import Entry, Feed
from pipeline.renderers.phrases import iso
from pipeline.renderers.printing import printable

NAME, TYPE = "feed.xml", "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
KIND = "urn:citewire:kind"  # the scheme of the category that says what kind of story an entry is
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(feed: Feed) -> bytes:
    """The feed as an Atom document."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {_LANG: printable(feed.lang)})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title, type="text")
    _add(root, "subtitle", feed.subtitle, type="text")
    _add(root, "updated", iso(feed.updated))
    _add(_add(root, "author", ""), "name", feed.site)
    _add(root, "generator", "Citewire")
    _link(root, "self", TYPE, feed.address(feed.path(NAME)))
    _link(root, "alternate", "text/html", feed.address(feed.path("index.html")))
    _link(root, "alternate", json_feed.TYPE, feed.address(feed.path(json_feed.NAME)))
    for entry in feed.entries:
        _entry(root, feed, entry)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _entry(root: ET.Element, feed: Feed, one: Entry) -> None:
    entry = _add(root, "entry", "")
    if one.lang and one.lang != feed.lang:
        entry.set(_LANG, printable(one.lang))
    _add(entry, "id", one.id)
    _add(entry, "title", one.title, type="text")
    _add(entry, "published", iso(one.published))
    _add(entry, "updated", iso(one.updated))
    for beat in one.beats:
        _add(entry, "category", "", term=beat)
    if one.kind:
        _add(entry, "category", "", scheme=KIND, term=one.kind, label=one.says)
    _link(entry, "alternate", "text/html", feed.address(one.page))
    if one.bundle:
        _link(entry, "related", "application/json", feed.address(one.bundle))
    if one.summary:
        _add(entry, "summary", one.summary, type="text")
    _add(entry, "content", one.text, type="text")


def _link(parent: ET.Element, rel: str, kind: str, href: str) -> None:
    _add(parent, "link", "", rel=rel, type=kind, href=href)


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: printable(value) for key, value in attributes.items()})
    if text:
        child.text = printable(text)
    return child
