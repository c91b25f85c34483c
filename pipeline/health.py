"""Health of a source: what one night's reading says of its reliability, and when it may be asked again. Pure.

A night counts once: the same night run again changes neither the counts nor the back-off, unless it ended otherwise.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.domain import SourceHealth
from pipeline.errors import CitewireError, ConfigurationError, HttpStatus

BACK_OFF = timedelta(hours=6)  # after "too many requests" without a Retry-After; doubled each time
LONGEST = timedelta(days=7)
_BUSY = (429, 503)


def waits(last: SourceHealth | None, now: datetime) -> bool:
    """Whether the source asked to be left alone until after `now`."""
    return last is not None and last.retry_at is not None and last.retry_at > now


def read_tonight(last: SourceHealth | None, now: datetime) -> bool:
    """Whether this very night has read the source already."""
    return last is not None and last.ok and last.checked >= now


def after_success(
    source: str, last: SourceHealth | None, now: datetime, *, newest: datetime | None, fresh: bool
) -> SourceHealth:
    """After a read that brought something `fresh` or nothing; `newest` is the publication time of its newest item."""
    items = [at for at in (newest, last.last_item if last else None) if at is not None]
    empties = last.empties if last else 0
    return SourceHealth(
        source=source,
        checked=now,
        ok=True,
        last_success=now,
        last_item=max(items, default=None),
        empties=0 if fresh else empties if read_tonight(last, now) else empties + 1,
    )


def after_failure(source: str, last: SourceHealth | None, now: datetime, error: Exception | None) -> SourceHealth:
    """After a read that failed: the count of failures in a row, and the pause that the source asked for or is due."""
    counted = last is not None and not last.ok and last.checked >= now
    failures = max(1, (last.failures if last else 0) + (0 if counted else 1))
    return SourceHealth(
        source=source,
        checked=now,
        ok=False,
        error=what(error),
        last_success=last.last_success if last else None,
        last_item=last.last_item if last else None,
        failures=failures,
        empties=last.empties if last else 0,
        retry_at=_retry_at(error, failures, now),
    )


def what(error: Exception | None) -> str:
    """What went wrong, for the report."""
    if isinstance(error, ConfigurationError):
        return error.problem
    if isinstance(error, CitewireError):
        return str(error)
    return f"its adapter broke ({type(error).__name__}: {error}); report this to whoever wrote it"


def _retry_at(error: Exception | None, failures: int, now: datetime) -> datetime | None:
    if not isinstance(error, HttpStatus) or (error.retry_after is None and error.status not in _BUSY):
        return None
    if error.retry_after is not None:
        return now + min(timedelta(seconds=error.retry_after), LONGEST)
    return now + min(BACK_OFF * (1 << min(failures - 1, 10)), LONGEST)
