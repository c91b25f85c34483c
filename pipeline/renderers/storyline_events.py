"""What happened in a storyline, by the day: findings made, corroborated, disputed, replaced; stories; its turns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.domain import Finding, FindingState, Story, Storyline, TurnKind
from pipeline.renderers import phrases
from pipeline.renderers.places import Places

MOST = 80
_TURNS = {
    TurnKind.TOOK_IN: "Took in",
    TurnKind.MERGED_INTO: "Merged into",
    TurnKind.SPLIT_OFF: "Split off",
    TurnKind.SPLIT_FROM: "Split from",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its kind, its words, where they stand ("" for nowhere), and a line more."""

    kind: str
    text: str
    href: str
    more: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one day."""

    date: str
    date_iso: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A finding as its page shows it: its anchor there, and its first words."""

    finding: Finding
    anchor: str
    words: str
    lang: str | None


def days_of(
    line: Storyline, told: Sequence[Spoken], alone: Iterable[Finding], versions: Iterable[Story], places: Places
) -> tuple[Day, ...]:
    """The events of a storyline by day, newest first; the last 80 of them.

    `told` are the findings that more than one voice speaks of; of those that one origin makes `alone` a number is told.
    """
    found = [*_findings(told), *_alone(alone), *_stories(versions, places), *_turns(line, places)]
    found.sort(key=lambda one: (one[0], one[1].kind, one[1].text))
    by_day: dict[date, list[Event]] = defaultdict(list)
    for when, event in found[-MOST:]:
        by_day[when.astimezone(UTC).date()].append(event)
    return tuple(
        Day(phrases.weekday(when), when.isoformat(), tuple(reversed(by_day[when])))
        for when in sorted(by_day, reverse=True)
    )


def _findings(told: Iterable[Spoken]) -> Iterable[tuple[datetime, Event]]:
    """When each finding was first made, and when it came to be what it is now."""
    for one in told:
        finding, href = one.finding, f"#{one.anchor}"
        yield finding.first_seen, Event("new", one.words, href, "", one.lang)
        state = FindingState.CONTRADICTED if finding.disputes else finding.state
        changed = finding.since or finding.last_seen
        if state not in {FindingState.NEW, FindingState.REPEATED} and changed > finding.first_seen:
            yield changed, Event(state.value, one.words, href, phrases.STATES[state], one.lang)


def _alone(findings: Iterable[Finding]) -> Iterable[tuple[datetime, Event]]:
    """How many findings that one origin alone makes came each night."""
    for when, number in sorted(Counter(finding.first_seen for finding in findings).items()):
        yield when, Event("new", f"{phrases.count(number, 'finding')} of one origin each", "#alone", "")


def _stories(versions: Iterable[Story], places: Places) -> Iterable[tuple[datetime, Event]]:
    for story in versions:
        what = "story" if story.version == 1 else f"story, version {story.version}"
        yield story.written, Event(what, story.headline.text, places.story(story), "", story.lang)


def _turns(line: Storyline, places: Places) -> Iterable[tuple[datetime, Event]]:
    """Splits and merges, each with its reason; to the other storyline where it has a page."""
    for turn in line.turns:
        name, href = turn.label or "another storyline", places.storyline(turn.other) or ""
        yield turn.at, Event(_TURNS[turn.kind], name, href, turn.why)
