"""Calendar expressions: as precise as the text, resolved to an anchor."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import DateMention, Span
from pipeline.language.dates import compatible, find

ANCHOR = datetime(2026, 3, 11, 8, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "bare", "anchored"),
    [
        ("2026-03-11", "2026-03-11", "2026-03-11"),
        ("March 11, 2026", "2026-03-11", "2026-03-11"),
        ("11 March", "--03-11", "2026-03-11"),
        ("Dec. 20", "--12-20", "2025-12-20"),
        ("March 2025", "2025-03", "2025-03"),
        ("in May", "--05", "2026-05"),
        ("since September", "--09", "2025-09"),
        ("Q3 2025", "2025-Q3", "2025-Q3"),
        ("the fourth quarter of 2025", "2025-Q4", "2025-Q4"),
        ("mid-2026", "2026-mid", "2026-mid"),
        ("the 2020s", "202", "202"),
        ("in 2026", "2026", "2026"),
        ("yesterday", "-1d", "2026-03-10"),
        ("last week", "-1w", "2026-W10"),
        ("two weeks ago", "-2w", "2026-W09"),
        ("last month", "-1mo", "2026-02"),
        ("next year", "+1y", "2027"),
        ("on Monday", "W-1", "2026-03-09"),
        ("next Friday", "W-5", "2026-03-13"),
        ("the council will meet on Friday", "W-5", "2026-03-13"),
        ("a strike due to begin on Friday", "W-5", "2026-03-13"),
        ("it agreed to close on Wednesday", "W-3", "2026-03-11"),
        ("the council met on Friday", "W-5", "2026-03-06"),
        ("On Friday the council will meet", "W-5", "2026-03-13"),
        ("On Friday, the council won't meet", "W-5", "2026-03-13"),
        ("On Friday the council will meet, the mayor stated", "W-5", "2026-03-06"),
        ("it will close, the firm said on Friday", "W-5", "2026-03-06"),
        ("a vote that was due to be held on Friday", "W-5", "2026-03-06"),
    ],
)
def test_reads(text: str, bare: str, anchored: str) -> None:
    assert [mention.value for mention in find(text)] == [bare]
    assert [mention.value for mention in find(text, ANCHOR)] == [anchored]


@pytest.mark.parametrize("text", ["may rise", "March on", "$2,026", "2026%", "GPT-2026x", "a 2,000 m race", ""])
def test_other_words_are_no_dates(text: str) -> None:
    assert find(text, ANCHOR) == ()


def mention(value: str) -> DateMention:
    return DateMention(Span(0, 1), "x", value)


@pytest.mark.parametrize(
    ("a", "b", "fits"),
    [
        ("2026", "2026-03-11", True),
        ("2026-03", "2026-04", False),
        ("2026-Q1", "2026-03", True),
        ("2026-mid", "2026-06", True),
        ("202", "2026-W11", True),
        ("--03-11", "2026-03-11", True),
        ("--03", "2026-03-11", True),
        ("W-3", "2026-03-11", True),
        ("W-2", "2026-03-11", False),
        ("Q1", "2026-03", True),
        ("-1d", "-2d", False),
        ("2025", "2026", False),
    ],
)
def test_compatible_means_that_one_refines_the_other(a: str, b: str, fits: bool) -> None:
    assert compatible(mention(a), mention(b)) is fits
    assert compatible(mention(b), mention(a)) is fits


@given(st.text(max_size=80), st.dates())
def test_total_and_exact(text: str, anchor: date) -> None:
    for found in find(text, anchor):
        assert text[found.span.start : found.span.end] == found.text


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_iso_days_come_back(day: date) -> None:
    assert [found.value for found in find(f"on {day.isoformat()} at noon", ANCHOR)] == [day.isoformat()]


@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.sampled_from(["yesterday", "12 decades ago", "next week", "in May", "29 February", "Sunday"]),
)
def test_the_ends_of_the_calendar_hold(day: date, text: str) -> None:
    find(text, day)
