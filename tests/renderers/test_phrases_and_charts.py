"""Words and figures of the pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import SentenceClass
from pipeline.renderers import phrases
from pipeline.renderers.charts import Point, per_day, series, shares

A = datetime(2026, 11, 18, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (0, "18 November 2026"),
        (2, "18–20 November 2026"),
        (20, "18 November – 8 December 2026"),
        (60, "18 November 2026 – 17 January 2027"),
    ],
)
def test_windows_are_as_short_as_they_can_be(days, says):
    assert phrases.window(A, A + timedelta(days=days)) == says


def test_counts_and_figures():
    assert phrases.count(1, "story", "stories") == "1 story"
    assert phrases.count(12000, "record") == "12,000 records"
    assert [phrases.figure(x) for x in (2.0, 0.35, -0.0, 1234.5, 0.001)] == ["2", "0.35", "0", "1,234.5", "0"]
    assert [phrases.letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.lists(st.text(max_size=120), max_size=12))
def test_every_name_gets_an_address_of_its_own(names):
    found = phrases.slugs(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)
    assert all(
        part and len(part) <= 80 and set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        for part in found.values()
    )
    assert phrases.slugs(reversed(names)) == found


def test_a_series_has_no_gaps_and_a_limit():
    points = [Point(date(2026, 1, 1), 2, 1), Point(date(2026, 11, 18), 3, 3), Point(date(2026, 11, 20), 1, 0)]
    found = series(points)
    assert len(found) == 60
    assert [p.records for p in found[-3:]] == [3, 0, 1]


def test_a_chart_needs_something_to_show():
    few = [Point(date(2026, 11, n), 1, 1) for n in (18, 19)]
    assert per_day("c", few) is None
    chart = per_day("c", [Point(date(2026, 11, n), records, 1) for n, records in ((17, 1), (18, 2), (20, 4))])
    assert chart is not None
    assert chart.description == "7 records from 17 November 2026 to 20 November 2026; most on 20 November 2026, with 4."
    assert [shape.kind for shape in chart.shapes if shape.tag == "rect"] == ["b-copies", "b-origins"] * 3


@given(st.dictionaries(st.sampled_from(SentenceClass), st.integers(0, 50)))
def test_shares_add_up(counts):
    found = shares(counts)
    assert sum(share.percent for share in found) == (100 if sum(counts.values()) else 0)
    assert sum(share.count for share in found) == sum(counts.values())
