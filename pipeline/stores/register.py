"""The tables of the register of entities, beside those of `schema`; `migrations/` builds them, too."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text

from pipeline.stores.schema import UtcTime, metadata

entities = Table(  # who is named; a person who is not public without key and name
    "entities",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("key", "name", "kind")),
    Column("surname", Text, nullable=False, index=True),  # of public people, folded
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False, index=True),
    Column("origins", Integer, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("merged_into", Text),
    Column("rest", Text, nullable=False),
)
entity_records = Table(  # where a record's latest analysed version names what: "start+length start+length"
    "entity_records",
    metadata,
    Column("record_id", Text, ForeignKey("records.id"), primary_key=True),
    Column("entity_id", Text, ForeignKey("entities.id"), primary_key=True, index=True),
    Column("spans", Text, nullable=False),
)
namings = Table(  # what records say of two names, with their words; rows are never changed
    "namings",
    metadata,
    *(Column(name, Text, primary_key=True) for name in ("what", "key", "other", "record_id")),
    *(Column(name, Text, nullable=False) for name in ("name", "other_name", "origin_id")),
    Column("at", UtcTime, nullable=False),
    Column("content_hash", Text, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("start", "end")),
    Column("quote", Text, nullable=False),
    ForeignKeyConstraint(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
    Index("namings_key", "key"),
    Index("namings_other", "other"),
)
