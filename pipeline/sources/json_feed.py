"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) as entries. Any value may be of any type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline import records
from pipeline.errors import ParseError
from pipeline.extract import decode, fragment_text
from pipeline.sources.answers import objects, text
from pipeline.sources.entries import (
    MAX_DATE,
    MAX_ENTRIES,
    MAX_LABELS,
    MAX_LANG,
    MAX_MARKUP,
    Entry,
    Parsed,
    Payload,
    linked,
)
from pipeline.sources.moments import Written


def parse(payload: Payload) -> Parsed:
    """The feed in `payload`. Raises ParseError."""
    try:
        feed = json.loads(decode(payload.body, payload.content_type).lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the JSON cannot be read ({str(error)[:200]})") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise ParseError("JSON that is no JSON Feed (no version of jsonfeed.org, no items); check the address")
    lang = text(feed, "language")[:MAX_LANG]
    dates = Written(lang)
    return Parsed(
        entries=tuple(_entry(item, payload.url, dates) for item in items[:MAX_ENTRIES] if isinstance(item, dict)),
        total=len(items),
        lang=lang,
        title=text(feed, "title")[: records.MAX_TITLE],
        site=linked(text(feed, "home_page_url"), payload.url),
    )


def _entry(item: Mapping[str, Any], base: str, dates: Written) -> Entry:
    people: list[Any] = [*objects(item, "authors")] or [item.get("author")]
    raw = text(item, "content_html")[:MAX_MARKUP]
    date = text(item, "date_published") or text(item, "date_modified")
    guid, tags = item.get("id"), item.get("tags")
    tags = tags if isinstance(tags, list) else []
    return Entry(
        guid=str(guid)[: records.MAX_TITLE].strip() if isinstance(guid, str | int | float) else "",
        link=linked(text(item, "url") or text(item, "external_url"), base),
        title=fragment_text(text(item, "title")[: records.MAX_TITLE * 20]),
        content=text(item, "content_text")[:MAX_MARKUP] or fragment_text(raw),
        summary=text(item, "summary")[:MAX_MARKUP],
        published=dates.read(date),
        author=", ".join(name for person in people if (name := text(person, "name").strip()))[: records.MAX_NAME * 4],
        comments="",
        lang=text(item, "language")[:MAX_LANG],
        had_markup=bool(raw),
        date=date[:MAX_DATE],
        labels=tuple(tag[: records.MAX_NAME] for tag in tags[:MAX_LABELS] if isinstance(tag, str)),
    )
