"""The seams: what a stage needs from outside. An adapter is a class that fits one protocol; stages see only these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from pipeline.domain import (
    Batch,
    Cursor,
    HostState,
    Quarantined,
    Source,
)
from pipeline.protocols.models import (
    LLM,
    NOTHING,
    Completion,
    Decision,
    Decisions,
    Question,
    Usage,
    choice,
    score,
    yes_no,
)
from pipeline.protocols.storing import Analysis, Hourly, Saved, Store

__all__ = [
    "LLM",
    "NOTHING",
    "Analysis",
    "Checkpoint",
    "Completion",
    "Decision",
    "Decisions",
    "Embedder",
    "Engine",
    "Fetcher",
    "Habits",
    "Hourly",
    "Outcome",
    "Polite",
    "Question",
    "Reply",
    "Saved",
    "SearchableSource",
    "SourceAdapter",
    "Store",
    "Usage",
    "Wary",
    "choice",
    "no_checkpoint",
    "score",
    "yes_no",
]

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

    @property
    def apart(self) -> bool:
        """Whether that is outside this process, which can do other work meanwhile."""
        ...

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
