"""Why a story is here: the signals that fired, the ranking sum that chose it, and why its records are in one storyline.

What the store knows of a cited claim beside the version (who says it, how it judges, why it was put into the storyline)
is gathered here, once for the page and once for its bundle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import Citation, Story
from pipeline.edition import Edition, Joined, Told
from pipeline.newsroom.ranking import TERMS
from pipeline.renderers import phrases, signal_words
from pipeline.renderers.charts.rows import Judged
from pipeline.renderers.sentences import who

_NAMED = 3  # signals that the head of a story names


@dataclass(frozen=True, slots=True)
class Grouped:
    """A cited record, and what put it into the storyline; `number` is the first that cites it."""

    number: int
    target: str
    publisher: str
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """The short answer for the head of a story; the ranking sum (term, points, what it counts), its total last and
    without terms that came to nothing; and what groups its records.
    """

    brief: tuple[str, ...]
    rank: tuple[tuple[str, str, str], ...]
    grouped: tuple[Grouped, ...]


def told_of(story: Story, edition: Edition) -> tuple[Told, ...]:
    """Who says what a version cites, and how it judges, as far as the store knows."""
    if story.id in edition.told:
        return edition.told[story.id]
    claims = ((citation, edition.claims.get(citation.claim_id)) for citation in story.citations)
    return tuple(Told(citation.key, claim.speaker or "", claim.stance) for citation, claim in claims if claim)


def joined_of(story: Story, edition: Edition) -> tuple[Joined, ...]:
    """Why each cited record was in the storyline when the version was written: its first reason then."""
    if story.id in edition.joined:
        return edition.joined[story.id]
    cited = {citation.evidence.record_id for citation in story.citations}
    found: dict[str, str] = {}
    for one in edition.memberships.get(story.storyline_id, ()):
        held = one.since <= story.written and (one.until is None or one.until > story.written)
        if held and one.reason and one.record_id in cited:
            found.setdefault(one.record_id, one.reason)
    return tuple(Joined(key, found[key]) for key in sorted(found))


def speakers(told: Sequence[Told]) -> Mapping[str, str]:
    """Citation key -> whose word it is, where it is not the record's own."""
    return {one.key: one.speaker for one in told if one.speaker}


def judged(story: Story, told: Sequence[Told]) -> tuple[Judged, ...]:
    """How the cited claims of each publisher judge what they speak of."""
    records = {record.id: record for record in story.records}
    publishers = {c.key: who(records.get(c.evidence.record_id)) for c in story.citations}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in told:
        counts[publishers.get(one.key, "")][one.stance] += 1
    return tuple(
        Judged(name, found["critical"], found["neutral"], found["favourable"])
        for name, found in sorted(counts.items())
        if name
    )


def why(story: Story, numbers: Mapping[str, int], joined: Sequence[Joined]) -> Why:
    """Why a version is on the site; `numbers`: citation key -> its number on the page."""
    figures = ((name, phrases.figure(story.rank[name])) for name in sorted(story.rank, key=_total_last))
    counted = {term.name: term.counts for term in TERMS}
    rank = tuple((name, value, counted.get(name, "")) for name, value in figures if value != "0" or name == "total")
    return Why(signal_words.together(story.signals, _NAMED), rank, _grouped(story, numbers, joined))


def _total_last(name: str) -> tuple[bool, str]:
    return (name == "total", name)


def _grouped(story: Story, numbers: Mapping[str, int], joined: Sequence[Joined]) -> tuple[Grouped, ...]:
    reasons = {one.record_id: one.reason for one in joined}
    records = {record.id: record for record in story.records}
    first: dict[str, Citation] = {}
    for citation in sorted((c for c in story.citations if c.key in numbers), key=lambda c: numbers[c.key]):
        first.setdefault(citation.evidence.record_id, citation)
    return tuple(
        Grouped(numbers[c.key], f"source-{numbers[c.key]}", who(records.get(record_id)), reasons[record_id])
        for record_id, c in first.items()
        if record_id in reasons
    )
