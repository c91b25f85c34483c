"""Faithful sentences in another order of words than their span and false ones in a like order, told apart by parses."""

from __future__ import annotations

import pytest

from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.gate.reading import read
from pipeline.gate.syntax.parties import parties, whole
from pipeline.gate.syntax.standings import denied, modal
from pipeline.gate.syntax.trees import tree

SPANS = {
    "ferry": "The operator Brael, which owns 14 ferries, has hired the engineer Tove Lind, who designed the port at"
    " Corvale for the council",
    "mill": "Residents of Selmouth were told to stay indoors after a fire broke out at a paper mill",
    "court": "Officials at Harrow Lodge dismissed a carer who had reported cold rooms, and a jury in Corvale awarded"
    " her $2 million",
    "board": "The brewer Halse said its chairman, Jon Amdal, would retire in April and be succeeded by Eva Storm",
    "shore": "Farmers may no longer fish within a mile of the shore, the highest court of Norrland ruled on Monday",
    "talks": "The highest court of Norrland ruled on Wednesday that the ministry may not hold fishermen without a"
    " charge",
}  # fmt: skip


def published(sentence: str, span: str) -> bool:
    cited = CitedSpan(SPANS[span], "e1", "r1", "o1", "Corvale Post", None, None)
    return judge(sentence, [cited]).publish


@pytest.mark.parametrize(
    ("sentence", "span"),
    [
        ("Tove Lind, the engineer who designed the port at Corvale, has been hired by the operator Brael.", "ferry"),
        ("The operator that has hired the engineer Tove Lind owns 14 ferries.", "ferry"),
        ("A carer dismissed by officials at Harrow Lodge had reported cold rooms.", "court"),
        ("Jon Amdal will be succeeded by Eva Storm, the brewer Halse said.", "board"),
    ],
)
def test_another_order_of_words_is_read_by_its_parse(sentence, span):
    assert published(sentence, span)


@pytest.mark.parametrize(
    ("sentence", "span"),
    [
        ("The engineer Tove Lind, who owns 14 ferries, has hired the operator Brael.", "ferry"),
        ("The port at Corvale, which owns 14 ferries, has hired the engineer Tove Lind.", "ferry"),
        ("Officials at Harrow Lodge dismissed by a carer had reported cold rooms.", "court"),
        ("A carer who had dismissed officials at Harrow Lodge reported cold rooms.", "court"),
        ("Eva Storm will be succeeded by Jon Amdal, the brewer Halse said.", "board"),
        ("Jon Amdal was succeeded by Eva Storm, the brewer Halse said.", "board"),
        ("The highest court of Norrland ruled that the ministry may hold fishermen without a charge.", "talks"),
        ("The highest court of Norrland ruled that the ministry may not hold fishermen with a charge.", "talks"),
        ("The highest court of Norrland ruled that farmers may fish within a mile of the shore.", "shore"),
        ("A paper mill was told to stay indoors after a fire broke out.", "mill"),
        ("A fire was told to stay indoors after residents of Selmouth broke out at a paper mill.", "mill"),
    ],
)  # fmt: skip
def test_what_changes_places_with_another_is_refused(sentence, span):
    assert not published(sentence, span)


def _parties(text: str, verb: str) -> tuple[set[str], set[str]]:
    reading = read(text)
    found = tree(reading)
    assert found is not None
    one = parties(found, next(at for at, word in enumerate(reading.words) if word.low == verb))
    agents, patients = ({reading.words[at].low for at in whole(found, side)} for side in (one.agents, one.patients))
    return agents, patients


@pytest.mark.parametrize(
    ("text", "verb", "doer", "undergoer"),
    [
        ("Brael bought three ferries.", "bought", "brael", "ferries"),
        ("Three ferries were bought by Brael.", "bought", "brael", "ferries"),
        ("The ferries bought by Brael were late.", "bought", "brael", "ferries"),
        ("The ferries that Brael bought were late.", "bought", "brael", "ferries"),
        ("Brael, which bought three ferries, was late.", "bought", "brael", "ferries"),
        ("Brael sold a pier and bought three ferries.", "bought", "brael", "ferries"),
        ("Brael agreed to buy three ferries.", "buy", "brael", "ferries"),
        ("A judge told Brael to sell three ferries.", "sell", "brael", "ferries"),
    ],
)
def test_who_does_what_to_whom(text, verb, doer, undergoer):
    agents, patients = _parties(text, verb)
    assert doer in agents - patients
    assert undergoer in patients - agents


def test_a_denial_is_of_one_verb_and_a_modal_of_all_that_it_joins():
    reading = read("The mill will close in May and be sold, but it will not move without a permit.")
    found = tree(reading)
    assert found is not None
    lows = [word.low for word in reading.words]
    assert {lows[at] for at in denied(found)} == {"move", "permit"}
    assert modal(found, lows.index("sold")) == "will"
    assert modal(found, lows.index("permit")) == ""


def test_titles_and_nonsense_are_left_to_the_other_rules():
    cited = CitedSpan("Grocer Scraps Plan To Close 40 Bakeries", "e1", "r1", "o1", "Corvale Post", None, None)
    assert not judge("The grocer plans to close 40 bakeries.", [cited]).publish
    assert not judge("!!! \x00 ... of of", [cited]).publish
