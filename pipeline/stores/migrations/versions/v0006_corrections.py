"""The log of corrections, withdrawn versions, rechecks of cited pages, and what versions were written from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.stores.schema import UtcTime

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables. Nothing was corrected before; what older versions were written from was not kept."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
    )
    op.create_index("ix_corrections_target", "corrections", ["target"])
    op.create_table(
        "withdrawals",
        sa.Column("story_id", sa.Text(), primary_key=True),
        sa.Column("correction_id", sa.Text(), nullable=False),
    )
    op.create_table(
        "rechecks",
        sa.Column("record_id", sa.Text(), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
    )
    op.create_table(
        "papers",
        sa.Column("story_id", sa.Text(), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
