"""Roundups: fifty made ones go, claim by claim, to the storylines of their events; fifty long articles stay whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from factories import NOW
from hypothesis import given
from hypothesis import strategies as st
from lives import check, news, night
from roundup_events import EVENTS
from roundups_made import SHAPES, Roundup, articles, owner, roundups

from pipeline.claiming import claims as extractor
from pipeline.domain import Record
from pipeline.protocols import Store
from pipeline.stores import open_store
from pipeline.storylines.roundups import layout, threads

DAY = timedelta(days=1)


def of(record: Record) -> list[list[str]]:
    """The texts of a record's threads."""
    return [[claim.text for claim in thread] for thread in threads(record, extractor.extract(record))]


@dataclass
class Counts:
    """Claims of roundups: right where they are, wrong there, and those that should be there."""

    right: int = 0
    wrong: int = 0
    due: int = 0
    pairs: int = 0  # (roundup, storyline of one of its events) found
    pairs_due: int = 0


@pytest.fixture(scope="module")
def desk() -> Store:
    """Sixteen storylines of two articles each, and the night after that brings the roundups."""
    store = open_store(":memory:")
    known = []
    for number, event in enumerate(EVENTS):
        known.append(news(f"e{number:02}", event.title, "\n\n".join(event.body), NOW - DAY))
        shorter = " ".join([*event.brief, *event.body[2:5]])
        known.append(news(f"f{number:02}", event.title, shorter, NOW - DAY + timedelta(hours=2)))
    night(store, known, NOW - DAY / 2)
    night(store, [one.record for one in roundups()], NOW + DAY)
    check(store)
    return store


def measure(store: Store, made: list[Roundup]) -> Counts:
    """Where the claims of some roundups are, against where they belong."""
    lines = {
        key: line
        for line in store.storylines()
        for key in range(len(EVENTS))
        if line.merged_into is None and f"e{key:02}" in line.record_ids
    }
    assert len({line.id for line in lines.values()}) == len(EVENTS), "each event has a storyline of its own"
    home = {claim: key for key, line in lines.items() for claim in line.claim_ids}
    found = Counts()
    for one in made:
        claims = store.claims_of_records([one.record.id])
        owners = {claim.id: owner(claim.text) for claim in claims}
        due = {key for key in owners.values() if key is not None}
        found.pairs_due += len(due)
        found.pairs += len(due & {home.get(claim, -1) for claim in owners})
        for claim, true in owners.items():
            if true is not None:
                found.due += 1
                found.right += home.get(claim) == true
            found.wrong += claim in home and home[claim] != true
    return found


@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "held back"])
def test_each_claim_counts_in_the_storyline_of_its_event_and_nowhere_else(desk: Store, half: int) -> None:
    made = [one for number, one in enumerate(roundups()) if number % 2 == half]
    found = measure(desk, made)
    print(found)
    assert found.right / (found.right + found.wrong) >= 0.95
    assert found.right / found.due >= 0.9
    assert found.pairs / found.pairs_due >= 0.9


def test_threads_of_made_roundups_hold_one_event_each() -> None:
    cut: Counter[str] = Counter()
    for one in roundups():
        mixed = [{owner(text) for text in thread} - {None} for thread in of(one.record)]
        cut[one.shape] += all(len(events) <= 1 for events in mixed)
    assert all(cut[shape] >= 8 for shape in SHAPES), cut
    assert cut.total() >= 48


def test_long_articles_stay_whole() -> None:
    assert [one.id for one in articles() if len(of(one)) > 1] == []


def test_a_title_that_lists_its_items_is_that_of_a_roundup() -> None:
    events = [EVENTS[at] for at in (0, 2, 8)]
    text = "\n\n".join(f"• {' '.join(event.brief)}" for event in events)
    title = "Northwind orders turbines; Halden recalls vans; Rovers win the cup"
    assert len(of(news("r", title, text))) == 3


def test_a_sign_off_belongs_to_no_item() -> None:
    events = [EVENTS[at] for at in (0, 2, 8)]
    text = "\n".join(f"- {event.brief[0]}" for event in events)
    parted = of(news("r", "What we read", f"{text}\n\nThe editors of Dawn Mail wrote this digest in Oslo on Monday."))
    assert all(not any("Dawn Mail" in claim for claim in thread) for thread in parted if len(thread) > 1)


@given(st.text(alphabet="ab .\n•-1234567890:)", max_size=200))
def test_items_begin_where_lines_begin(text: str) -> None:
    starts = layout(text).starts
    assert starts[0] == 0
    assert list(starts) == sorted(set(starts))
    assert all(start == 0 or text[start - 1] == "\n" for start in starts)


@pytest.mark.parametrize("text", ["", "\n" * 100_000, "• " * 100_000, "1:00\n" * 50_000, "a" * 1_000_000])
def test_the_layout_of_odd_texts_is_found_at_once(text: str) -> None:
    assert layout(text).starts[0] == 0
