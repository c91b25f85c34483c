"""Store contract, the ledger of findings: claims under their keys, as long as findings stand or stories cite them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from factories import NOW, make_story, sample_claims
from stored import analysed, sample_analysis

from pipeline.protocols import Store

LONG_AGO = NOW - timedelta(days=3650)
LATER = NOW + timedelta(days=3650)


def enter(store: Store) -> None:
    analysed(store)
    keys = {claim.id: ("a|b|deal", f"own {number}") for number, claim in enumerate(sample_claims())}
    store.save_analysis(replace(sample_analysis(), tellings=keys))


def test_a_key_gives_its_claims_with_their_findings_newest_first(store: Store) -> None:
    assert store.told_of(["a|b|deal"], since=LONG_AGO) == {}
    enter(store)
    made = {claim: (one.id, one.storyline_id) for one in sample_analysis().findings for claim in one.claim_ids}
    wanted = sorted((c for c in sample_claims() if c.id in made), key=lambda c: (c.published, c.id), reverse=True)
    found = store.told_of(["a|b|deal", "unheard of"], since=LONG_AGO)
    assert found == {"a|b|deal": tuple((claim.id, *made[claim.id]) for claim in wanted)}
    enter(store)
    assert store.told_of(["a|b|deal"], since=LONG_AGO) == found


def test_an_old_claim_is_told_of_while_the_latest_version_of_a_story_cites_it(store: Store) -> None:
    enter(store)
    assert store.told_of(["a|b|deal"], since=LATER) == {}
    story = make_story()
    store.save_story(story)
    cited = {citation.claim_id for citation in story.citations}
    found = store.told_of(["a|b|deal"], since=LATER)
    assert {claim for claim, _, _ in found["a|b|deal"]} <= cited
    assert found


def test_what_something_has_replaced_is_not_told_of(store: Store) -> None:
    enter(store)
    first, *rest = sample_analysis().findings
    gone = replace(first, superseded_by=rest[0].id if rest else "another")
    store.save_analysis(replace(sample_analysis(), findings=(gone, *rest)))
    held = {claim for told in store.told_of(["a|b|deal"], since=LONG_AGO).values() for claim, _, _ in told}
    assert held.isdisjoint(first.claim_ids)
