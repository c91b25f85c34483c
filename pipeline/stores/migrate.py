"""Brings a database to the schema of this version, in one transaction: afterwards it is old or new, never between."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pipeline.errors import StoreError

HEAD = "0008"  # the newest file in migrations/versions
FOLDER = Path(__file__).parent / "migrations"
_COPY = "copy of "  # in the place of the version, so that no program opens a half of a desk


def version(connection: Connection) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def ours(standing: str) -> bool:
    """Whether a version is one that Citewire writes: alembic is used by other programs, too."""
    return standing.startswith(_COPY) or (standing.isdigit() and len(standing) == len(HEAD))


def outdated(standing: str | None) -> bool:
    """Whether a database at version `standing` holds an older schema than this one."""
    return standing is not None and standing < HEAD


def readable(standing: str | None, name: str) -> None:
    """Raises StoreError where a reader cannot read the store `name`, which stands at that version."""
    if standing == HEAD:
        return
    if standing is None:
        raise StoreError(f"there is no store in {name} yet; make one with: citewire run")
    cure = "install the newer version of Citewire"
    if outdated(standing):
        cure = "one night brings it up to date: citewire run"
    elif standing.startswith(_COPY):
        cure = "finish that copy with: citewire store copy FROM TO"
    raise StoreError(f"the store {name} is at schema {standing}, this version reads {HEAD}; {cure}")


def copy_of(connection: Connection) -> str | None:
    """Of which store the database is an unfinished copy; None for a whole one."""
    standing = version(connection) or ""
    return standing.removeprefix(_COPY) if standing.startswith(_COPY) else None


def mark_copy(connection: Connection, origin: str | None) -> None:
    """Say that the database is an unfinished copy of `origin` (24 characters at most), or, with None, whole."""
    standing = HEAD if origin is None else f"{_COPY}{origin}"
    connection.execute(text("UPDATE alembic_version SET version_num = :standing"), {"standing": standing})


def upgrade(connection: Connection, *, unfinished: bool = False) -> None:
    """Apply what is missing inside the caller's transaction; an `unfinished` copy is opened only by who finishes it.

    Raises StoreError for a database that a newer version of Citewire has written, or that a copy did not finish.
    """
    standing = version(connection)
    if standing == HEAD or (unfinished and copy_of(connection) is not None):
        return
    if copy_of(connection) is not None:
        raise StoreError(
            "the database is the unfinished copy of another store and cannot be used yet; finish it with: "
            "citewire store copy FROM TO"
        )
    if standing is not None and not outdated(standing):
        raise StoreError(
            f"the database is at schema {standing}, this version of Citewire knows up to {HEAD}; "
            "nothing was changed; install the newer version again or restore a backup from before it"
        )
    from alembic import command  # noqa: PLC0415 - a slow import that only a new or an old database needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
