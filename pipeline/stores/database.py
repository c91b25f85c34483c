"""One connection, one writer: transactions that nest, statements in bulk, and foreign errors put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    RootTransaction,
    Row,
    Select,
    Table,
    TextualSelect,
    Transaction,
    delete,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import StoreError
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.stores.rows import Values, chunks

Row32 = np.ndarray[Any, np.dtype[np.float32]]
_UPSERT: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_ROWS = 2_000  # rows that are made and written at a time: of a large step they would take more than what they tell
WRITING = "citewire_writing"  # in Connection.info: the transaction that begins next will write


class Words(Protocol):
    """Full-text search of one database product. Words are folded by the caller on both sides."""

    def index(self, connection: Connection, texts: Mapping[str, str]) -> None:
        """Keep the folded `texts` by record id, replacing what was kept of these records."""
        ...

    def find(self, words: Sequence[str]) -> TextualSelect:
        """Selects (id, score) of records that hold any of `words`; a higher score is a better match."""
        ...


class Nearness(Protocol):
    """Search by meaning of one database product, over rows that embedders made."""

    def keep(self, connection: Connection, record_ids: Iterable[str]) -> None:
        """Take up the rows of the latest texts of these records."""
        ...

    def forget(self, connection: Connection, keys: Sequence[str]) -> None:
        """What was made of the texts with these keys is gone."""
        ...

    def rebuild(self, connection: Connection) -> None:
        """Take up everything anew."""
        ...

    def candidates(
        self, connection: Connection, model: str, row: Row32, *, among: Select[Any] | None, limit: int
    ) -> list[str] | None:
        """Ids of the records, of those that `among` selects, that are probably nearest to `row`.

        None where nothing of `model` is kept.
        """
        ...


class Database:
    """What the parts of the store share. `explain` puts a foreign error into words for the operator."""

    def __init__(
        self,
        connection: Connection,
        words: Words,
        explain: Callable[[Exception], str],
        checkpoint: Checkpoint = no_checkpoint,
        near: Nearness | None = None,
    ) -> None:
        self.connection, self.words, self.explain, self.checkpoint = connection, words, explain, checkpoint
        self.near = near
        self._inside = False
        self._upserts: dict[tuple[object, ...], Any] = {}

    @contextmanager
    def translated(self) -> Iterator[None]:
        """A foreign error becomes a StoreError."""
        try:
            yield
        except (SQLAlchemyError, UnicodeError, OverflowError) as error:
            raise StoreError(self.explain(error)) from error

    @contextmanager
    def transaction(self, name: str = "group") -> Iterator[None]:
        """All or nothing. Inside another transaction it commits with that one, and a failure undoes this part alone."""
        if self._inside:
            with self._closing(self._begin_nested()):
                yield
            return
        with self._closing(self._begin()):
            self._inside = True
            try:
                yield
                self.checkpoint(f"store.{name}.written")
            finally:
                self._inside = False
        self.checkpoint(f"store.{name}.committed")

    def _begin(self) -> Transaction:
        self.connection.info[WRITING] = True
        with self.translated():
            return self.connection.begin()

    def _begin_nested(self) -> Transaction:
        with self.translated():
            return self.connection.begin_nested()

    @contextmanager
    def _closing(self, transaction: Transaction) -> Iterator[None]:
        """Commit at the end, roll back on any error; an error of the rollback itself hides no other."""
        try:
            yield
            with self.translated():
                transaction.commit()
        except BaseException:
            with suppress(SQLAlchemyError):
                transaction.rollback()
            if isinstance(transaction, RootTransaction):  # a commit that failed may leave the driver inside
                with suppress(SQLAlchemyError):
                    self.connection.connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever others write meanwhile; nothing can be written."""
        with self.translated(), self.connection.begin():
            if self.connection.dialect.name == "postgresql":
                self.connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self._inside = True
            try:
                yield
            finally:
                self._inside = False

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a query, read in a transaction of its own unless one is open."""
        with self.translated():
            if self._inside:
                return self.connection.execute(statement).all()
            with self.connection.begin():
                return self.connection.execute(statement).all()

    def stream(self, statement: Executable) -> Iterator[Row[Any]]:
        """Rows of a query one after the other, none kept; for answers of many thousand rows.

        Nothing else may be asked until the last row was taken.
        """
        with self.translated():
            if self._inside:
                yield from self.connection.execute(statement)
                return
            with self.connection.begin():
                yield from self.connection.execute(statement)

    def rows_in(self, statement: Select[Any], column: ColumnElement[Any], ids: Iterable[str]) -> list[Row[Any]]:
        """Rows of `statement` whose `column` is one of `ids`, in chunks of sorted ids."""
        found: list[Row[Any]] = []
        for some in chunks(sorted(set(ids))):
            found.extend(self.rows(statement.where(column.in_(some))))
        return found

    def execute(self, statement: Executable, rows: Sequence[Values] | None = None) -> int:
        """Run one writing statement, over `rows` in bulk where given; the number of rows it changed."""
        with self.translated():
            return self.connection.execute(statement, rows).rowcount

    def add(self, table: Table, rows: Iterable[Values]) -> None:
        """Insert `rows`, which all have the same columns; a known key is an error."""
        for some in chunks(rows, _ROWS):
            self.execute(insert(table), some)

    def put(
        self,
        table: Table,
        rows: Iterable[Values],
        *,
        keep: Sequence[str] = (),
        only_if: Callable[[Any], ColumnElement[bool]] | None = None,
    ) -> None:
        """Insert `rows` or overwrite those with the same key, but for the columns `keep`.

        `only_if` gets the columns of the new row and says which of the old rows may be overwritten.
        """
        for some in chunks(rows, _ROWS):
            self.execute(self._upsert(table, tuple(some[0]), tuple(keep), only_if), some)

    def _upsert(
        self,
        table: Table,
        names: tuple[str, ...],
        keep: tuple[str, ...],
        only_if: Callable[[Any], ColumnElement[bool]] | None,
    ) -> Any:
        """The statement of `put`, built once for each use: building takes longer than running it for a few rows."""
        use = (table.name, names, keep, only_if)
        if use in self._upserts:
            return self._upserts[use]
        keys = [column.name for column in table.primary_key]
        fresh = [name for name in names if name not in keys and name not in keep]
        statement = _UPSERT[self.connection.dialect.name](table)
        if fresh:
            changed = {name: statement.excluded[name] for name in fresh}
            where = only_if(statement.excluded) if only_if else None
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        return self._upserts.setdefault(use, statement)

    def replace_lists(self, table: Table, owner: str, owners: Iterable[str], rows: Iterable[Values]) -> None:
        """Replace all rows of `owners` in a table of ordered lists."""
        for some in chunks(sorted(set(owners))):
            self.execute(delete(table).where(table.c[owner].in_(some)))
        self.add(table, rows)

    def lists(self, table: Table, owner: str, ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
        """Rows of an ordered list table by owner, in place."""
        found: dict[str, list[Row[Any]]] = {}
        statement = table.select().order_by(table.c[owner], table.c.n)
        for row in self.rows_in(statement, table.c[owner], ids):
            found.setdefault(row._mapping[owner], []).append(row)
        return found
