"""What is written: drafts, verdicts, sentences and their citations, stories, and what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.amends import Answered, Correction
from pipeline.domain.claims import Claim, Evidence
from pipeline.domain.reading import Record, TextQuality
from pipeline.domain.storylines import Finding, Signal, Storyline


class SentenceClass(StrEnum):
    """Decided by code from the content of a sentence, never by its writer."""

    CLAIM = "claim"
    COHORT = "cohort"
    ANALYSIS = "analysis"
    FORECAST = "forecast"
    LINK = "link"


class Label(StrEnum):
    """What the gate says of a sentence against its cited spans."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that failed: its name and what it found, in plain words."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's judgement. Only SUPPORTED is published; score in 0..1 is the support measure."""

    label: Label
    reasons: tuple[Reason, ...] = ()
    score: float = 1.0

    @property
    def publish(self) -> bool:
        """Whether the sentence may be printed."""
        return self.label is Label.SUPPORTED


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """What the gate may see of a citation. A missing field makes the rules that need it uncertain."""

    quote: str
    key: str | None = None
    record: str | None = None
    origin: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    author: str | None = None
    platform: str | None = None
    title: str | None = None  # of the record; a sentence may name its source by it


@dataclass(frozen=True, slots=True)
class Computation:
    """What an analysis sentence is bound to: a named function of stored ids, which `verify` computes again."""

    name: str
    inputs: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence as its writer proposes it: text and the evidence keys it cites."""

    text: str
    citations: tuple[str, ...]
    computation: Computation | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The pointer from a sentence to evidence, with what the reader needs to judge it."""

    key: str
    claim_id: str
    evidence: Evidence
    before: str  # up to 240 characters of context, together with `after`
    after: str
    origin_id: str  # that it counts as in its story: one for each voice


@dataclass(frozen=True, slots=True)
class Sentence:
    """A published sentence."""

    text: str
    kind: SentenceClass
    citations: tuple[str, ...]
    verdict: Verdict
    computation: Computation | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A published part of a story."""

    role: str
    heading: str | None
    paragraphs: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence the gate refused. `text` is empty where only a hash may be kept."""

    text: str
    text_hash: str
    role: str
    citations: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CitedRecord:
    """What a story prints and ships of a record it cites."""

    id: str
    content_hash: str
    url: str | None
    title: str
    publisher: str | None
    author: str | None
    platform: str
    published: datetime
    fetched: datetime
    origin_id: str
    lang: str | None
    sample: bool = False
    quality: TextQuality = TextQuality.FULL
    truncated: bool = False
    kind: str = "article"  # as of the record; so are via, source and owner
    via: tuple[str, ...] = ()
    source: str = ""
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class StoryCounts:
    """The evidence line: what the storyline holds, and what became of the drafted sentences."""

    records: int
    origins: int  # one for each voice
    platforms: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    cited_records: int
    drafted: int
    repaired: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a version is its story's last: the storyline merged `into` another, or nothing has come `since` then."""

    reason: str  # merged, idle
    since: datetime
    into: str | None = None


class StoryKind(StrEnum):
    """What a story is; chosen by rule (pipeline/write.py), laid out by its form (pipeline/compose/shapes.py)."""

    LEAD = "lead"  # the most prominent of its night
    STORY = "story"
    BEAT = "beat"  # what a beat's storylines brought that no other story tells
    DISPATCH = "dispatch"  # one signal, in at most 80 words
    ENTITY = "entity"  # what an entity's storylines brought
    BRIEFING = "briefing"  # a night's stories in brief


class Status(StrEnum):
    """Where a story stood when its version was written (pipeline/status.py)."""

    BREAKING = "breaking"
    DEVELOPING = "developing"
    ONGOING = "ongoing"
    RESOLVED = "resolved"


class Relation(StrEnum):
    """What a story is to an earlier one."""

    FOLLOWS = "follows"
    CONTRADICTS = "contradicts"
    ELABORATES = "elaborates"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Related:
    """Another story that a version has to do with: how, its id, and why in words that a person can check."""

    relation: Relation
    story_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Variants:
    """A story for other places, of its own printed sentences alone (pipeline/variants.py); empty for none."""

    card: str = ""  # two sentences
    blurb: str = ""  # at most 80 words
    post: str = ""  # at most 280 characters
    subject: str = ""  # of an e-mail
    teaser: str = ""  # its first lines


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is to read and how hard: words, seconds, and the grade of `scale`."""

    words: int
    seconds: int
    grade: float
    scale: str  # Flesch-Kincaid, LIX


@dataclass(frozen=True, slots=True)
class Story:
    """One version of a written article. Versions append; the slug is made once and never changes its subject."""

    id: str  # hash of storyline id and version number
    storyline_id: str
    slug: str
    version: int
    beat: str
    beats: tuple[str, ...]
    written: datetime
    headline: Sentence
    short_title: str
    dek: Sentence | None
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    records: tuple[CitedRecord, ...]
    dropped: tuple[Dropped, ...]
    counts: StoryCounts
    signals: tuple[Signal, ...]
    rank: Mapping[str, float]  # the terms of the ranking sum and "total"
    writer: str
    prompts: Mapping[str, str]
    settings_hash: str
    previous: str | None = None
    sample: bool = False
    lang: str = "en"
    ending: Ending | None = None
    answers: tuple[Answered, ...] = ()  # of models, in the order asked
    corrections: tuple[Correction, ...] = ()  # that made this version
    inputs: str = ""  # hash of all that its writer saw, and under which settings (pipeline/newsroom/inputs.py)
    rules: str = ""  # hash of the gate's rules that judged it
    support: str = ""  # hash of the support model that judged it (pipeline/gate/whole)
    kind: StoryKind = StoryKind.STORY
    status: Status = Status.DEVELOPING
    variants: Variants = Variants()
    length: Length | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of something held: released or rejected, when, and their note."""

    what: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Something kept back until a person decides: a story, a sentence, a site. `reason` says why in plain words."""

    id: str
    kind: str
    subject: str  # id of the storyline, story or page
    reason: str
    since: datetime
    label: str = ""  # what the subject is called
    text: str = ""  # of a held sentence; it is kept here alone
    evidence: tuple[str, ...] = ()  # keys that it cites
    decisions: tuple[Decided, ...] = ()  # first to last: the last one stands


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that a writer may see of one storyline: nothing outside it can reach the page."""

    storyline: Storyline
    beat: str
    records: Mapping[str, Record]
    claims: Mapping[str, Claim]
    origins: Mapping[str, str]  # claim id -> id of the origin that it counts as: one for each voice (pipeline/outlets)
    findings: tuple[Finding, ...]
    signals: tuple[Signal, ...]
    previous: Story | None
    history: tuple[Story, ...]
    now: datetime
    lang: str | None = None  # the language the story is written in; None: that of most of its claims
    members: tuple[Storyline, ...] = ()  # the storylines that it tells one after the other; none: it tells one
    worn: Mapping[str, int] = field(default_factory=dict)  # wordings of the last weeks' stories: how often
    overused: tuple[str, ...] = ()  # patterns that these show too often (pipeline/repetition.py)
    held: tuple[Held, ...] = ()  # what a person has decided of sentences and stories that were held
