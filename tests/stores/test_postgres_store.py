"""stores.postgres: what is special to PostgreSQL: how a database is found, checked, lost and searched."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import postgres
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from factories import make_health, make_record
from postgres import admin
from sqlalchemy import make_url

from pipeline.domain import Cursor
from pipeline.errors import ConfigurationError, StoreError
from pipeline.protocols import Store
from pipeline.stores import migrate, open_store, schema

pytestmark = postgres.needed
HEALTH = make_health(source="wire")
WORDS = (
    "turbine turbines quay harbour harbours U.S. gpt-4 gpt 4 café cafe ontology terribly trekking don't 15 gw 2,500 "
    "Weißbuch naïve ѐлка 地震 AT&T relational relate related relating"
).split()


@contextmanager
def opened(address: str) -> Iterator[Store]:
    store = open_store(address)
    try:
        yield store
    finally:
        with suppress(StoreError):
            store.close()


def test_tables_are_those_of_the_schema() -> None:
    with opened(postgres.fresh()) as store:
        connection = store.db.connection  # type: ignore[attr-defined]
        with connection.begin():
            found = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    own = ("record_words", "round", "near_", "line_states", "record_states")  # of this product alone
    assert [step for step in found if not any(name in str(step) for name in own)] == []


@pytest.mark.parametrize("seed", range(4))
def test_the_same_words_find_the_same_records_with_the_same_scores_as_in_sqlite(seed: int) -> None:
    dice = random.Random(seed)
    texts = [" ".join(dice.choices(WORDS, k=dice.randint(1, 60))) for _ in range(40)]
    records = [make_record(words, id=f"r{n:02}") for n, words in enumerate(texts)]
    with opened(postgres.fresh()) as one, opened(":memory:") as other:
        for store in (one, other):
            store.save_batch("wire", records, Cursor(), HEALTH)
            store.save_batch(
                "wire", [make_record("quay once more", id="r01", fetched=HEALTH.checked)], Cursor(), HEALTH
            )
        for _ in range(25):
            asked = sorted(set(dice.choices(WORDS, k=dice.randint(1, 4))))
            assert scores(one, asked) == scores(other, asked)
            ids = [[record.id for record in store.search_records(asked)] for store in (one, other)]
            assert ids[0] == ids[1]


def scores(store: Store, asked: list[str]) -> dict[str, float]:
    db = store.db  # type: ignore[attr-defined]
    folded = sorted({word.casefold() for word in asked})
    return {row.id: row.score for row in db.rows(db.words.find(folded))}


def test_a_text_with_more_words_than_an_index_holds_is_kept_and_found() -> None:
    long = " ".join(f"w{n}" for n in range(150_000)) + " turbine"
    with opened(postgres.fresh()) as store:
        store.save_batch(
            "wire", [make_record("turbine " * 20_000, id="r1"), make_record(long, id="r2")], Cursor(), None
        )
        assert {record.id for record in store.search_records(["turbine", "w17"])} == {"r1", "r2"}


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(StoreError, match="see that the server runs and can be reached") as caught:
        open_store("postgresql://desk:s3cret@127.0.0.1:9/desk")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        open_store("postgresql://desk:s3cret@127.0.0.1:port/desk")


def test_a_database_that_is_not_there_or_sorts_otherwise_is_refused_with_the_command_that_makes_one() -> None:
    there = make_url(postgres.server())
    absent = there.set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match=r"there is no database .*createdb --template=template0"):
        open_store(absent)
    if postgres.GIVEN is None:
        admin(postgres.server(), "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        with pytest.raises(StoreError, match=r"in the order of its code points.*nothing was changed"):
            open_store(there.set(database="latin").render_as_string(hide_password=False))


def test_tables_of_another_program_and_of_a_newer_version_are_left_alone() -> None:
    address = postgres.fresh()
    admin(address, "CREATE TABLE records (url text)")
    with pytest.raises(StoreError, match="the tables of another program"):
        open_store(address)
    address = postgres.fresh()
    open_store(address).close()
    admin(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=f"at schema 9999, this version of Citewire knows up to {migrate.HEAD}"):
        open_store(address)


def half_a_step(store: Store, address: str, number: int) -> None:
    """Two batches in one transaction; the server ends the connection `number` between them."""
    with store.transaction():
        store.save_batch("wire", [make_record("A lock has opened.", id="r2")], Cursor(), HEALTH)
        admin(address, f"SELECT pg_terminate_backend({number}, 5000)")
        store.save_batch("wire", [make_record("A dam.", id="r3")], Cursor(), HEALTH)


def test_a_connection_that_is_cut_loses_the_step_and_nothing_else() -> None:
    address = postgres.fresh()
    kept, lost = make_record("A quay has opened.", id="r1"), make_record("A lock has opened.", id="r2")
    with opened(address) as store:
        store.save_batch("wire", [kept], Cursor(), HEALTH)
        number = store.db.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()  # type: ignore[attr-defined]
        store.db.connection.rollback()  # type: ignore[attr-defined]
        with pytest.raises(StoreError, match=r"ended the connection|was lost"):
            half_a_step(store, address, number)
    with opened(address) as store:
        assert store.known(["r1", "r2", "r3"]) == {"r1"}
        store.save_batch("wire", [lost], Cursor(), HEALTH)
        assert store.known(["r1", "r2"]) == {"r1", "r2"}


def test_a_read_only_database_is_said_to_be_one() -> None:
    address = postgres.fresh()
    open_store(address).close()
    address = address.replace("-csynchronous", "-cdefault_transaction_read_only=on%20-csynchronous")
    with opened(address) as store, pytest.raises(StoreError, match="is read-only"):
        store.save_batch("wire", [make_record("A quay.")], Cursor(), HEALTH)
