"""Live stories that contradict each other: told with both sentences on both pages, never silently both ways.

Stories of different storylines conflict where a finding of one disputes what the other cites, or where two claims that
they print are about one thing and cannot both hold: they name the same two parties in like words, were told within
DAYS, and neither replaces the other. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import combinations

from pipeline import outlets
from pipeline.claiming.assertions import Assertion, assertion, likeness
from pipeline.domain import Claim, Dispute, DisputeKind, Record, Sentence, Story, StoryKind
from pipeline.edition import AT_ONCE, Conflict, Edition
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
_APART = timedelta(days=DAYS).total_seconds()

Pair = tuple[str, str]


def find(edition: Edition) -> dict[str, tuple[Conflict, ...]]:
    """Story id -> where other live stories tell it otherwise, of the latest version of every story that has any.

    A claim that is not in the edition, or whose record is not, conflicts with nothing. What follows from one version or
    storyline alone is remembered, so a night reads those alone that meet what is new.
    """
    owners: dict[str, list[Story]] = defaultdict(list)
    for story in _live(edition.stories):
        for claim in edition.remember("printed", partial(_printed_claims, story), story.id):
            owners[claim].append(story)
    _survey(edition)
    found: dict[str, dict[tuple[str, str], Conflict]] = defaultdict(dict)
    pairs = {**dict(_entered(edition, owners)), **dict(_met(edition, owners))}
    for (a, b), kind in sorted(pairs.items()):
        for one in owners[a]:
            for other in owners[b]:
                if one.storyline_id != other.storyline_id:
                    _enter(found, (one, _told(one)[a]), (other, _told(other)[b]), kind)
    return {key: tuple(list(shown.values())[:MOST]) for key, shown in sorted(found.items())}


def _survey(edition: Edition) -> None:
    """Work out what is remembered of each storyline while it is at hand: the two below ask for all of them."""
    fresh = (line for line in sorted(edition.findings) if line in edition.tokens)
    for n, line in enumerate(edition.ready("parties", fresh)):
        if not edition.remembers("parties", line):
            edition.remember("parties", partial(_named, line, edition), line)
            edition.remember("disputes", partial(_disputes, line, edition), line)
        if n % AT_ONCE == 0:
            assertion.cache_clear()  # what claims assert is large, and was kept of all


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


def _printed_claims(story: Story) -> list[str]:
    return list(_told(story))


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


def _entered(edition: Edition, owners: Mapping[str, object]) -> Iterator[tuple[Pair, DisputeKind]]:
    """Pairs of printed claims, one of each side of a dispute; what says the same as a side stands for it."""
    for line in sorted(edition.findings):
        for kind, *sides in edition.remember("disputes", partial(_disputes, line, edition), line):
            mine, theirs = ([claim for claim in side if claim in owners][:1] for side in sides)
            for a in mine:
                for b in theirs:
                    yield (min(a, b), max(a, b)), DisputeKind(kind)


def _disputes(line: str, edition: Edition) -> list[tuple[str, list[str], list[str]]]:
    """The disputes of a storyline: kind, and of each side the claims that say the same."""
    every = edition.findings[line]
    alike = {claim: list(finding.claim_ids) for finding in every for claim in finding.claim_ids}
    found = [dispute for finding in every for dispute in finding.disputes]
    return [(one.kind.value, alike.get(one.a, [one.a]), alike.get(one.b, [one.b])) for one in found]


def _met(edition: Edition, owners: Mapping[str, Sequence[Story]]) -> Iterator[tuple[Pair, DisputeKind]]:
    """Pairs of printed claims of different stories that name the same two parties and cannot both hold."""
    same: dict[frozenset[str], frozenset[str]] = {}  # a set for each storyline, not for each claim
    lines = {claim: same.setdefault(one, one) for claim, one in _lines(owners)}
    under: dict[tuple[str, ...], list[str]] = defaultdict(list)
    when: dict[str, float] = {}
    for claim, (time, named) in sorted(_parties(edition, owners)):
        when[claim] = time
        for pair in combinations(named, _PARTIES):
            under[pair].append(claim)
    seen: set[Pair] = set()
    for key in sorted(under):
        met = under[key][:_SHARED_BY]
        if len({lines[claim] for claim in met}) < 2:
            continue
        for a, b in combinations(met, 2):
            if lines[a] != lines[b] and abs(when[a] - when[b]) <= _APART:
                seen.add((a, b))
    for a, b in sorted(seen, key=lambda pair: (when[pair[0]], pair)):  # by time, so that few storylines are read twice
        if kind := _judged(edition, a, b):
            yield (a, b), DisputeKind(kind)


def _lines(owners: Mapping[str, Sequence[Story]]) -> Iterator[tuple[str, frozenset[str]]]:
    """Claim, and the storylines of the stories that print it."""
    return ((claim, frozenset(story.storyline_id for story in told)) for claim, told in owners.items())


def _parties(edition: Edition, owners: Mapping[str, object]) -> Iterator[tuple[str, tuple[float, list[str]]]]:
    """Of each printed claim that is at hand when it was told, and whom it names."""
    loose = [claim for claim in owners if claim not in edition.owners]
    for line in sorted({edition.owners[claim] for claim in owners if claim in edition.owners}):
        for claim, time, named in edition.remember("parties", partial(_named, line, edition), line):
            if claim in owners and edition.owners.get(claim) == line:
                yield claim, (time, named)
    for claim in loose:
        if claim in edition.claims and edition.claims[claim].record_id in edition.records:
            yield claim, _names(edition.claims[claim])


def _named(line: str, edition: Edition) -> list[tuple[str, float, list[str]]]:
    """The claims of a storyline: when each was told, and whom it names."""
    ids = {*edition.storylines[line].claim_ids, *(claim for one in edition.findings[line] for claim in one.claim_ids)}
    known = [edition.claims[key] for key in sorted(ids) if key in edition.claims]
    return [(claim.id, *_names(claim)) for claim in known if claim.record_id in edition.records]


def _names(claim: Claim) -> tuple[float, list[str]]:
    return claim.published.timestamp(), sorted(set(list(dict.fromkeys(assertion(claim).about))[:_NAMES]))


def _judged(edition: Edition, a: str, b: str) -> str:
    """How two claims dispute each other, "" for not at all."""

    def judged() -> str:
        dispute = _between(edition.claims[a], edition.claims[b], edition.records)
        return dispute.kind.value if dispute else ""

    kind: str = edition.remember(f"clash {a} {b}", judged, *(edition.owners.get(claim, "") for claim in (a, b)))
    return kind


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
