"""The nouns. Frozen, validated, standard library only; stages hand each other these and nothing else.

Times are timezone-aware UTC. Offsets count Unicode code points into a record's stored NFC text.
Ids are hashes of content, so a second run makes the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.amends import Answered, Correction, ModelUse


def digest(*parts: str, size: int = 16) -> str:
    """Hex digest of `parts`: the one way ids are made. Parts cannot run into each other (length-prefixed)."""
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        sha.update(f"{len(raw)}:".encode())
        sha.update(raw)
    return sha.hexdigest()[:size]


def _aware(name: str, value: datetime | None) -> None:
    if value is not None and value.utcoffset() is None:
        raise ValueError(f"{name} must be timezone-aware, got {value!r}")


def utc(value: datetime) -> datetime:
    """`value` in UTC; a naive time is refused."""
    _aware("time", value)
    return value.astimezone(UTC)


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A configured origin of records."""

    name: str
    kind: str
    address: str
    beat: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    owner: str | None = None
    country: str | None = None
    lang: str | None = None
    note: str | None = None  # what the operator says of its quality


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a source has been read. Validators are kept letter for letter, quotes included."""

    etag: str | None = None
    last_modified: str | None = None
    position: str | None = None


class TextQuality(StrEnum):
    """Where a record's text comes from, best first."""

    FULL = "full"
    FEED = "feed"
    SUMMARY = "summary"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Record:
    """One item read from one source; immutable.

    `text` is what evidence points into: NFC, the headline on the first line where there is one, an empty line, the
    body. `content_hash` is the hash of `text`; a changed page is a new version under the same id.
    """

    id: str
    source: str
    platform: str
    kind: str  # article, post, comment
    native_id: str
    url: str | None
    publisher: str | None
    author: str | None
    title: str
    text: str
    quality: TextQuality
    lang: str | None
    published: datetime
    fetched: datetime
    date_doubtful: bool = False
    truncated: bool = False  # the feed cut the text off; its last sentence yields no claim
    backfill: bool = False
    sample: bool = False
    beat: str | None = None  # the source's beat: a hint
    discussion_url: str | None = None
    engagement: Mapping[str, int] = field(default_factory=dict)
    via: tuple[str, ...] = ()  # the aggregators that led to it, nearest to the reader first: names or addresses
    owner: str | None = None  # of the source, as configured; so are country and note
    country: str | None = None
    note: str | None = None
    extractor: str | None = None  # what read the text: "trafilatura", "feed", ...
    text_score: float | None = None  # 0..1: how much the text looks like a whole article (pipeline/extract)
    raw: str | None = None  # hash of the bytes it was read from, kept compressed in the store
    dated: str | None = None  # the date as the source wrote it, where it could not be believed

    def __post_init__(self) -> None:
        _aware("published", self.published)
        _aware("fetched", self.fetched)

    @property
    def content_hash(self) -> str:
        """Hash of the stored text; evidence is bound to it."""
        return digest("text", self.text, size=32)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they came from the network, before anybody read them. `hash` is that of `body`."""

    url: str
    media_type: str
    body: bytes

    @property
    def hash(self) -> str:
        """What a record's `raw` holds."""
        return hashlib.sha256(self.body).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read of one source gave: records, the next cursor, and what was dropped and why (rule -> count).

    `identity` is how the source names itself (a feed's title and site), so that another one in its place is noticed.
    `moved_to` is where a permanent redirect within the same site has led.
    """

    records: tuple[Record, ...]
    cursor: Cursor
    unchanged: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    raws: tuple[Raw, ...] = ()
    identity: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of a source's reliability after its last read."""

    source: str
    checked: datetime
    ok: bool
    error: str | None = None
    last_success: datetime | None = None
    last_item: datetime | None = None
    failures: int = 0  # consecutive
    empties: int = 0  # consecutive successful reads without a new item
    retry_at: datetime | None = None
    usual: float = 0.0  # new items of a usual read: a running mean
    silent: bool = False  # it used to bring items and brings none
    listed: int = 0  # items of the last read, what became of them:
    fresh: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)  # rule -> count
    identity: str | None = None  # how the source names itself
    moved_to: str | None = None  # where it redirects for good
    moved_since: datetime | None = None
    moved_seen: int = 0  # nights in a row that it did so
    quarantined: str | None = None  # why nothing of it is taken until a person accepts it
    address: str | None = None  # where it was read; what is known of an old address does not hold for a new one
    failing_since: datetime | None = None
    host_until: datetime | None = None  # how long its host wants to be left alone, by its other sources too
    longest: int = 0  # the most empties in a row that ended with an item
    reach: datetime | None = None  # of the last read: as in SourceRead


@dataclass(frozen=True, slots=True)
class SourceRead:
    """One attempt to read a source: when, whether it answered, and how many new items it brought."""

    source: str
    at: datetime
    ok: bool
    fresh: int = 0
    reach: datetime | None = None  # when its oldest item came out, where all it listed was new: older may be missed


@dataclass(frozen=True, slots=True)
class HostState:
    """What politeness remembers of a host from one run to the next. Times are those of the real clock."""

    host: str  # "host" or, on a port of its own, "host:port"; for robots.txt the origin, "https://host:443"
    asked: datetime | None = None  # the last request
    closed_until: datetime | None = None  # it said so with Retry-After
    robots: str | None = None  # text of its robots.txt; "" where it has none; None while it is not known
    robots_until: datetime | None = None  # good until
    robots_problem: str | None = None  # why it could not be read, which closes the host's pages to us


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that has killed its parser; after `tries` of them it is not parsed again. `hash` is of its bytes."""

    hash: str
    url: str
    source: str
    why: str
    since: datetime
    tries: int = 1


# --- language --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in some text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or negative span {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the text gives it, normalised: 15 GW is 15e9 of unit "W"; "four in ten" is 0.4 of unit "ratio".

    `unit` is a base unit or counted noun ("" when bare); `bound` is "", "over", "under", "about" or "up to".
    `step` is how finely the source spoke, in base units (1e9 for "15 GW", 0 for "a third"): 15 GW and 15,000 MW are
    equal, 15.04 GW is not.
    """

    span: Span
    text: str
    value: float
    unit: str
    bound: str = ""
    noun: str = ""  # the counted thing, folded: "tent" in "six massive tents"
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class DateMention:
    """A calendar expression: ISO prefix as precise as the text ("2026", "2026-03", "2026-03-11", "W-2"...)."""

    span: Span
    text: str
    value: str
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. `key` folds case, articles, possessives and corporate suffixes; `kind` is a coarse type.

    `language.names` knows person, organisation, place and product; `language.kinds` also state body, technology, law
    and concept. "name": the text does not tell.
    """

    span: Span
    text: str
    key: str
    kind: str = "name"


class Hedge(StrEnum):
    """How firmly a statement is made. Order is from firm to weak; DENIES stands apart."""

    STATES = "states"
    PLANS = "plans"
    EXPECTS = "expects"
    COULD = "could"
    REPORTED = "reported"
    DENIES = "denies"


# --- analysing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exact span of a record: `quote == record.text[start:end]`, under that content hash."""

    record_id: str
    content_hash: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.quote) or not self.quote.strip():
            raise ValueError(
                f"evidence {self.start}..{self.end} does not fit its quote of {len(self.quote)} characters"
            )

    @property
    def key(self) -> str:
        """Content hash used as the citation key; a number is given only when a page is rendered."""
        return "e" + digest("evidence", self.record_id, self.content_hash, str(self.start), str(self.end), self.quote)


class ClaimKind(StrEnum):
    """What sort of statement a claim is."""

    STATISTIC = "statistic"
    QUOTE = "quote"
    EVENT = "event"
    FORECAST = "forecast"
    OPINION = "opinion"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement with the exact words it rests on.

    `text` is the statement; for the keyless extractor it is the quote of the first span. `context` (who "it" is)
    stands beside the span, never instead of it. `worth` in 0..1 is check-worthiness.
    """

    id: str
    record_id: str
    text: str
    evidence: tuple[Evidence, ...]
    kind: ClaimKind
    hedge: Hedge
    speaker: str | None  # None: the record's own voice
    entities: tuple[str, ...]  # Mention keys, in order of appearance
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    worth: float
    published: datetime
    in_headline: bool = False
    context: str | None = None
    origin_id: str | None = None  # overrides the record's origin ("according to X")
    subject: str | None = None  # the words of `text` that name what it is about, letter for letter
    when: str | None = None  # the time spoken of: ISO prefix as in DateMention, or an interval "2023-10-01/2023-10-07"
    stance: str = "neutral"  # how it judges what it speaks of: favourable, critical, neutral (language/stance.py)
    register: str = ""  # one of ten (language/registers.py); "" where none was asked for or the language is not read

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a claim without evidence cannot be built")
        _aware("published", self.published)


@dataclass(frozen=True, slots=True)
class Origin:
    """Records that say the same thing because one was copied from another; id is that of the earliest."""

    id: str
    record_ids: tuple[str, ...]
    reason: str = "itself"


@dataclass(frozen=True, slots=True)
class Entity:
    """What several records name alike: a firm, a place, a public person. The id is the hash of its folded name.

    A person who is not public has no key, no names and no roles here: only how often and when somebody of that
    (hashed) name was met, so that the rule can be applied (pipeline/entities/registry.py).
    """

    id: str
    key: str
    name: str  # as most origins write it
    kind: str  # as in Mention, by the votes of origins
    first_seen: datetime
    last_seen: datetime
    origins: int  # independent origins that have named it
    public: bool = True
    merged_into: str | None = None  # shown to be the same as an older one
    kinds: Mapping[str, int] = field(default_factory=dict)  # kind -> origins
    names: Mapping[str, int] = field(default_factory=dict)  # spelling -> origins
    roles: tuple[str, ...] = ()  # offices held, in the words of the records
    shield: str = ""  # "minor", "victim", "accused": how a record spoke of the person
    days: tuple[str, ...] = ()  # the first days on which it was named in a language that can be judged
    voices: tuple[str, ...] = ()  # hashes of who named it, as many as make a person public


@dataclass(frozen=True, slots=True)
class Named:
    """That a record names an entity, and where; a person who is not public without the places."""

    record_id: str
    entity_id: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """What a record says of two names: `key` is short for `other` ("defined"), or was replaced by it ("renamed").

    Never changed once it is stored; `at` is when the record was published, `evidence` its exact words.
    """

    what: str
    key: str
    other: str
    name: str  # both as they are written
    other_name: str
    origin_id: str
    at: datetime
    evidence: Evidence


class TurnKind(StrEnum):
    """What can happen to a storyline, told from its own side."""

    TOOK_IN = "took in"
    MERGED_INTO = "merged into"
    SPLIT_OFF = "split off"  # another left it
    SPLIT_FROM = "split from"


@dataclass(frozen=True, slots=True)
class Turn:
    """That a storyline split or merged: when, with which other (its id, its label then), and why in checkable words."""

    kind: TurnKind
    at: datetime
    other: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Storyline:
    """One unfolding event or thread. The id is the hash of its founding claim, fixed at birth."""

    id: str
    label: str
    beats: tuple[str, ...]
    founded: datetime
    updated: datetime
    claim_ids: tuple[str, ...]
    record_ids: tuple[str, ...]
    parent: str | None = None  # split from
    merged_into: str | None = None
    turns: tuple[Turn, ...] = ()  # its splits and merges, oldest first


@dataclass(frozen=True, slots=True)
class BeatScore:
    """That a text belongs to a beat: how sure that is, 0 to 1, and why in words that a person can check."""

    beat: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Membership:
    """That a claim belongs to a storyline, since when, and why in words a person can check."""

    storyline_id: str
    claim_id: str
    record_id: str
    since: datetime
    reason: str
    until: datetime | None = None


class FindingState(StrEnum):
    """Where a finding stands tonight."""

    NEW = "new"
    REPEATED = "repeated"
    CORROBORATED = "corroborated"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"


class DisputeKind(StrEnum):
    """How two claims disagree."""

    NUMBER = "number"
    DATE = "date"
    POLARITY = "polarity"
    ATTRIBUTION = "attribution"
    STATUS = "status"  # one says it happened, the other that it is planned, explored or retracted


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two claims about the same thing that cannot both hold. `what` names the thing, in words both spans hold."""

    kind: DisputeKind
    a: str  # claim id
    b: str
    what: str
    a_value: str = ""
    b_value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One assertion inside a storyline, with the claims of all origins that make it."""

    id: str
    storyline_id: str
    claim_ids: tuple[str, ...]
    origin_ids: tuple[str, ...]
    state: FindingState
    first_seen: datetime
    last_seen: datetime
    disputes: tuple[Dispute, ...] = ()
    superseded_by: str | None = None
    since: datetime | None = None  # the night that found it in its state; of a superseded one, replaced by that finding


@dataclass(frozen=True, slots=True)
class Weighted:
    """One evidence row of a signal: a claim or record id and its share of the score."""

    id: str
    weight: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A measured change. Counts are of origins. `held` says why it may not fire tonight."""

    id: str
    kind: str
    subject: str  # storyline, beat or entity id
    score: float
    baseline: float
    threshold: float
    n: int
    window_start: datetime
    window_end: datetime
    severity: str  # low, medium, high
    evidence: tuple[Weighted, ...]
    summary: str
    held: str | None = None
    about: str = "storyline"  # what the subject is: storyline, beat, source, entity, phrase
    confidence: float | None = None  # share of such signals that were real changes in back-tests
    chance: float | None = None  # probability of so much or more without a change

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a signal without evidence cannot be built")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the ranking of one night made of a storyline: its terms, which add up to `total`, and what came of it."""

    night: datetime
    storyline_id: str
    total: float
    terms: Mapping[str, float]
    outcome: str  # told, unchanged, passed over
    why: str = ""  # of what was not told


# --- writing ---------------------------------------------------------------------------------------------------------


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


# --- running ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong and did not stop the night: what, why, what follows, what to do."""

    subject: str
    what: str
    consequence: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage saw, made and dropped. `seconds` stays in the run report and never reaches the site."""

    stage: str
    seen: int = 0
    made: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    cost: float = 0.0
    models: tuple[ModelUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One night."""

    id: str
    now: datetime
    stages: tuple[StageReport, ...]
    outcome: str  # published, nothing new, held, failed
    exit_code: int
