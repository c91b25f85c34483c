"""Full text: the page behind a record, fetched within the rules of its site and read in a process that can be killed.

What cannot be had leaves the record as its feed gave it; every reason is counted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline import addresses, records
from pipeline.domain import Record, TextQuality
from pipeline.errors import (
    AddressRefused,
    FetchError,
    FetchTimeout,
    HttpStatus,
    ReplyTooLarge,
    ReplyTruncated,
    RobotsRefused,
)
from pipeline.extract import Extracted, Page, extract_page
from pipeline.language.words import content
from pipeline.protocols import Engine, Fetcher
from pipeline.settings import IngestSettings
from pipeline.threads import side_by_side

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
ENOUGH = 1500  # characters of a feed's own full content that make the page unnecessary
TROUBLE = 3  # failures in a row after which a host is left alone for the night
PATIENCE = 20  # times the timeout of one request that the pages of one host may take together
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Read:
    """A record with its page's text, or as it was with the reason why not."""

    record: Record
    reason: str | None = None


def wanted(record: Record) -> bool:
    """Whether the page behind `record` may say more than the feed did."""
    if record.quality is TextQuality.FULL or record.url is None or record.url == record.discussion_url:
        return False
    return record.quality is not TextQuality.FEED or record.truncated or len(record.text) < ENOUGH


def read(
    wanted_records: Sequence[Record], fetcher: Fetcher, engine: Engine, settings: IngestSettings, now: datetime
) -> Mapping[str, Read]:
    """Record id -> what became of it. Hosts are read side by side, the pages of one host one after the other."""
    by_host: dict[str, list[Record]] = {}
    for record in sorted(wanted_records, key=lambda record: record.id):
        by_host.setdefault(addresses.host(record.url or "") or "", []).append(record)
    done = side_by_side(
        lambda of_host: _host(of_host, fetcher, engine, settings, now),
        list(by_host.values()),
        most=settings.workers * 8,
    )
    return {result.record.id: result for results in done for result in results}


def _host(
    of_host: Sequence[Record], fetcher: Fetcher, engine: Engine, settings: IngestSettings, now: datetime
) -> list[Read]:
    results: list[Read] = []
    trouble = 0
    until = time.monotonic() + PATIENCE * settings.timeout
    for record in of_host:
        if trouble >= TROUBLE or time.monotonic() > until:
            results.append(Read(record, "host in trouble" if trouble >= TROUBLE else "host too slow"))
            continue
        try:
            page = _fetch(record, fetcher, settings, now)
        except FetchError as error:
            answered = isinstance(error, RobotsRefused) or (isinstance(error, HttpStatus) and error.status not in _BUSY)
            trouble = 0 if answered else trouble + 1
            results.append(Read(record, _why(error, settings)))
            continue
        except Exception as error:  # a page is never worth the night
            results.append(Read(record, f"not fetched ({type(error).__name__})"))
            continue
        trouble = 0
        results.append(_extract(record, page, engine, settings) if page else Read(record, "not HTML"))
    return results


def _why(error: FetchError, settings: IngestSettings) -> str:
    """A failed fetch in words that can be counted: without address, size or time of the single page."""
    if isinstance(error, HttpStatus):
        return f"answered {error.status}"
    if isinstance(error, RobotsRefused):
        return "without a robots.txt that could be read" if error.unread else "closed by robots.txt"
    told = {
        ReplyTooLarge: f"larger than {settings.max_page_bytes / 1048576:.3g} MiB",
        FetchTimeout: f"timed out after {settings.timeout:g} s",
        ReplyTruncated: "cut off",
        AddressRefused: "at an address that may not be dialled",
    }
    return told.get(type(error), "not to be reached")


def _fetch(record: Record, fetcher: Fetcher, settings: IngestSettings, now: datetime) -> Page | None:
    """The page behind `record`, None for what is no HTML. Raises FetchError."""
    reply = fetcher.get(record.url or "", limit=settings.max_page_bytes, accept=ACCEPT, robots=True)
    kind = reply.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in _HTML:
        return None
    return Page(reply.body, reply.url, kind, today=f"{now:%Y-%m-%d}")


def _extract(record: Record, page: Page, engine: Engine, settings: IngestSettings) -> Read:
    outcome = next(iter(engine.map(extract_page, [page], timeout=settings.parse_timeout)))
    found = outcome.value
    if not isinstance(found, Extracted):
        return Read(record, "no article text" if "no article" in (outcome.error or "") else "not readable")
    if not _about(record, found):
        return Read(record, "not about its headline")
    full = records.with_full_text(record, found.title, found.text, found.author, found.lang)
    if len(full.text) < len(record.text) * 0.8:
        return Read(record, "shorter than the feed's text")
    return Read(full)


def _about(record: Record, found: Extracted) -> bool:
    """Whether the page shares a content word with the headline: consent walls and soft 404s do not."""
    headline = set(content(record.title))
    return not headline or bool(headline & set(content(f"{found.title}\n{found.text}")))
