"""Rounds of several ingest workers, on PostgreSQL alone: lanes to claim, and what was read and is not stored yet."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables. They hold nothing between two rounds, so they are no part of a copy."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE TABLE rounds (number bigint PRIMARY KEY, sources text NOT NULL, ended boolean NOT NULL)")
    op.execute("CREATE TABLE round_lanes (lane text PRIMARY KEY, place int NOT NULL, done boolean NOT NULL)")
    op.execute("CREATE TABLE round_reads (source text PRIMARY KEY, body bytea, stored boolean NOT NULL)")
