"""What a site asks before it reads anything whole: which versions stand, and digests of all that storylines hold.

A digest is made of the rows themselves, which the database joins to one text for each owner and nobody reads. It says
nothing but whether something changed: equal ones stand for equal rows. What was worked out is kept beside the rows, and
triggers of the database remove it in the transaction that changes one of them, whoever writes (migration 0008): so a
night works out the digests of what moved, and no clock, counter, copy or restored backup can make a kept one wrong.
Whoever changes what a digest is made of empties both tables by a migration, and adds triggers for what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    text,
    union,
)

from pipeline.domain import Story
from pipeline.protocols.stating import Standing
from pipeline.stores import register, schema
from pipeline.stores.correcting import standing, story_of
from pipeline.stores.database import Database
from pipeline.stores.rows import chunks

_SIZE = 16  # bytes of a digest
_PART, _ROW, _NONE = "\x1f", "\x1e", "\x1d"  # between values, between rows, for NULL: no stored text holds them
_STORIES, _LINES, _FINDINGS, _CLAIMS = schema.stories, schema.storylines, schema.findings, schema.claims
_PARTS, _RECORDS, _JOINED = schema.storyline_claims, schema.storyline_records, schema.memberships
_TOLD = select(_LINES.c.id).where(_LINES.c.id.in_(select(_STORIES.c.storyline_id))).order_by(_LINES.c.id)

kept = MetaData()  # no part of the schema that is copied from store to store: each works it out for itself
_LINE_STATES = Table(  # digest of a storyline's own rows, and the records that it holds or held, in order
    "line_states", kept, *(Column(name, Text, primary_key=name == "id") for name in ("id", "digest", "records"))
)
_RECORD_STATES = Table(
    "record_states", kept, *(Column(name, Text, primary_key=name == "id") for name in ("id", "digest"))
)


class Stating:
    """The part of the store that publish asks first."""

    db: Database

    def standing_stories(self) -> Sequence[Standing]:
        """What is known of each version that stands without reading it, by time of writing, then id."""
        wanted = select(_STORIES.c.id, _STORIES.c.storyline_id, _told(_STORIES, without=("body",)).label("told"))
        rows = self.db.rows(standing(wanted.order_by(_STORIES.c.written, _STORIES.c.id)))
        return [Standing(row.id, row.storyline_id, _digest(row.told).hex()) for row in rows]

    def stories(self, ids: Iterable[str]) -> Mapping[str, Story]:
        """Versions by id, for ids that are known, withdrawn ones included."""
        rows = self.db.rows_in(select(_STORIES.c.id, _STORIES.c.body), _STORIES.c.id, ids)
        return {row.id: story_of(row.body) for row in sorted(rows, key=lambda row: row.id)}

    def storyline_states(self) -> Mapping[str, str]:
        """Storyline id -> digest of all that is kept of it, of each that a version was ever written about.

        Its own row, its claims and records past and present, its findings with their disputes, and of these records
        everything but texts under a hash that is counted in: their claims, origins and the entities that they name.
        """
        with self.db.transaction("states"):
            if self.db.connection.dialect.name == "postgresql":  # who changes a row waits for this lock in its trigger
                self.db.execute(text("LOCK TABLE line_states, record_states IN SHARE ROW EXCLUSIVE MODE"))
            told = [row.id for row in self.db.rows(_TOLD)]
            lines = self._lines(told)
            records = self._records(sorted({record for line in told for record in lines[line][1].split()}))
        return {
            key: _digest(" ".join([own, *map(records.__getitem__, held.split())])).hex()
            for key, (own, held) in ((key, lines[key]) for key in told)
        }

    def _lines(self, told: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Storyline id -> digest of its own rows, ids of its records; what is not kept is worked out and kept."""
        found = {row.id: (row.digest, row.records) for row in self.db.rows(select(_LINE_STATES))}
        for some in chunks(key for key in told if key not in found):
            held: dict[str, list[str]] = defaultdict(list)
            for row in self.db.rows(_held(some)):
                held[row.storyline_id].append(row.record_id)
            own = self._digests(_of_lines(some))
            fresh = {key: (_digest(own[key]).hex(), " ".join(held[key])) for key in some}
            found |= fresh
            self.db.put(_LINE_STATES, [{"id": key, "digest": d, "records": r} for key, (d, r) in fresh.items()])
        return found

    def _records(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Record id -> digest of its rows; what is not kept is worked out and kept."""
        found = {row.id: row.digest for row in self.db.rows(select(_RECORD_STATES))}
        for some in chunks(key for key in ids if key not in found):
            own = self._digests(_of_records(some))
            fresh = {key: _digest(own[key]).hex() for key in some}
            found |= fresh
            self.db.put(_RECORD_STATES, [{"id": key, "digest": digest} for key, digest in fresh.items()])
        return found

    def _digests(self, wanted: Iterable[Select[Any]]) -> dict[str, bytes]:
        """Owner -> digests of all that each of `wanted`, of columns "owner" and "told", has of it."""
        found: dict[str, bytes] = defaultdict(bytes)
        for n, one in enumerate(wanted):
            for row in self.db.stream(one):
                found[row.owner] += n.to_bytes(1, "big") + _digest(_ROW.join(sorted(row.told.split(_ROW))))
        return found


def _of_lines(ids: Sequence[str]) -> Iterator[Select[Any]]:
    """By storyline: itself, its claims, records, memberships, findings, what these say, their disputes."""
    yield select(_LINES.c.id.label("owner"), _told(_LINES).label("told")).where(_LINES.c.id.in_(ids))
    for table in (_PARTS, _RECORDS, _JOINED, _FINDINGS):
        yield _joined(table, table.c.storyline_id, table.c.storyline_id.in_(ids))
    owner = _FINDINGS.c.storyline_id
    for table in (schema.finding_claims, schema.disputes):
        yield _joined(table, owner, owner.in_(ids)).join(_FINDINGS, _FINDINGS.c.id == table.c.finding_id)


def _of_records(ids: Sequence[str]) -> Iterator[Select[Any]]:
    """By record: its latest version, its claims with their spans, its origin, what it names."""
    heads, texts = schema.records, schema.versions
    latest = and_(heads.c.id == texts.c.id, heads.c.content_hash == texts.c.content_hash)
    told = select(texts.c.id.label("owner"), _told(texts, without=("text",)).label("told"))
    yield told.join(heads, latest).where(texts.c.id.in_(ids))
    for table in (_CLAIMS, schema.evidence, schema.record_origins, register.entity_records):
        yield _joined(table, table.c.record_id, table.c.record_id.in_(ids))


def _held(ids: Sequence[str]) -> CompoundSelect[Any]:
    """(storyline, record) of what storylines hold or held, of their claims' records, too; in order."""
    claims = select(_PARTS.c.storyline_id, _CLAIMS.c.record_id).join(_CLAIMS, _CLAIMS.c.id == _PARTS.c.claim_id)
    found = schema.finding_claims
    told = (
        select(_FINDINGS.c.storyline_id, _CLAIMS.c.record_id)
        .join(found, found.c.finding_id == _FINDINGS.c.id)
        .join(_CLAIMS, _CLAIMS.c.id == found.c.claim_id)
    )
    every = union(
        claims.where(_PARTS.c.storyline_id.in_(ids)),
        told.where(_FINDINGS.c.storyline_id.in_(ids)),
        select(_RECORDS.c.storyline_id, _RECORDS.c.record_id).where(_RECORDS.c.storyline_id.in_(ids)),
        select(_JOINED.c.storyline_id, _JOINED.c.record_id).where(_JOINED.c.storyline_id.in_(ids)),
    )
    return every.order_by(*every.selected_columns)


def _joined(table: Table, owner: ColumnElement[str], where: ColumnElement[bool]) -> Select[Any]:
    """Owner, and all its rows of a table as one text, in whatever order the database has them."""
    told = func.aggregate_strings(_told(table), _ROW).label("told")
    columns: list[ColumnElement[Any]] = [owner.label("owner"), told]
    return select(*columns).where(where).group_by(owner)


def _told(table: Table, without: Sequence[str] = ()) -> ColumnElement[str]:
    """A row as one text."""
    columns = [func.coalesce(cast(column, Text), _NONE) for column in table.c if column.name not in without]
    told: ColumnElement[str] = reduce(lambda a, b: a + literal(_PART) + b, columns)
    return told


def _digest(told: str | bytes) -> bytes:
    raw = told.encode("utf-8", "surrogatepass") if isinstance(told, str) else told
    return blake2b(raw, digest_size=_SIZE).digest()
