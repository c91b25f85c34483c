"""The store in one SQLite file: write-ahead log, one connection, full synchronisation, checked when it is opened."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Column, Connection, Double, Engine, Text, TextualSelect, bindparam, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from pipeline.errors import StoreError
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.stores import migrate
from pipeline.stores.database import WRITING, Database
from pipeline.stores.rows import chunks
from pipeline.stores.sql import SqlStore

MEMORY = ":memory:"
_NEW = ".new-"  # folders in which a new file is made
APPLICATION = 0x43697465  # "Cite" in the file's header: tells our files from those of other programs
RESTORING = b"Citewire: a restore was interrupted here. "  # what stands in the file's place while a backup is restored
_WAIT = 10_000  # milliseconds for another process (a backup, a shell) to let go

_WORDS = {  # SQLite's own name for the error -> what happened and what to do
    "SQLITE_BUSY": "the database {path} is locked by another process; close it (a backup? a shell?) and run again",
    "SQLITE_FULL": "the disk is full: {path} cannot grow; free some space and run again",
    "SQLITE_NOTADB": "{path} is not a database; move it away or restore a backup",
    "SQLITE_CORRUPT": "the database {path} is damaged; restore a backup",
    "SQLITE_READONLY": "the database {path} or its folder is read-only; give this user the right to write",
    "SQLITE_CANTOPEN": "the database {path} cannot be opened; check that it is a file and that this user may write",
    "SQLITE_IOERR": "the disk under {path} failed to read or write; check it before running again",
    "SQLITE_PERM": "this user may not use the database {path}",
    "SQLITE_CONSTRAINT": "the database refused a row that contradicts another ({error}); nothing of this step was kept",
    "SQLITE_TOOBIG": "a text is too large for the database {path}",
}


def open_sqlite(address: str, checkpoint: Checkpoint = no_checkpoint, *, unfinished: bool = False) -> Store:
    """The store in the file at `address` (a path, ":memory:" or "sqlite:///PATH"). Raises StoreError.

    A new file is made aside and linked into place once it is whole, so an empty or half-made one is always damage.
    """
    name = address.removeprefix("sqlite://")
    name = name.removeprefix("/") if name != address else name
    if name in ("", MEMORY):
        return _connect(MEMORY, checkpoint, fresh=True)
    path = Path(name).absolute()
    if os.path.lexists(path):
        check_header(path)
    else:
        _create(path)
    for left in path.parent.glob(f"{_NEW}*"):  # of a run that was killed while it made this file, or made it later
        shutil.rmtree(left, ignore_errors=True)
    return _connect(str(path), checkpoint, unfinished=unfinished)


def check_header(path: Path) -> None:
    """Refuse, without opening them as databases, files that are not ours (SQLite file format, section 1.3)."""
    try:
        if not path.is_file():
            raise StoreError(f"the database {path} cannot be opened: it is not a file; configure another")
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreError(f"the database {path} cannot be opened: {error.strerror}; check who may read it") from error
    if not header:
        raise StoreError(
            f"the database {path} is empty, which it never is unless damaged; restore a backup, or remove the file to "
            "start anew"
        )
    if header.startswith(RESTORING):
        raise StoreError(f"a restore of {path} was interrupted; finish it with the same command: citewire restore FILE")
    if not header.startswith(b"SQLite format 3\0"):
        raise StoreError(f"{path} is not a database; move it away or restore a backup")
    if header[68:72] != APPLICATION.to_bytes(4, "big"):
        raise StoreError(f"{path} is a database of another program; configure another")


def _create(path: Path) -> None:
    """An empty store at `path`, whole or not at all; one that another process made meanwhile is left alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_NEW, dir=path.parent) as folder:
            fresh = Path(folder) / "store"
            _connect(str(fresh), no_checkpoint, fresh=True).close()
            os.link(fresh, path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except FileExistsError:
        return
    except StoreError:
        if not os.path.lexists(path):  # else another process was faster, and swept the folder away under this one
            raise
    except OSError as error:
        if isinstance(error, FileNotFoundError) and os.path.lexists(path):
            return  # another process was faster, and swept
        raise StoreError(f"cannot create the database {path}: {error.strerror}; check the folder's owner") from error


def _connect(name: str, checkpoint: Checkpoint, *, fresh: bool = False, unfinished: bool = False) -> SqlStore:
    engine = _engine(name)

    def explain(error: Exception) -> str:
        return explained(error, name)

    try:
        connection = engine.connect()
        if not fresh:
            _check(connection, name)
        database = Database(connection, SqliteWords(), explain, checkpoint)
        with database.transaction("migrate"):
            migrate.upgrade(connection, unfinished=unfinished)
            if fresh:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError | sqlite3.Error | UnicodeError):
            raise StoreError(explain(error)) from error
        if isinstance(error, OSError):
            raise StoreError(f"no copy of {name} could be kept before its schema changes: {error.strerror}") from error
        raise

    def shut() -> None:
        connection.close()
        engine.dispose()

    return SqlStore(database, shut)


def _engine(name: str) -> Engine:
    target = "file::memory:" if name == MEMORY else f"file:{quote(name)}?mode=rwc"

    def connect() -> sqlite3.Connection:
        # isolation_level=None: the driver starts no transactions behind our back; ours begin in `_begin`.
        return sqlite3.connect(target, uri=True, isolation_level=None, timeout=_WAIT / 1000, cached_statements=512)

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    for pragma in (
        "trusted_schema = OFF",  # a foreign file runs no functions of its choice
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {_WAIT}",
        "journal_size_limit = 67108864",
        "cache_size = -16384",  # KiB; what falls out of it the system still has at hand
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once, so that it waits here and never half-way through."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.pop(WRITING, False) else "BEGIN")


def _check(connection: Connection, name: str) -> None:
    """Refuse a damaged file; keep a copy of one whose schema is about to be changed, as a way back."""
    with connection.begin():
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise StoreError(f"the database {name} is damaged ({found}); restore a backup")
        standing = migrate.version(connection)
    if migrate.outdated(standing):
        copy, aside = f"{name}.{standing}.bak", f"{name}.{standing}.bak.tmp"
        if not os.path.lexists(copy):
            Path(aside).unlink(missing_ok=True)  # half a copy, of a run that was killed
            connection.connection.cursor().execute("VACUUM INTO ?", (aside,))
            os.replace(aside, copy)


def explained(error: Exception, name: str) -> str:
    """A foreign error in words that say what to do."""
    if isinstance(error, UnicodeEncodeError):
        return f"a text holds a lone surrogate, which is no character ({error.reason}); clean the text first"
    if isinstance(error, UnicodeDecodeError):
        return _WORDS["SQLITE_CORRUPT"].format(path=name)
    original = error.orig if isinstance(error, DBAPIError) else error
    code = str(getattr(original, "sqlite_errorname", ""))
    for known, words in _WORDS.items():
        if code.startswith(known):
            return words.format(path=name, error=original)
    return f"the database {name} failed: {original or error}"


class SqliteWords:
    """Full-text search with FTS5. Row numbers join the two tables here and are seen by nobody else."""

    def index(self, connection: Connection, texts: Mapping[str, str]) -> None:
        """Keep the folded `texts` by record id, replacing what was kept of these records."""
        if not texts:
            return
        ids = [{"record_id": key} for key in sorted(texts)]
        connection.execute(text("INSERT OR IGNORE INTO record_word_ids (record_id) VALUES (:record_id)"), ids)
        numbered = text("SELECT n, record_id FROM record_word_ids WHERE record_id IN :some")
        numbered = numbered.bindparams(bindparam("some", expanding=True))
        rows = [row for some in chunks(sorted(texts)) for row in connection.execute(numbered, {"some": some})]
        words = [{"n": row.n, "words": texts[row.record_id]} for row in rows]
        connection.execute(text("REPLACE INTO record_words (rowid, words) VALUES (:n, :words)"), words)

    def find(self, words: Sequence[str]) -> TextualSelect:
        """Selects (id, score): BM25 rounded to 1e-6, so that equal records stay equal."""
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        found = text(
            "SELECT ids.record_id AS id, round(-bm25(record_words), 6) AS score FROM record_words "
            "JOIN record_word_ids AS ids ON ids.n = record_words.rowid WHERE record_words MATCH :query"
        )
        return found.bindparams(query=query).columns(Column("id", Text), Column("score", Double))
