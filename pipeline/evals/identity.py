"""`eval identity`: whether storylines fed night by night end as they would have at once, and keep their ids meanwhile.

Agreement is the adjusted Rand index (Hubert and Arabie 1985: the share of pairs that both labellings treat alike, less
what chance would give). A change is a record that one night leaves under another storyline id than the night before,
merges into an older id included; the share is of all records that a night finds stored. Large files are read from their
first day on, in whole days, up to 10,000 rows.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

from pipeline.domain import Record
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.evals import storylines
from pipeline.evals.rows import rows
from pipeline.evals.topics import Remembering
from pipeline.protocols import Embedder
from pipeline.stores import open_store

ROWS = 10_000


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Feed `path` in daily slices and at once, and compare. Raises UsageError."""
    began = time.perf_counter()
    labelled = list(rows(path))
    days = daily([storylines.record(row, number) for number, row in enumerate(labelled)])
    records = [one for day in days for one in day]
    model = Remembering(build(embedder))
    nightly = steps(days, model)
    final, once = nightly[-1] if nightly else {}, storylines.grouped(records, model)
    changes, held = changed(nightly)
    return {
        "adjusted_rand": adjusted_rand([final[one.id] for one in records], [once[one.id] for one in records]),
        "ids_kept": round(1.0 - sum(changes) / max(1, sum(held)), 4),
        "ids_changed": round(sum(changes) / max(1, sum(held)), 4),
        "ids_changed_worst": max((round(a / b, 4) for a, b in zip(changes, held, strict=True)), default=0.0),
        "nights": len(days),
        "documents": len(records),
        "storylines": len(set(final.values())),
        "storylines_at_once": len(set(once.values())),
        "seconds": round(time.perf_counter() - began, 3),
    }


def daily(records: Sequence[Record], most: int = ROWS) -> list[list[Record]]:
    """Records by day of publication, oldest first; whole days up to `most` records, the first day in any case."""

    def day(one: Record) -> date:
        return one.published.date()

    days = [list(group) for _, group in groupby(sorted(records, key=lambda one: (day(one), one.id)), key=day)]
    count = 0
    for number, group in enumerate(days):
        count += len(group)
        if count > most and number:
            return days[:number]
    return days


def steps(days: Sequence[Sequence[Record]], model: Embedder) -> list[dict[str, str]]:
    """Record id -> storyline id after each night."""
    store, engine = open_store(":memory:"), load("local", workers=0)
    found: list[dict[str, str]] = []
    there: list[Record] = []
    try:
        for day in days:
            storylines.night(store, day, engine, model, day[0].published)
            there.extend(day)
            found.append(storylines.homes(store, there))
    finally:
        store.close()
    return found


def changed(nightly: Sequence[dict[str, str]]) -> tuple[list[int], list[int]]:
    """Per night but the first: records under another id than the night before, and records that were there before."""
    changes = [sum(after[key] != home for key, home in before.items()) for before, after in pairwise(nightly)]
    return changes, [len(before) for before in nightly[:-1]]


def adjusted_rand(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Adjusted Rand index of two labellings of the same items: 1 for the same groups, about 0 for unrelated ones."""

    def pairs(counts: Counter[Hashable]) -> int:
        return sum(number * (number - 1) // 2 for number in counts.values())

    both = pairs(Counter(zip(one, other, strict=True)))
    mine, theirs, every = pairs(Counter(one)), pairs(Counter(other)), len(one) * (len(one) - 1) // 2
    expected = mine * theirs / every if every else 0.0
    most = (mine + theirs) / 2
    return 1.0 if most == expected else round((both - expected) / (most - expected), 4)
