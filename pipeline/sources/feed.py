"""RSS, Atom, RDF and JSON Feed, asked for conditionally and parsed in a process that can be killed."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Record, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.extract import decode, fragment_text
from pipeline.sources import Tools, moments
from pipeline.sources.moments import Written

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
MAX_ENTRIES = 5000
MAX_MARKUP = 500_000
_HTML = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_DECLARATIONS = re.compile(r"\A\s*(?:<\?xml[^>]*>)?(?:\s|<!--.*?-->)*<!DOCTYPE[^>\[]*\[", re.I | re.S)
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}?type\s*=\s*[\"']application/(?:rss|atom)\+xml[^>]{0,500}>", re.I)
_HREF = re.compile(r"href\s*=\s*[\"']([^\"']{1,500})", re.I)


@dataclass(frozen=True, slots=True)
class Payload:
    """What the parser process gets."""

    body: bytes
    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed gives it; `content` and `summary` are plain text already."""

    guid: str
    link: str
    title: str
    content: str
    summary: str
    published: datetime | None
    author: str
    comments: str
    lang: str
    had_markup: bool
    more: Mapping[str, str] = field(default_factory=dict)  # what the kind's own `More` took of it


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed feed. `broken` says what is wrong with its XML, `charset` with its charset; "" when nothing is."""

    entries: tuple[Entry, ...]
    total: int
    lang: str = ""
    broken: str = ""
    charset: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


More = Callable[[Any], Mapping[str, str]]  # what a kind wants besides, of feedparser's feed and of each of its entries


class FeedSource:
    """Adapter of kind "feed"."""

    links_to_pages = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Entries of the feed at `source.address`. Raises FetchError or ParseError."""
        settings = self._tools.settings
        reply = self._tools.fetcher.get(source.address, cursor=cursor, limit=settings.max_feed_bytes, accept=ACCEPT)
        if reply.status == 304:
            return Batch((), cursor, unchanged=True)
        payload = Payload(reply.body, reply.url, reply.headers.get("content-type", ""))
        outcome = next(iter(self._tools.engine.map(parse, [payload], timeout=settings.parse_timeout)))
        if not isinstance(outcome.value, Parsed):
            why = (outcome.error or "the parser gave nothing").removeprefix("ParseError: ")
            raise ParseError(f"{reply.url}: {why}")
        notes = []
        if outcome.value.broken:
            notes.append(
                f"its XML is broken ({outcome.value.broken}); {len(outcome.value.entries)} entries could be read"
            )
        if outcome.value.charset:
            notes.append(f"its charset is named wrongly ({outcome.value.charset}); its operator should know")
        if not outcome.value.total and not outcome.value.broken:
            notes.append("the feed is in order and holds no item; check the address if this goes on")
        if reply.redirected_permanently:
            notes.append(f"it has moved to {reply.url}; change its address when you trust that")
        found, dropped = _records(outcome.value, source, now)
        if outcome.value.broken and not found:
            raise ParseError(f"{reply.url}: its XML is broken ({outcome.value.broken}) and no entry can be read")
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"), cursor.position)
        return Batch(found, ahead, dropped=dropped, notes=tuple(notes))


def _records(parsed: Parsed, source: Source, now: datetime) -> tuple[tuple[Record, ...], Mapping[str, int]]:
    """Records of a parsed feed in its order, and what was left out per rule."""
    dropped: dict[str, int] = {}
    if parsed.total > len(parsed.entries):
        dropped["beyond the feed's first 5,000"] = parsed.total - len(parsed.entries)
    kept: dict[str, Record] = {}
    for entry in parsed.entries:
        made = records.record(_item(entry, parsed.lang, source), source, now)
        if made is None:
            rule = "only markup" if entry.had_markup else "empty"
            dropped[rule] = dropped.get(rule, 0) + 1
            continue
        key = entry.guid or made.id
        if key in kept:
            dropped["same id twice in the feed"] = dropped.get("same id twice in the feed", 0) + 1
            if not _complete(made) and _complete(kept[key]):
                continue
            del kept[key]
        kept[key] = made
    return tuple(kept.values()), dropped


def _item(entry: Entry, lang: str, source: Source) -> records.Item:
    option = source.options.get
    quality = TextQuality.FEED if len(entry.content) > len(entry.summary) else TextQuality.SUMMARY
    return records.Item(
        native_id=entry.guid or None,
        url=entry.link or (entry.guid if addresses.safe(entry.guid) else None),
        title=entry.title,
        body=entry.content if quality is TextQuality.FEED else entry.summary,
        quality=quality,
        platform=str(option("platform", "News")),
        published=entry.published,
        publisher=str(option("publisher", source.name)),
        author=entry.author,
        lang=entry.lang or lang,
        discussion_url=entry.comments or None,
        had_markup=entry.had_markup,
    )


def _complete(record: Record) -> bool:
    return bool(record.title) and record.quality is not TextQuality.TITLE


# --- in the worker process -------------------------------------------------------------------------------------------


def _nothing_more(found: Any) -> Mapping[str, str]:
    return {}


def parse(payload: Payload, more: More = _nothing_more) -> Parsed:
    """A feed of any kind. Raises ParseError, saying what came in place of a feed."""
    text = decode(payload.body[:4096], payload.content_type)
    if not payload.body.strip(b"\x00 \t\r\n"):
        raise ParseError("the reply is empty where a feed should be; check the address")
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return _json_feed(payload)
    if _HTML.match(text.lstrip("\ufeff")):
        raise ParseError(_not_a_feed(payload))
    if _DECLARATIONS.match(text.lstrip("\ufeff")):
        raise ParseError("it declares XML entities, as attacks do; ask its operator why")
    return _xml_feed(payload, more)


def _xml_feed(payload: Payload, more: More) -> Parsed:
    import feedparser  # noqa: PLC0415  wanted in workers only

    headers = {"content-type": _content_type(payload)}
    body = io.BytesIO(payload.body.lstrip(b" \t\r\n"))
    try:
        # BytesIO only: feedparser takes a str or bytes that looks like an address or a path and opens it.
        found = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        broken = _broken(found)
        if not found.get("version") and not found.entries:
            raise ParseError(f"this is no feed ({broken or 'no element of RSS, Atom or RDF in it'}); check the address")
        lang = str(found.feed.get("language", ""))[:20]
        dates = Written(lang)
        entries = tuple(_entry(entry, payload.url, dates, more) for entry in found.entries[:MAX_ENTRIES])
        besides = more(found.feed)
    except ParseError:
        raise
    except Exception as error:  # feedparser lets dozens of kinds of errors out on malformed input
        raise ParseError(f"the feed cannot be parsed ({type(error).__name__}: {str(error)[:200]})") from None
    return Parsed(entries, len(found.entries), lang, broken, _misnamed(found), besides)


def _broken(found: Any) -> str:
    """What is wrong with the XML: a wrong media type or charset label alone is nothing."""
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    if trouble is None or type(trouble).__name__ in ("NonXMLContentType", "CharacterEncodingOverride"):
        return ""
    return " ".join(str(trouble).split())[:200] or type(trouble).__name__


def _misnamed(found: Any) -> str:
    """How the text could be read although its charset is not the one it is said to be in."""
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    return str(trouble)[:200] if type(trouble).__name__ == "CharacterEncodingOverride" else ""


def _content_type(payload: Payload) -> str:
    """The header, with its charset replaced where the body is valid UTF-8: labels are wrong more often than bytes."""
    try:
        payload.body.decode("utf-8")
    except UnicodeDecodeError:
        return payload.content_type
    kind = payload.content_type.partition(";")[0].strip() or "application/xml"
    return f"{kind}; charset=utf-8" if payload.body[:3] != b"\xef\xbb\xbf" else kind


def _entry(entry: Any, base: str, dates: Written, more: More) -> Entry:
    contents = [str(part.get("value", "")) for part in entry.get("content", ())[:10]]
    content = max((fragment_text(part[:MAX_MARKUP]) for part in contents), key=len, default="")
    raw = str(entry.get("summary", ""))[:MAX_MARKUP]
    guid, link = str(entry.get("id", ""))[: records.MAX_TITLE].strip(), str(entry.get("link", ""))
    if link.strip() == guid and "://" not in guid:
        link = ""  # an id that only claims to be an address
    return Entry(
        guid=guid,
        link=_link(link, base),
        title=fragment_text(str(entry.get("title", ""))[: records.MAX_TITLE * 20]),
        content=content,
        summary=fragment_text(raw),
        published=_moment(entry, dates),
        author=str(entry.get("author", ""))[: records.MAX_NAME * 4],
        comments=_link(str(entry.get("comments", "")), base),
        lang=str(_detail(entry, "language"))[:20],
        had_markup=bool(raw.strip() or any(part.strip() for part in contents) or entry.get("title")),
        more=more(entry),
    )


def _link(link: str, base: str) -> str:
    """`link` as a safe address; "" for none, and for one that leads to the feed itself."""
    found = addresses.absolute(link, base) if link.strip() else None
    return found if found and found != base else ""


def _detail(entry: Any, key: str) -> str:
    for name in ("title_detail", "summary_detail"):
        value = (entry.get(name) or {}).get(key)
        if value:
            return str(value)
    return str(entry.get(key, "") or "")


def _moment(entry: Any, dates: Written) -> datetime | None:
    """When the entry was published, else changed: feedparser's UTC time tuple, else what the words can be read as."""
    for key in ("published", "updated"):
        parsed = dict.get(entry, f"{key}_parsed")  # past feedparser's mapping of old names, which warns
        with suppress(ValueError, OverflowError, TypeError):
            found = (
                moments.from_seconds(calendar.timegm(parsed)) if parsed else dates.read(str(dict.get(entry, key, "")))
            )
            if found:
                return found
    return None


def _not_a_feed(payload: Payload) -> str:
    """What to say of an HTML page in a feed's place; names the feed that the page announces."""
    found = _ALTERNATE.search(decode(payload.body[:200_000], payload.content_type))
    href = _HREF.search(found[0]) if found else None
    link = addresses.absolute(href[1], payload.url) if href else None
    advice = f"It announces a feed at {link}" if link else "Open it in a browser and look for the feed's address"
    return f"an HTML page where a feed should be. {advice}"


# --- JSON Feed (https://www.jsonfeed.org/version/1.1/) -------------------------------------------------------------


def _json_feed(payload: Payload) -> Parsed:
    try:
        feed = json.loads(decode(payload.body, payload.content_type).lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the JSON cannot be read ({str(error)[:200]})") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise ParseError("JSON that is no JSON Feed (no version of jsonfeed.org, no items); check the address")
    lang = _text(feed, "language")[:20]
    dates = Written(lang)
    entries = tuple(_json_entry(item, payload.url, dates) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return Parsed(entries, len(items), lang)


def _json_entry(item: Mapping[str, Any], base: str, dates: Written) -> Entry:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_text(author, "name") for author in authors or () if isinstance(author, dict)]
    raw = _text(item, "content_html")[:MAX_MARKUP]
    link = _text(item, "url") or _text(item, "external_url")
    return Entry(
        guid=str(item.get("id", ""))[: records.MAX_TITLE].strip(),
        link=_link(link, base),
        title=fragment_text(_text(item, "title")),
        content=_text(item, "content_text")[:MAX_MARKUP] or fragment_text(raw),
        summary=_text(item, "summary")[:MAX_MARKUP],
        published=dates.read(_text(item, "date_published") or _text(item, "date_modified")),
        author=", ".join(part for part in names if part),
        comments="",
        lang=_text(item, "language")[:20],
        had_markup=bool(raw),
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
