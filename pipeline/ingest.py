"""The first stage: sources to records.

Sources are read side by side, one after the other where they share a host; the owner alone talks to the store, in the
order of the sources' names, so that a night gives the same records whichever answered first. Records, cursor and health
of a source are stored in one transaction. A source that fails costs its own records of tonight and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from pipeline import addresses, fulltext, waiting
from pipeline.domain import Batch, Cursor, Failure, Record, Source, SourceHealth, StageReport
from pipeline.errors import CitewireError, ConfigurationError, HttpStatus
from pipeline.protocols import Checkpoint, Engine, Fetcher, SearchableSource, SourceAdapter, Store, no_checkpoint
from pipeline.settings import IngestSettings

ALL_FAILED = "every source failed"
_BACK_OFF = timedelta(hours=6)  # after "too many requests" without a Retry-After; doubled each time
_LONGEST = timedelta(days=7)
_BUSY = (429, 503)

Adapters = Callable[[str], SourceAdapter]
Ask = Callable[[SourceAdapter, Source, Cursor], Batch]


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of reading one source: a batch, or an error."""

    source: Source
    batch: Batch | None = None
    waiting: tuple[Record, ...] = ()  # from earlier nights
    error: Exception | None = None
    adapter: SourceAdapter | None = None


@dataclass(frozen=True, slots=True)
class _Selected:
    """What of a batch goes to the store."""

    read: _Read
    new: tuple[Record, ...]
    changed: tuple[Record, ...]
    cursor: Cursor
    dropped: Mapping[str, int]


def ingest(
    store: Store,
    sources: Sequence[Source],
    *,
    adapters: Adapters,
    fetcher: Fetcher,
    engine: Engine,
    settings: IngestSettings,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Read what is new in `sources`. `adapters(kind)` gives the adapter of a kind. Raises StoreError only."""
    ordered = sorted(sources, key=lambda source: source.name)
    health = store.health()
    asked = [source for source in ordered if not _waits(health.get(source.name), now)]
    cursors = {source.name: store.cursor(source.name) for source in asked}

    def ask(adapter: SourceAdapter, source: Source, cursor: Cursor) -> Batch:
        return adapter.read(source, cursor, now)

    reads = _read_all(asked, cursors, adapters, settings, ask)
    checkpoint("ingest.read")
    selected = _select(reads, store, settings, now)
    full = _full_text(selected, fetcher, engine, settings, now)
    checkpoint("ingest.pages")
    return _keep(store, ordered, selected, full, health=health, now=now, checkpoint=checkpoint)


def search(
    store: Store,
    sources: Sequence[Source],
    query: str,
    *,
    days: int,
    limit: int,
    adapters: Adapters,
    fetcher: Fetcher,
    engine: Engine,
    settings: IngestSettings,
    now: datetime,
) -> StageReport:
    """Ask the sources that can search for `query` and store what they find; their cursors stay. Raises StoreError.

    Sources of kinds that cannot search, or cannot be loaded, are left out; `seen` is 0 where none can.
    """
    health = store.health()
    ordered = sorted(sources, key=lambda source: source.name)
    able = [s for s in ordered if not _waits(health.get(s.name), now) and _searchable(adapters, s.kind)]
    cursors = {source.name: store.cursor(source.name) for source in able}

    def ask(adapter: SourceAdapter, source: Source, cursor: Cursor) -> Batch:
        found = cast(SearchableSource, adapter).search(source, query, now, days=days, limit=limit)
        return replace(found, cursor=cursor)

    selected = _select(_read_all(able, cursors, adapters, settings, ask), store, settings, now)
    full = _full_text(selected, fetcher, engine, settings, now)
    return _keep(store, able, selected, full, health=health, now=now, checkpoint=no_checkpoint)


def all_failed(report: StageReport) -> bool:
    """Whether no source at all could be read."""
    return ALL_FAILED in report.notes


# --- reading ---------------------------------------------------------------------------------------------------------


def _waits(health: SourceHealth | None, now: datetime) -> bool:
    return health is not None and health.retry_at is not None and health.retry_at > now


def _searchable(adapters: Adapters, kind: str) -> bool:
    try:
        return isinstance(adapters(kind), SearchableSource)
    except CitewireError:
        return False


def _read_all(
    sources: Sequence[Source], cursors: Mapping[str, Cursor], adapters: Adapters, settings: IngestSettings, ask: Ask
) -> list[_Read]:
    """What `ask` gave for each source, by name; errors are results like others."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        by_host.setdefault(addresses.host(source.address) or f"{source.kind} {source.name}", []).append(source)

    def read_host(of_host: Sequence[Source]) -> list[_Read]:
        return [_read(source, cursors[source.name], adapters, ask) for source in of_host]

    with ThreadPoolExecutor(settings.workers * 8, thread_name_prefix="sources") as threads:
        reads = [read for group in threads.map(read_host, by_host.values()) for read in group]
    return sorted(reads, key=lambda read: read.source.name)


def _read(source: Source, cursor: Cursor, adapters: Adapters, ask: Ask) -> _Read:
    own, late = waiting.unwrap(cursor)
    try:
        adapter = adapters(source.kind)
        return _Read(source, ask(adapter, source, own), late, adapter=adapter)
    except Exception as error:  # an adapter may come from any package; its fault must not end the night
        return _Read(source, error=error)


# --- deciding --------------------------------------------------------------------------------------------------------


def _select(reads: Sequence[_Read], store: Store, settings: IngestSettings, now: datetime) -> dict[str, _Selected]:
    """What is new per source. A page that two sources list tonight belongs to the first by name."""
    taken: set[str] = set()
    selected: dict[str, _Selected] = {}
    for read in reads:
        if read.batch is None:
            selected[read.source.name] = _Selected(read, (), (), Cursor(), {})
            continue
        known = store.records(record.id for record in (*read.batch.records, *read.waiting))
        limit = None if getattr(read.adapter, "unlimited", False) else settings.max_new
        selected[read.source.name] = choice = _choose(read, known, taken, limit, now)
        taken |= {record.id for record in choice.new}
    return selected


def _choose(read: _Read, known: Mapping[str, Record], taken: set[str], limit: int | None, now: datetime) -> _Selected:
    """Sort a batch, and who waited for tonight, into new, changed, late and dropped."""
    batch = read.batch or Batch((), Cursor())
    listed = {record.id for record in batch.records}
    waited = [replace(record, fetched=now) for record in read.waiting if record.id not in listed | known.keys()]
    dropped = Counter(batch.dropped)
    new: dict[str, Record] = {}
    changed: dict[str, Record] = {}
    for record in (*batch.records, *waited):
        was = known.get(record.id)
        if record.id in taken or (was is not None and was.source != record.source):
            dropped["page of another source"] += 1
        elif was is None:
            dropped["same page twice"] += record.id in new
            new[record.id] = record
        elif was.text == record.text:
            dropped["known already"] += 1
        else:
            changed[record.id] = record
    newest = sorted(new.values(), key=lambda record: (record.published, record.id), reverse=True)
    late = newest[limit:] if limit is not None else []
    dropped["postponed to the next night"] += len(late)
    kept = sorted(newest[:limit], key=lambda record: (record.published, record.id))
    return _Selected(read, tuple(kept), tuple(changed.values()), waiting.wrap(batch.cursor, late), +dropped)


def _full_text(
    selected: Mapping[str, _Selected], fetcher: Fetcher, engine: Engine, settings: IngestSettings, now: datetime
) -> Mapping[str, fulltext.Read]:
    """Pages of the new records, for kinds that link to pages, unless settings or source say no."""
    if not settings.full_text:
        return {}
    wanted = [
        record
        for choice in selected.values()
        if getattr(choice.read.adapter, "links_to_pages", False) and choice.read.source.options.get("full_text", True)
        for record in choice.new
        if fulltext.wanted(record)
    ]
    return fulltext.read(wanted, fetcher, engine, settings, now)


# --- storing ---------------------------------------------------------------------------------------------------------


def _keep(
    store: Store,
    sources: Sequence[Source],
    selected: Mapping[str, _Selected],
    full: Mapping[str, fulltext.Read],
    *,
    health: Mapping[str, SourceHealth],
    now: datetime,
    checkpoint: Checkpoint,
) -> StageReport:
    """Store every source's result, one transaction each, in the order of `sources`, and report."""
    tally = _Tally()
    for source in sources:
        last = health.get(source.name)
        if source.name not in selected:
            tally.waiting(source, last)
        elif selected[source.name].read.batch is None:
            tally.failed(source, _save_failure(store, selected[source.name].read, last, now))
        else:
            tally.saved(_save(store, selected[source.name], full, last, now))
        checkpoint("ingest.source")
    tally.pages(full)
    return tally.report(len(sources))


def _save(
    store: Store, choice: _Selected, full: Mapping[str, fulltext.Read], last: SourceHealth | None, now: datetime
) -> _Saving:
    batch = choice.read.batch or Batch((), Cursor())
    records = [full[record.id].record if record.id in full else record for record in choice.new]
    fresh = len(choice.new)
    health = SourceHealth(
        source=choice.read.source.name,
        checked=now,
        ok=True,
        last_success=now,
        last_item=max(
            [record.published for record in batch.records]
            + ([last.last_item] if last is not None and last.last_item is not None else []),
            default=None,
        ),
        empties=0 if fresh else (last.empties if last else 0) + 1,
    )
    saved = store.save_batch(choice.read.source.name, [*records, *choice.changed], choice.cursor, health)
    return _Saving(choice, len(saved.new) + len(saved.versions), saved.repeats)


def _save_failure(store: Store, read: _Read, last: SourceHealth | None, now: datetime) -> SourceHealth:
    error = read.error
    failures = (last.failures if last else 0) + 1
    retry_at = None
    if isinstance(error, HttpStatus) and (error.retry_after is not None or error.status in _BUSY):
        asked = (
            timedelta(seconds=error.retry_after) if error.retry_after is not None else _BACK_OFF * 2 ** (failures - 1)
        )
        retry_at = now + min(asked, _LONGEST)
    health = SourceHealth(
        source=read.source.name,
        checked=now,
        ok=False,
        error=_what(error),
        last_success=last.last_success if last else None,
        last_item=last.last_item if last else None,
        failures=failures,
        empties=last.empties if last else 0,
        retry_at=retry_at,
    )
    store.save_health(health)
    return health


def _what(error: Exception | None) -> str:
    if isinstance(error, ConfigurationError):
        return error.problem
    if isinstance(error, CitewireError):
        return str(error)
    return f"its adapter broke ({type(error).__name__}: {error}); report this to whoever wrote it"


# --- telling ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Saving:
    choice: _Selected
    made: int
    repeats: int


class _Tally:
    """Adds up the report."""

    def __init__(self) -> None:
        self._seen = self._made = self._lost = 0
        self._dropped: Counter[str] = Counter()
        self._failures: list[Failure] = []
        self._notes: list[str] = []

    def saved(self, saving: _Saving) -> None:
        """A source that was read."""
        batch = saving.choice.read.batch or Batch((), Cursor())
        self._seen += len(batch.records) + sum(batch.dropped.values())
        self._made += saving.made
        self._dropped.update(saving.choice.dropped)
        self._dropped["known already"] += saving.repeats
        self._notes += [f"{saving.choice.read.source.name}: {note}" for note in batch.notes]

    def failed(self, source: Source, health: SourceHealth) -> None:
        """A source that could not be read."""
        self._lost += 1
        last = f"last read {health.last_success:%Y-%m-%d %H:%M} UTC" if health.last_success else "never read so far"
        times = "first failure" if health.failures == 1 else f"failure {health.failures} in a row"
        next_try = (
            f"left alone until {health.retry_at:%Y-%m-%d %H:%M} UTC" if health.retry_at else "tried again next night"
        )
        self._failures.append(
            Failure(
                subject=source.name,
                what=health.error or "",
                consequence=f"nothing new from it tonight ({times}, {last}); {next_try}",
                remedy="correct or remove the source if this goes on" if health.failures > 1 else "",
            )
        )

    def waiting(self, source: Source, health: SourceHealth | None) -> None:
        """A source that asked to be left alone."""
        self._lost += 1
        until = f"{health.retry_at:%Y-%m-%d %H:%M} UTC" if health and health.retry_at else "later"
        self._notes.append(f"{source.name}: not asked, it wants to be left alone until {until}")

    def pages(self, full: Mapping[str, fulltext.Read]) -> None:
        """The pages behind records."""
        reasons = Counter(read.reason for read in full.values() if read.reason)
        if full:
            told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
            rest = f"; the feed's own text stands for {reasons.total()} ({told})" if reasons else ""
            self._notes.append(f"{len(full) - reasons.total()} of {len(full)} pages read in full{rest}")

    def report(self, sources: int) -> StageReport:
        """The sum. The note ALL_FAILED says that no source could be read."""
        notes = [*self._notes, ALL_FAILED] if sources and self._lost == sources else self._notes
        dropped = {rule: count for rule, count in sorted(self._dropped.items()) if count}
        return StageReport("ingest", self._seen, self._made, dropped, tuple(self._failures), tuple(notes))
