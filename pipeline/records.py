"""Making records: one shape of text, one rule for dates and one for cut-off summaries, whatever the source.

Pure. Adapters find out what an item says; here it becomes a record that evidence can point into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from pipeline import addresses
from pipeline.domain import Record, Source, TextQuality
from pipeline.errors import withheld
from pipeline.language import cleaning

MAX_TITLE = 500
MAX_TEXT = 100_000
MAX_NAME = 200
MAX_PLATFORM = 40
MAX_DATE = 80
FUTURE = timedelta(hours=24)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
BACKFILL = timedelta(days=3)  # older than this when first read: history, not news

_MORE = re.compile(
    r"(?:(?:(?m:^)|(?<=[.!?…\])\"'”’]))\s*[\[(]?"
    r"(?i:continue reading|keep reading|read more|(?:read the|view the|view) full (?:story|article))"
    r"\b[^.\n]{0,80}[\s.…\])]*"
    r"|\s(?:Read [Mm]ore|Continue [Rr]eading|Keep [Rr]eading)\W{0,5})\Z"
)
_FOOTER = re.compile(r"\bThe post .{1,300}? (?:first )?appeared (?:first )?on .{1,120}\Z", re.I | re.S)
_HNRSS = re.compile(r"^(?:Article URL|Comments URL|Points|# Comments): .*$", re.M)  # what hnrss.org puts for a text
_ELLIPSIS = re.compile(r"(?:\s*[\[(]\s*(?:\.{3,}|…)\s*[\])]|\.{3,}|\s*…)\Z")
_BROKEN_OFF = re.compile(r"[\w,;:–-]\Z")
_TAIL = 600
_MARK = 40  # characters that an ellipsis in brackets may take
_FEED_CUT = 200  # a feed's text at least this long that stops without an end mark was cut by a character limit


@dataclass(frozen=True, slots=True)
class Item:
    """What an adapter found: raw strings, cleaned and judged by `record`."""

    native_id: str | None
    url: str | None
    title: str
    body: str
    quality: TextQuality
    platform: str
    kind: str = "article"
    published: datetime | None = None
    publisher: str | None = None
    author: str | None = None
    lang: str | None = None
    discussion_url: str | None = None
    engagement: Mapping[str, int] = field(default_factory=dict)
    had_markup: bool = False
    via: tuple[str, ...] = ()  # the aggregators that led to it, nearest to the reader first
    extractor: str | None = None  # what read the text, where it was a program of its own
    dated: str | None = None  # the date as the source wrote it
    raw: str | None = None  # hash of the bytes it was read from


def record(item: Item, source: Source, now: datetime) -> Record | None:
    """`item` as a record, or None where neither title nor body holds a word.

    A source may repeat the key that it was asked with, in its links above all: it is taken out of everything.
    """
    for key in withheld(source.address):
        item = _without(item, key)
    title = name(item.title, MAX_TITLE) or ""
    body, truncated = body_of(item.body, item.quality)
    if not any(char.isalnum() for char in title + body):
        return None
    quality = item.quality if body else TextQuality.TITLE
    url = addresses.tidy(item.url) if item.url else None
    published, doubtful = dated(item.published, now)
    text = text_of(title, body)
    publisher = name(item.publisher or "", MAX_NAME)
    if publisher is None and item.kind == "article" and url:
        publisher = addresses.registrable(url)  # nobody says who published it; its domain does
    return Record(
        id=addresses.record_id(url, source.name, item.native_id, text),
        source=source.name,
        platform=name(item.platform, MAX_PLATFORM) or "Web",
        kind=item.kind,
        native_id=name(item.native_id or "", MAX_TITLE) or "",
        url=url,
        publisher=publisher,
        author=name(item.author or "", MAX_NAME),
        title=title,
        text=text,
        quality=quality,
        lang=language_tag(item.lang) or language_tag(source.lang),
        published=published,
        fetched=now,
        date_doubtful=doubtful,
        truncated=truncated,
        backfill=published < now - BACKFILL,
        sample=bool(source.options.get("sample", False)),
        beat=source.beat,
        discussion_url=addresses.tidy(item.discussion_url) if item.discussion_url else None,
        engagement=item.engagement,
        via=tuple(shown for part in item.via if (shown := name(part, MAX_TITLE))),
        owner=source.owner,
        country=source.country,
        note=source.note,
        extractor=item.extractor,
        raw=item.raw,
        dated=_as_written(item) if doubtful else None,
    )


def _without(item: Item, key: str) -> Item:
    """`item` without a secret: links lose the parameter that is it, other texts the words."""
    forms = {key, quote(key, safe=""), unquote(key)}
    parameter = re.compile(rf"(?:(?<=\?)|&)[^?&#=]*=(?:{'|'.join(map(re.escape, sorted(forms)))})(?=[&#]|\Z)")

    def told(text: str | None) -> str | None:
        for form in forms if text else ():
            text = text.replace(form, "...") if text else text
        return text

    def link(url: str | None) -> str | None:
        return told(parameter.sub("", url)) if url else url

    return replace(
        item,
        native_id=told(item.native_id),
        url=link(item.url),
        discussion_url=link(item.discussion_url),
        via=tuple(link(one) or "" for one in item.via),
        title=told(item.title) or "",
        body=told(item.body) or "",
        author=told(item.author),
        publisher=told(item.publisher),
    )


def unresolved(record: Record) -> bool:
    """Whether the record's address is still that of an aggregator that led to it, and not its publisher's."""
    return record.url is not None and addresses.host(record.url) in {addresses.host(part) for part in record.via}


def with_full_text(old: Record, title: str, body: str, author: str | None, lang: str | None) -> Record:
    """`old` with the text of its page. The feed's headline stays: it is what the source promised."""
    shown = old.title or (name(title, MAX_TITLE) or "")
    text, truncated = body_of(body, TextQuality.FULL)
    return replace(
        old,
        title=shown,
        text=text_of(shown, text),
        quality=TextQuality.FULL,
        truncated=truncated,
        author=old.author or name(author or "", MAX_NAME),
        lang=old.lang or language_tag(lang),
    )


def text_of(title: str, body: str) -> str:
    """The stored text: headline line, empty line, body; clean, NFC.

    A headline that is also the first line of the body is kept once; one that the body begins with is left out.
    """
    first, _, rest = body.partition("\n")
    if title and first.strip().casefold() == title.casefold():
        body = rest.strip()
    if not title or body.casefold().startswith(title.casefold()):
        return cleaning.clean(body or title)
    return cleaning.clean(f"{title}\n\n{body}")


def body_of(raw: str, quality: TextQuality) -> tuple[str, bool]:
    """Clean body and whether it is cut off: by its feed ("...", "Read more", in mid-sentence), or by our own cap."""
    body = cleaning.clean(raw)
    if len(body) > MAX_TEXT:
        return body[:MAX_TEXT].rsplit(None, 1)[0], True
    body = _HNRSS.sub("", body).strip()
    head, tail = body[:-_TAIL], body[-_TAIL:]  # end marks are looked for at the end only: hostile text is long
    lowered = tail.lower()  # one look at plain words spares most texts the patterns
    tail = (_FOOTER.sub("", tail) if "appeared" in lowered else tail).rstrip(" \n»›→")
    bare = _MORE.sub("", tail) if "read" in lowered or "full" in lowered else tail
    truncated = bare != tail or bool(_ELLIPSIS.search(bare[-_MARK:]))
    if quality is not TextQuality.FULL and len(head) + len(bare) >= _FEED_CUT:
        truncated = truncated or bool(_BROKEN_OFF.search(bare[-1:]))
    return (head + bare).strip(), truncated


def dated(published: datetime | None, now: datetime) -> tuple[datetime, bool]:
    """When an item was published, and whether that is doubtful.

    A date that is missing, before 1990 or more than a day ahead becomes `now`.
    """
    if published is None:
        return now, True
    moment = published if published.tzinfo else published.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return now, True
    return (now, True) if not OLDEST <= moment <= now + FUTURE else (moment, False)


def _as_written(item: Item) -> str | None:
    written = item.dated or (item.published.isoformat() if item.published else "")
    return name(written, MAX_DATE)


def name(raw: str, limit: int) -> str | None:
    """One clean line of at most `limit` characters, None when nothing is left."""
    raw = raw[: limit * 20]
    text = cleaning.strip_markup(raw) if cleaning.looks_like_markup(raw) else raw
    return cleaning.line(text)[:limit].strip() or None


def language_tag(raw: str | None) -> str | None:
    """The primary subtag of a language tag ("en-GB" -> "en"), None for what is no tag."""
    tag = (raw or "").strip().replace("_", "-").partition("-")[0].lower()
    return tag if tag.isascii() and tag.isalpha() and 2 <= len(tag) <= 3 else None
