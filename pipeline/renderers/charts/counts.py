"""Records over time, and among them the origins not heard before, with the signal that counted these.

Bars are as fine as they may be without being single records: the smallest of 1, 3, 6 and 24 hours that gives at most
`MOST_BARS` bars and on average two records a bar. What a signal says of its window (how many origins are usual in it,
from how many on it fires) is drawn as the rate that this is per bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pipeline.domain import Signal
from pipeline.renderers.charts.drawing import WIDTH, Chart, Lettering, Shape, Table, line, rect, ticks, units
from pipeline.renderers.phrases import count, day, figure

HEIGHT, FOOT, HEAD, SIDE = 168, 26, 14, 44  # units; at the side stand the figures of the grid
MAX_DAYS = 60
MOST_BARS = 28
LEAST_BARS = 3  # with fewer that hold anything there is no course of things to see
STEPS = (1, 3, 6, 24)
COUNTING = frozenset({"velocity"})  # kinds of signals that count the origins of a storyline over time
_HOUR = timedelta(hours=1)
Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Point:
    """An hour or a day of a series: records that appeared, and how many origins they came from that were new then."""

    when: date
    records: int
    origins: int
    hour: int | None = None  # None: of the whole day

    @property
    def start(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.when, time(self.hour or 0), UTC)


@dataclass(frozen=True, slots=True)
class _Bar:
    """What fell into one stretch of time."""

    start: datetime
    records: int
    origins: int


def series(points: Sequence[Point]) -> tuple[Point, ...]:
    """`points` by day without gaps; at most the last 60 days."""
    return tuple(Point(bar.start.date(), bar.records, bar.origins) for bar in _bars(points, 24))


def per_day(chart_id: str, points: Sequence[Point]) -> Chart | None:
    """Records and new origins a day as bars; None where there is nothing to see."""
    return _drawn(chart_id, points, 24, None)


def over_time(chart_id: str, points: Sequence[Point], signals: Sequence[Signal] = ()) -> Chart | None:
    """Records and new origins over time, in the finest bars that hold something, with the strongest signal that
    counted them; None where there is nothing to see.
    """
    counted = [one for one in signals if one.kind in COUNTING and one.window_end > one.window_start]
    signal = max(counted, key=lambda one: (one.score / max(one.threshold, 1), one.window_end, one.id), default=None)
    return _drawn(chart_id, points, _step(points), signal)


def _step(points: Sequence[Point]) -> int:
    """Hours of a bar."""
    if not points or any(point.hour is None for point in points):
        return 24
    total = sum(point.records for point in points)
    for hours in STEPS:
        bars = len(_bars(points, hours))
        if bars <= min(MOST_BARS, total / 2):
            return hours
    return 24


def _bars(points: Sequence[Point], hours: int) -> list[_Bar]:
    """`points` in stretches of some hours, counted from midnight, without gaps; at most those of 60 days."""
    if not points:
        return []
    step = timedelta(hours=hours)
    found: dict[datetime, list[int]] = {}
    for point in points:
        start = point.start
        sums = found.setdefault(start - timedelta(hours=start.hour % hours), [0, 0])
        sums[0] += point.records
        sums[1] += point.origins
    last = max(found)
    first = max(min(found), last - timedelta(days=MAX_DAYS) + step)
    starts = [first + step * n for n in range((last - first) // step + 1)]
    return [_Bar(start, *found.get(start, [0, 0])) for start in starts]


def _drawn(chart_id: str, points: Sequence[Point], hours: int, signal: Signal | None) -> Chart | None:
    bars = _bars(points, hours)
    heights = [bar.records for bar in bars if bar.records]
    if len(heights) < LEAST_BARS or (len(set(heights)) == 1 and signal is None):
        return None
    step = timedelta(hours=hours)
    rates = _rates(signal, step) if signal else (0.0, 0.0)
    peak = max(*heights, *rates)
    wide = (WIDTH - SIDE) / len(bars)

    def x(when: datetime) -> float:
        return SIDE + min(max((when - bars[0].start) / step * wide, 0.0), WIDTH - SIDE)

    def y(value: float) -> float:
        return HEIGHT - FOOT - (HEIGHT - FOOT - HEAD) * value / peak

    x1, x2 = (x(signal.window_start), x(signal.window_end)) if signal else (0.0, 0.0)
    band = [rect("band", (x1, HEAD), (x2 - x1, y(0) - HEAD))] if x2 > x1 else []
    grid = [line("grid", (SIDE, y(value)), (WIDTH, y(value))) for value in ticks(peak)]
    drawn = [shape for n, bar in enumerate(bars) for shape in _bar(bar, SIDE + n * wide, wide, y, hours)]
    marks = _marks(rates, x1, x2, y) if band else []
    copied = any(bar.origins < bar.records for bar in bars)
    return Chart(
        id=chart_id,
        title=f"Records {_per(hours)}",
        description=_description(bars, hours, signal),
        height=HEIGHT,
        shapes=(*band, *grid, *drawn, line("axis", (SIDE, y(0)), (WIDTH, y(0))), *marks),
        labels=(*_values(peak, y), *_days(bars, step, wide)),
        legend=_legend(copied, bool(band)),
        table=Table(
            ("From", "Records", "New origins"),
            tuple((_said(bar.start, hours), str(bar.records), str(bar.origins)) for bar in bars if bar.records),
        ),
    )


def _bar(bar: _Bar, x: float, wide: float, y: Scale, hours: int) -> list[Shape]:
    """The records of a stretch, and before them those of new origins."""
    says = f"{_said(bar.start, hours)}: {count(bar.records, 'record')}, {count(bar.origins, 'new origin')}"
    broad = min(wide * 0.72, 36)
    return [
        rect(kind, (x + (wide - broad) / 2, y(value)), (broad, y(0) - y(value)), told)
        for kind, value, told in (("b-copies", bar.records, says), ("b-origins", bar.origins, ""))
        if value
    ]


def _rates(signal: Signal, step: timedelta) -> tuple[float, float]:
    """What is usual in a signal's window and from what on it fires, per bar."""
    share = step / (signal.window_end - signal.window_start)
    return signal.baseline * share, signal.threshold * share


def _marks(rates: tuple[float, float], x1: float, x2: float, y: Scale) -> list[Shape]:
    """The usual rate and the rate from which the signal fires, across its window."""
    return [line(kind, (x1, y(rate)), (x2, y(rate))) for kind, rate in zip(("usual", "limit"), rates, strict=True)]


def _legend(copied: bool, signal: bool) -> tuple[tuple[str, str], ...]:
    bars = (("b-origins", "first reports of their origin"), ("b-copies", "all others")) if copied else ()
    told = (("band", "the hours measured"), ("usual", "usual rate"), ("limit", "rate from which it counts"))
    return bars + (told if signal else ())


def _description(bars: Sequence[_Bar], hours: int, signal: Signal | None) -> str:
    """What the chart shows, in words."""
    total = sum(bar.records for bar in bars)
    busiest = max(bars, key=lambda bar: (bar.records, -bar.start.timestamp()))
    first, last = day(bars[0].start.date()), day(bars[-1].start.date())
    when = f"on {first}" if first == last else f"from {first} to {last}"
    most = (
        f"on {day(busiest.start.date())}"
        if hours == 24
        else f"in the {_span(hours)} from {_said(busiest.start, hours)}"
    )
    said = f"{count(total, 'record')} {when}; most {most}, with {busiest.records}."
    if signal is None:
        return said
    window = round((signal.window_end - signal.window_start) / _HOUR)
    return (
        f"{said} In the {window} hours measured {count(round(signal.score), 'independent report')} came in, where "
        f"{_usual(signal.baseline)} are usual and {figure(signal.threshold)} are enough to count. The bars count "
        "an outlet once, however many of these are its own."
    )


def _usual(baseline: float) -> str:
    return figure(baseline) if baseline >= 0.005 or not baseline else "fewer than 0.01"


def _per(hours: int) -> str:
    return {1: "per hour", 24: "per day"}.get(hours, f"per {hours} hours")


def _span(hours: int) -> str:
    return "hour" if hours == 1 else f"{hours} hours"


def _said(when: datetime, hours: int) -> str:
    return day(when.date()) if hours == 24 else f"{day(when.date())}, {when.hour:02}:00 UTC"


def _values(peak: float, y: Scale) -> list[Lettering]:
    """The figures of the grid, at its side."""
    return [Lettering(units(SIDE - 8), units(y(value) + 4), figure(value), "end") for value in ticks(peak)]


def _days(bars: Sequence[_Bar], step: timedelta, wide: float) -> list[Lettering]:
    """Names of the first day, the last, and of the one between, under their bars."""
    starts = [n for n, bar in enumerate(bars) if n == 0 or bar.start.date() != bars[n - 1].start.date()]
    chosen = sorted({starts[0], starts[len(starts) // 2], starts[-1]}) if len(starts) > 5 else [starts[0], starts[-1]]
    labels: list[Lettering] = []
    for n in dict.fromkeys(chosen):
        x, anchor = SIDE + (n + 0.5) * wide, "middle"
        if n == 0:
            x, anchor = float(SIDE), "start"
        elif x > WIDTH - 70:
            x, anchor = float(WIDTH), "end"
        name = day(bars[n].start.date()).rsplit(" ", 1)[0]
        labels.append(Lettering(units(x), str(HEIGHT - 6), name, anchor))
    return labels
