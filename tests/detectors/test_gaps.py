"""Gaps of a window: not read, failed, stale, silent; one line for each, one for all where the desk was away."""

from __future__ import annotations

import pytest
from factories import make_health
from read_desks import ago, history, reads, window

from pipeline.detectors import gaps
from pipeline.detectors.frame import About, History, Series
from pipeline.domain import SourceRead

RATES = {"Board": 3, "Post": 4, "Times": 5}


def test_a_desk_that_was_read_has_no_gaps():
    found = gaps.find(window(RATES), history(RATES, {name: reads(name) for name in RATES}))
    assert found.of == {}
    assert gaps.lines(found) == ()
    assert found.missing == 0.0


def test_a_source_that_fails_is_told_with_times_and_reason():
    told = {name: reads(name, failed=(0,) if name == "Post" else ()) for name in RATES}
    health = {"Post": make_health(source="Post", ok=False, error="timed out")}
    found = gaps.find(window(RATES), history(RATES, told, health=health))
    assert gaps.lines(found) == (
        'source "Post" failed (timed out) from 2026-05-20 12:00 to 2026-05-21 00:00; what rests on it is held',
    )
    assert found.lost("Post") == pytest.approx(0.5)
    assert found.lost("Times") == 0.0
    assert found.missing == pytest.approx(0.5 * 4 / 12, abs=0.01)


def test_sources_with_one_gap_share_a_line():
    rates = {**RATES, "Wire": 9}
    told = {name: reads(name, missing=(12, 0) if name in ("Board", "Post") else ()) for name in rates}
    assert gaps.lines(gaps.find(window(rates), history(rates, told))) == (
        'sources "Board", "Post" not read from 2026-05-20 00:00 to 2026-05-21 00:00; what rests on them is held',
    )


def test_a_desk_that_nobody_read_has_one_line():
    told = {name: reads(name, missing=(12, 0)) for name in RATES}
    assert gaps.lines(gaps.find(window({}), history(RATES, told))) == (
        "3 of 3 sources told nothing, from 2026-05-20 00:00 to 2026-05-21 00:00 at most, 100% of what is usual; "
        "silence is no news",
    )


def test_a_source_that_answers_and_tells_nothing_where_much_is_usual_is_silent():
    quiet = window(RATES, {"Times": range(9, 13)})
    (line,) = gaps.lines(gaps.find(quiet, history(RATES, {name: reads(name) for name in RATES})))
    assert line.startswith('source "Times" told nothing, usually 20, from 2026-05-20 ')
    assert gaps.find(window(RATES, {"Times": range(9, 11)}), history(RATES)).of == {}  # ten items are missing by chance


def test_nights_and_weekends_of_their_own_are_no_silence():
    assert gaps.find(window({"Post": 4}), history({"Post": 4})).of == {}


def test_a_day_without_anything_of_anybody_is_a_gap_of_all_however_small_each_is():
    small = {f"Paper {n}": 1 for n in range(6)}
    found = gaps.find(window({}), history(small))
    assert found.missing == pytest.approx(1.0)
    assert len(gaps.lines(found)) == 1


def test_with_less_than_a_week_of_history_nobody_knows_what_silence_is():
    whole = history(RATES)
    series = whole.series[About.SOURCE]
    short = Series(series.subjects, series.first, series.hours % 150, series.counts)
    assert gaps.find(window({}), History(ago(150), {About.SOURCE: short})).of == {}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"ok": False, "error": "timed out"}, "failed (timed out) from 2026-05-20 06:00 to"),
        ({"last_success": ago(60)}, "lags, last read 2026-05-18 12:00, nothing from 2026-05-20 00:00 to"),
        ({"silent": True, "empties": 9, "usual": 4.0}, "is silent: nothing new in 9 reads, usually 4.0 in each, from"),
    ],
)
def test_where_no_reads_are_kept_health_tells(state, said):
    health = {"Old": make_health(**{"source": "Old", "last_success": ago(18), **state})}
    (line,) = gaps.lines(gaps.find(window(RATES), history(RATES, health=health)))
    assert said in line


def test_a_report_tells_the_dearest_gaps_and_counts_the_rest():
    many = {f"Paper {n}": 2 + n for n in range(8)} | {"Wire": 90}
    told = {name: reads(name, missing=(0, n)) if name != "Wire" else reads(name) for n, name in enumerate(many)}
    told = {
        name: [*some[:-1], SourceRead(name, ago(20 - n), True, 5)] if name != "Wire" else some
        for n, (name, some) in enumerate(told.items())
    }
    lines = gaps.lines(gaps.find(window(many), history(many, told)))
    assert len(lines) == 6
    assert '"Paper 7"' in lines[0]
    assert lines[-1] == "3 more sources told nothing for a part of the window"
