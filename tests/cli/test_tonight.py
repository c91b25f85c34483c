"""The table at the end of a run: bounded, aligned, safe to print, and silent where there is nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories import NOW, make_signal, make_storyline, sample_claims
from stored import analysed

from pipeline.cli.tonight import ROWS, table
from pipeline.domain import Ranked
from pipeline.protocols import Analysis, Store
from pipeline.stores import open_store

LINE = "s" + "0" * 16


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


def ranked(number: int, outcome: str = "passed over", why: str = "over the night's 25 stories") -> Ranked:
    return Ranked(NOW, LINE if number == 0 else f"s{number:016}", 5.0 - number / 9, {}, outcome, why)


def test_a_night_without_signals_and_ranking_shows_nothing(store: Store) -> None:
    assert table(store, NOW) == []


def test_what_fired_what_was_held_and_what_has_no_story_is_told_with_the_reason(store: Store) -> None:
    store.save_signals(
        [
            make_signal(id="ga1" + "0" * 14, confidence=0.8),
            make_signal(id="gb2" + "0" * 14, kind="entity_surge", held="too early: 3 of 7 days of history"),
            make_signal(id="gc3" + "0" * 14, window_end=NOW - timedelta(days=1)),
        ],
        NOW,
    )
    store.save_ranking(NOW, [ranked(0, "told", ""), ranked(0, "unchanged", "no material news since version 3")])
    assert table(store, NOW) == [
        "fired (1)",
        "  ga1000000  velocity  Northwind Power, Harlow campus  medium  0.80 sure  3 (from 2)",
        "held (1)",
        "  gb2000000  entity surge  Northwind Power, Harlow campus  too early: 3 of 7 days of history",
        "no story (1)",
        "  s00000000  +5.00  Northwind Power, Harlow campus  unchanged  no material news since version 3",
    ]


def test_long_lists_end_with_how_many_more_there_are(store: Store) -> None:
    store.save_ranking(NOW, [ranked(n) for n in range(40)])
    lines = table(store, NOW)
    assert len(lines) == ROWS + 2
    assert (lines[0], lines[-1]) == ("no story (40)", f"  and {40 - ROWS} more")


def test_hostile_text_neither_steers_the_terminal_nor_breaks_the_columns(store: Store) -> None:
    label = "Fake\x1b[2J\nnight: published\u202e " + "x" * 300
    line = dataclasses.replace(make_storyline(sample_claims()), label=label)
    store.save_analysis(Analysis(record_ids=(), storylines=(line,), now=NOW))
    store.save_signals([make_signal(held="a\x07b\nc", summary="z")], NOW)
    store.save_ranking(NOW, [ranked(0)])
    lines = table(store, NOW)
    assert len(lines) == 4
    assert not {"\x1b", "\x07", "\u202e", "\n"} & set("".join(lines))
    assert max(map(len, lines)) < 200


def test_columns_are_aligned(store: Store) -> None:
    kinds = ("velocity", "corroboration", "split")
    store.save_signals([make_signal(kind=kind, id=f"g{kind[0]}" + "0" * 15) for kind in kinds], NOW)
    places = {line.index("Northwind") for line in table(store, NOW)[1:]}
    assert len(places) == 1
