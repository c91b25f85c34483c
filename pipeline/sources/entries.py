"""Feeds as values: what a parser process is given, what it makes of a feed and of its entries, and safe links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline import addresses

MAX_ENTRIES = 5000
MAX_MARKUP = 500_000  # characters of one description
MAX_LANG = 20
MAX_DATE = 100
MAX_LABELS = 50

More = Callable[[Any], Mapping[str, str]]  # what a kind wants besides, of feedparser's feed and of each of its entries


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
    date: str = ""  # as it is written
    origin: str = ""  # name of the feed that it was taken from, where this one collects others
    origin_url: str = ""
    labels: tuple[str, ...] = ()  # the categories that it is filed under
    more: Mapping[str, str] = field(default_factory=dict)  # what the kind's own `More` took of it


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed feed. `broken` says what is wrong with its XML, `charset` with its charset; "" when nothing is."""

    entries: tuple[Entry, ...]
    total: int
    lang: str = ""
    broken: str = ""
    charset: str = ""
    title: str = ""
    site: str = ""  # address of the pages that it stands for
    more: Mapping[str, str] = field(default_factory=dict)


def no_more(found: Any) -> Mapping[str, str]:
    """The `More` of kinds that want nothing besides."""
    return {}


def linked(link: str, base: str) -> str:
    """`link` as a safe address; "" for none, and for one that leads to the feed itself."""
    found = addresses.absolute(link, base) if link.strip() else None
    return found if found and found != base else ""
