"""Two weeks of a storyline in a line of a list: a stroke for each day with records, all lines on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.renderers.charts.drawing import units
from pipeline.renderers.phrases import count, day

DAYS, STEP, TALL = 14, 8, 20  # days shown, units of a day, units of the highest stroke
LEAST_DAYS = 3  # with records: of fewer the line of the list says as much
LEAST = 1.5  # units: a day with one record is seen beside one with hundreds


@dataclass(frozen=True, slots=True)
class Spark:
    """The strokes as the data of a path, in a box of `width` by `height` units, and what they say."""

    d: str
    says: str
    width: int = DAYS * STEP
    height: int = TALL


def sparks(series: Sequence[Mapping[date, int]], last: date) -> tuple[Spark | None, ...]:
    """One for each series of records by day, over the 14 days to `last`; None for one with too few days."""
    first = last - timedelta(days=DAYS - 1)
    kept = [{when: n for when, n in one.items() if first <= when <= last and n} for one in series]
    peak = max((n for one in kept for n in one.values()), default=1)
    return tuple(_spark(one, first, last, peak) if len(one) >= LEAST_DAYS else None for one in kept)


def _spark(counts: Mapping[date, int], first: date, last: date, peak: int) -> Spark:
    strokes = [
        f"M{units(((when - first).days + 0.5) * STEP)} {TALL}v-{units(max(LEAST, TALL * n / peak))}"
        for when, n in sorted(counts.items())
    ]
    busiest = max(counts, key=lambda when: (counts[when], -when.toordinal()))
    total = count(sum(counts.values()), "record")
    says = f"{total} in the {DAYS} days to {day(last)}, most on {day(busiest)}: {counts[busiest]}"
    return Spark("".join(strokes), says)
