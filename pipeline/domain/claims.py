"""What is claimed: evidence, claims, the origins they count as, and the entities they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.domain.language import DateMention, Hedge, Quantity, Span
from pipeline.domain.values import aware, digest


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
        aware("published", self.published)


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
    small: int = 0  # origins that write the same word in small letters, too


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
