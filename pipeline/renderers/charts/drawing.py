"""The grammar of charts: shapes in units of the view box, labels, a legend, a table of the figures; and scales.

All charts are WIDTH units wide and as high as they need. Text inside is set in units, too: the style sheet makes it
larger where the page is narrow, so rows leave room for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640


@dataclass(frozen=True, slots=True)
class Shape:
    """A rect, line, circle or path of one kind (a class of the style sheet), its attributes, and what it says."""

    tag: str
    kind: str
    attributes: tuple[tuple[str, str], ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Lettering:
    """A word on a chart. `anchor`: which of its ends stands at x: start, middle, end."""

    x: str
    y: str
    text: str
    anchor: str = "start"
    kind: str = "tick"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn series, in words (`title`, `description`), as a picture, and as a table.

    `legend`: kind of a shape -> what it means, in order.
    """

    id: str
    title: str
    description: str
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Lettering, ...]
    legend: tuple[tuple[str, str], ...]
    table: Table
    width: int = WIDTH


def units(value: float) -> str:
    """A length as an attribute holds it: at most two decimals, no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def rect(kind: str, corner: tuple[float, float], size: tuple[float, float], says: str = "") -> Shape:
    """A rectangle: its upper left corner, its width and height."""
    sides = (("x", corner[0]), ("y", corner[1]), ("width", size[0]), ("height", size[1]))
    return Shape("rect", kind, tuple((name, units(value)) for name, value in sides), says)


def line(kind: str, start: tuple[float, float], end: tuple[float, float], says: str = "") -> Shape:
    """A straight line."""
    ends = (("x1", start[0]), ("y1", start[1]), ("x2", end[0]), ("y2", end[1]))
    return Shape("line", kind, tuple((name, units(value)) for name, value in ends), says)


def dot(kind: str, centre: tuple[float, float], radius: float, says: str = "") -> Shape:
    """A circle."""
    return Shape("circle", kind, (("cx", units(centre[0])), ("cy", units(centre[1])), ("r", units(radius))), says)


def path(kind: str, corners: Sequence[tuple[float, float]], says: str = "") -> Shape:
    """A closed polygon."""
    drawn = " L".join(f"{units(x)} {units(y)}" for x, y in corners)
    return Shape("path", kind, (("d", f"M{drawn} Z"),), says)


def ticks(peak: float, most: int = 3) -> tuple[float, ...]:
    """Round values up to `peak` for grid lines: steps of 1, 2 or 5 times a power of ten, at most `most` of them.

    The steps are Heckbert's nice numbers (Graphics Gems, 1990), for counts: never below one.
    """
    step, n = 1.0, 0
    while peak / step > most:
        step = (1.0, 2.0, 5.0)[(n + 1) % 3] * 10.0 ** ((n + 1) // 3)
        n += 1
    return tuple(step * k for k in range(1, int(peak / step) + 1))
