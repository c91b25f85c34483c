"""Distances of findings, and what is usual: by any embedder, from what was told before, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tonight import HOUR, NOW, START, Tonight

from pipeline.detectors.spread import measure, reach, tail
from pipeline.embedders import build


def desk() -> Tonight:
    night = Tonight()
    for line, village in (("s1", "Harlow"), ("s2", "Selby")):
        night.said(f"The council of {village} bought seven buses.", 80, "Ledger", line=line)
        night.said(f"A storm flooded the library of {village}.", 60, "Echo", line=line)
        night.said(f"The mayor of {village} resigned over gas bills.", 50, "Post", line=line)
    night.said("The council of Harlow has bought seven buses.", 6, "Wire", line="s1")
    night.said("Police found a stolen statue near Harlow.", 5, "Wire", line="s1")
    night.said("A storm flooded the library of Harlow.", 4, "Wire", line="s2")
    return night


def distances(night: Tonight, embed=None):
    found = measure(night.findings, night.claims, START, NOW, embed or build("lexical").embed)
    texts = {f.id: night.claims[f.claim_ids[0]].text for some in night.findings.values() for f in some}
    return found, {texts[one.finding.id]: one for some in found.novel.values() for one in some}


def test_a_rewording_is_near_and_news_is_far():
    found, novel = distances(desk())
    near, far = (
        novel["The council of Harlow has bought seven buses."],
        novel["Police found a stolen statue near Harlow."],
    )
    assert near.distance < 0.1
    assert far.distance > 0.5
    assert found.known == {"s1": 3, "s2": 3}
    assert len(found.usual["s1"]) == 2  # the first had nothing before it


def test_what_another_storyline_told_is_near_elsewhere_only():
    _, novel = distances(desk())
    told = novel["A storm flooded the library of Harlow."]
    assert told.distance > 0.2
    assert told.elsewhere == pytest.approx(0.0, abs=1e-5)
    assert novel["Police found a stolen statue near Harlow."].elsewhere > 0.5


def test_dense_rows_give_what_sparse_ones_give():
    def dense(texts):
        rows = build("lexical").embed(texts)
        return np.asarray(rows[:, np.unique(rows.indices)].todense(), dtype=np.float32)

    sparse, other = distances(desk())[0], distances(desk(), dense)[0]
    for key, some in sparse.novel.items():
        for one, two in zip(some, other.novel[key], strict=True):
            assert one.finding == two.finding
            assert two.distance == pytest.approx(one.distance, abs=1e-5)
            assert two.elsewhere == pytest.approx(one.elsewhere, abs=1e-5)
        assert other.usual[key] == pytest.approx(sparse.usual[key], abs=1e-5)


def test_rewordings_of_one_finding_are_measured():
    night = desk()
    claims = [
        night.claim("A bridge in Thorne was closed.", 50, "A"),
        night.claim("In Thorne a bridge was closed on Monday.", 49, "B"),
    ]
    night.finding(claims, "s1")
    (only,) = distances(night)[0].reworded
    assert 0 < only < 0.6


def test_without_news_or_past_nothing_is_measured():
    night = Tonight()
    night.said("A bridge in Thorne was closed.", 50, "A", line="old")
    night.said("A ferry sank off Selby.", 5, "A", line="new")
    found, novel = distances(night)
    assert (novel, found.known, found.usual) == ({}, {"old": 1, "new": 0}, {})


shares = st.lists(st.floats(0, 1), max_size=12).map(sorted)


@given(st.floats(0, 1), shares, shares)
def test_the_tail_is_a_share_that_falls_with_distance(distance, own, desk_wide):
    assert 0.0 <= tail(distance, own, desk_wide) <= 1.0
    assert tail(min(1.0, distance + 0.1), own, desk_wide) <= tail(distance, own, desk_wide)


@given(st.floats(0.01, 1), shares, shares)
def test_what_reaches_is_in_the_tail(share, own, desk_wide):
    least = reach(share, own, desk_wide)
    assert least == 1.0 or tail(least, own, desk_wide) <= share
    for distance in (*own, *desk_wide):
        assert distance >= least or tail(distance, own, desk_wide) > share


def test_a_storyline_with_a_past_of_its_own_is_read_by_it():
    tight, wide = [0.2] * 60, [0.8] * 60
    assert tail(0.5, tight, wide) < 0.3
    assert tail(0.5, wide, tight) > 0.7
    assert tail(0.5, [], wide) == 1.0


def test_times_are_those_of_nights():
    night = desk()
    found = measure(night.findings, night.claims, START - 24 * HOUR, START, build("lexical").embed)
    assert not found.novel
