"""The tables of the signal stage, beside those of `schema`; `migrations/` builds them, too."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, Table, Text

from pipeline.stores.schema import UtcTime, metadata

reads = Table(  # every attempt to read a source, so that nothing is measured while nobody was reading
    "reads",
    metadata,
    Column("source", Text, primary_key=True),
    Column("at", UtcTime, primary_key=True, index=True),
    Column("ok", Boolean, nullable=False),
    Column("fresh", Integer, nullable=False),
    Column("reach", UtcTime),
)
sites = Table(  # since when anything that stands at a registered domain was read here
    "sites", metadata, Column("site", Text, primary_key=True), Column("since", UtcTime, nullable=False)
)
signals = Table(
    "signals",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("kind", "subject")),
    *(Column(name, Double, nullable=False) for name in ("score", "baseline", "threshold")),
    Column("n", Integer, nullable=False),
    Column("window_start", UtcTime, nullable=False),
    Column("window_end", UtcTime, nullable=False, index=True),
    *(Column(name, Text, nullable=False) for name in ("severity", "summary")),
    Column("held", Text),
    Column("measured", UtcTime, nullable=False),
    Column("rest", Text, nullable=False),
    Index("signals_subject", "subject", "window_end"),
)
signal_evidence = Table(
    "signal_evidence",
    metadata,
    Column("signal_id", Text, ForeignKey("signals.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("weight", Double, nullable=False),
    Column("note", Text, nullable=False),
)
rankings = Table(  # what each night's ranking made of the storylines that could have had a story
    "rankings",
    metadata,
    Column("night", UtcTime, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("storyline_id", Text, nullable=False, index=True),
    Column("total", Double, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("outcome", "why", "rest")),
)
