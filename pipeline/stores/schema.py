"""The tables, once, for SQLite and PostgreSQL. Every key comes from content: no counter, no row number, no clock.

Columns are what SQL is asked about; fields nobody asks about travel as canonical JSON in `rest`. Stories refer to
nothing by foreign key: they are whole, and outlive what they cite. `migrations/` builds these tables; a test keeps
the two equal.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    or_,
)

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """A point in time: kept in UTC, given back with its zone, ordered by SQL as it is by the clock."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; SQLite keeps no zone, so none is written there."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC with zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key(name: str) -> Column[Any]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _time(name: str) -> Column[Any]:
    return Column(name, UtcTime, nullable=False)


def _place(name: str = "n") -> Column[Any]:
    """Position in an ordered list of the row's owner."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _of(name: str, target: str) -> Column[Any]:
    """A part of the key that names another row."""
    return Column(name, Text, ForeignKey(target), primary_key=True)


# --- ingest ----------------------------------------------------------------------------------------------------------

sources = Table(  # one row per source that was ever read: its cursor and its health
    "sources",
    metadata,
    _key("source"),
    Column("cursor", Text, nullable=False),
    Column("health", Text, nullable=True),
)

records = Table(  # the head of a record: its latest version, and under which text it was analysed
    "records",
    metadata,
    _key("id"),
    _text("content_hash"),
    Column("fetched", UtcTime, nullable=False, index=True),
    Column("analysed", Text),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("beats_by", Text, index=True),  # digest of what decided its beats
)
PENDING = or_(records.c.analysed.is_(None), records.c.analysed != records.c.content_hash)
Index("records_pending", records.c.id, sqlite_where=PENDING, postgresql_where=PENDING)

versions = Table(
    "versions",
    metadata,
    _of("id", "records.id"),
    _key("content_hash"),
    _text("source"),
    _text("platform"),
    Column("publisher", Text),
    Column("url", Text),
    _text("title"),
    _text("text"),
    _text("quality"),
    _time("published"),
    _time("fetched"),
    _text("rest"),
)

aliases = Table(  # other ids by which a record may be met again: of its address, native id and text as they were listed
    "aliases", metadata, _key("id"), Column("record_id", Text, ForeignKey("records.id"), nullable=False)
)
raws = Table(  # what records were read from, zlib-compressed, by the hash of the bytes
    "raws",
    metadata,
    _key("hash"),
    *(_text(name) for name in ("url", "media_type")),
    Column("body", LargeBinary, nullable=False),
    Column("fetched", UtcTime, nullable=False, index=True),
)
hosts = Table(  # what politeness remembers from one run to the next
    "hosts",
    metadata,
    _key("host"),
    *(Column(name, UtcTime) for name in ("asked", "closed_until", "robots_until")),
    *(Column(name, Text) for name in ("robots", "robots_problem")),
)
quarantine = Table(  # documents that have killed their parser, by the hash of the bytes
    "quarantine",
    metadata,
    _key("hash"),
    *(_text(name) for name in ("url", "source", "why")),
    _time("since"),
    Column("tries", Integer, nullable=False),
)

# --- analyze ---------------------------------------------------------------------------------------------------------

claims = Table(
    "claims",
    metadata,
    _key("id"),
    _text("record_id"),
    _text("content_hash"),
    _text("text"),
    _text("kind"),
    _text("hedge"),
    Column("speaker", Text),
    Column("worth", Double, nullable=False),
    _time("published"),
    Column("in_headline", Boolean, nullable=False),
    Column("origin_id", Text),
    _text("rest"),
    ForeignKeyConstraint(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
    Index("claims_record", "record_id", "content_hash"),
)

evidence = Table(
    "evidence",
    metadata,
    _of("claim_id", "claims.id"),
    _place(),
    _text("record_id"),
    _text("content_hash"),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _text("quote"),
    ForeignKeyConstraint(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
    Index("evidence_record", "record_id", "content_hash"),
)

origins = Table("origins", metadata, _key("id"), _text("reason"))
record_origins = Table(
    "record_origins",
    metadata,
    _of("record_id", "records.id"),
    Column("origin_id", Text, ForeignKey("origins.id"), nullable=False, index=True),
)
vectors = Table(  # of records and claims; vectors of different models never mix
    "vectors", metadata, _key("id"), _key("model"), Column("vector", LargeBinary, nullable=False)
)

storylines = Table(
    "storylines",
    metadata,
    _key("id"),
    _text("label"),
    _time("founded"),
    Column("updated", UtcTime, nullable=False, index=True),
    Column("parent", Text),
    Column("merged_into", Text),
    _text("rest"),
)
storyline_claims = Table(
    "storyline_claims",
    metadata,
    _of("storyline_id", "storylines.id"),
    _place(),
    Column("claim_id", Text, ForeignKey("claims.id"), nullable=False, index=True),
)
storyline_records = Table(
    "storyline_records",
    metadata,
    _of("storyline_id", "storylines.id"),
    _place(),
    Column("record_id", Text, ForeignKey("records.id"), nullable=False, index=True),
)
memberships = Table(  # history: rows are closed, never removed
    "memberships",
    metadata,
    _of("storyline_id", "storylines.id"),
    _of("claim_id", "claims.id"),
    Column("since", UtcTime, primary_key=True),
    Column("record_id", Text, ForeignKey("records.id"), nullable=False),
    _text("reason"),
    Column("until", UtcTime),
    Column("ended", Text),  # why it was closed, beside why it was opened
    Index("memberships_claim", "claim_id"),
)

findings = Table(
    "findings",
    metadata,
    _key("id"),
    Column("storyline_id", Text, ForeignKey("storylines.id"), nullable=False, index=True),
    _text("state"),
    _time("first_seen"),
    _time("last_seen"),
    Column("superseded_by", Text),
    _text("rest"),
)
finding_claims = Table(
    "finding_claims",
    metadata,
    _of("finding_id", "findings.id"),
    _place(),
    Column("claim_id", Text, ForeignKey("claims.id"), nullable=False, index=True),
)
disputes = Table(
    "disputes",
    metadata,
    _of("finding_id", "findings.id"),
    _place(),
    _text("kind"),
    Column("a", Text, ForeignKey("claims.id"), nullable=False),
    Column("b", Text, ForeignKey("claims.id"), nullable=False),
    _text("what"),
    _text("a_value"),
    _text("b_value"),
)

# --- write -----------------------------------------------------------------------------------------------------------

slugs = Table(  # an address keeps its subject for ever
    "slugs", metadata, _key("slug"), Column("storyline_id", Text, nullable=False, unique=True)
)
stories = Table(  # `body` is the whole version as canonical JSON, and what is loaded; the rows below are for questions
    "stories",
    metadata,
    _key("id"),
    _text("storyline_id"),
    Column("version", Integer, nullable=False),
    Column("slug", Text, ForeignKey("slugs.slug"), nullable=False),
    _text("beat"),
    _time("written"),
    _text("headline"),
    _text("writer"),
    _text("settings_hash"),
    Column("previous", Text),
    _text("body"),
    UniqueConstraint("storyline_id", "version"),
)
sentences = Table(  # headline, dek and sections in reading order, then what the gate dropped
    "sentences",
    metadata,
    _of("story_id", "stories.id"),
    _place(),
    _text("role"),
    _text("text"),
    Column("kind", Text),
    Column("published", Boolean, nullable=False),
    _text("label"),
    Column("score", Double, nullable=False),
)
verdict_reasons = Table(
    "verdict_reasons",
    metadata,
    _key("story_id"),
    _place("sentence"),
    _place(),
    _text("rule"),
    _text("detail"),
    ForeignKeyConstraint(["story_id", "sentence"], ["sentences.story_id", "sentences.n"]),
)
sentence_citations = Table(
    "sentence_citations",
    metadata,
    _key("story_id"),
    _place("sentence"),
    _place(),
    _text("key"),
    ForeignKeyConstraint(["story_id", "sentence"], ["sentences.story_id", "sentences.n"]),
)
citations = Table(
    "citations",
    metadata,
    _of("story_id", "stories.id"),
    _key("key"),
    _text("claim_id"),
    _text("record_id"),
    _text("content_hash"),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _text("quote"),
    _text("origin_id"),
    Index("citations_record", "record_id"),
)
held = Table(  # kept back for a person to decide
    "held",
    metadata,
    _key("id"),
    _text("kind"),
    _text("subject"),
    _text("reason"),
    _time("since"),
    _text("rest"),
)
answers = Table(  # model calls, by hash of model, prompt version, input and parameters
    "answers", metadata, _key("key"), _text("answer"), _text("model"), _time("at")
)

# --- topic and runs --------------------------------------------------------------------------------------------------

topics = Table("topics", metadata, _key("query"), Column("at", UtcTime, primary_key=True))
topic_records = Table(
    "topic_records",
    metadata,
    _key("query"),
    Column("at", UtcTime, primary_key=True),
    _key("record_id"),
    ForeignKeyConstraint(["query", "at"], ["topics.query", "topics.at"]),
)
runs = Table(
    "runs",
    metadata,
    _key("id"),
    Column("now", UtcTime, nullable=False, index=True),
    _text("outcome"),
    Column("exit_code", Integer, nullable=False),
    _text("rest"),
)
stage_reports = Table(
    "stage_reports",
    metadata,
    _of("run_id", "runs.id"),
    _place(),
    _text("stage"),
    _time("at"),
    Column("seen", Integer, nullable=False),
    Column("made", Integer, nullable=False),
    _text("rest"),
)
