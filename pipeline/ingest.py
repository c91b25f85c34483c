"""The first stage: sources to records.

Sources are read side by side, one after the other where they share a host; the owner alone talks to the store, in the
order of the sources' names, so that a night gives the same records whichever answered first. Records, cursor and health
of a source are stored in one transaction. A source that fails costs its own records of tonight and nothing else.

`reading` waits for the network, `choosing` and `fulltext` decide, `telling` writes the report; here they are joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import addresses
from pipeline.domain import Batch, Raw, Record, Source, SourceHealth, StageReport
from pipeline.errors import NotReached
from pipeline.protocols import Checkpoint, Engine, Fetcher, Store, no_checkpoint
from pipeline.protocols.sharing import Workers
from pipeline.settings import IngestSettings
from pipeline.sourcing import batches, choosing, fulltext, health, planning, telling, together
from pipeline.sourcing.choosing import Choice, Known, Read
from pipeline.sourcing.night import Adapters, Night, Reading, choice_of
from pipeline.sourcing.planning import Plan
from pipeline.sourcing.reading import Round, lane
from pipeline.sourcing.telling import Saving, Tally

GROUP = 25  # sources whose results are committed together: what a kill costs is read again, a sync for each is slow


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
    workers: Workers | None = None,
) -> StageReport:
    """Read what is new in `sources`. `adapters(kind)` gives the adapter of a kind. Raises StoreError only.

    `site`: address of the desk's own site, whose pages are left out whoever lists them. `workers`: others that read the
    same desk meanwhile; one of all stores and reports, the reports of the others say that they helped. Then
    ConfigurationError, too, where they have other sources.
    """
    night = Night(store, adapters, fetcher, engine, settings, now, checkpoint, site, workers)
    night.recall()
    plan = planning.plan(sources, store.health(), now)
    round_ = Round(fetcher, engine, settings, now, night.meanwhile)
    try:
        reading = Reading(night, plan)
        reads = _read(reading, round_) if workers is None else together.share(reading, round_, workers)
        if reads is None:
            night.killers()
            return StageReport("ingest", seen=reading.seen, notes=(telling.HELPED,))
        night.checkpoint("ingest.read")
        choices, pages = _chosen(reading, reads, round_)
    finally:
        round_.stop()
    checkpoint("ingest.pages")
    report = _keep(night, plan, choices, pages)
    if workers is not None:
        workers.end()
    return report


def helped(report: StageReport) -> bool:
    """Whether another worker has stored and reported what this one helped to read."""
    return telling.HELPED in report.notes


def all_failed(report: StageReport) -> bool:
    """Whether no source at all could be read."""
    return telling.ALL_FAILED in report.notes


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(reading: Reading, round_: Round) -> list[Read]:
    """Every source that is asked, by this process alone."""
    asked = reading.plan.asked
    return round_.sources(asked, reading.cursors(asked), reading.ask, reading.behind)


def _chosen(
    reading: Reading, reads: Sequence[Read], round_: Round
) -> tuple[dict[str, Choice], Mapping[str, fulltext.Found]]:
    """What is chosen of every source that was read, by name, and the pages behind it."""
    night, plan = reading.night, reading.plan
    taken: set[str] = set()
    choices: dict[str, Choice] = {}
    for read in sorted(reads, key=_collects):
        name = read.source.name
        choices[name] = reading.alone.get(name, Choice(read))
        if not taken.isdisjoint(choices[name].ids):
            choices[name] = choice_of(night, plan, read, reading.known[name], taken)
        taken.update(record.id for record in choices[name].new)
    return choices, round_.pages(record for choice in choices.values() for record in night.pages_of(choice))


def _collects(read: Read) -> bool:
    """Whether a source lists what others publish: who publishes a page speaks for it, whatever their names."""
    return read.batch is not None and any(record.via for record in read.batch.records)


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


def _keep(night: Night, plan: Plan, choices: Mapping[str, Choice], pages: Mapping[str, fulltext.Found]) -> StageReport:
    """Store every source's result, in the order of their names, and report."""
    tally = Tally()
    finals = _finals(night, choices, pages)
    for group in _groups(plan.sources, finals):
        with night.store.transaction():
            if night.workers is not None:
                night.workers.stored(night.store, [source.name for source in group])
            for source in group:
                choice, final = choices.get(source.name), finals.get(source.name)
                _keep_one(night, plan, source, tally, choice=choice, final=final)
                night.checkpoint("ingest.source")
    read = [page for final in finals.values() for page in final.pages]
    gone = night.workers.gone() if night.workers is not None else frozenset()
    unread = [source.name for source in plan.asked if source.name not in choices and source.name not in gone]
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
    night: Night, plan: Plan, source: Source, tally: Tally, *, choice: Choice | None, final: _Final | None
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


def _save(night: Night, choice: Choice, final: _Final, last: SourceHealth | None) -> Saving:
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


def _finals(night: Night, choices: Mapping[str, Choice], pages: Mapping[str, fulltext.Found]) -> dict[str, _Final]:
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
    night: Night,
    choice: Choice,
    applied: Mapping[str, fulltext.Read],
    known: Known,
    settled: Mapping[str, tuple[Record, bool]],
) -> tuple[_Final, Mapping[str, str]]:
    """A choice with its pages, and other id -> id of a record, which may be another source's."""
    listed = (*choice.new, *choice.changed)
    unfit = {one.id: rule for one in listed if one.id in applied and (rule := applied[one.id].unfit)}
    new = [chosen for chosen in choice.new if chosen.id not in unfit]
    kept = [settled[chosen.id][0] for chosen in new if not settled[chosen.id][1]]
    ids = {chosen.id: settled[chosen.id][0].id for chosen in new}
    aliases = {key: ids.get(id_, id_) for key, id_ in choice.aliases.items() if id_ not in unfit} | ids
    for chosen in choice.changed:
        if chosen.id in unfit:
            continue
        record = applied[chosen.id].record if chosen.id in applied else chosen
        at = choosing.at_page(record)
        if record.url != chosen.url and at not in known.records and at not in known.aliases:
            aliases[at] = record.id
        kept.append(record)
    dropped = Counter(unfit.values())
    dropped["page known at another address"] = len(listed) - len(unfit) - len(kept)
    foreign = [record for record in kept if not addresses.within(record.url, night.site)]
    dropped[batches.OWN] = len(kept) - len(foreign)
    mine = tuple(applied[one.id] for one in (*new, *choice.retitled) if one.id in applied)
    raws = (*choice.batch.raws, *(read.raw for read in mine if read.raw)) if night.settings.keep_raw_days else ()
    upto = max((holder.source for holder, held in (settled[one.id] for one in choice.new) if held), default="")
    return _Final(tuple(_raised(one, choice.batch) for one in foreign), {}, raws, +dropped, mine, upto), aliases


def _raised(record: Record, batch: Batch) -> Record:
    """`record` with what only the stage can tell: its language, and what it was read from."""
    raw = record.raw or (batch.raws[0].hash if len(batch.raws) == 1 else None)
    lang = record.lang or choosing.language_of(record)
    return record if (raw, lang) == (record.raw, record.lang) else replace(record, lang=lang, raw=raw)
