"""Quotations: what stands between quotation marks, straight, curly, low or angled, nested ones included.

An apostrophe is no quotation mark: a single mark opens only after a space or bracket and closes only before one. A
quotation ends with its paragraph.
"""

from __future__ import annotations

import re

from pipeline.domain import Span

_CLOSERS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", "‘": "’", '"': '"', "'": "'"}
_MARK = re.compile("[“”„«»‹›「」『』‘’\"'\n]")
_WORDY = re.compile(r"\w")


def _opens(text: str, at: int) -> bool:
    """Whether a mark at `at` stands where quotations begin: after a space or bracket, before something written."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-/:;,“‘\"'«„¿¡")


def _closes(text: str, at: int) -> bool:
    """Whether a mark at `at` stands where quotations end: after something written, not inside a word."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isspace() and not (_WORDY.match(before) and _WORDY.match(after))


def find(text: str) -> tuple[Span, ...]:
    """Inner spans of the quotations of `text`, by start, the longer first. Unclosed and empty ones are left out."""
    spans: list[Span] = []
    open_marks: list[tuple[str, int]] = []
    for match in _MARK.finditer(text):
        mark, at = match.group(), match.start()
        if mark == "\n":
            open_marks.clear()
            continue
        depth = next((i for i in range(len(open_marks) - 1, -1, -1) if mark in _CLOSERS[open_marks[i][0]]), None)
        if depth is not None and (mark not in "'’\"" or _closes(text, at)):
            begun = open_marks[depth][1] + 1
            if begun < at and not text[begun:at].isspace():
                spans.append(Span(begun, at))
            del open_marks[depth:]
        elif mark in _CLOSERS and (mark not in "'‘\"»“" or _opens(text, at)) and len(open_marks) < 8:
            open_marks.append((mark, at))
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end)))
