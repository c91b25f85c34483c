"""The first schema."""

from __future__ import annotations

from alembic import op

from pipeline.stores.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TABLE record_word_ids (n INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE)")
        op.execute("CREATE VIRTUAL TABLE record_words USING fts5 (words, tokenize = 'unicode61')")
