"""The share of each class of sentence in a text, on one bar of 100 units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.domain import SentenceClass
from pipeline.renderers.charts.drawing import units
from pipeline.renderers.phrases import count


@dataclass(frozen=True, slots=True)
class Share:
    """One class of sentences: its count, its whole percentage and its place on a bar of 100 units."""

    kind: str
    count: int
    percent: int
    x: str
    width: str
    says: str


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
        found.append(Share(kind.value, counts[kind], percent, units(x), units(value), says))
        x += value
    return tuple(found)
