"""Store contract, analyze: claims that rest on stored words, origins, storylines and their history."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_claim,
    make_dispute,
    make_dossier,
    make_evidence,
    make_finding,
    make_membership,
    make_record,
    make_storyline,
    sample_claims,
    sample_records,
)
from stored import analysed, everything, put, sample_analysis

from pipeline.domain import Cursor, FindingState, Origin
from pipeline.errors import StoreError
from pipeline.protocols import Analysis, Store


def test_an_analysis_comes_back_whole(store: Store) -> None:
    analysed(store)
    analysis, dossier = sample_analysis(), make_dossier()
    ids = analysis.record_ids
    assert store.pending() == []
    assert store.claims([claim.id for claim in analysis.claims]) == {c.id: c for c in analysis.claims}
    assert {claim.id for claim in store.claims_of_records(ids)} == {claim.id for claim in analysis.claims}
    assert store.origins_of(ids) == {key: "o" + key for key in ids}
    assert store.origins(["o" + ids[0]]) == {"o" + ids[0]: Origin("o" + ids[0], (ids[0],))}
    assert store.storylines() == [dossier.storyline]
    assert store.storylines(claims=False) == [dataclasses.replace(dossier.storyline, claim_ids=())]
    assert store.storylines([]) == []
    assert store.storylines_of_records(ids) == dict.fromkeys(ids, (dossier.storyline.id,))
    assert sorted(store.findings([dossier.storyline.id]), key=lambda f: f.id) == sorted(
        dossier.findings, key=lambda f: f.id
    )
    assert store.beat_scores(ids) == analysis.record_beats
    assert store.record_beats(ids) == {
        key: tuple(s.beat for s in found) for key, found in analysis.record_beats.items()
    }
    made = analysis.vectors["lexical-1"]
    assert store.vectors(made, "lexical-1") == made
    assert store.vectors(made, "other") == {}


def test_the_same_analysis_again_changes_nothing(store: Store) -> None:
    analysed(store)
    before = everything(store)
    store.save_analysis(sample_analysis())
    assert everything(store) == before


def test_a_claim_may_only_quote_what_its_record_holds(store: Store) -> None:
    record = make_record()
    put(store, record)
    before = everything(store)
    evidence = make_evidence(record, "Northwind Power")
    lies = [
        dataclasses.replace(evidence, quote="Southwind Power"),
        dataclasses.replace(evidence, content_hash="0" * 32),
        dataclasses.replace(evidence, start=1, end=16),
    ]
    for span in lies:
        claim = make_claim(record, evidence=(make_evidence(record, "12 gas turbines"), span))
        with pytest.raises(StoreError, match="quotes words that record"):
            store.save_analysis(Analysis((record.id,), (claim,)))
    with pytest.raises(StoreError, match="has no span in its own record"):
        store.save_analysis(Analysis((record.id,), (make_claim(record, record_id="r2"),)))
    assert everything(store) == before


def test_what_is_named_must_be_stored(store: Store) -> None:
    analysed(store)
    before = everything(store)
    claim, stranger = sample_claims()[0], "c" + "9" * 16
    dispute = dataclasses.replace(make_dispute(claim, claim), b=stranger)
    for broken in (
        Analysis(("unknown",)),
        Analysis((), storylines=(dataclasses.replace(make_storyline([claim]), claim_ids=(stranger,)),)),
        Analysis((), joined=(make_membership(claim, claim_id=stranger),)),
        Analysis((), findings=(make_finding([claim], storyline_id="s9"),)),
        Analysis((), findings=(make_finding([claim], disputes=(dispute,)),)),
        Analysis((), origins=(Origin("o1", ("unknown",)),)),
        Analysis((), left=(make_membership(claim),)),
    ):
        with pytest.raises(StoreError):
            store.save_analysis(broken)
    assert everything(store) == before


def test_origins_are_replaced_for_the_records_they_name(store: Store) -> None:
    analysed(store)
    first, second = (record.id for record in sample_records())
    store.save_analysis(Analysis((), origins=(Origin("o" + first, (first, second), "copied"),)))
    assert store.origins_of([first, second]) == {first: "o" + first, second: "o" + first}
    whole = Origin("o" + first, tuple(sorted((first, second))), "copied")
    assert store.origins(["o" + first, "o" + second]) == {"o" + first: whole}


def test_membership_keeps_its_history(store: Store) -> None:
    analysed(store)
    claim, later = sample_claims()[0], NOW + timedelta(days=1)
    first = make_membership(claim)
    other = dataclasses.replace(make_dossier().storyline, id="s" + "1" * 16, parent=first.storyline_id)
    moved = dataclasses.replace(first, storyline_id=other.id, since=later, reason="split")
    left = dataclasses.replace(first, until=later, reason="went to the new part")
    store.save_analysis(Analysis((), storylines=(other,), joined=(moved,), left=(left,)))
    closed = next(m for m in store.memberships(first.storyline_id) if m.claim_id == claim.id)
    assert (closed.since, closed.until) == (NOW, later)
    assert closed.reason == "shares names; went to the new part"
    assert store.memberships(other.id) == [moved]
    store.save_analysis(Analysis((), joined=(dataclasses.replace(moved, since=later + timedelta(days=1)),)))
    assert store.memberships(other.id) == [moved]  # joined already: it keeps its beginning


def test_storylines_are_updated_and_merged_ones_hold_no_records(store: Store) -> None:
    analysed(store)
    storyline = make_dossier().storyline
    later = NOW + timedelta(days=1)
    shrunk = dataclasses.replace(storyline, claim_ids=storyline.claim_ids[1:], updated=later, label="New label")
    store.save_analysis(Analysis((), storylines=(shrunk,)))
    assert store.storylines([storyline.id]) == [shrunk]
    assert store.storylines(updated_since=later) == [shrunk]
    assert store.storylines(updated_since=later + timedelta(seconds=1)) == []
    store.save_analysis(Analysis((), storylines=(dataclasses.replace(shrunk, merged_into="s2"),)))
    assert store.storylines_of_records(shrunk.record_ids) == {}
    assert store.storylines()[0].merged_into == "s2"


def test_findings_that_nobody_makes_any_more_are_retired(store: Store) -> None:
    analysed(store)
    first, *rest = store.findings([make_dossier().storyline.id])
    store.save_analysis(Analysis((), retired=(first.id, "unknown")))
    assert store.findings([first.storyline_id]) == rest
    assert first.claim_ids[0] in store.claims(first.claim_ids)


def test_joint_findings_are_those_in_which_more_than_one_claim_has_a_part(store: Store) -> None:
    analysed(store)
    line = make_dossier().storyline.id
    disputed, *_ = every = store.findings([line])
    assert store.findings([line], joint=True) == [one for one in every if one.disputes]
    assert disputed.disputes
    alone = dataclasses.replace(disputed, disputes=(), claim_ids=disputed.claim_ids[:1])
    claims = sorted(claim.id for claim in sample_claims())
    for how, told in (
        (alone, False),
        (dataclasses.replace(alone, claim_ids=tuple(claims[:2])), True),
        (dataclasses.replace(alone, state=FindingState.SUPERSEDED), True),
    ):
        store.save_analysis(Analysis((), findings=(how,)))
        assert (how in store.findings([line], joint=True)) is told
        assert how in store.findings([line])


def test_which_storylines_knew_anything_at_a_time(store: Store) -> None:
    analysed(store)
    line = make_dossier().storyline.id
    first = min(one.first_seen for one in store.findings([line]))
    assert store.knew([line, "unknown"], first) == {line}
    assert store.knew([line], first - timedelta(seconds=1)) == frozenset()
    assert store.knew([], first) == frozenset()


def test_sleeping_storylines_are_told_by_their_labels(store: Store) -> None:
    analysed(store)
    line, hour = make_dossier().storyline, timedelta(hours=1)
    held = len(line.record_ids)
    asked = {"since": line.updated, "until": line.updated + hour}
    assert store.labels(**asked, records=held) == {line.id: line.label}
    assert store.labels(**asked, records=held + 1) == {}
    assert store.labels(since=line.updated - hour, until=line.updated, records=1) == {}
    gone = dataclasses.replace(line, merged_into="s-other", claim_ids=(), record_ids=())
    store.save_analysis(Analysis((), storylines=(gone,)))
    assert store.labels(**asked, records=0) == {}
    assert [one.id for one in store.storylines(merged_into=["s-other"])] == [line.id]


def test_phrases_of_a_record_are_those_of_its_latest_analysis(store: Store) -> None:
    record = make_record()
    store.save_batch(record.source, [record], Cursor(), None)
    store.save_analysis(Analysis((record.id,), phrases={record.id: {"gas turbin": "gas turbines", "b": "B"}}, now=NOW))
    assert store.phrases([record.id, "other"]) == {record.id: {"b": "B", "gas turbin": "gas turbines"}}
    since, end = NOW - timedelta(days=2), NOW
    counted = store.hourly("phrase", since, end, end)
    assert (counted.keys, counted.count.tolist(), counted.hour.tolist()) == (("b", "gas turbin"), [1, 1], [6, 6])
    store.save_analysis(Analysis((record.id,), phrases={record.id: {"b": "b"}}, now=NOW))
    assert store.phrases([record.id]) == {record.id: {"b": "b"}}
