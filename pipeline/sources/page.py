"""One page, read again every night by both readers; a changed page is a new version of its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from pipeline import addresses, records
from pipeline.domain import Batch, Cursor, Raw, Record, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.extract import Extracted, Page, extract_page, reserves_text
from pipeline.protocols import Reply
from pipeline.sources import Kind, Tools

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")


class PageSource:
    """Adapter of kind "page"."""

    about: ClassVar[Kind] = Kind(
        summary="One page, such as a press room's or a live report: each change is a new version of one record.",
        address='the address of the page, "https://agency.example/statement"',
        options={
            "platform": 'what its record is counted under, "Web"',
            "publisher": "name of the publisher; without it the page's own, else its domain",
        },
        seen="genuine answers",
        spec="https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests",
    )
    links_to_pages = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """The page as it is tonight. Raises FetchError, or ParseError where no article can be read in it."""
        settings = self._tools.settings
        reply = self._tools.fetcher.get(
            source.address, cursor=cursor, limit=settings.max_page_bytes, accept=ACCEPT, robots=True, home=True
        )
        moved = reply.url if reply.redirected_permanently else None
        if reply.status == 304:
            return Batch((), cursor, unchanged=True, moved_to=moved)
        record, raw = of_reply(reply, source.address, self._tools, source, now)
        ahead = Cursor(reply.headers.get("etag"), reply.headers.get("last-modified"), cursor.position)
        return Batch((record,), ahead, raws=(raw,), identity=record.title or None, moved_to=moved)


def of_reply(
    reply: Reply, url: str, tools: Tools, source: Source, now: datetime, *, dated: datetime | None = None
) -> tuple[Record, Raw]:
    """The page in `reply`, asked for at `url`, as a record with the bytes it was read from.

    `dated` is the date that is believed where the page tells none.
    Raises ParseError where it is no HTML, holds no article, or its publisher has reserved its text from machines.
    """
    kind = reply.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in _HTML:
        raise ParseError(f"{reply.url} is {kind[:60]}, not HTML; give the address of a page")
    found = None
    if not reserves_text(reply.reserved):
        page = Page(reply.body, reply.url, kind, today=f"{now:%Y-%m-%d}")
        outcome = next(iter(tools.engine.map(extract_page, [page], timeout=tools.settings.parse_timeout)))
        found = outcome.value
        if not isinstance(found, Extracted):
            why = (outcome.error or "its parser gave nothing").removeprefix("ExtractionError: ")
            raise ParseError(f"{reply.url}: {why}; nothing of it is kept")
    reserved = reply.reserved if found is None else found.reserved
    if found is None or reserves_text(reserved):
        raise ParseError(f"{reply.url} reserves its text from machines ({reserved}); remove it from the sources")
    if found.declared:
        raise ParseError(f"{reply.url} is {found.declared}; that is no news, and nothing of it is kept")
    raw = Raw(reply.url, kind, reply.body)
    made = records.record(_item(found, url, source, dated), source, now)
    if made is None:
        raise ParseError(f"{reply.url}: the page holds no article text; nothing of it is kept")
    return replace(made, raw=raw.hash, text_score=found.score), raw


def _item(found: Extracted, url: str, source: Source, dated: datetime | None) -> records.Item:
    option: Mapping[str, object] = source.options
    return records.Item(
        native_id=url,
        url=url,
        title=found.title,
        body=found.text,
        quality=TextQuality.FULL,
        platform=str(option.get("platform", "Web")),
        published=found.published or dated,
        publisher=str(option.get("publisher", "")) or found.publisher or addresses.registrable(url),
        author=found.author,
        lang=found.lang,
        extractor=found.extractor,
    )
