"""Snippets: the passage of a text that holds most of a question, letter for letter, with where its words stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.domain import Span
from pipeline.language.words import placed

WIDTH = 240  # code points of a passage
_LEAD = 60  # of these, before the first word that was asked for
_READ = 60_000  # code points of a text that are looked through


@dataclass(frozen=True, slots=True)
class Passage:
    """`quote == text[start:end]`; `marks` are where the words that were asked for stand in the same text."""

    start: int
    end: int
    quote: str
    marks: tuple[Span, ...] = ()


def passage(text: str, weights: Mapping[str, float]) -> Passage | None:
    """The passage of `text` that holds most weight of different stems, the earliest of equal ones.

    A text that holds none of them gives its beginning without marks; an empty one gives None.
    """
    words = [word for word in placed(text[:_READ]) if word[2] in weights]
    body = _body(text)
    words = [word for word in words if word[0] >= body] or words  # a headline is shown with its record anyway
    first = _first(words, weights)
    begin = max(0, words[first][0] - _LEAD) if words else body
    start = _boundary(text, begin, words[first][0] if words else begin)
    end = min(len(text), start + WIDTH)
    if end < len(text):
        end = text.rfind(" ", start + WIDTH // 2, end) if " " in text[start + WIDTH // 2 : end] else end
    quote = text[start:end].rstrip()
    quote = quote.partition("\n\n")[0].rstrip() if not words else quote
    if not quote.strip():
        return None
    end = start + len(quote)
    return Passage(start, end, quote, tuple(Span(a, b) for a, b, _ in words if start <= a and b <= end))


def _first(words: list[tuple[int, int, str]], weights: Mapping[str, float]) -> int:
    """Place among `words` of the one that the best passage begins with."""
    best, first, last = -1.0, 0, 0
    inside: dict[str, int] = {}
    total = 0.0
    for at, (start, _, stem) in enumerate(words):
        while last < len(words) and words[last][1] <= start + WIDTH - _LEAD:
            entered = words[last][2]
            inside[entered] = inside.get(entered, 0) + 1
            total += weights[entered] if inside[entered] == 1 else 0.0
            last += 1
        if round(total, 9) > best:
            best, first = round(total, 9), at
        if stem in inside:
            inside[stem] -= 1
            total -= weights[stem] if inside[stem] == 0 else 0.0
        last = max(last, at + 1)
    return first


def _body(text: str) -> int:
    """Where the text begins after its headline."""
    head, gap, body = text.partition("\n\n")
    return len(head) + 2 if gap and body.strip() else 0


def _boundary(text: str, begin: int, most: int) -> int:
    """The beginning of a word at or after `begin`, of a paragraph where one begins between it and `most`."""
    paragraph = text.rfind("\n\n", begin, most)
    if paragraph >= 0:
        begin = paragraph + 2
    elif begin:
        space = text.find(" ", begin, most)
        begin = space + 1 if space >= 0 else begin
    while begin < len(text) and text[begin].isspace():
        begin += 1
    return begin
