"""storylines.index: among many, rare words find the same neighbours as all words do, with the same cosines."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest

from pipeline import terms
from pipeline.storylines import index as index_module
from pipeline.storylines.cluster import Grouping, Items, compact, groups
from pipeline.storylines.index import WordIndex

COMMON = [f"common{number}" for number in range(8)]


def told(events: int, seed: int = 1) -> list[str]:
    """Three texts for each event: words of its own among words that everybody uses."""
    dice = random.Random(seed)
    return [
        " ".join([*dice.sample(COMMON, 2), *(f"own{event}x{at}" for at in dice.sample(range(7), 6))])
        for event in range(events)
        for _ in range(3)
    ]


def items(texts: list[str]) -> Items:
    counted = [terms.count(text) for text in texts]
    return Items(
        sparse=compact(terms.matrix(counted, terms.fit(counted)))[0],
        lengths=np.asarray([len(row) for row in counted], dtype=np.float64),
        days=np.zeros(len(texts)),
        dense=None,
        bound=np.full(len(texts), -1, dtype=np.int64),
    )


def test_the_index_and_the_whole_product_come_to_the_same_groups() -> None:
    there, whole = items(told(60)), Grouping()
    indexed = dataclasses.replace(whole, exact=0, holders=20, asked=24)
    found = groups(there, indexed)
    assert found == groups(there, whole)
    assert any(len(group) > 1 for group in found)


def test_what_the_index_finds_has_the_cosine_of_all_words() -> None:
    rows = items(told(20)).sparse
    index = WordIndex(rows, exact=0, holders=10, asked=5)
    own, near, cosines = index.near(np.arange(rows.shape[0]))
    whole = (rows @ rows.T).toarray()
    assert cosines == pytest.approx(whole[own, near], abs=1e-6)
    assert np.bincount(own).max() <= 5
    assert len(own) < (whole > 0).sum(), "common words make no pair"


def test_candidates_do_not_depend_on_what_else_is_asked() -> None:
    rows = items(told(20)).sparse
    index = WordIndex(rows, exact=0, holders=10, asked=5)
    own, near, cosines = index.near(np.arange(rows.shape[0]))
    one_by_one = [index.near(np.asarray([at])) for at in range(rows.shape[0])]
    assert near.tolist() == [at for _, found, _ in one_by_one for at in found.tolist()]
    assert cosines.tolist() == [value for _, _, found in one_by_one for value in found.tolist()]
    assert own.tolist() == sorted(own.tolist())


@pytest.mark.parametrize("exact", [0, 10_000])
@pytest.mark.parametrize("at_once", [1, 7, 4096])
def test_rows_that_are_made_when_they_are_asked_for_find_the_same(
    exact: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_AT_ONCE", at_once)
    texts = [*told(20), "", "common0 common1"]
    made = terms.Counted.of([terms.count(text) for text in texts]).weighted(range(1, len(texts)))
    whole = made[range(made.shape[0])]
    every = np.arange(made.shape[0])
    first, second = (
        WordIndex(rows, exact=exact, holders=10, asked=5).near(every) for rows in (made, compact(whole)[0])
    )
    for one, other in zip(first, second, strict=True):
        assert one.tolist() == other.tolist()
    assert len(first[0])
