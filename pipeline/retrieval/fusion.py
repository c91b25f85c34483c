"""Rankings made into one: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).

A thing scores the sum of 1 / (60 + its rank) over the rankings that hold it, ranks from 1. The method looks at places
and never at scores, which BM25 and cosines give on scales of their own; 60 is the constant of the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

K = 60


def fused(rankings: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
    """Ids of all `rankings` with their scores, best first, ties by id; an id that a ranking repeats counts once."""
    scores: dict[str, float] = {}
    for name in sorted(rankings):
        for rank, key in enumerate(dict.fromkeys(rankings[name]), start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (K + rank)
    return sorted(((key, round(score, 9)) for key, score in scores.items()), key=lambda pair: (-pair[1], pair[0]))


def ranks(rankings: Mapping[str, Sequence[str]], key: str) -> dict[str, int]:
    """At which place each of the rankings that hold it has `key`, from 1."""
    return {name: list(ranking).index(key) + 1 for name, ranking in rankings.items() if key in ranking}
