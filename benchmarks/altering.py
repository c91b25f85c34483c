"""Other numbers and other dates in a sentence, for benchmarks/planted.py.

Every function takes a sentence and its own generator and gives the altered sentence, the way it was altered and the new
words, or None where it does not apply. Written against English news prose, with word lists of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Altered:
    """A sentence after the alteration, by which way, and the words that are new."""

    text: str
    way: str
    value: str = ""


Way = tuple[str, Callable[[str, Random], "Altered | None"]]


def _first(ways: Sequence[Way], text: str, chance: Random) -> Altered | None:
    """The first way that applies, tried in an order of chance."""
    for _, way in chance.sample(list(ways), len(ways)):
        found = way(text, chance)
        if found is not None and found.text != text:
            return found
    return None


def _put(text: str, match: re.Match[str], new: str, way: str) -> Altered:
    return Altered(text[: match.start()] + new + text[match.end() :], way, new)


# --- numbers ---------------------------------------------------------------------------------------------------------

_WORDS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_VALUE = {word: at for at, word in enumerate(_WORDS, 2)} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_COUNT = re.compile(
    r"(?<![\w$£€.,-])(?P<n>\d{1,3}(?:,\d{3})+|\d{1,3}|" + "|".join(_VALUE) + r")"
    r"(?P<noun> (?:[a-z]+ ){0,1}[a-z]{3,}s\b| people\b| men\b| women\b| children\b| percent\b| per cent\b)"
)
_NOT_COUNTED = re.compile(r"^ (?:minutes?|hours?|was|is|has|does|this|across|thus|plus|versus|times|others)\b")
_LIMITS = re.compile(
    r"\b(more than|over|at least|up to|nearly|almost|fewer than|less than|under|above|below|beyond|as many as"
    r"|about|around|some|roughly"
    r"|approximately|an estimated|another|top|last|first|past|next|between|of the|to|and|or|from|by|aged?) $",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?P<cur>[$£€])(?P<n>\d+(?:[.,]\d+)*)(?P<mag> (?:million|billion|trillion)|(?:m|bn|tn|k)?)\b(?![-–])"
)
_SHARE = re.compile(r"(?<![\w.,$-])(?P<n>\d{1,3}(?:\.\d+)?)(?P<sign>%| percent\b| per cent\b)")
_AGE = re.compile(r"\b(?P<an>[Aa]n? )?(?P<n>\d{1,2})-year-old\b")
_BIG = re.compile(r"(?<![\w$£€.,-])(?P<n>\d{1,3}(?:\.\d)?) (?P<mag>million|billion) (?=[a-z])")
_MEASURE = re.compile(
    r"(?<![\w.,$-])(?P<n>\d{1,4}(?:\.\d)?)(?P<unit>[- ](?:miles?|km|kilometers?|kilometres?|met(?:er|re)s?|feet|foot"
    r"|acres|tons|tonnes|degrees|pounds|years|months|days|weeks|hours|minutes|year|month|day|week|hour|minute|mph|magnitude))\b"
)
_RANGE = re.compile(r"\b(?P<low>\d{1,3}) (?:to|and) (?P<high>\d{1,3})(?= [a-z]+s\b)")


def _other(value: float, chance: Random) -> float:
    """Another value of the same size class, too far off to be a rounding of it."""
    if value < 6 and value == int(value):
        return value + chance.choice([1, 2, 3]) if value < 3 else value + chance.choice([-1, 1, 2])
    factor = chance.choice([0.45, 0.6, 0.7, 1.35, 1.6, 1.9])
    digits = 0 if value == int(value) else 1
    new = round(value * factor, digits)
    if value >= 100 and digits == 0:  # as precise as before
        zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
        new = float(round(new, -min(zeros, len(str(int(new))) - 1)))
        if zeros == 0 and chance.random() < 0.5:
            new = float(int(new) + chance.choice([3, 7, -4]))
    return new


def _written(value: float, like: str, chance: Random) -> str:
    """A value in digits, or in words where it is small: sometimes otherwise than its like is written."""
    small = value == int(value) and 2 <= value <= 15
    words = not like[:1].isdigit()
    if small and (words != (chance.random() < 0.3)):
        return _WORDS[int(value) - 2]
    return f"{int(value):,}" if value == int(value) else f"{value}"


def _read(text: str) -> float:
    return float(_VALUE[text]) if text in _VALUE else float(text.replace(",", ""))


def _usable(text: str, match: re.Match[str]) -> bool:
    """Whether nothing before a number limits it or makes it a part, a rank, a range or a date."""
    before = text[max(0, match.start() - 16) : match.start()]
    if _LIMITS.search(before) or re.search(r"[A-Z][a-z.]+ $", before):
        return False
    value = match["n"]
    return not (value.isdecimal() and len(value) == 4) and _read(value) >= 2


def _count(text: str, chance: Random) -> Altered | None:
    found = [m for m in _COUNT.finditer(text) if _usable(text, m) and not _NOT_COUNTED.match(m["noun"])]
    if not found:
        return None
    match = chance.choice(found)
    value = _other(_read(match["n"]), chance)
    new = _written(value, match["n"], chance)
    return _put(text, match, new + match["noun"], "a count")


def _more_than(text: str, chance: Random) -> Altered | None:
    """A bound that a figure breaks: "more than 100" against 60."""
    for match in _COUNT.finditer(text):
        limit = re.search(r"(?i)\b(more than|at least|over|up to|fewer than) $", text[: match.start()])
        if limit is None or _read(match["n"]) < 6:
            continue
        least = limit[1].lower() in ("more than", "at least", "over")
        value = round(_read(match["n"]) * (chance.choice([0.4, 0.55]) if least else chance.choice([1.8, 2.4])))
        new = f"{value:,}{match['noun']}"
        new = new if limit.start() else new[0].upper() + new[1:]
        return Altered(text[: limit.start()] + new + text[match.end() :], "a bound", new)
    return None


def _money(text: str, chance: Random) -> Altered | None:
    found = [m for m in _MONEY.finditer(text) if _usable(text, m)]
    if not found:
        return None
    match = chance.choice(found)
    value = _other(_read(match["n"]), chance)
    mag = match["mag"]
    long = {" million": "m", " billion": "bn", "m": " million", "bn": " billion"}
    if mag in long and chance.random() < 0.3:
        mag = long[mag]
    figure = f"{int(value):,}" if value == int(value) else f"{value:,}"
    return _put(text, match, f"{match['cur']}{figure}{mag}", "money")


def _share(text: str, chance: Random) -> Altered | None:
    found = [m for m in _SHARE.finditer(text) if _usable(text, m)]
    if not found:
        return None
    match = chance.choice(found)
    value = _other(_read(match["n"]), chance)
    if value > 100 >= _read(match["n"]):
        value = round(_read(match["n"]) * 0.6, 1)
    sign = chance.choice([match["sign"], "%", " percent", " per cent"])
    return _put(text, match, f"{value:g}{sign}", "a share")


def _age(text: str, chance: Random) -> Altered | None:
    match = _AGE.search(text)
    if match is None:
        return None
    new = int(match["n"]) + chance.choice([-9, -4, 3, 5, 11])
    article = (match["an"] or "").replace("n", "") and (match["an"] or "")[0] + (
        "n " if str(new)[0] == "8" or new in (11, 18) else " "
    )
    return _put(text, match, f"{article}{new}-year-old", "an age") if new > 1 else None


def _big(text: str, chance: Random) -> Altered | None:
    found = [m for m in _BIG.finditer(text) if _usable(text, m)]
    if not found:
        return None
    match = chance.choice(found)
    value = _other(_read(match["n"]), chance)
    if match["mag"] == "million" and chance.random() < 0.4:
        return _put(text, match, f"{int(value * 1_000_000):,} ", "millions")
    return _put(text, match, f"{value:g} {match['mag']} ", "millions")


def _measure(text: str, chance: Random) -> Altered | None:
    found = [m for m in _MEASURE.finditer(text) if _usable(text, m) and not text[m.end() :].startswith("-old")]
    if not found:
        return None
    match = chance.choice(found)
    return _put(text, match, f"{_other(_read(match['n']), chance):g}{match['unit']}", "a measure")


def _range(text: str, chance: Random) -> Altered | None:
    match = _RANGE.search(text)
    if match is None or int(match["low"]) >= int(match["high"]):
        return None
    low, high = int(match["low"]), int(match["high"])
    return _put(text, match, f"{high * 2} to {high * 3 - low}", "a range")


_NUMBERS: tuple[Way, ...] = (
    ("a count", _count),
    ("a bound", _more_than),
    ("money", _money),
    ("a share", _share),
    ("an age", _age),
    ("millions", _big),
    ("a measure", _measure),
    ("a range", _range),
)


def number(text: str, chance: Random) -> Altered | None:
    """Another number in the place of one."""
    return _first(_NUMBERS, text, chance)


def measured(text: str) -> bool:
    """Whether a sentence has a number or a date to be mistaken about."""
    return any(pattern.search(text) for pattern in (_COUNT, _MONEY, _SHARE, _BIG, _WEEKDAY, _DAY, _YEAR))


# --- dates -----------------------------------------------------------------------------------------------------------

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_SHORT = {month[:3]: month for month in _MONTHS} | {"Sept": "September"}
_WEEKDAY = re.compile(rf"\b(?P<on>on |late |early |by |until |next |last |since )?(?P<day>{'|'.join(_DAYS)})\b(?!['’])")
_NAMED = "|".join([*_MONTHS, *(f"{short}\\." for short in _SHORT), *(s for s in _SHORT if s != "May")])
_DAY = re.compile(rf"\b(?P<m>{_NAMED}) (?P<d>\d{{1,2}})\b(?!\d|:|,000)|\b(?P<d2>\d{{1,2}}) (?P<m2>{_NAMED})(?!\w)")
_MONTH = re.compile(rf"\b(?P<in>in|since|until|by|last|next|from|of|for) (?P<m>{'|'.join(_MONTHS)})\b(?! \d|['’])")
_YEAR = re.compile(
    r"\b(?P<in>in|since|by|until|from|of|before|after|during) (?P<y>(?:19|20)\d\d)\b(?!['’-])"
    r"(?! [a-z]+ (?:election|season))"
)
_SPAN = re.compile(r"\b(?P<when>last|next|this) (?P<unit>week|month|year|summer|winter|spring|fall|autumn)\b")
_NEAR = re.compile(r"\b(?:yesterday|tomorrow)\b")


def _weekday(text: str, chance: Random) -> Altered | None:
    found = list(_WEEKDAY.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    new = chance.choice([day for day in _DAYS if day != match["day"]])
    return _put(text, match, (match["on"] or "") + new, "a weekday")


def _day(text: str, chance: Random) -> Altered | None:
    match = _DAY.search(text)
    if match is None:
        return None
    name = (match["m"] or match["m2"]).rstrip(".")
    month, day = _SHORT.get(name, name), int(match["d"] or match["d2"])
    if chance.random() < 0.5:
        day = chance.choice([d for d in range(1, 29) if abs(d - day) > 1])
    else:
        month = chance.choice([m for m in _MONTHS if m != month])
        day = min(day, 28)
    form = chance.choice(["{m} {d}", "{d} {m}", "{s}. {d}", "the {d}{th} of {m}"])
    th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    new = form.format(m=month, s=month[:3], d=day, th=th)
    return _put(text, match, new, "a day")


def _month(text: str, chance: Random) -> Altered | None:
    match = _MONTH.search(text)
    if match is None:
        return None
    new = chance.choice([month for month in _MONTHS if month != match["m"]])
    return _put(text, match, f"{match['in']} {new}", "a month")


def _year(text: str, chance: Random) -> Altered | None:
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    new = int(match["y"]) + chance.choice([-12, -5, -3, -2, -1, 1, 2, 3])
    return _put(text, match, f"{match['in']} {new}", "a year")


def _span(text: str, chance: Random) -> Altered | None:
    match = _SPAN.search(text)
    if match is None:
        return None
    if match["when"] == "this":
        return None  # this week is of this year
    units = [
        unit for unit in ("week", "month", "year") if {unit, match["unit"]} not in ({match["unit"]}, {"month", "year"})
    ]
    new = f"{match['when']} {chance.choice(units)}"
    if chance.random() < 0.4:
        new = f"{'next' if match['when'] == 'last' else 'last'} {match['unit']}"
    return _put(text, match, new, "a week, month or year off")


def _near(text: str, chance: Random) -> Altered | None:
    match = _NEAR.search(text)
    if match is None:
        return None
    new = chance.choice([word for word in ("yesterday", "today", "tomorrow") if word != match.group()])
    return _put(text, match, new, "a day off")


_DATES: tuple[Way, ...] = (
    ("a weekday", _weekday),
    ("a day", _day),
    ("a month", _month),
    ("a year", _year),
    ("a week, month or year off", _span),
    ("a day off", _near),
)


def date(text: str, chance: Random) -> Altered | None:
    """Another date in the place of one."""
    return _first(_DATES, text, chance)
