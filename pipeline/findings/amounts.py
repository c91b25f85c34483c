"""Amounts that exclude each other: bounds, "about", rounding and how finely a source spoke allowed for."""

from __future__ import annotations

import re

from pipeline.claiming import bearings
from pipeline.claiming.assertions import GENERAL, Amount, Assertion
from pipeline.domain import Quantity
from pipeline.language import quantities

_ABOUT = 0.15  # share by which two rounded numbers may differ
_PASSED = 0.1  # share by which two tellings of the time that has passed may differ
_COUNTED = re.compile(r" [a-z]")
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


def exclude(a: Assertion, b: Assertion, mine: Quantity, theirs: Quantity) -> bool:
    """Whether two amounts cannot both be; a country's own dollars are not those of the United States."""
    if unlike(a.claim.text, mine, b.claim.text, theirs):
        return False
    return incompatible(mine, theirs) and not two_currencies(mine, theirs, f"{a.claim.text} {b.claim.text}")


_DOLLARS = re.compile(r"\b(?:Austral|Canad|New Zealand|Singapore|Hong Kong|Taiwan)")
_TIME = re.compile(r"(?:year|month|week|day|hour|minute|decade)s?$", re.IGNORECASE)
_RATES = (1.15, 1.85)  # how many of these dollars one of the United States buys


def two_currencies(a: Quantity, b: Quantity, texts: str) -> bool:
    """Whether two amounts in dollars may be one, in those of the United States and of a country that `texts` name."""
    if a.unit != "USD" or b.unit != "USD" or not _DOLLARS.search(texts):
        return False
    low, high = sorted((abs(a.value), abs(b.value)))
    return _RATES[0] * low <= high <= _RATES[1] * low


def unlike(text: str, a: Quantity, other: str, b: Quantity) -> bool:
    """Whether two amounts of `text` and `other` measure apart: of two lists, an age and a count, a rate and a sum.

    Time that has passed is rounded in more ways than one, and until one thing is not until another.
    """
    if bearings.listed(text, a.span) or bearings.listed(other, b.span) or _misprinted(a, b):
        return True
    if bearings.raised_to(text, a.span) != bearings.raised_to(other, b.span):
        return True
    if bearings.rated(text, a.span) != bearings.rated(other, b.span):
        return True
    if any(_age_beside(*pair) for pair in ((text, a, other, b), (other, b, text, a))):
        return True
    one, two = bearings.elapsed(text, a.span), bearings.elapsed(other, b.span)
    near = abs(a.value - b.value) <= _PASSED * max(abs(a.value), abs(b.value))
    return bool(one and two) and durations(a, b) and (one != two or near)


def inventories(a: Assertion, b: Assertion) -> bool:
    """Whether both count two things or more and none of these alike: "six rifles, 12 belts", "14 rifles, 31 belts"."""
    mine, theirs = ({one.quantity.noun: one.quantity for one in side.amounts if one.quantity.noun} for side in (a, b))
    both = sorted(noun for noun in mine.keys() & theirs.keys() if noun not in GENERAL)
    return len(both) > 1 and all(incompatible(mine[noun], theirs[noun]) for noun in both)


def _age_beside(text: str, age: Quantity, other: str, count: Quantity) -> bool:
    """Whether an amount of `text` is an age and that of `other` counts what is named after it."""
    counts = not durations(age, count) and _COUNTED.match(other, count.span.end) is not None
    return counts and bearings.aged(text, age.span) and not bearings.aged(other, count.span)


def _misprinted(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts of money have one figure and one lost its million or billion: "$29" and "$29 Billion"."""
    low, high = sorted((abs(a.value), abs(b.value)))
    return a.unit == b.unit != "" and low > 0 and high / low in (1e3, 1e6, 1e9, 1e12)


def durations(a: Quantity, b: Quantity) -> bool:
    """Whether either amount is a length of time."""
    return any(_TIME.search(one.text) for one in (a, b))


def lasts(one: Assertion, quantity: Quantity) -> bool:
    """Whether a quantity is a length of time and no age."""
    return durations(quantity, quantity) and not bearings.aged(one.claim.text, quantity.span)


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


def other_amounts(a: Assertion, b: Assertion) -> bool:
    """Whether both give whole amounts and one of the shorter list has no equal in the other."""
    mine, theirs = ([one for one in side.amounts if not one.partial] for side in (a, b))
    fewer, more = sorted((mine, theirs), key=len)
    return any(not any(quantities.equal(one.quantity, other.quantity) for other in more) for one in fewer)


def given_by(amount: Amount, other: Assertion) -> bool:
    """Whether the other claim gives this very amount too: then the two differ in what they add, not in this."""
    return any(quantities.same_amount(amount.quantity, one.quantity) for one in other.amounts) or any(
        amount.quantity.value == one.quantity.value for one in other.amounts
    )
