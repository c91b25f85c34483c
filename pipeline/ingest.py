"""The first stage: sources to records.

Sources are read side by side, one after the other where they share a host; the owner alone talks to the store, in the
order of the sources' names, so that a night gives the same records whichever answered first. Records, cursor and health
of a source are stored in one transaction. A source that fails costs its own records of tonight and nothing else.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import addresses, fulltext, health, waiting
from pipeline.domain import Batch, Cursor, Failure, Record, Source, SourceHealth, StageReport
from pipeline.protocols import Checkpoint, Engine, Fetcher, SourceAdapter, Store, no_checkpoint
from pipeline.settings import IngestSettings
from pipeline.threads import side_by_side

ALL_FAILED = "every source failed"

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
    """What of a batch goes to the store. `retitled` are the changed ones whose page is worth reading again."""

    read: _Read
    new: tuple[Record, ...]
    changed: tuple[Record, ...]
    cursor: Cursor
    dropped: Mapping[str, int]
    retitled: tuple[Record, ...] = ()


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
    known = store.health()
    asked = [source for source in ordered if not health.waits(known.get(source.name), now)]
    cursors = {source.name: store.cursor(source.name) for source in asked}

    def ask(adapter: SourceAdapter, source: Source, cursor: Cursor) -> Batch:
        return adapter.read(source, cursor, now)

    reads = _read_all(asked, cursors, adapters, settings, ask)
    checkpoint("ingest.read")
    again = {name for name, last in known.items() if health.read_tonight(last, now)}
    selected = _select(reads, store, now, limit=settings.max_new, again=again)
    full = _full_text(selected, fetcher, engine, settings, now)
    checkpoint("ingest.pages")
    return _keep(store, ordered, selected, full, known=known, now=now, checkpoint=checkpoint)


def all_failed(report: StageReport) -> bool:
    """Whether no source at all could be read."""
    return ALL_FAILED in report.notes


# --- reading ---------------------------------------------------------------------------------------------------------


def _read_all(
    sources: Sequence[Source], cursors: Mapping[str, Cursor], adapters: Adapters, settings: IngestSettings, ask: Ask
) -> list[_Read]:
    """What `ask` gave for each source, by name; errors are results like others."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        by_host.setdefault(addresses.host(source.address) or f"{source.kind} {source.name}", []).append(source)

    def read_host(of_host: Sequence[Source]) -> list[_Read]:
        return [_read(source, cursors[source.name], adapters, ask) for source in of_host]

    reads = side_by_side(read_host, list(by_host.values()), most=settings.workers * 8)
    return sorted(itertools.chain.from_iterable(reads), key=lambda read: read.source.name)


def _read(source: Source, cursor: Cursor, adapters: Adapters, ask: Ask) -> _Read:
    own, late = waiting.unwrap(cursor)
    try:
        adapter = adapters(source.kind)
        return _Read(source, ask(adapter, source, own), late, adapter=adapter)
    except Exception as error:  # an adapter may come from any package; its fault must not end the night
        return _Read(source, error=error)


# --- deciding --------------------------------------------------------------------------------------------------------


def _select(
    reads: Sequence[_Read], store: Store, now: datetime, *, limit: int | None = None, again: Container[str] = ()
) -> dict[str, _Selected]:
    """What is new per source, `limit` each. A page that two sources list tonight belongs to the first by name.

    `again` names the sources that this night has read before: what waits for the next night goes on waiting.
    """
    taken: set[str] = set()
    selected: dict[str, _Selected] = {}
    for read in reads:
        if read.batch is None:
            selected[read.source.name] = _Selected(read, (), (), Cursor(), {})
            continue
        known = store.records(record.id for record in (*read.batch.records, *read.waiting))
        most = None if getattr(read.adapter, "unlimited", False) else limit
        if read.source.name in again:
            selected[read.source.name] = choice = _choose_again(read, known, taken, most, now)
        else:
            selected[read.source.name] = choice = _choose(read, known, taken, most, now)
        taken |= {record.id for record in choice.new}
    return selected


def _choose(
    read: _Read, known: Mapping[str, Record], taken: Container[str], limit: int | None, now: datetime
) -> _Selected:
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
    # A feed's summary differs from the stored page all the time; a new headline means that the page was corrected.
    retitled = tuple(one for one in changed.values() if one.title != known[one.id].title)
    return _Selected(read, tuple(kept), tuple(changed.values()), waiting.wrap(batch.cursor, late), +dropped, retitled)


def _choose_again(
    read: _Read, known: Mapping[str, Record], taken: Container[str], limit: int | None, now: datetime
) -> _Selected:
    """As `_choose`, within what the night's first reading left of its limit; who waits for the next night waits on."""
    room = None if limit is None else max(0, limit - sum(was.fetched == now for was in known.values()))
    choice = _choose(replace(read, waiting=()), known, taken, room, now)
    cursor, late = waiting.unwrap(choice.cursor)
    settled = {record.id for record in (*late, *choice.new)} | known.keys()
    return replace(
        choice, cursor=waiting.wrap(cursor, [*late, *(one for one in read.waiting if one.id not in settled)])
    )


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
        for record in (*choice.new, *choice.retitled)
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
    known: Mapping[str, SourceHealth],
    now: datetime,
    checkpoint: Checkpoint,
) -> StageReport:
    """Store every source's result, one transaction each, in the order of `sources`, and report."""
    tally = _Tally()
    for source in sources:
        last = known.get(source.name)
        if source.name not in selected:
            tally.waiting(source, last)
        elif selected[source.name].read.batch is None:
            state = health.after_failure(source.name, last, now, selected[source.name].read.error)
            store.save_health(state)
            tally.failed(state)
        else:
            tally.saved(_save(store, selected[source.name], full, last, now))
        checkpoint("ingest.source")
    tally.pages(full)
    return tally.report(len(sources))


def _save(
    store: Store, choice: _Selected, full: Mapping[str, fulltext.Read], last: SourceHealth | None, now: datetime
) -> _Saving:
    name = choice.read.source.name
    newest = (
        max((record.published for record in choice.read.batch.records), default=None) if choice.read.batch else None
    )
    state = health.after_success(name, last, now, newest=newest, fresh=bool(choice.new))
    saved = store.save_batch(name, _texts(choice, full), choice.cursor, state)
    return _Saving(choice, len(saved.new) + len(saved.versions), saved.repeats)


def _texts(choice: _Selected, full: Mapping[str, fulltext.Read]) -> list[Record]:
    """What of a batch goes to the store, with the text of its page where that could be read."""
    return [full[one.id].record if one.id in full else one for one in (*choice.new, *choice.changed)]


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
        told = [*batch.notes, *_left_out(batch), *_undated(saving.choice.new)]
        if told:
            self._notes.append(f"{saving.choice.read.source.name}: {'; '.join(told)}")

    def failed(self, state: SourceHealth) -> None:
        """A source that could not be read."""
        self._lost += 1
        last = f"last read {state.last_success:%Y-%m-%d %H:%M} UTC" if state.last_success else "never read so far"
        times = "first failure" if state.failures == 1 else f"failure {state.failures} in a row"
        next_try = (
            f"left alone until {state.retry_at:%Y-%m-%d %H:%M} UTC" if state.retry_at else "tried again next night"
        )
        self._failures.append(
            Failure(
                subject=state.source,
                what=state.error or "",
                consequence=f"nothing new from it tonight: {times}, {last}; {next_try}",
                remedy="correct or remove the source if this goes on" if state.failures > 1 else "",
            )
        )

    def waiting(self, source: Source, state: SourceHealth | None) -> None:
        """A source that asked to be left alone."""
        self._lost += 1
        until = f"{state.retry_at:%Y-%m-%d %H:%M} UTC" if state and state.retry_at else "later"
        self._notes.append(f"{source.name}: not asked, it wants to be left alone until {until}")

    def pages(self, full: Mapping[str, fulltext.Read]) -> None:
        """The pages behind records."""
        hosts: dict[str, Counter[str]] = {}
        for read in full.values():
            if read.reason:
                hosts.setdefault(read.reason, Counter())[addresses.host(read.record.url or "") or ""] += 1
        if full:
            unread = sum(counted.total() for counted in hosts.values())
            told = "; ".join(f"{hosts[why].total()} {why}: {_some(sorted(hosts[why]))}" for why in sorted(hosts))
            rest = f"; the feed's own text stands for {unread} ({told})" if unread else ""
            self._notes.append(f"{len(full) - unread} of {len(full)} pages read in full{rest}")

    def report(self, sources: int) -> StageReport:
        """The sum. The note ALL_FAILED says that no source could be read."""
        notes = [*self._notes, ALL_FAILED] if sources and self._lost == sources else self._notes
        dropped = {rule: count for rule, count in sorted(self._dropped.items()) if count}
        return StageReport("ingest", self._seen, self._made, dropped, tuple(self._failures), tuple(notes))


def _left_out(batch: Batch) -> list[str]:
    """What the adapter itself left out, by rule."""
    told = ", ".join(f"{count} ({rule})" for rule, count in sorted(batch.dropped.items()))
    return [f"left out {told}"] if told else []


def _undated(new: Sequence[Record]) -> list[str]:
    """How many new records bear no date that can be believed."""
    count = sum(record.date_doubtful for record in new)
    return [f"{count} without a date that can be right, taken as of now"] if count else []


def _some(names: Sequence[str]) -> str:
    """The first of `names`, and how many more."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
