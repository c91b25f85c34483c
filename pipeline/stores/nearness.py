"""Which records mean nearly the same, asked of pgvector (github.com/pgvector/pgvector, 0.7 or newer).

Beside the exact rows that embedders made, which stay as they are in both stores, each dense model has a table of its
own: record, key of the embedded text, and the row in half precision under an HNSW index (Malkov and Yashunin 2018) by
cosine. It answers with candidates; who asks ranks them by the exact rows. Over few rows, or over a stretch of time or
one beat, every row is compared: there the index would lose what the filter takes away. Without the extension there are
no such tables, and who asks reads all rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, bindparam, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

from pipeline.domain import digest
from pipeline.stores import schema
from pipeline.stores.database import Row32
from pipeline.stores.rows import chunks

FEW = 50_000  # rows that are compared one by one
SEARCH = 1000  # hnsw.ef_search: the most that the extension takes, and the most candidates it gives
WIDEST = 4000  # dimensions of a half-precision row under HNSW
_HEADS, _VERSIONS, _VECTORS = schema.records, schema.versions, schema.vectors


class PgVector:
    """Fits `pipeline.stores.database.Nearness`. `place` is the schema of the extension, quoted by the server."""

    def __init__(self, place: str) -> None:
        self._place = place

    def keep(self, connection: Connection, record_ids: Iterable[str], *, index: bool = True) -> None:
        """Take up the rows that dense models made of the openings of these records, in place of what was kept."""
        for some in chunks(sorted(set(record_ids))):
            keys = _openings(connection, some)
            for model, rows in sorted(self._made(connection, keys).items()):
                for width in sorted({len(row) for row in rows.values()}):
                    alike = {id_: row for id_, row in rows.items() if len(row) == width}
                    self._put(connection, self._table(connection, model, width, index=index), alike, keys)

    def _made(self, connection: Connection, keys: Mapping[str, str]) -> dict[str, dict[str, Row32]]:
        """Model -> record -> its row, of unit rows that the index can hold."""
        from pipeline import terms  # noqa: PLC0415  heavy, and readers ask nothing of it

        wanted = select(_VECTORS).where(_VECTORS.c.id.in_(sorted(set(keys.values()))), _VECTORS.c.model != terms.NAME)
        found: dict[str, dict[str, bytes]] = defaultdict(dict)
        for kept in connection.execute(wanted):
            found[kept.model][kept.id] = bytes(kept.vector)
        made: dict[str, dict[str, Row32]] = defaultdict(dict)
        for model, by_key in found.items():
            for id_, key in keys.items():
                raw = by_key.get(key, b"")
                if 4 <= len(raw) <= 4 * WIDEST and len(raw) % 4 == 0:
                    row = np.frombuffer(raw, dtype="<f4")
                    if np.isfinite(row).all() and row.any():
                        made[model][id_] = row
        return made

    def _table(self, connection: Connection, model: str, width: int, *, index: bool) -> str:
        """The table of a model, made where it is not there; its name is a digest: no setting stands in a statement."""
        name = _name(model, width)
        columns = f"record_id text PRIMARY KEY, key text NOT NULL, row {self._place}.halfvec({width}) NOT NULL"
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} ({columns})"))
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name}_key ON {name} (key)"))
        if index:
            self._index(connection, name)
        return name

    def _index(self, connection: Connection, name: str) -> None:
        kind = f"USING hnsw (row {self._place}.halfvec_cosine_ops)"
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name}_row ON {name} {kind}"))

    def _put(self, connection: Connection, name: str, rows: Mapping[str, Row32], keys: Mapping[str, str]) -> None:
        put = (
            f"INSERT INTO {name} (record_id, key, row) VALUES (:id, :key, CAST(:row AS {self._place}.halfvec)) "  # noqa: S608
            "ON CONFLICT (record_id) DO UPDATE SET key = excluded.key, row = excluded.row"
        )
        connection.execute(text(put), [{"id": id_, "key": keys[id_], "row": _shown(rows[id_])} for id_ in sorted(rows)])

    def forget(self, connection: Connection, keys: Sequence[str]) -> None:
        """What embedders made of the texts with these keys is gone."""
        for name in _tables(connection):
            gone = text(f"DELETE FROM {name} WHERE key IN :keys").bindparams(bindparam("keys", expanding=True))  # noqa: S608
            connection.execute(gone, {"keys": list(keys)})

    def rebuild(self, connection: Connection) -> None:
        """Take up everything anew; indexes come last, which is faster."""
        for name in _tables(connection):
            connection.execute(text(f"DROP TABLE {name}"))
        after = ""
        page = select(_HEADS.c.id).order_by(_HEADS.c.id).limit(500)
        while ids := connection.execute(page.where(_HEADS.c.id > after)).scalars().all():
            self.keep(connection, ids, index=False)
            after = ids[-1]
        for name in _tables(connection):
            self._index(connection, name)

    def candidates(
        self, connection: Connection, model: str, row: Row32, *, among: Select[Any] | None, limit: int
    ) -> list[str] | None:
        """Ids of about the `limit` records nearest to `row`, nearest first; None where nothing of `model` is kept.

        `among` selects the ids of those that are asked for.
        """
        name = _name(model, len(row))
        if name not in _tables(connection):
            return None
        kept = table(name, column("record_id"), column("row"))
        few = select(func.count()).select_from(select(kept.c.record_id).limit(FEW + 1).subquery())
        exact = among is not None or int(connection.execute(few).scalar_one()) <= FEW
        apart = f"{name}.row OPERATOR({self._place}.<=>) CAST(:row AS {self._place}.halfvec({len(row)}))"
        order = f"({apart}) + 0" if exact else apart  # what is computed upon no index can give the order of
        found = select(kept.c.record_id).order_by(text(order)).limit(min(limit, SEARCH))
        found = found if among is None else found.where(kept.c.record_id.in_(among))
        return list(connection.execute(found, {"row": _shown(row)}).scalars())


def prepared(connection: Connection, *, write: bool) -> PgVector | None:
    """The extension, where it is in this database; None without it.

    Who may `write` makes it where the server has it and the user may, and takes up what was made before it was there.
    """
    place = _place(connection)
    if place is None and write:
        try:
            with connection.begin_nested():
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public"))
        except DBAPIError:  # not installed, or only an administrator may
            return None
        place = _place(connection)
    if place is None:
        return None
    near = PgVector(place)
    if write and connection.execute(text("SELECT to_regclass('near_built')")).scalar() is None:
        near.rebuild(connection)
        connection.execute(text("CREATE TABLE near_built ()"))
    return near


def _place(connection: Connection) -> str | None:
    """The schema of the extension, where it is one that knows half precision."""
    found = connection.execute(
        text(
            "SELECT quote_ident(n.nspname), to_regtype(quote_ident(n.nspname) || '.halfvec') IS NOT NULL "
            "FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"
        )
    ).first()
    return str(found[0]) if found and found[1] else None


def _name(model: str, width: int) -> str:
    return f"near_{digest('near', model, str(width), size=16)}"


def _tables(connection: Connection) -> list[str]:
    wanted = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ '^near_[0-9a-f]{16}$'"
    return sorted(connection.execute(text(wanted)).scalars())


def _openings(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Record -> the key under which what embedders make of its opening is kept."""
    from pipeline.storylines import parts, vectors  # noqa: PLC0415  heavy, and readers ask nothing of it

    latest = (_VERSIONS.c.id == _HEADS.c.id) & (_VERSIONS.c.content_hash == _HEADS.c.content_hash)
    opening = func.substr(_VERSIONS.c.text, 1, parts.DENSE_TEXT).label("opening")
    wanted = select(_HEADS.c.id, opening).join(_VERSIONS, latest).where(_HEADS.c.id.in_(ids))
    return {row.id: vectors.key(row.opening) for row in connection.execute(wanted)}


def _shown(row: Row32) -> str:
    """A row as the extension reads it, in the digits that half precision has."""
    return "[" + ",".join(f"{value:.5g}" for value in row.tolist()) + "]"
