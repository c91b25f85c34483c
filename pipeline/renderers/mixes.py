"""Shares of a whole as rows: a name, a count, a percentage and the length of a bar, which the template draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a whole; `width` is its bar in units of which the longest row has 100."""

    name: str
    count: int
    percent: int
    width: str
    rest: bool = False  # what is left of the names that have no row of their own


def rows(counts: Mapping[str, int], most: int = MOST) -> tuple[Row, ...]:
    """The `most` largest parts, ties by name, then what the others come to; percentages are rounded one by one."""
    total = sum(counts.values())
    ordered = sorted((item for item in counts.items() if item[1] > 0), key=lambda item: (-item[1], item[0].casefold()))
    if not ordered:
        return ()
    shown, others = (ordered, []) if len(ordered) <= most + 1 else (ordered[:most], ordered[most:])
    left = sum(number for _, number in others)
    peak = max(shown[0][1], left)
    parts = [(name, number, False) for name, number in shown]
    parts += [(f"{len(others):,} others", left, True)] if others else []
    return tuple(
        Row(name, number, round(100 * number / total), f"{100 * number / peak:.1f}", rest)
        for name, number, rest in parts
    )
