"""The ledger of findings: its keys, and disputes between storylines that never met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOW, make_record
from test_analyze import night, store  # noqa: F401 - a fixture

from pipeline.claiming import claims as extractor
from pipeline.claiming.assertions import assertion
from pipeline.domain import Claim, Dispute, DisputeKind, Finding, FindingState, Record
from pipeline.findings.tellings import MOST, across, disputed, entries, keys, meetings
from pipeline.origins.voices import Voice
from pipeline.protocols import Store


def told(text: str, publisher: str, hours: float, title: str = "") -> Record:
    body = f"{title}\n\n{text}" if title else text
    return make_record(body, title=title, publisher=publisher, published=NOW - timedelta(hours=hours))


def claim(text: str) -> Claim:
    return extractor.extract(told(text, "A", 3.0), min_worth=0.0)[0]


def contradicted(store: Store) -> list[Finding]:  # noqa: F811
    return [one for one in store.findings([line.id for line in store.storylines()]) if one.disputes]


# One firm's story, told three incompatible ways in three storylines that share no event: what a desk without a ledger
# publishes side by side.
SIGNED = told(
    "Lumenary has signed a $200 million contract with the Defence Ministry, the firm said. Its models will "
    "sort maps and weather reports for the fleet, and engineers are moving to the naval base at Kessel.",
    "Harbour Wire",
    60.0,
    "Lumenary signs contract with Defence Ministry",
)
LEFT = told(
    "Lumenary walked away from a $200 million contract with the Defence Ministry over rules on weapons. Shares "
    "of rival chip makers rose as investors bet on who would fill the empty chair. Orbisk gained nine percent "
    "in Kessel trading, Tallis Foods fell after a warning on profits, and the price of copper reached a record "
    "of $12,400 a tonne. Brokers at Northwind Power said that savers were moving money from bonds into machine "
    "learning funds.",
    "Ledger Daily",
    36.0,
    "Chip shares climb while copper sets a record",
)
LOST = told(
    "Lumenary was within a week of signing the contract with the Defence Ministry when the government "
    "cancelled it. A new procurement office will write tenders again, and five universities have asked to take "
    "part. Students in Port Brenna marched for cheaper trains on Tuesday. Lecturers want higher pensions, and "
    "the senate of the college at Valdeluna votes on fees for foreign students in June.",
    "Coast Post",
    12.0,
    "Universities march for trains, pensions and fees",
)


def test_keys_name_two_parties_and_what_is_told_of_them():
    found = keys(assertion(claim("Lumenary has signed a $200 million contract with Orbisk.")))
    assert "lumenary|orbisk|deal" in found
    assert keys(assertion(claim("It rained all day and nobody came."))) == ()


def test_keys_are_the_same_for_the_same_claim_in_any_order():
    first = [claim("Orbisk signed a contract with Lumenary."), claim("Tallis Foods killed 12 jobs in Harlow.")]
    assert entries(first) == entries(reversed(first))


def test_one_firms_story_told_three_ways_is_found_across_storylines(store: Store):  # noqa: F811
    apart = timedelta(days=15)  # each storyline sleeps before the next begins
    for number, record in enumerate((SIGNED, LEFT, LOST)):
        when = record.published + number * apart
        night(store, [replace(record, published=when, fetched=when)], NOW + number * apart)
    homes = store.storylines_of_records([SIGNED.id, LEFT.id, LOST.id])
    assert len(set(homes.values())) == 3, "the three share no event"
    found = contradicted(store)
    assert {(one.storyline_id,) for one in found} == set(homes.values())
    assert {one.state for one in found} == {FindingState.CONTRADICTED}
    pairs = {frozenset((d.a_value, d.b_value)) for one in found for d in one.disputes if d.kind is DisputeKind.STATUS}
    assert pairs == {
        frozenset(("signed", "walked away from")),
        frozenset(("signed", "within a week of signing")),
        frozenset(("walked away from", "cancelled")),
    }


def test_the_three_told_in_one_night_are_found_too(store: Store):  # noqa: F811
    night(store, [SIGNED, LEFT, LOST])
    assert len({d for one in contradicted(store) for d in one.disputes}) == 3


def test_a_dispute_across_storylines_outlives_the_next_night(store: Store):  # noqa: F811
    night(store, [SIGNED, LEFT])
    before = {one.id: one.disputes for one in contradicted(store)}
    again = told(SIGNED.text.split("\n\n")[1].replace("has signed", "signed"), "Third Post", 2.0, SIGNED.title)
    night(store, [again], NOW + timedelta(days=1))
    after = {one.id: one.disputes for one in contradicted(store)}
    assert before.keys() <= after.keys()


@pytest.mark.parametrize("text", ["Orbisk signed a contract with Tallis Foods.", "Lumenary hired Ada Nwosu in Kessel."])
def test_other_parties_and_other_matters_do_not_meet(store: Store, text: str):  # noqa: F811
    night(store, [SIGNED, told(text, "B", 2.0)])
    assert contradicted(store) == []


APART = [
    # two rates of one month, of nobody
    (
        "Kessel says the harbour tax at Harlow rose to 3.8 percent.",
        "Kessel: the harbour tax at Harlow rose to 3.1 percent.",
    ),
    # one deal with a name in common and two other parties
    ("Lumenary signed a cloud contract with Orbisk.", "Lumenary walked away from a cloud contract with Tallis Foods."),
]


def _across(one: str, other: str, days: float = 0.0) -> list[DisputeKind]:
    """Kinds of dispute of two texts of two publishers in two storylines."""
    a, b = (extractor.extract(told(text, by, 3.0), min_worth=0.0)[0] for text, by in ((one, "A"), (other, "B")))
    b = replace(b, published=b.published + timedelta(days=days))
    return [
        found.kind
        for found in across([(a.id, b.id)], {a.id: a, b.id: b}, {a.id: Voice("1", "A"), b.id: Voice("2", "B")})
    ]


SAID = "The police said that Harlow crews arrested {} dock workers at the Corvane yard."


def test_two_speakers_on_one_day_dispute_across_storylines() -> None:
    one, other = SAID.format(14), SAID.format(31).replace("police", "union")
    assert _across(one, other) == [DisputeKind.NUMBER]
    assert _across(one, other, days=0.9) == []
    assert _across(one, SAID.format(14).replace("police", "union")) == []
    assert _across(one.partition("that ")[2], other) == []


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_grouping_kept_apart_needs_two_names(one: str, other: str) -> None:
    assert _across(one, other) == []


def test_meetings_are_bounded_and_never_inside_a_storyline():
    entered = {f"c{n:03}": ("a|b|deal",) for n in range(200)}
    lines = {key: "s1" if number % 2 else "s2" for number, key in enumerate(entered)}
    found = meetings(entered, {"a|b|deal": [(f"k{n:03}", "f", "s1") for n in range(500)]}, lines)
    assert len(found) <= 200 * 2 * MOST
    assert all(lines.get(a, "s1") != lines.get(b, "s1") for a, b in found)
    assert meetings(entered, {}, dict.fromkeys(entered, "s1")) == []


def test_a_superseded_finding_stays_superseded_though_disputed():
    one, other = (claim(text) for text in ("Orbisk signed the contract.", "Orbisk left the contract."))
    found = Dispute(DisputeKind.STATUS, one.id, other.id, "contract", "signed", "left")

    def finding(state: FindingState) -> Finding:
        return Finding("f1", "s1", (one.id,), ("o1",), state, NOW, NOW)

    def states(of: Sequence[Finding]) -> list[FindingState]:
        return [finding.state for finding in disputed(of, [found], NOW)]

    assert states([finding(FindingState.NEW)]) == [FindingState.CONTRADICTED]
    assert states([finding(FindingState.SUPERSEDED)]) == [FindingState.SUPERSEDED]
    assert disputed([finding(FindingState.NEW)], [], NOW) == ()
