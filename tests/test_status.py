"""Status by rule: each threshold from both sides, and what a page says of an old piece of news."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_story

from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Ending, Status
from pipeline.status import shown, status
from pipeline.variants import measured

COUNTS = make_story().counts


@pytest.mark.parametrize(
    ("hours", "origins", "expected"),
    [
        (24, 3, Status.BREAKING),
        (24, 2, Status.DEVELOPING),
        (25, 3, Status.DEVELOPING),
        (7 * 24, 9, Status.DEVELOPING),
        (7 * 24 + 1, 9, Status.ONGOING),
    ],
)
def test_age_and_origins_decide(hours: int, origins: int, expected: Status) -> None:
    counts = dataclasses.replace(COUNTS, window_start=NOW - timedelta(hours=hours), origins=origins)
    assert status(counts, NOW) is expected


def test_a_last_version_is_resolved_however_new() -> None:
    counts = dataclasses.replace(COUNTS, window_start=NOW, origins=9)
    assert status(counts, NOW, Ending("idle", NOW)) is Status.RESOLVED


def test_a_page_stops_calling_a_story_breaking_after_two_days() -> None:
    story = make_story(status=Status.BREAKING, written=NOW)
    assert shown(story, NOW + timedelta(hours=48)) is Status.BREAKING
    assert shown(story, NOW + timedelta(hours=49)) is Status.DEVELOPING


def test_verify_applies_the_rule_again() -> None:
    story = make_story()
    ruled = dataclasses.replace(
        story, status=status(story.counts, story.written), length=measured(story.sections, story.lang)
    )
    assert "measure" not in {p.rule for p in problems(to_bundle(ruled))}
    false = dataclasses.replace(ruled, status=Status.RESOLVED)
    assert "measure" in {p.rule for p in problems(to_bundle(false))}
