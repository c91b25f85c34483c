"""Grouping: laws that hold for any items, and the guards that keep topics from swallowing events."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import terms
from pipeline.storylines.cluster import Grouping, Items, finite, groups, partition, strengths
from pipeline.storylines.meanings import Meanings

WORDS = (
    "harlow turbine grid northwind flood brenna dam rescue vote kessel mayor count tariff steel port strike"
).split()


def items(texts: list[str], bound: list[int] | None = None, dense: np.ndarray | None = None) -> Items:  # type: ignore[type-arg]
    counted = [terms.count(text) for text in texts]
    return Items(
        sparse=terms.matrix(counted, terms.fit(counted)),
        lengths=np.asarray([len(row) for row in counted], dtype=np.float64),
        days=np.zeros(len(texts)),
        dense=None if dense is None else Meanings(dense),
        bound=np.asarray(bound or [-1] * len(texts), dtype=np.int64),
    )


texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=14)


@given(texts)
def test_every_item_is_in_exactly_one_group(found: list[str]) -> None:
    grouped = groups(items(found))
    assert sorted(at for group in grouped for at in group) == list(range(len(found)))


@given(texts)
def test_strength_is_symmetric_and_between_zero_and_one(found: list[str]) -> None:
    everyone = range(len(found))
    strength = strengths(items(found), everyone, everyone, Grouping())
    assert np.allclose(strength, strength.T)
    assert strength.min() >= 0.0
    assert strength.max() <= 1.0


@given(texts, st.integers(0, 3))
def test_existing_groups_are_never_torn(found: list[str], size: int) -> None:
    bound = [0] * min(size, len(found)) + [-1] * max(0, len(found) - size)
    homes = [group for group in groups(items(found, bound)) if any(bound[at] == 0 for at in group)]
    assert len(homes) <= 1


def test_same_words_group_and_other_words_do_not() -> None:
    found = groups(
        items(["harlow turbine grid", "harlow turbine northwind grid", "flood brenna dam", "brenna dam flood rescue"])
    )
    assert found == [[0, 1], [2, 3]]


def test_an_item_without_words_is_alone() -> None:
    assert groups(items(["", "", "harlow grid"])) == [[0], [1], [2]]


def test_a_large_group_must_be_closer_knit() -> None:
    how = Grouping()
    assert how.needed(2) == how.threshold == how.needed(8)
    assert how.needed(80) > 1.5 * how.threshold
    loose = np.full((120, 120), how.threshold * 1.2)
    assert len(set(partition(loose, [-1] * 120, how))) > 1
    assert len(set(partition(loose[:6, :6], [-1] * 6, how))) == 1


def test_more_items_ask_for_more_likeness() -> None:
    how = Grouping()
    assert how.among(100).threshold == how.among(2000).threshold == how.threshold
    assert how.threshold < how.among(5_000).threshold < how.among(50_000).threshold < 2 * how.threshold


def test_time_weakens_and_an_unknown_date_is_neutral() -> None:
    base = items(["harlow turbine grid", "harlow turbine grid"])
    how = Grouping()

    def between(days: list[float]) -> float:
        return float(strengths(dataclasses.replace(base, days=np.asarray(days)), [0], [1], how)[0, 0])

    assert between([0, 0]) > between([0, np.nan]) > between([0, 60])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_that_are_not_finite_are_near_to_nothing(bad: float) -> None:
    rows = finite(np.asarray([[bad, 1.0], [0.0, 0.0], [3.0, 4.0]], dtype=np.float32))
    assert rows.tolist() == [[0.0, 0.0], [0.0, 0.0], pytest.approx([0.6, 0.8])]


def test_dense_rows_bring_paraphrases_together() -> None:
    found = ["northwind buys harlow turbines for power", "generators ordered by harlow campus owner"]
    apart = groups(items(found))
    together = groups(items(found, dense=np.asarray([[1.0, 0.0], [0.995, 0.0999]], dtype=np.float32)))
    assert together == [[0, 1]]
    assert len(apart) >= len(together)


def test_remarks_of_one_account_in_one_breath_are_closer_than_the_same_words_of_two_or_a_day_later() -> None:
    base = items(["harlow flood count port tariff brenna", "harlow flood vote steel dam strike mayor", "harlow grid"])
    how = Grouping()

    def between(accounts: list[int], days: list[float]) -> float:
        told = dataclasses.replace(base, days=np.asarray([*days, 0.0]), accounts=np.asarray([*accounts, -1]))
        return float(strengths(told, [0], [1], how)[0, 0])

    breath = [0.0, 0.01]
    assert between([3, 3], breath) > between([3, 4], breath) == between([-1, -1], breath)
    assert between([3, 3], [0.0, 1.0]) == pytest.approx(between([3, 4], [0.0, 1.0]), abs=1e-6)
    assert between([3, 3], [0.0, np.nan]) == between([3, 4], [0.0, np.nan])


def test_remarks_of_one_account_that_share_one_word_are_no_closer() -> None:
    base = dataclasses.replace(
        items(["harlow flood count port tariff", "harlow vote steel dam strike"]), days=np.zeros(2)
    )
    same = dataclasses.replace(base, accounts=np.asarray([1, 1]))
    assert strengths(same, [0], [1], Grouping())[0, 0] == strengths(base, [0], [1], Grouping())[0, 0]
