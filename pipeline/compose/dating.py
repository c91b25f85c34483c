"""Days that a source names from where it stands ("yesterday", "on Tuesday"), told by their date.

A reader meets the words days later. Days are resolved by the record's day of publication as the gate resolves them;
it judges the result like any other wording. What lies ahead is left as it stands ("on Friday" of a plan is a day to
come, and a weekday alone does not say which), and so is what stands in quotation marks. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from pipeline.compose.timing import ahead
from pipeline.compose.trim import Piece
from pipeline.domain import Claim
from pipeline.language import dates

OLD = 2  # days after publication from which a weekday alone is no longer clear
_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # whatever the locale
_ADVERBS = frozenset({"yesterday", "today"})
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]?")
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WEEKDAY = re.compile(rf"{_DAYS}\Z")
_AFTER = re.compile(rf"(?:['’]s\b|,? (?:morning|afternoon|evening|night|(?:and|or|to|through) {_DAYS})\b|[ ,]*\d)")
_BEFORE = frozenset("last next this every each by until till since from before after late early of and or to".split())


def dated(piece: Piece, claim: Claim, published: datetime, now: datetime) -> Piece | None:
    """`piece` with its days dated; None where there is none to date."""
    text = None if ahead(claim) else told(piece.text, published.date(), now.date())
    return replace(piece, text=text, verbatim=False) if text else None


def told(text: str, published: date, now: date) -> str | None:
    """`text`, published that day, as it may be told on the day `now`; None where it may stay as it is."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    out, done = [], 0
    for mention in dates.find(text, anchor=published):
        start, end = mention.span.start, mention.span.end
        inside = any(a <= start < b for a, b in quoted)
        day = _day(mention.value) if mention.relative else None
        if inside or day is None or day > published or _AFTER.match(text[end:]):
            continue
        words = mention.text.split()
        before = next(iter(text[:start].lower().split()[-1:]), "")
        if words[-1].lower() in _ADVERBS and len(words) == 1:
            new = f"on {_said(day, now)}" if start else ""
        elif _WEEKDAY.search(words[-1]) and len(words) <= 2 and words[0] in {"on", words[-1]}:
            clear = (now - published).days < OLD or before in _BEFORE
            opening = "" if words[0] == "on" or before == "on" or not start else "on "
            new = "" if clear else f"{opening}{mention.text} {_said(day, now)}"
        else:
            new = ""
        if new:
            out += [text[done:start], new]
            done = end
    return "".join([*out, text[done:]]) if out else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _said(day: date, now: date) -> str:
    """The date, with its year where that is not the reader's."""
    return f"{day.day} {_MONTHS[day.month - 1]}" + ("" if day.year == now.year else f" {day.year}")
