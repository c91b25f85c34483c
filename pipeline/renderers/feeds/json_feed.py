"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from pipeline.renderers.feeds.model import Entry, Feed
from pipeline.renderers.phrases import iso
from pipeline.renderers.printing import printable

NAME, TYPE = "feed.json", "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """The feed as a JSON Feed document; `_citewire` of an item is an extension: kind, version, evidence bundle."""
    told = {
        "version": VERSION,
        "title": printable(feed.title),
        "description": printable(feed.subtitle),
        "home_page_url": feed.address(feed.path("index.html")),
        "feed_url": feed.address(feed.path(NAME)),
        "language": printable(feed.lang),
        "authors": [{"name": printable(feed.site)}],
        "items": [_item(feed, one) for one in feed.entries],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _item(feed: Feed, one: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": one.id,
        "url": feed.address(one.page),
        "title": printable(one.title),
        "content_text": printable(one.text),
        "date_published": iso(one.published),
        "date_modified": iso(one.updated),
    }
    more: dict[str, Any] = {
        "summary": printable(one.summary),
        "image": feed.address(one.image) if one.image else "",
        "language": printable(one.lang),
        "tags": [printable(beat) for beat in one.beats],
    }
    own = {"kind": one.kind, "version": one.version, "bundle": feed.address(one.bundle)} if one.kind else None
    item |= {name: value for name, value in more.items() if value}
    return item | {"_citewire": own} if own else item
