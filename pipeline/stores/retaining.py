"""What the store forgets, by age: what can be made or asked again. Nothing that a page rests on is named here.

Records, their versions, claims, evidence, storylines, findings, signals, stories, corrections, rechecks and papers have
no statement here that could remove them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Table, delete, select

from pipeline.domain import Record
from pipeline.errors import StoreError
from pipeline.protocols.storing import Aging, Room
from pipeline.stores import measured, schema
from pipeline.stores.database import Database
from pipeline.stores.rows import chunks

_DATED: Mapping[Aging, tuple[Table, Column[datetime]]] = {
    Aging.ANSWERS: (schema.answers, schema.answers.c.at),
    Aging.READS: (measured.reads, measured.reads.c.at),
    Aging.RANKINGS: (measured.rankings, measured.rankings.c.night),
}
_COMPACT_SHARE, _COMPACT_LEAST = 0.5, 64 << 20  # of the file that is free, and bytes of it: then it is rewritten


class Retaining:
    """The part of the store that forgets."""

    db: Database

    def records(self, ids: Iterable[str]) -> Mapping[str, Record]:
        """Of `Reading`."""
        raise NotImplementedError

    def prune_dated(self, what: Aging, before: datetime) -> int:
        """Forget what is of before a time; how many."""
        if what is Aging.REPORTS:
            return self._prune_reports(before)
        table, at = _DATED[what]
        with self.db.transaction(f"prune_{what}"):
            return self.db.execute(delete(table).where(at < before))

    def _prune_reports(self, before: datetime) -> int:
        """Whole runs, and the reports of their stages."""
        old = select(schema.runs.c.id).where(schema.runs.c.now < before)
        with self.db.transaction("prune_reports"):
            self.db.execute(delete(schema.stage_reports).where(schema.stage_reports.c.run_id.in_(old)))
            return self.db.execute(delete(schema.runs).where(schema.runs.c.now < before))

    def prune_vectors(self, keys: Iterable[str]) -> int:
        """Forget what embedders made of the texts with these keys; how many rows that were."""
        with self.db.transaction("prune_vectors"):
            table, gone = schema.vectors, sorted(set(keys))
            if self.db.near is not None and gone:
                with self.db.translated():
                    self.db.near.forget(self.db.connection, gone)
            return sum(self.db.execute(delete(table).where(table.c.id.in_(some))) for some in chunks(gone))

    def fetched_between(self, after: tuple[datetime, str] | None, before: datetime, *, limit: int) -> Sequence[Record]:
        """At most `limit` records that were last fetched before a time, the oldest first, then by id.

        `after`: time and id of the last record of the page before.
        """
        table = schema.records
        wanted = select(table.c.id).where(table.c.fetched < before).order_by(table.c.fetched, table.c.id).limit(limit)
        if after is not None:
            at, id_ = after
            wanted = wanted.where((table.c.fetched > at) | ((table.c.fetched == at) & (table.c.id > id_)))
        ids = [row.id for row in self.db.rows(wanted)]
        found = self.records(ids)
        return [found[id_] for id_ in ids]

    def room(self) -> Room:
        """How the store's file is filled; nothing where a server keeps it."""
        if self.db.connection.dialect.name != "sqlite":
            return Room(0, 0)
        with self.db.translated():
            pages, free, page = (
                int(self.db.connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
                for name in ("page_count", "freelist_count", "page_size")
            )
            self.db.connection.rollback()
        return Room(pages * page, free * page)

    def compact(self, place: Path) -> int:
        """Rewrite the file without its free space where most of it is free; the bytes given back.

        Only then, and only where the disk under `place` has room: what is free is filled by coming nights, and a
        rewrite costs the whole file twice in disk and once in time (sqlite.org/lang_vacuum.html).
        """
        before = self.room()
        space = os.statvfs(place)
        if before.free < max(_COMPACT_LEAST, _COMPACT_SHARE * before.size):
            return 0
        if space.f_bavail * space.f_frsize < 3 * (before.size - before.free):  # the copy, the log, and air
            return 0
        self.db.checkpoint("store.compact.before")
        with self.db.translated():
            cursor = self.db.connection.connection.cursor()
            try:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except Exception as error:
                raise StoreError(self.db.explain(error)) from error
            finally:
                cursor.close()
        self.db.checkpoint("store.compact.after")
        return before.size - self.room().size
