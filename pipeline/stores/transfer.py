"""A desk moved from one store to another, of whatever kind: every row, in the order of its key, then compared.

The copy can be stopped anywhere and run again: what has arrived is known by its keys. Until it is whole and compared
the target holds a mark, under which no night and no reader opens it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, func, select, tuple_

from pipeline.errors import StoreError
from pipeline.language.words import tokens
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.stores import migrate, open_store
from pipeline.stores.database import Database
from pipeline.stores.schema import metadata, records, versions
from pipeline.stores.sql import SqlStore

CHUNK = 500  # rows in one transaction
Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a copy: rows by table, how many of them this run brought, and one digest of all of them."""

    rows: Mapping[str, int]
    brought: int
    digest: str


def copy(
    source: str, target: str, *, told: Told = lambda table, rows: None, checkpoint: Checkpoint = no_checkpoint
) -> Copied:
    """Bring all that `source` holds to `target`, which is empty or a copy begun from the same store.

    What is read is of one moment, whoever writes to `source` meanwhile. `told` hears of each table and its rows.
    Raises StoreError where the target holds anything else, and where the two differ at the end: then the target keeps
    its mark.
    """
    with _database(source) as here, here.snapshot(), _database(target, unfinished=True) as there:
        _begin(here, there)
        brought = 0
        for table in metadata.sorted_tables:
            brought += (rows := _bring(here, there, table, checkpoint))
            told(table.name, rows)
        _index(there, checkpoint)
        copied = _compared(here, there, brought)
        with there.transaction("copy.whole"):
            migrate.mark_copy(there.connection, None)
        return copied


@contextmanager
def _database(address: str, *, unfinished: bool = False) -> Iterator[Database]:
    with closing(cast(SqlStore, open_store(address, unfinished=unfinished))) as store:
        yield store.db


def _begin(here: Database, there: Database) -> None:
    """Mark the target as a copy of this source. Raises StoreError for one that holds something else."""
    first = here.rows(select(func.min(records.c.fetched), func.min(records.c.id)))[0]
    origin = hashlib.sha256(repr(_plain(first)).encode()).hexdigest()[:24]
    with there.connection.begin():
        mark = migrate.copy_of(there.connection)
    if mark is None:
        held = [table.name for table in metadata.sorted_tables if there.rows(select(table).limit(1))]
        if held:
            raise StoreError(
                f"the target holds a desk already (rows in {', '.join(held[:3])}); nothing was changed; "
                "name an empty one"
            )
        with there.transaction("copy.begun"):
            migrate.mark_copy(there.connection, origin)
    elif mark != origin:
        raise StoreError(
            "the target is the unfinished copy of another desk; nothing was changed; name an empty one, or finish "
            "that copy"
        )


def _bring(here: Database, there: Database, table: Table, checkpoint: Checkpoint) -> int:
    """The rows of `table` that come after the last one that has arrived; how many they were."""
    brought, after = 0, _last(there, table)
    while rows := _after(here, table, after):
        with there.transaction(f"copy.{table.name}"):
            there.add(table, [dict(row._mapping) for row in rows])
        brought, after = brought + len(rows), _key(table, rows[-1])
        checkpoint(f"copy.{table.name}")
    return brought


def _last(there: Database, table: Table) -> tuple[Any, ...] | None:
    keys = list(table.primary_key)
    found = there.rows(select(*keys).order_by(*(column.desc() for column in keys)).limit(1))
    return tuple(found[0]) if found else None


def _after(db: Database, table: Table, key: tuple[Any, ...] | None) -> Sequence[Row[Any]]:
    keys = list(table.primary_key)
    wanted = select(table).order_by(*keys).limit(CHUNK)
    return db.rows(wanted if key is None else wanted.where(tuple_(*keys) > tuple_(*key)))


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column.name] for column in table.primary_key)


def _index(there: Database, checkpoint: Checkpoint) -> None:
    """Search, by words and by meaning, is of each product's own making: it is made anew from the latest texts."""
    joined = records.join(
        versions, (versions.c.id == records.c.id) & (versions.c.content_hash == records.c.content_hash)
    )
    after = ""
    latest = select(records.c.id, versions.c.text).select_from(joined).order_by(records.c.id).limit(CHUNK)
    while rows := there.rows(latest.where(records.c.id > after)):
        with there.transaction("copy.words"):
            there.words.index(there.connection, {row.id: " ".join(tokens(row.text)) for row in rows})
        after = rows[-1].id
        checkpoint("copy.words")
    if there.near is not None:
        with there.transaction("copy.near"), there.translated():
            there.near.rebuild(there.connection)


def _compared(here: Database, there: Database, brought: int) -> Copied:
    whole, counts = hashlib.sha256(), {}
    for table in metadata.sorted_tables:
        (rows, made), (others, found) = _summed(here, table), _summed(there, table)
        if (rows, made) != (others, found):
            raise StoreError(
                f"the copy of {table.name} differs ({rows} rows here, {others} there); the target keeps its mark and "
                "cannot be used; remove it and copy again"
            )
        counts[table.name] = rows
        whole.update(f"{table.name} {rows} {made}\n".encode())
    return Copied(counts, brought, whole.hexdigest()[:32])


def _summed(db: Database, table: Table) -> tuple[int, str]:
    """How many rows a table has, and the digest of their values in the order of the key."""
    count, found, after = 0, hashlib.sha256(), None
    while rows := _after(db, table, after):
        for row in rows:
            found.update(repr(_plain(row)).encode("utf-8", "surrogatepass"))
        count, after = count + len(rows), _key(table, rows[-1])
    return count, found.hexdigest()


def _plain(row: Row[Any]) -> list[object]:
    return [_value(value) for value in row]


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return bytes(value) if isinstance(value, memoryview | bytearray) else value
