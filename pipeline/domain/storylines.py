"""What claims become: storylines, findings and disputes, signals, and the ranking of a night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
