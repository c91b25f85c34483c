"""Charts: what they show is what they say, in words, shapes and figures; where there is nothing to see none is made."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from factories import make_signal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.renderers.charts import Point, over_time, per_day
from pipeline.renderers.charts.drawing import WIDTH, ticks
from pipeline.renderers.charts.rows import Judged, mix, spread, stances
from pipeline.renderers.charts.sparks import sparks
from pipeline.renderers.pages import environment, printable

DAY = date(2026, 11, 18)
HOSTILE = ("<script>alert(1)</script>", '"><rect onload="x', "{{ 7*7 }}", "\u202eevil\x07", "a" * 300, "الجزيرة")
POINTS = st.lists(
    st.builds(
        lambda d, h, r: Point(DAY + timedelta(days=d), r, r, h),
        st.integers(0, 6),
        st.integers(0, 23),
        st.integers(1, 9),
    ),
    max_size=30,
    unique_by=lambda point: (point.when, point.hour),
)


def drawn(chart):
    """A chart as its macro draws it, parsed."""
    made = environment().from_string('{% import "_charts.html" as charts %}{{ charts.chart(c) }}').render(c=chart)
    return ET.fromstring(made.encode())


def hours(*counts, start=0):
    return [
        Point(DAY + timedelta(hours=start + n) // timedelta(days=1) * timedelta(days=1), count, count, (start + n) % 24)
        for n, count in enumerate(counts)
        if count
    ]


def velocity(score=9.0, baseline=2.0, threshold=6.0):
    end = datetime(2026, 11, 19, tzinfo=UTC)
    return dataclasses.replace(
        make_signal(), kind="velocity", score=score, baseline=baseline, threshold=threshold,
        window_start=end - timedelta(hours=24), window_end=end,
    )  # fmt: skip


@given(POINTS)
def test_every_record_is_drawn_once_and_within_the_picture(points):
    chart = over_time("c", points)
    if chart is None:
        return
    assert sum(int(row[1]) for row in chart.table.rows) == sum(point.records for point in points)
    for shape in chart.shapes:
        box = {name: float(value) for name, value in shape.attributes}
        if shape.tag == "rect":
            assert -0.01 <= box["x"] <= box["x"] + box["width"] <= WIDTH + 0.02
            assert 0 <= box["y"] <= box["y"] + box["height"] <= chart.height


def test_bars_are_as_fine_as_they_hold_something():
    assert over_time("c", hours(*[4, 2, 3, 5, 2, 3])).title == "Records per hour"
    assert over_time("c", hours(*[1, 0, 2, 0, 0, 3, 0, 1, 0, 2, 0, 1])).title == "Records per 3 hours"
    assert over_time("c", [Point(DAY + timedelta(days=n), n + 1, 1) for n in range(5)]).title == "Records per day"


def test_no_chart_where_there_is_nothing_to_see():
    assert over_time("c", []) is None
    assert per_day("c", [Point(DAY, 9, 1), Point(DAY + timedelta(days=1), 3, 1)]) is None  # two bars
    level = [Point(DAY + timedelta(days=n), 2, 1) for n in range(4)]
    assert per_day("c", level) is None  # equal bars
    assert spread("c", {"A": 1, "B": 1, "C": 1}, {}) is None
    assert spread("c", {"A": 5, "B": 1}, {}) is None
    assert mix("c", {"News": 7}) is None
    assert stances("c", [Judged("A", 5, 1, 1)]) is None
    assert stances("c", [Judged("A", 1, 5, 0), Judged("B", 0, 9, 1)]) is None


def test_a_signal_is_drawn_with_what_is_usual_and_what_suffices():
    chart = over_time("c", hours(1, 2, 3, 4, 2, 1, start=10), (velocity(),))
    kinds = [shape.kind for shape in chart.shapes]
    assert {"band", "usual", "limit"} <= set(kinds)
    assert (
        "In the 24 hours measured 9 independent reports came in, where 2 are usual and 6 are enough to count."
        in chart.description
    )
    usual, limit = (float(dict(shape.attributes)["y1"]) for shape in chart.shapes if shape.kind in {"usual", "limit"})
    assert limit < usual  # more is higher
    other = dataclasses.replace(velocity(), kind="novelty")
    assert "band" not in [shape.kind for shape in over_time("c", hours(1, 2, 3, 4), (other,)).shapes]


def test_rows_say_who_and_how_many():
    chart = spread("c", {"Post": 4, "Wire": 2, "Echo": 1} | {f"P{n}": 1 for n in range(5)}, {"Post": 2})
    assert chart.description == "12 records of 8 publishers; most of Post, 4."
    assert [label.text for label in chart.labels[:2]] == ["Post", "4"]
    assert [label.text for label in chart.labels[-2:]] == ["2 others", "2"]
    assert chart.table.rows[0] == ("Post", "4", "2")
    judged = stances("c", [Judged("A", 2, 1, 0), Judged("B", 0, 1, 2), Judged("C", 0, 4, 0)])
    assert judged.table.rows == (("A", "2", "1", "0"), ("B", "0", "1", "2"))
    assert judged.description == "2 claims critical, 2 claims favourable in wording, of 3 sources."
    assert mix("c", {"News": 3, "Mastodon": 1}).description == "4 records on 2 platforms: News 3, Mastodon 1."


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name):
    charts = (
        spread("c", {name: 3, "B": 1, "C": 1}, {name: 1}),
        mix("c", {name: 3, "B": 1}),
        stances("c", [Judged(name, 2, 1, 0), Judged("B", 0, 1, 2)]),
    )
    for chart in charts:
        tree = drawn(chart)
        assert not [one for one in tree.iter() if one.tag in {"script", "img"} or "onload" in one.attrib]
        assert printable(name) in "".join(tree.itertext())
        assert max((len(one.text or "") for one in tree.iter("text")), default=0) <= 40


def test_every_chart_has_its_words_and_its_figures():
    tree = drawn(mix("platforms", {"News": 3, "Mastodon": 1}))
    svg = next(tree.iter("svg"))
    ids = {one.get("id"): one.text for one in tree.iter() if one.get("id")}
    assert [ids[one] for one in svg.get("aria-labelledby").split()] == ["Platforms", ids["platforms-desc"]]
    assert [cell.text for cell in tree.iter("td")] == ["3", "1"]
    assert [one.get("scope") for one in tree.iter("th")] == ["col", "col", "row", "row"]


def test_sparks_share_one_scale_and_one_fortnight():
    ago = [DAY - timedelta(days=n) for n in range(41)]
    high, low, few, none = sparks(
        [
            {ago[0]: 10, ago[1]: 1, ago[2]: 1, ago[40]: 99},
            {ago[0]: 1, ago[2]: 5, ago[13]: 2},
            {ago[0]: 9, ago[1]: 3},
            {},
        ],
        DAY,
    )
    assert few is none is None
    assert high.d == "M92 20v-2M100 20v-2M108 20v-20"
    assert low.d == "M4 20v-4M92 20v-10M108 20v-2"
    assert low.says == "8 records in the 14 days to 18 November 2026, most on 16 November 2026: 5"


@given(st.floats(0.4, 1e6))
def test_ticks_are_round_and_few(peak):
    found = ticks(peak)
    assert len(found) <= 3
    assert all(0 < value <= peak and value == int(value) for value in found)
