"""The first schema. Frozen: a later change is a later file."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.stores.schema import UtcTime

revision = "0001"
down_revision = None


def _columns(kind: Any) -> Any:
    """A maker of columns of one type, which hold a value unless told otherwise."""
    return lambda name, nullable=False, **more: sa.Column(name, kind, nullable=nullable, **more)


text, whole, real = _columns(sa.Text()), _columns(sa.Integer()), _columns(sa.Double())
time, truth, blob = _columns(UtcTime()), _columns(sa.Boolean()), _columns(sa.LargeBinary())
key, foreign, unique = sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint, sa.UniqueConstraint


def upgrade() -> None:
    """Create every table."""
    op.create_table("answers", text("key"), text("answer"), text("model"), time("at"), key("key"))
    op.create_table(
        "held", text("id"), text("kind"), text("subject"), text("reason"), time("since"), text("rest"), key("id")
    )
    op.create_table("origins", text("id"), text("reason"), key("id"))
    op.create_table(
        "records",
        text("id"),
        text("content_hash"),
        time("fetched"),
        text("analysed", nullable=True),
        whole("repeats", server_default="0"),
        key("id"),
    )
    op.create_index("ix_records_fetched", "records", ["fetched"])
    op.create_index(
        "records_pending",
        "records",
        ["id"],
        sqlite_where=sa.text("analysed IS NULL OR analysed != content_hash"),
        postgresql_where=sa.text("analysed IS NULL OR analysed != content_hash"),
    )
    op.create_table("runs", text("id"), time("now"), text("outcome"), whole("exit_code"), text("rest"), key("id"))
    op.create_index("ix_runs_now", "runs", ["now"])
    op.create_table(
        "signals",
        text("id"),
        text("kind"),
        text("subject"),
        real("score"),
        real("baseline"),
        real("threshold"),
        whole("n"),
        time("window_start"),
        time("window_end"),
        text("severity"),
        text("summary"),
        text("held", nullable=True),
        time("measured"),
        text("rest"),
        key("id"),
    )
    op.create_index("ix_signals_window_end", "signals", ["window_end"])
    op.create_index("signals_subject", "signals", ["subject", "window_end"])
    op.create_table("slugs", text("slug"), text("storyline_id"), key("slug"), unique("storyline_id"))
    op.create_table("sources", text("source"), text("cursor"), text("health", nullable=True), key("source"))
    op.create_table(
        "storylines",
        text("id"),
        text("label"),
        time("founded"),
        time("updated"),
        text("parent", nullable=True),
        text("merged_into", nullable=True),
        text("rest"),
        key("id"),
    )
    op.create_index("ix_storylines_updated", "storylines", ["updated"])
    op.create_table("topics", text("query"), time("at"), key("query", "at"))
    op.create_table("vectors", text("id"), text("model"), blob("vector"), key("id", "model"))
    op.create_table(
        "findings",
        text("id"),
        text("storyline_id"),
        text("state"),
        time("first_seen"),
        time("last_seen"),
        text("superseded_by", nullable=True),
        text("rest"),
        foreign(["storyline_id"], ["storylines.id"]),
        key("id"),
    )
    op.create_index("ix_findings_storyline_id", "findings", ["storyline_id"])
    op.create_table(
        "record_beats",
        text("record_id"),
        whole("n"),
        text("beat"),
        foreign(["record_id"], ["records.id"]),
        key("record_id", "n"),
    )
    op.create_table(
        "record_origins",
        text("record_id"),
        text("origin_id"),
        foreign(["origin_id"], ["origins.id"]),
        foreign(["record_id"], ["records.id"]),
        key("record_id"),
    )
    op.create_index("ix_record_origins_origin_id", "record_origins", ["origin_id"])
    op.create_table(
        "signal_evidence",
        text("signal_id"),
        whole("n"),
        text("id"),
        real("weight"),
        text("note"),
        foreign(["signal_id"], ["signals.id"]),
        key("signal_id", "n"),
    )
    op.create_table(
        "stage_reports",
        text("run_id"),
        whole("n"),
        text("stage"),
        time("at"),
        whole("seen"),
        whole("made"),
        text("rest"),
        foreign(["run_id"], ["runs.id"]),
        key("run_id", "n"),
    )
    op.create_table(
        "stories",
        text("id"),
        text("storyline_id"),
        whole("version"),
        text("slug"),
        text("beat"),
        time("written"),
        text("headline"),
        text("writer"),
        text("settings_hash"),
        text("previous", nullable=True),
        text("body"),
        foreign(["slug"], ["slugs.slug"]),
        key("id"),
        unique("storyline_id", "version"),
    )
    op.create_table(
        "storyline_records",
        text("storyline_id"),
        whole("n"),
        text("record_id"),
        foreign(["record_id"], ["records.id"]),
        foreign(["storyline_id"], ["storylines.id"]),
        key("storyline_id", "n"),
    )
    op.create_index("ix_storyline_records_record_id", "storyline_records", ["record_id"])
    op.create_table(
        "topic_records",
        text("query"),
        time("at"),
        text("record_id"),
        foreign(["query", "at"], ["topics.query", "topics.at"]),
        key("query", "at", "record_id"),
    )
    op.create_table(
        "versions",
        text("id"),
        text("content_hash"),
        text("source"),
        text("platform"),
        text("publisher", nullable=True),
        text("url", nullable=True),
        text("title"),
        text("text"),
        text("quality"),
        time("published"),
        time("fetched"),
        text("rest"),
        foreign(["id"], ["records.id"]),
        key("id", "content_hash"),
    )
    op.create_table(
        "citations",
        text("story_id"),
        text("key"),
        text("claim_id"),
        text("record_id"),
        text("content_hash"),
        whole("start"),
        whole("end"),
        text("quote"),
        text("origin_id"),
        foreign(["story_id"], ["stories.id"]),
        key("story_id", "key"),
    )
    op.create_index("citations_record", "citations", ["record_id"])
    op.create_table(
        "claims",
        text("id"),
        text("record_id"),
        text("content_hash"),
        text("text"),
        text("kind"),
        text("hedge"),
        text("speaker", nullable=True),
        real("worth"),
        time("published"),
        truth("in_headline"),
        text("origin_id", nullable=True),
        text("rest"),
        foreign(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
        key("id"),
    )
    op.create_index("claims_record", "claims", ["record_id", "content_hash"])
    op.create_table(
        "sentences",
        text("story_id"),
        whole("n"),
        text("role"),
        text("text"),
        text("kind", nullable=True),
        truth("published"),
        text("label"),
        real("score"),
        foreign(["story_id"], ["stories.id"]),
        key("story_id", "n"),
    )
    op.create_table(
        "disputes",
        text("finding_id"),
        whole("n"),
        text("kind"),
        text("a"),
        text("b"),
        text("what"),
        text("a_value"),
        text("b_value"),
        foreign(["a"], ["claims.id"]),
        foreign(["b"], ["claims.id"]),
        foreign(["finding_id"], ["findings.id"]),
        key("finding_id", "n"),
    )
    op.create_table(
        "evidence",
        text("claim_id"),
        whole("n"),
        text("record_id"),
        text("content_hash"),
        whole("start"),
        whole("end"),
        text("quote"),
        foreign(["claim_id"], ["claims.id"]),
        foreign(["record_id", "content_hash"], ["versions.id", "versions.content_hash"]),
        key("claim_id", "n"),
    )
    op.create_index("evidence_record", "evidence", ["record_id", "content_hash"])
    op.create_table(
        "finding_claims",
        text("finding_id"),
        whole("n"),
        text("claim_id"),
        foreign(["claim_id"], ["claims.id"]),
        foreign(["finding_id"], ["findings.id"]),
        key("finding_id", "n"),
    )
    op.create_index("ix_finding_claims_claim_id", "finding_claims", ["claim_id"])
    op.create_table(
        "memberships",
        text("storyline_id"),
        text("claim_id"),
        time("since"),
        text("record_id"),
        text("reason"),
        time("until", nullable=True),
        text("ended", nullable=True),
        foreign(["claim_id"], ["claims.id"]),
        foreign(["record_id"], ["records.id"]),
        foreign(["storyline_id"], ["storylines.id"]),
        key("storyline_id", "claim_id", "since"),
    )
    op.create_index("memberships_claim", "memberships", ["claim_id"])
    op.create_table(
        "sentence_citations",
        text("story_id"),
        whole("sentence"),
        whole("n"),
        text("key"),
        foreign(["story_id", "sentence"], ["sentences.story_id", "sentences.n"]),
        key("story_id", "sentence", "n"),
    )
    op.create_table(
        "storyline_claims",
        text("storyline_id"),
        whole("n"),
        text("claim_id"),
        foreign(["claim_id"], ["claims.id"]),
        foreign(["storyline_id"], ["storylines.id"]),
        key("storyline_id", "n"),
    )
    op.create_index("ix_storyline_claims_claim_id", "storyline_claims", ["claim_id"])
    op.create_table(
        "verdict_reasons",
        text("story_id"),
        whole("sentence"),
        whole("n"),
        text("rule"),
        text("detail"),
        foreign(["story_id", "sentence"], ["sentences.story_id", "sentences.n"]),
        key("story_id", "sentence", "n"),
    )
    _words(op.get_bind().dialect.name)


def _words(product: str) -> None:
    """Full-text search, which every product has in its own way."""
    if product == "sqlite":
        op.execute("CREATE TABLE record_word_ids (n INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE)")
        op.execute("CREATE VIRTUAL TABLE record_words USING fts5 (words, tokenize = 'porter unicode61')")
        return
    op.execute("CREATE TABLE record_words (record_id text PRIMARY KEY, length int NOT NULL, words tsvector NOT NULL)")
    op.execute("CREATE INDEX record_words_words ON record_words USING gin (words)")
