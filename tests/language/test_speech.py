"""How something is said: hedges, negation, quotations, attributions, language."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Hedge
from pipeline.language import detect, hedges, quotes, speakers


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("Globex has acquired Initech.", Hedge.STATES),
        ("Globex will build a plant.", Hedge.PLANS),
        ("Globex's commitment to spend over $5 billion", Hedge.PLANS),
        ("its planned $18 billion campus", Hedge.PLANS),
        ("The grid is projecting a need for 15 gigawatts.", Hedge.EXPECTS),
        ("Sales are expected to fall.", Hedge.EXPECTS),
        ("Globex explored a potential purchase.", Hedge.COULD),
        ("The board is considering a sale.", Hedge.COULD),
        ("It is considered one of the best.", Hedge.STATES),
        ("They are in advanced talks.", Hedge.COULD),
        ("Reports that Globex explored a deal", Hedge.REPORTED),
        ("The model is reportedly ready.", Hedge.REPORTED),
        ("People familiar with the matter spoke.", Hedge.REPORTED),
        ("Harbour Wire reports that profit rose.", Hedge.STATES),
        ("Globex denied the claim.", Hedge.DENIES),
        ("The plant opened in May 2026.", Hedge.STATES),
        ("The plant may open.", Hedge.COULD),
        # a cue beside the statement hedges something else
        ("Globex bought a firm that could make turbines.", Hedge.STATES),
        ("Globex sold its stake days before it was set to publish results.", Hedge.STATES),
        ("Shares fell 3%, suggesting that investors expected more.", Hedge.STATES),
        ("The mayor told the council that the bridge could close.", Hedge.COULD),
        ("After the flood the bridge could close.", Hedge.COULD),
        ("Although the bridge could close, the council sold it.", Hedge.STATES),
        ("The council does not know whether the bridge will open.", Hedge.STATES),
        ("The flood was worse than engineers expected.", Hedge.STATES),
        # so does one before a noun, where there is a verb; and plans that are spoken of, not told
        ("Two men stood trial for the alleged theft.", Hedge.STATES),
        ("Globex made an unlikely return to the list.", Hedge.STATES),
        ("Sales will likely fall.", Hedge.EXPECTS),
        ("Globex gave up on its plan to build a plant.", Hedge.STATES),
        ("Globex announced its plan to build a plant.", Hedge.PLANS),
        # duties, rounded figures, readers
        ("Ministers say that towns should build more homes.", Hedge.STATES),
        ("The line should open by 2031.", Hedge.EXPECTS),
        ("The jackpot rose to an estimated $1.2 billion.", Hedge.STATES),
        ("If you like tea, the shop has three kinds.", Hedge.STATES),
        ("If the vote fails, the bridge closes.", Hedge.COULD),
        # what is done on purpose is planned, what happens is expected
        ("Globex will raise its prices.", Hedge.PLANS),
        ("Prices will rise.", Hedge.EXPECTS),
        ("The plant is set to cost $3 billion.", Hedge.EXPECTS),
        ("The mayor proposed a tax that would pay for it.", Hedge.PLANS),
        ("Globex is looking to sell its mill.", Hedge.PLANS),
        ("Harlow to Close Two Schools", Hedge.PLANS),
        ("The hard life of towns with nobody to run them", Hedge.STATES),
        ("Old bridges at risk of collapse", Hedge.COULD),
        ("Guard saw nothing, inquest told", Hedge.REPORTED),
        ("Globex to buy Initech - report", Hedge.REPORTED),
    ],
)
def test_hedges(text: str, hedge: Hedge) -> None:
    assert hedges.classify(text) is hedge


def test_strength_falls_from_stating_to_hearsay() -> None:
    order = [Hedge.STATES, Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD, Hedge.REPORTED, Hedge.DENIES]
    assert [hedges.strength(hedge) for hedge in order] == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("sentence", "span", "firmer"),
    [
        ("Globex has acquired Initech.", "Reports that Globex explored a purchase of Initech", True),
        ("Globex spent $5 billion.", "Globex's commitment to spend $5 billion", True),
        ("Reports say that Globex explored a purchase.", "Reports that Globex explored a purchase", False),
        ("Globex denied it.", "Globex denied it", False),
        ("Globex could build.", "Globex built.", False),
    ],
)
def test_firmer(sentence: str, span: str, firmer: bool) -> None:
    assert hedges.firmer(sentence, span) is firmer


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It will not open.", True),
        ("It isn’t open.", True),
        ("No one came.", True),
        ("It no longer runs.", True),
        ("They left without paying.", True),
        ("Not only that, it grew.", False),
        ("He is No. 10.", False),
        ("No doubt it grew.", False),
        ("It grew.", False),
    ],
)
def test_negation(text: str, denied: bool) -> None:
    assert hedges.negated(text) is denied
    assert bool(hedges.negations(text)) is denied


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('He said "yes" twice.', ["yes"]),
        ("“We can’t ‘do’ it,” she said.", ["We can’t ‘do’ it,", "do"]),
        ("It's the dogs' bowl and the cat's.", []),
        ("«Oui», dit-il. „Ja“ sagte er. 「はい」", ["Oui", "Ja", "はい"]),
        ('a 12" disc and 5\'10" tall', []),
        ("“Open\n\nnever closed", []),
        ("'We won', he said", ["We won"]),
        ('""', []),
    ],
)
def test_quotations(text: str, inner: list[str]) -> None:
    assert [text[span.start : span.end] for span in quotes.find(text)] == inner


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [
        ("40% will miss their dates, Harbour Wire writes.", "Harbour Wire", "40% will miss their dates"),
        ("The minister said on Monday that taxes will rise.", "The minister", "taxes will rise."),
        ("According to Ada Marlow of Globex, prices fell.", "Ada Marlow of Globex", "prices fell."),
        ("“We won,” said Ada Marlow, the mayor.", "Ada Marlow", "“We won,”"),
        ("“We won,” Ada Marlow told reporters.", "Ada Marlow", "“We won,”"),
        ("Ada Marlow: “We won.”", "Ada Marlow", "“We won.”"),
        ("El ministro dijo que subirá.", "El ministro", "subirá."),
        ("Egypt warned Israel days earlier, a lawmaker says", "a lawmaker", "Egypt warned Israel days earlier"),
    ],
)
def test_speakers(text: str, speaker: str, said: str) -> None:
    found = speakers.find(text)
    assert found is not None
    assert found.speaker == speaker == text[found.span.start : found.span.end]
    assert text[found.said.start : found.said.end] == said


@pytest.mark.parametrize(
    "text", ["Globex serves 13 states and needs power.", "World Cup: Marlow has a tear", "It rained.", ""]
)
def test_no_speaker(text: str) -> None:
    assert speakers.find(text) is None


def test_a_cited_source_stands_beside_the_speaker() -> None:
    found = speakers.find("Harbour Wire reported, citing two officials, that the plant closed.")
    assert found is not None
    assert (found.speaker, found.cites) == ("Harbour Wire", "two officials")


def test_language_of_long_enough_texts() -> None:
    assert detect.language("El presidente dijo que la economía crecerá mucho este año") == "es"
    assert detect.language("The president said that the economy will grow a great deal this year") == "en"
    assert detect.language("hi") is None
    assert detect.language("") is None


SAYING = st.lists(
    st.sampled_from(
        [
            "X said",
            "said X",
            ",",
            "“",
            "”",
            '"',
            "'",
            "’",
            "according to",
            "not",
            "no",
            "May",
            "could",
            ":",
            "\n",
            "Y",
            "that",
            "İ",
        ]
    ),
    max_size=25,
)


@given(st.one_of(st.text(max_size=150), SAYING.map(" ".join)))
def test_total_and_exact(text: str) -> None:
    assert isinstance(hedges.classify(text), Hedge)
    for span in hedges.negations(text):
        assert span.end <= len(text)
    for span in quotes.find(text):
        assert text[span.start : span.end].strip()
    found = speakers.find(text)
    if found:
        assert text[found.span.start : found.span.end] == found.speaker
        assert found.said.end <= len(text)
    detect.language(text)


def test_long_texts_are_fast() -> None:
    began = time.process_time()
    for text in ("Said x, " * 20_000, '"' * 50_000, "not " * 30_000, "reports " * 20_000, ", and X said" * 10_000):
        hedges.classify(text)
        hedges.negated(text)
        quotes.find(text)
        speakers.find(text)
    assert time.process_time() - began < 5
