"""A night over many days is grouped as those days in a row would have been, in whatever order records came."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
from factories import make_record
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import terms
from pipeline.storylines import parts, succession
from pipeline.storylines.cluster import Grouping
from pipeline.storylines.coherence import Texts
from pipeline.storylines.parts import Part
from pipeline.terms import Counted

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
SAID = [
    "The Ardmere dam broke at dawn and took the Velden mill",
    "Velden mill lost as the Ardmere dam breaks, council of Ardmere says",
    "Ardmere dam: Velden miller accuses the Ardmere council of delay",
    "Orrel votes for a new Selmouth ferry at last",
    "Selmouth ferry for Orrel costs ninety crowns",
    "Shares of Tarnholm Glass fall by a third after fraud at Tarnholm",
    "Tarnholm Glass fraud: shares of the firm fall again",
    "",
]

told = st.lists(st.tuples(st.sampled_from(SAID), st.integers(0, 5)), min_size=1, max_size=14)


def part(number: int, text: str, days: int) -> Part:
    key = f"r{number:03}"
    record = make_record(id=key, text=text, published=START + timedelta(days=days), publisher=f"p{number % 4}")
    return Part(key, record, key, key, (), text, told=text)


def grown(found: list[Part], homes: dict[str, int] | None = None) -> set[frozenset[str]]:
    """Groups of keys; `homes` are those of known parts."""
    ordered = sorted(found, key=lambda one: one.key)
    counted = [terms.count(one.text) for one in ordered]
    frequencies = terms.fit(counted)
    texts = Texts(ordered, counted, frequencies)
    items = parts.items(ordered, texts.rows, [(homes or {}).get(one.key, -1) for one in ordered])
    groups = succession.grown(ordered, items, Grouping(), texts)
    return {frozenset(ordered[at].key for at in group) for group in groups}


@settings(max_examples=40, deadline=None)
@given(told, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing_and_nothing_is_lost(
    found: list[tuple[str, int]], dice: random.Random
) -> None:
    some = [part(number, text, days) for number, (text, days) in enumerate(found)]
    shuffled = dice.sample(some, len(some))
    groups = grown(some)
    assert grown(shuffled) == groups
    assert sorted(key for group in groups for key in group) == [one.key for one in some]


@settings(max_examples=25, deadline=None)
@given(told)
def test_many_days_at_once_are_those_days_in_a_row(found: list[tuple[str, int]]) -> None:
    some = [part(number, text, days) for number, (text, days) in enumerate(found)]
    groups: set[frozenset[str]] = set()
    for day in range(6):
        homes = {key: number for number, group in enumerate(sorted(groups, key=min)) for key in group}
        here = [one for one in some if one.published <= START + timedelta(days=day)]
        made = grown(here, homes)
        changed = {key for group in made for key in group}
        groups = {group for group in groups if not group & changed} | made
    assert groups == grown(some)


def test_two_days_of_one_event_are_one_group_and_known_groups_stay_whole() -> None:
    dam = [part(n, SAID[n], n) for n in range(3)]
    ferry = [part(n, SAID[n], 0) for n in (3, 4)]
    assert frozenset(one.key for one in dam) in grown([*dam, *ferry])
    (whole,) = grown([*dam, *ferry], {dam[0].key: 0, ferry[0].key: 0, dam[1].key: 0})
    assert {one.key for one in (dam[0], ferry[0], dam[1], dam[2])} <= whole


def test_an_archive_of_many_years_is_taken_in_by_longer_stretches() -> None:
    years = [part(number, SAID[number % 7], number * 9) for number in range(900)]
    taken = succession.steps(years, range(900))
    assert len(taken) <= succession.MOST_STEPS
    assert [at for step in taken for at in step] == list(range(900))
    assert [len(step) for step in succession.steps(years, range(5))] == [1] * 5


@given(st.lists(st.text(alphabet="abc ", max_size=20), min_size=1, max_size=8))
def test_rows_are_those_of_the_sparse_matrix(texts: list[str]) -> None:
    counted = [terms.count(text) for text in texts]
    rows = Counted.of(counted).weighted(range(len(texts)))[range(len(texts))]
    hashed = terms.matrix(counted, terms.fit(counted))
    assert np.allclose((rows @ rows.T).toarray(), (hashed @ hashed.T).toarray(), atol=1e-5)
