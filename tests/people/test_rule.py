"""The rule on people (reliability T114, T116): 311 made cases, none published against it, few held without need."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quality.people import cases, ruled

from pipeline.domain import CitedSpan
from pipeline.people import charges, traits
from pipeline.people.rule import Decision, judge, unanswered

ROWS = cases()
each_case = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']}-{row['form'].replace(' ', '-')}")


def test_there_are_cases_of_every_kind():
    assert len(ROWS) >= 250
    assert {row["expect"] for row in ROWS} == {"publish", "hold", "drop"}
    assert len({row["form"] for row in ROWS}) >= 40


@each_case
def test_t114_no_case_is_published_against_the_rule_and_none_is_held_without_need(row):
    ruling = ruled(row)
    assert ruling.publish == (row["expect"] == "publish"), ruling.reason
    if row["expect"] == "drop":
        assert ruling.decision is Decision.DROP
    assert ruling.publish or ruling.reason


MAYOR = "Elena Marsh, the mayor of Oldport, is accused of taking bribes, the Oldport Post reports."
QUOTE = "Elena Marsh, the mayor of Oldport, is accused of taking bribes."


def span(origin: str, quote: str = QUOTE) -> CitedSpan:
    return CitedSpan(quote, key="e1", record=origin, origin=origin, publisher=f"Paper {origin}")


def test_t108_two_copies_of_one_origin_are_one():
    assert judge(MAYOR, [span("a"), span("a")], [QUOTE]).decision is Decision.HOLD
    assert judge(MAYOR, [span("a"), span("b")], [QUOTE]).publish


def test_a_second_origin_that_speaks_of_something_else_bears_nothing_out():
    other = span("b", "Elena Marsh, the mayor of Oldport, opened a library on Monday.")
    assert judge(MAYOR, [span("a"), other], [QUOTE]).decision is Decision.HOLD


def test_without_the_records_nobody_is_called_private():
    sentence = "Prosecutors charged Ravi Doshi with theft, the Oldport Post reports."
    spans = [span("a", "Prosecutors charged Ravi Doshi with theft.")]
    assert judge(sentence, spans).publish
    assert judge(sentence, spans, []).decision is Decision.HOLD


def test_t114_a_denial_that_the_evidence_holds_must_be_printed():
    denial = "Marsh denied taking bribes, her lawyer said."
    assert unanswered([MAYOR], [QUOTE, denial]) == (("Elena Marsh", denial),)
    assert unanswered([MAYOR, "Marsh denied taking bribes, according to her lawyer."], [QUOTE, denial]) == ()
    assert unanswered([MAYOR], [QUOTE]) == ()


def test_t115_strength_rises_from_suspicion_to_conviction():
    steps = [
        "He is under investigation over fraud.",
        "He is accused of fraud.",
        "He was charged with fraud.",
        "He stole the money.",
        "A court convicted him of fraud.",
    ]
    assert [charges.strength(step) for step in steps] == [0, 1, 2, 3, 4]
    assert charges.strength("He opened a library.") == -1


@pytest.mark.parametrize(
    "text",
    ["His phone number is +44 20 7946 0018.", "She lives at 14 Elm Road.", "Write to her at lena@mail.example."],
)
def test_private_facts_are_seen(text):
    assert traits.private(text, named=False)


@pytest.mark.parametrize("text", ["The plant made 1,200,000 cells in 2025.", "Shares rose 12.4 to 310.20 at 14:30."])
def test_figures_are_no_private_facts(text):
    assert not traits.private(text, named=True)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_makes_the_rule_fail(sentence, quote):
    assert judge(sentence, [span("a", quote)], [quote]).decision in Decision


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z"]), max_size=120))
def test_masking_moves_nothing(text):
    assert len(charges.masked(text)) == len(text)


ACCUSATIONS = (Path(__file__).parents[1] / "quality" / "accusations.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("told", ACCUSATIONS)
def test_t114_what_one_paper_lays_to_a_mayor_waits_for_a_second(told):
    quote = f"Mayor Pavel Orlik {told}."
    sentence = f"Mayor Pavel Orlik {told}, the Ridge Herald reports."
    assert judge(sentence, [span("a", quote)], [quote]).decision is Decision.HOLD
    assert judge(sentence, [span("a", quote), span("b", quote)], [quote]).publish


@pytest.mark.parametrize("told", ["bribed a judge", "lied to the court", "threatened the prosecutor", "bribed police"])
def test_an_authority_that_something_was_done_to_is_no_source_of_it(told):
    quote = f"Mayor Pavel Orlik {told}."
    assert judge(quote, [span("a", quote), span("b", quote)], [quote]).decision is Decision.HOLD
    reported = f"Mayor Pavel Orlik {told}, the Ridge Herald reports."
    assert judge(reported, [span("a", quote)], [quote]).decision is Decision.HOLD


COMPANY = "The European Commission has opened an investigation into whether Norvik Chemicals dumped waste in the river."


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        (COMPANY, "The European Commission is investigating whether Norvik Chemicals dumped waste in the river."),
        (COMPANY, COMPANY),
        ("Prosecutors accuse Mayor Gil Santos of taking bribes.",) * 2,
        ("The Athletics Integrity Unit announced that sprinter Dana Fry tested positive for a banned steroid.",) * 2,
        ("Prosecutors charged five executives of the lender Velora with fraud.",) * 2,
        ("Five executives of the lender Velora were charged with fraud.",) * 2,
    ],
)
def test_what_an_authority_does_is_on_record_and_a_firm_is_not_its_staff(quote, sentence):
    assert judge(sentence, [span("a", quote)], [quote]).publish


def test_an_official_who_is_accused_is_no_more_the_one_who_deals_with_it():
    told = "Police arrested Judge Miriam Oakes, the Post reports."
    assert judge(told, [span("a", "Police arrested Judge Miriam Oakes.")], [told]).decision is Decision.HOLD
    dealt = "Judge Miriam Oakes jailed two men for fraud, the Post reports."
    assert judge(dealt, [span("a", "Judge Miriam Oakes jailed two men for fraud.")], [dealt]).publish


@pytest.mark.parametrize(
    "told",
    [
        "16-year-old Lena Farrow has been hospitalised after an incident on public transport",
        "Lena Farrow, 16, is in a coma after she collapsed on a train",
        "Lena Farrow, 9, was last seen at a lake in the park",
    ],
)
def test_a_minor_who_came_to_harm_is_not_named(told):
    assert judge(f"{told}, the Post reports.", [span("a", told)], [told]).decision is Decision.DROP


@pytest.mark.parametrize(
    "told",
    [
        "A plane carrying senator Doug Larsen and his family crashed on Sunday, killing everyone on board",
        "Amazon, Google and Apple are under pressure to add chatbots",
        "Charged with closing out the final, gymnast Lena Farrow refused to blink",
    ],
)
def test_what_lays_nothing_to_anybody_is_not_held(told):
    assert judge(f"{told}, the Post reports.", [span("a", told)], [told]).publish
