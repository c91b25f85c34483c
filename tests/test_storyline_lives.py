"""Storylines over many nights: what splits, merges, sleeps and wakes, and memberships that stay consistent."""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime, timedelta

import pytest
from factories import NOW
from lives import CUP, DAY, TURBINES, article, both_halves, bridges, check, home, living, news, night
from roundup_events import EVENTS

from pipeline.analyze import _forwarded
from pipeline.domain import Record, TurnKind
from pipeline.protocols import Store
from pipeline.stores import open_store
from pipeline.storylines.window import look_back

PLAIN = (
    ("Northwind Power", "orders", "gas turbines", "the Harlow campus", "grid link", "megawatts"),
    ("Brenna dam", "breaks over", "flooded villages", "Port Brenna", "rescue boats", "evacuees"),
    ("Halden Motors", "recalls", "delivery vans", "Kessel", "brake hoses", "mechanics"),
    ("Selmouth council", "bans", "diesel ferries", "Selmouth Sound", "clean harbour act", "captains"),
)


def told(event: int, key: str, dice: random.Random, number: int) -> tuple[str, str]:
    """A headline and a text about an event, in one of several wordings."""
    who, did, what, where, thing, people = PLAIN[event]
    bodies = [
        f"{who} {did} {number} {what} at {where}, officials said.",
        f"The {thing} of {where} kept {number} {people} busy, {who} said.",
        f"{people.capitalize()} at {where} count {number} {what} after the {thing}.",
        f"Nobody at {who} expected the {thing} to cost {number} million euros, the ministry said.",
    ]
    dice.shuffle(bodies)
    return f"{who} {did} {what} at {where}", " ".join(bodies[: dice.randint(1, 4)])


def some_record(dice: random.Random, key: str, when: object) -> Record:
    """An article about one event, or a roundup of three."""
    if dice.random() < 0.25:
        items = [told(event, key, dice, dice.randint(2, 90))[1] for event in dice.sample(range(4), 3)]
        return news(key, "Morning briefing: what to know", "\n\n".join(items), when)
    title, body = told(dice.randrange(4), key, dice, dice.randint(2, 90))
    return news(key, title, body, when)


@pytest.mark.parametrize("seed", range(6))
def test_memberships_stay_consistent_over_random_nights(seed: int) -> None:
    dice, store = random.Random(seed), open_store(":memory:")
    known: list[Record] = []
    now = NOW
    for number in range(6):
        now += DAY * dice.choice([1, 1, 2, 16, 70])
        fresh = [some_record(dice, f"r{number}x{n}", now - timedelta(hours=dice.randint(2, 20))) for n in range(4)]
        again = []
        for old in dice.sample(known, min(2, len(known))):
            if dice.random() < 0.3:  # the text it had before
                text, title = dice.choice([(one.text, one.title) for one in known if one.id == old.id])
            else:
                other = some_record(dice, old.id, old.published)
                text, title = other.text, other.title
            again.append(dataclasses.replace(old, text=text, title=title, fetched=now))
        night(store, [*fresh, *again], now)
        known += [*fresh, *again]
        check(store)
    assert living(store)


TOLD = (  # of the turbines, each paper in its own words
    (
        "Northwind orders turbines for Harlow",
        "Northwind Power has bought 12 gas turbines for the campus it builds at Harlow.",
    ),
    (
        "Gas to feed the Harlow data campus",
        "Because the grid is full, Harlow will run on turbines; Northwind Power chose gas.",
    ),
    (
        "Harlow residents fear the noise of turbines",
        "People near the Harlow campus dread the turbines that Northwind Power ordered.",
    ),
    (
        "Turbines for Harlow to cost 300 million",
        "The Harlow turbines cost Northwind Power 300 million, a broker estimates.",
    ),
    (
        "Why Northwind went for gas at Harlow",
        "Nine years for a cable was too long, so Northwind Power took turbines at Harlow.",
    ),
    (
        "Inspectors look at Harlow air",
        "Before Northwind Power starts its turbines, inspectors measured the air at Harlow.",
    ),
)
PLAYED = (  # of the cup, likewise
    (
        "Rovers lift the cup",
        "Kingsbridge Rovers beat Wexley Athletic on penalties and lifted the cup. Stamm saved two of them.",
    ),
    (
        "Stamm the hero of Kingsbridge",
        "Two saves by Stamm won the cup for Kingsbridge Rovers. Athletic from Wexley had led in the penalties.",
    ),
)


def paper(key: str, told: tuple[str, str], when: datetime) -> Record:
    """One paper's report."""
    return news(key, told[0], told[1], when)


def drifting(store: Store) -> tuple[str, Record, Record]:
    """A storyline about turbines of which two papers turn to football, version by version, until it splits.

    Gives its id and one record of each side.
    """
    mine = [paper(f"t{n}", told, NOW) for n, told in enumerate(TOLD[:3])]
    odd = [paper(f"o{n}", told, NOW) for n, told in enumerate(TOLD[3:5])]
    night(store, [*mine, *odd], NOW + DAY)
    (line,) = living(store)
    for number in (2, 3):
        now = NOW + DAY * number
        changed = []
        for record, (title, text) in zip(odd, PLAYED, strict=True):
            old = record.text.split("\n\n")[1] if number == 2 else ""
            changed.append(dataclasses.replace(record, title=title, text=f"{title}\n\n{text} {old}", fetched=now))
        night(store, [*changed, *([paper("n", TOLD[5], now - DAY / 2)] if number == 3 else [])], now)
        check(store)
    return line.id, mine[0], odd[0]


def test_a_split_leaves_the_id_with_the_side_of_most_origins_and_says_why() -> None:
    store = open_store(":memory:")
    id_, stayed, gone = drifting(store)
    old, new = home(store, stayed), home(store, gone)
    assert old.id == id_
    assert new.id != id_
    assert new.parent == id_
    assert [turn.kind for turn in old.turns] == [TurnKind.SPLIT_OFF]
    assert [(turn.kind, turn.other) for turn in new.turns] == [(TurnKind.SPLIT_FROM, id_)]
    why = new.turns[0].why
    assert "keeps the id as the side of most origins" in why
    assert "closeness across 0.0" in why
    assert "Kingsbridge" in why or "rovers" in why
    assert "turbines" in why
    came = {member.reason for member in store.memberships(new.id) if member.until is None}
    assert all("new version" in reason or id_ in reason for reason in came)


def test_a_merge_keeps_the_older_id_and_the_other_leads_there_for_ever() -> None:
    store = open_store(":memory:")
    older, younger, a, b = both_halves(store)
    assert older.id != younger.id
    night(store, bridges(NOW + DAY * 1.5), NOW + DAY * 2)
    check(store)
    assert home(store, a).id == home(store, b).id == older.id
    (forward,) = store.storylines([younger.id])
    assert forward.merged_into == older.id
    assert [(turn.kind, turn.other) for turn in forward.turns] == [(TurnKind.MERGED_INTO, older.id)]
    (turn,) = home(store, a).turns
    assert (turn.kind, turn.other, turn.label) == (TurnKind.TOOK_IN, younger.id, younger.label)
    assert "holds a storyline together" in turn.why
    assert "of tonight is close to both" in turn.why
    for number in range(3, 8):
        night(store, bridges(NOW + DAY * (number - 0.5), f"d{number}"), NOW + DAY * number)
        assert store.storylines([younger.id])[0].merged_into == older.id


def test_merges_in_a_chain_lead_on_in_one_step() -> None:
    store = open_store(":memory:")
    older, younger, a, _ = both_halves(store)
    night(store, bridges(NOW + DAY * 1.5), NOW + DAY * 2)
    eldest = dataclasses.replace(older, id="0" * 16, founded=older.founded - 9 * DAY, claim_ids=(), record_ids=())
    went = dataclasses.replace(home(store, a), merged_into=eldest.id, claim_ids=(), record_ids=())
    found = _forwarded((eldest, went), store)
    assert [(line.id, line.merged_into) for line in found] == [(younger.id, eldest.id)]


def test_a_record_that_takes_back_its_old_text_gets_no_used_address() -> None:
    store = open_store(":memory:")
    first, now = article("r", CUP, NOW), NOW
    line_ids = []
    for number, event in enumerate((CUP, TURBINES, CUP, TURBINES, CUP)):
        now = NOW + DAY * (number + 1)
        night(store, [dataclasses.replace(article("r", event, NOW), fetched=now)], now)
        check(store)
        line_ids.append(home(store, first).id)
    assert len(set(line_ids)) == len(line_ids), "an address that leads elsewhere is not given again"


@pytest.mark.parametrize(("weeks", "same"), [(1, True), (5, True), (8, True), (9, False), (20, False)])
def test_a_storyline_that_wakes_within_its_time_keeps_its_id(weeks: int, same: bool) -> None:
    store = open_store(":memory:")
    night(store, [article(f"t{n}", TURBINES, NOW - DAY, slice(0, 5 + n)) for n in range(3)], NOW)
    night(store, [article("x", EVENTS[14], NOW + DAY)], NOW + DAY * 2)
    (before,) = [line for line in living(store) if "t0" in line.record_ids]
    now = NOW + DAY * 7 * weeks
    woken = article("w", TURBINES, now - DAY / 2)
    night(store, [woken], now)
    assert (home(store, woken).id == before.id) is same
    check(store)


def test_nothing_flickers_when_the_same_nights_are_told_again() -> None:
    nights = [[article(f"{kind}{n}", event, NOW + DAY * n) for kind, event in enumerate(EVENTS[:6])] for n in range(4)]
    told = []
    for seed in range(2):
        store, history = open_store(":memory:"), []
        for number, records in enumerate(nights):
            order = random.Random(seed).sample(records, len(records))
            night(store, order, NOW + DAY * (number + 1))
            history.append([(line.id, line.record_ids, line.turns) for line in store.storylines()])
            night(store, order, NOW + DAY * (number + 1))  # read again, with nothing new in it
            assert history[-1] == [(line.id, line.record_ids, line.turns) for line in store.storylines()]
        told.append(history)
        assert len(living(store)) == 6
        assert not any(line.turns for line in store.storylines())
    assert told[0] == told[1]


def test_only_its_own_claims_stand_for_a_roundup_whose_other_storylines_sleep() -> None:
    store = open_store(":memory:")
    items = "\n".join(f"• {' '.join(EVENTS[at].brief)}" for at in (0, 8, 14))
    night(store, [article("t0", TURBINES, NOW), news("d", "Morning briefing", items, NOW)], NOW + DAY)
    night(store, [article("t1", TURBINES, NOW + DAY * 9)], NOW + DAY * 10)
    line = home(store, article("t1", TURBINES, NOW))
    assert "d" in line.record_ids
    seen = look_back(store, {}, NOW + DAY * 18, days=14)
    assert set(seen.storylines) == {line.id}
    (text,) = [part.text for part in seen.parts[line.id] if part.record_id == "d"]
    assert "turbines" in text
    assert "Rovers" not in text


def test_new_items_of_a_growing_live_blog_are_news() -> None:
    store = open_store(":memory:")
    known = [article(f"k{at}", EVENTS[at], NOW) for at in (0, 8, 14, 4)]

    def blog(*events: int) -> Record:
        items = [f"{20 - n}:1{n}\n{' '.join(EVENTS[at].brief)}" for n, at in enumerate(events)]
        return news("live", "Live: what happened today", "\n\n".join(items), NOW)

    night(store, [*known, blog(0, 8, 14)], NOW + DAY)
    check(store)
    night(store, [dataclasses.replace(blog(4, 0, 8, 14), fetched=NOW + DAY)], NOW + DAY * 2)
    check(store)
    for at in (0, 8, 14, 4):
        line = home(store, known[(0, 8, 14, 4).index(at)])
        mine = [claim.text for claim in store.claims(line.claim_ids).values() if claim.record_id == "live"]
        assert mine, at
        assert all(text in " ".join(EVENTS[at].brief) for text in mine)
