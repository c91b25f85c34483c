"""Quantities: one grammar for every number a text gives, normalised to a base unit or to what is counted.

"15 GW", "15,000 MW" and "fifteen gigawatts" are one value; "40 %", "40 per cent" and "four in ten" are 0.4 of unit
"ratio". Years and dates are no quantities, nor are names that hold digits ("G7", "COVID-19", "Windows 11").
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.domain import DateMention, Quantity, Span
from pipeline.language import dates
from pipeline.language.grammar import (
    AFTER,
    BEFORE,
    CODE,
    CURRENCY,
    FRACTION_WORDS,
    IRREGULAR,
    MAGNITUDE,
    MAGNITUDE_WORD,
    NAME_AROUND,
    NEXT_WORD,
    NOT_PLURAL,
    NUMBER,
    ORDINALS,
    PASSED,
    PERCENT,
    RANGE,
    START,
    STOPPERS,
    UNIT,
    VAGUE,
)
from pipeline.language.numerals import DIGITS, of_digits, of_words
from pipeline.language.units import CURRENCIES, MAGNITUDES, UNITS
from pipeline.language.verbs import is_finite
from pipeline.language.words import is_stop, stem


def _noun(text: str, at: int) -> str:  # noqa: PLR0911 - one return per rule
    """The counted thing after a number: the first plural within a few words, stemmed; "" where there is none."""
    for step in range(6):
        match = NEXT_WORD.match(text, at)
        if match is None:
            return ""
        word = match["word"].lower().replace("’", "'")
        last = word.rsplit("-", 1)[-1]
        if step and is_finite(word):
            return ""
        if word in PASSED and step < 3:
            at = match.end("word")
            continue
        if word in STOPPERS:
            return ""
        if last in IRREGULAR:
            return IRREGULAR[last]
        if last.endswith("s") and not last.endswith(("ss", "'s")) and len(last) > 3 and last not in NOT_PLURAL:
            return stem(last)
        listed = match["end"].startswith(",")
        if listed and not word.endswith(
            ("ive", "ous", "ful", "al", "ing", "ed", "ant", "ent", "ic", "less", "y", "ern", "ble")
        ):
            return ""
        at = match.end("word") + listed
    return ""


def _bound(text: str, start: int, end: int) -> str:
    """What limits a number: words before it ("over", "up to", "nearly", "about"), else words after it ("or more")."""
    match = BEFORE.search(text, max(0, start - 24), start)
    if match and match.lastgroup:
        return match.lastgroup.replace("_", " ")
    after = AFTER.match(text, end)
    return after.lastgroup or "" if after else ""


def _in_name(text: str, start: int) -> bool:
    """Whether bare digits are part of a name such as "Windows 11": a capitalised word stands before them."""
    before = _WORD_BEFORE.search(text, max(0, start - 32), start)
    if before is None or is_stop(before["word"].lower()) or before["word"].lower() in STOPPERS:
        return False
    word = before["word"]
    if dates.is_calendar(word):
        return False
    if any(c.isupper() for c in word[1:]):
        return True
    lead = text[max(0, before.start("word") - 4) : before.start("word")].rstrip(" ")
    return word[0].isupper() and bool(lead) and lead[-1] not in ".!?\n" and not _titled(text)


@lru_cache(maxsize=256)
def _titled(text: str) -> bool:
    """Whether `text` is set in title case, where a capital says nothing."""
    words = re.findall(r"[^\W\d_]{4,}", text[:400])
    return len(words) >= 3 and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


_WORD_BEFORE = re.compile(r"(?P<word>[^\W\d_][\w'’.-]*) $")


def _ratio(match: re.Match[str]) -> float | None:
    """Value of a fraction in words or with a stroke, or None where it is none."""
    if match["share"]:
        parts = re.split(r"[- ](?:out[- ])?(?:in|of)[- ](?:every[- ]|the )?", match["share"].lower(), maxsplit=1)
        low, high = (float(p) if p.isdecimal() else 100.0 if "hundred" in p else of_words(p) for p in parts)
        return low / high if 0 < low < high else None
    if match["slash"]:
        low_text, _, high_text = match["slash"].partition("/")
        return int(low_text) / int(high_text) if int(low_text) < int(high_text) else None
    if match["half"]:
        return 0.5
    head, tail = re.split(r"[- ]", match["frac"].lower())
    return (1.0 if head in ("a", "an") else of_words(head)) / FRACTION_WORDS[tail]


def _tail(text: str, at: int, currency: str, spelled: bool) -> tuple[int, float, str]:
    """What follows a numeral at `at`: (end, factor, unit) after magnitude, per cent sign, currency and unit."""
    percent = PERCENT.match(text, at)
    if percent:
        return (
            percent.end(),
            (1.0 if percent["pp"] or percent["pp2"] else 0.01),
            "pp" if percent["pp"] or percent["pp2"] else "ratio",
        )
    factor, end = 1.0, at
    magnitude = (MAGNITUDE_WORD if spelled else MAGNITUDE).match(text, at) or MAGNITUDE_WORD.match(text, at)
    if magnitude and _is_magnitude(text, magnitude, currency):
        mag = magnitude["mag"]
        factor = MAGNITUDES.get(mag, MAGNITUDES.get(mag.lower(), 1.0))
        end = magnitude.end()
    if currency:
        return end, factor, currency
    money = CURRENCY.match(text, end)
    if money and not (money["cur"].lower() in ("try", "won", "pound", "pounds", "rs") and factor == 1.0):
        unit = CURRENCIES[money["cur"].lower()]
        return (money.end(), factor / 100, "USD") if unit == "USD/100" else (money.end(), factor, unit)
    unit_match = UNIT.match(text, end)
    if unit_match and not (factor != 1.0 and len(unit_match["unit"]) == 1):
        scale, base = UNITS[unit_match["unit"]]
        return unit_match.end(), factor * scale, base
    return end, factor, ""


def _is_magnitude(text: str, match: re.Match[str], currency: str) -> bool:
    """Whether "m", "b", "t" or "k" after a number multiplies it, and is no unit: "5m people", not "5 m tall"."""
    mag = match["mag"]
    if len(mag) > 1 and mag not in ("mm", "MM", "mil"):
        return True
    if currency:
        return True
    if match["gap"] or mag in ("mm", "MM", "mil", "t", "T"):
        return False
    return not (
        mag == "m"
        and re.match(
            r"[ -](?:tall|long|wide|high|deep|away|from|above|below|race|x)\b", text[match.end() : match.end() + 8]
        )
    )


def _digits_quantity(text: str, match: re.Match[str], busy: list[tuple[int, int]]) -> Quantity | None:
    """The quantity of a numeral in digits, or None where the digits belong to a name, a time or a date."""
    start, end = match.span("num")
    if any(start < b and a < end for a, b in busy):
        return None
    if text[start - 1 : start] in ("-", "–") and start > 1 and text[start - 2].isalpha():
        return None
    value, step = of_digits(match["num"])
    sign = (match["cur"] or "").strip().lower()
    currency = CURRENCIES.get(sign, "")
    stop, factor, unit = _tail(text, end, currency, spelled=False)
    bare = not unit and factor == 1.0
    score = bare and re.match(r"[-–]\d", text[stop : stop + 2]) is not None
    if bare and (
        end < len(text)
        and (text[end].isalpha() or text[end : end + 1] in "_@/\\" or re.match(r"[:.]\d", text[end : end + 2]))
    ):
        return None
    if bare and not score and "," not in match["num"] and _in_name(text, start):
        return None
    begin = match.start("cur") if sign else start
    negative = text[begin - 1 : begin] in ("-", "−") and (begin < 2 or text[begin - 2] in " (\n")
    if negative:
        value, begin = -value, begin - 1
    scored = bare and re.search(r"(?<!\w)(\d{1,3})[-–]$", text[max(0, start - 5) : start])
    counts = unit == "ratio" or (not unit and not (scored and int(scored[1]) >= value))
    noun = _noun(text, stop + text.startswith("+", stop)) if counts else ""
    if bare and re.match(r" ?[ap]\.?m\b", text[stop : stop + 5], re.IGNORECASE):
        return None
    return Quantity(
        Span(begin, stop),
        text[begin:stop],
        _scaled(value, factor),
        unit or noun,
        _bound(text, begin, stop),
        noun,
        step * abs(factor),
    )


def _scaled(value: float, factor: float) -> float:
    """`value` times `factor` without the dust of binary fractions: twelve significant digits."""
    return float(f"{value * factor:.12g}")


def _word_quantity(text: str, match: re.Match[str]) -> Quantity | None:
    """The quantity of a numeral in words; "one" alone is mostly a pronoun and counts only before a unit."""
    start, end = match.span("word")
    value = of_words(match["word"])
    stop, factor, unit = _tail(text, end, "", spelled=True)
    noun = _noun(text, stop) if unit in ("", "ratio") else ""
    if match["word"].lower() in ("one", "zero") and not unit and factor == 1.0:
        return None
    if match["word"].lower() == "zero" and text.startswith("-", end):
        return None
    if not unit and factor == 1.0 and text[start].islower() and NAME_AROUND.search(text[max(0, start - 24) : end + 2]):
        return None
    return Quantity(
        Span(start, stop),
        text[start:stop],
        _scaled(value, factor),
        unit or noun,
        _bound(text, start, stop),
        noun,
        abs(factor),
    )


def _quantity(text: str, match: re.Match[str], busy: list[tuple[int, int]]) -> Quantity | None:  # noqa: PLR0911 - one return per rule
    """The quantity of one match of the grammar."""
    if match["num"]:
        return _digits_quantity(text, match, busy)
    start, end = match.span()
    if any(start < b and a < end for a, b in busy):
        return None
    if match["word"]:
        return _word_quantity(text, match)
    if match["ord"] or match["ordw"]:
        value = float(match["ord"][:-2]) if match["ord"] else float(ORDINALS.index(match["ordw"].lower()) + 1)
        return Quantity(Span(start, end), match.group(), value, "ordinal", "", "", 1.0)
    if match["vague"]:
        words = match["vague"].lower().split(" of ")
        value = VAGUE[words[-1]] * {"tens": 10.0, "hundreds": 100.0, "thousands": 1e3, "dozens": 12.0}.get(
            words[0] if len(words) > 1 else "", 1.0
        )
        noun = _noun(text, end)
        return Quantity(Span(start, end), match.group(), value, noun, "about", noun, value)
    ratio = _ratio(match)
    if ratio is None:
        return None
    return Quantity(Span(start, end), match.group(), ratio, "ratio", _bound(text, start, end), _noun(text, end), 0.0)


def find(text: str, calendar: Sequence[DateMention] | None = None) -> tuple[Quantity, ...]:
    """The quantities of `text` in order, not overlapping; values in base units, dates and names left out.

    `calendar` may give the dates of `text` where the caller has found them already.
    """
    if not START.search(text):
        return ()
    busy = [(m.span.start, m.span.end) for m in (dates.find(text) if calendar is None else calendar)]
    busy += [match.span() for match in CODE.finditer(text)]
    found = []
    at = 0
    for start in START.finditer(text):
        match = NUMBER.match(text, start.start()) if start.start() >= at else None
        if match is None:
            continue
        at = match.end()
        quantity = _quantity(text, match, busy)
        if quantity is not None and math.isfinite(quantity.value):
            found.append(quantity)
    return tuple(_ranges(text, found))


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """`found`, where the lower end of a range takes the unit that only the upper end states ("10-15 years")."""
    for i in range(len(found) - 1):
        low, high = found[i], found[i + 1]
        if low.unit or not high.unit or not RANGE.fullmatch(text, low.span.end, high.span.start):
            continue
        factor = high.step and high.step / _last_place(high.text)
        measured = high.unit if high.unit != high.noun else ""
        if factor and (measured or high.noun):
            found[i] = replace(
                low, value=_scaled(low.value, factor), step=low.step * factor, unit=high.unit, noun=high.noun
            )
    return found


def _last_place(text: str) -> float:
    """Worth of one in the last place of the numeral that a quantity's text holds; 1 for words."""
    match = re.search(DIGITS, text)
    return of_digits(match.group())[1] if match else 1.0


def same_amount(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities have one value, whatever they count; a fraction in words meets its rounded percentage."""
    measured_a, measured_b = a.unit if a.unit != a.noun else "", b.unit if b.unit != b.noun else ""
    if measured_a != measured_b:
        return False
    if math.isclose(a.value, b.value, rel_tol=1e-9, abs_tol=1e-12):
        return True
    if measured_a == "ratio" and (a.step == 0.0) != (b.step == 0.0):
        return abs(a.value - b.value) <= max(a.step, b.step) / 2
    return False


def equal(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities are the same amount of the same thing. Bounds are not compared: see `Quantity.bound`."""
    return same_amount(a, b) and (a.noun == b.noun or not a.noun or not b.noun)
