"""Key phrases of records, as their latest analysis read them, so that they can be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, ForeignKey, Table, Text

from pipeline.stores import schema
from pipeline.stores.database import Database

record_phrases = Table(
    "record_phrases",
    schema.metadata,
    Column("record_id", Text, ForeignKey("records.id"), primary_key=True),
    Column("phrase", Text, primary_key=True, index=True),
    Column("written", Text, nullable=False),
)


class Phrasing:
    """The one question about phrases. They are written with the analysis, by `save_phrases`."""

    db: Database

    def phrases(self, record_ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Record id -> phrases (key -> as written) in order of key, of records that have any."""
        table, found = record_phrases, dict[str, dict[str, str]]()
        for row in self.db.rows_in(table.select().order_by(table.c.phrase), table.c.record_id, record_ids):
            found.setdefault(row.record_id, {})[row.phrase] = row.written
        return {key: found[key] for key in sorted(found)}


def save_phrases(db: Database, phrases: Mapping[str, Mapping[str, str]]) -> None:
    """Replace the phrases of the records that `phrases` names."""
    rows = [
        {"record_id": record, "phrase": key, "written": some[key]}
        for record, some in phrases.items()
        for key in sorted(some)
    ]
    db.replace_lists(record_phrases, "record_id", phrases, rows)
