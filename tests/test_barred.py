"""barred: what a log of corrections keeps out of later stories, and what it leaves alone."""

from __future__ import annotations

import dataclasses

import pytest
from factories import NOW, make_dossier, make_story, sample_claims, sample_records
from hypothesis import given
from hypothesis import strategies as st

from pipeline.amends import Correction, CorrectionKind
from pipeline.barred import Barred, allowed, sentence_hash, unquoting
from pipeline.domain import Claim, FindingState

PAPERS = make_dossier()
CLAIMS = {claim.id: claim for claim in sample_claims()}
RECORDS = {record.id: record for record in sample_records()}
FINDINGS = {"s1": PAPERS.findings}


def entry(what: str, target: str, kind: CorrectionKind = CorrectionKind.RETRACTED, *claims: str) -> Correction:
    return Correction("k1", kind, NOW, what, target, "It was wrong.", claims=claims)


def origin(claim: Claim) -> str:
    return claim.origin_id or claim.record_id


def left(*log: Correction) -> tuple[set[str], set[str], set[str]]:
    """Records, claims and the claims of findings that are left."""
    found = allowed(Barred.of(log), RECORDS, CLAIMS, FINDINGS, origin)
    return set(found.records), set(found.claims), {c for f in found.findings["s1"] for c in f.claim_ids}


def test_an_empty_log_changes_nothing():
    found = allowed(Barred.of(()), RECORDS, CLAIMS, FINDINGS, origin)
    assert (found.records, found.claims, found.findings) == (RECORDS, CLAIMS, FINDINGS)


def test_a_withdrawn_record_takes_its_claims_and_its_copies():
    first, other = sample_records()[:2]
    copied = next(claim for claim in CLAIMS.values() if claim.record_id == other.id)
    claims = {**CLAIMS, "copy": dataclasses.replace(copied, id="copy", origin_id=first.id)}
    found = allowed(Barred.of([entry("record", first.id)]), RECORDS, claims, FINDINGS, origin)
    assert first.id not in found.records
    assert found.gone == {k for k, c in claims.items() if c.record_id == first.id} | {"copy"}
    assert copied.id in found.claims


def test_a_withdrawn_source_takes_records_to_come():
    source = sample_records()[0].source
    barred = Barred.of([entry("source", source)])
    assert barred.record(dataclasses.replace(sample_records()[0], id="r-new"))
    assert not barred.record(dataclasses.replace(sample_records()[0], source="another"))


def test_a_corrected_sentence_takes_every_wording_of_its_finding_and_a_story_only_its_claims():
    finding = PAPERS.findings[0]
    pair = dataclasses.replace(finding, claim_ids=tuple(CLAIMS)[:2], state=FindingState.CORROBORATED)
    for kind in (CorrectionKind.CORRECTED, CorrectionKind.DROPPED, CorrectionKind.RETRACTED):
        found = allowed(
            Barred.of([entry("sentence", "ab", kind, pair.claim_ids[0])]), RECORDS, CLAIMS, {"s": (pair,)}, origin
        )
        assert found.gone == set(pair.claim_ids)
        assert found.findings["s"] == ()
    found = allowed(
        Barred.of([entry("story", "s", CorrectionKind.RETRACTED, pair.claim_ids[0])]),
        RECORDS,
        CLAIMS,
        {"s": (pair,)},
        origin,
    )
    assert found.gone == {pair.claim_ids[0]}
    assert found.findings["s"][0].claim_ids == (pair.claim_ids[1],)


def test_what_was_corroborated_by_what_went_is_so_no_more():
    one, two = (c for c in CLAIMS.values() if c.record_id == sample_records()[0].id), CLAIMS.values()
    first = next(iter(one))
    second = next(c for c in two if c.record_id != first.record_id)
    pair = dataclasses.replace(
        PAPERS.findings[0],
        claim_ids=(first.id, second.id),
        origin_ids=(first.record_id, second.record_id),
        state=FindingState.CORROBORATED,
    )
    found = allowed(Barred.of([entry("record", first.record_id)]), RECORDS, CLAIMS, {"s": (pair,)}, origin)
    (left_over,) = found.findings["s"]
    assert left_over.origin_ids == (second.record_id,)
    assert left_over.state is FindingState.REPEATED


def test_a_source_that_only_changed_bars_nothing():
    assert not Barred.of([entry("record", "r1", CorrectionKind.SOURCE_CHANGED)])


def test_a_barred_sentence_is_known_wherever_it_stands():
    story = make_story()
    for text in (story.headline.text, story.sections[0].paragraphs[0][0].text):
        assert Barred.of([entry("sentence", sentence_hash(text))]).printed(story)
    assert not Barred.of([entry("sentence", sentence_hash("Another sentence."))]).printed(story)


@given(st.lists(st.sampled_from(sorted(CLAIMS)), unique=True), st.sampled_from(["story", "sentence"]))
def test_nothing_barred_is_ever_left(claims: list[str], what: str):
    records, kept, told = left(entry(what, "x", CorrectionKind.RETRACTED, *claims))
    assert records == set(RECORDS)
    assert not kept & set(claims)
    assert not told & set(claims)


TITLE = "The hospital of Halholm waits for ferries of Selwick Works"
JOINED = f"shares Halholm with “{TITLE}” (Grid Post), published 5 hours apart"


@pytest.mark.parametrize(
    ("reason", "gone", "left_over"),
    [
        (JOINED, [TITLE], ""),
        (JOINED.replace("Selwick Works”", "Selwick…”"), [TITLE], ""),
        (JOINED, ["  The hospital  of Halholm waits for ferries of Selwick Works\n, it said"], ""),
        (JOINED, [], JOINED),
        (JOINED, ["The hospital of Halholm opens"], JOINED),
        ("shares Halholm, closeness 0.98", [TITLE], "shares Halholm, closeness 0.98"),
        ("with “”", [TITLE], "with “”"),
        ("with “Other words” and “" + TITLE + "”", [TITLE], ""),
    ],
)
def test_a_reason_that_quotes_what_is_gone_is_not_given(reason: str, gone: list[str], left_over: str):
    assert unquoting(reason, gone) == left_over
