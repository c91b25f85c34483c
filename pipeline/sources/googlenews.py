"""Google News: what answers a search, or stands on a topic's page, by its RSS.

Its links lead through news.google.com. Older ones carry the publisher's address, which is read from the link without
asking anybody. Newer ones do not: there the record keeps Google's link, names the publisher as given, and says in `via`
that the link is an aggregator's own, so that no page is fetched there. A story's description lists what others write
of it; such a related article becomes a record where its own address can be read.

There is no official documentation. Forms of addresses and of answers follow what NewsCatcher and others have written
down, and the protocol buffers that the ids of links are.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ConfigurationError
from pipeline.language import cleaning
from pipeline.sources import Kind, Tools, answers, feed, listings
from pipeline.sources.feed import Entry, Parsed, Payload

NAME = "Google News"
SITE = "https://news.google.com"
RSS = f"{SITE}/rss"
EDITION = "US:en"
DAYS = 2
RELATED = 20  # links of one description that are looked at
_EDITION = re.compile(r"(?P<country>[A-Za-z]{2}):(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]+)?)")
_BOUNDED = re.compile(r"\b(?:when|after|before):", re.I)
_ARTICLE = re.compile(r"/(?:rss/)?(?:articles|read)/(?P<id>[\w-]{8,1500}={0,2})\Z")
_LINK = re.compile(
    r"""<a\b[^>]{0,200}?\bhref\s*=\s*["']([^"']{1,2000})["'][^>]{0,200}>(.{1,600}?)</a>(?=((?:(?!<a\b).){0,300}))""",
    re.S,
)
_FONT = re.compile(r"<font\b[^>]{0,100}>(.{1,200}?)</font>", re.S)


class GoogleNewsSource:
    """Adapter of kind "googlenews"."""

    about: ClassVar[Kind] = Kind(
        summary="Articles that answer a search, or stand on a topic's page, with their publishers' addresses where "
        "Google's links carry them.",
        address='a query ("harbour when:1d") or the address of one of its feeds (https://news.google.com/rss/...)',
        options={
            "edition": f'country and language, "{EDITION}"',
            "days": f"how far back a query looks that does not say so itself, {DAYS}",
            "api": f"where its feeds are, {RSS}",
        },
        default_address=RSS,
        spec="https://newscatcherapi.com/blog/google-news-rss-search-parameters-the-missing-documentaiton",
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read a search, topic or front page of Google News; None for other addresses."""
        parts = urlsplit(addresses.safe(url) or "")
        if parts.hostname != "news.google.com":
            return None
        kept = {name: value for name, value in parse_qsl(parts.query) if name in ("q", "hl", "gl", "ceid")}
        path = parts.path.rstrip("/").removeprefix("/rss").removeprefix("/home")
        if path and not re.match(r"/(?:search|topics|topstories|headlines|sections|publications)\b", path):
            return None
        return {"kind": "googlenews", "address": listings.with_parameters(RSS + path, kept).rstrip("?")}

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Articles of the feed, or those that answer the query. Raises FetchError or ParseError."""
        base, held, words = listings.place(source, RSS)
        if words and not _BOUNDED.search(words):
            words += f" when:{answers.number(source, 'days', DAYS, most=365)}d"
        url = f"{base.removesuffix('/search')}/search" if words else base
        return self._batch(source, url, {**_edition(source), **held, **({"q": words} if words else {})}, cursor, now)

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Articles of the last `days` days that answer `query`, best first. Raises FetchError or ParseError."""
        root = re.match(r"https?://[^/]+/rss\b", listings.place(source, RSS)[0])
        asked = {**_edition(source), "q": f"{query} when:{max(1, days)}d"}
        batch = self._batch(source, f"{root[0] if root else RSS}/search", asked, None, now)
        return replace(batch, records=batch.records[: max(1, limit)], cursor=Cursor())

    def _batch(
        self, source: Source, base: str, asked: Mapping[str, str], cursor: Cursor | None, now: datetime
    ) -> Batch:
        url = listings.with_parameters(base, asked)
        reply, parsed = listings.feed(self._tools, url, parse, cursor=cursor, home=True)
        if parsed is None:
            return Batch((), cursor or Cursor(), unchanged=True)
        raw = listings.raw_of(reply)
        listed = listings.read_from(raw, (one for entry in parsed.entries for one in _listed(entry, parsed)))
        found, dropped = listings.gather(listed, source, now)
        notes = [*listings.remarks(parsed)]
        hidden = sum(map(records.unresolved, found))
        if hidden:
            notes.append(
                f"{hidden} of {len(found)} links lead through {NAME} and do not carry the publisher's address; "
                "their headlines stand without a text"
            )
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"))
        return Batch(found, ahead, dropped=dropped, notes=tuple(notes), raws=(raw,))


def _edition(source: Source) -> dict[str, str]:
    """The parameters of an edition: "US:en" is hl=en-US, gl=US, ceid=US:en. Raises ConfigurationError."""
    wanted = answers.option(source, "edition", EDITION)
    match = _EDITION.fullmatch(wanted)
    if match is None:
        raise ConfigurationError(
            f"{source.name}: {wanted[:40]!r} is no edition of {NAME}",
            key="source.edition",
            fix=f'edition = "{EDITION}"',
        )
    country, lang = match["country"].upper(), match["lang"]
    return {"hl": f"en-{country}" if lang == "en" else lang, "gl": country, "ceid": f"{country}:{lang}"}


# --- entries ---------------------------------------------------------------------------------------------------------


def parse(payload: Payload) -> Parsed:
    """A feed, in a worker process. Raises ParseError."""
    return feed.parse(payload, _more)


def _more(found: Any) -> Mapping[str, str]:
    """Of an entry: its publisher and, as JSON, the links of its description with their words and publishers."""
    publisher = found.get("source")
    links = []
    for link, words, rest in _LINK.findall(str(found.get("summary", ""))[:20_000])[:RELATED]:
        font = _FONT.search(rest)
        links.append([html.unescape(link), *map(cleaning.strip_markup, (words, font[1] if font else ""))])
    return {
        "publisher": str(publisher.get("title", "")) if isinstance(publisher, dict) else "",
        "links": json.dumps(links),
    }


def _listed(entry: Entry, parsed: Parsed) -> Iterator[listings.Listed]:
    """The article of an entry, then the related ones of its description."""
    publisher = entry.more.get("publisher", "")
    title = listings.headline(entry.title, publisher)
    if not publisher and " - " in title:
        title, _, publisher = title.rpartition(" - ")
    own = publisher_address(entry.link)
    own_item = _item(title, entry.link, publisher, parsed.lang)
    yield replace(own_item, native_id=entry.guid, published=entry.published, dated=entry.date)
    for link, words, name in json.loads(entry.more.get("links", "[]")):
        address = publisher_address(link)
        if link.partition("?")[0] == entry.link.partition("?")[0] or (address and address == own):
            continue
        if address is None:
            yield "related article without an address of its own"
        else:
            yield _item(listings.headline(words, name), link, name, parsed.lang)


def _item(title: str, link: str, publisher: str, lang: str) -> records.Item:
    """An article whose date is not known yet."""
    own = publisher_address(link)
    return records.Item(
        native_id=None,
        url=own or link or None,
        title=title,
        body="",  # the description repeats the headline
        quality=TextQuality.TITLE,
        platform="News",
        publisher=publisher or (addresses.registrable(own) if own else None) or NAME,
        lang=lang,
        via=(NAME,) if own else (NAME, SITE),
    )


# --- links -----------------------------------------------------------------------------------------------------------


def publisher_address(link: str) -> str | None:
    """The publisher's address that a link of Google News carries, or `link` where it is none; None where it hides it.

    The id in a link is a protocol buffer in URL-safe base64; its fourth field is the address, or, since July 2024, a
    token that only Google's own servers can read.
    """
    if addresses.host(link) != "news.google.com":
        return addresses.safe(link)
    match = _ARTICLE.search(urlsplit(link).path)
    if match is None:
        return None
    coded = match["id"].rstrip("=")
    try:
        raw = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    except (binascii.Error, ValueError):
        return None
    carried = _field(raw, 4).decode("utf-8", "replace")
    return addresses.safe(carried) if carried.startswith(("http://", "https://")) else None


def _field(raw: bytes, wanted: int) -> bytes:
    """The bytes of a length-delimited field of a protocol buffer; b"" where there is none, or none can be read."""
    at = 0
    while at < len(raw):
        tag, at = _number(raw, at)
        if tag & 7 == 0:
            _, at = _number(raw, at)
        elif tag & 7 == 2:
            size, at = _number(raw, at)
            if tag >> 3 == wanted:
                return raw[at : at + size] if at + size <= len(raw) else b""
            at += size
        else:
            return b""
    return b""


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A variable-length number and where the next byte is; what is cut off is read as far as it goes."""
    number = shift = 0
    while at < len(raw) and shift < 64:
        byte = raw[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            break
    return number, at
