"""Findings over time: a row for each, a line from its first report to its last, a dot for every report on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.renderers.charts.drawing import WIDTH, Chart, Lettering, Shape, Table, dot, line, units
from pipeline.renderers.phrases import count, day, stamp

ROW, AT, FOOT = 46, 34, 28  # units: a row, how far down its line runs, the foot with the days
EDGE = 6  # units kept free at both ends, so that a dot is whole
MOST = 10
LEAST = 2  # rows below which a list says as much
LONGEST = 60  # characters of a finding that its row shows
STATES = ("new", "repeated", "corroborated", "contradicted", "superseded")


@dataclass(frozen=True, slots=True)
class Lane:
    """A finding: its words, its state, when it was reported, and of how many origins."""

    text: str
    state: str
    times: tuple[datetime, ...]
    origins: int


def lanes(chart_id: str, rows: Sequence[Lane]) -> Chart | None:
    """The rows in their order; None where there are too few, or all was reported within the hour."""
    rows = [row for row in rows if row.times][:MOST]
    every = [when for row in rows for when in row.times]
    if len(rows) < LEAST or max(every) - min(every) < timedelta(hours=1):
        return None
    first, last = min(every), max(every)

    def x(when: datetime) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * ((when - first) / (last - first))

    shapes = [shape for n, row in enumerate(rows) for shape in _lane(row, n * ROW + AT, [x(t) for t in row.times])]
    foot = len(rows) * ROW
    states = [state for state in STATES if any(row.state == state for row in rows)]
    return Chart(
        id=chart_id,
        title="Findings over time",
        description=f"{count(len(rows), 'finding')} from {day(first.date())} to {day(last.date())}: "
        + ", ".join(f"{sum(row.state == state for row in rows)} {state}" for state in states)
        + ".",
        height=foot + FOOT,
        shapes=(*shapes, line("axis", (0, foot), (WIDTH, foot))),
        labels=(
            *(
                Lettering("0", units(n * ROW + AT - 12), _short(row.text), kind="row-name")
                for n, row in enumerate(rows)
            ),
            Lettering("0", units(foot + FOOT - 6), day(first.date())),
            Lettering(units(WIDTH), units(foot + FOOT - 6), day(last.date()), "end"),
        ),
        legend=tuple((f"ln-{state}", state) for state in states),
        table=Table(
            ("Finding", "State", "First", "Last", "Origins"),
            tuple(
                (row.text, row.state, stamp(min(row.times)), stamp(max(row.times)), str(row.origins)) for row in rows
            ),
        ),
    )


def _lane(row: Lane, y: float, xs: Sequence[float]) -> list[Shape]:
    """The line of a finding and its dots."""
    drawn = [line(f"ln-{row.state}", (min(xs), y), (max(xs), y))] if max(xs) > min(xs) else []
    return drawn + [dot(f"ln-{row.state}", (place, y), 5) for place in sorted({round(place, 1) for place in xs})]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"
