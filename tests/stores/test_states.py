"""The digest of a storyline changes with every row that belongs to it, and with no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta

import postgres
import pytest
from sqlalchemy import Connection, Table, Text, delete, select, update
from sqlalchemy.exc import IntegrityError

from benchmarks import made_desk
from pipeline.domain import Dispute, DisputeKind, Origin
from pipeline.protocols import Analysis, Cursor, Store
from pipeline.stores import open_store, states
from pipeline.stores.schema import metadata

MADE = [made_desk.Made(n, 20, made_desk.FIRST) for n in range(3)]
ONE = MADE[1]
LATER = made_desk.FIRST + timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store(":memory:")
    made_desk.keep(opened, MADE)
    yield opened
    opened.close()


def analysed(**more: object) -> Callable[[Store], None]:
    return lambda store: store.save_analysis(Analysis(record_ids=(), now=LATER, **more))  # type: ignore[arg-type]


def retold(store: Store) -> None:
    """A record's page has another title: a new version of it."""
    was = ONE.records[0]
    store.save_batch(was.source, [dataclasses.replace(was, text=was.text + " More.", fetched=LATER)], Cursor(), None)


CHANGES = {
    "label": analysed(storylines=(dataclasses.replace(ONE.storyline, label="Otherwise"),)),
    "a claim less": analysed(storylines=(dataclasses.replace(ONE.storyline, claim_ids=ONE.storyline.claim_ids[:-1]),)),
    "a claim's stance": analysed(claims=(dataclasses.replace(ONE.claims[3], stance="critical"),)),
    "a claim's origin": analysed(claims=(dataclasses.replace(ONE.claims[3], origin_id="r-other"),)),
    "a record's origin": analysed(origins=(Origin(ONE.records[0].id, (ONE.records[1].id,)),)),
    "a finding heard again": analysed(findings=(dataclasses.replace(ONE.findings[0], last_seen=LATER),)),
    "a dispute": analysed(
        findings=(
            dataclasses.replace(
                ONE.findings[0],
                disputes=(Dispute(DisputeKind.NUMBER, ONE.claims[0].id, ONE.claims[1].id, "pumps", "1", "2"),),
            ),
        )
    ),
    "a claim that left": analysed(left=(dataclasses.replace(ONE.members[0], until=LATER, reason="went"),)),
    "a record's text": retold,
}


def test_equal_rows_have_equal_digests(store: Store) -> None:
    before = store.storyline_states()
    assert set(before) == {one.line_id for one in MADE}
    made_desk.keep(store, MADE)
    assert store.storyline_states() == before
    assert len(set(before.values())) == len(MADE)


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_shows_in_its_storyline_alone(store: Store, name: str) -> None:
    before = store.storyline_states()
    CHANGES[name](store)
    after = store.storyline_states()
    assert [key for key in before if before[key] != after[key]] == [ONE.line_id]


def test_versions_are_told_without_being_read(store: Store) -> None:
    told = store.standing_stories()
    stories = store.all_stories()
    assert [one.id for one in told] == [story.id for story in stories]
    assert len({one.state for one in told}) == len(stories)
    assert dict(store.stories([one.id for one in told] + ["y-none"])) == {story.id: story for story in stories}


def test_memberships_of_several_are_those_of_each(store: Store) -> None:
    lines = [one.line_id for one in MADE]
    assert store.memberships_of(lines) == {line: tuple(store.memberships(line)) for line in lines}


def disputed(store: Store) -> None:
    """Rows in every table that a digest is made of."""
    for name in ("a dispute", "a record's origin", "a claim that left", "a record's text"):
        CHANGES[name](store)


def cold(store: Store, connection: Connection) -> dict[str, str]:
    """The digests as they are where none is kept."""
    with connection.begin():
        for table in states.kept.sorted_tables:
            connection.execute(delete(table))
    return dict(store.storyline_states())


def edits(connection: Connection, table: Table) -> Iterator[str]:
    """One row of a table after the other is changed in one column, then removed, as far as others allow it."""
    keys = list(table.primary_key)
    rows = list(connection.execute(select(table).order_by(*keys).limit(2)))
    connection.rollback()
    for row in rows:
        this = [key == row._mapping[key.name] for key in keys]
        texts = [
            column for column in table.c if isinstance(column.type, Text) and row._mapping[column.name] is not None
        ]
        changes = [update(table).where(*this).values({column.name: column + "."}) for column in texts]
        for edit in (*changes, delete(table).where(*this)):
            try:
                with connection.begin():
                    connection.execute(edit)
            except IntegrityError:
                continue
            yield f"{table.name}: {edit}"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=postgres.needed)])
def test_kept_digests_follow_every_row_whoever_changes_it(kind: str) -> None:
    """By statements of SQL, past the store: what is kept is what would be worked out anew."""
    store = open_store(":memory:" if kind == "sqlite" else postgres.fresh())
    made_desk.keep(store, MADE)
    disputed(store)
    connection: Connection = store.db.connection  # type: ignore[attr-defined]
    store.storyline_states()
    tried: dict[str, int] = {}
    for table in reversed(metadata.sorted_tables):
        for told in edits(connection, table):
            assert dict(store.storyline_states()) == cold(store, connection), told
            tried[table.name] = tried.get(table.name, 0) + 1
    store.close()
    of_digests = {"storylines", "storyline_claims", "storyline_records", "memberships", "findings", "finding_claims"}
    of_digests |= {"disputes", "records", "versions", "claims", "evidence", "record_origins", "entity_records"}
    assert of_digests <= tried.keys()


def test_what_is_kept_is_not_worked_out_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.storyline_states()
    asked: list[str] = []
    whole = states.Stating._digests
    monkeypatch.setattr(
        states.Stating,
        "_digests",
        lambda one, wanted: asked.extend(map(str, wanted := list(wanted))) or whole(one, wanted),
    )
    assert store.storyline_states() == before
    assert asked == []
    CHANGES["label"](store)
    assert store.storyline_states()[ONE.line_id] != before[ONE.line_id]
    assert any("FROM storylines" in one for one in asked)
    assert not any("FROM claims" in one for one in asked)
