"""What is read: sources, records, the bytes they came as, and how far and how well a source was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from pipeline.domain.values import aware, digest


@dataclass(frozen=True, slots=True)
class Source:
    """A configured origin of records."""

    name: str
    kind: str
    address: str
    beat: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    owner: str | None = None
    country: str | None = None
    lang: str | None = None
    note: str | None = None  # what the operator says of its quality


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a source has been read. Validators are kept letter for letter, quotes included."""

    etag: str | None = None
    last_modified: str | None = None
    position: str | None = None


class TextQuality(StrEnum):
    """Where a record's text comes from, best first."""

    FULL = "full"
    FEED = "feed"
    SUMMARY = "summary"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Record:
    """One item read from one source; immutable.

    `text` is what evidence points into: NFC, the headline on the first line where there is one, an empty line, the
    body. `content_hash` is the hash of `text`; a changed page is a new version under the same id.
    """

    id: str
    source: str
    platform: str
    kind: str  # article, post, comment
    native_id: str
    url: str | None
    publisher: str | None
    author: str | None
    title: str
    text: str
    quality: TextQuality
    lang: str | None
    published: datetime
    fetched: datetime
    date_doubtful: bool = False
    truncated: bool = False  # the feed cut the text off; its last sentence yields no claim
    backfill: bool = False
    sample: bool = False
    beat: str | None = None  # the source's beat: a hint
    discussion_url: str | None = None
    engagement: Mapping[str, int] = field(default_factory=dict)
    via: tuple[str, ...] = ()  # the aggregators that led to it, nearest to the reader first: names or addresses
    owner: str | None = None  # of the source, as configured; so are country and note
    country: str | None = None
    note: str | None = None
    extractor: str | None = None  # what read the text: "trafilatura", "feed", ...
    text_score: float | None = None  # 0..1: how much the text looks like a whole article (pipeline/extract)
    raw: str | None = None  # hash of the bytes it was read from, kept compressed in the store
    dated: str | None = None  # the date as the source wrote it, where it could not be believed

    def __post_init__(self) -> None:
        aware("published", self.published)
        aware("fetched", self.fetched)

    @property
    def content_hash(self) -> str:
        """Hash of the stored text; evidence is bound to it."""
        return _hashed(self.text)


@lru_cache(maxsize=256)
def _hashed(text: str) -> str:
    """The hash of a text, remembered: every claim and every name of a record asks for it."""
    return digest("text", text, size=32)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they came from the network, before anybody read them. `hash` is that of `body`."""

    url: str
    media_type: str
    body: bytes

    @property
    def hash(self) -> str:
        """What a record's `raw` holds."""
        return hashlib.sha256(self.body).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read of one source gave: records, the next cursor, and what was dropped and why (rule -> count).

    `identity` is how the source names itself (a feed's title and site), so that another one in its place is noticed.
    `moved_to` is where a permanent redirect within the same site has led.
    """

    records: tuple[Record, ...]
    cursor: Cursor
    unchanged: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    raws: tuple[Raw, ...] = ()
    identity: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of a source's reliability after its last read."""

    source: str
    checked: datetime
    ok: bool
    error: str | None = None
    last_success: datetime | None = None
    last_item: datetime | None = None
    failures: int = 0  # consecutive
    empties: int = 0  # consecutive successful reads without a new item
    retry_at: datetime | None = None
    usual: float = 0.0  # new items of a usual read: a running mean
    silent: bool = False  # it used to bring items and brings none
    listed: int = 0  # items of the last read, what became of them:
    fresh: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)  # rule -> count
    identity: str | None = None  # how the source names itself
    moved_to: str | None = None  # where it redirects for good
    moved_since: datetime | None = None
    moved_seen: int = 0  # nights in a row that it did so
    quarantined: str | None = None  # why nothing of it is taken until a person accepts it
    address: str | None = None  # where it was read; what is known of an old address does not hold for a new one
    failing_since: datetime | None = None
    host_until: datetime | None = None  # how long its host wants to be left alone, by its other sources too
    longest: int = 0  # the most empties in a row that ended with an item
    reach: datetime | None = None  # of the last read: as in SourceRead


@dataclass(frozen=True, slots=True)
class SourceRead:
    """One attempt to read a source: when, whether it answered, and how many new items it brought."""

    source: str
    at: datetime
    ok: bool
    fresh: int = 0
    reach: datetime | None = None  # when its oldest item came out, where all it listed was new: older may be missed


@dataclass(frozen=True, slots=True)
class HostState:
    """What politeness remembers of a host from one run to the next. Times are those of the real clock."""

    host: str  # "host" or, on a port of its own, "host:port"; for robots.txt the origin, "https://host:443"
    asked: datetime | None = None  # the last request
    closed_until: datetime | None = None  # it said so with Retry-After
    robots: str | None = None  # text of its robots.txt; "" where it has none; None while it is not known
    robots_until: datetime | None = None  # good until
    robots_problem: str | None = None  # why it could not be read, which closes the host's pages to us


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that has killed its parser; after `tries` of them it is not parsed again. `hash` is of its bytes."""

    hash: str
    url: str
    source: str
    why: str
    since: datetime
    tries: int = 1
