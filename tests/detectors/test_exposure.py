"""When sources were read, and what may be compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.exposure import common, covered, desk, hourly, stretches, within
from pipeline.domain import SourceRead

END = datetime(2026, 5, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ago(hours: float) -> datetime:
    return END - hours * HOUR


def read(hours: float, fresh: int = 5, *, ok: bool = True, reach: float | None = None) -> SourceRead:
    """A read so many hours ago."""
    return SourceRead("Times", ago(hours), ok, fresh if ok else 0, None if reach is None else ago(reach))


def test_a_source_of_which_no_read_is_kept_counts_as_read():
    assert stretches([], ago(24), END) == ((ago(24), END),)
    assert covered([], ago(24), END) == 1.0
    assert hourly([], END, 24).all()


def test_a_read_covers_the_time_since_the_last_success():
    nights = [read(24 * day) for day in range(10)]
    assert covered(nights, ago(240), END) == 1.0


def test_time_before_the_first_kept_read_is_unknown_and_counts_as_read():
    assert covered([read(24), read(0)], ago(1000), END) == 1.0


def test_nothing_after_the_last_read_is_covered():
    assert stretches([read(48), read(12)], ago(24), END) == ((ago(24), ago(12)),)
    assert covered([read(48), read(12)], ago(24), END) == pytest.approx(0.5)


def test_a_failed_read_covers_nothing_until_one_succeeds_and_catches_up():
    failed = [read(48), read(24), read(0, ok=False)]
    assert covered(failed, ago(24), END) == 0.0
    assert covered(failed, ago(48), END) == pytest.approx(0.5)
    later = [read(72), read(48, ok=False), read(24, ok=False), read(0)]
    assert covered(later, ago(72), END) == 1.0


def test_where_the_first_kept_read_failed_its_night_was_not_read():
    assert covered([read(0, ok=False)], ago(24), END) == 0.0
    assert covered([read(0, ok=False)], ago(48), END) == pytest.approx(0.5)


def test_a_feed_that_ran_over_covers_as_far_as_it_reached():
    over = [*(read(24 * day, 20) for day in range(8, 2, -1)), read(0, 20, reach=24)]
    assert stretches(over, ago(96), END) == ((ago(96), ago(72)), (ago(24), END))
    reached = [*over[:-1], read(0, 60, reach=70)]
    assert covered(reached, ago(96), END) == 1.0


def test_a_feed_that_brings_what_is_new_only_has_not_run_over():
    few = [read(24 * day, 40, reach=24 * day + 9) for day in range(8, -1, -1)]  # nothing is written at night
    assert covered(few, ago(200), END) == 1.0


def test_reads_that_succeed_and_bring_nothing_where_much_was_usual_cover_nothing():
    nights = [read(24 * day, 30) for day in range(9, 1, -1)]
    assert covered([*nights, read(24, 0), read(0, 28)], ago(48), ago(24)) == 0.0
    assert covered([*nights, read(24, 0), read(0, 28)], ago(24), END) == 1.0


def test_a_source_that_seldom_brings_anything_may_bring_nothing():
    nights = [read(24 * day, 1) for day in range(9, 1, -1)]
    assert covered([*nights, read(24, 0), read(0, 1)], ago(48), END) == 1.0


def test_a_nights_rest_is_no_silence():
    reads = [read(hour, 0 if 2 <= (END - hour * HOUR).hour < 6 else 4) for hour in range(24 * 10, -1, -1)]
    assert covered(reads, ago(200), END) == 1.0


def test_hours_count_from_the_end():
    mask = hourly([read(48), read(6)], END, 24)
    assert mask[6:].all()
    assert not mask[:6].any()
    assert not hourly([read(48), read(6.4)], END, 24)[5]
    assert hourly([read(48), read(5.4)], END, 24)[5]  # 36 of its 60 minutes


def test_sources_are_compared_only_while_all_of_them_were_read():
    reads = {"A": [read(48), read(12)], "B": [read(18), read(0, ok=False)]}
    parts = common(reads, ["A", "B", "unknown"], ago(24), END)
    assert parts == ((ago(24), ago(18)),)
    assert within(ago(20), parts)
    assert not within(ago(12), parts)
    assert common(reads, [], ago(24), END) == ((ago(24), END),)


def test_the_desk_weighs_sources_by_what_they_bring():
    reads = {"big": [read(24, 99), read(12, 99)], "small": [read(24, 0), read(0, 0)]}
    share = desk(reads, END, 24)
    assert share[:12] == pytest.approx(0.01, abs=0.001)
    assert share[12:] == pytest.approx(1.0)
    assert desk({}, END, 3).tolist() == [1.0, 1.0, 1.0]


moments = st.integers(0, 24 * 20)
some_reads = st.lists(
    st.builds(read, moments, st.integers(0, 40), ok=st.booleans(), reach=st.none() | moments), max_size=12
)


@given(some_reads, moments, moments)
def test_stretches_lie_in_their_order_inside_the_time_asked_for(reads, a, b):
    start, end = ago(max(a, b)), ago(min(a, b))
    found = stretches(reads, start, end)
    flat = [moment for part in found for moment in part]
    assert flat == sorted(flat)
    assert all(start <= moment <= end for moment in flat)
    assert len(set(flat)) == len(flat)
    assert 0.0 <= covered(reads, start, end) <= 1.0


@given(some_reads, st.integers(1, 24 * 20))
def test_the_mask_says_what_the_stretches_say(reads, hours):
    assert int(hourly(reads, END, hours).sum()) == round(covered(reads, ago(hours), END) * hours)


@given(some_reads)
def test_a_failure_more_never_covers_more(reads):
    assert covered([*reads, read(0, ok=False)], ago(480), END) <= covered(reads, ago(480), END)


@given(some_reads, some_reads)
def test_what_is_common_is_no_more_than_each(a, b):
    shared = sum(((y - x) for x, y in common({"A": a, "B": b}, ["A", "B"], ago(480), END)), timedelta())
    for reads in (a, b):
        assert shared / timedelta(hours=480) <= covered(reads, ago(480), END) + 1e-9
