"""What ingest keeps beside records: other ids of records, raw documents, hosts, documents that killed their parser."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from pipeline.domain import HostState, Quarantined, Raw, Record
from pipeline.errors import StoreError, discreet
from pipeline.stores import schema
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape

_HOST, _QUARANTINED = Shape(HostState, schema.hosts), Shape(Quarantined, schema.quarantine)
_FAST = 1  # zlib: four fifths of what level 9 saves on markup, at a tenth of its time in the one thread that writes


class Intake:
    """The part of the store that politeness and the parsers write."""

    db: Database

    def aliases(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Other id -> id of the record, for those of `ids` that are other ids."""
        table = schema.aliases
        return {row.id: row.record_id for row in self.db.rows_in(select(table), table.c.id, ids)}

    def raw(self, hash_: str) -> Raw | None:
        """What a record was read from, as long as it is kept. Raises StoreError where that is damaged."""
        row = next(iter(self.db.rows(select(schema.raws).where(schema.raws.c.hash == hash_))), None)
        if row is None:
            return None
        try:
            return Raw(row.url, row.media_type, zlib.decompress(row.body))
        except zlib.error as error:
            raise StoreError(f"the raw document {hash_} is damaged ({error}); restore a backup") from error

    def prune_raws(self, before: datetime) -> None:
        """Forget what was fetched before a time."""
        with self.db.transaction("prune_raws"):
            self.db.execute(delete(schema.raws).where(schema.raws.c.fetched < before))

    def hosts(self) -> Sequence[HostState]:
        """What politeness remembers, by host."""
        return [_HOST.noun(row) for row in self.db.rows(select(schema.hosts).order_by(schema.hosts.c.host))]

    def save_hosts(self, states: Iterable[HostState]) -> None:
        """Remember `states`, one per host, in place of what was remembered of these hosts."""
        with self.db.transaction("save_hosts"):
            self.db.put(schema.hosts, [_HOST.row(state) for state in states])

    def quarantine(self) -> Sequence[Quarantined]:
        """Documents that have killed their parser, by hash."""
        table = schema.quarantine
        return [_QUARANTINED.noun(row) for row in self.db.rows(select(table).order_by(table.c.hash))]

    def save_quarantine(self, documents: Iterable[Quarantined]) -> None:
        """Keep `documents`; one that is kept already keeps its date."""
        with self.db.transaction("save_quarantine"):
            self.db.put(schema.quarantine, [_QUARANTINED.row(one) for one in documents], keep=["since"])


def save_aliases(db: Database, aliases: Mapping[str, str]) -> None:
    """Inside a transaction: `aliases`, in place of what these ids led to."""
    db.put(schema.aliases, [{"id": other, "record_id": aliases[other]} for other in sorted(aliases)])


def save_raws(db: Database, raws: Sequence[Raw], named: Mapping[str, Record]) -> None:
    """Inside a transaction: those of `raws` whose hash is in `named`, with the time their record was fetched."""
    rows = {
        hash_: {
            "hash": hash_,
            "url": discreet(raw.url),
            "media_type": raw.media_type[:200],
            "body": zlib.compress(raw.body, _FAST),
            "fetched": named[hash_].fetched,
        }
        for raw in raws
        if (hash_ := raw.hash) in named
    }
    db.put(schema.raws, [rows[hash_] for hash_ in sorted(rows)])
