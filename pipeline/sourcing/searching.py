"""Searching: one question to many sources at once, within one deadline, and what each of them made of it.

Every source is asked in a thread of its own (the fetcher keeps to one request per host). Who has not answered at the
deadline is left behind and named; nobody waits for it. The pages behind an answer are read from the moment it is there
until the same deadline; a page that is later leaves the search's own text. The owner alone talks to the store, in the
order of the sources' names.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from pipeline import addresses
from pipeline.domain import Batch, Failure, Record, Source, SourceHealth, StageReport
from pipeline.errors import CitewireError
from pipeline.protocols import Engine, Fetcher, Polite, SearchableSource, SourceAdapter, Store
from pipeline.settings import IngestSettings
from pipeline.sourcing import batches, choosing, fulltext, health

Adapters = Callable[[str], SourceAdapter]
Answer = Batch | Exception
Event = tuple[str, Answer | None, fulltext.Read | None]  # source, and its answer or a page behind one

UNASKED = "not asked: it is left alone until {until:%Y-%m-%d %H:%M} UTC"
HUNG = "hung: no answer within {seconds:g} s"
GOES_ON = "the search goes on without it"
LATE = "not within the deadline of the search"


@dataclass(frozen=True, slots=True)
class Place:
    """What one source made of a question: the ids of the records it gave, best first, or what went wrong."""

    name: str
    record_ids: tuple[str, ...] = ()
    problem: str | None = None
    hung: bool = False
    notes: tuple[str, ...] = ()
    asked: bool = True  # a kind that cannot be searched is not


@dataclass(frozen=True, slots=True)
class Search:
    """A question that was put: to whom, what came of it, the records that they gave by id, and a word on the pages."""

    places: tuple[Place, ...]
    report: StageReport
    records: Mapping[str, Record]
    pages: str = ""


def search(
    store: Store,
    sources: Sequence[Source],
    query: str,
    *,
    days: int,
    limit: int,
    deadline: float,
    adapters: Adapters,
    fetcher: Fetcher,
    engine: Engine,
    settings: IngestSettings,
    now: datetime,
    site: str = "",
) -> Search:
    """Ask `sources`, all of which can search, for `query` and store what is new in their answers. Raises StoreError.

    `deadline`: seconds for answers and pages together; `limit`: records that one source may give. How far a source is
    read and how reliable it is stay as the nights left them. Pages of `site`, the desk's own, are left out.
    """
    until = time.monotonic() + deadline
    if isinstance(fetcher, Polite):
        fetcher.recall(store.hosts())
    known = store.health()
    ordered = sorted(sources, key=lambda source: source.name)
    asked = [source for source in ordered if not health.waits(known.get(source.name), now)]

    links: dict[str, bool] = {}

    def ask(source: Source) -> Batch:
        adapter = cast(SearchableSource, adapters(source.kind))
        links[source.name] = batches.habits(adapter).links_to_pages
        given = adapter.search(source, query, now, days=days, limit=limit)
        return batches.of_others(batches.checked(given, source, now), site)

    def behind(source: Source, batch: Batch) -> list[Record]:
        if not (links[source.name] and settings.full_text and source.options.get("full_text", True)):
            return []
        stored = store.known([record.id for record in batch.records])
        return [record for record in batch.records if record.id not in stored and fulltext.wanted(record)]

    def page(record: Record) -> fulltext.Read:
        return fulltext.read(record, fetcher, engine, settings, now)

    answers, pages = gather(asked, ask, behind, page, until)
    if isinstance(fetcher, Polite):
        store.save_hosts(fetcher.changed())
    places = tuple(_place(source, answers, known, deadline, now) for source in ordered)
    fresh = _fresh(asked, answers, store)
    made = 0
    for source in asked:
        read = [pages.get(record.id) or fulltext.Read(record) for record in fresh.get(source.name, ())]
        made += _save(store, source, answers.get(source.name), read, settings)
    given = {r.id: r for answer in answers.values() if isinstance(answer, Batch) for r in answer.records}
    told = _told(pages)
    return Search(places, _report(places, answers, fresh, told, made), given, told)


def searchable(
    sources: Sequence[Source], kinds: Sequence[str], adapters: Adapters
) -> tuple[tuple[Source, ...], tuple[Place, ...]]:
    """Whom a question is put to: configured sources of kinds that can search, and `kinds` at their own addresses.

    The second part names the kinds that were wished for and cannot be asked, and why not.
    """
    able = {source.name: source for source in sources if _can_search(adapters, source.kind)}
    addressed = {(source.kind, source.address) for source in able.values()}
    unable: list[Place] = []
    for kind in dict.fromkeys(kinds):
        try:
            adapter = adapters(kind)
        except CitewireError as error:
            unable.append(Place(kind, problem=health.what(error), asked=False))
            continue
        address = getattr(getattr(adapter, "about", None), "default_address", None)
        if not isinstance(adapter, SearchableSource) or not isinstance(address, str):
            unable.append(Place(kind, problem="cannot be searched without a [[source]] of its own", asked=False))
        elif (kind, address) not in addressed:
            name = kind if kind not in able else f"{kind} search"
            able[name] = Source(name=name, kind=kind, address=address)
    return tuple(able.values()), tuple(unable)


# --- at once ---------------------------------------------------------------------------------------------------------


def gather(
    sources: Sequence[Source],
    ask: Callable[[Source], Batch],
    behind: Callable[[Source, Batch], Sequence[Record]],
    page: Callable[[Record], fulltext.Read],
    until: float,
) -> tuple[dict[str, Answer], dict[str, fulltext.Read]]:
    """Answers by source, and pages by record id, that were there at `until` (a time of the monotonic clock).

    `ask` and `page` run in daemon threads: one per source, one per answer and host. A thread that is late is left to
    itself, and what it brings is not looked at. `behind` (whose pages to read) runs in the caller's thread.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    by_name = {source.name: source for source in sources}
    answers: dict[str, Answer] = {}
    wanted: dict[str, Record] = {}
    pages: dict[str, fulltext.Read] = {}

    def asking(source: Source) -> None:
        try:
            events.put((source.name, ask(source), None))
        except BaseException as error:  # an adapter may come from any package; not even its sys.exit ends the search
            events.put((source.name, error if isinstance(error, Exception) else RuntimeError(repr(error)), None))

    def reading(name: str, records: Sequence[Record]) -> None:
        for record in records:
            if time.monotonic() < until:
                events.put((name, None, page(record)))

    for source in sources:
        threading.Thread(target=asking, args=(source,), daemon=True).start()
    while len(answers) < len(by_name) or len(pages) < len(wanted):
        try:
            name, answer, read = events.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        if read is not None:
            pages[read.record.id] = read
        if answer is not None:
            answers[name] = answer
        if isinstance(answer, Batch):
            more = {r.id: r for r in behind(by_name[name], answer) if r.id not in wanted}
            wanted |= more
            for of_host in _by_host(more.values()):
                threading.Thread(target=reading, args=(name, of_host), daemon=True).start()
    return answers, {key: pages.get(key) or fulltext.Read(record, LATE) for key, record in wanted.items()}


def _by_host(records: Iterable[Record]) -> list[list[Record]]:
    hosts: dict[str, list[Record]] = {}
    for record in records:
        hosts.setdefault(addresses.host(record.url or "") or "", []).append(record)
    return list(hosts.values())


def _can_search(adapters: Adapters, kind: str) -> bool:
    try:
        return isinstance(adapters(kind), SearchableSource)
    except CitewireError:
        return False


def _place(
    source: Source,
    answers: Mapping[str, Answer],
    known: Mapping[str, SourceHealth],
    deadline: float,
    now: datetime,
) -> Place:
    last = known.get(source.name)
    if health.waits(last, now):
        why = f" ({last.error})" if last and last.error else ""
        return Place(source.name, problem=UNASKED.format(until=last.retry_at if last else None) + why)
    answer = answers.get(source.name)
    if answer is None:
        return Place(source.name, problem=HUNG.format(seconds=deadline), hung=True)
    if isinstance(answer, Exception):
        return Place(source.name, problem=health.what(answer, source.name))
    return Place(source.name, tuple(dict.fromkeys(record.id for record in answer.records)), notes=answer.notes)


# --- what is new -----------------------------------------------------------------------------------------------------


def _fresh(asked: Sequence[Source], answers: Mapping[str, Answer], store: Store) -> dict[str, tuple[Record, ...]]:
    """Records that the store does not hold, by source; a page that two gave belongs to the first by name."""
    batches = {name: answer for name, answer in answers.items() if isinstance(answer, Batch)}
    taken = set(store.known([record.id for batch in batches.values() for record in batch.records]))
    fresh: dict[str, tuple[Record, ...]] = {}
    for source in asked:
        mine: dict[str, Record] = {}
        for record in batches[source.name].records if source.name in batches else ():
            if record.id not in taken:
                mine.setdefault(record.id, record)
        taken |= mine.keys()
        fresh[source.name] = tuple(mine.values())
    return fresh


def _save(
    store: Store,
    source: Source,
    answer: Answer | None,
    read: Sequence[fulltext.Read],
    settings: IngestSettings,
) -> int:
    """Store what is new from one source, with what it was read from, and say how many records that made."""
    if not isinstance(answer, Batch) or not read:
        return 0
    mine = [replace(one.record, lang=choosing.language_of(one.record)) for one in read]
    others = {choosing.at_page(record): record.id for record in mine}
    stored = store.known([*others])
    aliases = {at: key for at, key in others.items() if at not in stored and at != key}
    raws = [*answer.raws, *(one.raw for one in read if one.raw)] if settings.keep_raw_days else []
    saved = store.save_batch(source.name, mine, store.cursor(source.name), None, aliases=aliases, raws=raws)
    return len(saved.new) + len(saved.versions)


# --- telling ---------------------------------------------------------------------------------------------------------


def _report(
    places: Sequence[Place],
    answers: Mapping[str, Answer],
    fresh: Mapping[str, Sequence[Record]],
    pages: str,
    made: int,
) -> StageReport:
    batches = [answer for answer in answers.values() if isinstance(answer, Batch)]
    seen = sum(len(batch.records) + sum(batch.dropped.values()) for batch in batches)
    new = sum(len(records) for records in fresh.values())
    dropped = {"known already": sum(len(batch.records) for batch in batches) - new} if batches else {}
    for batch in batches:
        for rule, count in batch.dropped.items():
            dropped[rule] = dropped.get(rule, 0) + count
    failures = tuple(Failure(place.name, place.problem, GOES_ON) for place in places if place.problem)
    notes = [f"{place.name}: {'; '.join(place.notes)}" for place in places if place.notes]
    notes += [pages] if pages else []
    told = {rule: count for rule, count in sorted(dropped.items()) if count}
    return StageReport("ingest", seen, made, told, failures, tuple(notes))


def _told(pages: Mapping[str, fulltext.Read]) -> str:
    """How many pages could be read; "" where there was none to read."""
    unread = sum(read.reason is not None for read in pages.values())
    stands = f"; the search's own text stands for {unread}" if unread else ""
    return f"{len(pages) - unread} of {len(pages)} pages read in full{stands}" if pages else ""


def unasked(found: Search, unable: Sequence[Place]) -> Search:
    """`found` with the kinds that could not be asked named among its places and failures."""
    failures = tuple(Failure(place.name, place.problem or "", GOES_ON) for place in unable)
    report = replace(found.report, failures=(*found.report.failures, *failures))
    return replace(found, places=(*found.places, *unable), report=report)


NOBODY = Search((), StageReport("ingest", 0, 0, {}, (), ()), {})
