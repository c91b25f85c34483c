"""Surveys: stories that tell several storylines, those of a beat or those that name one firm or public person.

A survey takes what no other story has told, so that it is nobody's second story: storylines of the last days with
enough origins whose records, or statements, no story holds for the most part. It is due when its subject had none for
as many days. What it tells is fixed by its night; its address carries the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pipeline.domain import Signal, Story, StoryKind, Storyline, digest
from pipeline.entities.registry import identity
from pipeline.language import words
from pipeline.newsroom.dossiers import Material, gather, joined, joined_material, main_beat
from pipeline.newsroom.events import Telling, retold
from pipeline.protocols import Store
from pipeline.settings import Settings

MOST = 8  # storylines that one survey tells
POOL = 60  # storylines of one beat that are looked at, those of most records
WIDE = 0.25  # share of the pool from which a name is everywhere and no subject
STATEMENTS = 6  # of a storyline, the most check-worthy, that are looked for in other stories
SHARED = 4  # words that a storyline has in common with how a story begins before the two are compared
OWN = 0.67  # share of a storyline's records that belong to a beat which tells it in a survey
SUBJECTS = frozenset({"organisation", "person", "product"})

Told = Callable[[Storyline, Material], bool]


@dataclass(frozen=True, slots=True)
class Survey:
    """Storylines to be told as one: the kind and name of what they have in common, and all that is known of them."""

    kind: StoryKind
    name: str
    subject: str
    beat: str
    members: tuple[Storyline, ...]
    material: Material

    def without(self, gone: Container[str]) -> Survey:
        """The survey without the members of these ids, which another has told."""
        return replace(self, members=tuple(line for line in self.members if line.id not in gone))

    @property
    def line(self) -> Storyline:
        """The members as one storyline under the survey's own id."""
        return replace(joined(self.members, self.beat), id=self.subject, label=self.name, parent=None, turns=())

    @property
    def together(self) -> Material:
        """The material with all findings of the members under the survey's id."""
        found = joined_material(self.members, self.material)
        return replace(found, findings={**found.findings, self.subject: found.findings[self.members[0].id]})


@dataclass(frozen=True, slots=True)
class Pool:
    """Storylines of the last days that no story tells, the most widely told first."""

    lines: tuple[Storyline, ...]
    material: Material

    def without(self, lines: Sequence[Storyline]) -> Pool:
        """The pool without storylines that a survey has told."""
        gone = {line.id for line in lines}
        return replace(self, lines=tuple(line for line in self.lines if line.id not in gone))


def told(line: Storyline, material: Material, known: Sequence[Telling]) -> bool:
    """Whether another story tells a storyline: by the rule against which stories of earlier nights are held."""
    claims = [material.claims[c] for c in line.claim_ids if c in material.claims]
    claims.sort(key=lambda claim: (-claim.worth, claim.id))
    said = [frozenset(words.content(claim.text)) for claim in claims]
    own = Telling(line.label, frozenset(line.record_ids), tuple(said[:STATEMENTS]), frozenset(), frozenset())
    every = frozenset().union(*said)
    near = (one for one in known if own.records & one.records or len(every & (one.headline | one.lead)) >= SHARED)
    return any(retold(own, one) for one in near)


def pool(store: Store, settings: Settings, live: Sequence[Story], now: datetime, told: Told) -> Pool:
    """What surveys of tonight may tell. `live`: the latest version of every story."""
    days = max(settings.stories.beat_days, settings.stories.entity_days)
    own, least = {story.storyline_id for story in live}, settings.write.min_origins
    found = [
        line
        for line in store.storylines(updated_since=now - timedelta(days=days))
        if line.merged_into is None and line.id not in own and len(line.record_ids) >= min(2, least)
    ]
    found.sort(key=lambda line: (-len(line.record_ids), line.id))
    taken: Counter[str] = Counter()
    near = []
    for line in found:
        beat = next(iter(line.beats), "")
        if taken[beat] < POOL:
            taken[beat] += 1
            near.append(line)
    material = gather(store, near)
    origins = {line.id: len(material.origins(line)) for line in near}
    kept = [line for line in near if origins[line.id] >= least and not told(line, material)]
    return Pool(tuple(sorted(kept, key=lambda line: (-origins[line.id], -line.updated.timestamp(), line.id))), material)


def of_beats(found: Pool, settings: Settings, live: Sequence[Story], now: datetime) -> Iterator[Survey]:
    """The beats' surveys that are due, in the order of the configuration."""
    days = settings.stories.beat_days
    if not days:
        return
    recent = _recent(found.lines, now, days)
    homes = {line.id: main_beat(line, found.material) for line in recent}
    for beat in (one.name for one in settings.beats):
        own = [line for line in recent if homes[line.id] == beat]
        members = [line for line in own if found.material.beat_share(line, beat) >= OWN]
        if _due(StoryKind.BEAT, beat, live, now, days) and len(members) >= settings.stories.members:
            subject = _subject(StoryKind.BEAT, beat, now.date())
            yield Survey(StoryKind.BEAT, beat, subject, beat, tuple(members[:MOST]), found.material)


def of_entities(
    found: Pool, store: Store, settings: Settings, live: Sequence[Story], *, signals: Sequence[Signal], now: datetime
) -> Iterator[Survey]:
    """The surveys of firms and persons that are due: those that surged tonight first, then the most named."""
    days = settings.stories.entity_days
    if not days:
        return
    recent = _recent(found.lines, now, days)
    named: dict[str, list[Storyline]] = {}
    for line in recent:
        for key in sorted(found.material.entities(line)):
            named.setdefault(identity(key), []).append(line)
    limit = max(MOST, WIDE * len(recent))
    wide = {key: lines for key, lines in named.items() if settings.stories.members <= len(lines) <= limit}
    surged = {s.subject for s in signals if s.kind == "entity_surge" and not s.held}
    known = store.entities(sorted(wide))
    for key in sorted(wide, key=lambda key: (key not in surged, -len(wide[key]), key)):
        entity = known.get(key)
        if entity is None or not entity.public or entity.kind not in SUBJECTS or entity.merged_into:
            continue
        if _due(StoryKind.ENTITY, entity.key, live, now, days):
            members = [_speaking(line, entity.key, found.material) for line in wide[key]]
            beat = Counter(main_beat(line, found.material) for line in members).most_common(1)[0][0]
            subject = _subject(StoryKind.ENTITY, entity.key, now.date())
            yield Survey(StoryKind.ENTITY, entity.name, subject, beat, tuple(members[:MOST]), found.material)


def _speaking(line: Storyline, key: str, material: Material) -> Storyline:
    """A storyline with those of its claims that name an entity, and their records."""
    kept = [material.claims[c] for c in line.claim_ids if c in material.claims and key in material.claims[c].entities]
    return replace(
        line,
        claim_ids=tuple(claim.id for claim in kept),
        record_ids=tuple(sorted({claim.record_id for claim in kept})),
    )


def _recent(lines: Sequence[Storyline], now: datetime, days: int) -> list[Storyline]:
    return [line for line in lines if line.updated >= now - timedelta(days=days)]


def _subject(kind: StoryKind, key: str, day: date) -> str:
    return "q" + digest("survey", kind.value, key, day.isoformat())


def _due(kind: StoryKind, key: str, live: Sequence[Story], now: datetime, days: int) -> bool:
    """Whether no survey of `key` was written within `days` days, this one included."""
    written = {story.storyline_id for story in live if story.kind is kind}
    return not any(_subject(kind, key, now.date() - timedelta(days=n)) in written for n in range(days))
