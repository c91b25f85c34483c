"""Storylines over many nights: what splits, merges, sleeps and wakes, and memberships that stay consistent."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta

import pytest
from factories import NOW
from lives import check, living, news, night

from pipeline.domain import Record
from pipeline.stores import open_store

DAY = timedelta(days=1)

EVENTS = (
    ("Northwind Power", "orders", "gas turbines", "the Harlow campus", "grid link", "megawatts"),
    ("Brenna dam", "breaks over", "flooded villages", "Port Brenna", "rescue boats", "evacuees"),
    ("Halden Motors", "recalls", "delivery vans", "Kessel", "brake hoses", "mechanics"),
    ("Selmouth council", "bans", "diesel ferries", "Selmouth Sound", "clean harbour act", "captains"),
)


def told(event: int, key: str, dice: random.Random, number: int) -> tuple[str, str]:
    """A headline and a text about an event, in one of several wordings."""
    who, did, what, where, thing, people = EVENTS[event]
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


@pytest.mark.parametrize("seed", range(12))
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
    assert len(living(store)) >= 2
