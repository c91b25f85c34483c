"""Reciprocal rank fusion: the formula of the paper, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.retrieval.fusion import fused, ranks

RANKINGS = st.dictionaries(
    st.sampled_from(["text", "vectors"]), st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=2
)


def test_the_score_is_the_sum_of_reciprocal_ranks() -> None:
    found = fused({"text": ["a", "b"], "vectors": ["b", "c"]})
    assert [key for key, _ in found] == ["b", "a", "c"]
    assert dict(found) == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "c": 1 / 62}, abs=1e-9)


@given(RANKINGS)
def test_everything_ranked_is_there_once_and_best_first(rankings: dict[str, list[str]]) -> None:
    found = fused(rankings)
    assert sorted(key for key, _ in found) == sorted({key for ranking in rankings.values() for key in ranking})
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))


@given(st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_rankings_that_agree_are_kept(ranking: list[str]) -> None:
    assert [key for key, _ in fused({"text": ranking, "vectors": ranking})] == ranking


@given(RANKINGS, st.sampled_from("abcdefgh"))
def test_ranks_say_where_a_thing_stood(rankings: dict[str, list[str]], key: str) -> None:
    held = ranks(rankings, key)
    assert all(rankings[name][rank - 1] == key for name, rank in held.items())
    assert set(held) == {name for name, ranking in rankings.items() if key in ranking}
