"""Sentences with exact offsets: sentencex (Wikimedia) inside each line; headings and list items stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from pipeline.domain import Span

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_LONGEST_LINE = 100_000  # code points handed to the splitter at once
_LONG_QUOTE = 300  # code points of a quotation that is surely more than one sentence
_OPENING = "\"“„«‘'「『"
# A time of day goes on behind its stop with the zone that it is told in, or the day.
_HOUR = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_ZONE = re.compile(
    r"(?:Eastern|Central|Mountain|Pacific|Atlantic|Greenwich|British|Local|[A-Z]{1,3}[SD]?T\b|GMT|UTC|CET"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def _pieces(line: str, lang: str) -> list[tuple[int, int]]:
    """Half-open pieces of `line` as the splitter sees them, in order and inside the line."""
    safe = _SURROGATES.sub("\ufffd", line)
    pieces, at = [], 0
    for segment in sentencex.segment(lang, safe):
        start = safe.find(segment, at)
        if start < 0 or not segment:
            continue
        pieces.append((start, start + len(segment)))
        at = start + len(segment)
    return pieces or [(0, len(line))]


def _apart(line: str, lang: str) -> list[tuple[int, int]]:
    """Pieces of `line`; a long one that the splitter kept whole because it is quoted is split inside its quotation."""
    pieces: list[tuple[int, int]] = []
    for start, end in _pieces(line, lang):
        if end - start > _LONG_QUOTE and line[start] in _OPENING:
            inner = _pieces(line[start + 1 : end], lang)
            pieces.append((start, start + 1 + inner[0][1]))
            pieces.extend((start + 1 + first, start + 1 + last) for first, last in inner[1:])
        elif pieces and _ZONE.match(line, start) and _HOUR.search(line[:start].rstrip()[-8:]):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The range without white space at its ends, or None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines of `text`, the longest cut, without their line ends."""
    for match in _LINE.finditer(text):
        for start in range(match.start(), match.end(), _LONGEST_LINE):
            yield start, min(start + _LONGEST_LINE, match.end())


def split(text: str, lang: str | None = None) -> tuple[Span, ...]:
    """Sentences of `text` in order: trimmed, not overlapping, never across a line end. `lang` is a two-letter code."""
    spans = []
    for start, end in _lines(text):
        for first, last in _apart(text[start:end], lang or "en"):
            span = _trimmed(text, start + first, start + last)
            if span is not None:
                spans.append(span)
    return tuple(spans)
