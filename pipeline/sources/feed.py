"""RSS, Atom, RDF and JSON Feed, asked for conditionally and read in a process that can be killed.

The process also makes the records, so that the one that talks to network and store has little to do for each feed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Record, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.extract import declared
from pipeline.protocols import Reply
from pipeline.sources import Kind, Tools
from pipeline.sources.entries import MAX_ENTRIES, Entry, Parsed, Payload
from pipeline.sources.feed_parser import parse

__all__ = ["ACCEPT", "Entry", "FeedSource", "Parsed", "Payload", "parse"]

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_FEED_PATH = re.compile(
    r"(?:/|\A)(?:rss|atom|feeds?|rdf|index\.rdf)/?\Z|\.(?:rss|atom|rdf)\Z|/(?:rss|atom|feeds?)/(?:[\w.-]+/)*[\w.-]*\Z"
    r"|(?:rss|atom|feed|feeds)[\w-]{0,20}\.(?:xml|json|php)\Z|/index\.xml\Z",
    re.I,
)
_FEED_QUERY = re.compile(r"(?:\A|&)(?:feed|format|type|output)=(?:rss2?|atom|rdf|feed|json-?feed)(?:&|\Z)", re.I)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the process made of a feed: its records in their order, what it left out, and the feed without entries."""

    records: tuple[Record, ...]
    dropped: Mapping[str, int]
    feed: Parsed


class FeedSource:
    """Adapter of kind "feed"."""

    about: ClassVar[Kind] = Kind(
        summary="A feed: RSS 0.9 to 2.0, Atom 0.3 and 1.0, RDF or JSON Feed.",
        address='the address of the feed, "https://outlet.example/rss.xml"',
        options={
            "platform": 'what its records are counted under, "News"',
            "publisher": "name of the outlet, the name of the source; a feed that collects others names each outlet",
            "full_text": "read the page behind each item, true",
            "sample": "mark its records as invented, false",
        },
        seen="genuine answers",
        spec="https://www.rssboard.org/rss-specification",
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read `url` where it looks like a feed's address, else None."""
        address = address_of(url.strip())
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        looks = _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query) or address != url.strip()
        return {"kind": "feed", "address": address} if looks and addresses.safe(address) else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Entries of the feed at `source.address`. Raises FetchError or ParseError."""
        settings, address = self._tools.settings, address_of(source.address)
        reply = self._tools.fetcher.get(address, cursor=cursor, limit=settings.max_feed_bytes, accept=ACCEPT, home=True)
        moved = reply.url if reply.redirected_permanently else None
        if reply.status == 304:
            return Batch((), cursor, unchanged=True, moved_to=moved)
        raw = Raw(reply.url, reply.headers.get("content-type", ""), reply.body)
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"), cursor.position)
        taken = self._take(reply, raw, source, now)
        return Batch(
            taken.records,
            ahead,
            dropped=taken.dropped,
            notes=_notes(taken),
            raws=(raw,),
            identity=_identity(taken.feed),
            moved_to=moved,
        )

    def _take(self, reply: Reply, raw: Raw, source: Source, now: datetime) -> Taken:
        work = partial(take, source=source, now=now, raw=raw.hash)
        payload = Payload(reply.body, reply.url, raw.media_type)
        outcome = next(iter(self._tools.engine.map(work, [payload], timeout=self._tools.settings.parse_timeout)))
        taken = outcome.value
        if not isinstance(taken, Taken):
            why = (outcome.error or "the parser gave nothing").removeprefix("ParseError: ")
            raise ParseError(f"{reply.url}: {why}")
        if taken.feed.broken and not taken.records:
            raise ParseError(f"{reply.url}: its XML is broken ({taken.feed.broken}) and no entry can be read")
        return taken


def address_of(address: str) -> str:
    """`address` without the "feed:" that some sites put before it."""
    scheme, _, rest = address.strip().partition(":")
    if scheme.lower() != "feed":
        return address.strip()
    rest = rest.lstrip("/")
    return rest if rest.lower().startswith(("http://", "https://")) else f"https://{rest}"


def _notes(taken: Taken) -> tuple[str, ...]:
    """What its operator or the desk's should know of a feed that could be read."""
    feed, notes = taken.feed, []
    if feed.broken:
        read = len(taken.records) + sum(taken.dropped.values())
        notes.append(f"its XML is broken ({feed.broken}); {read} entries could be read")
    if feed.charset:
        notes.append(f"its charset is named wrongly ({feed.charset}); its operator should know")
    if not feed.total and not feed.broken:
        notes.append("the feed is in order and holds no item; check the address if this goes on")
    return tuple(notes)


def _identity(feed: Parsed) -> str | None:
    """How the feed names itself: its title and the address of its site, on two lines."""
    title = records.name(feed.title, records.MAX_TITLE)
    return "\n".join(part for part in (title, feed.site) if part) or None


# --- in the worker process -------------------------------------------------------------------------------------------


def take(payload: Payload, source: Source, now: datetime, raw: str) -> Taken:
    """The records of a feed; `raw` is the hash of its body. Raises ParseError."""
    feed = parse(payload)
    dropped: Counter[str] = Counter()
    if feed.total > len(feed.entries):
        dropped[f"beyond the feed's first {MAX_ENTRIES:,}"] = feed.total - len(feed.entries)
    own = frozenset(filter(None, (addresses.registrable(url) for url in (payload.url, feed.site) if url)))
    kept: dict[str, Record] = {}
    for entry in feed.entries:
        if rule := declared.of_labels(entry.labels):
            dropped[rule] += 1
            continue
        made = records.record(_item(entry, feed, source, own), source, now)
        if made is None:
            dropped["only markup" if entry.had_markup else "empty"] += 1
            continue
        key = _key(entry, made, kept)
        if key in kept:
            dropped["same id twice in the feed"] += 1
            if not _complete(made) and _complete(kept[key]):
                continue
            del kept[key]
        kept[key] = replace(made, raw=raw)
    return Taken(tuple(kept.values()), dict(dropped), replace(feed, entries=()))


def _key(entry: Entry, made: Record, kept: Mapping[str, Record]) -> str:
    """What makes an entry the same as another of its feed: its id, unless the other one is of another article."""
    key = entry.guid or made.id
    other = kept.get(key)
    if other is not None and other.id != made.id and other.title != made.title:
        return made.id
    return key


def _complete(record: Record) -> bool:
    return bool(record.title) and record.quality is not TextQuality.TITLE


def _item(entry: Entry, feed: Parsed, source: Source, own: frozenset[str]) -> records.Item:
    """`entry` as an item. `own` are the domains of the feed and its site; entries of others came by way of it."""
    option = source.options.get
    quality = TextQuality.FEED if len(entry.content) > len(entry.summary) else TextQuality.SUMMARY
    body = entry.content if quality is TextQuality.FEED else entry.summary
    publisher, author = str(option("publisher", source.name)), entry.author
    via: tuple[str, ...] = ()
    if entry.origin.casefold() not in (feed.title.casefold(), source.name.casefold()) and _collected(entry, own):
        publisher, via = entry.origin, (source.name,)
    elif _board(entry, own):
        publisher, author, via = addresses.registrable(entry.link) or "", "", (source.name,)
        body = "" if body.strip().casefold() == "comments" else body
    return records.Item(
        native_id=entry.guid or None,
        url=entry.link or (entry.guid if addresses.safe(entry.guid) else None),
        title=entry.title,
        body=body,
        quality=quality,
        platform=str(option("platform", "News")),
        published=entry.published,
        publisher=publisher,
        author=author,
        lang=entry.lang or feed.lang,
        discussion_url=entry.comments or None,
        had_markup=entry.had_markup,
        via=via,
        extractor="feed",
        dated=entry.date or None,
    )


def _collected(entry: Entry, own: frozenset[str]) -> bool:
    """Whether the entry says that it was taken from another site's feed, as those of planets do."""
    return bool(entry.origin and entry.origin_url) and addresses.registrable(entry.origin_url) not in own


def _board(entry: Entry, own: frozenset[str]) -> bool:
    """Whether the entry is a link of a link board: to a page elsewhere, with its discussion here."""
    if not entry.link or not entry.comments:
        return False
    return addresses.registrable(entry.link) not in own and addresses.registrable(entry.comments) in own
