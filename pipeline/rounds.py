"""Rounds: what is pending in parts of bounded size, each read, decided and committed by itself.

What a night holds in memory goes by its records, so a night of very many is taken in several rounds, in the order of
the time that records tell of: what copies another mostly comes after it. A round depends on what the store holds and on
its own records, on nothing else, and rounds are cut from the front; so a night that is killed between two of them goes
on with the very rounds that were left. Where an engine works outside this process, the next round is read while this
one is decided.
"""

from __future__ import annotations

import dataclasses
import pickle
import threading
from collections.abc import Iterator, Sequence

from pipeline.domain import Record
from pipeline.packing import packed
from pipeline.perusal import Task, read
from pipeline.protocols import Engine, Outcome, Store

MOST = 4_000  # records of a round: what one holds stays below half a gigabyte, and a night of usual size is one round
BATCH = 64  # records that one task reads
TIMEOUT = 120.0  # seconds for one batch


def cut(ids: Sequence[str], most: int) -> list[Sequence[str]]:
    """`ids` in rounds of at most `most`, from the front."""
    return [ids[at : at + most] for at in range(0, len(ids), most)]


def heard(
    rounds: Sequence[Sequence[str]], store: Store, like: Task, engine: Engine
) -> Iterator[tuple[list[Record], list[tuple[Task, Outcome]]]]:
    """The records of each round by id, and its batches with what reading them came to. Raises StoreError."""
    ahead: _Reading | None = None
    try:
        for number, ids in enumerate(rounds):
            mine = ahead or _Reading(store, ids, like, engine)
            mine.wait()
            ahead = None
            if engine.apart and number + 1 < len(rounds):
                ahead = _Reading(store, rounds[number + 1], like, engine)
                ahead.start()
            yield mine.handed_out()
    finally:
        if ahead is not None:
            ahead.stop()


def sealed(task: Task) -> bytes:
    """What reading a batch comes to, as it travels: so it waits in a fifth of the room until its round is decided."""
    return packed(read(task))


def _opened(outcome: Outcome) -> Outcome:
    value = None if outcome.value is None else pickle.loads(outcome.value)  # noqa: S301 - packed by a worker of ours
    return dataclasses.replace(outcome, value=value)


class _Reading:
    """One round on its way through the engine. The store is asked here, in the thread that owns its connection."""

    def __init__(self, store: Store, ids: Sequence[str], like: Task, engine: Engine) -> None:
        found = store.records(ids)
        self._records = [found[key] for key in sorted(found)]
        self._tasks = [
            dataclasses.replace(like, records=tuple(self._records[at : at + BATCH]))
            for at in range(0, len(self._records), BATCH)
        ]
        self._engine = engine
        self._outcomes: list[Outcome] = []
        self._failed: BaseException | None = None
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._thread = threading.Thread(target=self._collect, name="reading", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until all batches are read; whatever the engine raised goes up."""
        if self._thread is None:
            self._collect()
        else:
            self._thread.join()
        if self._failed is not None:
            raise self._failed

    def handed_out(self) -> tuple[list[Record], list[tuple[Task, Outcome]]]:
        """The records, and the batches with what reading them came to, in order: once, for none of it is kept here."""
        records, tasks, waiting = self._records, self._tasks, self._outcomes
        self._records, self._tasks, self._outcomes = [], [], []
        found: list[tuple[Task, Outcome]] = []
        waiting.reverse()
        for task in tasks:  # what has been opened is not kept sealed as well
            outcome = waiting.pop()
            found.append((task, _opened(outcome) if self._engine.apart else outcome))
        return records, found

    def stop(self) -> None:
        """Nobody waits any more: no further batch is handed out."""
        self._stopped = True

    def _collect(self) -> None:
        try:
            for outcome in self._engine.map(sealed if self._engine.apart else read, self._tasks, timeout=TIMEOUT):
                self._outcomes.append(outcome)
                if self._stopped:
                    break
        except BaseException as error:  # goes up where it is waited for
            self._failed = error
