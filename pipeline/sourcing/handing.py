"""Handing over: what one worker read of a source, as bytes that another worker stores as if it had read it itself.

JSON, so that whoever can write to the database can have nothing run by those who read it. Errors travel by the name of
their class: from `pipeline.errors` they are that class again, else one that only bears the name.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import errors
from pipeline.domain import Batch, Raw, Record, Source
from pipeline.errors import CitewireError, ConfigurationError, HttpStatus, Moved, StoreError
from pipeline.extract import Extracted
from pipeline.protocols import Habits
from pipeline.serial import from_json, to_json
from pipeline.sourcing.choosing import Read
from pipeline.sourcing.fulltext import Found

_FAST = 1  # zlib: it is read once, soon


@dataclass(frozen=True, slots=True)
class _Trouble:
    """An exception: its class, its words, and what of it the health of a source rests on."""

    kind: str
    said: str
    status: int | None = None
    retry_after: float | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """What was found at the page behind the record with an id."""

    id: str
    reason: str | None
    url: str
    raw: Raw | None
    extracted: Extracted | None


@dataclass(frozen=True, slots=True)
class _Handed:
    """`Read` without its source, with the pages behind its records."""

    batch: Batch | None
    waiting: tuple[Record, ...]
    error: _Trouble | None
    habits: Habits
    closed: datetime | None
    pages: tuple[_Page, ...]


def packed(read: Read, pages: Mapping[str, Found]) -> bytes:
    """`read` and the pages behind its records by their ids. What an adapter gave that is no JSON is its error."""
    error = None if read.error is None else _trouble(read.error)
    listed = tuple(_page(id_, pages[id_]) for id_ in sorted(pages))
    try:
        found = to_json(_Handed(read.batch, read.waiting, error, read.habits, read.closed, listed))
    except (ValueError, TypeError) as fault:
        return packed(Read(read.source, waiting=read.waiting, error=fault), {})
    return zlib.compress(json.dumps(found).encode("ascii"), _FAST)


def unpacked(source: Source, handed: bytes) -> tuple[Read, Mapping[str, Found]]:
    """What `packed` was given, of `source`. Raises StoreError for what it did not make."""
    try:
        found = from_json(_Handed, json.loads(zlib.decompress(handed)))
    except (ValueError, zlib.error) as fault:
        raise StoreError(
            f"what another worker read of {source.name} cannot be understood ({fault}); let all workers run the same "
            "version, and run citewire ingest again: it is read anew"
        ) from fault
    error = None if found.error is None else _raised(found.error)
    pages = {page.id: Found(page.extracted, page.reason, page.url, page.raw) for page in found.pages}
    return Read(source, found.batch, found.waiting, error, found.habits, found.closed), pages


def _page(id_: str, found: Found) -> _Page:
    page = None if found.extracted is None else replace(found.extracted, published=None)  # a day; nobody asks for it
    return _Page(id_, found.reason, found.url, found.raw, page)


def _trouble(error: Exception) -> _Trouble:
    try:
        said = error.problem if isinstance(error, ConfigurationError) else str(error)
    except Exception:  # its own words for it are broken too
        said = "no words"
    kind = type(error).__name__
    if isinstance(error, HttpStatus):
        return _Trouble(kind, said, error.status, error.retry_after)
    return _Trouble(kind, said, target=error.target if isinstance(error, Moved) else "")


def _raised(told: _Trouble) -> Exception:
    known: type[Exception] | None = getattr(errors, told.kind, None)
    if not (isinstance(known, type) and issubclass(known, CitewireError)):
        foreign: type[Exception] = type(told.kind, (Exception,), {})
        return foreign(told.said)
    if issubclass(known, HttpStatus):
        return known(told.said, status=told.status or 0, retry_after=told.retry_after)
    return known(told.said, target=told.target) if issubclass(known, Moved) else known(told.said)
