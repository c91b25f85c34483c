"""What is kept of topics that were asked and of nights that ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from pipeline.domain import Run, StageReport
from pipeline.stores import schema
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape

_RUN = Shape(Run, schema.runs, apart=["stages"])
_STAGE = Shape(StageReport, schema.stage_reports)
UNFINISHED = "unfinished"  # outcome of a run that has reported stages and no end: it runs, or it was killed
_COUNTED = ("records", "versions", "claims", "origins", "storylines", "findings", "signals", "stories", "held", "runs")


class Ledger:
    """The part of the store that topics and runs write."""

    db: Database

    def topic_seen(self, query: str, *, before: datetime | None = None) -> tuple[datetime, frozenset[str]] | None:
        """When this query was last answered and which record ids the answer held; case and spacing do not count.

        With `before`, answers from then on are left out: a night that runs again sees what it saw the first time.
        """
        topics, parts, asked = schema.topics, schema.topic_records, _folded(query)
        answered = select(func.max(topics.c.at, type_=schema.UtcTime())).where(topics.c.query == asked)
        last = self.db.rows(answered if before is None else answered.where(topics.c.at < before))[0][0]
        if last is None:
            return None
        rows = self.db.rows(select(parts.c.record_id).where(parts.c.query == asked, parts.c.at == last))
        return last, frozenset(row.record_id for row in rows)

    def save_topic(self, query: str, record_ids: Sequence[str], now: datetime) -> None:
        """Keep what the answer of `now` held; answered again at the same time, the later answer stands."""
        key, table = {"query": _folded(query), "at": now}, schema.topic_records
        with self.db.transaction("save_topic"):
            self.db.put(schema.topics, [key])
            self.db.execute(delete(table).where(table.c.query == key["query"], table.c.at == now))
            parts = [key | {"record_id": record_id} for record_id in sorted(set(record_ids))]
            self.db.add(table, parts)

    def save_run(self, run: Run) -> None:
        """Store a finished night with the reports of its stages; the same run again replaces it."""
        with self.db.transaction("save_run"):
            self.db.put(schema.runs, [_RUN.row(run)])
            reports = [_STAGE.row(report, run_id=run.id, n=n, at=run.now) for n, report in enumerate(run.stages)]
            self.db.replace_lists(schema.stage_reports, "run_id", [run.id], reports)

    def save_stage(self, run_id: str, report: StageReport, now: datetime) -> None:
        """Store the report of a stage as soon as it ends; its run is unfinished until `save_run`."""
        table = schema.stage_reports
        with self.db.transaction("save_stage"):
            run = Run(run_id, now, (), UNFINISHED, 1)
            self.db.put(schema.runs, [_RUN.row(run)], keep=["now", "outcome", "exit_code", "rest"])
            known = {row.stage: row.n for row in self.db.rows(select(table).where(table.c.run_id == run_id))}
            place = known.get(report.stage, max(known.values(), default=-1) + 1)
            self.db.put(table, [_STAGE.row(report, run_id=run_id, n=place, at=now)])

    def runs(self, limit: int = 50) -> Sequence[Run]:
        """The latest runs, newest first."""
        table = schema.runs
        rows = self.db.rows(select(table).order_by(table.c.now.desc(), table.c.id.desc()).limit(limit))
        reports = self.db.lists(schema.stage_reports, "run_id", [row.id for row in rows])
        return [_RUN.noun(row, stages=tuple(map(_STAGE.noun, reports.get(row.id, ())))) for row in rows]

    def counts(self) -> Mapping[str, int]:
        """Rows per table of interest."""
        tables = [(name, schema.metadata.tables[name]) for name in _COUNTED]
        each = [select(func.count()).select_from(table).scalar_subquery().label(name) for name, table in tables]
        return dict(self.db.rows(select(*each))[0]._mapping)


def _folded(query: str) -> str:
    return " ".join(query.casefold().split())
