"""What the catalogue says of each thing. Its JSON Schema, `schema/catalogue.json`, is made from these classes.

Addresses are below the site's root, without a leading slash; times are UTC. Fields are only ever added: a program that
knows these goes on working.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Files:
    """The forms of one page, and the feeds of what it is about; "" where there is none."""

    page: str
    markdown: str
    text: str
    feed: str = ""
    json_feed: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a story. `withdrawn` says why its text is not shown any more; then `headline` is empty."""

    id: str
    version: int
    written: datetime
    headline: str
    files: Files
    bundle: str
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story, with all versions, oldest first. Of one that was withdrawn as a whole its address and log remain."""

    slug: str
    storyline: str
    kind: str
    beat: str
    beats: tuple[str, ...]
    lang: str
    headline: str
    summary: str
    status: str
    first: datetime
    updated: datetime
    records: int
    origins: int
    platforms: tuple[str, ...]
    corrections: tuple[str, ...]
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class StorylineRow:
    """A storyline that a story is about. `stories` are slugs."""

    id: str
    label: str
    beats: tuple[str, ...]
    founded: datetime
    updated: datetime
    parent: str | None
    merged_into: str | None
    records: int
    claims: int
    findings: int
    stories: tuple[str, ...]
    files: Files


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A measured change, fired or held. `evidence` are record or claim ids with their share of the score."""

    id: str
    kind: str
    about: str
    subject: str
    summary: str
    severity: str
    score: float
    baseline: float
    threshold: float
    n: int
    confidence: float | None
    held: str | None
    window_start: datetime
    window_end: datetime
    evidence: Mapping[str, float]
    page: str  # of what it is about; "" for what has none


@dataclass(frozen=True, slots=True)
class BeatRow:
    """A beat, with how many live stories it has."""

    name: str
    description: str
    lang: str
    stories: int
    files: Files


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A firm, place, law or public person that has a page, and how many live stories name it."""

    id: str
    name: str
    kind: str
    stories: int
    files: Files


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A standing question and what its answer rests on."""

    query: str
    title: str
    records: int
    origins: int
    files: Files


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source of the desk. `address` is empty where it is no public one, or holds a login or a key."""

    name: str
    kind: str
    address: str
    beat: str
    owner: str
    country: str
    lang: str
    status: str
    last_success: datetime | None
    last_item: datetime | None


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One night: the versions written in it ("slug/vN"), and the archive of their evidence bundles."""

    date: str
    stories: tuple[str, ...]
    bundles: str
    files: Files


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """An entry of the public log of corrections. `stories` are ids of the versions that it concerns."""

    id: str
    kind: str
    what: str
    at: datetime
    why: str
    text: str
    by: str
    stories: tuple[str, ...]
    page: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows: what it holds, of which month or year ("" for all time), and how many rows."""

    holds: str
    period: str
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class Site:
    """What the site calls itself; `url` is its public address, "" for a local one."""

    name: str
    description: str
    url: str
    contact: str
    lang: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`catalogue.json`: what there is, and in which files. `edition` is the newest night."""

    format: str
    format_version: int
    site: Site
    edition: str
    sample: bool
    counts: Mapping[str, int]
    parts: tuple[Part, ...]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Failing:
    """A source that is not well: the word for its state, when it last answered."""

    name: str
    status: str
    last_success: datetime | None


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """`status.json`: the last good edition. What a held night came to stands beside the site, in output/status.json."""

    format: str
    format_version: int
    site: str
    edition: str
    now: datetime
    program: str
    sample: bool
    counts: Mapping[str, int]
    sources: int
    failing: tuple[Failing, ...]
