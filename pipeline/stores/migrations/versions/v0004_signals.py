"""When sources were read, and what rankings made of storylines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.stores.schema import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables. Reads of before were not kept: they are unknown, not failed."""
    op.create_table(
        "reads",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("reach", UtcTime()),
        sa.PrimaryKeyConstraint("source", "at"),
    )
    op.create_index("ix_reads_at", "reads", ["at"])
    op.create_table(
        "rankings",
        sa.Column("night", UtcTime(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("storyline_id", sa.Text(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("night", "n"),
    )
    op.create_index("ix_rankings_storyline_id", "rankings", ["storyline_id"])
