"""Which characters may be printed at all, in whatever form a page has."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff"
    "\U0001fffe\U0001ffff\U000e0000-\U000e0fff\U0010fffe\U0010ffff]"
)


def printable(text: str) -> str:
    """`text` without control characters, bidirectional overrides and other invisible instructions."""
    return _UNPRINTABLE.sub("", text)
