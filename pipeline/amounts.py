"""Amounts that exclude each other: bounds, "about", rounding and how finely a source spoke allowed for."""

from __future__ import annotations

import re

from pipeline.domain import Quantity
from pipeline.language import quantities

_ABOUT = 0.15  # share by which two rounded numbers may differ
_TIMES = 4.0  # two counts of one thing seldom differ by more
_NO_FIGURE = re.compile(
    r"^[a-z]+s of\b|^[a-z]+s$|\d(?:st|nd|rd|th)$|^(?:first|second|third|fourth|fifth|sixth|tenth)\b", re.IGNORECASE
)


def incompatible(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts of one thing exclude each other, with bounds, "about" and rounding allowed for."""
    low, high = sorted((a, b), key=lambda quantity: quantity.value)
    if _NO_FIGURE.search(a.text) or _NO_FIGURE.search(b.text):
        return False
    if quantities.same_amount(a, b) or high.value - low.value <= _step(low, high):
        return False
    if low.bound in ("over", "at least") or high.bound in ("under", "up to", "nearly", "at most"):
        return False
    if "about" in (low.bound, high.bound) or _round(low) or _round(high):
        return high.value - low.value > _ABOUT * high.value
    return True


_DOLLARS = re.compile(r"\b(?:Austral|Canad|New Zealand|Singapore|Hong Kong|Taiwan)")
_TIME = re.compile(r"(?:year|month|week|day|hour|minute|decade)s?$", re.IGNORECASE)
_RATES = (1.15, 1.85)  # how many of these dollars one of the United States buys


def two_currencies(a: Quantity, b: Quantity, texts: str) -> bool:
    """Whether two amounts in dollars may be one, in those of the United States and of a country that `texts` name."""
    if a.unit != "USD" or b.unit != "USD" or not _DOLLARS.search(texts):
        return False
    low, high = sorted((abs(a.value), abs(b.value)))
    return _RATES[0] * low <= high <= _RATES[1] * low


def durations(a: Quantity, b: Quantity) -> bool:
    """Whether either amount is a length of time."""
    return any(_TIME.search(one.text) for one in (a, b))


def far_apart(a: Quantity, b: Quantity) -> bool:
    """Whether one amount is many times the other: then they are most likely amounts of different things."""
    low, high = sorted((abs(a.value), abs(b.value)))
    return high > _TIMES * low


def _step(a: Quantity, b: Quantity) -> float:
    """How far two amounts may lie apart when one is the other, given less finely."""
    return max(a.step, b.step) * 0.51 if a.step != b.step else 0.0


def _round(quantity: Quantity) -> bool:
    """Whether a number of three digits or more is a round one, such as 1,200 or 3,000."""
    value = abs(quantity.value)
    if value < 100 or value != int(value):
        return False
    digits = str(int(value)).rstrip("0")
    return len(digits) <= max(1, len(str(int(value))) - 2)
