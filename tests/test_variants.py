"""A story in other forms: only its own sentences, within the limits of each form."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_sentence, make_story
from hypothesis import given
from hypothesis import strategies as st

from pipeline import variants
from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Section, Variants

LEAD = make_sentence("Corvane ordered 46 turbines for its Harlow campus on Monday, Harbour Wire reports.", "e1")
NEXT = make_sentence("The county board will vote on the permit in April, the clerk said.", "e2")
LAST = make_sentence("Residents filed 1,300 objections against the noise.", "e3")


def of(headline: str, *body: object) -> Variants:
    section = Section("body", "What happened", tuple((s,) for s in body))  # type: ignore[misc]
    return variants.of(make_sentence(headline, "e1"), LEAD, "Corvane orders turbines", [section])


def test_a_card_is_the_two_first_things_that_the_headline_does_not_say() -> None:
    found = of("Corvane orders 46 turbines for Harlow campus", LEAD, NEXT, LAST)
    assert found.card == f"{NEXT.text} {LAST.text}"
    assert found.subject == "Corvane orders 46 turbines for Harlow campus"
    assert found.post.startswith("Corvane orders 46 turbines for Harlow campus. ")


def test_a_story_of_one_thing_has_it_on_its_card() -> None:
    assert of("Corvane orders 46 turbines for Harlow campus", LEAD).card == LEAD.text


@given(
    st.lists(st.text("abcdefgh ,.", min_size=1, max_size=200).map(str.strip).filter(bool), min_size=1, max_size=12),
    st.text("abcdefgh ", min_size=1, max_size=120).map(str.strip).filter(bool),
)
def test_every_form_keeps_its_limit_and_holds_whole_sentences_only(texts: list[str], headline: str) -> None:
    body = Section("body", None, tuple((make_sentence(text, "e1"),) for text in texts))
    found = variants.of(make_sentence(headline, "e1"), None, headline[:40], [body])
    assert len(found.blurb.split()) <= variants.BLURB
    assert len(found.post) <= variants.POST
    assert len(found.subject) <= variants.SUBJECT
    assert len(found.teaser) <= variants.TEASER
    for form in (found.card, found.blurb, found.post, found.teaser):
        assert variants.made_of(form, [*texts, variants.stopped(headline)])


def test_what_is_computed_or_uncited_stands_in_no_form() -> None:
    bare = dataclasses.replace(NEXT, citations=())
    assert of("Corvane orders 46 turbines", LEAD, bare).blurb == LEAD.text


@pytest.mark.parametrize(("text", "whole"), [("a. b.", True), ("b. a.", True), ("a.b.", False), ("a. c.", False)])
def test_text_is_made_of_pieces_only_where_they_stand_apart(text: str, whole: bool) -> None:
    assert variants.made_of(text, ["a.", "b."]) is whole


def test_verify_refuses_a_form_that_says_what_the_story_does_not() -> None:
    story = make_story()
    honest = dataclasses.replace(story, variants=Variants(card=story.sections[1].paragraphs[0][0].text))
    assert problems(to_bundle(honest)) == problems(to_bundle(story))
    for field in ("card", "blurb", "post", "subject", "teaser"):
        planted = dataclasses.replace(story, variants=Variants(**{field: "Northwind is bankrupt."}))
        assert {p.rule for p in problems(to_bundle(planted))} >= {"variant"}
