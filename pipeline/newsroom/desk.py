"""What the write stage carries through a night: the desk, what it gathers, and what came of each candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.domain import Failure, Ranked, Story, StoryKind
from pipeline.newsroom.candidates import Candidate, Tonight
from pipeline.newsroom.events import Telling
from pipeline.newsroom.relations import Subject
from pipeline.protocols import LLM, Store
from pipeline.repetition import Patterns
from pipeline.settings import Settings

TOLD, UNCHANGED, PASSED = "told", "unchanged", "passed over"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A story of an earlier night that is still the latest of its storyline."""

    story: Story
    telling: Telling


@dataclass(slots=True)
class Night:
    """What the stage gathers for its report, and what later stories of the night are compared with."""

    cost: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accepted: list[Telling] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)  # of `accepted`, in the same order
    subjects: list[Subject] = field(default_factory=list)  # of earlier nights' stories, then of tonight's
    ranked: list[Ranked] = field(default_factory=list)
    made: int = 0
    patterns: Patterns = field(default_factory=Patterns)  # of the last weeks' stories, and tonight's
    usual: Patterns = field(default_factory=Patterns)  # of tonight's records: what patterns are held against

    def accept(self, story: Story) -> None:
        """Enter a story of tonight."""
        self.accepted.append(Telling.of(story))
        self.stories.append(story)
        others = [one for one in self.subjects if one.story.storyline_id != story.storyline_id]
        self.subjects = [*others, Subject.of(story)]
        self.patterns.add(story)

    def count(self, kind: StoryKind) -> int:
        """How many stories of a kind tonight has."""
        return sum(story.kind is kind for story in self.stories)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every story of the night is written with."""

    store: Store
    settings: Settings
    llm: LLM | None
    now: datetime
    earlier: Sequence[Earlier]
    tonight: Night
    judge: LLM | None = None  # may refuse what the gate lets through

    def joined(self, line: str) -> datetime | None:
        """When a claim last joined a storyline, of those that are not dated ahead of tonight; None where none did."""
        return max((one.since for one in self.store.memberships(line) if one.since <= self.now), default=None)


@dataclass(frozen=True, slots=True)
class Untold:
    """Why a candidate has no new story tonight; `counted` is under what the report counts it."""

    outcome: str
    why: str
    counted: str
    noted: bool = False  # whether the report says it in a line of its own
    brief: bool = False  # whether a dispatch may tell it: there was no room or too little for a story


def keep(desk: Desk, candidate: Candidate, outcome: str, why: str = "") -> None:
    """Enter what came of a candidate into the night's ranking."""
    terms = {name: value for name, value in candidate.rank.items() if name != "total"}
    ranked = Ranked(desk.now, candidate.storyline.id, candidate.rank["total"], terms, outcome, why)
    desk.tonight.ranked.append(ranked)


def untold(desk: Desk, candidate: Candidate, found: Untold) -> None:
    """Count, note and keep why a candidate has no new story; where its signals were all held, that too."""
    tonight, line = desk.tonight, candidate.storyline
    tonight.dropped[found.counted] += 1
    if found.noted:
        tonight.notes.append(f"{line.label or line.id}: no story, {found.why}")
    held = [signal for signal in candidate.signals if signal.held]
    weak = bool(held) and len(held) == len(candidate.signals)
    keep(desk, candidate, found.outcome, found.why + (f"; {held[0].kind} held: {held[0].held}" if weak else ""))


def too_few(desk: Desk, ranked: Tonight) -> None:
    """Enter the storylines of too few origins that a signal speaks of."""
    least = desk.settings.write.min_origins
    for candidate in ranked.short:
        count = "1 origin" if candidate.origins == 1 else f"{candidate.origins} origins"
        keep(desk, candidate, PASSED, f"too few origins: {count}, {least} are needed")


def before(store: Store, now: datetime) -> list[Story]:
    """The latest version of every story as it stood before tonight, whatever an earlier run of tonight has stored."""
    found = []
    for story in store.live_stories():
        past = (
            [story] if story.written < now else [s for s in store.story_history(story.storyline_id) if s.written < now]
        )
        found += past[-1:]
    return found
