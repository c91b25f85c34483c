"""Corrections on a desk's own stories: what is left when a record, a sentence or a story is taken back, one by one.

    python benchmarks/corrections.py DATABASE [--count 100] [--json]

DATABASE is a desk's citewire.db (benchmarks/nights.py --output keeps one). Every step is undone before the next, so the
desk stays as it is. For each kind: how many versions followed and how many stories went as a whole, what `verify` finds
in the versions that followed, and how many of the withdrawn sentences a standing version still prints: none may.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import correcting
from pipeline.amends import Correction
from pipeline.barred import sentence_hash
from pipeline.bundles import verify
from pipeline.bundles.bundle import to_bundle
from pipeline.correcting import Target
from pipeline.domain import Story
from pipeline.errors import NotSupported
from pipeline.protocols import Store
from pipeline.settings import Settings
from pipeline.stores import open_store

SEED = 11


class UndoneError(Exception):
    """Rolls a step back."""


@dataclass(slots=True)
class Outcome:
    """What came of one kind of correction, over all steps."""

    kind: str
    steps: int = 0
    followed: int = 0  # versions written without what was taken back
    whole: int = 0  # stories of which too little was left
    refused: int = 0  # steps that would have left too little, and were not taken
    problems: int = 0  # that `verify` finds in the versions that followed
    left: int = 0  # withdrawn sentences that a standing version still prints
    seconds: float = 0.0


@contextmanager
def undone(store: Store) -> Iterator[None]:
    """Run what is inside, and leave the store as it was."""
    try:
        with store.transaction():
            yield
            raise UndoneError
    except UndoneError:
        pass


def measured(store: Store, outcome: Outcome, step: Callable[[], Correction]) -> None:
    """Take one step, count what came of it, and undo it."""
    began = time.perf_counter()
    with undone(store):
        outcome.steps += 1
        try:
            entry = step()
        except NotSupported:
            outcome.refused += 1
            return
        outcome.seconds += time.perf_counter() - began
        standing = store.all_stories()
        made = [story for story in standing if story.id in entry.successors]
        outcome.followed += len(made)
        alive = {story.storyline_id for story in standing}
        gone = {story.storyline_id for story in store.all_stories(withdrawn=True)}
        outcome.whole += len(gone - alive)
        outcome.problems += sum(len(verify.problems(to_bundle(story), store)) for story in made)
        if entry.what == "sentence":
            shown = [story for story in standing if story.id in entry.successors or entry.kind.value == "retracted"]
            printed = {sentence_hash(s.text) for story in shown for _, s, _ in verify.placed(story)}
            outcome.left += entry.target in printed
        elif entry.what == "record":
            outcome.left += sum(any(r.id == entry.target for r in story.records) for story in standing)


def run(store: Store, count: int, settings: Settings) -> list[Outcome]:
    """All kinds of corrections, `count` steps of each, on stories chosen with a fixed seed."""
    live = [story for story in store.live_stories() if story.kind.value != "briefing"]
    now = max(story.written for story in live) + timedelta(hours=9)
    dice = random.Random(SEED)  # noqa: S311
    records = sorted({record.id for story in live for record in story.records})
    sentences = sorted({(story.id, n) for story in live for n in _plain(story)})
    found = [Outcome("record retracted"), Outcome("sentence retracted"), Outcome("sentence dropped"), Outcome("story")]
    stories = {story.id: story for story in live}
    for record in dice.sample(records, min(count, len(records))):
        measured(store, found[0], lambda key=record: _retract(store, settings, Target("record", key), now))
    for story_id, n in dice.sample(sentences, min(count, len(sentences))):
        story = stories[story_id]
        hashed = sentence_hash(correcting.numbered(story)[n - 1].text)
        measured(store, found[1], lambda key=hashed: _retract(store, settings, Target("sentence", key), now))
        measured(
            store,
            found[2],
            lambda s=story, n=n: correcting.correct(store, settings, s.id, n, text=None, why="Measured.", now=now),
        )
    for story in dice.sample(live, min(count, len(live))):
        measured(store, found[3], lambda s=story: _retract(store, settings, Target("story", s.storyline_id), now))
    return found


def _retract(store: Store, settings: Settings, target: Target, now: object) -> Correction:
    return correcting.retract(store, settings, target, "Measured.", now)  # type: ignore[arg-type]


def _plain(story: Story) -> list[int]:
    return [n for n, s in enumerate(correcting.numbered(story), 1) if s.computation is None]


def main() -> int:
    """Print one line for each kind, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with closing(open_store(args.database)) as store:
        found = run(store, args.count, Settings())
    if args.json:
        print(json.dumps([asdict(one) for one in found]))
    else:
        for one in found:
            each = one.seconds / max(1, one.steps)
            print(
                f"{one.kind:<20} {one.steps:>4} steps {one.followed:>4} followed {one.whole:>4} whole"
                f" {one.refused:>4} refused {one.problems:>3} problems {one.left:>3} left {each:>6.2f} s each"
            )
    return 1 if any(one.problems or one.left for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
