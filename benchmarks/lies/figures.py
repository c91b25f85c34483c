"""Lies about figures: another number, another unit, another date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks import altering
from benchmarks.lies.lie import Form, Lie, attempt, put, swapped

_DIGITS = re.compile(r"(?<![\w.,:/-])[$£€]?\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\d\w/:]|[.,]\d|-)")
_CALENDAR = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? $|\b(?:aged?|No\.|number|chapter|version|v) $", re.I
)
_CLOCK = re.compile(r"^ ?(?:a\.?m|p\.?m|am|pm|GMT|ET|th|st|nd|rd|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))")


def _plain_numbers(text: str) -> list[re.Match[str]]:
    """Numbers in digits that are no year, no day of a month, no time of day and no part of a name."""
    found = []
    for match in _DIGITS.finditer(text):
        before = text[: match.start()]
        year = re.fullmatch(r"(?:19|20)\d\d", match.group())
        named = re.search(r"[A-Z][\w'’-]* $", before) and not re.search(r"(?:^|[.!?] )[A-Z][\w'’-]* $", before)
        if year or named or _CALENDAR.search(before) or _CLOCK.match(text[match.end() :]):
            continue
        found.append(match)
    return found


def _another(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    found = altering.number(text, chance)
    return Lie(found.text, found.way) if found else None


def _exchanged(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Two numbers of the sentence in each other's place."""
    found = _plain_numbers(text)
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.group() != b.group()
        and ("$" in a.group()) == ("$" in b.group())
        and text[a.end() : a.end() + 1] != "%"
        and not re.fullmatch(r"\s?(?:,|and|to|-|or|x)\s?", text[a.end() : b.start()])
        and not re.search(r"\b(?:from|between) $", text[: a.start()])
        and (text[a.end() : a.end() + 5].split() or [""])[0] != (text[b.end() : b.end() + 5].split() or [""])[0]
    ]
    return Lie(swapped(text, *chance.choice(pairs)), "two exchanged") if pairs else None


def _neighbour(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A number of a sentence beside it, which is cited, too."""
    found = _plain_numbers(text)
    pool = [(other, m) for other in near for m in _plain_numbers(other) if m.group().strip("$£€") not in text]
    if not found or not pool:
        return None
    victim = chance.choice(found)
    other, new = chance.choice(pool)
    symbol = victim.group()[0] if victim.group()[0] in "$£€" else ""
    return Lie(put(text, victim, symbol + new.group().strip("$£€")), "from another cited sentence", (other,))


def _magnitude(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Ten times as much, or a tenth."""
    found = [m for m in _plain_numbers(text) if float(m.group().strip("$£€").replace(",", "")) >= 2]
    if not found:
        return None
    victim = chance.choice(found)
    symbol = victim.group()[0] if victim.group()[0] in "$£€" else ""
    value = float(victim.group().strip("$£€").replace(",", ""))
    new = value * 10 if chance.random() < 0.5 or value % 10 else value / 10
    return Lie(put(text, victim, symbol + (f"{new:,.0f}" if new == int(new) else f"{new:,.1f}")), "a decimal place")


_NUMBERS: tuple[Form, ...] = (
    ("another", _another),
    ("another", _another),
    ("exchanged", _exchanged),
    ("neighbour", _neighbour),
    ("magnitude", _magnitude),
)


def number(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Another number in the place of one."""
    return attempt(_NUMBERS, text, near, chance)


# --- units -----------------------------------------------------------------------------------------------------------

_UNITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=\d )million\b", ("billion", "thousand")),
    (r"(?<=\d )billion\b", ("million", "trillion")),
    (r"(?<=\d )trillion\b", ("billion",)),
    (r"(?<=\d)bn\b", ("m", "tn")),
    (r"(?<=\d)%", (" percentage points", " million")),
    (r"(?<=\d) (?:percent|per cent)\b", (" percentage points", " million")),
    (r"(?<=\d )percentage points\b", ("percent",)),
    (r"(?<=\d )(?:kilometers|kilometres)\b|(?<=\d )km\b", ("miles", "metres")),
    (r"(?<=\d )miles\b", ("kilometres", "feet")),
    (r"(?<=\d )(?:feet|ft)\b", ("metres", "yards")),
    (r"(?<=\d )(?:meters|metres)\b", ("feet", "kilometres")),
    (r"(?<=\d )(?:tons|tonnes)\b", ("kilograms", "pounds")),
    (r"(?<=\d )pounds\b", ("kilograms", "tonnes")),
    (r"(?<=\d )(?:kilograms|kg)\b", ("tonnes", "pounds")),
    (r"(?<=\d )acres\b", ("hectares", "square miles")),
    (r"\bdegrees Celsius\b", ("degrees Fahrenheit",)),
    (r"\bdegrees Fahrenheit\b", ("degrees Celsius",)),
    (r"(?<=\d )GB\b|(?<=\d)GB\b", ("MB", "TB")),
    (r"(?<=\d )(?:MW|megawatts)\b", ("gigawatts", "kilowatts")),
    (r"(?<=\d )(?:GW|gigawatts)\b", ("megawatts", "kilowatts")),
    (r"(?<=[ -])minutes\b", ("hours", "seconds")),
    (r"\bhours\b", ("minutes", "days")),
    (r"\b(?<=\w )days\b", ("weeks", "months")),
    (r"\b(?<=\w )weeks\b", ("months", "days")),
    (r"\b(?<=\w )months\b", ("years", "weeks")),
    (r"(?<=\d[ -])years?\b(?![ -]old)", ("months", "decades")),
    (r"\b(?:a|per|each) year\b", ("a month", "a week")),
    (r"\b(?:a|per|each) month\b", ("a year", "a day")),
    (r"\b(?:a|per|each) day\b", ("a week", "an hour")),
    (r"\$(?=\d)", ("€", "£", "¥")),
    (r"£(?=\d)", ("€", "$")),
    (r"€(?=\d)", ("$", "£")),
    (r"(?<=\d )euros\b", ("dollars", "pounds")),
    (r"(?<=\d )dollars\b", ("euros", "pounds")),
)
_COUNTING = re.compile(
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty))[ -]$"
)


def unit(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """The same number of something else: millions of billions, miles of kilometres, a year of a month."""
    options = []
    for pattern, others in _UNITS:
        for match in re.finditer(pattern, text):
            bare = pattern.startswith((r"\bhours", r"\b(?<=\w ", r"(?<=[ -])minutes"))
            if not bare or _COUNTING.search(text[: match.start()]):
                options.append((match, others))
    if not options:
        return None
    match, others = chance.choice(options)
    new = chance.choice(others)
    lead = " " if match.group().startswith(" ") and not new.startswith(" ") else ""
    return Lie(put(text, match, lead + new), f"{match.group().strip()} as {new.strip()}")


# --- dates -----------------------------------------------------------------------------------------------------------

_OFF = "a week, month or year off"
_MARKED = re.compile(
    r"\b(?P<mark>since|until|before|after|by) (?=(?:19|20)\d\d\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:January|February|March|April|June|July|August|September|October|November|December)\b)",
    re.I,
)
_MARKS = {
    "since": ("until", "before"),
    "until": ("since", "after"),
    "before": ("after",),
    "after": ("before",),
    "by": ("since", "after"),
}


def _other_date(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    found = altering.date(text, chance)
    if found is None or (found.way == _OFF and re.search(r"\b(?:week|month)", found.value)):
        return None  # what was last week may well have been last month
    return Lie(found.text, found.way)


def _other_mark(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    match = _MARKED.search(text)
    return Lie(put(text, match, chance.choice(_MARKS[match["mark"].lower()]) + " "), "what it marks") if match else None


def _added(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A date that nobody gave."""
    if re.search(
        r"\d{4}|day\b|month|year|week|today|tomorrow|January|Feb|March|April|May|Ju[nl]|Aug|Sept|Oct|Nov|Dec", text
    ):
        return None
    when = chance.choice(["on Thursday", "in 2019", "on March 14", "last year", "in the second quarter"])
    return Lie(f"{text.rstrip('.')} {when}.", "one put in") if len(text.split()) < 22 and '"' not in text else None


_DATES: tuple[Form, ...] = (("other", _other_date), ("other", _other_date), ("mark", _other_mark), ("added", _added))


def date(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Another date in the place of one, what it marks turned round, or a date where there was none."""
    return attempt(_DATES, text, near, chance)
