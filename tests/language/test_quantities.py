"""Quantities: one grammar for every number, in base units."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Quantity
from pipeline.language.quantities import equal, find, same_amount

CASES = [
    ("15 gigawatts", 15e9, "W", ""),
    ("15,000 MW", 15e9, "W", ""),
    ("200MW modular turbines", 200e6, "W", ""),
    ("over $100 billion on chips", 100e9, "USD", "over"),
    ("up to $145bn", 145e9, "USD", "up to"),
    ("€3.5m", 3.5e6, "EUR", ""),
    ("Rs 500 crore", 5e9, "INR", ""),
    ("20 million pounds", 20e6, "GBP", ""),
    ("40% of firms", 0.4, "ratio", ""),
    ("40 per cent", 0.4, "ratio", ""),
    ("four in ten firms", 0.4, "ratio", ""),
    ("4 out of 10", 0.4, "ratio", ""),
    ("two-thirds of them", 2 / 3, "ratio", ""),
    ("half of the town", 0.5, "ratio", ""),
    ("3,5 %", 0.035, "ratio", ""),
    ("5 percentage points", 5.0, "pp", ""),
    ("nearly 300 flights", 300.0, "flight", "under"),
    ("at least 30 people", 30.0, "people", "over"),
    ("about two dozen arrests", 24.0, "arrest", "about"),
    ("six massive, weather-resistant tents", 6.0, "tent", ""),
    ("twenty-five thousand homes", 25e3, "home", ""),
    ("half a million homes", 5e5, "home", ""),
    ("5m people", 5e6, "people", ""),
    ("70B tokens", 70e9, "token", ""),
    ("125,000 square feet", 125_000 * 0.09290304, "m2", ""),
    ("a 12-week trial", 12 * 604800.0, "s", ""),
    ("2 hours", 7200.0, "s", ""),
    ("three years", 36.0, "month", ""),
    ("512 GB", 512e9, "B", ""),
    ("-5°C", -5.0, "°C", ""),
    ("1.500.000 euros", 1.5e6, "EUR", ""),
    ("20+ deaths", 20.0, "death", "over"),
    ("hundreds of thousands of people", 1e5, "people", "about"),
    ("the 3rd attempt", 3.0, "ordinal", ""),
]


@pytest.mark.parametrize(("text", "value", "unit", "bound"), CASES, ids=[case[0] for case in CASES])
def test_reads(text: str, value: float, unit: str, bound: str) -> None:
    (found,) = find(text)
    assert found.value == pytest.approx(value)
    assert (found.unit, found.bound) == (unit, bound)
    assert text[found.span.start : found.span.end] == found.text


@pytest.mark.parametrize(
    "text",
    (
        "in 2026|on 11 March 2026|GPT-4|COVID-19|the G7|an iPhone 15|version 2.1.3|at 10:30 a.m.|24/7|9/11|an F-16"
        "|the H100|one of them|call 1-800-555-1234|10.0.0.1|two weeks ago|Manager Erik ten Hag|"
    ).split("|"),
)
def test_dates_names_and_codes_are_no_quantities(text: str) -> None:
    assert find(text) == ()


def test_a_range_is_two_quantities_of_one_unit() -> None:
    low, high = find("lead times of 10-15 years")
    assert (low.value, high.value, low.unit) == (120.0, 180.0, "month")
    assert [q.value for q in find("from 12 weeks to 52 weeks")] == [12 * 604800.0, 52 * 604800.0]
    assert [q.noun for q in find("between 3 and 5 people")] == ["people", "people"]


def test_a_score_counts_nothing() -> None:
    assert [(q.value, q.unit) for q in find("United won 4-1 in Paris streets")] == [(4.0, ""), (1.0, "")]


def one(text: str) -> Quantity:
    (found,) = find(text)
    return found


def test_equal_across_spellings_and_not_across_precision() -> None:
    assert equal(one("15 GW"), one("15,000 megawatts"))
    assert equal(one("40%"), one("four in ten"))
    assert equal(one("a third of voters"), one("33%"))
    assert not equal(one("15 GW"), one("15.04 GW"))
    assert not equal(one("15 GW"), one("15 million people"))
    assert not equal(one("40%"), one("41%"))
    assert not equal(one("five tents"), one("five states"))
    assert same_amount(one("five tents"), one("five states"))
    assert equal(one("5"), one("five tents"))


@given(st.integers(1, 10**9), st.sampled_from(["GW", "MW", "km", "people", "%", "euros"]))
def test_grouping_digits_changes_nothing(number: int, unit: str) -> None:
    plain, grouped = find(f"It took {number} {unit}."), find(f"It took {number:,} {unit}.")
    if not (1800 <= number < 2100):
        assert [q.value for q in plain] == [q.value for q in grouped]


@given(st.text(alphabet=st.sampled_from(list("019.,-–$€%kmbnt xhalf onetwofthird/:'\nA°")), max_size=60))
def test_total_and_exact(text: str) -> None:
    end = 0
    for quantity in find(text):
        assert text[quantity.span.start : quantity.span.end] == quantity.text
        assert quantity.span.start >= end
        assert equal(quantity, quantity)
        end = quantity.span.end


def test_long_tokens_are_fast() -> None:
    began = time.process_time()
    for text in ("1" * 200_000, "1," * 50_000, "a" * 200_000, "$" * 100_000, "one-" * 30_000):
        find(text)
    assert time.process_time() - began < 5
