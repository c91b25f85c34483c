"""The time that a statement speaks of: one ISO 8601 prefix or interval, from its calendar expressions.

A date that belongs to the saying ("the company said on Monday") is no time of the matter. Parts of years become
intervals of what ISO can say: "2026-Q3" is 2026-07/2026-09, a week is its first and last day, a decade its years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from pipeline.domain import DateMention, Hedge, Span
from pipeline.language.dates import bounds

__all__ = ["find"]

_ISO = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_BETWEEN = re.compile(r"\s*(?:to|and|until|till|through|–|—|-)\s*", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from)(?: (?:the|early|late|mid))* *$", re.IGNORECASE)
_ENOUGH = 40  # code points before a date in which "since" governs it
_AHEAD = (Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD)


def find(
    text: str, calendar: Sequence[DateMention], published: datetime, hedge: Hedge, said: Span | None = None
) -> str | None:
    """The time `text` speaks of, from its dates `calendar` (resolved against `published`); None where it gives none.

    `said` is the part of `text` that was said, where the rest is attribution.
    """
    inside = [m for m in calendar if said is None or (said.start <= m.span.start and m.span.end <= said.end)]
    dated = [(m, value) for m in inside if (value := _iso(m.value, published.date(), ahead=hedge in _AHEAD))]
    if not dated:
        return None
    first, value = dated[0]
    if len(dated) > 1 and _BETWEEN.fullmatch(text, first.span.end, dated[1][0].span.start):
        begin, end = value.split("/")[0], dated[1][1].split("/")[-1]
        return f"{begin}/{end}" if begin[: len(end)] <= end[: len(begin)] else value
    if _SINCE.search(text, max(0, first.span.start - _ENOUGH), first.span.start):
        today = published.date().isoformat()
        begin = value.split("/")[0]
        return f"{begin}/{today}" if begin < today and not today.startswith(begin) else value
    return value


def _iso(value: str, today: date, *, ahead: bool) -> str | None:
    """A value of `pipeline.language.dates` as ISO prefix or interval; None where nothing anchors it."""
    if re.fullmatch(r"Q[1-4]", value):
        value = _quarter(int(value[1]), today, ahead=ahead)
    if _ISO.fullmatch(value):
        return value
    limits = bounds(value)
    if limits is None:
        return None
    first, last = limits
    if re.fullmatch(r"\d{3}", value):
        return f"{first.year:04}/{last.year:04}"
    if "-W" in value:
        return f"{first.isoformat()}/{last.isoformat()}"
    return f"{first.year:04}-{first.month:02}/{last.year:04}-{last.month:02}"


def _quarter(number: int, today: date, *, ahead: bool) -> str:
    """The quarter that a text without a year means: the coming one of what lies ahead, else the latest that began."""
    now = (today.month - 1) // 3 + 1
    year = today.year + (number < now) if ahead else today.year - (number > now)
    return f"{year:04}-Q{number}"
