"""Brings a database to the schema of this version, in one transaction: afterwards it is old or new, never between."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pipeline.errors import StoreError

HEAD = "0006"  # the newest file in migrations/versions
FOLDER = Path(__file__).parent / "migrations"


def version(connection: Connection) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def outdated(standing: str | None) -> bool:
    """Whether a database at version `standing` holds an older schema than this one."""
    return standing is not None and standing < HEAD


def upgrade(connection: Connection) -> None:
    """Apply what is missing inside the caller's transaction.

    Raises StoreError for a database that a newer version of Citewire has written.
    """
    standing = version(connection)
    if standing == HEAD:
        return
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
