"""Storylines that change do, those that only seem to do not, and the truth about each is known."""

from collections import Counter

import numpy as np
import pytest

from pipeline.backtest import facts, stories, turns
from pipeline.backtest.planting import Family
from pipeline.domain import FindingState
from pipeline.embedders.lexical import LexicalEmbedder


@pytest.fixture(scope="module")
def made():
    return next(stories.nights(4, Family.HELD, number=20))


def test_half_of_each_kind_changes(made):
    desk, changes = made
    assert Counter(change.kind for change in changes) == dict.fromkeys(stories.MAKERS, 10)
    assert len(desk.storylines) == 20 * len(stories.MAKERS)
    assert {change.subject for change in changes} <= desk.storylines.keys()


def test_a_fact_has_many_wordings_and_another_fact_is_further_away():
    rng = np.random.default_rng(1)
    embed = LexicalEmbedder().embed
    same, other = [], []
    for _ in range(30):
        one, two = facts.facts(rng, 2)
        rows = embed([facts.told(one, rng), facts.told(one, rng), facts.told(two, rng)])
        same.append((rows[0] @ rows[1].T).toarray()[0, 0])
        other.append((rows[0] @ rows[2].T).toarray()[0, 0])
    assert np.median(same) > np.median(other) + 0.2


def test_what_is_new_came_tonight_and_what_is_known_before(made):
    desk, changes = made
    for change in changes:
        found = desk.findings[change.subject]
        tonight = [one for one in found if one.last_seen > desk.start]
        assert tonight
        if change.kind == "corroboration":
            widest = max(len(one.origin_ids) for one in tonight)
            assert widest == change.size
        if change.kind == "contradiction":
            disputes = {d for one in found if one.state is FindingState.CONTRADICTED for d in one.disputes}
            assert len(disputes) == change.size


def test_copies_are_of_one_origin(made):
    desk, _ = made
    copied = [one for line in desk.findings.values() for one in line if len(one.claim_ids) > len(one.origin_ids)]
    assert copied


def test_the_second_night_is_of_what_becomes_of_storylines():
    _, (desk, changes) = stories.nights(4, Family.HELD, number=4)
    assert Counter(change.kind for change in changes) == dict.fromkeys(turns.MAKERS, 2)
    for change in changes:
        line = desk.storylines[change.subject]
        told = [desk.claims[key] for key in line.claim_ids]
        tonight, before = ([one for one in told if (one.published > desk.start) is side] for side in (True, False))
        if change.kind in ("split", "merge"):
            assert [turn.at for turn in line.turns] == [desk.now]
            assert len(desk.storylines[line.turns[0].other].record_ids) == change.size
        if change.kind == "cross_beat":
            theirs = {key for c in desk.storylines[f"{line.id} other"].claim_ids for key in desk.claims[c].entities}
            assert len({one.entities[0] for one in tonight} & theirs) >= change.size
            assert not set(line.beats) & set(desk.storylines[f"{line.id} other"].beats)
        if change.kind == "sentiment_shift":
            moved = stance(tonight) - stance(before)
            assert abs(moved) == pytest.approx(change.size, abs=0.6)


def stance(claims):
    return np.mean([{"favourable": 1, "critical": -1}.get(claim.stance, 0) for claim in claims])


def test_distances_are_measured_for_every_new_finding(made):
    desk, changes = made
    window = desk.window(LexicalEmbedder())
    lines = {change.subject for change in changes if change.kind == "novelty"}
    assert lines <= window.novel.keys()
    assert all(window.known[line] > 5 and window.usual[line] for line in lines)
