"""The seam to what is kept: the store, and what is committed to it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.amends import Correction, Recheck
from pipeline.domain import (
    BeatScore,
    Claim,
    Cursor,
    Entity,
    Finding,
    Held,
    HostState,
    Membership,
    Named,
    Naming,
    Origin,
    Quarantined,
    Ranked,
    Raw,
    Record,
    Run,
    Signal,
    SourceHealth,
    SourceRead,
    StageReport,
    Story,
    Storyline,
)
from pipeline.protocols.stating import Stating

if TYPE_CHECKING:  # everybody imports the seams, the command line and parser processes too: nothing heavy in them
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch: ids that were new, new versions of known records, exact repeats."""

    new: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Hourly:
    """Origins an hour of many subjects: `count[i]` in hour `hour[i]` for `subject[i]` from `source[i]`.

    Rows are in order of subject, hour and source; subjects and sources are places in `keys` and `sources`, hours whole
    hours before a common end. `born`: for each subject the hour in which it was first met ever, -1 where that was
    before the time asked for or is not known. All arrays are int32.
    """

    keys: tuple[str, ...]
    born: NDArray[np.int32]
    sources: tuple[str, ...]
    subject: NDArray[np.int32]
    hour: NDArray[np.int32]
    source: NDArray[np.int32]
    count: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything one analysis step decided, committed at once with its "done" marks."""

    record_ids: tuple[str, ...]  # these become "analysed"
    claims: tuple[Claim, ...] = ()
    origins: tuple[Origin, ...] = ()  # replace the origins of the records they name
    storylines: tuple[Storyline, ...] = ()  # inserted or updated
    joined: tuple[Membership, ...] = ()
    left: tuple[Membership, ...] = ()  # memberships closed, with `until`
    findings: tuple[Finding, ...] = ()  # inserted or updated
    retired: tuple[str, ...] = ()  # ids of findings that no claim of their storyline makes any more; removed
    record_beats: Mapping[str, tuple[BeatScore, ...]] = field(default_factory=dict)
    beats_by: str = ""  # digest of what decided them
    entities: tuple[Entity, ...] = ()  # inserted or updated
    named: tuple[Named, ...] = ()  # all that `record_ids` name, instead of what they named before
    namings: tuple[Naming, ...] = ()
    tellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # claim id -> keys of the ledger of findings
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # record id -> key -> as written
    vectors: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)  # model -> id -> what it made of a text
    now: datetime | None = None


class Aging(StrEnum):
    """What a store forgets by age: all of it can be made or asked again, and no page rests on it."""

    ANSWERS = "answers"  # of models, kept so that the same question is not asked twice
    READS = "reads"  # when each source was read
    RANKINGS = "rankings"
    REPORTS = "reports"  # of runs and their stages


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a store's file, and those of them that are free for coming nights."""

    size: int
    free: int


class Store(Stating, Protocol):
    """Small questions that stages ask. Every write method is one transaction. Raises StoreError.

    Lists come back sorted by id or time then id, so that no answer depends on insertion order.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """Group writes into one transaction; nested use joins the outer one."""
        ...

    # ingest
    def cursor(self, source: str) -> Cursor: ...
    def known(self, record_ids: Sequence[str]) -> frozenset[str]:
        """Those of `record_ids` that are stored, or are aliases of one that is."""
        ...

    def aliases(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Other id -> id of the record, for those of `ids` that are other ids."""
        ...

    def save_batch(
        self,
        source: str,
        records: Sequence[Record],
        cursor: Cursor,
        health: SourceHealth | None,
        *,
        aliases: Mapping[str, str] | None = None,
        raws: Sequence[Raw] = (),
    ) -> Saved:
        """Records, cursor and health together; None leaves the health as it was.

        `aliases`: other id -> id of a record that is stored or in this batch. Of `raws` those are kept that a new
        record or version of this batch names.
        """
        ...

    def save_health(self, health: SourceHealth) -> None: ...
    def health(self) -> Mapping[str, SourceHealth]: ...
    def raw(self, hash_: str) -> Raw | None:
        """What a record was read from, as long as it is kept."""
        ...

    def prune_raws(self, before: datetime) -> None:
        """Forget what was fetched before a time."""

    def hosts(self) -> Sequence[HostState]: ...
    def save_hosts(self, states: Iterable[HostState]) -> None: ...
    def quarantine(self) -> Sequence[Quarantined]:
        """Documents that have killed their parser, by hash."""

    def save_quarantine(self, documents: Iterable[Quarantined]) -> None: ...

    # analyze
    def pending(self) -> Sequence[str]:
        """Ids of the records whose latest text was not analysed yet, by publication time, then id."""
        ...

    def records(self, ids: Iterable[str]) -> Mapping[str, Record]: ...
    def record_version(self, record_id: str, content_hash: str) -> Record | None: ...
    def records_between(self, start: datetime, end: datetime) -> Sequence[Record]:
        """Latest versions by fetch time, start <= fetched < end."""
        ...

    def claims(self, ids: Iterable[str]) -> Mapping[str, Claim]: ...
    def claims_of_records(self, record_ids: Iterable[str]) -> Sequence[Claim]: ...
    def origins_of(self, record_ids: Iterable[str]) -> Mapping[str, str]:
        """Record id -> origin id, for records that have one."""
        ...

    def origins(self, ids: Iterable[str]) -> Mapping[str, Origin]: ...
    def vectors(self, ids: Iterable[str], model: str) -> Mapping[str, bytes]: ...
    def storylines(
        self,
        ids: Iterable[str] | None = None,
        *,
        updated_since: datetime | None = None,
        merged_into: Iterable[str] | None = None,
        claims: bool = True,
    ) -> Sequence[Storyline]: ...
    def labels(self, *, since: datetime, until: datetime, records: int) -> Mapping[str, str]: ...
    def storylines_of_records(self, record_ids: Iterable[str], *, least: int = 1) -> Mapping[str, tuple[str, ...]]: ...
    def memberships(self, storyline_id: str) -> Sequence[Membership]: ...
    def findings(self, storyline_ids: Iterable[str], *, joint: bool = False) -> Sequence[Finding]: ...
    def knew(self, storyline_ids: Iterable[str], at: datetime) -> frozenset[str]:
        """Those of the storylines that had a finding at a time."""
        ...

    def told_of(self, keys: Iterable[str], *, since: datetime) -> Mapping[str, tuple[tuple[str, str, str], ...]]: ...
    def record_beats(self, record_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]: ...
    def beat_scores(self, record_ids: Iterable[str]) -> Mapping[str, tuple[BeatScore, ...]]: ...
    def stale_beats(self, basis: str, *, limit: int) -> tuple[int, Sequence[Record]]: ...
    def entities(self, ids: Iterable[str]) -> Mapping[str, Entity]: ...
    def entities_seen(self, since: datetime) -> Sequence[Entity]:
        """Public entities that were named at or after `since` and stand for themselves."""
        ...

    def bearers(self, surnames: Iterable[str]) -> Mapping[str, tuple[Entity, ...]]: ...
    def named(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Named, ...]]: ...
    def names_in(self, record_ids: Iterable[str]) -> Mapping[str, tuple[tuple[str, str], ...]]: ...
    def voices(self, entity_ids: Iterable[str]) -> Mapping[str, frozenset[str]]: ...
    def namings(self, keys: Iterable[str]) -> Sequence[Naming]: ...
    def save_analysis(self, analysis: Analysis) -> None: ...

    # signal
    def signals(
        self, *, subject: str | None = None, since: datetime | None = None, beginning: str | None = None
    ) -> Sequence[Signal]:
        """Signals, held ones too: about `subject`, whose window ends at `since` or later, whose id begins so."""
        ...

    def save_signals(self, signals: Sequence[Signal], now: datetime) -> None: ...
    def reads(self, since: datetime) -> Sequence[SourceRead]:
        """Attempts to read sources at or after `since`, by source, then time."""
        ...

    def arrivals(self, since: datetime, until: datetime) -> Sequence[str]:
        """Ids of records that arrived after `since` and not after `until`, in order.

        A record arrives when it was published, or fetched where that is earlier or its date is doubtful.
        """
        ...

    def heard(self, origin_ids: Iterable[str], before: datetime) -> frozenset[str]:
        """Those of `origin_ids` of which a record arrived at `before` or earlier."""
        ...

    def hourly(self, about: str, since: datetime, until: datetime, end: datetime) -> Hourly:
        """Origins an hour of each living "storyline", "beat", "source", public "entity" or "phrase", before `end`.

        Those that arrived after `since` and not after `until`, each with the first of its records of that time.
        """
        ...

    def phrases(self, record_ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Record id -> key phrases (key -> as written) in order of key, of records that have any."""
        ...

    def sites(self, wanted: Iterable[str]) -> Mapping[str, datetime]:
        """Since when anything of each of these registered domains was read here; not those that never were."""
        ...

    def rankings(self, *, storyline_id: str | None = None, since: datetime | None = None) -> Sequence[Ranked]:
        """What rankings made of storylines, by night, then place."""
        ...

    def save_ranking(self, night: datetime, ranked: Sequence[Ranked]) -> None:
        """Keep the ranking of one night, best first, in place of what it was."""
        ...

    # write
    def latest_story(self, storyline_id: str) -> Story | None: ...
    def story_history(self, storyline_id: str, *, withdrawn: bool = False) -> Sequence[Story]:
        """The versions of a story that stand, first to last; or those that were `withdrawn`."""
        ...

    def save_story(self, story: Story) -> None: ...
    def live_stories(self, *, since: datetime | None = None) -> Sequence[Story]:
        """The latest standing version of every storyline's story, or of those written `since`."""
        ...

    def all_stories(self, *, withdrawn: bool = False) -> Sequence[Story]:
        """Every version that stands; or every one that was `withdrawn`."""
        ...

    def corrections(self) -> Sequence[Correction]:
        """The whole log of corrections, by time, then id."""
        ...

    def save_correction(self, entry: Correction, successors: Sequence[Story] = ()) -> None:
        """Enter a correction, withdraw what it withdraws and append the versions that it made, all at once."""
        ...

    def withdrawn(self) -> Mapping[str, str]:
        """Withdrawn version -> the correction that withdrew it first."""
        ...

    def rechecks(self, record_ids: Iterable[str] | None = None) -> Mapping[str, Recheck]:
        """What the last visits to the pages of records found; of all records ever visited where none is named."""
        ...

    def save_rechecks(self, found: Iterable[Recheck]) -> None: ...
    def papers(self, story_id: str) -> str | None:
        """What a version was written from, by reference (pipeline/newsroom/inputs.py); None where it was not kept."""
        ...

    def save_papers(self, story_id: str, body: str) -> None: ...

    def save_held(self, items: Sequence[Held]) -> None:
        """Keep items back for a person to decide; one that is held already keeps its date and what was decided."""
        ...

    def decide_held(self, item: Held) -> None:
        """Keep a held item with what a person decided, in place of what it was."""
        ...

    def held_items(self) -> Sequence[Held]:
        """What waits for a person, and what was decided, by time, then id."""
        ...

    def cached_answer(self, key: str) -> str | None: ...
    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None: ...

    # topic
    def topic_seen(self, query: str, *, before: datetime | None = None) -> tuple[datetime, frozenset[str]] | None:
        """When this query was last answered (`before` a time) and which record ids the answer held."""
        ...

    def save_topic(self, query: str, record_ids: Sequence[str], now: datetime) -> None: ...
    def search_records(
        self, words: Sequence[str], *, since: datetime | None = None, limit: int = 500
    ) -> Sequence[Record]:
        """Latest record versions that hold at least one of `words` (folded), best match first, then id."""
        ...

    # runs
    def save_run(self, run: Run) -> None: ...
    def runs(self, limit: int = 50) -> Sequence[Run]: ...
    def save_stage(self, run_id: str, report: StageReport, now: datetime) -> None: ...

    # upkeep
    def prune_dated(self, what: Aging, before: datetime) -> int:
        """Forget what is of before a time; how many."""
        ...

    def prune_vectors(self, keys: Iterable[str]) -> int:
        """Forget what embedders made of the texts with these keys; how many rows that were."""
        ...

    def fetched_between(self, after: tuple[datetime, str] | None, before: datetime, *, limit: int) -> Sequence[Record]:
        """At most `limit` records last fetched before a time, the oldest first; `after` is the last one of a page."""
        ...

    def room(self) -> Room:
        """How the store's file is filled."""
        ...

    def compact(self, place: Path) -> int:
        """Give free space of the file back to the disk under `place` where most of it is free; how many bytes."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Rows per table of interest: records, claims, storylines, signals, stories."""
        ...

    def close(self) -> None: ...
