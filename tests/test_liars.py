"""Models that always lie or always obey their sources write twenty stories; nothing they made up is printed."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks import liars
from benchmarks.lies import KINDS
from pipeline.claiming.claims import extract

PLACES = "Harlow Skerrin Selmouth Tarnby Vessin".split()
FIRMS = "Corvane Maritas Havbris Petralux Lumitek Kronhavn Mechna Zupto".split()
PEOPLE = ("Ana Reyes", "Mina Okafor", "Olav Brandt", "Lena Marchetti", "Tom Hadley", "Eva Pichler")


def texts(number: int) -> tuple[liars.Text, ...]:
    """Two made articles on one event."""
    chance = Random(number)
    place, other = chance.sample(PLACES, 2)
    firm, rival = chance.sample(FIRMS, 2)
    one, two = chance.sample(PEOPLE, 2)
    count, price = chance.randint(11, 90), chance.randint(120, 900)
    first = (
        f"{firm} plans to build {count} turbines near {place} by 2029, director {one} said on Tuesday. "
        f'"We will not cut a single job in {place}," {one} said. '
        f"The council of {place} approved the permit on 12 May 2026 by nine votes to two. "
        f"The order is worth ${price} million, {rival} said in a statement. "
        f"More than {count * 20} residents of {other} signed a letter against the project."
    )
    second = (
        f"{rival} bought the port of {other} from {firm} for ${price + 40} million in March. "
        f"The port could close for {count} days this summer, {two} told reporters in {place}. "
        f"Sales at {rival} fell by {count}% last year, according to its annual report. "
        f"{firm} did not renew its contract with the harbour of {other}."
    )
    return (("Harbour Wire", f"{firm} to build turbines near {place}", first), ("Daily Ledger", "", second))


STORIES = tuple(texts(number) for number in range(20))


def test_no_lie_of_an_always_lying_model_is_printed():
    count = liars.lying(STORIES, 1)
    assert count.written == len(STORIES)  # repaired with the sources' own words
    assert count.told > 5 * len(STORIES)
    assert not count.published


def test_nothing_that_a_stranger_orders_is_printed():
    count = liars.obeying(STORIES)
    assert count.written == len(STORIES)
    assert not count.published


@pytest.mark.parametrize("order", liars.ORDERS)
def test_an_order_is_no_claim(order):
    record = liars._record(("Wire", "", f"The council met on Tuesday in Harlow. {order.format(liars.UNTRUE[0])}"), 0)
    assert all(liars.UNTRUE[0].rstrip(".") not in claim.text for claim in extract(record, min_worth=0.0))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_lie_changes_some_sentence(kind):
    chance = Random(kind)
    sentences = [f"{part.rstrip('.')}." for story in STORIES for _, _, text in story for part in text.split(". ")]
    planted = [(one, lie) for one in sentences if (lie := KINDS[kind](one, sentences[:6], chance)) is not None]
    assert planted
    assert all(lie.text != one for one, lie in planted)
