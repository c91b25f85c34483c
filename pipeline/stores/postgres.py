"""The store in a PostgreSQL database (14 or newer): one connection, one schema, checked when it is opened.

The database must keep text as UTF-8 and sort it by code point, as SQLite and Python do: what is read in order is
published in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from pipeline.errors import ConfigurationError, StoreError
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.protocols.library import Library
from pipeline.stores import migrate, nearness, rounds
from pipeline.stores.database import Database
from pipeline.stores.kinds import About, Hold, Kind
from pipeline.stores.library import SqlLibrary
from pipeline.stores.locking import RUN, DatabaseLock, holding
from pipeline.stores.matching import PostgresWords
from pipeline.stores.sessions import Session
from pipeline.stores.sql import SqlStore

_PROBE = ("A", "A-", "A0", "B", "Z", "_", "a", "a b", "ab", "z", "\u00e9", "\u0436", "\u6f22", "\U0001f600")
_WAIT = 10  # seconds for the server to answer at all

_READER = f"-c default_transaction_read_only=on -c hnsw.ef_search={nearness.SEARCH}"
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('citewire migrate ' || current_schema(), 0))")

_WORDS = {  # SQLSTATE or its class (PostgreSQL manual, appendix A) -> what happened and what to do
    "08": "the connection to {name} was lost; nothing of this step was kept; see that the server runs, and run again",
    "22021": "a text holds a character that PostgreSQL cannot keep; clean the text first",
    "23": "the database refused a row that contradicts another ({error}); nothing of this step was kept",
    "25006": "the database {name} is read-only (a standby?); configure the one that is written to",
    "28": "{name} does not let this user in; check the user, and the password in PGPASSWORD or ~/.pgpass",
    "3D000": "there is no database {name}; make it with: createdb --template=template0 --encoding=UTF8 --locale=C NAME",
    "40": "another process wrote to {name} at the same time; nothing of this step was kept; run again",
    "42501": "this user may not do that in {name}; grant it the schema: GRANT ALL ON SCHEMA public TO USER",
    "53100": "the disk of {name} is full; free some space and run again",
    "53": "the server of {name} has no room left ({error}); give it more and run again",
    "54": "a text is too large for the database {name}",
    "55P03": "the database {name} is locked by another process; wait for it to end and run again",
    "57": "the server of {name} ended the connection ({error}); nothing of this step was kept; run again later",
    "58": "the disk of {name} failed to read or write; check it before running again",
    "XX": "the database {name} is damaged ({error}); restore a backup",
}
_REFUSALS = {
    "closed the connection": "08", "connection is closed": "08", "does not exist": "3D000",
    "authentication failed": "28", "no password supplied": "28", "not permit": "28",
}  # fmt: skip


def open_postgres(address: str, checkpoint: Checkpoint = no_checkpoint, *, unfinished: bool = False) -> Store:
    """The store at `address` ("postgresql://user@host/database"). Raises StoreError, and ConfigurationError.

    The schema is the first of the user's search path. Tables are made where there are none, all or nothing.
    """

    def prepare(database: Database, name: str) -> None:
        with database.connection.begin():
            standing = _check(database.connection, name)
        with database.transaction("migrate"):
            if standing != migrate.HEAD:  # several machines may come upon an empty or an old database at once
                database.connection.execute(_ONE_BY_ONE)
            migrate.upgrade(database.connection, unfinished=unfinished)
            database.near = nearness.prepared(database.connection, write=True)

    return SqlStore(*_opened(address, prepare, checkpoint))


def open_postgres_library(address: str) -> Library:
    """The store at `address`, for reading: the server refuses every write (manual, 19.11). Raises StoreError."""

    def prepare(database: Database, name: str) -> None:
        with database.connection.begin():
            migrate.readable(migrate.version(database.connection), name)
            database.near = nearness.prepared(database.connection, write=False)

    return SqlLibrary(*_opened(address, prepare, options=_READER))


def hold_postgres(address: str, shared: bool) -> DatabaseLock:
    """The run lock of the store at `address`, not taken yet. Raises StoreError and ConfigurationError."""
    session, name = _session(address)
    return DatabaseLock(session, name, shared=shared, leaving=rounds.leaving)


def about(address: str) -> About:
    """What the server of the store at `address` says of itself. Raises StoreError."""
    session, _ = _session(address)
    with closing(session):
        version, size, meaning, offered, free = session.rows(
            "SELECT current_setting('server_version'), pg_database_size(current_database()), "
            "(SELECT extversion FROM pg_extension WHERE extname = 'vector'), "
            "(SELECT default_version FROM pg_available_extensions WHERE name = 'vector'), "
            "current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity)"
        )[0]
        held = holding(session.holders(session.key(RUN)))
        return About(f"PostgreSQL {version}", size, held, meaning or "", offered or "", free)


def workers(address: str, hold: Hold) -> rounds.Rounds:
    """What the ingest workers of the store at `address` share, of whom this one has `hold`."""
    return rounds.Rounds(cast(DatabaseLock, hold).session, lambda: _session(address)[0])


def _session(address: str) -> tuple[Session, str]:
    url = _url(address)
    name = _named(url)
    return Session(url, lambda error: explained(error, name), _WAIT), name


def _opened(
    address: str,
    prepare: Callable[[Database, str], None],
    checkpoint: Checkpoint = no_checkpoint,
    options: str = "",
) -> tuple[Database, Callable[[], None]]:
    """A connection that `prepare` has found good, and what closes it."""
    url = _url(address)
    name = _named(url)
    options = " ".join(filter(None, (str(url.query.get("options", "")), options)))
    engine = create_engine(url, poolclass=StaticPool, connect_args={"connect_timeout": _WAIT, "options": options})

    def explain(error: Exception) -> str:
        return explained(error, name)

    try:
        connection = engine.connect()
        database = Database(connection, PostgresWords(), explain, checkpoint)
        prepare(database, name)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError | UnicodeError):
            raise StoreError(explain(error)) from error
        raise
    return database, lambda: _shut(connection, engine)


def _shut(connection: Connection, engine: Engine) -> None:
    connection.close()
    engine.dispose()


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "the address of the PostgreSQL database cannot be read", key="store", fix="postgresql://user@host/database"
        ) from None
    return url.set(drivername="postgresql+psycopg")


def _named(url: URL) -> str:
    """The database as messages name it: without a password, and without options of the connection."""
    where = {key: value for key, value in url.query.items() if key in ("host", "port")}
    return url.set(query=where).render_as_string(hide_password=True).replace("+psycopg", "")


def _check(connection: Connection, name: str) -> str | None:
    """Refuse a database that would sort or keep text otherwise, and a schema that holds something else; its version."""
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    probe = text("SELECT array_agg(word ORDER BY word) FROM unnest(CAST(:words AS text[])) AS words (word)")
    if encoding != "UTF8" or connection.execute(probe, {"words": list(_PROBE)}).scalar() != sorted(_PROBE):
        raise StoreError(
            f"the database {name} does not keep text as UTF-8 in the order of its code points, so pages would differ "
            "from those of other stores; nothing was changed; make one with: createdb --template=template0 "
            "--encoding=UTF8 --locale=C NAME"
        )
    tables = set(inspect(connection).get_table_names())
    standing = migrate.version(connection)
    if (standing is None and "records" in tables) or (standing is not None and not migrate.ours(standing)):
        raise StoreError(f"{name} holds the tables of another program; configure another database or schema")
    return standing


def explained(error: Exception, name: str) -> str:
    """A foreign error in words that say what to do; no password is in them."""
    if isinstance(error, UnicodeEncodeError):
        return f"a text holds a lone surrogate, which is no character ({error.reason}); clean the text first"
    original = error.orig if isinstance(error, DBAPIError) else error
    code = str(getattr(original, "sqlstate", None) or "")
    if not code:  # a server that refuses the connection tells it in words alone
        code = next((known for words, known in _REFUSALS.items() if words in str(original)), "")
    first = str(original or error).strip().splitlines()[0] if str(original or error).strip() else type(error).__name__
    if not code and isinstance(error, DBAPIError) and error.connection_invalidated:
        code = "08"
    for known in sorted(_WORDS, key=len, reverse=True):
        if code.startswith(known):
            return _WORDS[known].format(name=name, error=first)
    return f"the database {name} failed: {first}; see that the server runs and can be reached, and run again"


POSTGRES = Kind(open_postgres, open_postgres_library, hold_postgres, about, workers)
