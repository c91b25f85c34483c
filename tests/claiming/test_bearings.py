"""What a day, an amount or a denial bears on, and that one voice does not contradict itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOW, make_record

from pipeline.claiming import bearings
from pipeline.claiming import claims as extractor
from pipeline.claiming.assertions import Assertion, assertion
from pipeline.domain import DisputeKind, Span
from pipeline.findings.disputes import between
from pipeline.findings.settling import settle
from pipeline.origins.voices import Voice, revises


def said(text: str, publisher: str = "A") -> Assertion:
    record = make_record(text, title="", publisher=publisher, published=NOW)
    return assertion(extractor.extract(record, min_worth=0.0)[0])


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


NEAR = [
    # the day of the saying against the day of the deed
    (
        "Harlow's harbour crews recovered 36 drifting buoys off Port Brenna overnight, the ministry said Sunday.",
        "Harlow's harbour crews recovered 36 drifting buoys off Port Brenna overnight Saturday.",
    ),
    # time that has passed, rounded in two ways
    (
        "Ivo Brandt has resigned as Valdeluna head coach only 10 months after his appointment.",
        "Ivo Brandt has resigned as Valdeluna head coach nine months after his appointment.",
    ),
    (
        "Kessel man extradited to Valdeluna and charged with murder carried out 44 years ago",
        "A Kessel man has been extradited to Valdeluna and charged with murder almost 45 years ago.",
    ),
    # a length of time against an age
    (
        "Harlow rowing coach Lena Castell has died after a two-year battle with cancer",
        "Lena Castell, the Harlow rowing coach, has died at 41 after a battle with cancer",
    ),
    # one batch after another, one day among many, a part of the whole
    (
        "A total of 17 trucks have crossed from Harlow to Kessel as the siege goes on.",
        "Another convoy of 14 trucks crossed from Harlow to Kessel as the siege goes on.",
    ),
    (
        "Officials estimate that the flood in Kessel has killed about 1,400 people and displaced 9,000 more.",
        "400 people killed in a single day by floods in Kessel",
    ),
    # two places together against one of them
    (
        "The storm that hit the Harlow shore has killed two people and injured another 18.",
        "At least three people are dead and 26 injured after storms in Harlow and Kessel",
    ),
    # a charge and its denial
    (
        "Senator Mara Oduya will be arraigned on charges alleging she conspired to act as a foreign agent.",
        "Senator Mara Oduya denies conspiring to act as a foreign agent",
    ),
    # another's victory
    (
        "The far-right populist Tomas Reik has failed to win the first round of Valdeluna's presidential election.",
        "Lena Castell's win in Valdeluna's first presidential election round hurt far-right populist Tomas Reik.",
    ),
    # hearsay of what is so
    (
        "Orbisk has reportedly told staff that Corvane Tides and Harlow Gate have been delayed.",
        "Corvane Tides and Harlow Gate have been delayed.",
    ),
    # two writers' lists, an amount that lost its zeros, what both tell of as past
    ("Harlow market day: these 74 best deals are still live", "Harlow market day: the 23 best deals are still live"),
    ("Corvane owes Harlow nearly $29 billiion in back taxes", "Corvane owes Harlow $29 billion in back taxes"),
    (
        "The Valdeluna journalist Ada Nwosu has come back home after release by Kessel.",
        "The Valdeluna journalist Ada Nwosu has come back home after 3 years detained in Kessel.",
    ),
    # until one thing is not until another
    (
        "Kessel toll hits 27 five days after the Harlow group launched its attack",
        "Eight days before the Harlow group launched its attack, Kessel was quiet.",
    ),
    # nobody's name is no speaker to be told apart
    (
        "An Ostrava woman who prosecutors say poisoned four men with lethal doses of arsenic has pleaded not guilty",
        "An Ostrava woman who authorities say poisoned four men with lethal doses of arsenic has pleaded not guilty",
    ),
    # one denial in two wordings
    (
        "'No evidence' Castell had a fever or stroke, Harlow's attending physician says",
        "Castell does not have a fever disorder, did not suffer stroke, says Harlow physician",
    ),
    # by how much a price may rise, and to what
    (
        "Corvane raises Harlow ferry subscription prices up to $30 per year",
        "Corvane is raising Harlow ferry subscription prices to $80 a year",
    ),
    # who takes back that something will not be, and two rates of one month
    (
        "Kessel's President Oduya said that Brandt can be arrested if he attends Harlow feast",
        "Kessel's President Oduya withdraws personal assurance Brandt will not be arrested if he attends Harlow feast",
    ),
    ("Kessel unemployment rate rose to 3.8% in August", "Kessel inflation in August rose to 3.7% amid energy prices"),
    # a value against its rise, what is done against what is to come
    (
        "With a market value of about $115 billion, Corvane could use its own stock to finance the purchase.",
        "That represents about one-fourth of the $50 billion increase in Corvane's market value since 2019.",
    ),
    (
        "Brandt injured his knee and had surgery to fix a torn ligament and missed four games for Harlow.",
        "The runner Ivo Brandt will miss the final two games of the Harlow season.",
    ),
    # things that killed against things that were there
    (
        "The report on Ivo Brandt did not say which of the seven bullets caused the death of the teenager.",
        "Harlow police say Brandt's gun was loaded with four bullets but do not know whether the teenager fired.",
    ),
    # a day of a month against its month
    ("Valdeluna sets presidential election for March 17", "Valdeluna set to hold presidential election in March 2024"),
    # who buys and who sells
    (
        "Valdeluna buys 49% of Ivo Brandt’s luxury hotel chain",
        "Ivo Brandt sells 49% of luxury hotel chain to Valdeluna",
    ),
    # a price for each month against one for all
    (
        "Orbisk 365 Harlow is now available for firms at $30 a month",
        "Orbisk 365 Harlow is now available to firms for $9,000",
    ),
    # an age against a count, and two hauls that differ in all they hold
    (
        "Ivo Brandt, 49, is serving a life sentence in Kessel for several charges",
        "Ivo Brandt is serving three life sentences in Kessel.",
    ),
    (
        "The Kessel navy confiscated 14 rifles, 31 magazines and 923 rounds from the boat with hooks, Oduya said.",
        "During the raid, six rifles, 12 magazines and about 300 rounds were found and confiscated by the Kessel navy.",
    ),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_what_bears_on_another_thing_is_no_dispute(one: str, other: str) -> None:
    assert between(said(one), said(other, "B")) is None
    assert between(said(other), said(one, "B")) is None


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            "Harlow's harbour crews recovered 36 buoys off Port Brenna on Saturday, the ministry said.",
            "Harlow's harbour crews recovered 36 buoys off Port Brenna on Thursday, the ministry said.",
            DisputeKind.DATE,
        ),
        (
            "Ivo Brandt, a 17-year-old from Harlow, died on Saturday.",
            "Ivo Brandt, a 16-year-old from Harlow, died on Saturday.",
            DisputeKind.NUMBER,
        ),
        (
            "After a 3-year-old boy slipped into the bear pit on a Saturday at Harlow Zoo, a team killed the bear.",
            "The killing of a bear at Harlow Zoo after a 4-year-old boy tumbled into its pit triggered outrage.",
            DisputeKind.NUMBER,
        ),
        (
            "Ivo Brandt was jailed in Harlow for 10 years over the bridge fraud.",
            "Ivo Brandt was jailed in Harlow for nine years over the bridge fraud.",
            DisputeKind.NUMBER,
        ),
        (
            "Tomas Reik won the first round of Valdeluna's presidential election.",
            "Tomas Reik did not win the first round of Valdeluna's presidential election.",
            DisputeKind.POLARITY,
        ),
        (
            "The Kessel navy confiscated 14 rifles and 31 magazines from the boat along with hooks, Oduya said.",
            "During the raid, 14 rifles and 12 magazines were found and confiscated by the Kessel navy.",
            DisputeKind.NUMBER,
        ),
        (
            "Six suspects in the murder of a Harlow mayor killed in prison, authorities say",
            "7 suspects in the killing of Harlow mayor found dead in prison",
            DisputeKind.NUMBER,
        ),
    ],
)
def test_what_bears_on_the_same_thing_still_is(one: str, other: str, kind: DisputeKind) -> None:
    found = between(said(one), said(other, "B"))
    assert found is not None
    assert found.kind is kind


def test_each_reading_by_the_words_beside_it() -> None:
    assert bearings.of_saying("Officials told reporters on Sunday", at("Officials told reporters on Sunday", "Sunday"))
    assert not bearings.of_saying("It opened on Sunday", at("It opened on Sunday", "Sunday"))
    assert bearings.aged("a 17-year-old boy", at("a 17-year-old boy", "17-year"))
    assert not bearings.roughly("over 10 years ago", "4 years ago")
    assert bearings.roughly("mar 17, 2024", "march")
    assert not bearings.roughly("17 march", "19 march")
    assert not bearings.roughly("march 2024", "march 2025")
    text = "The biggest item in the package is $61 billion for Kessel."
    assert bearings.batched(text, at(text, "$61 billion"))
    assert not bearings.batched("It sent 61 trucks to Kessel.", Span(8, 10))
    assert bearings.one_person("Kessel’s Oduya", "Prime Minister Mara Oduya")
    assert not bearings.one_person("Mara Oduya", "Mara Castell")
    assert bearings.own_denials("no evidence that it fell", "it didn't fall")
    assert not bearings.own_denials("it did not fall", "it didn't fall")
    assert bearings.tells_of_words("Castell apologises for blaming the crews")
    assert not bearings.tells_of_words("Castell signed the contract")
    assert not bearings.with_others("Harlow and Kessel signed.", ("harlow", "kessel"))


def _settled(texts: list[str], publishers: list[str]) -> list[int]:
    """Numbers of disputes of the findings that two texts make, given their publishers."""
    claims, voices = [], {}
    for number, (text, publisher) in enumerate(zip(texts, publishers, strict=True)):
        record = make_record(text, title="", publisher=publisher, published=NOW + timedelta(minutes=number))
        claim = extractor.extract(record, min_worth=0.0)[0]
        claims.append(claim)
        voices[claim.id] = Voice(record.id, publisher)
    return [len(one.disputes) for one in settle("s", claims, voices, (), NOW)]


SIDES = [
    "The council at Port Brenna approved the new harbour plan.",
    "The council at Port Brenna rejected the new harbour plan.",
]


def test_one_publisher_revises_and_two_contradict() -> None:
    assert _settled(SIDES, ["A", "B"]) == [1, 1]
    assert _settled(SIDES, ["A", "A"]) == [0, 0]


def test_one_publisher_that_quotes_two_people_tells_a_contradiction() -> None:
    one, other = (
        said(f"{who} said {text[0].lower()}{text[1:]}")
        for who, text in zip(("Mara Oduya", "Ivo Brandt"), SIDES, strict=True)
    )
    voices = {one.claim.id: Voice("1", "A"), other.claim.id: Voice("2", "A")}
    assert not revises(one, other, voices)
    assert revises(one, one, voices)


def test_who_takes_his_words_back_has_said_them() -> None:
    blamed = "Mara Oduya apologises for blaming the harbour crews of Port Brenna for the flood."
    back = "Mara Oduya retracts a post blaming the harbour crews of Port Brenna for the flood."
    assert not any(_settled([blamed, back], ["A", "B"]))
