"""The first stage: sources to records.

Sources are read side by side, one after the other where they share a host; the owner alone talks to the store, in the
order of the sources' names, so that a night gives the same records whichever answered first. Records, cursor and health
of a source are stored in one transaction. A source that fails costs its own records of tonight and nothing else.

`reading` waits for the network, `choosing` and `fulltext` decide, `telling` writes the report; here they are joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline import addresses, events
from pipeline.domain import Batch, Cursor, Quarantined, Raw, Record, Source, SourceHealth, StageReport
from pipeline.errors import NotReached, Replaced
from pipeline.protocols import Checkpoint, Engine, Fetcher, Habits, Polite, SourceAdapter, Store, Wary, no_checkpoint
from pipeline.settings import IngestSettings
from pipeline.sourcing import batches, choosing, fulltext, health, telling, waiting
from pipeline.sourcing.choosing import Choice, Known, Read
from pipeline.sourcing.reading import Round, lane
from pipeline.sourcing.telling import Saving, Tally

GROUP = 25  # sources whose results are committed together: what a kill costs is read again, a sync for each is slow

Adapters = Callable[[str], SourceAdapter]


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
    site: str = "",
) -> StageReport:
    """Read what is new in `sources`. `adapters(kind)` gives the adapter of a kind. Raises StoreError only.

    `site`: address of the desk's own site, whose pages are left out whoever lists them.
    """
    night = _Night(store, adapters, fetcher, engine, settings, now, checkpoint, site)
    night.recall()
    plan = _plan(sources, store.health(), now)
    round_ = Round(fetcher, engine, settings, now, night.meanwhile)
    try:
        choices, pages = _read(night, plan, round_)
    finally:
        round_.stop()
    checkpoint("ingest.pages")
    return _keep(night, plan, choices, pages)


def all_failed(report: StageReport) -> bool:
    """Whether no source at all could be read."""
    return telling.ALL_FAILED in report.notes


# --- planning --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """Who is asked tonight and who is not: the states hold for the sources' present addresses."""

    sources: tuple[Source, ...]  # all, by name
    asked: tuple[Source, ...]  # longest unread first
    states: Mapping[str, SourceHealth | None]
    closed: Mapping[str, datetime]  # lane -> until when its host wants to be left alone
    moved: frozenset[str]  # sources whose address is another than when they were last read
    renamed: Mapping[str, str]  # name -> what a source was called before


def _plan(sources: Sequence[Source], known: Mapping[str, SourceHealth], now: datetime) -> _Plan:
    ordered = tuple(sorted(sources, key=lambda source: source.name))
    states = {source.name: health.current(known.get(source.name), source) for source in ordered}
    closed: dict[str, datetime] = {}
    for source in ordered:
        state = states[source.name]
        if state is not None and state.host_until is not None and health.host_waits(state, now):
            closed[lane(source)] = max(state.host_until, closed.get(lane(source), now))
    asked = [s for s in ordered if not health.waits(states[s.name], now) and lane(s) not in closed]
    asked.sort(key=lambda source: (_checked(states[source.name]), source.name))
    moved = frozenset(name for name, state in states.items() if state is None and name in known)
    return _Plan(ordered, tuple(asked), states, closed, moved, _renamed(ordered, known))


def _renamed(sources: Sequence[Source], known: Mapping[str, SourceHealth]) -> dict[str, str]:
    """Sources never read so far, at the address of one that is configured no more: name -> the other's name."""
    names = {source.name for source in sources}
    read = {name for name, state in known.items() if state.last_success}
    gone = {known[name].address: name for name in sorted(read - names)}
    kept = {source.name: health.kept_as(source.address) for source in sources if source.name not in read}
    return {name: gone[address] for name, address in kept.items() if address in gone}


def _checked(state: SourceHealth | None) -> datetime:
    return state.checked if state else datetime.min.replace(tzinfo=UTC)


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Night:
    """What the steps of one night share."""

    store: Store
    adapters: Adapters
    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    now: datetime
    checkpoint: Checkpoint
    site: str = ""

    def recall(self) -> None:
        """Take up what earlier runs left, and forget what is kept for so long and no longer."""
        if isinstance(self.fetcher, Polite):
            self.fetcher.recall(self.store.hosts())
        if isinstance(self.engine, Wary):
            self.engine.recall(self.store.quarantine())
        self.store.prune_raws(self.now - timedelta(days=self.settings.keep_raw_days))

    def meanwhile(self) -> None:
        """Keep what politeness must not forget, should this process be killed."""
        if isinstance(self.fetcher, Polite) and (changed := self.fetcher.changed()):
            self.store.save_hosts(changed)

    def killers(self) -> tuple[Quarantined, ...]:
        """Documents that killed their parser tonight, kept."""
        if not isinstance(self.engine, Wary):
            return ()
        if killers := self.engine.changed(self.now):
            self.store.save_quarantine(killers)
        return killers

    def known(self, ids: Iterable[str]) -> Known:
        """What the store knows of `ids`."""
        wanted = sorted(set(ids))
        aliases = self.store.aliases(wanted)
        return Known(self.store.records({*wanted, *aliases.values()}), aliases)

    def pages_of(self, choice: Choice) -> list[Record]:
        """Records whose pages are worth reading, for kinds that link to pages, unless settings or source say no."""
        links = choice.read.habits.links_to_pages
        if not (links and self.settings.full_text and choice.read.source.options.get("full_text", True)):
            return []
        return [record for record in (*choice.new, *choice.retitled) if fulltext.wanted(record)]


def _read(night: _Night, plan: _Plan, round_: Round) -> tuple[dict[str, Choice], Mapping[str, fulltext.Found]]:
    """What is chosen of every source that was read, by name, and the pages behind it."""
    store, states = night.store, plan.states
    known: dict[str, Known] = {}
    alone: dict[str, Choice] = {}  # as if there were no other source

    def ask(source: Source, cursor: Cursor) -> tuple[Habits, Batch]:
        adapter = night.adapters(source.kind)
        with events.timed("source.read", source=source.name, kind=source.kind) as told:
            given = batches.checked(adapter.read(source, cursor, night.now), source, night.now)
            batch = batches.of_others(given, night.site)
            told["items"] = len(batch.records)
        if why := health.replaced(states[source.name], batch.identity):
            raise Replaced(why)
        return batches.habits(adapter), batch

    def behind(read: Read) -> list[Record]:
        if read.batch is None:
            return []
        name = read.source.name
        listed = (*read.batch.records, *read.waiting)
        ids = [key for record in listed for key in choosing.keys(record)]
        before = choosing.renamed(listed, plan.renamed[name]) if name in plan.renamed else {}
        known[name] = choosing.known_before(night.known([*ids, *before.values()]), before)
        alone[name] = _choice(night, plan, read, known[name], frozenset())
        return night.pages_of(alone[name])

    cursors = {source.name: _cursor(store, source, plan) for source in plan.asked}
    reads = round_.sources(plan.asked, cursors, ask, behind)
    night.checkpoint("ingest.read")
    taken: set[str] = set()
    choices: dict[str, Choice] = {}
    for read in sorted(reads, key=_collects):
        name = read.source.name
        choices[name] = alone.get(name, Choice(read))
        if not taken.isdisjoint(choices[name].ids):
            choices[name] = _choice(night, plan, read, known[name], taken)
        taken.update(record.id for record in choices[name].new)
    return choices, round_.pages(record for choice in choices.values() for record in night.pages_of(choice))


def _collects(read: Read) -> bool:
    """Whether a source lists what others publish: who publishes a page speaks for it, whatever their names."""
    return read.batch is not None and any(record.via for record in read.batch.records)


def _cursor(store: Store, source: Source, plan: _Plan) -> Cursor:
    """How far `source` was read; at a new address or by a new name from the beginning, but for who waits."""
    cursor = store.cursor(plan.renamed.get(source.name, source.name))
    anew = source.name in plan.moved or source.name in plan.renamed
    return waiting.wrap(Cursor(), waiting.unwrap(cursor)[1]) if anew else cursor


def _choice(night: _Night, plan: _Plan, read: Read, known: Known, taken: set[str] | frozenset[str]) -> Choice:
    state = plan.states[read.source.name]
    limit = None if read.habits.unlimited else night.settings.max_new
    last = state.last_success if state else None
    if state is None or not health.read_tonight(state, night.now):
        return choosing.choose(read, known, taken, limit, night.now, last=last)
    room = None if limit is None else max(0, limit - state.fresh)
    return choosing.choose_again(read, known, taken, room, night.now, last=last)


# --- storing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Final:
    """What of a choice goes to the store in the end."""

    records: tuple[Record, ...]
    aliases: Mapping[str, str]
    raws: tuple[Raw, ...]
    dropped: Mapping[str, int]
    pages: tuple[fulltext.Read, ...]
    upto: str = ""  # the last source by name that a record gave way to


def _keep(
    night: _Night, plan: _Plan, choices: Mapping[str, Choice], pages: Mapping[str, fulltext.Found]
) -> StageReport:
    """Store every source's result, in the order of their names, and report."""
    tally = Tally()
    finals = _finals(night, choices, pages)
    for group in _groups(plan.sources, finals):
        with night.store.transaction():
            for source in group:
                choice, final = choices.get(source.name), finals.get(source.name)
                _keep_one(night, plan, source, tally, choice=choice, final=final)
                night.checkpoint("ingest.source")
    read = [page for final in finals.values() for page in final.pages]
    unread = [source.name for source in plan.asked if source.name not in choices]
    late = sum(page.reason == fulltext.LATE for page in read)
    tally.missed(list(choices.values()))
    tally.out_of_time(sorted(unread), late, night.settings.night_seconds)
    tally.pages(read)
    tally.quarantine(night.killers())
    return tally.report(len(plan.sources))


def _groups(sources: Sequence[Source], finals: Mapping[str, _Final]) -> Iterator[list[Source]]:
    """Sources by name, each with whom it gave way to: stored apart, its record is lost if that one fails tomorrow."""
    group: list[Source] = []
    upto = ""
    for source in sources:
        group.append(source)
        upto = max(upto, finals[source.name].upto if source.name in finals else "")
        if len(group) >= GROUP and upto <= source.name:
            yield group
            group = []
    if group:
        yield group


def _keep_one(
    night: _Night, plan: _Plan, source: Source, tally: Tally, *, choice: Choice | None, final: _Final | None
) -> None:
    last = plan.states[source.name]
    if choice is None:
        if last is not None and health.waits(last, night.now):
            tally.waiting(source, last)
        elif lane(source) in plan.closed:
            tally.closed(source, plan.closed[lane(source)])
    elif choice.read.closed is not None:
        tally.closed(source, choice.read.closed)
    elif final is None:
        state = health.after_failure(source, last, night.now, choice.read.error)
        night.store.save_health(state)
        tally.failed(state, reached=not isinstance(choice.read.error, NotReached))
    else:
        tally.saved(_save(night, choice, final, last))


def _save(night: _Night, choice: Choice, final: _Final, last: SourceHealth | None) -> Saving:
    source, batch = choice.read.source, choice.batch
    reading = health.Reading(
        listed=len(batch.records) + sum(batch.dropped.values()),
        fresh=len(choice.new),
        news=sum(not record.backfill for record in choice.new),
        dropped=Counter(choice.dropped) + Counter(final.dropped),
        newest=max((record.published for record in batch.records), default=None),
        reach=_reach(choice),
        identity=batch.identity,
        moved_to=batch.moved_to,
    )
    state = health.after_success(source, last, night.now, reading)
    saved = night.store.save_batch(
        source.name, final.records, choice.cursor, state, aliases=final.aliases, raws=final.raws
    )
    return Saving(choice, state, len(saved.new) + len(saved.versions), saved.repeats, final.dropped)


def _reach(choice: Choice) -> datetime | None:
    """When the oldest listed item came out, where all were new: what came out before it may have been missed."""
    listed = choice.batch.records
    dated = [record.published for record in listed if not record.date_doubtful]
    return min(dated, default=None) if len(choice.new) >= len(listed) else None


def _finals(night: _Night, choices: Mapping[str, Choice], pages: Mapping[str, fulltext.Found]) -> dict[str, _Final]:
    """Every choice with the texts and the addresses of its pages. Other ids are kept with who holds the record."""
    applied = {
        record.id: fulltext.applied(record, pages[record.id])
        for choice in choices.values()
        for record in night.pages_of(choice)
    }
    known = night.known(choosing.at_page(read.record) for read in applied.values() if read.reason is None)
    new = [one for choice in choices.values() for one in choice.new]
    settled = choosing.settle(((one, applied[one.id].record if one.id in applied else one) for one in new), known)
    holders = {record.id: record.source for record, held in settled.values() if not held}
    own = {record.id for record, _ in settled.values() if addresses.within(record.url, night.site)}
    finals: dict[str, _Final] = {}
    aliases: dict[str, dict[str, str]] = {name: {} for name in choices}
    for name, choice in choices.items():
        if choice.read.batch is None:
            continue
        finals[name], others = _final(night, choice, applied, known, settled)
        for other, id_ in others.items():
            if other != id_ and other not in holders and id_ not in own:
                aliases[holders.get(id_, name)][other] = id_
    return {name: replace(final, aliases=aliases[name]) for name, final in finals.items()}


def _final(
    night: _Night,
    choice: Choice,
    applied: Mapping[str, fulltext.Read],
    known: Known,
    settled: Mapping[str, tuple[Record, bool]],
) -> tuple[_Final, Mapping[str, str]]:
    """A choice with its pages, and other id -> id of a record, which may be another source's."""
    kept = [settled[chosen.id][0] for chosen in choice.new if not settled[chosen.id][1]]
    ids = {chosen.id: settled[chosen.id][0].id for chosen in choice.new}
    aliases = {key: ids.get(id_, id_) for key, id_ in choice.aliases.items()} | ids
    for chosen in choice.changed:
        record = applied[chosen.id].record if chosen.id in applied else chosen
        at = choosing.at_page(record)
        if record.url != chosen.url and at not in known.records and at not in known.aliases:
            aliases[at] = record.id
        kept.append(record)
    dropped = Counter({"page known at another address": len(choice.new) + len(choice.changed) - len(kept)})
    foreign = [record for record in kept if not addresses.within(record.url, night.site)]
    dropped[batches.OWN] = len(kept) - len(foreign)
    mine = tuple(applied[one.id] for one in (*choice.new, *choice.retitled) if one.id in applied)
    raws = (*choice.batch.raws, *(read.raw for read in mine if read.raw)) if night.settings.keep_raw_days else ()
    upto = max((holder.source for holder, held in (settled[one.id] for one in choice.new) if held), default="")
    return _Final(tuple(_raised(one, choice.batch) for one in foreign), {}, raws, +dropped, mine, upto), aliases


def _raised(record: Record, batch: Batch) -> Record:
    """`record` with what only the stage can tell: its language, and what it was read from."""
    raw = record.raw or (batch.raws[0].hash if len(batch.raws) == 1 else None)
    lang = record.lang or choosing.language_of(record)
    return record if (raw, lang) == (record.raw, record.lang) else replace(record, lang=lang, raw=raw)
