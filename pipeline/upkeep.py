"""What a desk's operator decides of its upkeep: backups, what is kept for how long, and what is told to monitoring."""

from __future__ import annotations

from pydantic import Field

from pipeline.preferences import Section


class BackupSettings(Section):
    """[backup]: verified copies of the store, made by each night that adds anything."""

    keep: int = Field(default=3, ge=0, description="Newest backups kept; 0: a night makes none.")
    weekly: int = Field(default=4, ge=0, description="Weeks of which the newest backup is kept beyond these.")
    folder: str = Field(
        default="backups",
        min_length=1,
        description="Where to: a path, relative to the output folder; best on another disk.",
    )


class RetentionSettings(Section):
    """[retention]: what a night forgets at its end; records, claims, stories and corrections are never forgotten."""

    embeddings_days: int = Field(
        default=365,
        ge=0,
        description="Days that what embedders made of a record's text is kept; 0: for ever.",
    )
    answers_days: int = Field(default=180, ge=0, description="Days that answers of models are kept; 0: for ever.")
    reads_days: int = Field(default=400, ge=0, description="Days that is kept when each source was read; 0: for ever.")
    rankings_days: int = Field(default=400, ge=0, description="Days that each night's ranking is kept; 0: for ever.")
    reports_days: int = Field(
        default=400, ge=0, description="Days that run reports are kept, in the store and as files; 0: for ever."
    )


class TelemetrySettings(Section):
    """[telemetry]: what monitoring gets, with the extra `telemetry`; nothing is sent unless an address stands here."""

    traces: str = Field(
        default="",
        pattern="^$|^https?://",
        description="Address of an OTLP receiver for traces over HTTP: http://127.0.0.1:4318/v1/traces; empty: none.",
    )
    metrics: str = Field(
        default="", description="Prometheus text file for node-exporter's textfile collector (.prom); empty: none."
    )
