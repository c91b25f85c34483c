"""Quotations letter for letter: what a sentence sets in marks, and whether a span holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import CitedSpan
from pipeline.gate.tokens import fold
from pipeline.language import quotes

_GLUED = re.compile(r"“([^“”]{3,})”(?=\w)")  # its closing mark runs into the next word
_MARKS = " ,.;:!?"


def quotations(sentence: str) -> Iterator[str]:
    """What stands in quotation marks, marks and spaces folded; around an ellipsis each part by itself."""
    folded = fold(sentence)
    plain = [folded[inner.start : inner.end] for inner in quotes.find(folded)]
    for inside in (*plain, *(fold(found) for found in _GLUED.findall(sentence))):
        text = _spaced(inside)
        parts = [part.strip(_MARKS) for part in text.replace("...", "…").split("…")]
        yield from (part for part in parts if part)


def quotes_it(part: str, span: CitedSpan) -> bool:
    """Whether a span holds a quotation as whole words (its first letter may be of the other case), or its record is
    called so."""
    if span.title and part.casefold() == _spaced(fold(span.title)).strip(_MARKS).casefold():
        return True
    source = _spaced(fold(span.quote))
    return any(_stands(form, source) for form in (part, part[0].lower() + part[1:], part[0].upper() + part[1:]))


def _stands(part: str, source: str) -> bool:
    """Whether `part` stands in `source` and no word of it is cut."""
    at = source.find(part)
    while at >= 0:
        before, after = source[at - 1 : at], source[at + len(part) : at + len(part) + 1]
        if not (before.isalnum() and part[0].isalnum()) and not (after.isalnum() and part[-1].isalnum()):
            return True
        at = source.find(part, at + 1)
    return False


def _spaced(text: str) -> str:
    return " ".join(text.replace('"', "'").split())
