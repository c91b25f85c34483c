"""Findings and disputes: the same assertion, its standing, and that different things never disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from factories import NOW, make_record
from honest_articles import articles
from quality.contradictions import pairs

from pipeline.claiming import claims as extractor
from pipeline.claiming.assertions import assertion
from pipeline.domain import Claim, DisputeKind, Finding, FindingState
from pipeline.evals.contradictions import run
from pipeline.findings.disputes import between
from pipeline.findings.settling import Alone, Voice, alone, settle


def said(text: str, publisher: str, hours: float = 6.0) -> tuple[Claim, Voice]:
    record = make_record(text, title="", publisher=publisher, published=NOW - timedelta(hours=hours))
    (claim,) = extractor.extract(record, min_worth=0.0)[:1]
    return claim, Voice(record.id, publisher)


def settled(*told: tuple[Claim, Voice], known: tuple[Finding, ...] = (), **more: object) -> tuple[Finding, ...]:
    return settle(
        "s1",
        [claim for claim, _ in told],
        {claim.id: voice for claim, voice in told},
        known,
        NOW,
        **more,  # type: ignore[arg-type]
    )


def test_one_publishers_two_articles_corroborate_nothing() -> None:
    text = "Globex will close its Harlow plant in March, the company said."
    first, again, other = (said(text, outlet, hours) for outlet, hours in (("A", 9.0), ("A", 6.0), ("B", 3.0)))
    (alone,) = settled(first, (replace(again[0], id="c2"), Voice("another article", "A")))
    assert alone.state is FindingState.NEW
    assert alone.origin_ids == (first[1].origin,)
    (shared,) = settled(first, (replace(again[0], id="c2"), Voice("another article", "A")), other)
    assert shared.state is FindingState.CORROBORATED
    assert len(shared.origin_ids) == 2


def test_what_another_told_first_is_the_others_finding() -> None:
    text = "Globex will close its Harlow plant in March, the company said."
    (first, _), (copy, _) = said(text, "A", 9.0), said(text, "B", 6.0)
    own = (first, Voice("a2", "A", teller="A"))
    (alone,) = settled(own, (replace(copy, id="c2"), Voice("a1", "B", teller="A")))
    assert alone.state is FindingState.NEW
    (shared,) = settled(own, (replace(copy, id="c2"), Voice("b1", "B", teller="B")))
    assert shared.state is FindingState.CORROBORATED


def test_planted_pairs_are_told_from_those_that_only_look_so(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in pairs()))
    figures = run(file)
    assert figures["pairs"] >= 100
    assert figures["found"] >= 0.98
    assert figures["false_alarms"] <= 0.01
    for label in ("number", "date", "polarity", "attribution"):
        assert figures[f"{label}_precision"] >= 0.98
        assert figures[f"{label}_recall"] >= 0.98


def test_a_dispute_does_not_depend_on_the_order_of_its_claims() -> None:
    for row in pairs()[::3]:
        a, b = (assertion(said(row[side], f"outlet {side}")[0]) for side in ("a", "b"))
        assert between(a, b) == between(b, a)


def test_explored_against_done_is_a_dispute_of_status() -> None:
    done = said("The acquisition of Tallis Foods by Orbisk for $60 billion surprised analysts.", "A")
    soft = said("Reports that Orbisk explored a potential $60 billion acquisition of Tallis Foods moved markets.", "B")
    found = between(assertion(done[0]), assertion(soft[0]))
    assert found is not None
    assert found.kind is DisputeKind.STATUS
    later = said("Orbisk acquired Tallis Foods for $60 billion.", "A", hours=1)
    earlier = said("Orbisk could acquire Tallis Foods for $60 billion.", "B", hours=40)
    assert between(assertion(later[0]), assertion(earlier[0])) is None  # what was possible has come about


def test_two_outlets_corroborate_and_copies_do_not() -> None:
    first = said("Northwind Power ordered 12 gas turbines for its Harlow campus.", "A")
    second = said("Northwind Power ordered 12 gas turbines for the Harlow campus.", "B")
    (finding,) = settled(first, second)
    assert finding.state is FindingState.CORROBORATED
    assert len(finding.origin_ids) == 2
    (copied,) = settled(first, (second[0], first[1]))
    assert copied.state is FindingState.NEW
    assert len(copied.origin_ids) == 1


def test_a_finding_is_repeated_the_next_night_and_keeps_its_id() -> None:
    first = said("Northwind Power ordered 12 gas turbines for its Harlow campus.", "A")
    (before,) = settled(first)
    claims = [first[0]]
    (after,) = settle("s1", claims, {first[0].id: first[1]}, (before,), NOW + timedelta(days=1))
    assert after.id == before.id
    assert after.state is FindingState.REPEATED
    assert after.first_seen == NOW


def test_a_rising_count_supersedes_and_two_counts_at_once_contradict() -> None:
    early = said("The blast at Port Brenna killed 14 people, officials said.", "A", hours=30)
    late = said("The blast at Port Brenna killed 23 people, officials said.", "B", hours=2)
    found = {f.claim_ids[0]: f for f in settled(early, late)}
    assert found[early[0].id].state is FindingState.SUPERSEDED
    assert found[early[0].id].superseded_by == found[late[0].id].id
    rival = said("The blast at Port Brenna killed 23 people, officials said.", "B", hours=30)
    assert {f.state for f in settled(early, rival)} == {FindingState.CONTRADICTED}


def test_a_retraction_supersedes_its_own_and_disputes_the_others() -> None:
    own = said("Corvane shut its Valdeluna smelter after the fire.", "A", hours=30)
    other = said("Corvane has shut the smelter in Valdeluna, workers told reporters after the fire.", "B", hours=29)
    back = said("We retract our report that Corvane shut its Valdeluna smelter after the fire.", "A", hours=2)
    found = {f.claim_ids[0]: f for f in settled(own, back)}
    assert found[own[0].id].state is FindingState.SUPERSEDED
    assert found[own[0].id].superseded_by == found[back[0].id].id
    mixed = settled(other, back)
    assert {f.state for f in mixed} == {FindingState.CONTRADICTED}


def test_a_claim_that_left_with_its_version_is_superseded_not_lost() -> None:
    old = said("Northwind Power ordered 12 gas turbines for its Harlow campus.", "A")
    (before,) = settled(old)
    record_id = old[0].record_id
    new, voice = said("Northwind Power ordered 9 gas turbines for its Harlow campus.", "A", hours=1)
    import dataclasses

    moved = dataclasses.replace(new, record_id=record_id)
    found = settle("s1", [moved], {moved.id: voice}, (before,), NOW, departed=[old[0]])
    gone = next(f for f in found if f.id == before.id)
    assert gone.state is FindingState.SUPERSEDED
    assert gone.claim_ids == before.claim_ids
    assert gone.superseded_by == next(f.id for f in found if f.id != before.id)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "Orbisk is investing up to $145 billion in capital expenditure.",
            "Orbisk has pledged over $600 billion to grids.",
        ),
        ("Windows share on Steam fell to 37% in May.", "Windows share on Steam fell to 37.4% in May."),
        ("Orbisk opened five depots in Kessel.", "Orbisk opened six schools in Kessel."),
    ],
)
def test_different_things_never_disagree(a: str, b: str) -> None:
    one, other = said(a, "A"), said(b, "B")
    assert between(assertion(one[0]), assertion(other[0])) is None


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Kestrano has cancelled an order for 40,000 Vantor 7 boards after Milbrook delayed it, a buyer said.",
            "Kestrano has not cancelled its order for 40,000 Vantor 7 boards, it said, against a Harbour Wire report.",
            DisputeKind.POLARITY,
        ),
        (
            "Milbrook said on Tuesday that a solder fault affects about 4 percent of Vantor 7 boards shipped in May.",
            "A solder fault affects 9 percent of Vantor 7 boards shipped since May, according to a letter.",
            DisputeKind.NUMBER,
        ),
        (
            "Growers that do not pay by 1 June would lose their place in the queue, the operator said.",
            "Growers that do not pay by 1 July would lose their place in the queue, the council said.",
            DisputeKind.DATE,
        ),
        (
            "The figures come a day after the operator delayed the connection of Milbrook's Harlow campus to 2029.",
            "Brenna Grid will not connect Milbrook's Harlow campus before the autumn of 2029.",
            None,
        ),
    ],
)
def test_what_is_denied_dated_or_counted_otherwise_is_never_corroborated(
    a: str, b: str, kind: DisputeKind | None
) -> None:
    first, second = said(a, "A"), said(b, "B")
    found = between(assertion(first[0]), assertion(second[0]))
    assert (found.kind if found else None) is kind
    states = {finding.state for finding in settled(first, second)}
    assert FindingState.CORROBORATED not in states
    assert (FindingState.CONTRADICTED in states) is (kind is not None)


def test_each_state_says_since_when_and_superseded_by_which_finding() -> None:
    nights = [NOW + timedelta(days=day) for day in range(5)]
    told = [
        said("The blast at Port Brenna killed 14 people, officials said.", "A", hours=30),
        said("A blast at Port Brenna killed 14 people, officials said.", "B", hours=6),
        said("The blast at Port Brenna killed 23 people, officials said.", "C", hours=-48),
    ]
    voices = {claim.id: voice for claim, voice in told}
    claims = [[told[0]], [told[0]], told[:2], told[:2], told]
    known: tuple[Finding, ...] = ()
    states = []
    for now, held in zip(nights, claims, strict=True):
        known = settle("s1", [claim for claim, _ in held], voices, known, now)
        first = next(one for one in known if told[0][0].id in one.claim_ids)
        states.append((first.state, first.since))
    assert states == [
        (FindingState.NEW, nights[0]),
        (FindingState.REPEATED, nights[1]),
        (FindingState.CORROBORATED, nights[2]),
        (FindingState.CORROBORATED, nights[2]),
        (FindingState.SUPERSEDED, nights[4]),
    ]
    (after,) = (one for one in known if one.id != first.id)
    assert first.superseded_by == after.id
    assert (after.state, after.since, after.claim_ids) == (FindingState.NEW, nights[4], (told[2][0].id,))


def test_a_dispute_stands_since_the_night_that_found_it() -> None:
    first = said("The blast at Port Brenna killed 14 people, officials said.", "A", hours=6)
    rival = said("The blast at Port Brenna killed 23 people, officials said.", "B", hours=6)
    voices = {claim.id: voice for claim, voice in (first, rival)}
    known = settle("s1", [first[0]], voices, (), NOW)
    later = [NOW + timedelta(days=day) for day in (1, 2)]
    for now in later:
        known = settle("s1", [first[0], rival[0]], voices, known, now)
        assert {(one.state, one.since) for one in known} == {(FindingState.CONTRADICTED, later[0])}


QUARREL = (
    "Globex will close its Harlow plant in March, the company said. The fire at Harlow started on 3 May 2026, Tom "
    "Reyes said. The fire at Harlow started on 5 May 2026, Ana Lund said. Correction: an earlier version said that "
    "the fire at Harlow killed 12 workers. The fire at Harlow killed 12 workers. Globex will close its Harlow plant "
    "in March."
)


@pytest.mark.parametrize("text", [QUARREL, *(one.text for one in articles()[:40])], ids=lambda text: text[:30])
def test_what_a_text_comes_to_alone_is_what_settling_it_makes(text: str) -> None:
    record = make_record(text, title="")
    claims = extractor.extract(record, min_worth=0.0)
    whole = {claim.id: Voice("o1", "A") for claim in claims}
    read = alone(claims)
    assert settle("s1", claims, whole, (), NOW, read=read) == settle("s1", claims, whole, (), NOW)
    assert sorted(key for one in read for key in one.claim_ids) == sorted(claim.id for claim in claims)


def test_a_text_that_disputes_itself_does_so_alone_too() -> None:
    claims = extractor.extract(make_record(QUARREL, title=""), min_worth=0.0)
    assert any(one.disputes for one in alone(claims))
    assert any(len(one.claim_ids) > 1 for one in alone(claims))


def test_what_a_text_comes_to_alone_is_not_taken_where_more_is_known() -> None:
    claims = extractor.extract(make_record(QUARREL, title=""), min_worth=0.0)
    voices = {claim.id: Voice("o1", "A") for claim in claims}
    wrong = tuple(Alone((claim.id,)) for claim in claims)  # as if nothing were said twice
    plain = settle("s1", claims, voices, (), NOW)
    assert settle("s1", claims, voices, (), NOW, read=wrong) != plain
    assert settle("s1", claims, voices, plain, NOW, read=wrong) == settle("s1", claims, voices, plain, NOW)
    assert settle("s1", claims[1:], voices, (), NOW, read=wrong) == settle("s1", claims[1:], voices, (), NOW)
    mixed = {claim.id: Voice(f"o{n}", "") for n, claim in enumerate(claims)}  # each counts as what it credits
    assert settle("s1", claims, mixed, (), NOW, read=wrong) == settle("s1", claims, mixed, (), NOW)
    assert alone(()) == ()
