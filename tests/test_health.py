"""A source's health: counted by nights, never by runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline import health
from pipeline.domain import SourceHealth
from pipeline.errors import FetchTimeout, HttpStatus

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
DAY = timedelta(days=1)
BUSY = HttpStatus("answered 429", status=429)

ends = st.sampled_from(["fresh", "quiet", "timeout", "busy"])


def after(last: SourceHealth | None, now: datetime, end: str) -> SourceHealth:
    if end in ("fresh", "quiet"):
        return health.after_success("wire", last, now, newest=now if end == "fresh" else None, fresh=end == "fresh")
    return health.after_failure("wire", last, now, BUSY if end == "busy" else FetchTimeout("no answer in 30 s"))


@given(st.lists(st.tuples(ends, st.integers(1, 4)), max_size=8))
def test_a_night_counts_once_however_often_it_is_run(nights: list[tuple[str, int]]) -> None:
    once: SourceHealth | None = None
    often: SourceHealth | None = None
    for number, (end, runs) in enumerate(nights):
        now = NOW + number * DAY
        once = after(once, now, end)
        often = after(often, now, end)
        for _ in range(runs - 1):  # what was fresh is known the second time
            often = after(often, now, "quiet" if end == "fresh" else end)
        assert often == once


@given(st.lists(ends, max_size=6), ends, ends)
def test_a_night_that_ends_otherwise_the_second_time_counts_as_it_ended(past: list[str], first: str, then: str) -> None:
    last: SourceHealth | None = None
    for number, end in enumerate(past):
        last = after(last, NOW + number * DAY, end)
    now = NOW + len(past) * DAY
    found = after(after(last, now, first), now, then)
    assert found.ok is (then in ("fresh", "quiet"))
    assert (found.failures == 0) is found.ok
    assert found.failures <= len(past) + 1
    assert found.empties <= len(past) + 1


def test_the_back_off_doubles_with_the_nights_up_to_a_week() -> None:
    last: SourceHealth | None = None
    pauses = []
    for number in range(40):
        now = NOW + number * 8 * DAY
        last = after(last, now, "busy")
        last = after(last, now, "busy")
        assert last.retry_at is not None
        pauses.append(last.retry_at - now)
    assert pauses[:4] == [timedelta(hours=hours) for hours in (6, 12, 24, 48)]
    assert max(pauses) == timedelta(days=7)


def test_a_source_waits_until_its_hour() -> None:
    error = HttpStatus("answered 503", status=503, retry_after=3600)
    last = health.after_failure("wire", None, NOW, error)
    assert health.waits(last, NOW + timedelta(minutes=59))
    assert not health.waits(last, NOW + timedelta(hours=1))
    assert not health.waits(None, NOW)
    assert health.after_failure("wire", None, NOW, HttpStatus("x", status=404)).retry_at is None
