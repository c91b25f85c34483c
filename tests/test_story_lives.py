"""Stories of storylines that merge and split, through the real stages of analysis, writing and gathering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from factories import NOW
from lives import CUP, DAY, article, bridges, home, living, news, night
from test_storyline_lives import drifting

from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems
from pipeline.domain import Story
from pipeline.protocols import Store
from pipeline.publishing.gathering import gather
from pipeline.renderers.places import Places
from pipeline.renderers.story_view import kin_of
from pipeline.settings import Settings
from pipeline.stores import open_store
from pipeline.write import write

SETTINGS = Settings.model_validate({"write": {"min_sentences": 1, "min_origins": 1}, "stories": {"briefing": False}})


def told(store: Store, now: datetime) -> Sequence[Story]:
    """The stories of one night's writing, each of which verifies."""
    write(store, SETTINGS, llm=None, now=now)
    stories = [story for story in store.all_stories() if story.written == now]
    for story in stories:
        assert problems(to_bundle(story), store) == ()
    return stories


def kin(store: Store, line: str, now: datetime) -> list[tuple[str, str]]:
    """How a storyline's story is linked with others, and their short titles."""
    edition = gather(store, SETTINGS, now)
    return [(one.says, one.title) for one in kin_of(line, edition, Places.of(edition))]


def test_the_story_of_a_merged_storyline_is_closed_and_leads_to_the_one_that_goes_on() -> None:
    store = open_store(":memory:")
    first = [article(f"a{n}", CUP, NOW - DAY, slice(0, 3)) for n in range(2)]
    night(store, first, NOW)
    (older,) = told(store, NOW)
    body = " ".join(CUP.body[5:8])
    second = [news(f"b{n}", "Arrests and joy in Kingsbridge", body, NOW + DAY / 2) for n in range(2)]
    night(store, second, NOW + DAY)
    (younger,) = told(store, NOW + DAY)
    assert older.storyline_id != younger.storyline_id
    night(store, bridges(NOW + DAY * 1.5), NOW + DAY * 2)
    assert [line.id for line in living(store)] == [older.storyline_id]
    last = {story.storyline_id: story for story in told(store, NOW + DAY * 2)}[younger.storyline_id]
    assert last.ending is not None
    assert (last.ending.reason, last.ending.into, last.version) == ("merged", older.storyline_id, 2)
    assert kin(store, younger.storyline_id, NOW + DAY * 2)[0][0] == "Goes on in"
    assert kin(store, older.storyline_id, NOW + DAY * 2) == [("Took in", last.short_title)]
    assert told(store, NOW + DAY * 3) == []
    store.close()


def test_a_storyline_that_split_off_has_a_story_of_its_own_linked_with_the_old_one() -> None:
    store = open_store(":memory:")
    _, stayed, gone = drifting(store)
    now = NOW + DAY * 3
    lines = {story.storyline_id: story for story in told(store, now)}
    old, new = home(store, stayed).id, home(store, gone).id
    assert set(lines) == {old, new}
    assert kin(store, new, now) == [("Split from", lines[old].short_title)]
    assert kin(store, old, now) == [("Split off", lines[new].short_title)]
    store.close()
