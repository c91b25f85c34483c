"""The analyze stage through a real store: nights in a row, new versions, order of arrival, roundups, odd texts."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from factories import NOW, make_health, make_record

from pipeline.analyze import analyze
from pipeline.domain import Cursor, FindingState, Record
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.protocols import Store
from pipeline.settings import AnalyzeSettings, BeatSettings
from pipeline.stores import open_store

ENERGY = BeatSettings(name="Energy", keywords=("turbine", "turbines", "grid"))


def news(title: str, body: str, publisher: str, hours: float = 6.0, **overrides: object) -> Record:
    return make_record(
        f"{title}\n\n{body}", title=title, publisher=publisher, published=NOW - timedelta(hours=hours), **overrides
    )


HARLOW = (
    news(
        "Northwind Power orders 12 turbines for Harlow campus",
        "Northwind Power has ordered 12 gas turbines for its Harlow campus. The turbines will supply 480 megawatts.",
        "Harbour Wire",
    ),
    news(
        "Harlow campus to run on gas turbines from Northwind",
        "Northwind Power ordered turbines for the Harlow campus, the company said, after the grid refused a link.",
        "Ledger Daily",
    ),
)
FLOOD = (
    news(
        "Flood in Port Brenna kills 14",
        "A flood in Port Brenna killed 14 people on Sunday, rescuers said. The Brenna river broke its dam at dawn.",
        "Harbour Wire",
    ),
    news(
        "Brenna dam breaks, 14 dead in flood",
        "The dam on the Brenna river broke and the flood killed 14 people in Port Brenna, officials said.",
        "Coast Post",
    ),
)


def night(store: Store, records: Sequence[Record], now: datetime = NOW) -> None:
    store.save_batch("wire", records, Cursor(), make_health(source="wire"))
    report = analyze(
        store,
        AnalyzeSettings(),
        beats=(ENERGY,),
        embedder=build("lexical"),
        engine=load("local", workers=0),
        now=now,
    )
    assert not report.failures


def groups(store: Store) -> list[list[str]]:
    return sorted(sorted(line.record_ids) for line in store.storylines() if line.merged_into is None)


@pytest.fixture
def store() -> Store:
    return open_store(":memory:")


def test_two_events_make_two_storylines_with_checkable_reasons(store: Store) -> None:
    night(store, [*HARLOW, *FLOOD])
    assert groups(store) == sorted(sorted(r.id for r in event) for event in (HARLOW, FLOOD))
    reasons = {member.reason for line in store.storylines() for member in store.memberships(line.id)}
    assert any("Northwind Power" in reason and "closeness" in reason for reason in reasons)
    energy = next(line for line in store.storylines() if HARLOW[0].id in line.record_ids)
    assert energy.beats == ("Energy",)


def test_order_of_arrival_changes_nothing(store: Store) -> None:
    records = [*HARLOW, *FLOOD]
    night(store, records)
    for seed in (1, 2):
        other = open_store(":memory:")
        night(other, random.Random(seed).sample(records, len(records)))
        assert other.storylines() == store.storylines()
        assert other.findings([s.id for s in other.storylines()]) == store.findings([s.id for s in store.storylines()])


def test_a_storyline_keeps_its_id_over_nights_and_a_night_without_news_changes_nothing(store: Store) -> None:
    night(store, HARLOW[:1])
    (before,) = store.storylines()
    night(store, HARLOW[1:], NOW + timedelta(days=1))
    (after,) = store.storylines()
    assert after.id == before.id
    assert after.founded == before.founded
    assert len(after.record_ids) == 2
    night(store, [], NOW + timedelta(days=2))
    assert store.storylines() == [after]


def test_it_wakes_as_itself_after_a_sleep_within_the_window(store: Store) -> None:
    night(store, HARLOW[:1])
    (before,) = store.storylines()
    later = dataclasses.replace(HARLOW[1], published=NOW + timedelta(days=9))
    night(store, [later], NOW + timedelta(days=10))
    assert [line.id for line in store.storylines()] == [before.id]


def test_a_new_version_takes_the_place_of_the_old_in_the_same_storyline(store: Store) -> None:
    night(store, HARLOW)
    (before,) = store.storylines()
    text = HARLOW[0].text.replace("480 megawatts", "360 megawatts")
    night(store, [dataclasses.replace(HARLOW[0], text=text, fetched=NOW)], NOW + timedelta(days=1))
    (after,) = store.storylines()
    assert after.id == before.id
    held = " ".join(claim.text for claim in store.claims(after.claim_ids).values())
    assert "360" in held
    assert "480" not in held
    closed = [member for member in store.memberships(after.id) if member.until is not None]
    assert closed
    assert all("new version" in member.reason for member in closed)
    findings = store.findings([after.id])
    old = [one for one in findings if any("480" in c.text for c in store.claims(one.claim_ids).values())]
    assert [one.state for one in old] == [FindingState.SUPERSEDED]
    successor = next(one for one in findings if one.id == old[0].superseded_by)
    assert any("360" in claim.text for claim in store.claims(successor.claim_ids).values())


def test_a_version_about_something_else_leaves(store: Store) -> None:
    night(store, [*HARLOW, *FLOOD])
    changed = dataclasses.replace(
        HARLOW[1], title=FLOOD[1].title, text=FLOOD[1].text + " Schools stay shut.", fetched=NOW
    )
    night(store, [changed], NOW + timedelta(days=1))
    assert sorted([changed.id, *(r.id for r in FLOOD)]) in groups(store)
    assert [HARLOW[0].id] in groups(store)


def test_only_the_claims_of_a_roundup_that_are_about_an_event_count_there(store: Store) -> None:
    roundup = news(
        "Morning briefing: what to know today",
        "Northwind Power ordered 12 gas turbines for the Harlow campus.\n\n"
        "A flood in Port Brenna killed 14 people when the Brenna dam broke.\n\n"
        "Halden Motors recalled 9,000 vans in Kessel over faulty brakes.",
        "Dawn Mail",
    )
    night(store, [*HARLOW, *FLOOD, roundup])
    homes = {line.id: line for line in store.storylines() if roundup.id in line.record_ids}
    assert len(homes) == 3
    harlow = next(line for line in homes.values() if HARLOW[0].id in line.record_ids)
    flood = next(line for line in homes.values() if FLOOD[0].id in line.record_ids)
    for line, own, foreign in ((harlow, "Northwind", "Brenna"), (flood, "Brenna", "Northwind")):
        mine = [c.text for c in store.claims(line.claim_ids).values() if c.record_id == roundup.id]
        assert mine
        assert all(own in text and foreign not in text for text in mine)


def test_copies_count_as_one_origin_in_findings(store: Store) -> None:
    copy = dataclasses.replace(HARLOW[0], id="rcopy", native_id="rcopy", url=None, publisher="Copy Gazette")
    night(store, [HARLOW[0], copy])
    (line,) = store.storylines()
    assert all(len(finding.origin_ids) == 1 for finding in store.findings([line.id]))


@pytest.mark.parametrize(
    "text", ["!!!", "word", "\U0001f600 \U0001f600", "x" * 200_000, "Wahlen in Kessel gewonnen, dijo el ministro ayer."]
)
def test_odd_texts_do_no_harm(store: Store, text: str) -> None:
    odd = make_record(text, id="rodd", title="")
    night(store, [*HARLOW, odd])
    assert sorted(r.id for r in HARLOW) in groups(store)
    assert not store.pending()


def test_five_hundred_copies_of_one_text_are_one_storyline(store: Store) -> None:
    copies = [dataclasses.replace(FLOOD[0], id=f"r{n:03}", native_id=f"r{n}", url=None) for n in range(500)]
    night(store, copies)
    assert len([line for line in store.storylines() if line.merged_into is None]) == 1


def test_a_claim_on_another_outlets_word_counts_as_of_that_origin(store: Store) -> None:
    wire = HARLOW[0]
    later = news(
        "Week in business",
        "Union leaders met in Selmouth on Friday to discuss wages, the union said. "
        "Northwind Power has ordered 12 gas turbines for its Harlow campus, Harbour Wire reports.",
        "Coast Post",
        hours=2,
    )
    night(store, [wire, later])
    credited = {claim.speaker: claim.origin_id for claim in store.claims_of_records([later.id]) if claim.origin_id}
    assert credited == {"Harbour Wire": store.origins_of([wire.id])[wire.id]}
