"""PostgreSQL stores of every released schema are brought up to date, whole or not at all, and work."""

from __future__ import annotations

from contextlib import closing
from typing import cast

import postgres
import pytest
from alembic.script import ScriptDirectory
from killing import RaiseAt, StoppedError
from postgres import admin
from stored import everything, whole_night

from pipeline.stores import migrate, open_store

pytestmark = postgres.needed
REVISIONS = [one.revision for one in reversed(list(ScriptDirectory(str(migrate.FOLDER)).walk_revisions()))]
TABLES = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name NOT LIKE 'near%' ORDER BY 1, 2"
)


def made(address: str) -> object:
    """What a night leaves in a store."""
    with closing(open_store(address)) as store:
        whole_night(store)
        return everything(store)


@pytest.fixture(scope="module")
def fresh() -> tuple[object, object]:
    address = postgres.fresh()
    return made(address), admin(address, TABLES)


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_schema_becomes_this_one(revision: str, fresh: tuple[object, object]) -> None:
    address = postgres.fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "HEAD", revision)
        open_store(address).close()
    row = "'wire', json_build_object('etag', NULL, 'last_modified', NULL, 'position', 'kept')"
    admin(address, f"INSERT INTO sources (source, cursor) VALUES ({row})")
    with pytest.raises(StoppedError):
        open_store(address, checkpoint=RaiseAt("store.migrate.written"))
    assert admin(address, "SELECT version_num FROM alembic_version") == [(revision,)]
    with closing(open_store(address)) as store:
        assert store.cursor("wire").position == "kept"
    assert admin(address, TABLES) == fresh[1]
    assert made(address) == fresh[0]
    assert cast(list[object], fresh[1])
