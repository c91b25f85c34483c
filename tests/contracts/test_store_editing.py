"""Store contract, signal and write: signals, stories that only append, topics, runs."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import (
    NOW,
    make_health,
    make_record,
    make_signal,
    sample_records,
)
from stored import analysed, versions_of_a_story

from pipeline.domain import (
    Cursor,
    Decided,
    Held,
    Origin,
    Ranked,
    Run,
    StageReport,
    Weighted,
)
from pipeline.errors import StoreError
from pipeline.protocols import Analysis, Store
from pipeline.serial import to_json


def test_signals_come_back_with_their_evidence_in_order(store: Store) -> None:
    weights = tuple(Weighted(key, weight, "n") for key, weight in (("r9", 0.5), ("c1", 0.3), ("r2", 0.2)))
    early = make_signal(evidence=weights, held="the source lags")
    late = make_signal(id="g2", subject="s9", window_end=NOW + timedelta(days=1))
    store.save_signals([late, early], NOW)
    store.save_signals([early], NOW)
    assert store.signals() == [early, late]
    assert store.signals(subject="s9") == [late]
    assert store.signals(since=NOW + timedelta(seconds=1)) == [late]
    assert store.signals(beginning=late.id[:6]) == [late]
    assert store.signals(beginning=late.id[1:6]) == store.signals(beginning="%") == store.signals(beginning="_") == []


def test_versions_append_and_are_never_overwritten(store: Store) -> None:
    stories = versions_of_a_story(3)
    for story in stories:
        store.save_story(story)
        store.save_story(story)  # a night that runs again
    assert store.story_history(stories[0].storyline_id) == stories == store.all_stories()
    assert store.latest_story(stories[0].storyline_id) == stories[2]
    assert store.live_stories() == store.live_stories(since=stories[2].written) == [stories[2]]
    assert store.live_stories(since=stories[2].written + timedelta(seconds=1)) == []
    for wrong in (
        dataclasses.replace(stories[2], short_title="Rewritten"),
        dataclasses.replace(stories[1], id="y9"),
        dataclasses.replace(stories[2], id="y9"),
    ):
        with pytest.raises(StoreError, match="versions are appended"):
            store.save_story(wrong)
    assert store.all_stories() == stories


def test_an_address_never_changes_its_subject(store: Store) -> None:
    (story,) = versions_of_a_story(1)
    store.save_story(story)
    for wrong in (
        dataclasses.replace(story, id="y9", storyline_id="s" + "9" * 16),
        dataclasses.replace(story, id="y9", version=2, slug="another-address"),
    ):
        with pytest.raises(StoreError, match="an address never changes its subject"):
            store.save_story(wrong)
    assert store.all_stories() == [story]


def test_later_knowledge_does_not_alter_a_published_story(store: Store) -> None:
    analysed(store)
    (story,) = versions_of_a_story(1)
    store.save_story(story)
    first, second = (record.id for record in sample_records())
    store.save_analysis(Analysis((), origins=(Origin("o" + first, (first, second)),)))
    assert store.live_stories() == [story]


def test_held_items_wait_with_their_first_date(store: Store) -> None:
    item = Held("h1", "story", "s1", "names a private person", NOW)
    store.save_held([item, Held("h0", "site", "home", "shrank", NOW + timedelta(days=1))])
    store.save_held([dataclasses.replace(item, since=NOW + timedelta(days=2))])
    assert store.held_items()[0] == item
    assert len(store.held_items()) == 2


def test_what_a_person_decided_of_a_held_item_survives_that_it_is_held_again(store: Store) -> None:
    item = Held("h1", "sentence", "s1", "one origin", NOW, "Oldport", "Elena Marsh lied.", ("e1", "e2"))
    store.save_held([item])
    decided = dataclasses.replace(item, decisions=(Decided("released", NOW + timedelta(hours=1), "seen the file"),))
    store.decide_held(decided)
    store.save_held([dataclasses.replace(item, since=NOW + timedelta(days=2))])
    assert store.held_items() == [decided]


def test_a_models_first_answer_stands(store: Store) -> None:
    store.cache_answer("k", '{"a": 1}', "m", NOW)
    store.cache_answer("k", '{"a": 2}', "m", NOW)
    assert store.cached_answer("k") == '{"a": 1}'


def test_a_topic_remembers_its_last_answer(store: Store) -> None:
    store.save_topic("Gas  turbines", ["r2", "r1", "r1"], NOW)
    store.save_topic("gas turbines", [], NOW - timedelta(days=1))
    assert store.topic_seen("GAS turbines") == (NOW, frozenset({"r1", "r2"}))
    assert store.topic_seen("gas turbines", before=NOW) == (NOW - timedelta(days=1), frozenset())
    assert store.topic_seen("gas turbines", before=NOW - timedelta(days=1)) is None
    store.save_topic("gas turbines", ["r3"], NOW)
    assert store.topic_seen("gas turbines") == (NOW, frozenset({"r3"}))


def test_runs_come_back_newest_first_with_their_stages(store: Store) -> None:
    reports = (
        StageReport("ingest", 9, 7, {"old": 2}, notes=("one",), seconds=1.5),
        StageReport("analyze", 7, 3, cost=0.25),
    )
    older = Run("n1", NOW, reports, "published", 0)
    newer = Run("n2", NOW + timedelta(days=1), (), "nothing new", 0)
    store.save_run(newer)
    for report in (*reports, reports[0]):
        store.save_stage("n1", report, NOW)
    assert store.runs()[1] == Run("n1", NOW, reports, "unfinished", 1)
    store.save_run(older)
    assert store.runs() == [newer, older]
    assert store.runs(limit=1) == [newer]


def test_stories_are_json_all_the_way(store: Store) -> None:
    (story,) = versions_of_a_story(1)
    store.save_story(story)
    assert to_json(store.live_stories()[0]) == to_json(story)


def test_every_attempt_to_read_a_source_is_kept_once(store: Store) -> None:
    for hours, ok in ((48, True), (24, False), (0, True)):
        state = make_health(checked=NOW - timedelta(hours=hours), ok=ok, error=None if ok else "timed out", fresh=7)
        store.save_health(state)
        store.save_health(state)
    later, last = store.reads(NOW - timedelta(hours=24))
    assert (later.at, later.ok, later.fresh) == (NOW - timedelta(hours=24), False, 0)
    assert (last.at, last.ok, last.fresh) == (NOW, True, 7)


def test_a_night_that_is_ranked_again_keeps_its_last_ranking(store: Store) -> None:
    first = [Ranked(NOW, "s1", 3.5, {"origins": 3.5}, "told"), Ranked(NOW, "s2", 1.0, {"origins": 1.0}, "passed over")]
    store.save_ranking(NOW - timedelta(days=1), [dataclasses.replace(first[1], night=NOW - timedelta(days=1))])
    store.save_ranking(NOW, first)
    store.save_ranking(NOW, first[:1])
    assert store.rankings(since=NOW) == first[:1]
    assert [one.night for one in store.rankings(storyline_id="s2")] == [NOW - timedelta(days=1)]


def test_a_domain_is_known_since_its_first_record_was_read_in_whatever_order_they_come(store: Store) -> None:
    first, second = (
        make_record("Quays.", url="https://a.harbour.com/"),
        make_record("Ships.", url="https://harbour.com/1"),
    )
    later = dataclasses.replace(second, fetched=first.fetched + timedelta(days=2))
    for record in (later, first):
        store.save_batch(record.source, [record], Cursor(), None)
    assert store.sites(["harbour.com", "unread.com"]) == {"harbour.com": first.fetched}
