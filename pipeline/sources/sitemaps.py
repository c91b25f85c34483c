"""Sitemaps as a site writes them (sitemaps.org 0.9, Google's news extension): XML in, addresses and their dates out.

Pure, and run in a process that can be killed. Entities are neither declared nor followed, nothing is loaded.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline import addresses
from pipeline.errors import ParseError
from pipeline.records import MAX_NAME, MAX_TITLE
from pipeline.sources.entries import Payload
from pipeline.sources.moments import timestamp

MAX_ENTRIES = 50_000  # what the protocol allows in one file
MAX_XML = 50 << 20  # bytes, likewise
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a sitemap. `published` is the news extension's date, `changed` the protocol's lastmod."""

    url: str
    title: str = ""
    published: datetime | None = None
    changed: datetime | None = None
    publisher: str = ""
    lang: str = ""

    @property
    def when(self) -> datetime | None:
        """The moment by which the entry is new or old."""
        return self.published or self.changed


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sitemap, or (`index`) a list of sitemaps. `unsafe` counts the entries without an address that may be asked."""

    entries: tuple[Entry, ...]
    index: bool = False
    unsafe: int = 0
    beyond: int = 0  # entries after the first 50,000


def parse(payload: Payload) -> Parsed:
    """Read a sitemap or an index, gzipped or not. Raises ParseError, saying what came in its place."""
    from lxml import etree  # noqa: PLC0415  wanted in workers only

    body = _unpacked(payload.body).strip()
    if not body:
        raise ParseError("the reply is empty where a sitemap should be; check the address")
    if b"<!ENTITY" in body or b"<!DOCTYPE" in body[:4096].upper():
        raise ParseError("it declares a document type, as web pages and attacks do; check the address")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, recover=True
    )
    try:
        root = etree.fromstring(body, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"its XML cannot be read ({str(error)[:150]}); check the address") from None
    name = _name(root) if root is not None else ""
    if name not in ("urlset", "sitemapindex"):
        raise ParseError(f"this is no sitemap (its outermost element is {name[:40] or 'none'!r}); check the address")
    every = [child for child in root if _name(child) in ("url", "sitemap")]
    found = [_entry(child, payload.url) for child in every[:MAX_ENTRIES]]
    kept = tuple(entry for entry in found if entry)
    return Parsed(kept, name == "sitemapindex", len(found) - len(kept), max(0, len(every) - MAX_ENTRIES))


def _unpacked(body: bytes) -> bytes:
    """`body` without its gzip wrapping, within the protocol's cap."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(body, MAX_XML + 1)
    except zlib.error as error:
        raise ParseError(f"its gzip wrapping is broken ({error}); ask its operator") from None
    if len(data) > MAX_XML:
        raise ParseError("it is larger than 50 MiB, which the protocol forbids; name one of its parts")
    return data


def _entry(element: Any, base: str) -> Entry | None:
    """One <url> or <sitemap>, None without a safe address."""
    said = {"loc": "", "lastmod": "", "title": "", "publication_date": "", "name": "", "language": ""}
    for part in element.iter():
        name = _name(part)
        if name in said and not said[name] and (name not in ("loc", "title") or not _in_image(part)):
            said[name] = (part.text or "").strip()[:4000]
    url = addresses.absolute(said["loc"], base) if said["loc"] else None
    if not url:
        return None
    return Entry(
        url,
        said["title"][:MAX_TITLE],
        timestamp(said["publication_date"]),
        timestamp(said["lastmod"]),
        said["name"][:MAX_NAME],
        said["language"][:20],
    )


def _in_image(part: Any) -> bool:
    """Whether the element belongs to an image or a video of the page, which have addresses and titles too."""
    parent = part.getparent()
    return parent is not None and _name(parent) in ("image", "video")


def _name(element: Any) -> str:
    """The local name of an element; "" for what is none."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
