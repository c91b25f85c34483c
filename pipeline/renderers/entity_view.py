"""What is told of a firm, place, law or public person: its stories and findings by day, who names it, its company.

Only entities that enough stories of enough origins name have a page (pipeline/renderers/appearances.py); people who are
not public have none. Everything shown is counted from claims that the edition may show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain import FindingState, Story, digest
from pipeline.edition import Edition
from pipeline.renderers import mixes, phrases
from pipeline.renderers.charts import Chart, per_day
from pipeline.renderers.entity_kin import Alias, Circle, Neighbour
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import Link, outward
from pipeline.renderers.story_view import points_on
from pipeline.renderers.telling import Found, Read, telling

KINDS = {
    "person": ("Public person", "People in public life"),
    "organisation": ("Organisation", "Organisations"),
    "state body": ("State body", "State bodies"),
    "place": ("Place", "Places"),
    "product": ("Product or work", "Products and works"),
    "technology": ("Technology", "Technologies"),
    "law": ("Law", "Laws and treaties"),
    "concept": ("Concept", "Concepts, events and eras"),
    "name": ("Name", "Other names"),
}
MAX_STORIES, MAX_FINDINGS, FEW = 60, 25, 6
QUOTED_WORDS = 60  # most words of one record that a page quotes


@dataclass(frozen=True, slots=True)
class Told:
    """A story on the timeline, or a finding in the words of the first who told it."""

    text: str
    href: str
    lang: str | None
    note: str
    state: str = ""  # of a finding; "" for a story
    by: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """What was told on one day, stories first."""

    date: str
    date_iso: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One entity."""

    id: str
    name: str
    kind: str
    roles: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    since: str
    chart: Chart | None
    days: tuple[TimelineDay, ...]
    more_stories: int
    publishers: tuple[mixes.Row, ...]
    platforms: tuple[mixes.Row, ...]
    related: tuple[Neighbour, ...]
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class IndexLine:
    """An entity in the list of all."""

    name: str
    href: str
    stories: str
    last: str


@dataclass(frozen=True, slots=True)
class IndexGroup:
    """The entities of one kind, by name."""

    name: str
    anchor: str
    lines: tuple[IndexLine, ...]


@dataclass(frozen=True, slots=True)
class EntityIndex:
    """Every entity that has a page, by kind, and what is asked of one."""

    groups: tuple[IndexGroup, ...]
    stories: int
    origins: int


def entity_index(edition: Edition, places: Places) -> EntityIndex:
    """The list of all entity pages."""
    by_kind: dict[str, list[IndexLine]] = defaultdict(list)
    for key, stories in places.by_entity.items():
        entity = edition.featured.entities[key]
        last = max(story.written for story in stories).date()
        by_kind[entity.kind if entity.kind in KINDS else "name"].append(
            IndexLine(
                entity.name,
                f"entities/{places.entities[key]}/index.html",
                phrases.count(len(stories), "story", "stories"),
                phrases.day(last),
            )
        )
    least = edition.settings.publish
    return EntityIndex(
        tuple(
            IndexGroup(name, phrases.slug(name), tuple(sorted(by_kind[kind], key=_by_name)))
            for kind, (_, name) in KINDS.items()
            if by_kind[kind]
        ),
        least.entity_stories,
        least.entity_origins,
    )


def _by_name(line: IndexLine) -> tuple[str, str]:
    return (line.name.casefold(), line.href)


def entity_page(key: str, edition: Edition, places: Places, circle: Circle) -> EntityPage:
    """The page of the entity `key`, which has one."""
    entity, stories = edition.featured.entities[key], places.by_entity[key]
    lines = {story.storyline_id for story in stories}
    told = telling(edition.featured.claims[key], lines, edition)
    claims = {claim: told.claims[claim] for claim in edition.featured.claims[key] if claim in told.claims}
    records = sorted({record for record in claims.values() if record in told.records})
    counted = told.origins(records, edition)
    findings = [one for one in told.findings if any(claim in claims for claim, _, _ in one.said)]
    findings.sort(key=lambda one: (-one.origins, one.first_seen, one.id))
    shown = [one for one in findings if one.origins > 1 or one.disputed]
    if len(shown) < FEW:
        shown = [*shown, *(one for one in findings if one not in shown)][:FEW]
    read = [told.records[record] for record in records]
    return EntityPage(
        id=key,
        name=entity.name,
        kind=KINDS.get(entity.kind, KINDS["name"])[0],
        roles=entity.roles,
        figures=_figures(stories, lines, counted),
        since=phrases.day(min((r.published for r in read), default=stories[-1].written).date()),
        chart=per_day(
            "records-per-day", points_on(counted, {one: told.records[one].published.date() for one in records})
        ),
        days=_timeline(stories[:MAX_STORIES], shown, claims, told.records, places),
        more_stories=max(0, len(stories) - MAX_STORIES),
        publishers=mixes.rows(Counter(r.by for r in read)),
        platforms=mixes.rows(Counter(r.platform for r in read)),
        related=circle.related(key, places),
        aliases=circle.aliases(entity, edition),
    )


def rests_on(key: str, edition: Edition, places: Places, circle: Circle) -> str:
    """Digest of what the page of `key` depends on besides templates and settings."""
    claims = [c for c in edition.featured.claims[key] if c in edition.claims]
    lines = sorted({story.storyline_id for story in places.by_entity[key]})
    findings = (f"{one.id}{one.state}{len(one.origin_ids)}" for line in lines for one in edition.findings.get(line, ()))
    kin = (f"{one.name} {one.href} {one.why}" for one in circle.related(key, places))
    stories = (f"{story.id}{story.headline.text}{places.story(story)}" for story in places.by_entity[key])
    entity = edition.featured.entities[key]
    told = repr((entity.name, entity.kind, entity.roles, sorted(entity.names.items())))
    return digest("entity page", told, *claims, "", *findings, "", *kin, "", *stories, size=32)


def _figures(stories: Sequence[Story], lines: Iterable[str], counted: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    told, threads, origins = len(stories), len(set(lines)), len(set(counted.values()))
    return (
        (f"{told:,}", "story" if told == 1 else "stories"),
        (f"{threads:,}", "storyline" if threads == 1 else "storylines"),
        (f"{len(counted):,}", "record" if len(counted) == 1 else "records"),
        (f"{origins:,}", "origin" if origins == 1 else "origins"),
    )


def _timeline(
    stories: Sequence[Story],
    findings: Sequence[Found],
    claims: Mapping[str, str],
    records: Mapping[str, Read],
    places: Places,
) -> tuple[TimelineDay, ...]:
    """Stories by the day they were written, findings by the day they were first told; the newest day first."""
    days: dict[date, list[Told]] = defaultdict(list)
    for story in stories:
        note = " · ".join((story.beat, phrases.count(story.counts.origins, "origin")))
        days[story.written.date()].append(Told(story.headline.text, places.story(story), story.lang, note))
    budget: Counter[str] = Counter()
    shown = 0
    for finding in findings:
        told = _finding(finding, claims, budget, records, places) if shown < MAX_FINDINGS else None
        if told is not None:
            days[finding.first_seen.date()].append(told)
            shown += 1
    return tuple(
        TimelineDay(phrases.weekday(when), when.isoformat(), tuple(days[when])) for when in sorted(days, reverse=True)
    )


def _finding(
    finding: Found, claims: Mapping[str, str], budget: Counter[str], records: Mapping[str, Read], places: Places
) -> Told | None:
    """A finding in the words of its earliest claim that names the entity, while that record may be quoted."""
    for claim, record_id, quote in finding.said:
        record, href, words = records.get(record_id), places.storyline(finding.line), len(quote.split())
        if claim not in claims or record is None or href is None or budget[record_id] + words > QUOTED_WORDS:
            continue
        budget[record_id] += words
        heard, state = _heard(finding.state, finding.origins), finding.state.value
        return Told(quote, href, record.lang or None, heard, state, record.by, outward(record.url or None))
    return None


def _heard(state: FindingState, origins: int) -> str:
    """How a finding stands beside the source that is named for it; "" where there is no more to say."""
    if state in (FindingState.CONTRADICTED, FindingState.SUPERSEDED):
        return phrases.STATES[state]
    return f"told by {origins} independent sources" if origins > 1 else ""
