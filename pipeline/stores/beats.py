"""Beats of records: which, how sure, why, and by which settings and rules that was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Column, Double, ForeignKey, Integer, Table, Text, and_, func, or_, select, update

from pipeline.domain import BeatScore, Record
from pipeline.stores import schema
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape, chunks

record_beats = Table(
    "record_beats",
    schema.metadata,
    Column("record_id", Text, ForeignKey("records.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),  # surest first
    Column("beat", Text, nullable=False),
    Column("confidence", Double, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
)
_SCORE = Shape(BeatScore, record_beats)
_RECORD = Shape(Record, schema.versions)


class Assigning:
    """The questions about beats. They are written with the analysis, by `save_beats`."""

    db: Database

    def record_beats(self, record_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Beats by record id, surest first, for records that have any."""
        return {key: tuple(one.beat for one in scores) for key, scores in self.beat_scores(record_ids).items()}

    def beat_scores(self, record_ids: Iterable[str]) -> Mapping[str, tuple[BeatScore, ...]]:
        """Beats with confidence and reason by record id, surest first, for records that have any."""
        found = self.db.lists(record_beats, "record_id", record_ids)
        return {key: tuple(map(_SCORE.noun, found[key])) for key in sorted(found)}

    def stale_beats(self, basis: str, *, limit: int) -> tuple[int, Sequence[Record]]:
        """How many analysed records have beats by another `basis`, and the newest `limit` of them, then by id."""
        heads, versions = schema.records, schema.versions
        other = or_(heads.c.beats_by.is_(None), heads.c.beats_by < basis, heads.c.beats_by > basis)
        stale = and_(other, heads.c.analysed == heads.c.content_hash)
        number = self.db.rows(select(func.count()).select_from(heads).where(stale))[0][0]
        if not number or limit < 1:
            return number, ()
        latest = and_(versions.c.id == heads.c.id, versions.c.content_hash == heads.c.content_hash)
        wanted = select(versions).join(heads, latest).where(stale).order_by(heads.c.fetched.desc(), heads.c.id)
        return number, [_RECORD.noun(row) for row in self.db.rows(wanted.limit(limit))]


def save_beats(db: Database, scores: Mapping[str, Sequence[BeatScore]], basis: str) -> None:
    """Replace the beats of the records that `scores` names, and note what they were decided by."""
    rows = [_SCORE.row(one, record_id=key, n=n) for key, found in scores.items() for n, one in enumerate(found)]
    db.replace_lists(record_beats, "record_id", scores, rows)
    for some in chunks(sorted(scores)):
        db.execute(update(schema.records).where(schema.records.c.id.in_(some)).values(beats_by=basis))
