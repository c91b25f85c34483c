"""Echoes: a story of ours that comes back adds no voice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from factories import make_dossier, make_record, make_story

from pipeline.origins.echoes import texts
from pipeline.origins.grouping import group


def test_a_story_is_a_text_with_the_origin_that_most_of_its_citations_rest_on() -> None:
    story = make_story(make_dossier())
    ((record, origin),) = texts([story], "Night Desk")
    assert (record.id, record.publisher) == (story.id, "Night Desk")
    assert record.text.startswith(story.headline.text)
    assert origin in {citation.origin_id for citation in story.citations}
    assert texts([replace(story, citations=())], "Night Desk") == ()
    assert texts([story], "") == ()


def test_a_scraped_story_and_one_that_credits_us_join_its_origin() -> None:
    story = make_story(make_dossier())
    ours = texts([story], "Night Desk")
    ((record, origin),) = ours
    words = record.text.split("\n\n", 1)[1]
    later = story.written + timedelta(hours=5)
    scraped = make_record(f"Power news\n\n{words}", id="s", publisher="Copy Site", source="copies", published=later)
    told = f"{record.title}\n\n{record.title}, according to Night Desk."
    credits_us = make_record(told, id="t", publisher="Evening Kite", source="kite", published=later)
    assert {one.id: one.record_ids for one in group([scraped, credits_us], (), ours)} == {origin: ("s", "t")}
