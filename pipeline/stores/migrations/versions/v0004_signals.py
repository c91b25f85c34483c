"""When sources were read, since when domains are known, and what rankings made of storylines."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from pipeline import addresses
from pipeline.stores.schema import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables. Reads of before were not kept: they are unknown, not failed. Domains are told by records."""
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
    sites = op.create_table(
        "sites",
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("since", UtcTime(), nullable=False),
    )
    op.bulk_insert(sites, _sites())
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
    op.create_table(
        "record_phrases",
        sa.Column("record_id", sa.Text(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "phrase"),
    )
    op.create_index("ix_record_phrases_phrase", "record_phrases", ["phrase"])


def _sites() -> list[dict[str, object]]:
    """Each domain of a stored record with the time at which the first of its records was read."""
    versions = sa.table("versions", sa.column("url", sa.Text()), sa.column("fetched", UtcTime()))
    wanted = sa.select(versions.c.url, sa.func.min(versions.c.fetched, type_=UtcTime())).group_by(versions.c.url)
    found: dict[str, datetime] = {}
    for url, fetched in op.get_bind().execute(wanted):
        site = addresses.registrable(url) if url else None
        if site:
            found[site] = min(found.get(site, fetched), fetched)
    return [{"site": site, "since": since} for site, since in sorted(found.items())]
