"""Files of the operator: JSON Lines, Markdown, text, HTML, PDF and web archives, one file or a folder of them.

A row of a JSON Lines file may hold id, title, text, url, source (becomes the publisher), published, seen, lang,
platform, author, discussion, points and comments; everything but one of title and text may be missing. With the night's
`now` fixed, a file replays history: a row enters on the first night whose `now` is past its `seen`, else its
`published`, else at once. A page of a web archive was seen at its WARC-Date.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from pipeline import records
from pipeline.domain import Batch, Cursor, Record, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.extract import Extracted, Page, decode, extract_page
from pipeline.language import cleaning
from pipeline.sources import Kind, Tools, archives, pdf
from pipeline.sources.moments import timestamp

MAX_FILE = 2 << 30
MAX_DOCUMENT = 20_000_000
ROWS = (".jsonl", ".ndjson")
DOCUMENTS = (".md", ".markdown", ".txt", ".html", ".htm", ".pdf")
ARCHIVES = (".warc",)
READ = ROWS + DOCUMENTS + ARCHIVES
_PIECE = 1 << 20  # bytes
_AT_ONCE = 64  # pages of an archive that are handed to the workers together
_FULL_FROM = 1000  # characters from which a row's text counts as an article, not as a feed's summary
_FRONT = re.compile(r"\A---\s*\n(.{0,20000}?)\n---\s*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z_]+)\s*:\s*(.*?)\s*$", re.M)
_HEADING = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_]{1,3})(?=\S)(.{1,300}?)(?<=\S)\1(?![\w*_])")
_MD_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)")
_MD_MARK = re.compile(r"^(?:#{1,6}\s+|>\s?|[-*+]\s+(?=\S)|```\w*|\s*[-*_]{3,}\s*$)", re.M)
_PLATFORMS = {
    "rss": "News",
    "atom": "News",
    "feed": "News",
    "web": "News",
    "hackernews": "Hacker News",
    "hn": "Hacker News",
}
_COUNTS = ("points", "comments")


class FilesSource:
    """Adapter of kind "files"."""

    about: ClassVar[Kind] = Kind(
        summary="Your own files: JSON Lines, Markdown, text, HTML, PDF (extra `pdf`) and web archives (WARC), "
        "plain or gzipped.",
        address='a file or a folder, "archive/rows.jsonl", beside the configuration',
        options={
            "platform": 'what rows are counted under that name none, "News"',
            "publisher": "publisher of what names none",
            "sample": "mark the records as invented, false",
        },
        seen="genuine rows; archives and PDF made for the tests",
    )
    links_to_pages = False
    unlimited = True  # the operator's own rows: a night takes all that have come of age

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Rows and documents that came of age since the last night. Raises ParseError when nothing can be read."""
        place = (self._tools.root / source.address).expanduser()
        before = _Position.parse(cursor.position)
        haul = _Haul(source, now)
        files: dict[str, str] = {}
        for path in _files(place):
            label = path.name if path == place else path.relative_to(place).as_posix()
            files[label] = _fingerprint(path)
            since = before.until if before.files.get(label) == files[label] else None
            if since is None or since < now:
                self._read_file(path, label, _Window(since, now), haul)
        ahead = _Position(max(before.until, now) if before.until else now, files)
        return Batch(tuple(haul.found), Cursor(position=ahead.text()), dropped=haul.dropped, notes=tuple(haul.notes))

    def _read_file(self, path: Path, label: str, window: _Window, haul: _Haul) -> None:
        kind = _kind(path)
        if kind in ARCHIVES:
            self._read_archive(path, label, window, haul)
        elif kind in ROWS:
            _read_rows(_lines(path), label, window, haul)
        elif kind in (".html", ".htm"):
            page = Page(_bytes(path)[:MAX_DOCUMENT], "", today=f"{haul.now:%Y-%m-%d}")
            self._read_pages([(page, {"id": label})], label, window, haul)
        elif kind == ".pdf":
            self._read_pdf(_bytes(path), label, window, haul)
        else:
            row = _document(decode(_bytes(path)[:MAX_DOCUMENT]), label, markdown=kind != ".txt")
            if window.admits(row):
                haul.add(_item(row, label, haul.source))

    def _read_pages(
        self, pages: Sequence[tuple[Page, Mapping[str, str]]], label: str, window: _Window, haul: _Haul
    ) -> None:
        """Read pages in the workers. Each comes with what is known of its row beforehand."""
        limit = self._tools.settings.parse_timeout
        outcomes = self._tools.engine.map(extract_page, [page for page, _ in pages], timeout=limit)
        wrong: list[str] = []
        for (_, known), outcome in zip(pages, outcomes, strict=True):
            found = outcome.value
            if not isinstance(found, Extracted):
                wrong.append((f"{known['url']}: " if "url" in known else "") + str(outcome.error))
                continue
            published = found.published.isoformat() if found.published else ""
            row: dict[str, object] = {"title": found.title, "text": found.text, "published": published}
            row |= {"author": found.author, "lang": found.lang, "source": found.publisher, "fulltext": True, **known}
            if window.admits(row):
                haul.add(replace(_item(row, label, haul.source), extractor=found.extractor), found.score)
        haul.unreadable(label, wrong)

    def _read_pdf(self, data: bytes, label: str, window: _Window, haul: _Haul) -> None:
        outcome = next(iter(self._tools.engine.map(pdf.document, [data], timeout=self._tools.settings.parse_timeout)))
        found = outcome.value
        if not isinstance(found, pdf.Document):
            haul.unreadable(label, [str(outcome.error)])
            return
        row = {"id": label, "title": found.title, "text": found.text, "author": found.author, "fulltext": True}
        if window.admits(row):
            haul.add(replace(_item(row, label, haul.source), extractor="pypdf"))

    def _read_archive(self, path: Path, label: str, window: _Window, haul: _Haul) -> None:
        """The pages of a web archive that came of age, a few handed to the workers at a time."""
        waiting: list[tuple[Page, Mapping[str, str]]] = []
        wrong: list[str] = []
        for found in archives.pages(path, limit=self._tools.settings.max_page_bytes):
            if isinstance(found, str):
                wrong.append(found)
            elif window.admits({"seen": found.seen}):
                page = Page(found.body, found.url, found.content_type, today=f"{haul.now:%Y-%m-%d}")
                waiting.append((page, {"id": found.url, "url": found.url, "seen": found.seen}))
            if len(waiting) >= _AT_ONCE:
                self._read_pages(waiting, label, window, haul)
                waiting = []
        self._read_pages(waiting, label, window, haul)
        haul.unreadable(label, wrong)


@dataclass(frozen=True, slots=True)
class _Window:
    """Which rows a night takes: visible before `now`, and not before `since` where an earlier night read the file."""

    since: datetime | None
    now: datetime

    def admits(self, row: Mapping[str, Any]) -> bool:
        visible = timestamp(_string(row, "seen")) or timestamp(_string(row, "published"))
        if visible is None:
            return self.since is None
        return visible < self.now and (self.since is None or visible >= self.since)


@dataclass(slots=True)
class _Haul:
    """What one read brings together."""

    source: Source
    now: datetime
    found: list[Record] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, item: records.Item, score: float | None = None) -> None:
        """Keep an item as a record; `score` is that of its text, where pages were read."""
        made = records.record(item, self.source, self.now)
        if made is None:
            rule = "only markup" if item.had_markup else "empty"
            self.dropped[rule] = self.dropped.get(rule, 0) + 1
        else:
            self.found.append(replace(made, text_score=score))

    def unreadable(self, label: str, wrong: list[str]) -> None:
        if wrong:
            self.dropped["unreadable"] = self.dropped.get("unreadable", 0) + len(wrong)
            self.notes.append(f"{label}: {wrong[0]}" + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""))


# --- where we are ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Position:
    """Until when rows were taken, and the hash of each file then: a changed file is looked at from its beginning."""

    until: datetime | None
    files: Mapping[str, str]

    @classmethod
    def parse(cls, text: str | None) -> _Position:
        try:
            found = json.loads(text) if text else {}
            return cls(timestamp(str(found["until"])), dict(found["files"]))
        except (ValueError, KeyError, TypeError):
            return cls(None, {})

    def text(self) -> str:
        until = self.until.isoformat() if self.until else ""
        return json.dumps({"files": dict(sorted(self.files.items())), "until": until}, ensure_ascii=False)


def _files(place: Path) -> list[Path]:
    """The file at `place`, or all readable files below the folder, by name."""
    if place.is_file():
        if _kind(place) not in READ:
            raise ParseError(f"{place.name}: only {', '.join(READ)} (and .gz of them) are read; convert it")
        return [place]
    if not place.is_dir():
        raise ParseError(f"{place} does not exist; correct the address of this source")
    root = place.resolve()
    paths = (path for path in place.rglob("*") if path.is_file() and path.resolve().is_relative_to(root))
    visible = (path for path in paths if not any(part.startswith(".") for part in path.relative_to(place).parts))
    return sorted(path for path in visible if _kind(path) in READ)


def _kind(path: Path) -> str:
    return (Path(path.stem).suffix if path.suffix == ".gz" else path.suffix).lower()


def _fingerprint(path: Path) -> str:
    """Hash of a file's bytes as they lie there, read in pieces. Raises ParseError."""
    with _readable(path), path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:32]


def _bytes(path: Path) -> bytes:
    """Content of `path`, unpacked within a cap. Raises ParseError."""
    return b"".join(_pieces(path, lambda opened: opened.read(_PIECE)))


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of `path`, unpacked within a cap, one at a time: a file need not fit into memory. Raises ParseError."""
    return _pieces(path, lambda opened: opened.readline())


def _pieces(path: Path, piece: Callable[[io.BufferedIOBase], bytes]) -> Iterator[bytes]:
    size = 0
    with _readable(path), gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
        while found := piece(opened):
            size += len(found)
            if size > MAX_FILE:
                raise ParseError(f"{path.name} is larger than 2 GiB; split it")
            yield found


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise ParseError(f"{path.name} cannot be read ({error})") from None


# --- rows and documents ----------------------------------------------------------------------------------------------


def _read_rows(lines: Iterable[bytes], label: str, window: _Window, haul: _Haul) -> None:
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            wrong.append(f"line {number} is not JSON ({str(error)[:100]})")
            continue
        if not isinstance(row, dict):
            wrong.append(f"line {number} is a {type(row).__name__}, not an object")
        elif window.admits(row):
            haul.add(_item(row, f"{label}:{number}", haul.source))
    haul.unreadable(label, wrong)


def _item(row: Mapping[str, Any], label: str, source: Source) -> records.Item:
    """One row as an item; `label` is its id when it has none."""
    raw, platform = _string(row, "text"), _string(row, "platform")
    marked = cleaning.looks_like_markup(raw)
    return records.Item(
        native_id=_string(row, "id") or label,
        url=_string(row, "url") or None,
        title=_string(row, "title"),
        body=cleaning.strip_markup(raw) if marked else raw,
        quality=TextQuality.FULL if row.get("fulltext") or len(raw) >= _FULL_FROM else TextQuality.SUMMARY,
        platform=_PLATFORMS.get(platform.lower(), platform) or str(source.options.get("platform", "News")),
        kind="post" if platform.lower() in ("hackernews", "hn") else "article",
        published=timestamp(_string(row, "published")) or timestamp(_string(row, "seen")),
        publisher=_string(row, "source") or str(source.options.get("publisher", "")) or None,
        author=_string(row, "author") or None,
        lang=_string(row, "lang") or None,
        discussion_url=_string(row, "discussion") or None,
        engagement={name: int(row[name]) for name in _COUNTS if type(row.get(name)) is int},
        had_markup=marked,
    )


def _string(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _document(text: str, label: str, *, markdown: bool) -> Mapping[str, Any]:
    """A text or Markdown document as a row; "key: value" lines between --- at its head are the row's fields."""
    front = _FRONT.match(text)
    fields = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(front[1])} if front else {}
    body = text[front.end() :] if front else text
    title = fields.get("title", "")
    heading = _HEADING.match(body) if markdown else None
    if heading and not title:
        title, body = heading[1], body[heading.end() :]
    if markdown:
        title, body = _inline(title), _unmarked(body)
    published = fields.get("published") or fields.get("date", "")
    return {"id": label, **fields, "title": title, "text": body, "published": published, "fulltext": True}


def _unmarked(markdown: str) -> str:
    """Markdown without its marks; the words stay as they are."""
    return _inline(cleaning.strip_markup(_MD_MARK.sub("", markdown)))


def _inline(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _MD_LINK.sub(r"\1", text)).replace("`", "")
