"""Full text: the page behind a record, fetched within the rules of its site and read in a process that can be killed.

What cannot be had leaves the record as its feed gave it; every reason is counted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline import addresses, records
from pipeline.domain import Raw, Record, TextQuality
from pipeline.errors import (
    AddressRefused,
    FetchError,
    FetchTimeout,
    HttpStatus,
    ReplyTooLarge,
    ReplyTruncated,
    RobotsRefused,
)
from pipeline.extract import Extracted, Page, declared, extract_page, reserves_text
from pipeline.language.words import content
from pipeline.protocols import Engine, Fetcher, Reply
from pipeline.settings import IngestSettings

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
ENOUGH = 1500  # characters of a feed's own full content that make the page unnecessary
TROUBLE = 3  # failures in a row after which a host is left alone for the night
PATIENCE = 20  # times the timeout of one request that the pages of one host may take together
LATE = "not reached before the night's reading time was over"
RESERVED = "reserved from reading by machines"
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at a page's address: its text, or the reason why not. `url` is its address in the end."""

    extracted: Extracted | None = None
    reason: str | None = None
    url: str = ""
    raw: Raw | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A record with its page's text, or as it was with the reason why not. `raw` is what the text was read from."""

    record: Record
    reason: str | None = None
    raw: Raw | None = None

    @property
    def unfit(self) -> str:
        """The rule by which it is no news, by the page's own word; empty for news."""
        return self.reason if self.reason in declared.RULES else ""


@dataclass(slots=True)
class Visits:
    """How the pages of one host went so far tonight."""

    trouble: int = 0  # failures in a row
    began: float = field(default_factory=time.monotonic)


def wanted(record: Record) -> bool:
    """Whether the page behind `record` may say more than the feed did."""
    if record.quality is TextQuality.FULL or record.url is None or record.url == record.discussion_url:
        return False
    if records.unresolved(record):
        return False
    return record.quality is not TextQuality.FEED or record.truncated or len(record.text) < ENOUGH


def read(record: Record, fetcher: Fetcher, engine: Engine, settings: IngestSettings, now: datetime) -> Read:
    """`record` with the text of its page, or with the reason why it stays as it is."""
    return applied(record, find(record, fetcher, engine, settings, now, visits=Visits()))


def find(
    record: Record,
    fetcher: Fetcher,
    engine: Engine,
    settings: IngestSettings,
    now: datetime,
    *,
    visits: Visits,
) -> Found:
    """The page behind `record`. `visits` are those of its host tonight; one page of a host is read at a time."""
    if visits.trouble >= TROUBLE:
        return Found(reason="host in trouble")
    if time.monotonic() > visits.began + PATIENCE * settings.timeout:
        return Found(reason="host too slow")
    try:
        reply = fetcher.get(record.url or "", limit=settings.max_page_bytes, accept=ACCEPT, robots=True)
    except FetchError as error:
        answered = isinstance(error, RobotsRefused) or (isinstance(error, HttpStatus) and error.status not in _BUSY)
        visits.trouble = 0 if answered else visits.trouble + 1
        return Found(reason=_why(error, settings))
    except Exception as error:  # a page is never worth the night
        return Found(reason=f"not fetched ({type(error).__name__})")
    visits.trouble = 0
    return _extracted(reply, engine, settings, now)


def applied(record: Record, found: Found) -> Read:
    """`record` with what was found at its page, unless that is another page or says less than the feed. Pure."""
    page = found.extracted
    if page is None:
        return Read(record, found.reason)
    if page.declared:
        return Read(record, page.declared)
    if not _about(record, page):
        return Read(record, "not about its headline")
    if page.notice:
        return Read(record, "a notice in place of an article")
    full = records.with_full_text(record, page.title, page.text, page.author, page.lang)
    if len(full.text) < len(record.text) * 0.8:
        return Read(record, "shorter than the feed's text")
    full = replace(
        full,
        raw=found.raw.hash if found.raw else None,
        extractor=page.extractor,
        text_score=page.score,
    )
    return Read(_at(full, found), raw=found.raw)


def _at(record: Record, found: Found) -> Record:
    """`record` at the address that its page gives itself (rel=canonical), or that the link led to on another site.

    A page is believed about itself within its own registrable domain, and never that it is a bare home page.
    """
    page = found.extracted
    named = addresses.tidy(page.canonical) if page and page.canonical else None
    if named and addresses.registrable(named) == addresses.registrable(found.url) and not addresses.bare(named):
        final: str | None = named
    elif addresses.registrable(found.url) != addresses.registrable(record.url or "") and not addresses.bare(found.url):
        final = addresses.tidy(found.url) or record.url
    else:
        return record
    passed = addresses.registrable(record.url or "")
    via = record.via or ((passed,) if passed and passed != addresses.registrable(final or "") else ())
    return replace(record, url=final, via=via)


def _why(error: FetchError, settings: IngestSettings) -> str:
    """A failed fetch in words that can be counted: without address, size or time of the single page."""
    if isinstance(error, HttpStatus):
        return f"answered {error.status}"
    if isinstance(error, RobotsRefused):
        return "behind a robots.txt that could not be read" if error.unread else "closed by robots.txt"
    told = {
        ReplyTooLarge: f"larger than {settings.max_page_bytes / 1048576:.3g} MiB",
        FetchTimeout: f"timed out after {settings.timeout:g} s",
        ReplyTruncated: "cut off",
        AddressRefused: "at an address that may not be dialled",
    }
    return told.get(type(error), "not to be reached")


def _extracted(reply: Reply, engine: Engine, settings: IngestSettings, now: datetime) -> Found:
    """What `reply` says, unless it is no HTML or its publisher has reserved its text."""
    kind = reply.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in _HTML:
        return Found(reason="not HTML")
    if reply.reserved:
        return Found(reason=RESERVED)
    page = Page(reply.body, reply.url, kind, today=f"{now:%Y-%m-%d}")
    outcome = next(iter(engine.map(extract_page, [page], timeout=settings.parse_timeout)))
    found = outcome.value
    if not isinstance(found, Extracted):
        return Found(reason=_unread(outcome.error or ""))
    if reserves_text(found.reserved):
        return Found(reason=RESERVED)
    return Found(found, None, reply.url, Raw(reply.url, kind, reply.body))


def _unread(error: str) -> str:
    """Why a page gave no text, in words that can be counted."""
    known = {"no article": "no article text", "in quarantine": "in quarantine for stopping its parser"}
    return next((words for part, words in known.items() if part in error), "not readable")


def _about(record: Record, found: Extracted) -> bool:
    """Whether the page shares a content word with the headline: consent walls and soft 404s do not."""
    headline = set(content(record.title))
    return not headline or bool(headline & set(content(f"{found.title}\n{found.text}")))
