"""Succession: a night that brings many days is grouped day by day, as if each day had been a night of its own.

Storylines must not depend on when the desk happened to read: a first night over a month of feeds, a night after a week
of silence and thirty nights in a row see the same records, and what an event looked like on its second day must not be
judged by what was written on its twentieth. So what is new is taken in the order of its days of publication, each day
among what is known and the days before it (the one-pass order of topic detection and tracking: Allan, Papka and
Lavrenko 1998), and the more is asked the more there is to compare with on that day. Within a day no order exists.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.storylines import cluster, coherence
from pipeline.storylines.cluster import Grouping, Items, Whole
from pipeline.storylines.coherence import Texts
from pipeline.storylines.parts import Part

MOST_STEPS = 32  # a month day by day; what spans more is taken in by longer stretches
_DAY = 86_400


def steps(parts: Sequence[Part], fresh: Sequence[int]) -> list[list[int]]:
    """Positions of new parts by day of publication, oldest first; by longer stretches of time where days are many."""
    width = 1
    while True:
        found: dict[int, list[int]] = {}
        for at in fresh:
            found.setdefault(int(parts[at].published.timestamp() // (_DAY * width)), []).append(at)
        if len(found) <= MOST_STEPS:
            return [sorted(found[key]) for key in sorted(found)]
        width *= 2


def grown(parts: Sequence[Part], items: Items, how: Grouping, texts: Texts | None = None) -> list[list[int]]:
    """Groups of what is new and what it came near to, each sorted, sorted; existing groups stay whole.

    `texts` are the words by which parts are weighed and groups checked, one for each part; without them rows are taken
    as they are.
    """
    labels = items.bound.copy()
    known = int(labels.max(initial=-1)) + 1
    number = known
    here = np.flatnonzero(labels >= 0)
    day = _Days(items, how, texts)
    for arriving in steps(parts, np.flatnonzero(labels < 0).tolist()):
        here = np.sort(np.concatenate([here, np.asarray(arriving, dtype=np.int64)]))
        for group in day.groups(here, labels[here]):
            labels[group] = number
            number += 1
    found: dict[int, list[int]] = {}
    for at, label in enumerate(labels.tolist()):
        if label >= known:
            found.setdefault(label, []).append(at)
    return sorted(found.values())


class _Days:
    """What every day is grouped with."""

    def __init__(self, items: Items, how: Grouping, texts: Texts | None) -> None:
        self._items, self._how, self._texts = items, how, texts
        self._counted = texts.rows if texts is not None else None

    def groups(self, here: Whole, bound: Whole) -> list[list[int]]:
        """Groups among the parts that are `here`, bound to the groups they are in; as positions among all parts."""
        counted = self._counted
        if len(here) == len(self._items):
            rows = self._items.sparse
        else:
            rows = counted.weighted(here) if counted else self._items.sparse[here]
        present = self._items.among(here, rows, bound)
        found = [[int(here[at]) for at in group] for group in cluster.groups(present, self._how.among(len(here)))]
        if self._texts is None:
            return found
        homes = dict(zip(here.tolist(), bound.tolist(), strict=True))
        return coherence.coherent(found, homes, self._texts.weighed(here.tolist()), among=len(here))
