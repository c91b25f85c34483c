"""Store contract, corrections: the log only grows, withdrawn versions are in no answer, rechecks are replaced."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW
from stored import versions_of_a_story

from pipeline.amends import Correction, CorrectionKind, Recheck
from pipeline.errors import StoreError
from pipeline.protocols import Store


def entry(**more: object) -> Correction:
    base = Correction("k1", CorrectionKind.RETRACTED, NOW, "record", "r1", "The outlet withdrew it.")
    return dataclasses.replace(base, **more)  # type: ignore[arg-type]


def test_the_log_comes_back_by_time_and_is_never_changed(store: Store) -> None:
    late = entry(
        id="k0", at=NOW + timedelta(days=1), claims=("c1",), keys=("e1",), old="ab", text="So.", citations=("e",)
    )
    store.save_correction(late)
    store.save_correction(entry())
    store.save_correction(entry())
    assert store.corrections() == [entry(), late]
    with pytest.raises(StoreError, match="never changed"):
        store.save_correction(entry(why="Another reason."))
    assert store.corrections() == [entry(), late]


def test_withdrawn_versions_are_in_no_answer_but_their_own(store: Store) -> None:
    one, two, three = versions_of_a_story(3)
    store.save_story(one)
    store.save_story(two)
    store.save_correction(entry(withdrawn=(one.id, two.id), successors=(three.id,)), [three])
    assert store.all_stories() == store.story_history(one.storyline_id) == store.live_stories() == [three]
    assert store.story_history(one.storyline_id, withdrawn=True) == store.all_stories(withdrawn=True) == [one, two]
    store.save_correction(entry(id="k2", withdrawn=(two.id, three.id)))
    assert store.withdrawn() == {one.id: "k1", two.id: "k1", three.id: "k2"}
    assert store.all_stories() == store.live_stories() == []
    assert store.latest_story(one.storyline_id) is None


def test_a_correction_whose_version_cannot_be_stored_leaves_nothing(store: Store) -> None:
    one, two = versions_of_a_story(2)
    store.save_story(one)
    with pytest.raises(StoreError, match="versions are appended"):
        store.save_correction(entry(withdrawn=(one.id,)), [dataclasses.replace(two, version=1)])
    assert store.corrections() == []
    assert store.all_stories() == [one]


def test_a_recheck_replaces_the_one_before(store: Store) -> None:
    first = Recheck("r1", NOW, "missing", '"etag"', "Mon", "ab", ("e1", "e2"), 2, NOW, "answered 404")
    store.save_rechecks([first, Recheck("r2", NOW, "unchanged")])
    store.save_rechecks([Recheck("r2", NOW + timedelta(days=1), "gone")])
    assert store.rechecks() == {"r1": first, "r2": Recheck("r2", NOW + timedelta(days=1), "gone")}
    assert store.rechecks(["r1", "r9"]) == {"r1": first}


def test_papers_are_kept_as_they_were_last(store: Store) -> None:
    assert store.papers("y1") is None
    store.save_papers("y1", "{}")
    store.save_papers("y1", '{"å":1}')
    assert store.papers("y1") == '{"å":1}'
