"""The declared inputs of the published site: whatever is not in here cannot reach a page.

An `Edition` is gathered by the publish stage and read by renderers; a `TopicAnswer` is made by the topic command and
read by the topic renderer. Both are plain values, so a page is a pure function of one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from pipeline.amends import Correction, Tombstone
from pipeline.domain import (
    Citation,
    CitedRecord,
    Claim,
    DisputeKind,
    Dropped,
    Entity,
    Finding,
    Membership,
    Naming,
    Ranked,
    Record,
    Section,
    Sentence,
    Signal,
    SourceHealth,
    Story,
    StoryKind,
    Storyline,
)
from pipeline.errors import ValidationFailed
from pipeline.remembered import Memory
from pipeline.settings import Settings

AT_ONCE = 100  # storylines that are read together


@dataclass(frozen=True, slots=True)
class Searched:
    """One place that a topic was looked for in: its name, how many records on the topic it gave, what went wrong.

    `given` is how many records it gave, on the topic or not (None: it was not asked); `hung`: it never answered.
    """

    name: str
    found: int
    problem: str | None = None
    given: int | None = None
    hung: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A record that was looked at and set aside as off topic; `lacking` are the query's words that it does not hold."""

    title: str
    source: str
    url: str | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """The cited answer to one query. Without sections it is the "nothing found" form.

    `since` is when the query was last answered, `new_records` the record ids that were not in that answer.
    """

    query: str
    asked: datetime
    days: int
    searched: tuple[Searched, ...]
    title: str = ""
    sections: tuple[Section, ...] = ()
    citations: tuple[Citation, ...] = ()
    records: tuple[CitedRecord, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    considered: int = 0  # records on the topic, cited or not
    origins: int = 0
    since: datetime | None = None
    new_records: tuple[str, ...] = ()
    pages: str = ""  # how many pages behind what was found could be read
    aside: tuple[Aside, ...] = ()  # the nearest of what was set aside as off topic
    set_aside: int = 0
    writer: str = "extractive"
    prompts: Mapping[str, str] = field(default_factory=dict)
    lang: str = "en"

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every printed sentence, in reading order."""
        return tuple(s for section in self.sections for paragraph in section.paragraphs for s in paragraph)

    @property
    def unanswered(self) -> bool:
        """Whether places were asked and none of them answered: the answer is from what is stored alone."""
        asked = [place for place in self.searched if place.given is not None]
        return bool(asked) and all(place.problem is not None for place in asked)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What the page of one version prints of another story or version: its title, its address, its place in a night.

    `says`: those of its sentences that the page prints as well, by which a briefing finds the story they are of.
    """

    id: str
    storyline_id: str
    slug: str
    version: int
    beat: str
    beats: tuple[str, ...]
    written: datetime
    lang: str
    kind: StoryKind
    headline: str
    short_title: str
    rank: Mapping[str, float]
    ended: bool = False
    previous: str | None = None
    corrected: bool = False
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A storyline as far as a page says where it came from and went."""

    id: str
    parent: str | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A day or an hour of a story's chart: records, and origins that had not spoken before."""

    day: str  # ISO 8601: "2026-11-20", "2026-11-20T05"
    records: int
    origins: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the store knows of a cited claim: who says it ("": the record itself), and how it judges."""

    key: str  # of the citation
    speaker: str
    stance: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Why a record is in its storyline, in words that a person can check."""

    record_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A folded name that has a page, and the folder of that page below `entities/`."""

    key: str
    folder: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the page of one version prints beside the version itself, so that a bundle can rebuild the page.

    beats: of the site's navigation, in order. stale: "breaking" is no longer said of it. sample: the edition rests on
    sample records. series: the hours or days of its chart. told: of its citations; joined: of its cited records.
    """

    program: str  # version of Citewire that made the page; another one's templates may differ
    site: str
    description: str
    contact: str
    site_lang: str
    beats: tuple[str, ...]
    sample: bool
    stale: bool
    series: tuple[Counted, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    lines: tuple[Line, ...] = ()
    corrections: tuple[Correction, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    told: tuple[Told, ...] = ()
    joined: tuple[Joined, ...] = ()
    url: str = ""  # public address of the site
    linked: tuple[Linked, ...] = ()  # names that its text may link


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where another live story tells something otherwise: how, the two sentences, and the id of the other version."""

    kind: DisputeKind
    mine: str
    theirs: str
    story_id: str


@dataclass(frozen=True, slots=True)
class Featured:
    """Entities by id, what was merged into them included; the ids of the claims that name each; what is said of names.

    `claims` is by the id that an entity goes by now, each list in order of the ids (pipeline/entities/featured.py).
    """

    entities: Mapping[str, Entity] = field(default_factory=dict)
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    namings: tuple[Naming, ...] = ()

    def now(self, entity_id: str) -> str:
        """The id that an entity goes by now: its own, or that of what it was found to be the same as."""
        seen = {entity_id}
        while (entity := self.entities.get(entity_id)) and entity.merged_into and entity.merged_into not in seen:
            entity_id = entity.merged_into
            seen.add(entity_id)
        return entity_id

    def without(self, listed: Callable[[str], bool]) -> Featured:
        """The same without every entity of which a name, a spelling or a role is `listed`, and without such words."""
        out = {k for k, one in self.entities.items() if any(map(listed, (one.key, one.name, *one.names, *one.roles)))}
        out |= {key for key in self.entities if self.now(key) in out}
        return Featured(
            {key: one for key, one in self.entities.items() if key not in out},
            {key: found for key, found in self.claims.items() if key not in out},
            tuple(n for n in self.namings if not any(map(listed, (n.name, n.other_name, n.evidence.quote)))),
        )


Cited = tuple[str, str, str]
"""Of a citation its claim, origin and record."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything the site of one night is made from. `stories` holds every version of every story."""

    now: datetime
    settings: Settings
    stories: tuple[Story, ...]
    storylines: Mapping[str, Storyline] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)  # record id -> origin id
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)  # by storyline
    memberships: Mapping[str, tuple[Membership, ...]] = field(default_factory=dict)  # by storyline
    signals: tuple[Signal, ...] = ()
    health: Mapping[str, SourceHealth] = field(default_factory=dict)
    read: Mapping[str, int] = field(default_factory=dict)  # source -> records new in the last window
    topics: tuple[TopicAnswer, ...] = ()
    rankings: Mapping[str, Ranked] = field(default_factory=dict)  # by storyline: its last
    voices: Mapping[str, str] = field(default_factory=dict)  # origin id -> who told it first (pipeline/outlets.py)
    corrections: tuple[Correction, ...] = ()  # the whole public log, oldest first
    tombstones: tuple[Tombstone, ...] = ()  # of every withdrawn version
    conflicts: Mapping[str, tuple[Conflict, ...]] = field(default_factory=dict)  # by story (findings/conflicts.py)
    series: Mapping[str, tuple[Counted, ...]] = field(default_factory=dict)  # by story, where its records are not here
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)  # by story, where its claims are not here
    joined: Mapping[str, tuple[Joined, ...]] = field(default_factory=dict)  # likewise
    linked: Mapping[str, tuple[Linked, ...]] = field(default_factory=dict)  # likewise
    featured: Featured = field(default_factory=Featured)  # public entities that the claims name
    witnesses: Mapping[str, Record] = field(default_factory=dict)  # evidence id of a signal -> a record not in here
    # Of an edition that was gathered with a memory of the one before; a digest changes whenever what it is of could:
    memory: Memory | None = field(default=None, repr=False, compare=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)  # version, storyline -> digest
    told_by: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)  # record -> source
    owners: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)  # claim, record -> storyline
    cites: Mapping[str, Sequence[Cited]] = field(default_factory=dict, repr=False, compare=False)
    prepare: Callable[[Iterable[str]], None] = field(default=lambda lines: None, repr=False, compare=False)  # to read
    sampled: bool | None = field(default=None, repr=False, compare=False)  # `sample`, where it is known
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # worked out of it once

    @property
    def sample(self) -> bool:
        """Whether anything shown rests on sample records: then every page says so."""
        if self.sampled is not None:
            return self.sampled
        if "sample" not in self.memo:
            self.memo["sample"] = (
                any(story.sample or any(r.sample for r in story.records) for story in self.stories)
                or any(record.sample for record in self.records.values())
                or any(record.sample for topic in self.topics for record in topic.records)
            )
        return bool(self.memo["sample"])

    def cited(self, story: Story) -> Sequence[Cited]:
        """Claim, origin and record of each citation of a version."""
        if story.id in self.cites:
            return self.cites[story.id]
        return [(citation.claim_id, citation.origin_id, citation.evidence.record_id) for citation in story.citations]

    def remember(self, kind: str, make: Callable[[], Any], *keys: str) -> Any:
        """What follows from versions or storylines (`keys`) alone, as JSON: remembered, or made where it is not."""
        if self.memory is None or any(key not in self.tokens for key in keys):
            return make()
        return self.memory.of(kind, " ".join(self.tokens[key] for key in keys), make)

    def remembers(self, kind: str, *keys: str) -> bool:
        """Whether that is remembered: then nothing has to be read for it."""
        known = self.memory is not None and all(key in self.tokens for key in keys)
        return known and self.memory.knows(kind, " ".join(self.tokens[key] for key in keys))  # type: ignore[union-attr]

    def ready(self, kind: str, lines: Iterable[str]) -> Iterator[str]:
        """Storylines, one after the other; those of which that is not remembered are read some at once."""
        rest = iter(lines)
        while some := list(islice(rest, AT_ONCE)):
            self.prepare([line for line in some if not self.remembers(kind, line)])
            yield from some

    @property
    def date(self) -> date:
        """The night that the front page shows: the day of the newest story, or of `now` before the first story.

        A version that only corrects the one before it makes no night.
        """
        return max((night for night, _ in nights(self)), default=self.now.date())


def leads(story: Story) -> bool:
    """Whether a story may lead its edition: a last version, or one older than its window (term "old"), may not."""
    return story.ending is None and story.rank.get("old", 0.0) >= 0.0


def by_prominence(story: Story) -> tuple[float, bool, float, str]:
    """Sort key: newest night first, within it what may lead before what may not, then the highest rank, then the id."""
    return (-story.written.date().toordinal(), not leads(story), -story.rank.get("total", 0.0), story.id)


def nights(edition: Edition) -> tuple[tuple[date, Story], ...]:
    """The versions that make an edition's nights, each with its night.

    A corrected version stands on the night of the one that it corrects, in its place: a correction makes no news.
    """
    written = {story.id: story for story in edition.stories}
    buried = {tomb.story_id: tomb.written.date() for tomb in edition.tombstones}
    corrected = {story.previous for story in edition.stories if story.corrections}
    found: list[tuple[date, Story]] = []
    for story in edition.stories:
        first, night = story, story.written.date()
        while first.corrections and first.previous is not None and first.previous in written:
            first = written[first.previous]
            night = first.written.date()
        if first.corrections and first.previous in buried:
            night = buried[first.previous]
        if story.id not in corrected:
            found.append((night, story))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site: its path below the site's root, and what makes its bytes.

    `make` is called late, and only where the file has to be written. `rests_on` is a digest of everything the bytes
    depend on: a page that rests on what the served one rests on is not made again (None: it is made every night).
    """

    path: str
    make: Callable[[], bytes]
    rests_on: str | None = None


Renderer = Callable[[Edition], Iterable[Page]]
"""One form of the site: an edition in, its pages out. Two renderers never share a path."""


def made(pages: Iterable[Page]) -> dict[str, bytes]:
    """Every page's bytes by its path. Raises ValidationFailed where two pages want one address."""
    found: dict[str, bytes] = {}
    for page in pages:
        if page.path in found:
            raise ValidationFailed(f"two pages want the address {page.path}")
        found[page.path] = page.make()
    return found
