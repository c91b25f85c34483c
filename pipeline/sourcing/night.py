"""A night of reading: what its steps share, and how its sources are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import events
from pipeline.domain import LATEST, Batch, Cursor, Quarantined, Record, Source, leapt
from pipeline.errors import Replaced
from pipeline.protocols import Checkpoint, Engine, Fetcher, Habits, Polite, SourceAdapter, Store, Wary
from pipeline.protocols.sharing import Workers
from pipeline.settings import IngestSettings
from pipeline.sourcing import batches, choosing, fulltext, health, waiting
from pipeline.sourcing.choosing import Choice, Known, Read
from pipeline.sourcing.planning import Plan

Adapters = Callable[[str], SourceAdapter]


@dataclass(frozen=True, slots=True)
class Night:
    """What the steps of one night share."""

    store: Store
    adapters: Adapters
    fetcher: Fetcher
    engine: Engine
    settings: IngestSettings
    now: datetime
    checkpoint: Checkpoint
    site: str = ""
    workers: Workers | None = None

    def recall(self) -> None:
        """Take up what earlier runs left, and forget what is kept for so long and no longer."""
        if isinstance(self.fetcher, Polite):
            self.fetcher.recall(self.store.hosts())
        if isinstance(self.engine, Wary):
            self.engine.recall(self.store.quarantine())
        if not leapt(self.store.runs(limit=LATEST), self.now):  # else the clock may be wrong: nothing is too old by it
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


class Reading:
    """How the sources of a night are read, and what is known of what they list."""

    def __init__(self, night: Night, plan: Plan) -> None:
        self.night, self.plan = night, plan
        self.seen = 0  # items listed by sources that were read here
        self.known: dict[str, Known] = {}
        self.alone: dict[str, Choice] = {}  # as if there were no other source

    def ask(self, source: Source, cursor: Cursor) -> tuple[Habits, Batch]:
        """What a source lists from `cursor` on. Runs in threads."""
        night = self.night
        adapter = night.adapters(source.kind)
        with events.timed("source.read", source=source.name, kind=source.kind) as told:
            given = batches.checked(adapter.read(source, cursor, night.now), source, night.now)
            batch = batches.of_others(given, night.site)
            told["items"] = len(batch.records)
        if why := health.replaced(self.plan.states[source.name], batch.identity):
            raise Replaced(why)
        return batches.habits(adapter), batch

    def behind(self, read: Read) -> list[Record]:
        """The records of a source that was read whose pages are worth reading."""
        if read.batch is None:
            return []
        name, renamed = read.source.name, self.plan.renamed
        listed = (*read.batch.records, *read.waiting)
        ids = [key for record in listed for key in choosing.keys(record)]
        before = choosing.renamed(listed, renamed[name]) if name in renamed else {}
        self.known[name] = choosing.known_before(self.night.known([*ids, *before.values()]), before)
        self.alone[name] = choice_of(self.night, self.plan, read, self.known[name], frozenset())
        self.seen += len(read.batch.records)
        return self.night.pages_of(self.alone[name])

    def cursors(self, sources: Iterable[Source]) -> dict[str, Cursor]:
        """How far each of `sources` was read."""
        return {source.name: _cursor(self.night.store, source, self.plan) for source in sources}


def _cursor(store: Store, source: Source, plan: Plan) -> Cursor:
    """How far `source` was read; at a new address or by a new name from the beginning, but for who waits."""
    cursor = store.cursor(plan.renamed.get(source.name, source.name))
    anew = source.name in plan.moved or source.name in plan.renamed
    return waiting.wrap(Cursor(), waiting.unwrap(cursor)[1]) if anew else cursor


def choice_of(night: Night, plan: Plan, read: Read, known: Known, taken: set[str] | frozenset[str]) -> Choice:
    """What is chosen of a source that was read; others have `taken`. A second reading of one night has less room."""
    state = plan.states[read.source.name]
    limit = None if read.habits.unlimited else night.settings.max_new
    last = state.last_success if state else None
    if state is None or not health.read_tonight(state, night.now):
        return choosing.choose(read, known, taken, limit, night.now, last=last)
    room = None if limit is None else max(0, limit - state.fresh)
    return choosing.choose_again(read, known, taken, room, night.now, last=last)
