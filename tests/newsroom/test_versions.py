"""Which version of a story a new one is held against."""

from __future__ import annotations

import dataclasses

import pytest
from factories import NOW, make_story

from pipeline.computations import IDLE
from pipeline.domain import Ending
from pipeline.newsroom.versions import last_told

FIRST, SECOND = make_story(id="y1", version=1), make_story(id="y2", version=2)
LAST = dataclasses.replace(make_story(id="y3", version=3), ending=Ending(IDLE, NOW))


def test_what_closes_a_story_tells_no_news() -> None:
    assert last_told([FIRST, SECOND, LAST]) == SECOND


def test_a_last_version_stands_alone_where_what_it_closes_was_withdrawn() -> None:
    assert last_told([LAST]) == LAST


def test_of_no_version_there_is_no_latest() -> None:
    with pytest.raises(ValueError, match="empty"):
        last_told([])
