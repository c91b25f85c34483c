"""Web archives (WARC, ISO 28500), plain or gzipped: the pages in them, one after the other, within bounds."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ParseError

_START = b"WARC/"
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Archived:
    """One page as it was answered. `seen` is the WARC-Date; `body` is cut at the limit."""

    url: str
    seen: str
    content_type: str
    body: bytes


def pages(path: Path, *, limit: int) -> Iterator[Archived | str]:
    """The successful HTML answers in the archive at `path`, decoded, at most `limit` bytes of each.

    What cannot be read comes as words that say why. Raises ParseError where the file is no archive.
    """
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  wanted by few desks
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    read = 0
    try:
        # Unpacked here, so that archives gzipped as a whole are read as well as those gzipped record by record.
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            if stream.read(len(_START)) != _START:  # warcio takes anything else for the older ARC
                raise ParseError(f"{path.name} is no web archive: it does not begin with WARC/")
            stream.seek(0)
            for record in ArchiveIterator(stream):
                read += 1
                if record.rec_type == "response" and _is_page(record):
                    yield _archived(record, limit)
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError, AttributeError, KeyError) as error:
        told = (
            f"its record {read + 1} cannot be read ({str(error)[:100] or type(error).__name__}); the rest is left out"
        )
        if not read:
            raise ParseError(f"{path.name} is no web archive: {told}") from None
        yield told


def _is_page(record: Any) -> bool:
    answer = record.http_headers
    if answer is None or answer.get_statuscode() != "200" or not record.rec_headers.get_header("WARC-Target-URI"):
        return False
    return (answer.get_header("Content-Type") or "").partition(";")[0].strip().lower() in _HTML


def _archived(record: Any, limit: int) -> Archived | str:
    url = record.rec_headers.get_header("WARC-Target-URI").strip("<> ")[:4000]
    stream, parts, size = record.content_stream(), [], 0
    try:
        while size < limit and (part := stream.read(min(65536, limit - size))):
            parts.append(part)
            size += len(part)
    except Exception as error:  # decoders let many kinds of errors out on broken bodies
        return f"the body of {url[:200]} cannot be decoded ({type(error).__name__})"
    kind = record.http_headers.get_header("Content-Type") or ""
    return Archived(url, (record.rec_headers.get_header("WARC-Date") or "")[:40], kind[:200], b"".join(parts))
