"""What is material since a version: new, corroborated, contradicted, superseded findings, and nothing else."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_claim, make_dispute, make_finding, make_record, make_story, sample_claims

from pipeline.domain import Claim, Finding, FindingState, Story
from pipeline.newsroom.saturation import Change, brought, changes

LATER = NOW + timedelta(days=1)
LAST: Story = dataclasses.replace(make_story(), written=NOW)


def told_finding(**changed: object) -> Finding:
    """A finding that LAST cites."""
    cited = LAST.citations[0].claim_id
    claim = next(claim for claim in sample_claims() if claim.id == cited)
    return make_finding([claim], first_seen=NOW, last_seen=NOW, since=NOW, **changed)


def known() -> dict[str, Claim]:
    return {claim.id: claim for claim in sample_claims()}


def later(text: str, **changed: object) -> tuple[Finding, dict[str, Claim]]:
    """A finding first seen a night after LAST, and all claims there are."""
    record = make_record(f"A headline\n\n{text}", publisher="Valley Radio", published=LATER)
    claim = make_claim(record, text, published=LATER)
    fields = {"first_seen": LATER, "last_seen": LATER, "since": LATER} | changed
    return make_finding([claim], **fields), {**known(), claim.id: claim}


def all_known() -> list[Finding]:
    return [make_finding([c], first_seen=NOW, last_seen=NOW, since=NOW) for c in sample_claims()]


def test_what_the_last_version_told_is_no_news_however_often_it_is_repeated() -> None:
    again = dataclasses.replace(told_finding(), state=FindingState.REPEATED, last_seen=LATER)
    assert changes([again, *all_known()], known(), LAST) == {}


def test_a_finding_first_seen_since_is_new() -> None:
    fresh, claims = later("Three turbines failed a noise test at the quarry.")
    assert changes([fresh, *all_known()], claims, LAST) == {fresh.id: Change.NEW}


def test_the_known_in_the_same_words_is_no_news() -> None:
    """Every sentence of the sample, told again by somebody else on the next day."""
    for claim in sample_claims():
        fresh, claims = later(f"{claim.text.rstrip('.')} again.")
        assert changes([fresh, *all_known()], claims, LAST) == {}


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (FindingState.CORROBORATED, Change.CORROBORATED),
        (FindingState.CONTRADICTED, Change.CONTRADICTED),
        (FindingState.SUPERSEDED, Change.SUPERSEDED),
    ],
)
def test_a_known_finding_that_came_into_another_state_since_has_changed(state: FindingState, change: Change) -> None:
    moved = dataclasses.replace(told_finding(), state=state, since=LATER)
    assert changes([moved], known(), LAST) == {moved.id: change}
    assert changes([dataclasses.replace(moved, since=NOW)], known(), LAST) == {}


def test_that_the_known_is_corroborated_is_news_only_where_it_was_told_or_says_what_was_not() -> None:
    untold = make_claim(make_record(f"A headline\n\n{sample_claims()[0].text}", publisher="Valley Radio"))
    same = make_finding([untold], first_seen=NOW, state=FindingState.CORROBORATED, since=LATER)
    assert changes([same], {**known(), untold.id: untold}, LAST) == {}
    fresh, claims = later("Three turbines failed a noise test at the quarry.")
    other = dataclasses.replace(fresh, first_seen=NOW, state=FindingState.CORROBORATED)
    assert changes([other], claims, LAST) == {other.id: Change.CORROBORATED}


def test_that_something_untold_is_superseded_is_no_news() -> None:
    fresh, claims = later("A ferry was late.", state=FindingState.SUPERSEDED)
    assert changes([fresh], claims, LAST) == {}


def test_a_story_brings_what_it_cites_and_what_it_takes_back() -> None:
    told, untold = told_finding(), later("Three turbines failed a noise test at the quarry.")[0]
    assert brought(LAST, [told, untold], {told.id: Change.CONTRADICTED, untold.id: Change.NEW}) == {
        told.id: Change.CONTRADICTED
    }
    assert brought(LAST, [untold], {untold.id: Change.SUPERSEDED}) == {untold.id: Change.SUPERSEDED}


def test_counts_of_records_and_origins_alone_are_no_news() -> None:
    """The same finding held by ever more claims and origins, in the state that it was in."""
    finding = told_finding(state=FindingState.CORROBORATED)
    more = dataclasses.replace(finding, origin_ids=tuple(f"o{n}" for n in range(40)), last_seen=LATER)
    assert changes([more], known(), LAST) == {}


def test_a_new_dispute_is_material_though_both_sides_were_told() -> None:
    a, b = sample_claims()[:2]
    sides = [
        make_finding(
            [claim], first_seen=NOW, state=FindingState.CONTRADICTED, since=LATER, disputes=(make_dispute(a, b),)
        )
        for claim in (a, b)
    ]
    assert set(changes(sides, known(), LAST).values()) == {Change.CONTRADICTED}
