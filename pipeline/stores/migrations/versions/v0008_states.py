"""Digests of what storylines and records hold, kept until a row changes that they are made of.

Both tables hold what `pipeline/stores/states.py` works out from the others, so they are no part of a copy and may be
emptied at any time. Triggers remove a digest in the transaction that changes one of its rows, whoever changes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

revision = "0008"
down_revision = "0007"

_OF_FINDING = "(SELECT storyline_id FROM findings WHERE findings.id = {row}.finding_id)"
_OWNERS = (  # table, where its rows are digested, whose they are
    ("storylines", "line_states", "{row}.id"),
    *((name, "line_states", "{row}.storyline_id") for name in (
        "storyline_claims", "storyline_records", "memberships", "findings")),
    *((name, "line_states", _OF_FINDING) for name in ("finding_claims", "disputes")),
    ("versions", "record_states", "{row}.id"),
    *((name, "record_states", "{row}.record_id") for name in (
        "claims", "evidence", "record_origins", "entity_records")),
)  # fmt: skip
_LATEST = "DELETE FROM record_states WHERE id = NEW.id;"  # another version of a record became the latest
_MOVED = """DELETE FROM line_states WHERE id IN (
    SELECT storyline_id FROM storyline_claims WHERE claim_id = NEW.id
    UNION SELECT storyline_id FROM findings JOIN finding_claims ON finding_id = findings.id WHERE claim_id = NEW.id);"""
_RARE = (  # name, table, column that has to change, what follows
    ("latest", "records", "content_hash", _LATEST),
    ("moved", "claims", "record_id", _MOVED),
)


def upgrade() -> None:
    """Create the tables, empty, and the triggers."""
    op.execute("CREATE TABLE line_states (id text PRIMARY KEY, digest text NOT NULL, records text NOT NULL)")
    op.execute("CREATE TABLE record_states (id text PRIMARY KEY, digest text NOT NULL)")
    for statement in _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


def _forget(states: str, owner: str, row: str) -> str:
    return f"DELETE FROM {states} WHERE id = {owner.format(row=row)};"  # noqa: S608 - of the names above alone


def _sqlite() -> Iterator[str]:
    for table, states, owner in _OWNERS:
        for what, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            told = " ".join(_forget(states, owner, row) for row in rows)
            yield f"CREATE TRIGGER states_{table}_{what.lower()} AFTER {what} ON {table} BEGIN {told} END"
    for name, table, column, told in _RARE:
        when = f"AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} <> NEW.{column}"
        yield f"CREATE TRIGGER states_{name} {when} BEGIN {told} END"


def _postgresql() -> Iterator[str]:
    head = "CREATE FUNCTION states_{}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NULL; END $$"
    for table, states, owner in _OWNERS:
        old, new = (_forget(states, owner, row) for row in ("OLD", "NEW"))
        told = f"IF TG_OP <> 'INSERT' THEN {old} END IF; IF TG_OP <> 'DELETE' THEN {new} END IF;"
        yield head.format(table, told)
        events = "AFTER INSERT OR UPDATE OR DELETE"
        yield f"CREATE TRIGGER states_{table} {events} ON {table} FOR EACH ROW EXECUTE FUNCTION states_{table}()"
    for name, table, column, told in _RARE:
        yield head.format(name, told)
        when = f"AFTER UPDATE OF {column} ON {table} FOR EACH ROW WHEN (OLD.{column} <> NEW.{column})"
        yield f"CREATE TRIGGER states_{name} {when} EXECUTE FUNCTION states_{name}()"
