"""Store contract: all or nothing, in any order, killed anywhere, at any size."""

from __future__ import annotations

import dataclasses
import random
import signal
from collections.abc import Callable
from functools import cache

import pytest
from factories import (
    NOW,
    make_record,
    make_signal,
    make_story,
    sample_records,
)
from killing import KillAt, RaiseAt, Recording, StoppedError, ended, forked
from sqlalchemy import Engine, event
from stored import analysed, big_night, everything, put, sample_analysis, whole_night
from thorough import LONG, each

from pipeline.errors import StoreError
from pipeline.protocols import Analysis, Checkpoint, Store, no_checkpoint
from pipeline.stores import open_store


def test_an_exception_inside_a_transaction_leaves_nothing(store: Store) -> None:
    before = everything(store)

    def half() -> None:
        with store.transaction():
            analysed(store)
            store.save_story(make_story())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert everything(store) == before


def test_a_nested_transaction_commits_with_the_outer_and_fails_alone(store: Store) -> None:
    first, second = sample_records()
    with store.transaction():
        put(store, first)
        with pytest.raises(StoreError), store.transaction():
            put(store, second, make_record("a\0b"))
        with pytest.raises(StoreError):
            store.save_analysis(Analysis((first.id, "unknown")))
        assert store.known([first.id, second.id]) == {first.id}
    assert store.known([first.id, second.id]) == {first.id}
    assert store.pending() == [first.id]


def test_a_callers_own_error_stays_its_own(store: Store) -> None:
    def overflow() -> None:
        with store.transaction():
            put(store, *sample_records())
            raise OverflowError("mine")

    with pytest.raises(OverflowError, match="mine"):
        overflow()
    assert store.counts()["records"] == 0


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError):
        store.pending()


@pytest.mark.parametrize("seed", range(3))
def test_no_answer_depends_on_the_order_of_insertion(seed: int) -> None:
    analysis, dice = sample_analysis(), random.Random(seed)
    more = [make_record(f"Short report {n}\n\nThe hall number {n} is open.", id=f"r{n}") for n in range(9)]
    stories = [make_story(id=f"y{n}", storyline_id=f"s{n}", slug=f"slug-{n}") for n in range(4)]
    signals = [make_signal(id=f"g{n}") for n in range(4)]
    answers = []
    for mix in (list, lambda items: dice.sample(list(items), len(items))):
        with_store = open_store(":memory:")
        put(with_store, *mix([*sample_records(), *more]))
        shuffled = dataclasses.replace(
            analysis,
            claims=tuple(mix(analysis.claims)),
            origins=tuple(mix(analysis.origins)),
            findings=tuple(mix(analysis.findings)),
            joined=tuple(mix(analysis.joined)),
            record_ids=tuple(mix(analysis.record_ids)),
            vectors={model: dict(mix(list(made.items()))) for model, made in analysis.vectors.items()},
        )
        with_store.save_analysis(shuffled)
        with_store.save_signals(mix(signals), NOW)
        for story in mix(stories):
            with_store.save_story(story)
        found = with_store.search_records(["hall", "turbines"])
        answers.append((everything(with_store), found))
        with_store.close()
    assert answers[0] == answers[1]


def in_a_child(address: str, checkpoint: Checkpoint, *, dies_at: int = 0) -> int:
    """A whole night in a child process, which may be killed at a checkpoint or a statement; its exit status."""

    def work() -> None:
        if dies_at:
            event.listen(Engine, "before_cursor_execute", lambda *_: kill("statement"))
            kill = KillAt("statement", dies_at)
        whole_night(open_store(address, checkpoint=checkpoint))

    return ended(forked(work))


def ends_like_any_other(address: str, where: object) -> None:
    """What a killed night left is whole; the night run again ends as if nothing had happened."""
    store = open_store(address)
    if store.counts()["claims"]:  # an analysis is there with its marks, or not at all
        assert store.counts()["storylines"] == 1, where
        assert store.pending() == [], where
    whole_night(store)
    answers = everything(store)
    store.close()
    assert answers == undisturbed(), where


@cache
def undisturbed() -> object:
    store = open_store(":memory:")
    whole_night(store)
    return everything(store)


def test_killed_at_every_checkpoint_and_run_again_a_night_ends_the_same(address: Callable[[], str]) -> None:
    recording = Recording()
    store = open_store(":memory:", checkpoint=recording)
    recording.names.clear()
    whole_night(store)
    store.close()
    names = list(dict.fromkeys(recording.names))
    assert len(names) >= 16
    for name in each(3, names):
        place = address()
        assert in_a_child(place, KillAt(name)) == -signal.SIGKILL, name
        ends_like_any_other(place, name)


def test_killed_between_any_two_statements_and_run_again_a_night_ends_the_same(address: Callable[[], str]) -> None:
    for nth in range(1, 200, 23 if LONG else 66):
        place = address()
        if in_a_child(place, no_checkpoint, dies_at=nth) == 0:
            break
        ends_like_any_other(place, nth)
    assert nth > 60  # else the night did not reach its writes


def test_an_error_at_any_statement_leaves_no_part_of_a_step(opened: Callable[[], Store]) -> None:
    nth, failed = 0, True
    while failed:
        nth += 7 if LONG else 19
        store, fault = opened(), RaiseAt("statement", nth)

        def strike(*_: object, fault: RaiseAt = fault) -> None:
            fault("statement")

        event.listen(Engine, "before_cursor_execute", strike)
        try:
            whole_night(store)
            failed = False
        except StoppedError:
            failed = True
        finally:
            event.remove(Engine, "before_cursor_execute", strike)
        whole_night(store)
        assert everything(store) == undisturbed(), nth
        store.close()
    assert nth > 60


def test_ten_times_the_work_is_not_ten_times_the_statements(statements: Callable[[], int]) -> None:
    spent = []
    for count in (100, 1000):
        records, claims, analysis = big_night(count)
        store = open_store(":memory:")
        before = statements()
        put(store, *records)
        store.save_analysis(analysis)
        assert len(store.claims(claim.id for claim in claims)) == len(claims)
        assert len(store.storylines()) == len(claims) // 30
        assert store.storylines_of_records(record.id for record in records)
        assert len(store.vectors((record.id for record in records), "m")) == count
        spent.append(statements() - before)
        store.close()
    assert spent[1] - spent[0] <= 30  # only the chunks of the longer IN lists
    assert spent[0] < 70
