"""Datelines: where and when a wire story was filed, before its first words ("SELMOUTH, 3 March (Harbour Wire) - ")."""

from __future__ import annotations

import re

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?"
_AGENCY = r"\([A-Z][\w./&' -]{1,30}\)"
_DASH = r"\s?(?:—|–|--|-)\s+"  # no colon: "NASA: ..." names who speaks
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,3}"
_PLACE = r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,3}"
_REGION = r"(?:, [A-ZÀ-Þ][\w.'’-]+\.?(?: [A-ZÀ-Þ][\w.'’-]+)?)?"
_DATELINE = re.compile(
    r"^(?:\[[A-Z][\w ]{1,24}\]\s?|\([^()]{2,40}\b(?:pic|photo|image)\b[^()]{0,30}\)\s*)?"
    rf"(?:{_CAPITALS}{_REGION}(?:, {_DAY})?(?: ?{_AGENCY})?{_DASH}"  # capitals alone mark a place
    rf"|{_PLACE}{_REGION}(?:, {_DAY})? ?{_AGENCY}{_DASH}"  # a place as written needs its agency
    rf"|{_AGENCY}{_DASH})"
    r"(?=[A-ZÀ-Þ“\"'\d])"
)


def length(text: str) -> int:
    """Characters of the dateline that `text` begins with; 0 where there is none."""
    found = _DATELINE.match(text[:160])
    return found.end() if found else 0
