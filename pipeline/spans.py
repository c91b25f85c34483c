"""A length of time in the unit a person would use."""

from __future__ import annotations

from datetime import timedelta

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def span(time: timedelta) -> str:
    """`time` in whole days, hours, minutes or seconds: in the largest unit that it holds twice."""
    seconds = max(0.0, time.total_seconds())
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size * 2 or size == 1)
    count = round(seconds / size)
    return f"{count} {unit}{'' if count == 1 else 's'}"
