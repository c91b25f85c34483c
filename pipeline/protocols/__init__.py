"""The seams: what a stage needs from outside. An adapter is a class that fits one protocol; stages see only these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from pipeline.domain import (
    Batch,
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
    Raw,
    Record,
    Run,
    Signal,
    Source,
    SourceHealth,
    StageReport,
    Story,
    Storyline,
)

T = TypeVar("T")
R = TypeVar("R")


# --- fetching --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete, decoded HTTP answer. `url` is the address after redirects; header names are lower case.

    `reserved` is the header that keeps the text from being read by machines ("X-Robots-Tag: noai",
    "TDM-Reservation: 1"), None where there is none. It binds whoever takes text from a page; a feed is offered.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirected_permanently: bool = False
    reserved: str | None = None


class Fetcher(Protocol):
    """Guarded, polite HTTP. Raises FetchError and its children, nothing else."""

    def get(
        self,
        url: str,
        *,
        cursor: Cursor | None = None,
        limit: int | None = None,
        accept: str = "*/*",
        robots: bool = False,
        home: bool = False,
        headers: Mapping[str, str] | None = None,
        pace: float = 0.0,
    ) -> Reply:
        """GET `url`; a 304 comes back as a Reply with status 304. `limit` caps the decoded body in bytes.

        `robots`: obey the site's robots.txt (for pages), raising RobotsRefused. `home`: this is a source's own
        address, so a permanent redirect to another registrable domain raises Moved before that domain is asked, and a
        robots.txt that closes the address to us by name raises RobotsRefused (one that closes it to everybody does
        not: feeds and interfaces are offered to programs). `headers` (keys, tokens) go to the origin of `url` alone,
        and no message ever holds their values. `pace`: the least seconds between two requests to this host where its
        documentation asks for more than the desk's own pace; from then on it holds for every request to the host.
        """
        ...

    def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str = "application/json",
        limit: int | None = None,
        accept: str = "application/json",
        headers: Mapping[str, str] | None = None,
        pace: float = 0.0,
    ) -> Reply:
        """POST `body`, for tokens and for searches that are asked that way: once, never redirected, never retried."""
        ...


@runtime_checkable
class Polite(Protocol):
    """A fetcher whose politeness outlives the process: it is told what was, and tells what changed."""

    def recall(self, states: Iterable[HostState]) -> None:
        """Before a run: take up what earlier runs left. Forgets which hosts were silent in the run before."""
        ...

    def changed(self) -> tuple[HostState, ...]:
        """Whole states of the hosts that changed since the last call, sorted by host; each replaces its last one.

        May be called from any thread while requests go on; what it has handed out it does not hand out again.
        """
        ...


class SourceAdapter(Protocol):
    """One kind of source."""

    def read(self, source: Source, cursor: Cursor, now: datetime) -> Batch:
        """Read what is new since `cursor`. Raises SourceError."""
        ...


@dataclass(frozen=True, slots=True)
class Habits:
    """What a kind says of its sources by attributes of these names."""

    links_to_pages: bool = False  # ingest reads the pages behind its records
    unlimited: bool = False  # max_new does not bind it
    outside_index: bool = False  # it lists what others publish, so it shows what the desk's sources missed


@runtime_checkable
class SearchableSource(SourceAdapter, Protocol):
    """A kind that can also be asked a question, for `topic`."""

    def search(self, source: Source, query: str, now: datetime, *, days: int, limit: int) -> Batch:
        """Records that answer `query` in the last `days` days. Raises SourceError."""
        ...


# --- models ----------------------------------------------------------------------------------------------------------


class Embedder(Protocol):
    """Turns texts into vectors. `name` says model and version; vectors of different names never mix."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Any:
        """Rows of unit length, one per text: a float32 ndarray (n, d) or a scipy CSR matrix (n, vocabulary).

        A text without content gives a zero row.
        """
        ...


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, already checked to be a JSON object of the asked shape."""

    value: Mapping[str, Any]
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    cached: bool = False


class LLM(Protocol):
    """A language model behind one verb: prompt and JSON Schema in, validated object out. It has no tools."""

    @property
    def name(self) -> str: ...

    def generate(self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        """Raises ModelError (refused, failed, not the asked shape) or BudgetExhausted."""
        ...


# --- work ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one task: a value, or the error that a killed, crashed or failing task left.

    `killed`: the task did not raise; its process died or was stopped at a limit. Tried again, it would do so again.
    """

    value: Any = None
    error: str | None = None
    killed: bool = False


class Engine(Protocol):
    """Where batches of pure work run."""

    def map(self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None) -> Iterable[Outcome]:
        """`function` over `items`, results in the order of `items`; one task can die without the others."""
        ...

    def close(self) -> None:
        """End the workers, if there are any."""
        ...


@runtime_checkable
class Wary(Engine, Protocol):
    """An engine that knows which documents killed its workers: it is told what was, and tells what changed."""

    def recall(self, documents: Iterable[Quarantined]) -> None:
        """Before a run: take up what earlier runs learnt."""
        ...

    def changed(self, now: datetime) -> tuple[Quarantined, ...]:
        """Documents that killed a worker since the last call, by hash."""
        ...


def no_checkpoint(name: str) -> None:
    """The checkpoint of a normal night: nothing. Tests pass one that kills the process at a chosen `name`."""


Checkpoint = Callable[[str], None]


# --- storing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch: ids that were new, new versions of known records, exact repeats."""

    new: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    repeats: int = 0


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
    vectors: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)  # model -> id -> what it made of a text
    now: datetime | None = None


class Store(Protocol):
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
    def pending_records(self) -> Sequence[Record]: ...
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
    ) -> Sequence[Storyline]: ...
    def labels(self, *, since: datetime, until: datetime, records: int) -> Mapping[str, str]: ...
    def storylines_of_records(self, record_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]: ...
    def memberships(self, storyline_id: str) -> Sequence[Membership]: ...
    def findings(self, storyline_ids: Iterable[str]) -> Sequence[Finding]: ...
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
    def voices(self, entity_ids: Iterable[str]) -> Mapping[str, frozenset[str]]: ...
    def namings(self, keys: Iterable[str]) -> Sequence[Naming]: ...
    def save_analysis(self, analysis: Analysis) -> None: ...

    # signal
    def signals(self, *, subject: str | None = None, since: datetime | None = None) -> Sequence[Signal]: ...
    def save_signals(self, signals: Sequence[Signal], now: datetime) -> None: ...

    # write
    def latest_story(self, storyline_id: str) -> Story | None: ...
    def story_history(self, storyline_id: str) -> Sequence[Story]: ...
    def save_story(self, story: Story) -> None: ...
    def live_stories(self, *, since: datetime | None = None) -> Sequence[Story]:
        """The latest version of every storyline's story, or of those written `since`."""
        ...

    def all_stories(self) -> Sequence[Story]: ...
    def save_held(self, items: Sequence[Held]) -> None:
        """Keep items back for a person to decide; one that is held already keeps its date."""
        ...

    def held_items(self) -> Sequence[Held]: ...
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

    def counts(self) -> Mapping[str, int]:
        """Rows per table of interest: records, claims, storylines, signals, stories."""
        ...

    def close(self) -> None: ...
