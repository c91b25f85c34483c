"""Reading: a night's sources and the pages behind their items, hosts side by side, until the night's time is over.

What shares a host is read one after the other, sources first; no host waits for another. The pages of a source are
read from the moment that the source was, so that a night takes as long as its slowest host and no longer.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath

from pipeline import addresses
from pipeline.domain import Batch, Cursor, Record, Source
from pipeline.protocols import Engine, Fetcher, Habits
from pipeline.settings import IngestSettings
from pipeline.sourcing import fulltext, health, waiting
from pipeline.sourcing.choosing import Read
from pipeline.sourcing.fulltext import Found, Visits
from pipeline.sourcing.quarantine import reader
from pipeline.threads import Lanes

TICK = 0.25  # seconds after which the owner looks after its own things while it waits

Ask = Callable[[Source, Cursor], tuple[Habits, Batch]]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was read for the record with an id."""

    id: str
    found: Found


class Round:
    """One night's reading. The owner starts it, is called back with each source that was read, and stops it.

    `meanwhile` is called by the owner's thread about four times a second as long as it waits. What is not there when
    `settings.night_seconds` are over is left out. Which pages of a host in trouble are tried before it is left alone
    depends on which of its sources answered first; nothing else does.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        engine: Engine,
        settings: IngestSettings,
        now: datetime,
        meanwhile: Callable[[], None],
    ) -> None:
        self._fetcher, self._engine, self._settings, self._now = fetcher, engine, settings, now
        self._meanwhile = meanwhile
        self._lanes: Lanes[Read | _Page] = Lanes(settings.hosts)
        self._until = time.monotonic() + settings.night_seconds
        self._visits: dict[str, Visits] = {}  # by host
        self._closed: dict[str, datetime] = {}  # lanes whose host has asked for a pause tonight
        self._wanted: dict[str, Record] = {}
        self._found: dict[str, Found] = {}

    def sources(
        self,
        sources: Sequence[Source],
        cursors: Mapping[str, Cursor],
        ask: Ask,
        behind: Callable[[Read], Iterable[Record]],
    ) -> list[Read]:
        """Read `sources`, in each lane in the order given, and the pages of the records that `behind` names.

        The reads by name of the source; those that the night had no time for are missing.
        """
        loads = Counter(lane(source) for source in sources)
        for source in sorted(sources, key=lambda source: -loads[lane(source)]):
            self._lanes.put(lane(source), partial(self._source, source, cursors[source.name], ask))
        reads: list[Read] = []

        def done(read: Read) -> None:
            reads.append(read)
            self._want(behind(read))

        self._wait(done)
        return sorted(reads, key=lambda read: read.source.name)

    def pages(self, records: Iterable[Record]) -> Mapping[str, Found]:
        """The pages behind `records`, by their ids; read now where they were not yet."""
        wanted = list(records)
        self._want(wanted)
        self._wait(None)
        return {record.id: self._found.get(record.id) or Found(reason=fulltext.LATE) for record in wanted}

    def found(self, pages: Mapping[str, Found]) -> None:
        """Pages that another worker has read, by the ids of their records: they are not read again."""
        for id_ in sorted(pages):
            self._found.setdefault(id_, pages[id_])

    def stop(self) -> None:
        """Leave whatever is under way to itself."""
        self._lanes.stop()

    # --- the owner's side --------------------------------------------------------------------------------------------

    def _want(self, records: Iterable[Record]) -> None:
        for record in sorted(records, key=lambda record: record.id):
            if record.id not in self._wanted and record.id not in self._found:
                self._wanted[record.id] = record
                host = addresses.host(record.url or "") or ""
                self._lanes.put(host, partial(self._page, record, host))

    def _wait(self, done: Callable[[Read], None] | None) -> None:
        """Take results until there are no more to come, or the night is over."""
        told = 0.0
        while self._lanes.under_way:
            left = self._until - time.monotonic()
            if left <= 0:
                self._lanes.stop()
                break
            result = self._lanes.take(min(left, TICK))
            if isinstance(result, _Page):
                self._found[result.id] = result.found
            elif result is not None and done is not None:
                done(result)
            if time.monotonic() - told >= TICK:
                self._meanwhile()
                told = time.monotonic()
        self._meanwhile()

    # --- in the threads ----------------------------------------------------------------------------------------------

    def _source(self, source: Source, cursor: Cursor, ask: Ask) -> Read:
        own, late = waiting.unwrap(cursor)
        if closed := self._closed.get(lane(source)):
            return Read(source, waiting=late, closed=closed)
        reader.set(source.name)
        try:
            habits, batch = ask(source, own)
            return Read(source, batch, late, habits=habits)
        except BaseException as fault:  # an adapter may come from any package; not even its sys.exit ends the night
            error = fault if isinstance(fault, Exception) else RuntimeError(repr(fault))
            pause = health.pause(error, 1, self._now) if health.busy(error) else None
            if pause is not None:
                self._closed[lane(source)] = pause
            return Read(source, waiting=late, error=error)

    def _page(self, record: Record, host: str) -> _Page:
        if host in self._closed:
            return _Page(record.id, Found(reason="at a host that wants a pause"))
        reader.set(record.source)
        visits = self._visits.setdefault(host, Visits())
        found = fulltext.find(record, self._fetcher, self._engine, self._settings, self._now, visits=visits)
        return _Page(record.id, found)


def lane(source: Source) -> str:
    """What a source shares with others: its host, else the service of its kind; nothing where it is a local path."""
    _, _, rest = source.address.partition("://")  # of "feed://outlet.example/rss", say
    host = addresses.host(source.address) or addresses.host(f"https://{rest}")
    if host:
        return host
    return f"{source.kind} {source.name}" if PurePath(source.address).is_absolute() else f"{source.kind} service"
