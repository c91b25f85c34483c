"""Attribution: the source's words, the source named, nothing in between."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import make_claim, make_record

from pipeline.compose.casing import Casing
from pipeline.compose.forms import Place, lowered, speaks_for_itself, wordings
from pipeline.compose.naming import Voices, publisher
from pipeline.compose.trim import Piece, pieces
from pipeline.domain import Claim, ClaimKind, Record

BODY = "Northwind Power has ordered 12 gas turbines for its Harlow campus."


def said(sentence: str = BODY, place: Place | None = None, **fields: object) -> list[str]:
    kind = fields.pop("kind", ClaimKind.EVENT)
    headline = fields.pop("in_headline", False)
    record: Record = make_record(f"A title\n\n{sentence} So says Northwind itself, and names turbines.", **fields)
    claim: Claim = make_claim(record, sentence, kind=kind, in_headline=headline, entities=("northwind",))
    piece = pieces(claim, record)[0]
    voice = Voices().of(record)
    return list(wordings(piece, claim, record, voice, place=place or Place(), casing=Casing.of([record])))


def test_the_source_stands_behind_before_or_around_the_statement() -> None:
    forms = said()
    assert forms[0] == "Northwind Power has ordered 12 gas turbines for its Harlow campus, Harbour Wire reports."
    assert "Harbour Wire reports that Northwind Power has ordered 12 gas turbines for its Harlow campus." in forms
    assert f'Harbour Wire writes: "{BODY}"' in forms


def test_every_wording_holds_the_sources_own_words() -> None:
    for count in range(6):
        for continues in (False, True):
            for form in said(place=Place(continues, count)):
                assert "has ordered 12 gas turbines for its Harlow campus" in form


def test_a_source_that_speaks_already_need_not_be_named_again() -> None:
    assert said(place=Place(continues=True))[0] == BODY


def test_views_and_forecasts_always_name_their_source() -> None:
    for kind in (ClaimKind.OPINION, ClaimKind.FORECAST):
        forms = said("Turbines are the best choice for the Harlow campus.", Place(continues=True), kind=kind)
        assert all("says" in f or "writes" in f or "adds" in f for f in forms)


def test_first_persons_and_loose_pointers_are_only_quoted() -> None:
    for sentence in (
        "We have seen the turbines of Northwind in the yard.",
        "It has ordered 12 gas turbines for Harlow.",
    ):
        forms = said(sentence)
        assert forms
        assert all('"' in form for form in forms)


def test_a_headline_set_in_capitals_is_quoted_as_a_headline() -> None:
    forms = said("Northwind Orders Twelve Turbines For Harlow Campus.", in_headline=True)
    assert all(form.count('"') == 2 for form in forms)


@pytest.mark.parametrize(
    "headline",
    [
        "Northwind crews rescued after fire at Harlow campus.",
        "Northwind engineer questioned over fire returns to Harlow campus.",
    ],
)
def test_a_headline_in_the_grammar_of_headlines_is_quoted_first(headline: str) -> None:
    forms = said(headline, in_headline=True)
    assert forms[0] == f'"{headline.rstrip(".")}", Harbour Wire writes.'
    assert "headline reads" in forms[1]
    assert '"' not in said(BODY, in_headline=True)[0]


def test_records_without_a_name_are_told_apart_and_posts_are_posts() -> None:
    voices = Voices()
    first, second = make_record(publisher=None, id="r1", title=""), make_record(publisher=None, id="r2", title="")
    assert [voices.of(r).first for r in (first, second, first)] == ["one article", "another article", "one article"]
    titled = make_record(publisher=None, title="The Big Build")
    assert voices.of(titled).first == 'the article "The Big Build"'
    post = make_record(publisher=None, kind="post", platform="Hacker News")
    assert voices.of(post).first == "a Hacker News post"


@pytest.mark.parametrize(
    ("raw", "url", "shown"),
    [
        ("The Harbour Post - Tech", "https://www.harbourpost.example/1", "The Harbour Post"),
        ("Middle East - HarbourNews", "https://www.harbournews.example/1", "HarbourNews"),
        ("HNT > Top Stories", "https://hntimes.example/1", "HNT"),
        ("Harbour Wire", None, "Harbour Wire"),
        ("Latest News from Harbour Science", None, "Harbour Science"),
    ],
)
def test_a_publisher_loses_the_section_of_its_feed(raw: str, url: str | None, shown: str) -> None:
    assert publisher(make_record(publisher=raw, url=url)) == shown


@pytest.mark.parametrize(
    "sentence",
    [
        "Two men held at the Harlow campus after a fire in the turbine hall of Northwind on Monday.",
        "A map showing the place of the Harlow campus of Northwind and of its 12 turbines.",
        "Winners and nominees of the Northwind prize as engineers close in on the record.",
    ],
)
def test_what_is_no_prose_is_quoted_and_never_follows_that(sentence: str) -> None:
    record: Record = make_record(f"A title\n\n{sentence} So says Northwind itself.")
    piece = Piece(9, 9 + len(sentence), sentence[:-1])
    claim: Claim = make_claim(record, sentence, entities=("northwind",))
    voice, casing = Voices().of(record), Casing.of([record])
    forms = [w for n in range(4) for w in wordings(piece, claim, record, voice, place=Place(count=n), casing=casing)]
    assert forms
    assert all('"' in form for form in forms)
    spanish = replace(record, lang="es")
    assert any('"' not in form for form in wordings(piece, claim, spanish, voice, place=Place(), casing=casing)), (
        "what is no English is not parsed as such"
    )


def test_first_words_are_made_small_only_where_they_are_no_names() -> None:
    casing = Casing.of(
        [make_record("T\n\nThe plan of Northwind is an order for turbines, says Baker. Orders rose again.")]
    )
    assert lowered("The plan is late", casing) == "the plan is late"
    assert lowered("Turbines are late", casing) == "turbines are late"
    assert lowered("Northwind is late", casing) == "Northwind is late"
    assert lowered("Quixotic plans are late", casing) is None
    assert lowered("Rep. Baker is late", casing) == "Rep. Baker is late"
    assert lowered("40% are late", casing) == "40% are late"
    assert lowered("Former President Baker is late", casing) == "former President Baker is late"


def test_statements_with_a_speaker_speak_for_themselves() -> None:
    assert speaks_for_itself("The turbines are late, the mayor said")
    assert not speaks_for_itself("Northwind serves 13 states and needs 15 GW of power")
