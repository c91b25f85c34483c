"""A site's news sitemap, or the index of its sitemaps: new addresses only, newest first, within bounds.

Entries with a headline (Google's news extension) become records that ingest reads in full. Of entries without one
the page is read here, a few a night, for a record needs words. `lastmod` stands for the date where no other is given;
entries without any date are taken from the second reading on, when it is known which are new.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Record, Source, TextQuality
from pipeline.errors import (
    AddressRefused,
    FetchError,
    HttpStatus,
    ParseError,
    ReplyTooLarge,
    RobotsRefused,
    SourceError,
)
from pipeline.protocols import Reply
from pipeline.sources import Kind, Tools, answers, page
from pipeline.sources.entries import Payload
from pipeline.sources.sitemaps import Entry, Parsed, parse

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"
DAYS, PARTS, PAGES, LIMIT = 3, 3, 20, 1000
MEMORY = 60_000  # addresses of which a source remembers that it has seen them
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


class SitemapSource:
    """Adapter of kind "sitemap"."""

    about: ClassVar[Kind] = Kind(
        summary="A news sitemap, any other sitemap, or an index of sitemaps: what a site has published lately.",
        address='the address of the sitemap, "https://outlet.example/news-sitemap.xml"',
        options={
            "days": f"how old an entry may be, {DAYS}",
            "sitemaps": f"how many sitemaps of an index are read, the newest, {PARTS}",
            "pages": f"pages of entries without a headline that are read in one night, {PAGES}",
            "limit": f"entries of one night, {LIMIT}",
            "platform": 'what its records are counted under, "News"',
            "publisher": "name of the outlet; without it the sitemap's own, else the site's domain",
        },
        spec="https://www.sitemaps.org/protocol.html",
    )
    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def recognise(url: str) -> Mapping[str, object] | None:
        """The settings that read `url` where its last part speaks of a sitemap, else None."""
        last = urlsplit(addresses.safe(url) or "").path.rpartition("/")[2].lower()
        named = "sitemap" in last and last.endswith((".xml", ".xml.gz", ".php", "sitemap"))
        return {"kind": "sitemap", "address": url.strip()} if named else None

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """New entries of the sitemap at `source.address`. Raises FetchError or ParseError."""
        before = _Position.parse(cursor.position)
        asked = None if before.index else cursor  # an unchanged index says nothing of its parts
        reply = self._get(source.address, asked, home=True)
        moved = reply.url if reply.redirected_permanently else None
        if reply.status == 304:
            return Batch((), cursor, unchanged=True, moved_to=moved)
        haul = _Haul(source, now, before, addresses.registrable(reply.url))
        parsed = self._parse(reply)
        if parsed.index:
            self._follow(parsed, haul)
        else:
            haul.take(parsed)
        found, raws = self._records(haul)
        ahead = _Position(haul.remembered(), parsed.index).text()
        validators = (reply.headers.get("etag"), reply.headers.get("last-modified")) if haul.done else (None, None)
        return Batch(
            found, Cursor(*validators, ahead), dropped=haul.dropped, notes=tuple(haul.notes), raws=raws, moved_to=moved
        )

    def _get(self, url: str, cursor: Cursor | None, *, home: bool) -> Reply:
        limit = self._tools.settings.max_feed_bytes
        return self._tools.fetcher.get(url, cursor=cursor, limit=limit, accept=ACCEPT, home=home)

    def _parse(self, reply: Reply) -> Parsed:
        payload = Payload(reply.body, reply.url, reply.headers.get("content-type", ""))
        outcome = next(iter(self._tools.engine.map(parse, [payload], timeout=self._tools.settings.parse_timeout)))
        if not isinstance(outcome.value, Parsed):
            raise ParseError(f"{reply.url}: {(outcome.error or 'no answer').removeprefix('ParseError: ')}")
        return outcome.value

    def _follow(self, index: Parsed, haul: _Haul) -> None:
        """Read the newest sitemaps of an index. Raises the last error where none of them can be read."""
        parts = _newest(part for part in index.entries if haul.own(part) and not haul.old(part))
        most = answers.number(haul.source, "sitemaps", PARTS, most=50)
        if not parts:
            haul.notes.append("its index names no sitemap that changed lately")
        trouble: SourceError | None = None
        good = 0
        for part in parts[:most]:
            try:
                inner = self._parse(self._get(part.url, None, home=False))
            except (FetchError, ParseError) as error:
                trouble = error
                haul.notes.append(f"one of its sitemaps cannot be read: {error}")
                continue
            good += 1
            if inner.index:
                haul.drop("an index within the index")
            else:
                haul.take(inner)
        if trouble is not None and not good:
            raise trouble

    def _records(self, haul: _Haul) -> tuple[tuple[Record, ...], tuple[Raw, ...]]:
        """Records of the entries, newest first; those without a headline by way of their pages."""
        limit = answers.number(haul.source, "limit", LIMIT, most=50_000)
        left = answers.number(haul.source, "pages", PAGES, most=1000)
        made: list[Record] = []
        raws: list[Raw] = []
        for entry in _newest(haul.found.values()):
            if len(made) >= limit or (not entry.title and not left):
                haul.later(entry)
                continue
            if entry.title:
                record = records.record(_item(entry, haul.source), haul.source, haul.now)
            else:
                left -= 1
                record = self._page(entry, haul, raws)
            if record is not None:
                made.append(record)
        return tuple(made), tuple(raws)

    def _page(self, entry: Entry, haul: _Haul, raws: list[Raw]) -> Record | None:
        settings = self._tools.settings
        try:
            reply = self._tools.fetcher.get(entry.url, limit=settings.max_page_bytes, accept=page.ACCEPT, robots=True)
            record, raw = page.of_reply(reply, entry.url, self._tools, haul.source, haul.now, dated=entry.when)
        except (FetchError, ParseError) as error:
            if _passing(error):
                haul.later(entry)
            else:
                haul.drop(f"its page could not be read ({type(error).__name__})")
            return None
        raws.append(raw)
        return record


@dataclass(slots=True)
class _Haul:
    """What one read brings together."""

    source: Source
    now: datetime
    before: _Position
    site: str | None
    found: dict[str, Entry] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    done: bool = True  # nothing was put off, so that an unchanged sitemap need not be sent again

    def take(self, parsed: Parsed) -> None:
        """Keep the new entries of a sitemap and count the others."""
        if parsed.unsafe:
            self.drop("without a safe address", parsed.unsafe)
        if parsed.beyond:
            self.drop("beyond a sitemap's first 50,000", parsed.beyond)
        for entry in parsed.entries:
            key = _key(entry.url)
            if not self.own(entry):
                self.drop("of another site")
            elif key in self.before.seen:
                self.known.append(key)
            elif self.old(entry):
                self.drop("older than its days")
            elif entry.when is None and not self.before.seen:
                self.drop("undated on first reading")
                self.known.append(key)
            else:
                self.found.setdefault(key, entry)

    def own(self, entry: Entry) -> bool:
        """Whether an address belongs to the sitemap's own site, as the protocol demands."""
        return addresses.registrable(entry.url) == self.site

    def old(self, entry: Entry) -> bool:
        """Whether an entry is older than the source's days."""
        days = answers.number(self.source, "days", DAYS, most=3650)
        return entry.when is not None and entry.when < self.now - timedelta(days=days)

    def drop(self, rule: str, count: int = 1) -> None:
        """Count what was left out."""
        self.dropped[rule] += count

    def later(self, entry: Entry) -> None:
        """Leave an entry to another night: it counts as never seen."""
        self.found.pop(_key(entry.url), None)
        self.drop("left to another night")
        self.done = False

    def remembered(self) -> Mapping[str, None]:
        """Addresses seen, those that the sitemap still lists last; the oldest are forgotten beyond the memory."""
        now = dict.fromkeys([*self.known, *self.found])
        every = [*(key for key in self.before.seen if key not in now), *now]
        return dict.fromkeys(every[-MEMORY:])


@dataclass(frozen=True, slots=True)
class _Position:
    """Hashes of the addresses seen so far, and whether the address was that of an index."""

    seen: Mapping[str, None]
    index: bool

    @classmethod
    def parse(cls, text: str | None) -> _Position:
        try:
            found = json.loads(text) if text else {}
            return cls(dict.fromkeys(str(found["seen"]).split()), found.get("index") is True)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls({}, False)

    def text(self) -> str:
        return json.dumps({"index": self.index, "seen": " ".join(self.seen)})


def _passing(error: SourceError) -> bool:
    """Whether a page that could not be read today may be tomorrow."""
    if isinstance(error, HttpStatus):
        return error.status == 429 or error.status >= 500
    return not isinstance(error, ParseError | RobotsRefused | AddressRefused | ReplyTooLarge)


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    """Newest first; undated ones last; in the given order where the dates are the same."""
    return sorted(entries, key=lambda entry: entry.when or _EARLIEST, reverse=True)


def _item(entry: Entry, source: Source) -> records.Item:
    return records.Item(
        native_id=entry.url,
        url=entry.url,
        title=entry.title,
        body="",
        quality=TextQuality.TITLE,
        platform=answers.option(source, "platform", "News"),
        published=entry.when,
        publisher=answers.option(source, "publisher") or entry.publisher or addresses.registrable(entry.url),
        lang=entry.lang or None,
        extractor="sitemap",
    )
