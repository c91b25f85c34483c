"""Same records, same storylines, memberships and findings: in any order of arrival, by any number of workers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from factories import NOW, make_health, make_record
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store

SAID = [
    "Northwind Power ordered 12 gas turbines for its Harlow campus on Monday.",
    "The Harlow campus will run on 12 turbines of Northwind Power, the company said.",
    "A flood in Port Brenna killed 14 people when the Brenna dam broke at dawn.",
    "Officials in Port Brenna said that 14 people died after the Brenna dam broke.",
    "Tarnholm Glass shares fell by 30 percent after prosecutors alleged fraud at Tarnholm.",
    "Prosecutors allege fraud at Tarnholm Glass, whose shares fell by 31 percent.",
]
told = st.lists(st.tuples(st.sampled_from(SAID), st.integers(0, 90), st.integers(0, 3)), min_size=2, max_size=10)


def record(number: int, text: str, hours: int, publisher: int) -> Record:
    title = text.split(",", maxsplit=1)[0][:60] if number % 2 else ""
    return make_record(text, native_id=f"n{number}", title=title, publisher=f"Outlet {publisher}",
                       published=NOW - timedelta(hours=hours))  # fmt: skip


def outcome(records: Sequence[Record], *, workers: int = 0) -> object:
    """Everything that one night over `records` decides."""
    store = open_store(":memory:")
    try:
        for at in range(0, len(records), 3):
            store.save_batch("wire", records[at : at + 3], Cursor(), make_health(source="wire"))
        engine = load("local", workers=workers)
        analyze(store, AnalyzeSettings(), beats=(), embedder=build("lexical"), engine=engine, now=NOW)
        lines = store.storylines()
        members = [store.memberships(line.id) for line in lines]
        return lines, members, store.findings([line.id for line in lines])
    finally:
        store.close()


@settings(max_examples=3, deadline=None)
@given(told, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_storylines(found: list[tuple[str, int, int]], dice: random.Random) -> None:
    records = [record(number, *row) for number, row in enumerate(found)]
    assert outcome(dice.sample(records, len(records))) == outcome(records)


@pytest.mark.parametrize("workers", [2])
def test_any_number_of_workers_gives_the_same_storylines(workers: int) -> None:
    dice = random.Random(workers)
    records = [record(n, SAID[n % 6].replace("12", str(n)), dice.randrange(90), n % 4) for n in range(70)]
    assert outcome(dice.sample(records, len(records)), workers=workers) == outcome(records)
