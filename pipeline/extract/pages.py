"""A page to its article: read twice, what both readings hold, and a score that says how far to trust it.

The first reading is trafilatura's fast one, the second Resiliparse's, which is ten times as quick. Where they differ
much, trafilatura reads again with all its means. Callers outside the evaluation run `extract_page` in a worker process
that can be killed (readers.py says why).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import ExtractionError
from pipeline.extract import declared, judging, readers, tree
from pipeline.extract.charsets import decode
from pipeline.language import cleaning

MIN_TEXT = 80  # characters; what is shorter is a notice, not an article
MAX_TAGS = 150_000  # ten times what the largest news pages have; readers take minutes for more
FIRST, SECOND = "trafilatura", "resiliparse"

_LOOKED_AT = 100_000  # characters in which what is no text shows itself
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\ufffd]")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. `text` has one paragraph per line; `published` has the precision of a day.

    `canonical` is the address that the page gives itself, absolute, not judged; `extractor` the reader whose text was
    kept; `score` how much it looks like a whole article, 0 to 1 (judging.score); `notice` whether it only says that
    there is none to be had (judging.is_notice); `reserved` the signal by which the page reserves itself from machines
    ("noai", "noimageai", "tdm-reservation"), None where there is none; `declared` the rule (declared.RULES) by which it
    is no news by its own word.
    """

    title: str
    text: str
    author: str | None = None
    published: datetime | None = None
    publisher: str | None = None
    lang: str | None = None
    canonical: str | None = None
    extractor: str = FIRST
    score: float = 0.0
    notice: bool = False
    reserved: str | None = None
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The input of `extract_page`, as one value that can be sent to a worker."""

    html: bytes
    url: str
    content_type: str = ""
    today: str | None = None


def extract_page(page: Page) -> Extracted:
    """`extract` of one value, for worker processes; texts too short for any article are refused."""
    found = extract(page.html, page.url, content_type=page.content_type, today=page.today)
    if len(found.text) < MIN_TEXT:
        raise ExtractionError("the page holds no article text")
    return found


def extract(html: bytes, url: str | None = None, *, content_type: str = "", today: str | None = None) -> Extracted:
    """Main text and metadata of a page, however short.

    `content_type` is the HTTP header, for its charset. `today` (YYYY-MM-DD) bounds the dates that are believed.
    Raises ExtractionError where no text is found in it.
    """
    source = _XML_DECLARATION.sub("", decode(html, content_type).replace("\x00", ""))
    if not source.strip():
        raise ExtractionError("the page is empty")
    if len(_CONTROL.findall(source[:_LOOKED_AT])) * 100 > len(source[:_LOOKED_AT]):
        raise ExtractionError("the page is no text")
    if source.count("<") > MAX_TAGS:
        raise ExtractionError(f"the page holds more than {MAX_TAGS:,} tags")
    root = readers.parsed(source)
    own = declared.of_page(root)
    tree.strip_unseen(root)
    head = tree.head(root, url)
    found = readers.article(root, url, fast=True, today=today, meta=True)
    first, second = _text(found), readers.main_text(source)
    common = judging.agreed(first, second)
    if judging.doubtful(first, second, common, head.links):
        first = _text(readers.article(root, url, fast=False)) or first
        common = judging.agreed(first, second)
    choice = judging.choose(first, second, common, head.links)
    if not any(char.isalnum() for char in choice.text):
        raise ExtractionError("the page holds no article text")
    title = cleaning.line((found.title if found is not None else None) or _title(root))
    return Extracted(
        title=title,
        text=choice.text,
        author=_line(found, "author"),
        published=_day(getattr(found, "date", None)),
        publisher=_line(found, "sitename"),
        lang=getattr(found, "language", None),
        canonical=head.canonical,
        extractor=SECOND if choice.second else FIRST,
        score=judging.score(choice.text, title=title, agreement=choice.agreement, links=head.links, page=source),
        notice=judging.is_notice(choice.text, title),
        reserved=head.reserved,
        declared=own,
    )


def _text(document: Any) -> str:
    return cleaning.clean(document.text or "") if document is not None else ""


def _line(document: Any, name: str) -> str | None:
    return cleaning.line(getattr(document, name, None) or "") or None


def _title(root: Any) -> str:
    return (root.findtext(".//title") or "")[:1000]


def _day(date: str | None) -> datetime | None:
    try:
        return datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC) if date else None
    except ValueError:
        return None
