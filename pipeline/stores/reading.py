"""What ingest keeps: cursors, health, records and their versions; and the search over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, update

from pipeline import addresses
from pipeline.domain import Cursor, Raw, Record, SourceHealth, SourceRead, TextQuality
from pipeline.errors import StoreError
from pipeline.language.words import tokens
from pipeline.protocols import Saved
from pipeline.serial import dumps, from_json, loads, to_json
from pipeline.stores import measured, schema
from pipeline.stores.database import Database
from pipeline.stores.intake import save_aliases, save_raws
from pipeline.stores.rows import Shape, chunks

_RECORD = Shape(Record, schema.versions)
_READ = Shape(SourceRead, measured.reads)
_HEADS, _VERSIONS = schema.records, schema.versions
_LATEST: Select[Any] = select(_VERSIONS).join(
    _HEADS, and_(_HEADS.c.id == _VERSIONS.c.id, _HEADS.c.content_hash == _VERSIONS.c.content_hash)
)
_BEST = {quality: -rank for rank, quality in enumerate(TextQuality)}


def _standing(record: Record) -> tuple[int, datetime, str]:
    """What makes one reading of a page stand before another: more of the text, then later, then a fixed rule."""
    return _BEST[record.quality], record.fetched, record.content_hash


class Reading:
    """The part of the store that ingest writes."""

    db: Database

    def cursor(self, source: str) -> Cursor:
        """How far `source` has been read; an empty cursor when it never was."""
        row = self.db.rows(select(schema.sources.c.cursor).where(schema.sources.c.source == source))
        return from_json(Cursor, loads(row[0].cursor), fill=True) if row else Cursor()

    def known(self, record_ids: Sequence[str]) -> frozenset[str]:
        """Those of `record_ids` that are stored, or are aliases of one that is."""
        other = schema.aliases.c.id
        either = [(select(_HEADS.c.id), _HEADS.c.id), (select(other), other)]
        return frozenset(row.id for which, column in either for row in self.db.rows_in(which, column, record_ids))

    def save_batch(
        self,
        source: str,
        records: Sequence[Record],
        cursor: Cursor,
        health: SourceHealth | None,
        *,
        aliases: Mapping[str, str] | None = None,
        raws: Sequence[Raw] = (),
    ) -> Saved:
        """Store new records and versions, the cursor and the health of `source`, together; None keeps its health.

        A changed text is a new version and pending again. The same text is a repeat, and so is a poorer reading of a
        page that is known in full. Which of several readings of one night stands does not depend on their order.
        Of `raws` those are kept that a new record or version names.
        """
        with self.db.transaction("save_batch"):
            saved = self._save_records(records)
            fresh = {*saved.new, *saved.versions}
            save_raws(self.db, raws, {record.raw: record for record in records if record.raw and record.id in fresh})
            save_aliases(self.db, aliases or {})
            self._save_source(source, health, cursor)
        return saved

    def save_health(self, health: SourceHealth) -> None:
        """Store what is known of a source's reliability."""
        with self.db.transaction("save_health"):
            self._save_source(health.source, health, None)

    def health(self) -> Mapping[str, SourceHealth]:
        """Health by source, for sources that were checked."""
        found = self.db.rows(select(schema.sources).order_by(schema.sources.c.source))
        return {row.source: from_json(SourceHealth, loads(row.health), fill=True) for row in found if row.health}

    def records(self, ids: Iterable[str]) -> Mapping[str, Record]:
        """Latest versions by id, for ids that are known."""
        found: dict[str, Record] = {}
        for some in chunks(sorted(set(ids))):
            made = [_RECORD.noun(row) for row in self.db.rows_in(_LATEST, _HEADS.c.id, some)]
            found |= {record.id: record for record in sorted(made, key=lambda record: record.id)}
        return found

    def record_version(self, record_id: str, content_hash: str) -> Record | None:
        """One version of a record, however old."""
        statement = select(_VERSIONS).where(_VERSIONS.c.id == record_id, _VERSIONS.c.content_hash == content_hash)
        return next((_RECORD.noun(row) for row in self.db.rows(statement)), None)

    def records_between(self, start: datetime, end: datetime) -> Sequence[Record]:
        """Latest versions that came in from `start` until before `end`, by fetch time, then id."""
        within = _LATEST.where(_HEADS.c.fetched >= start, _HEADS.c.fetched < end)
        return [_RECORD.noun(row) for row in self.db.rows(within.order_by(_HEADS.c.fetched, _HEADS.c.id))]

    def pending(self) -> Sequence[str]:
        """Ids of the records whose latest text was not analysed yet, by publication time, then id."""
        wanted = _LATEST.with_only_columns(_HEADS.c.id).where(schema.PENDING)
        return [row.id for row in self.db.rows(wanted.order_by(_VERSIONS.c.published, _VERSIONS.c.id))]

    def search_records(
        self, words: Sequence[str], *, since: datetime | None = None, limit: int = 500
    ) -> Sequence[Record]:
        """Latest versions that hold at least one of `words`, best match first, then id; published `since`."""
        folded = sorted({token for word in words for token in tokens(word)})
        if not folded or limit < 1:
            return []
        hits = self.db.words.find(folded).subquery()
        found = _LATEST.join(hits, hits.c.id == _HEADS.c.id).order_by(hits.c.score.desc(), _HEADS.c.id).limit(limit)
        if since is not None:
            found = found.where(_VERSIONS.c.published >= since)
        return [_RECORD.noun(row) for row in self.db.rows(found)]

    # --- inside a transaction ----------------------------------------------------------------------------------------

    def _save_source(self, source: str, health: SourceHealth | None, cursor: Cursor | None) -> None:
        if health is not None and health.source != source:
            raise StoreError(f"the health of {health.source!r} cannot be stored under source {source!r}")
        state = dumps(to_json(health)) if health is not None else None
        row = {"source": source, "health": state, "cursor": dumps(to_json(cursor or Cursor()))}
        kept = [name for name, value in (("cursor", cursor), ("health", health)) if value is None]
        self.db.put(schema.sources, [row], keep=kept)
        if health is not None:
            brought = (health.fresh, health.reach) if health.ok else (0, None)
            tried = SourceRead(source, health.checked, health.ok, *brought)
            self.db.put(measured.reads, [_READ.row(tried)])

    def _save_records(self, records: Sequence[Record]) -> Saved:
        """Decide for each record whether it is new, a new version or a repeat, then write all of it in bulk."""
        known = self.records(record.id for record in records)
        standing = dict(known)
        for record in records:
            if record.id not in standing or _supersedes(record, standing[record.id]):
                standing[record.id] = record
        new = tuple(sorted(standing.keys() - known.keys()))
        versions = tuple(key for key, was in known.items() if standing[key].content_hash != was.content_hash)
        changed = [standing[key] for key in sorted(standing) if key not in known or standing[key] is not known[key]]
        self._write(changed, {*new, *versions})
        self._count_repeats(Counter(record.id for record in records) - Counter([*new, *versions]))
        return Saved(new, versions, len(records) - len(new) - len(versions))

    def _write(self, changed: Sequence[Record], fresh: set[str]) -> None:
        for some in chunks(changed):  # as rows and as words a record takes several times its own room
            heads = [{"id": r.id, "content_hash": r.content_hash, "fetched": r.fetched} for r in some if r.id in fresh]
            self.db.put(_HEADS, heads)
            rows = [_RECORD.row(record, content_hash=record.content_hash) for record in some]
            # A text that comes back is known: its version stays as it was. Within one night the fixed rule decides.
            self.db.put(_VERSIONS, rows, only_if=_of_one_night)
            words = {r.id: " ".join(tokens(r.text)) for r in some if r.id in fresh}
            with self.db.translated():
                self.db.words.index(self.db.connection, words)
        self._know_sites(changed)

    def _know_sites(self, records: Sequence[Record]) -> None:
        """Keep since when each domain of `records` is read here: the earliest reading, in whatever order they come."""
        found: dict[str, datetime] = {}
        for record in records:
            site = addresses.registrable(record.url) if record.url else None
            if site:
                found[site] = min(found.get(site, record.fetched), record.fetched)
        rows = [{"site": site, "since": since} for site, since in sorted(found.items())]
        self.db.put(measured.sites, rows, only_if=_earlier)

    def _count_repeats(self, repeats: Mapping[str, int]) -> None:
        by_count: dict[int, list[str]] = {}
        for key, count in repeats.items():
            by_count.setdefault(count, []).append(key)
        for count, keys in sorted(by_count.items()):
            for some in chunks(sorted(keys)):
                more = update(_HEADS).where(_HEADS.c.id.in_(some)).values(repeats=_HEADS.c.repeats + count)
                self.db.execute(more)


def _of_one_night(new: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = _VERSIONS.c.fetched == new.fetched
    return same


def _earlier(new: Any) -> ColumnElement[bool]:
    earlier: ColumnElement[bool] = measured.sites.c.since > new.since
    return earlier


def _supersedes(record: Record, known: Record) -> bool:
    """Whether `record` takes the place of the `known` reading of the same page."""
    if record.content_hash != known.content_hash:
        return _standing(record) > _standing(known)
    return record.fetched == known.fetched and dumps(to_json(record)) < dumps(to_json(known))
