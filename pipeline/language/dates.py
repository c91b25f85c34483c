"""Calendar expressions, as precise as the text: years, quarters, months, days, weekdays, "last week", "mid-2026".

Values are ISO 8601 prefixes ("202" a decade, "2026", "2026-Q3", "2026-03", "2026-W11", "2026-03-11"), truncated forms
where the text names no year ("--03", "--03-11", "Q3", "W-2" a Tuesday), "2026-early|mid|late", and offsets that nothing
anchors ("-1d" yesterday, "-2w" two weeks ago). With an anchor, all but the first kind are resolved, `relative=True`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from pipeline.domain import DateMention, Span

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_D = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_N = r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?:day|week|month|quarter|year|decade)"
_DATE = re.compile(
    rf"(?<![\w.,/$£€-])(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)(?![\d-])"
    rf"|(?<!\w)(?P<mdy_m>{_MONTH}) (?P<mdy_d>{_D})(?:,? (?P<mdy_y>{_YEAR}))?(?!\w|,\d|[.:]\d|%)"
    rf"|(?<![\w.,])(?P<dmy_d>{_D})(?: of)? (?P<dmy_m>{_MONTH})(?:,? (?P<dmy_y>{_YEAR}))?(?!\w)"
    rf"|(?<!\w)(?P<my_m>{_MONTH}),? (?:of )?(?P<my_y>{_YEAR})(?!\w)"
    rf"|(?<!\w)(?:Q(?P<q>[1-4])|(?P<qw>first|second|third|fourth)[ -]quarter)(?:(?: of|,)? (?:FY "
    rf"?)?(?P<q_y>{_YEAR}))?(?!\w)"
    rf"|(?<!\w)(?P<h>first|second|H1|H2)(?: half)?(?: of|,)? (?P<h_y>{_YEAR})(?!\w)"
    rf"|(?<!\w)(?P<part>early|mid|middle of|late|end of|start of|beginning of)[ -]?(?P<p_y>{_YEAR})(?!\w)"
    rf"|(?<!\w)(?P<decade>(?:1[89]\d|20\d)0)['’]?s(?!\w)"
    rf"|(?<!\w)(?P<word>yesterday|today|tonight|tomorrow)(?!\w)"
    rf"|(?<!\w)(?P<rel>last|past|this|next|previous)[ -](?P<rel_u>week|month|quarter|year|decade"
    rf"|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\w|-\w)"
    rf"|(?<!\w)(?:about |some |around |nearly |almost |over |more than )?(?P<ago_n>{_N}) "
    rf"(?P<ago_u>{_UNIT})s? (?P<ago>ago|earlier|from now|later)(?!\w)"
    rf"|(?<!\w)(?<!Black )(?<!Good )(?<!Cyber )(?<!Super )(?<!Ash )(?<!Palm )(?P<day>Monday|Tuesday|Wednesday"
    rf"|Thursday|Friday|Saturday|Sunday)(?!\w)"
    rf"|(?<!\w)(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)(?!\w)"
    rf"|(?<![\w.,$£€#/–-])(?P<year>{_YEAR})(?![\w%]|[.,]\d|[-–]\d{{3}}\d?\b(?<!\d))",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:^|\s)(?:in|since|by|until|till|of|during|last|this|next|from|to|through|before|after|late"
    r"|early|mid|every|each|and|for)\s+$",
    re.I,
)


def _month_number(name: str) -> int:
    """1..12 for a month's name or abbreviation."""
    head = name.lower().rstrip(".")[:3]
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(head))


def _count(word: str) -> int:
    """The number that a small count names; "a" and "an" are one."""
    word = word.lower()
    if word.isdecimal():
        return int(word)
    return 1 if word in ("a", "an") else _SMALL.index(word)


def _day(year: str | None, month: str, day: str, anchor: date | None) -> tuple[str, bool] | None:
    """Value of a day of a month, its year guessed as the one nearest to the anchor."""
    number, m = int(re.sub(r"\D", "", day)), _month_number(month)
    if year:
        return _checked(int(year), m, number)
    if anchor is None:
        return f"--{m:02}-{number:02}", False
    options = [value for y in (anchor.year - 1, anchor.year, anchor.year + 1) if (value := _date(y, m, number))]
    if not options:
        return None
    return _likely(options, anchor).isoformat(), True


def _likely(options: list[date], anchor: date) -> date:
    """The date that a text without a year means: the coming one within two months, else the latest past one."""
    past = [value for value in options if value <= anchor]
    soon = [value for value in options if 0 < (value - anchor).days <= 62]
    return min(soon) if soon else max(past) if past else min(options)


def _date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(year: int, month: int, day: int) -> tuple[str, bool] | None:
    """ISO value of a full date that exists."""
    value = _date(year, month, day)
    return (value.isoformat(), False) if value else None


def _shifted(anchor: date | None, amount: int, unit: str) -> tuple[str, bool]:  # noqa: PLR0911 - one return per rule
    """Value of `amount` units from the anchor, as precise as the unit."""
    if anchor is None:
        return f"{amount:+d}{'mo' if unit == 'month' else unit[0]}", True
    try:
        if unit == "day":
            return (anchor + timedelta(days=amount)).isoformat(), True
        if unit == "week":
            year, week, _ = (anchor + timedelta(weeks=amount)).isocalendar()
            return f"{year}-W{week:02}", True
    except OverflowError:
        return f"{amount:+d}{unit[0]}", True
    months = (anchor.year * 12 + anchor.month - 1) + amount * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[
        unit
    ]
    year, month = divmod(months, 12)
    if unit == "month":
        return f"{year:04}-{month + 1:02}", True
    if unit == "quarter":
        return f"{year:04}-Q{month // 3 + 1}", True
    return (f"{year:04}" if unit == "year" else f"{year:04}"[:3]), True


_WILL = r"\b(?:will|shall|won['’]t|'ll)\b"
_COMING = (
    rf"(?:{_WILL}|\b(?:would"
    r"|(?<!was )(?<!were )(?<!been )(?:due|set|scheduled|expected|planned|slated) (?:to|for)"
    r"|likely to|(?:is|are) to|going to|ready to"
    r"|(?:plan|hope|intend|aim|expect|want|agree|promise|pledge|vow|prepare|threaten)(?:s|d|ed|ned|ning|ing)? to)\b)"
)
# Between what is to come and its day nothing is said or done, and no other statement stands.
_BETWEEN = r"(?:(?!\b(?:said|says|told|announced|reported|did|had|after|since)\b)[^.;:!?,\"“”]){0,90}"
_AHEAD = re.compile(rf"{_COMING}{_BETWEEN}$", re.I)
_OPENING = re.compile(r"(?:^|[.!?\"“”]\s+)(?:on\s+)?$", re.I)  # "On Friday, the council will vote"
# A day in front of what somebody says is to come may be the day of saying it.
_FOLLOWED = re.compile(rf",?{_BETWEEN}{_WILL}(?![^.!?]*\b(?:said|says|stated|told|announced|reported|added)\b)", re.I)
_NEAR = 160  # code points around a weekday that may say that it is to come


def _is_ahead(text: str, start: int, end: int) -> bool:
    """Whether the weekday at `start` to `end` is the day of something to come, told before it or right after it."""
    before = text[max(0, start - _NEAR) : start]
    return bool(_AHEAD.search(before) or (_OPENING.search(before) and _FOLLOWED.match(text[end : end + _NEAR])))


def _weekday(name: str, which: str, anchor: date | None) -> tuple[str, bool]:
    """Value of a weekday: the latest one up to the anchor ("ahead": the first one from it), or which the text says."""
    number = _DAYS.index(name.lower())
    if anchor is None:
        return f"W-{number + 1}", True
    back = (anchor.weekday() - number) % 7
    days = -back if which != "last" or back else -7
    if which == "ahead":
        days = (number - anchor.weekday()) % 7
    if which == "next":
        days = 7 - back
    return (anchor + timedelta(days=days)).isoformat(), True


_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1}


def _relative(match: re.Match[str], anchor: date | None) -> tuple[str, bool] | None:
    """Value of an expression that leans on the day it was written."""
    if match["word"]:
        amount = {"yesterday": -1, "tomorrow": 1}.get(match["word"].lower(), 0)
        return _shifted(anchor, amount, "day")
    if match["ago_n"]:
        back = match["ago"].lower() in ("ago", "earlier")
        return _shifted(anchor, _count(match["ago_n"]) * (-1 if back else 1), match["ago_u"].lower())
    if match["day"]:
        ahead = _is_ahead(match.string, match.start(), match.end())
        return _weekday(match["day"], "ahead" if ahead else "", anchor)
    unit = match["rel_u"].lower()
    which = match["rel"].lower()
    if unit.endswith("day"):
        return _weekday(unit, which, anchor)
    return _shifted(anchor, _STEP[which], "week" if unit == "weekend" else unit)


def _value(match: re.Match[str], anchor: date | None) -> tuple[str, bool] | None:  # noqa: PLR0911 - one return per rule
    """Value and relativity of one match, or None where it is no date after all."""
    if match["iso"]:
        parts = [int(part) for part in match["iso"].split("-")]
        return _checked(*parts) if len(parts) == 3 else (match["iso"], False)
    if match["mdy_m"]:
        return _day(match["mdy_y"], match["mdy_m"], match["mdy_d"], anchor)
    if match["dmy_m"]:
        return _day(match["dmy_y"], match["dmy_m"], match["dmy_d"], anchor)
    if match["my_m"]:
        return f"{match['my_y']}-{_month_number(match['my_m']):02}", False
    if match["q"] or match["qw"]:
        quarter = match["q"] or str(("first", "second", "third", "fourth").index(match["qw"].lower()) + 1)
        return (f"{match['q_y']}-Q{quarter}", False) if match["q_y"] else (f"Q{quarter}", False)
    if match["h"]:
        return f"{match['h_y']}-H{2 if match['h'].lower() in ('second', 'h2') else 1}", False
    if match["part"]:
        head = match["part"].lower()
        return f"{match['p_y']}-{'mid' if 'mid' in head else 'late' if head in ('late', 'end of') else 'early'}", False
    if match["decade"]:
        return match["decade"][:3], False
    if match["year"]:
        return match["year"], False
    if match["month"]:
        return _bare_month(match, anchor)
    return _relative(match, anchor)


def _bare_month(match: re.Match[str], anchor: date | None) -> tuple[str, bool] | None:
    """Value of a month alone; "may", "march" and "august" must look like months."""
    name = match["month"]
    if not name[0].isupper():
        return None
    if name.lower() in ("may", "march", "august", "april", "june") and not _PREPOSITION.search(
        match.string[max(0, match.start() - 12) : match.start()]
    ):
        return None
    number = _month_number(name)
    if anchor is None:
        return f"--{number:02}", False
    options = [value for year in (anchor.year - 1, anchor.year, anchor.year + 1) if (value := _date(year, number, 1))]
    return _likely(options, anchor).strftime("%Y-%m"), True


_START = re.compile(
    r"(?<!\d)\d|(?<!\w)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
    r"|q[1-4]|h[12]|first|second|third|fourth"
    r"|early|mid|late|end of|start of|beginning|yesterday|today|tonight|tomorrow|last|past|this|next"
    r"|previous|about|some|around|nearly|almost|over"
    r"|more than|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)",
    re.IGNORECASE,
)


def is_calendar(word: str) -> bool:
    """Whether a word names a month or a weekday."""
    return word.lower().rstrip(".") in _CALENDAR


_CALENDAR = frozenset(_MONTHS + _DAYS + tuple(month[:3] for month in _MONTHS) + ("sept",))


def find(text: str, anchor: datetime | date | None = None) -> tuple[DateMention, ...]:
    """Calendar expressions of `text` in order. `anchor` is when it was written: relative ones are resolved to it."""
    day = anchor.date() if isinstance(anchor, datetime) else anchor
    mentions = []
    at = 0
    for start in _START.finditer(text):
        match = _DATE.match(text, start.start()) if start.start() >= at else None
        found = _value(match, day) if match else None
        if match and found:
            value, relative = found
            at = match.end()
            mentions.append(DateMention(Span(*match.span()), match.group(), value, relative))
    return tuple(mentions)


def bounds(value: str) -> tuple[date, date] | None:
    """First and last day of an absolute value; None for truncated and unanchored ones."""
    match = re.fullmatch(r"(\d{3,4})(?:-(\d\d)(?:-(\d\d))?|-Q(\d)|-H(\d)|-W(\d\d)|-(early|mid|late))?", value)
    if match is None:
        return None
    head, month, day, quarter, half, week, part = match.groups()
    try:
        if len(head) == 3:
            return date(int(head) * 10, 1, 1), date(int(head) * 10 + 9, 12, 31)
        year = int(head)
        if week:
            start = date.fromisocalendar(year, int(week), 1)
            return start, start + timedelta(days=6)
        if day:
            return date(year, int(month), int(day)), date(year, int(month), int(day))
        first, last = _months(month, quarter, half, part)
        after = date(year + last // 12, last % 12 + 1, 1)
        return date(year, first, 1), after - timedelta(days=1)
    except ValueError:
        return None


def _months(month: str | None, quarter: str | None, half: str | None, part: str | None) -> tuple[int, int]:
    """First and last month of a part of a year."""
    if month:
        return int(month), int(month)
    if quarter:
        return int(quarter) * 3 - 2, int(quarter) * 3
    if half:
        return int(half) * 6 - 5, int(half) * 6
    return {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(part or "", (1, 12))


def compatible(a: DateMention, b: DateMention) -> bool:
    """Whether one of the two refines the other: "2026-03" and "2026-03-11" do, "2026-03" and "2026-04" do not."""
    if a.value == b.value:
        return True
    first, second = bounds(a.value), bounds(b.value)
    if first and second:
        return (first[0] <= second[0] and second[1] <= first[1]) or (second[0] <= first[0] and first[1] <= second[1])
    partial, other = (a.value, b.value) if not first else (b.value, a.value)
    return _fits(partial, other)


def _fits(partial: str, other: str) -> bool:
    """Whether a truncated value ("--03-11", "Q3", "W-2") can be the other one."""
    if partial.startswith("--"):
        tail, rest = partial[2:], other.removeprefix("--") if other.startswith("--") else other[5:]
        return bool(rest) and rest[:1].isdigit() and (tail.startswith(rest) or rest.startswith(tail))
    if partial.startswith("Q"):
        span, quarter = bounds(other), int(partial[1])
        return span is not None and (span[0].month - 1) // 3 + 1 == quarter == (span[1].month - 1) // 3 + 1
    if partial.startswith("W-"):
        span = bounds(other)
        return span is not None and span[0] == span[1] and span[0].isoweekday() == int(partial[2])
    return False
