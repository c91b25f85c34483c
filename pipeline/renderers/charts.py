"""Geometry of the charts: numbers in, rectangles out; the template draws them as inline SVG and adds no logic.

Two charts exist: records per day of a storyline, with the independent origins among them, and the share of each
sentence class in a text. Both carry their data as words for readers who do not see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.domain import SentenceClass
from pipeline.renderers.phrases import count, day

WIDTH, HEIGHT, FOOT, HEAD = 640, 140, 22, 18
MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a series: records that appeared, and how many independent origins they came from."""

    when: date
    records: int
    origins: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in chart units, its kind (a CSS class) and what it says."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn series: title and description for readers, bars and ticks for the template."""

    id: str
    title: str
    description: str
    width: int
    height: int
    base: str
    peak: str
    peak_y: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    legend: tuple[tuple[str, str], ...]  # kind of bar, what it means


@dataclass(frozen=True, slots=True)
class Share:
    """One class of sentences: its count, its whole percentage and its place on a bar of 100 units."""

    kind: str
    count: int
    percent: int
    x: str
    width: str
    says: str


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def series(points: Sequence[Point]) -> tuple[Point, ...]:
    """`points` by day without gaps; at most the last 60 days."""
    if not points:
        return ()
    found = {point.when: point for point in points}
    last = max(found)
    first = max(min(found), last - timedelta(days=MAX_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(found.get(when, Point(when, 0, 0)) for when in days)


def per_day(chart_id: str, points: Sequence[Point]) -> Chart | None:
    """Records and origins a day as bars; None when less than three days have records: nothing to see there."""
    days = series(points)
    total = sum(point.records for point in days)
    if sum(1 for point in days if point.records) < 3:
        return None
    peak = max(point.records for point in days)
    step = WIDTH / len(days)
    room = HEIGHT - FOOT - HEAD
    bars: list[Bar] = []
    for index, point in enumerate(days):
        says = f"{day(point.when)}: {count(point.records, 'record')}, {count(point.origins, 'origin')}"
        wide = min(step * 0.72, 36)
        x = index * step + (step - wide) / 2
        for kind, value in (("copies", point.records), ("origins", point.origins)):
            tall = room * value / peak
            if value:
                y = HEIGHT - FOOT - tall
                bars.append(Bar(_number(x), _number(y), _number(wide), _number(tall), kind, says))
    busiest = max(days, key=lambda point: (point.records, -point.when.toordinal()))
    description = (
        f"{count(total, 'record')} from {day(days[0].when)} to {day(days[-1].when)}; "
        f"most on {day(busiest.when)}, with {busiest.records}."
    )
    copied = any(point.origins < point.records for point in days)
    return Chart(
        id=chart_id,
        title="Records per day",
        description=description,
        width=WIDTH,
        height=HEIGHT,
        base=_number(HEIGHT - FOOT),
        peak=str(peak),
        peak_y=_number(HEAD),
        bars=tuple(bars),
        ticks=_ticks(days, step),
        legend=(("origins", "from origins not heard before"), ("copies", "from others")) if copied else (),
    )


def _ticks(days: Sequence[Point], step: float) -> tuple[Tick, ...]:
    last = len(days) - 1
    chosen = sorted({0, last // 2, last}) if last > 5 else [0, last]
    ticks: list[Tick] = []
    for index in chosen:
        anchor, x = "middle", (index + 0.5) * step
        if index == 0:
            anchor, x = "start", 0.0
        elif index == last:
            anchor, x = "end", float(WIDTH)
        ticks.append(Tick(_number(x), day(days[index].when).rsplit(" ", 1)[0], anchor))
    return tuple(ticks)


def shares(counts: Mapping[SentenceClass, int]) -> tuple[Share, ...]:
    """Share of each class that occurs, in the classes' own order; percentages add up to 100 (largest remainder)."""
    total = sum(counts.values())
    if not total:
        return ()
    kinds = [kind for kind in SentenceClass if counts.get(kind)]
    exact = [100 * counts[kind] / total for kind in kinds]
    whole = [int(value) for value in exact]
    by_rest = sorted(range(len(kinds)), key=lambda i: (whole[i] - exact[i], i))
    for index in by_rest[: 100 - sum(whole)]:
        whole[index] += 1
    found: list[Share] = []
    x = 0.0
    for kind, value, percent in zip(kinds, exact, whole, strict=True):
        says = f"{kind.value}: {counts[kind]} of {count(total, 'sentence')}, {percent} %"
        found.append(Share(kind.value, counts[kind], percent, _number(x), _number(value), says))
        x += value
    return tuple(found)
