"""Live stories that contradict each other: told with both sentences on both pages, never silently both ways.

Stories of different storylines conflict where a finding of one disputes what the other cites, or where two claims that
they print are about one thing and cannot both hold: they name the same two parties in like words, were told within
DAYS, and neither replaces the other. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations

from pipeline import outlets
from pipeline.claiming.assertions import Assertion, assertion, likeness
from pipeline.domain import Claim, Dispute, DisputeKind, Finding, Record, Sentence, Story, StoryKind
from pipeline.edition import Conflict
from pipeline.findings import disputes
from pipeline.findings.disputes import FACT
from pipeline.language import names
from pipeline.origins.voices import Voice, revises, supersedes

DAYS = 3  # days within which two claims of one matter are held against each other
MOST = 4  # conflicts shown of one story
_PARTIES = 2
_ALIKE = 0.5
_NAMES = 4  # of a claim, by pairs of which it is met
_SHARED_BY = 60  # claims of one pair that are held against each other

Pair = tuple[str, str]


def find(
    stories: Iterable[Story],
    findings: Mapping[str, Sequence[Finding]],
    claims: Mapping[str, Claim],
    records: Mapping[str, Record],
) -> dict[str, tuple[Conflict, ...]]:
    """Story id -> where other live stories tell it otherwise, of the latest version of every story that has any.

    `claims` and `records` are those behind the stories; a claim that is not there conflicts with nothing.
    """
    live = _live(stories)
    told = {story.id: _told(story) for story in live}
    owners: dict[str, list[Story]] = defaultdict(list)
    for story in live:
        for claim in told[story.id]:
            owners[claim].append(story)
    found: dict[str, dict[tuple[str, str], Conflict]] = defaultdict(dict)
    pairs = {**dict(_entered(findings, owners)), **dict(_met(owners, claims, records))}
    for (a, b), kind in sorted(pairs.items()):
        for one in owners[a]:
            for other in owners[b]:
                if one.storyline_id != other.storyline_id:
                    _enter(found, (one, told[one.id][a]), (other, told[other.id][b]), kind)
    return {key: tuple(list(shown.values())[:MOST]) for key, shown in sorted(found.items())}


def _live(stories: Iterable[Story]) -> list[Story]:
    """The latest version of every story but briefings, which repeat the others."""
    latest: dict[str, Story] = {}
    for story in sorted(stories, key=lambda one: one.version):
        if story.kind is not StoryKind.BRIEFING:
            latest[story.storyline_id] = story
    return sorted(latest.values(), key=lambda one: one.id)


def _told(story: Story) -> dict[str, str]:
    """Claim id -> the first sentence of a story that prints it, in reading order; headline last."""
    owners = {citation.key: citation.claim_id for citation in story.citations}
    found: dict[str, str] = {}
    for sentence in _printed(story):
        if sentence.computation is None:
            for key in sentence.citations:
                if key in owners:
                    found.setdefault(owners[key], sentence.text)
    return found


def _printed(story: Story) -> Iterator[Sentence]:
    for section in story.sections:
        for paragraph in section.paragraphs:
            yield from paragraph
    yield story.headline


def _enter(
    found: dict[str, dict[tuple[str, str], Conflict]],
    one: tuple[Story, str],
    other: tuple[Story, str],
    kind: DisputeKind,
) -> None:
    """Enter a conflict on both its pages; the same two sentences once."""
    for (story, mine), (against, theirs) in ((one, other), (other, one)):
        found[story.id].setdefault((mine, theirs), Conflict(kind, mine, theirs, against.id))


def _entered(
    findings: Mapping[str, Sequence[Finding]], owners: Mapping[str, object]
) -> Iterator[tuple[Pair, DisputeKind]]:
    """Pairs of printed claims, one of each side of a dispute; what says the same as a side stands for it."""
    every = [finding for line in sorted(findings) for finding in findings[line]]
    alike = {claim: finding.claim_ids for finding in every for claim in finding.claim_ids}
    for finding in every:
        for dispute in finding.disputes:
            mine = [c for c in alike.get(dispute.a, (dispute.a,)) if c in owners]
            theirs = [c for c in alike.get(dispute.b, (dispute.b,)) if c in owners]
            for a in mine[:1]:
                for b in theirs[:1]:
                    yield (min(a, b), max(a, b)), dispute.kind


def _met(
    owners: Mapping[str, Sequence[Story]], claims: Mapping[str, Claim], records: Mapping[str, Record]
) -> Iterator[tuple[Pair, DisputeKind]]:
    """Pairs of printed claims of different stories that name the same two parties and cannot both hold."""
    printed = [claims[key] for key in sorted(owners) if key in claims and claims[key].record_id in records]
    under: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for claim in printed:
        named = sorted(set(list(dict.fromkeys(assertion(claim).about))[:_NAMES]))
        for pair in combinations(named, _PARTIES):
            under[pair].append(claim.id)
    seen: set[Pair] = set()
    for key in sorted(under):
        for a, b in combinations(under[key][:_SHARED_BY], 2):
            lines = [{story.storyline_id for story in owners[claim]} for claim in (a, b)]
            if (a, b) in seen or lines[0] == lines[1]:
                continue
            seen.add((a, b))
            if dispute := _between(claims[a], claims[b], records):
                yield (a, b), dispute.kind


def _between(one: Claim, other: Claim, records: Mapping[str, Record]) -> Dispute | None:
    """The dispute of two claims of one matter; None where there is none, or one took the other's place."""
    if abs(one.published - other.published) > timedelta(days=DAYS):
        return None
    a, b = assertion(one), assertion(other)
    dispute = disputes.between(a, b)
    if dispute is None or FACT in (dispute.a_value, dispute.b_value) or dispute.kind is DisputeKind.ATTRIBUTION:
        return None
    if not _one_matter(a, b):
        return None
    voices = {claim.id: Voice(claim.record_id, outlets.voice(records[claim.record_id])) for claim in (one, other)}
    older, newer = (a, b) if dispute.a == one.id else (b, a)
    return None if supersedes(newer, older, dispute, voices) or revises(newer, older, voices) else dispute


def _one_matter(a: Assertion, b: Assertion) -> bool:
    """Whether two claims name the same two parties in like words."""
    shared = {one for one in a.about if any(names.same(one, other) for other in b.about)}
    return len(shared) >= _PARTIES and likeness(a, b)[0] >= _ALIKE
