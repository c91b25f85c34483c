"""Closing: the last version of a story whose storyline was merged into another, or has had no news for long.

A last version tells what the one before it told, and in the place of what changed one computed sentence that says why
it is the last (`ended` in pipeline/computations.py). What the version before gave as changed was told by then and moves
to "the story so far". News that comes later wakes the story: a closed one may have a next version. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import computations
from pipeline.computations import IDLE, MERGED
from pipeline.domain import (
    Computation,
    Ending,
    Section,
    Sentence,
    Signal,
    Story,
    StoryKind,
    Storyline,
    TurnKind,
    digest,
)
from pipeline.gate import classify, judge, whole
from pipeline.rulebook import rules
from pipeline.status import status
from pipeline.variants import measured

MOST = 3  # stories closed in one night: a desk that has told for years closes its old ones little by little


def due(
    live: Iterable[Story],
    lines: Mapping[str, Storyline],
    joined: Callable[[str], datetime | None] = lambda _: None,
    *,
    now: datetime,
    days: int,
) -> tuple[tuple[Story, Ending], ...]:
    """Stories to close tonight with the reason, the longest over first, MOST at most.

    live: the latest version of each story. lines: storylines by id; a story of none is left alone. days: without news.
    joined(id): when a claim last joined a storyline, of those that are not dated ahead of `now`. It may be later than
    what the storyline says: a clock that ran ahead dated it, and the night after it took the storyline back.
    """
    found: list[tuple[Story, Ending]] = []
    for story in live:
        line = lines.get(story.storyline_id)
        if line is None or story.ending is not None or story.written >= now:
            continue
        if (ending := _ending(line, now, timedelta(days=days))) is not None:
            found.append((story, ending))
    chosen: list[tuple[Story, Ending]] = []
    for story, ending in sorted(found, key=lambda pair: (pair[1].since, pair[0].id)):
        last = max(ending.since, joined(story.storyline_id) or ending.since)
        if ending.reason == MERGED:
            chosen.append((story, ending))
        elif now - last >= timedelta(days=days):
            chosen.append((story, replace(ending, since=last)))
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def open_still(live: Iterable[Story], newer: Iterable[Story], now: datetime) -> list[Story]:
    """Those of `live` that no version of this very instant or later follows (`newer`: all of them), but one of this
    instant that closes it: the night is run again.

    A correction may have been made at the time of the night itself; what it left is closed on another night. A later
    version was written before the clock was set back.
    """
    after = {one.storyline_id: one for one in newer}
    return [
        one
        for one in live
        if (last := after.get(one.storyline_id)) is None
        or (last.previous == one.id and last.ending is not None and last.written == now)
    ]


def _ending(line: Storyline, now: datetime, silence: timedelta) -> Ending | None:
    if line.merged_into is not None:
        merged = [turn.at for turn in line.turns if turn.kind is TurnKind.MERGED_INTO]
        return Ending(MERGED, max(merged, default=line.updated), line.merged_into)
    return Ending(IDLE, line.updated) if now - line.updated >= silence else None


def last_version(story: Story, ending: Ending, *, now: datetime, settings_hash: str) -> Story | None:
    """The version that closes `story`; None where the gate refuses the sentence that says so."""
    version = story.version + 1
    closed = replace(
        story,
        id="y" + digest("story", story.storyline_id, str(version)),
        version=version,
        written=now,
        counts=replace(story.counts, drafted=story.counts.drafted + 1),
        signals=_told(story),
        rank={},
        settings_hash=settings_hash,
        previous=story.id,
        ending=ending,
        corrections=(),
        inputs="",
        rules=rules(),
        support=whole.digest(),
        kind=StoryKind.STORY if story.kind is StoryKind.LEAD else story.kind,
        status=status(story.counts, now, ending),
    )
    inputs = (ending.reason, ending.since.isoformat())
    facts = computations.facts_of(closed)
    value = computations.compute("ended", inputs, facts)
    text = computations.render("ended", inputs, value, facts)
    bound = Computation("ended", inputs, value)
    verdict = judge(text, (), computation=bound, rendering=text)
    if not verdict.publish:
        return None
    says = Sentence(text, classify(text, (), bound), (), verdict, bound)
    sections = _sections(story.sections, says)
    return replace(closed, sections=sections, length=measured(sections, story.lang))


def reopened(story: Story) -> Story:
    """`story` without its end: news has joined since, of which it may be too little for a version of its own."""
    sections = []
    for section in story.sections:
        left = [
            tuple(s for s in p if s.computation is None or s.computation.name != "ended") for p in section.paragraphs
        ]
        if kept := tuple(paragraph for paragraph in left if paragraph):
            sections.append(replace(section, paragraphs=kept))
    return replace(story, ending=None, sections=tuple(sections))


def _told(story: Story) -> tuple[Signal, ...]:
    """The signals that sentences of a story are computed from, which go on into its last version with these."""
    computed = (s.computation for section in story.sections for p in section.paragraphs for s in p if s.computation)
    named = {one for bound in computed for one in bound.inputs}
    return tuple(signal for signal in story.signals if signal.id in named)


def _sections(before: Sequence[Section], says: Sentence) -> tuple[Section, ...]:
    """The sections of the version before, with what had changed among what was told, and the end in its place."""
    changed = [s for section in before if section.role == "changed" for p in section.paragraphs for s in p]
    kept = tuple((s,) for s in changed if s.citations and s.computation is None)
    end = Section("changed", "What changed since the last version", ((says,),))
    found: list[Section] = []
    for section in before:
        if section.role == "so_far":
            found.append(replace(section, paragraphs=(*section.paragraphs, *kept)))
            kept = ()
        elif section.role != "changed":
            found.append(section)
    found += [Section("so_far", "The story so far", kept)] if kept else []
    place = max((n for n, section in enumerate(found) if section.role in {"takeaways", "body"}), default=-1) + 1
    return (*found[:place], end, *found[place:])
