"""The last run as a Prometheus text file, for node-exporter's textfile collector. With the extra `telemetry`.

The file is replaced whole, so a scrape never reads half of it. Names follow prometheus.io/docs/practices/naming; a
label is a stage, a source or a model of the configuration, so their number is bounded by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from pipeline.domain import Run, SourceHealth
from pipeline.errors import StoreError

CODES = (0, 1, 3, 5, 6, 7, 8, 9)


def write(
    target: Path, run: Run, counts: Mapping[str, int], health: Mapping[str, SourceHealth], edition: float
) -> None:
    """Write what `run` came to. `edition`: Unix time of the edition that is served, 0 for none. Raises StoreError."""
    registry = CollectorRegistry()

    def gauge(name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"citewire_{name}", told, labels, registry=registry)

    gauge("run_timestamp_seconds", "Time the last run was of.").set(run.now.timestamp())
    gauge("run_exit_code", "Exit code of the last run.").set(run.exit_code)
    gauge("run_outcome", "1 for what the last run came to.", "outcome").labels(run.outcome).set(1)
    gauge("edition_timestamp_seconds", "Time of the edition that readers see; 0: none.").set(edition)
    stages = {
        name: gauge(f"stage_{name}", told, "stage")
        for name, told in (
            ("duration_seconds", "Seconds a stage took."),
            ("seen_items", "What a stage looked at."),
            ("made_items", "What a stage made."),
            ("dropped_items", "What a stage left out."),
            ("failures", "What failed in a stage."),
        )
    }
    for report in run.stages:
        values = (report.seconds, report.seen, report.made, sum(report.dropped.values()), len(report.failures))
        for one, value in zip(stages.values(), values, strict=True):
            one.labels(report.stage).set(value)
    tokens = gauge("model_tokens", "Tokens that a model took in and gave out.", "model", "role", "direction")
    cost = gauge("model_cost_dollars", "What a model cost.", "model", "role")
    for used in (used for report in run.stages for used in report.models):
        tokens.labels(used.model, used.role, "in").inc(used.tokens_in)
        tokens.labels(used.model, used.role, "out").inc(used.tokens_out)
        cost.labels(used.model, used.role).inc(used.cost)
    rows = gauge("store_rows", "Rows of the store.", "table")
    for table, count in sorted(counts.items()):
        rows.labels(table).set(count)
    up = gauge("source_up", "Whether a source answered when it was last read.", "source")
    failing = gauge("source_failures", "Readings of a source that failed in a row.", "source")
    for name, state in sorted(health.items()):
        up.labels(name).set(state.ok)
        failing.labels(name).set(state.failures)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(target), registry)
    except OSError as error:
        raise StoreError(f"the metrics {target} cannot be written: {error.strerror or error}") from error
