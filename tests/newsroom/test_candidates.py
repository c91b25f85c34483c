"""Candidates: who could have a story tonight, how each is ranked, and whom splits have made kin."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories import NOW, make_finding, make_signal, make_storyline, sample_claims
from stored import analysed

from pipeline.amends import Correction, CorrectionKind
from pipeline.newsroom import candidates as ranked_by
from pipeline.newsroom.candidates import candidates
from pipeline.protocols import Analysis, Store
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

LINE = "s" + "0" * 16


@pytest.fixture
def store() -> Iterator[Store]:
    kept = open_store(":memory:")
    analysed(kept)
    yield kept
    kept.close()


def settings(**sections: object) -> Settings:
    return Settings.model_validate({"beat": [{"name": "Energy"}], "write": {"min_sentences": 3}} | sections)


def add(store: Store, *changed: object) -> None:
    store.save_analysis(Analysis(record_ids=(), storylines=changed, now=NOW))  # type: ignore[arg-type]


def test_a_beats_weight_and_the_desks_interests_come_from_its_settings(store: Store) -> None:
    plain = candidates(store, settings(), NOW).ready[0].rank
    heavy = candidates(store, settings(beat=[{"name": "Energy", "weight": 3.0}]), NOW).ready[0].rank
    keen = candidates(store, settings(interest=[{"words": ["turbines"], "weight": 2.0}]), NOW).ready[0].rank
    assert heavy["beat"] == 3 * plain["beat"] > 0
    assert keen["interests"] > plain["interests"] == 0.0


def test_signals_of_this_night_count_and_those_of_the_night_before_do_not(store: Store) -> None:
    store.save_signals([make_signal(window_end=NOW - timedelta(days=1))], NOW)
    assert candidates(store, settings(), NOW).ready[0].rank["signals"] == 0.0
    store.save_signals([make_signal(severity="high")], NOW)
    assert candidates(store, settings(), NOW).ready[0].rank["signals"] == 1.0


def test_too_few_origins_are_ranked_only_where_a_signal_speaks_of_the_storyline(store: Store) -> None:
    strict = settings(write={"min_origins": 9, "min_sentences": 3})
    found = candidates(store, strict, NOW)
    assert (found.ready, found.short) == ((), ())
    store.save_signals([make_signal()], NOW)
    assert [one.storyline.id for one in candidates(store, strict, NOW).short] == [LINE]
    write(store, strict, llm=None, now=NOW)
    (ranked,) = store.rankings()
    assert (ranked.outcome, ranked.why) == ("passed over", "too few origins: 2 origins, 9 are needed")


def test_what_split_from_one_storyline_is_one_family_however_often(store: Store) -> None:
    child = make_storyline(sample_claims(), id="s" + "1" * 16, parent=LINE, updated=NOW - timedelta(days=9))
    grandchild = make_storyline(sample_claims(), id="s" + "2" * 16, parent=child.id)
    add(store, child, grandchild)
    found = candidates(store, settings(), NOW)
    assert {one.storyline.id: one.family for one in found.ready} == {LINE: LINE, grandchild.id: LINE}


def test_storylines_that_are_each_others_parents_do_not_hang_the_night(store: Store) -> None:
    one = dataclasses.replace(store.storylines([LINE])[0], parent="s" + "1" * 16)
    other = make_storyline(sample_claims(), id="s" + "1" * 16, parent=LINE)
    add(store, one, other)
    assert len(candidates(store, settings(), NOW).ready) == 2


def test_a_storylines_stories_and_those_of_its_splits_share_their_places(store: Store) -> None:
    child = make_storyline(sample_claims(), id="s" + "1" * 16, parent=LINE)
    add(store, child)
    few = settings(ranking={"storyline_stories": 1})
    write(store, few, llm=None, now=NOW)
    assert [one.why for one in store.rankings()][1:] == ["over 1 story of one storyline and what split from it"]


def test_a_storyline_that_split_off_gets_its_own_story_of_what_the_old_one_told(store: Store) -> None:
    """Its claims were told under the old address; that is no reason to leave it without one of its own."""
    write(store, settings(), llm=None, now=NOW)
    later = NOW + timedelta(days=2)
    old = dataclasses.replace(store.storylines([LINE])[0], claim_ids=(sample_claims()[0].id,))
    child = make_storyline(sample_claims(), id="s" + "1" * 16, parent=LINE, updated=later)
    findings = [dataclasses.replace(f, storyline_id=child.id) for f in store.findings([LINE])]
    store.save_analysis(Analysis(record_ids=(), storylines=(old, child), findings=tuple(findings), now=later))
    write(store, settings(), llm=None, now=later)
    assert {story.storyline_id for story in store.live_stories()} == {LINE, child.id}


@pytest.mark.parametrize("least", [1, 2, 3])
@pytest.mark.parametrize("corrected", [False, True])
def test_very_many_storylines_are_looked_at_in_parts_and_ranked_alike(
    corrected: bool, least: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = sample_claims()
    for number, some in enumerate([claims, claims[:1], claims[1:], claims[:2], claims[2:]]):
        add(store, make_storyline(some, id=f"s{number + 1:016}", label=f"Line {number}"))
    store.save_signals([make_signal()], NOW)
    one = make_finding([claims[0], claims[3]], id="f" + "9" * 16, storyline_id=LINE)
    store.save_analysis(Analysis(record_ids=(), findings=(one,), now=NOW))
    if corrected:  # the other claim of the finding goes with it
        entry = Correction("k1", CorrectionKind.DROPPED, NOW, "sentence", "ab", "Wrong.", claims=(claims[3].id,))
        store.save_correction(entry)
    asked = settings(write={"min_origins": least, "min_sentences": 3})
    at_once = candidates(store, asked, NOW)
    monkeypatch.setattr(ranked_by, "_AT_ONCE", 2)
    monkeypatch.setattr(ranked_by, "_LOOKED_AT", 2)
    in_parts = candidates(store, asked, NOW)
    assert [(one.storyline.id, one.rank, one.origins) for one in in_parts.ready] == [
        (one.storyline.id, one.rank, one.origins) for one in at_once.ready
    ]
    assert in_parts.short == at_once.short
    assert len(at_once.ready) == {1: 5 if corrected else 6, 2: 3, 3: 0}[least]
