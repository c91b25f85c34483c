"""Claims: exact spans, one statement each, and nothing of what is no statement."""

from __future__ import annotations

import time

import pytest
from factories import make_record
from hypothesis import given
from hypothesis import strategies as st

from pipeline.claiming.claims import MOST_WORDS, extract
from pipeline.domain import Claim, ClaimKind, Hedge, digest
from pipeline.language.clauses import words_in

STORY = """Globex to close Harlow plant

Globex will close its Harlow plant in March 2027, the company said on Monday. It employs 400 people there.

Why it matters

“We had no choice,” Ada Marlow told reporters. Is this the end?
Prices rose 12% last year, according to the labour office.

Sign up for our newsletter.
By Bo Lind
"""


def claims(text: str, **fields: object) -> tuple[Claim, ...]:
    return extract(make_record(text, **fields), min_worth=0.2)


def test_a_story_gives_its_statements_and_nothing_else() -> None:
    found = claims(STORY)
    texts = [claim.text for claim in found]
    assert texts[0] == "Globex to close Harlow plant"
    assert "Globex will close its Harlow plant in March 2027, the company said on Monday." in texts
    assert "Prices rose 12% last year, according to the labour office." in texts
    assert not any("newsletter" in text or "?" in text or "By Bo" in text or "Why it matters" in text for text in texts)


def test_spans_are_exact_and_ids_follow_the_evidence() -> None:
    record = make_record(STORY)
    for claim in extract(record, min_worth=0.0, max_claims=99):
        (evidence,) = claim.evidence
        assert record.text[evidence.start : evidence.end] == evidence.quote == claim.text
        assert evidence.content_hash == record.content_hash
        assert claim.id == digest("claim", evidence.key)
        assert words_in(claim.text) <= MOST_WORDS


def test_fields_are_read() -> None:
    by_text = {claim.text: claim for claim in claims(STORY)}
    closing = by_text["Globex will close its Harlow plant in March 2027, the company said on Monday."]
    assert (closing.kind, closing.hedge, closing.speaker) == (ClaimKind.FORECAST, Hedge.PLANS, "the company")
    assert closing.entities == ("globex", "harlow")
    assert closing.dates[0].value == "2027-03"
    prices = by_text["Prices rose 12% last year, according to the labour office."]
    assert (prices.kind, prices.speaker) == (ClaimKind.STATISTIC, "the labour office")
    assert [quantity.value for quantity in prices.quantities] == [0.12]
    assert by_text["Globex to close Harlow plant"].in_headline


def test_a_leading_pronoun_gets_its_name_beside_the_span() -> None:
    (it,) = [claim for claim in claims(STORY) if claim.text.startswith("It employs")]
    assert it.context == "Globex"
    assert "Globex" not in it.text


def test_a_person_is_no_it_and_a_firm_no_she() -> None:
    found = claims("Ada Marlow said Globex rose 5% in Kabul. She left the firm in 2019 with 40 others.")
    assert [claim.context for claim in found if claim.text.startswith("She")] == ["Ada Marlow"]


def test_what_points_back_unresolved_is_worth_less() -> None:
    text = "This led to 400 job losses in Harlow."
    (claim,) = extract(make_record(text, title=""), min_worth=0.0)
    (plain,) = extract(make_record("Globex announced 400 job losses in Harlow.", title=""), min_worth=0.0)
    assert claim.worth < plain.worth


@pytest.mark.parametrize("ending", ["…", "...", "[…]", " Read More"])
def test_a_sentence_that_the_feed_cut_off_is_no_claim(ending: str) -> None:
    found = claims(f"Globex closed a plant in Harlow. Initech will build 12 turbines in{ending}", title="")
    assert [claim.text for claim in found] == ["Globex closed a plant in Harlow."]


def test_a_truncated_record_loses_its_last_sentence() -> None:
    text = "Globex closed a plant in Harlow. Initech will build 12 turbines."
    assert len(claims(text, title="", truncated=True)) == 1
    assert len(claims("Globex closed a plant in Harlow. Initech will build 12 turbi", title="")) == 1


def test_a_headline_sheds_its_publisher() -> None:
    found = claims(
        "Globex buys 12 turbines from Initech - Harbour Wire\n\nMore soon.",
        title="Globex buys 12 turbines from Initech - Harbour Wire",
    )
    assert found[0].text == "Globex buys 12 turbines from Initech"
    assert found[0].in_headline


def test_a_lead_in_is_left_out() -> None:
    (claim,) = claims(
        "But here's the headline that matters: Globex is projecting a need for 15 gigawatts in Ohio.", title=""
    )
    assert claim.text == "Globex is projecting a need for 15 gigawatts in Ohio."


def test_the_worthiest_are_kept_in_order() -> None:
    text = " ".join(f"Globex sold {n} turbines to Initech in Harlow." for n in range(100, 160))
    found = extract(make_record(text, title=""), max_claims=7)
    starts = [claim.evidence[0].start for claim in found]
    assert len(found) == 7
    assert starts == sorted(starts)
    assert len({claim.id for claim in found}) == 7


def test_other_languages_do_not_break() -> None:
    assert claims("El presidente Gabriel Marlow anunció 3.500 millones de euros para Santiago.", title="", lang="es")
    claims("央行周三宣布将利率下调25个基点。市场上涨3%。", title="", lang="zh")
    claims("أعلنت الشركة عن استثمار 5 مليارات دولار.", title="", lang="ar")


MIXED = (
    "La ministra dijo que el déficit creció 4%. The ministry said exports fell 12% in May 2023. "
    "央行周三宣布将利率下调25个基点。 أعلنت الشركة عن استثمار 5 مليارات دولار. Цены выросли на 3%."
)


@pytest.mark.parametrize("lang", ["es", "en", "zh", "ar", "ru", None, "xx"])
def test_mixed_text_gives_exact_claims_in_any_language(lang: str | None) -> None:
    record = make_record(MIXED, title="", lang=lang)
    found = extract(record, min_worth=0.0)
    assert any("exports fell 12%" in claim.text for claim in found)
    for claim in found:
        (evidence,) = claim.evidence
        assert record.text[evidence.start : evidence.end] == claim.text
        assert claim.subject is None or claim.subject in claim.text


def test_the_time_spoken_of_and_the_subject_are_read() -> None:
    by_text = {claim.text: claim for claim in claims(STORY)}
    closing = by_text["Globex will close its Harlow plant in March 2027, the company said on Monday."]
    assert (closing.subject, closing.when) == ("Globex", "2027-03")
    assert by_text["Globex to close Harlow plant"].subject == "Globex"
    assert by_text["Prices rose 12% last year, according to the labour office."].subject == "Prices"


PARTS = st.sampled_from(
    [
        "Globex",
        "said",
        "that",
        "12%",
        "of",
        "people",
        ".",
        "\n",
        "“",
        "”",
        "It",
        "—",
        ", and",
        ";",
        "…",
        "?",
        "is",
        "😀",
        "你好。",
        "$5bn",
    ]
)


@given(st.one_of(st.text(min_size=1, max_size=300), st.lists(PARTS, min_size=1, max_size=60).map(" ".join)))
def test_total_and_exact(text: str) -> None:
    record = make_record(text, title="", id="r1")
    for claim in extract(record, min_worth=0.0):
        (evidence,) = claim.evidence
        assert record.text[evidence.start : evidence.end] == claim.text
        assert words_in(claim.text) <= MOST_WORDS
        assert claim.subject is None or claim.subject in claim.text
        for quantity in claim.quantities:
            assert claim.text[quantity.span.start : quantity.span.end] == quantity.text


def test_hostile_lengths_are_fast() -> None:
    began = time.process_time()
    for text in (
        "a" * 1_000_000,
        "7" * 1_000_000,
        "Ab. " * 40_000,
        ", and X said" * 20_000,
        "(" * 100_000,
        "“" * 100_000,
    ):
        extract(make_record(text, title="", id="r1"))
    assert time.process_time() - began < 12
