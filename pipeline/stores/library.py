"""The store for readers: the same file, opened so that nothing can be written to it, with the questions readers ask.

SQLite itself refuses every write (mode=ro and query_only, sqlite.org/pragma.html). Nothing is checked or brought up to
date at opening: that is the night's business, and a reader may come while one is under way.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from pipeline.errors import StoreError
from pipeline.protocols.library import Library
from pipeline.stores import migrate
from pipeline.stores.consulting import Consulting
from pipeline.stores.database import Database
from pipeline.stores.flat import Flattening
from pipeline.stores.kinds import Kind
from pipeline.stores.sql import SqlStore
from pipeline.stores.sqlite import SqliteWords, check_header, explained, open_sqlite

_WAIT = 10_000  # milliseconds for a night that is committing
_CACHE = 65_536  # KiB of pages kept in memory


class SqlLibrary(Flattening, Consulting, SqlStore):
    """Fits `pipeline.protocols.library.Library`."""


def open_library(path: str | Path) -> Library:
    """The store in the file at `path`, for reading. Raises StoreError where there is none, or one of another schema."""
    name = str(Path(str(path).removeprefix("sqlite:///")).absolute())
    if not os.path.lexists(name):
        raise StoreError(f"there is no store at {name} yet; make one with: citewire run")
    check_header(Path(name))
    engine = create_engine("sqlite://", creator=lambda: _connect(name), poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    def explain(error: Exception) -> str:
        return explained(error, name)

    try:
        connection = engine.connect()
        with connection.begin():
            standing = migrate.version(connection)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(explain(error)) from error
    try:
        migrate.readable(standing, name)
    except StoreError:
        engine.dispose()
        raise

    def shut() -> None:
        connection.close()
        engine.dispose()

    return SqlLibrary(Database(connection, SqliteWords(), explain), shut)


def _connect(name: str) -> sqlite3.Connection:
    address = f"file:{quote(name)}?mode=ro"
    made = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT / 1000, cached_statements=512)
    for pragma in ("trusted_schema = OFF", "query_only = ON", f"busy_timeout = {_WAIT}", f"cache_size = -{_CACHE}"):
        made.execute(f"PRAGMA {pragma}").fetchall()
    return made


SQLITE = Kind(open_sqlite, open_library)
