"""What search asks of a store that is open for reading: words, openings, names of stories, who cites what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOW, make_record, make_story, sample_records
from stored import HEALTH, analysed, put

from pipeline.amends import Correction, CorrectionKind
from pipeline.domain import Cursor
from pipeline.protocols.library import Library, Within
from pipeline.stores import open_library, open_store

FIRST, SECOND = sample_records()
OLD = make_record("Ferry opens\n\nThe ferry to Orrel opened.", id="rferry", published=NOW - timedelta(days=9))
STORY, LATER, ELSE = (
    make_story(),
    make_story(id="y2", version=2),
    make_story(id="y3", storyline_id="other", slug="gone"),
)
ALL = Within()


@pytest.fixture
def library(address: Callable[[], str]) -> Iterator[Library]:
    """Three records, one of them twice; a story in two versions; another one that is withdrawn."""
    place = address()
    with closing(open_store(place)) as store:
        analysed(store)
        put(store, OLD)
        changed = replace(OLD, text=f"{OLD.text} It is full.", fetched=OLD.fetched + timedelta(hours=1))
        store.save_batch("wire", [changed], Cursor(), HEALTH)
        for story in (STORY, LATER, ELSE):
            store.save_story(story)
        entry = Correction("k1", CorrectionKind.RETRACTED, NOW, "story", ELSE.storyline_id, "wrong")
        store.save_correction(replace(entry, withdrawn=(ELSE.id,)))
    with closing(open_library(place)) as opened:
        yield opened


def test_records_are_matched_by_any_word_of_their_latest_text(library: Library) -> None:
    assert library.matching(["full"], ALL, limit=9) == [OLD.id]
    assert set(library.matching(["ferry", "Turbines"], ALL, limit=9)) == {OLD.id, FIRST.id, SECOND.id}
    assert len(library.matching(["ferry", "turbines"], ALL, limit=1)) == 1
    assert library.matching(["zebra"], ALL, limit=9) == []


@pytest.mark.parametrize(("words", "limit"), [([], 9), (["-", "'"], 9), (["ferry"], 0)])
def test_what_asks_for_nothing_is_not_asked(library: Library, words: list[str], limit: int) -> None:
    assert library.matching(words, ALL, limit=limit) == []


def test_time_and_beat_bound_what_is_matched_and_opened(library: Library) -> None:
    recent, energy = Within(since=NOW - timedelta(days=2)), Within(beat="Energy")
    for within in (recent, energy, Within(until=NOW, since=NOW - timedelta(days=2))):
        assert set(library.matching(["ferry", "turbines"], within, limit=9)) == {FIRST.id, SECOND.id}
        assert {key for key, _ in library.openings(within, after="", length=9, limit=9)} == {FIRST.id, SECOND.id}
        assert [key for key, _ in library.openings_of([OLD.id, FIRST.id], within, length=9)] == [FIRST.id]
    assert library.matching(["ferry"], Within(until=NOW - timedelta(days=2)), limit=9) == [OLD.id]
    assert library.matching(["ferry"], Within(beat="Gardening"), limit=9) == []


def test_openings_come_by_id_page_by_page(library: Library) -> None:
    met, after = [], ""
    while page := library.openings(ALL, after=after, length=11, limit=2):
        met += page
        after = page[-1][0]
    assert met == sorted((one.id, one.text[:11]) for one in (FIRST, SECOND, OLD))
    assert library.openings_of([OLD.id, "unknown"], ALL, length=99) == [(OLD.id, f"{OLD.text} It is full.")]


def test_nothing_is_near_where_no_index_knows_the_model(library: Library) -> None:
    assert library.near("nobody's", [1.0, 0.0], ALL, limit=5) is None
    assert library.near("nobody's", [1.0, 0.0], Within(beat="Energy"), limit=5) is None


def test_a_story_is_known_by_every_name_that_it_has(library: Library) -> None:
    for name in (STORY.slug, STORY.id, LATER.id, STORY.storyline_id):
        assert library.subject_of(name) == STORY.storyline_id
    assert library.subject_of("nobody") is None


def test_the_latest_standing_version_is_what_is_printed_and_cites(library: Library) -> None:
    printed = library.printed([STORY.storyline_id, ELSE.storyline_id, "unknown"])
    assert list(printed) == [STORY.storyline_id]
    told = printed[STORY.storyline_id]
    assert (told.story_id, told.version, told.slug, told.beat) == (LATER.id, 2, LATER.slug, LATER.beat)
    assert told.lines[0] == ("headline", LATER.headline.text)
    assert {text for _, text in told.lines} >= {
        one.text for part in LATER.sections for p in part.paragraphs for one in p
    }
    cited = sorted({one.id for one in LATER.records})
    assert library.stories_citing([*cited, OLD.id]) == dict.fromkeys(cited, (STORY.storyline_id,))
