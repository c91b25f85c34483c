"""A night in rounds: the same claims and copies as at once, in any order of arrival, killed anywhere, read anywhere."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from factories import NOW, make_health, make_record
from killing import RaiseAt, StoppedError

from pipeline import rounds
from pipeline.analyze import analyze
from pipeline.domain import Cursor, Record, StageReport
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.perusal import Task
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.serial import to_json
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store

SAID = (
    "Northwind Power ordered {n} gas turbines for its Harlow campus, and the first will be delivered in {n} months.",
    "A flood in Port Brenna killed {n} people when the Brenna dam broke at dawn, rescuers said on Monday.",
    "Tarnholm Glass shares fell by {n} percent after prosecutors alleged fraud at the glass maker in Tarnholm.",
)
COPIED = (
    "The council of Selmouth voted by {n} to 3 to close the old harbour bridge for lorries until a crack is mended."
)


def night_of(number: int) -> list[Record]:
    """Records of three events, and copies of one text hours apart."""
    found = []
    for n in range(number):
        event = SAID[n % 3].format(n=12 + n % 4)
        text = COPIED.format(n=9) if n % 7 == 3 else event
        title = text.split(",", maxsplit=1)[0][:60]
        when, name = NOW - timedelta(hours=60 - 2 * n), f"Outlet {n % 4}"
        url = f"https://outlet-{n % 4}.example/{n}"
        found.append(make_record(f"{title}\n\n{text}", url=url, title=title, publisher=name, published=when))
    return found


RECORDS = night_of(13)


def stored(records: Sequence[Record]) -> Store:
    store = open_store(":memory:")
    for at in range(0, len(records), 5):
        store.save_batch("wire", records[at : at + 5], Cursor(), make_health(source="wire"))
    return store


def decide(store: Store, *, workers: int = 0, checkpoint: Checkpoint = no_checkpoint) -> StageReport:
    engine = load("local", workers=workers)
    try:
        return analyze(
            store, AnalyzeSettings(), beats=(), embedder=build("lexical"), engine=engine, now=NOW, checkpoint=checkpoint
        )
    finally:
        engine.close()


def kept(store: Store) -> dict[str, object]:
    ids = [record.id for record in RECORDS]
    lines = store.storylines()
    return {
        "pending": store.pending(),
        "claims": [to_json(one) for one in store.claims_of_records(ids)],
        "origins": sorted(store.origins_of(ids).items()),
        "storylines": [to_json(line) for line in lines],
        "members": [to_json(one) for line in lines for one in store.memberships(line.id)],
        "findings": [to_json(one) for one in store.findings([line.id for line in lines])],
        "named": store.named(ids),
    }


def outcome(records: Sequence[Record], *, workers: int = 0) -> dict[str, object]:
    store = stored(records)
    try:
        decide(store, workers=workers)
        return kept(store)
    finally:
        store.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST", 4)


@pytest.fixture(scope="module")
def at_once() -> dict[str, object]:
    return outcome(RECORDS)


@pytest.fixture(scope="module")
def in_rounds() -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "MOST", 4)
        return outcome(RECORDS)


@pytest.mark.parametrize("most", [1, 5, 13])
def test_rounds_find_the_same_claims_and_copies(
    monkeypatch: pytest.MonkeyPatch, at_once: dict[str, object], most: int
) -> None:
    monkeypatch.setattr(rounds, "MOST", most)
    found = outcome(RECORDS)
    assert found["pending"] == []
    assert found["claims"] == at_once["claims"]
    assert found["origins"] == at_once["origins"]
    assert (found == at_once) or most < len(RECORDS)
    assert len(dict(at_once["origins"])) > len({origin for _, origin in at_once["origins"]}), "there are copies"


@pytest.mark.usefixtures("small")
def test_any_order_of_arrival_gives_the_same_rounds(in_rounds: dict[str, object]) -> None:
    assert outcome(random.Random(1).sample(RECORDS, len(RECORDS))) == in_rounds


@pytest.mark.usefixtures("small")
def test_workers_read_the_next_round_meanwhile_and_change_nothing(in_rounds: dict[str, object]) -> None:
    assert outcome(RECORDS, workers=2) == in_rounds


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("name", ["analyze.read", "analyze.before_commit", "analyze.after_commit"])
def test_a_night_stopped_between_rounds_goes_on_with_those_that_were_left(
    in_rounds: dict[str, object], name: str, nth: int
) -> None:
    store = stored(RECORDS)
    pending = store.pending()
    with pytest.raises(StoppedError):
        decide(store, checkpoint=RaiseAt(name, nth))
    done = nth if name == "analyze.after_commit" else nth - 1
    assert store.pending() == pending[4 * done :]
    decide(store)
    assert kept(store) == in_rounds
    store.close()


@pytest.mark.usefixtures("small")
def test_a_new_version_in_a_later_round_takes_the_place_of_the_old() -> None:
    store = stored(RECORDS)
    decide(store)
    more = " It was confirmed at noon by the harbour office."
    changed = [dataclasses.replace(one, text=one.text.replace("12", "15") + more, fetched=NOW) for one in RECORDS[:9]]
    store.save_batch("wire", changed, Cursor(), make_health(source="wire"))
    assert len(store.pending()) == 9
    decide(store)
    for line in store.storylines():
        open_ = {one.claim_id for one in store.memberships(line.id) if one.until is None}
        assert open_ == set(line.claim_ids)
    store.close()


def test_rounds_are_cut_from_the_front() -> None:
    ids = [str(n) for n in range(11)]
    cut = rounds.cut(ids, 4)
    assert [len(some) for some in cut] == [4, 4, 3]
    for before, after in pairwise(range(len(cut) + 1)):
        assert rounds.cut(ids[4 * after :], 4) == cut[after:], before


def test_what_the_engine_raises_while_reading_ahead_goes_up() -> None:
    class Broken:
        apart = True

        def __init__(self) -> None:
            self.asked = 0

        def map(self, function: object, items: Sequence[object], *, timeout: float | None = None) -> object:
            self.asked += 1
            if self.asked == 2:
                raise OSError("the cluster is gone")
            return iter(())

        def close(self) -> None:
            """Nothing to end."""

    store = stored([])
    heard = rounds.heard([["a"], ["b"]], store, Task((), AnalyzeSettings(), ()), Broken())
    assert next(heard) == ([], [])
    with pytest.raises(OSError, match="the cluster is gone"):
        next(heard)
    store.close()
