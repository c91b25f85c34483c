"""What a wider ingest keeps: aliases of records, raw documents, hosts, and documents that killed their parser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.stores.schema import UtcTime

revision = "0002"
down_revision = "0001"


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcTime(), nullable=nullable)


def upgrade() -> None:
    """Create four tables."""
    op.create_table(
        "aliases",
        _text("id"),
        _text("record_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "raws",
        _text("hash"),
        _text("url"),
        _text("media_type"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _time("fetched"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_raws_fetched", "raws", ["fetched"])
    op.create_table(
        "hosts",
        _text("host"),
        _time("asked", nullable=True),
        _time("closed_until", nullable=True),
        _text("robots", nullable=True),
        _time("robots_until", nullable=True),
        _text("robots_problem", nullable=True),
        sa.PrimaryKeyConstraint("host"),
    )
    op.create_table(
        "quarantine",
        _text("hash"),
        _text("url"),
        _text("source"),
        _text("why"),
        _time("since"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
