"""A store's file copied while nights may write to it, and examined without being opened as a store.

A copy is one `VACUUM INTO` (sqlite.org/lang_vacuum.html): one consistent moment, every row read, no free pages. It
reads over a connection that cannot write, and so cannot meet the fault of SQLite's write-ahead log in versions before
3.51.3, which needs two connections that write or checkpoint (sqlite.org/wal.html, section 11.1).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from pipeline.domain import digest
from pipeline.errors import StoreError
from pipeline.stores import migrate
from pipeline.stores.sqlite import check_header, explained

MOST_FAULTS = 20
GOOD = ("published", "nothing new", "partial")  # outcomes of runs after which readers see what there is
_WAIT = 10.0  # seconds for a night that is committing
_SHADOWS = ("record_words_",)  # tables that FTS5 keeps for itself


@dataclass(frozen=True, slots=True)
class Examined:
    """What a store's file holds: its schema, its rows by table, and what is wrong with it (at most MOST_FAULTS)."""

    schema: str | None
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def copy(source: Path, target: Path) -> None:
    """A consistent copy of the store `source` at `target`, which must not exist yet.

    Raises StoreError, also where reading every row of it finds damage.
    """
    check_header(source)
    with _reading(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def examine(path: Path, *, full: bool = False) -> Examined:
    """Look a store's file over: quick_check and foreign keys; `full` also compares indexes and hashes every text.

    Raises StoreError for a file that is no store of ours, or that cannot be read at all.
    """
    check_header(path)
    with _reading(path) as connection:
        connection.execute("BEGIN")  # one moment, whatever is written meanwhile
        check = "integrity_check" if full else "quick_check"
        faults = [row[0] for row in connection.execute(f"PRAGMA {check}({MOST_FAULTS})") if row[0] != "ok"]
        if faults:
            return Examined(_schema(connection), faults=tuple(faults))
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS):
            faults.append(f"row {row} of {table} names something that {parent} does not have")
        if full:
            faults += _altered(connection)
        return Examined(_schema(connection), _counts(connection), tuple(faults[:MOST_FAULTS]))


@dataclass(frozen=True, slots=True)
class Told:
    """What a store's file says of its nights, whatever its schema; `health` is JSON by source."""

    newest: datetime | None = None
    last_run: datetime | None = None
    last_outcome: str = ""
    last_good: datetime | None = None
    since: datetime | None = None
    nights: int = 0
    health: Mapping[str, str] = field(default_factory=dict)


def told(path: Path) -> Told:
    """What a store's file says of its nights. Raises StoreError."""
    with _reading(path) as connection:
        runs = connection.execute("SELECT now, outcome FROM runs ORDER BY now, id").fetchall()
        newest = connection.execute("SELECT max(fetched) FROM records").fetchone()[0]
        health = connection.execute("SELECT source, health FROM sources WHERE health IS NOT NULL").fetchall()
    good = [now for now, outcome in runs if outcome in GOOD]
    return Told(
        newest=_moment(newest),
        last_run=_moment(runs[-1][0]) if runs else None,
        last_outcome=str(runs[-1][1]) if runs else "",
        last_good=_moment(good[-1]) if good else None,
        since=_moment(runs[0][0]) if runs else None,
        nights=len(runs),
        health={str(source): str(state) for source, state in health},
    )


def newer(schema: str | None) -> bool:
    """Whether a store at this schema was written by a newer version of the program."""
    return schema is not None and schema > migrate.HEAD


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write to the file."""
    try:
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
    except (sqlite3.Error, UnicodeError) as error:
        raise _told(error, path) from error


def _told(error: Exception, path: Path) -> StoreError:
    return StoreError(explained(error, str(path)))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _schema(connection: sqlite3.Connection) -> str | None:
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(found[0]) if found else None


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table of ours, by name."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    ours = [name for name in names if not name.startswith(("sqlite_", "alembic_", *_SHADOWS))]
    return {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in ours}  # noqa: S608  names of our own schema


def _altered(connection: sqlite3.Connection) -> Iterator[str]:
    """What is not as it was written: texts against their hashes, quoted words against texts, and torn JSON.

    Spans are counted in code points, and so does substr() (sqlite.org/lang_corefunc.html).
    """
    for id_, said, text in connection.execute("SELECT id, content_hash, text FROM versions ORDER BY id, content_hash"):
        if not isinstance(text, str) or digest("text", text, size=32) != said:
            yield f"the text of record {id_} is not what was read (its hash differs)"
    for table, owner in (("evidence", "claim_id"), ("citations", "story_id")):
        spans = connection.execute(
            f"SELECT s.{owner} FROM {table} AS s LEFT JOIN versions AS v "  # noqa: S608  names of our own schema
            "ON v.id = s.record_id AND v.content_hash = s.content_hash WHERE v.text IS NULL "
            f'OR substr(v.text, s.start + 1, s."end" - s.start) IS NOT s.quote ORDER BY s.{owner}'
        )
        for (id_,) in spans:
            yield f"{table}: the words of {id_} are not those of the text that they are quoted from"
    for table, column in (("stories", "body"), ("versions", "rest"), ("claims", "rest"), ("runs", "rest")):
        torn = f"SELECT id FROM {table} WHERE NOT json_valid({column}) ORDER BY id"  # noqa: S608
        for (id_,) in connection.execute(torn):
            yield f"{table}: what is kept of {id_} cannot be read"
