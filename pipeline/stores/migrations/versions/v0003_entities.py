"""The register of entities: what records name, where, and what they say of two names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.stores.schema import UtcTime

revision = "0003"
down_revision = "0002"


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, UtcTime(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "entities",
        _text("id"),
        _text("key"),
        _text("name"),
        _text("kind"),
        _text("surname"),
        _time("first_seen"),
        _time("last_seen"),
        _whole("origins"),
        sa.Column("public", sa.Boolean(), nullable=False),
        _text("merged_into", nullable=True),
        _text("rest"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_entities_last_seen", "entities", ["last_seen"])
    op.create_index("ix_entities_surname", "entities", ["surname"])
    op.create_table(
        "entity_records",
        _text("record_id"),
        _text("entity_id"),
        _text("spans"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"]),
        sa.PrimaryKeyConstraint("record_id", "entity_id"),
    )
    op.create_index("ix_entity_records_entity_id", "entity_records", ["entity_id"])
    op.create_table(
        "namings",
        _text("what"),
        _text("key"),
        _text("other"),
        _text("record_id"),
        _text("name"),
        _text("other_name"),
        _text("origin_id"),
        _time("at"),
        _text("content_hash"),
        _whole("start"),
        _whole("end"),
        _text("quote"),
        sa.ForeignKeyConstraint(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
        sa.PrimaryKeyConstraint("what", "key", "other", "record_id"),
    )
    op.create_table(
        "tellings",
        _text("key"),
        _text("claim_id"),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"]),
        sa.PrimaryKeyConstraint("key", "claim_id"),
    )
    op.create_index("namings_key", "namings", ["key"])
    op.create_index("namings_other", "namings", ["other"])
    op.add_column("record_beats", sa.Column("confidence", sa.Double(), nullable=False, server_default="0"))
    op.add_column("record_beats", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("records", _text("beats_by", nullable=True))
    op.create_index("ix_records_beats_by", "records", ["beats_by"])
