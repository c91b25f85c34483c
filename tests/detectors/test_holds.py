"""Holds: a signal rests on sources; what went unseen, came late or too early holds it, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from factories import make_signal
from hypothesis import given
from hypothesis import strategies as st
from read_desks import END, HOUR, ago, history, reads, window

from pipeline.detectors import holds
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.domain import Signal, SourceRead, Weighted
from pipeline.settings import SignalSettings

SETTINGS = SignalSettings(min_history_days=7, baseline_days=14)
RATES = {f"Paper {n:02}": 1 for n in range(12)}
LINE = Subject(About.STORYLINE, "s1")


def signal(kind: str = "velocity", rows: Sequence[str] = ("r0",), **more: object) -> Signal:
    evidence = tuple(Weighted(key, 1 / len(rows)) for key in rows)
    named = {"kind": kind, "subject": "s1", "window_start": ago(24), "window_end": END, "evidence": evidence}
    return make_signal(**{**named, "held": None, **more})


def came(sources: Sequence[str], *, backfill: bool = False, at: datetime | None = None) -> Window:
    """One record of the storyline from each of `sources`, in a window in which all of them tell much else."""
    tonight = [Arrival(f"r{n}", f"o{n}", name, f"v{n}", at or ago(9), backfill) for n, name in enumerate(sources)]
    night = window(RATES)
    return replace(night, arrivals={**night.arrivals, LINE: tonight}, told={a.record_id: a for a in tonight})


def failing(*names: str, hours: Sequence[float] = (12, 0), since: datetime | None = None) -> History:
    """All sources were read twice a day for two weeks, but for `names` in the last hours."""
    told = {name: reads(name, failed=hours if name in names else ()) for name in RATES}
    return replace(history(RATES, told), since=since or ago(24 * 14))


def held(one: Signal, night: Window, past: History) -> str | None:
    (found,) = holds.guard([one], night, past, SETTINGS)
    return found.held


PAPERS = sorted(RATES)


def test_what_was_read_and_is_new_is_not_held():
    assert held(signal(), came(PAPERS), failing()) is None


def test_one_of_twelve_that_failed_holds_nothing():
    assert held(signal(), came(PAPERS), failing("Paper 03")) is None


def test_one_of_two_that_failed_holds_and_is_named_with_times():
    assert held(signal(), came(PAPERS[:2]), failing("Paper 01")) == (
        'source "Paper 01" failed from 2026-05-20 00:00 to 2026-05-21 00:00 (50% of what it rests on)'
    )


def test_half_a_day_of_the_only_source_holds_and_six_hours_do_not():
    alone = came(["Paper 01"] * 4)
    assert held(signal(), alone, failing("Paper 01", hours=(0,))) == (
        'source "Paper 01" failed from 2026-05-20 12:00 to 2026-05-21 00:00'
    )
    short = failing()
    some = [SourceRead("Paper 01", ago(6), True, 20), *(read for read in short.reads["Paper 01"] if read.at < ago(6))]
    assert held(signal(), alone, replace(short, reads={**short.reads, "Paper 01": some})) is None


def test_what_says_that_there_is_less_is_held_by_little():
    fewer = signal("volume_anomaly", about="beat", subject="News", score=2.0, baseline=9.0)
    past = failing("Paper 03", "Paper 04")
    assert held(fewer, came(PAPERS), past) is None  # nobody knows what it rests on
    series = past.series[About.SOURCE]
    beat = replace(
        series,
        subjects=(Subject(About.BEAT, "News"),),
        first=series.first[[0, 12]],
        sources=tuple(PAPERS),
        source=np.repeat(np.arange(12, dtype=np.int32), len(series.hours) // 12),
    )
    past = replace(past, series={**past.series, About.BEAT: beat})
    assert "failed from" in str(held(fewer, came(PAPERS), past))
    assert held(replace(fewer, score=99.0), came(PAPERS), past) is None


def test_where_most_of_the_desk_was_not_read_everything_that_counts_is_held():
    past = failing(*PAPERS[:8])
    assert "8 of 12 sources told nothing" in str(held(signal(), came(PAPERS[8:]), past))
    assert held(signal("contradiction", ["r0", "r1"]), came(PAPERS[8:]), past) is None
    assert "failed" in str(held(signal("contradiction", ["r0", "r1"]), came(PAPERS[:2]), past))


def test_a_young_desk_is_too_early_for_what_needs_a_past():
    young = failing(since=ago(24 * 4))
    assert held(signal(), came(PAPERS), young) == "too early: 3 of 7 days of history"
    assert held(signal("corroboration"), came(PAPERS), young) is None
    assert held(signal(), came(PAPERS), replace(young, since=None)) == "too early: 0 of 7 days of history"


def test_a_young_source_is_too_early_where_most_rests_on_it():
    past = failing()
    born = np.where(np.arange(12) == 3, 24 * 3, -1).astype(np.int32)
    past = replace(past, series={About.SOURCE: replace(past.series[About.SOURCE], born=born)})
    assert held(signal(), came(["Paper 03"] * 3 + PAPERS[:1]), past) == (
        'too early: 2 of 7 days of source "Paper 03", 75% of what it rests on'
    )
    assert held(signal(), came(PAPERS), past) is None


def test_a_baseline_that_was_hardly_read_is_no_baseline():
    often = [SourceRead("Paper 01", ago(24 * n), True, 90) for n in range(20, 13, -1)]
    failed = [SourceRead("Paper 01", ago(24 * n), False) for n in range(12, 1, -1)]
    over = SourceRead("Paper 01", END, True, 90, reach=ago(30))
    past = failing()
    reason = held(signal(), came(["Paper 01"]), replace(past, reads={"Paper 01": [*often, *failed, over]}))
    assert reason == (
        'too early: what it rests on was read in 2% of the time before the window (source "Paper 01" in 2% of it)'
    )
    whole = [*often, *failed, replace(over, reach=ago(24 * 12.9))]
    assert held(signal(), came(["Paper 01"]), replace(past, reads={"Paper 01": whole})) is None


def test_a_backfill_is_no_news():
    assert held(signal(), came(PAPERS, backfill=True), failing()) == (
        "12 of 12 records of the window were read late (backfill)"
    )
    mixed = came(PAPERS)
    some = [replace(a, backfill=n < 6) for n, a in enumerate(mixed.arrivals[LINE])]
    assert held(signal(), replace(mixed, arrivals={**mixed.arrivals, LINE: some}), failing()) is None


def test_undated_records_of_a_read_that_caught_up_are_no_news():
    past = failing()
    caught = [read for read in past.reads["Paper 01"] if read.at not in (ago(12), ago(24), ago(36))]
    undated = came(["Paper 01"] * 3, at=END)
    assert held(signal(), undated, past) is None
    late = held(signal(), undated, replace(past, reads={**past.reads, "Paper 01": caught}))
    assert late == "3 of 3 records of the window were read late (backfill)"


def test_evidence_of_before_the_window_is_no_news_of_tonight():
    old = came(PAPERS[:2], at=ago(50))
    night = replace(old, arrivals={key: some for key, some in old.arrivals.items() if key != LINE})
    assert held(signal("corroboration", ["r0", "r1"]), night, failing()) == (
        "nothing of it came out in the window; its newest record is of 2026-05-18 22:00"
    )


def test_a_flag_is_never_held_and_a_reason_is_kept():
    flag = signal("coordination")
    assert held(flag, came(PAPERS, backfill=True), failing(*PAPERS)) is None
    assert held(replace(signal(), held="first"), came(PAPERS, backfill=True), failing(*PAPERS)) == "first"
    assert holds.guard([], came(PAPERS), failing(), SETTINGS) == ()


def test_a_report_gives_each_reason_once():
    night, past = came(PAPERS, backfill=True), failing()
    some = [signal(), signal("novelty", id="g2"), signal("entity_surge", id="g3"), signal("coordination", id="g4")]
    lines = holds.report(holds.guard(some, night, past, SETTINGS), night, past)
    assert len(lines) == 2
    assert lines[0].startswith("coordination: ")
    assert lines[1].startswith("3 signals held: 12 of 12 records of the window were read late (backfill) (")
    assert lines[1].endswith("(1 entity_surge, 1 novelty, 1 velocity)")


@given(st.integers(1, 12), st.integers(0, 12))
def test_more_failures_never_release_a_signal(sources: int, failed: int):
    night = came(PAPERS[:sources])
    less, more = (held(signal(), night, failing(*PAPERS[:n])) for n in (failed // 2, failed))
    assert less is None or more is not None


def test_the_voice_that_holds_is_not_named():
    many = [Arrival(f"r{n}", f"o{n}", "Board", "author board @someone", END - HOUR) for n in range(9)]
    assert holds.one_voice(many) == "9 of 9 origins come from one voice"
    assert holds.one_voice([*many[:3], *(replace(a, voice=f"v{n}") for n, a in enumerate(many[3:]))]) is None
