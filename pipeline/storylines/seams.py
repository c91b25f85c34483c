"""Seams: where a storyline became two or two became one, measured from both sides, so that a person can check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.storylines import cluster, parts
from pipeline.storylines.cluster import Grouping, Items, Matrix
from pipeline.storylines.parts import Part

_MOST = 60  # newest parts of a side that are measured


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a seam: its storyline, what it is called, its parts, and how close these are to each other (0..1).

    `within` is None for a side of one part.
    """

    storyline_id: str
    label: str
    parts: tuple[Part, ...]
    within: float | None

    @property
    def origins(self) -> int:
        """How many independent origins tell it."""
        return parts.origins(self.parts)


@dataclass(frozen=True, slots=True)
class Seam:
    """`stays` keeps the id, `goes` is the side that was taken in, or that left; `across` is their mean closeness.

    `asked` is the closeness that holds a group together; `bridge` is tonight's part that is close to both sides of a
    merge, if there is one.
    """

    merged: bool
    stays: Side
    goes: Side
    across: float
    asked: float
    bridge: Part | None = None


@dataclass(frozen=True, slots=True)
class Cloth:
    """What is measured: parts, their rows for grouping, and the settings that grouped them."""

    parts: Sequence[Part]
    items: Items
    how: Grouping

    def close(self, rows: Sequence[int], columns: Sequence[int]) -> Matrix:
        """Closeness of every pair of positions."""
        return cluster.strengths(self.items, rows, columns, self.how)


Named = tuple[str, str, Sequence[int]]  # a side: its storyline, what that is called, positions of its parts


def measure(cloth: Cloth, stays: Named, goes: Named, bridges: Sequence[int], *, merged: bool) -> Seam:
    """The seam between two sides; `bridges` are the positions of what is new."""
    here, there = _newest(cloth, stays[2]), _newest(cloth, goes[2])
    return Seam(
        merged=merged,
        stays=_side(cloth, stays, here),
        goes=_side(cloth, goes, there),
        across=round(float(cloth.close(here, there).mean()), 6),
        asked=cloth.how.threshold,
        bridge=_bridge(cloth, here, there, _newest(cloth, bridges)),
    )


def _newest(cloth: Cloth, side: Sequence[int]) -> list[int]:
    """The newest of a side's positions, in their order."""
    return sorted(sorted(side, key=lambda at: (cloth.parts[at].published, cloth.parts[at].key))[-_MOST:])


def _side(cloth: Cloth, named: Named, newest: Sequence[int]) -> Side:
    """One side, with the mean closeness of the pairs of its newest parts."""
    key, label, every = named
    within = None
    if len(newest) > 1:
        strength = cloth.close(newest, newest)
        within = round(float(strength[~np.eye(len(newest), dtype=bool)].mean()), 6)
    return Side(key, label, tuple(cloth.parts[at] for at in every), within)


def _bridge(cloth: Cloth, here: Sequence[int], there: Sequence[int], bridges: Sequence[int]) -> Part | None:
    """The new part whose weaker side is the strongest (the smaller key on ties); None where none is near to both."""
    if not bridges:
        return None
    weaker = np.minimum(cloth.close(bridges, here).max(axis=1), cloth.close(bridges, there).max(axis=1)).round(6)
    at = min(range(len(bridges)), key=lambda n: (-weaker[n], cloth.parts[bridges[n]].key))
    return cloth.parts[bridges[at]] if weaker[at] >= cloth.how.threshold else None
