"""The night: the stages in order, one report each, one run at a time.

A stage's report is stored as soon as the stage ends, so a crash shows where; every stage takes what is pending, so
the next night, or the same one run again, goes on from there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.domain import LATEST, Failure, Run, StageReport, leapt
from pipeline.edition import TopicAnswer
from pipeline.errors import BudgetExhausted, CitewireError, StoreError, ValidationFailed
from pipeline.events import tell
from pipeline.ingest import all_failed, helped
from pipeline.operating import holding
from pipeline.preferences import TopicSettings
from pipeline.publishing import release
from pipeline.serial import to_json

if TYPE_CHECKING:  # the command line imports this module, and worker processes import the command line
    from pipeline.app import App

# Why this order: nothing may be grouped before it is read, measured before it is grouped, written before it is
# measured, or shown before it is checked.
STAGES = ("ingest", "analyze", "signal", "write", "publish")

STORED = STAGES[1:]  # a night over what ingest workers have read
WHOLE = (STAGES, STORED)
RECHECK = "recheck"  # where the configuration asks for it, before the night writes: what was taken back is not told

PUBLISHED, NOTHING_NEW, HELD, PARTIAL = "published", "nothing new", "held", "partial"


SOME_FAILED = 3  # exit code of --strict
BUDGET = "budget"  # how a stage's note begins when the money for models is spent
STATUS = "status.json"  # beside the site: what the last run came to
_DRIFT = timedelta(hours=1)
FAILURES = 20  # of these in it, at most; the run report has all


Watcher = Callable[[StageReport], None]
"""Told of each stage as it ends; the command line prints it."""


def _silent(_: StageReport) -> None:
    """The watcher of a quiet run."""


def night(
    app: App,
    now: datetime,
    *,
    stages: Sequence[str] = STAGES,
    strict: bool = False,
    watch: Watcher = _silent,
    locked: bool = False,
) -> Run:
    """Run `stages` in order under the run lock, which the caller holds where it is `locked`.

    Raises AlreadyRunning, StoreError, ConfigurationError.
    """
    from pipeline.operating import backup  # noqa: PLC0415  heavy, and worker processes import this module

    started = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    with nullcontext() if locked else holding.alone(app.settings):
        reports: list[StageReport] = []
        stopped: CitewireError | None = None
        began = time.perf_counter()
        tell("run.began", run=started, stages=list(stages))
        latest = app.store.runs(limit=LATEST)
        turned = turned_back(latest, now) or leapt_ahead(leapt(latest, now), now)
        for name in planned(stages, app.settings.recheck.nightly):
            try:
                report = _timed(app.stage(name), name, now)
                if turned and not reports:
                    report = replace(report, notes=(turned, *report.notes))
            except (ValidationFailed, BudgetExhausted) as error:
                report, stopped = StageReport(name, failures=(_failure(name, error),)), error
            if helped(report):  # another worker keeps the report of what both read, and says how it ended
                watch(report)
                return Run(started, now, (report,), NOTHING_NEW, 0)
            reports.append(report)
            app.store.save_stage(started, report, now)
            watch(report)
            app.checkpoint(f"run.after.{name}")
            if all_failed(report):  # nothing to tell tonight: what is pending waits, and the old site stays
                break
        outcome, exit_code = concluded(reports, stopped, strict=strict)
        for name in upkeep(stages, reports, due=lambda: backup.due(app.settings, app.store.counts())):
            app.store.save_run(Run(started, now, tuple(reports), outcome, exit_code))  # so that the backup knows it
            report = _timed(app.stage(name), name, now)
            reports.append(report)
            app.store.save_stage(started, report, now)
            watch(report)
            app.checkpoint(f"run.after.{name}")
        run = Run(started, now, tuple(reports), outcome, exit_code)
        app.store.save_run(run)
        output = app.settings.output_path
        _write(output / "runs" / f"{run.id.replace(':', '')}.json", to_json(run))
        _write(output / STATUS, standing(run, release.facts(output / "site")))
        seconds = round(time.perf_counter() - began, 3)
        tell("run.ended", run=started, outcome=outcome, exit_code=exit_code, seconds=seconds)
    return run


def turned_back(last: Sequence[Run], now: datetime) -> str:
    """What is to be said where the clock stands before the last run by more than clocks drift; else nothing."""
    if not last or last[0].now - now <= _DRIFT:
        return ""
    return (
        f"the clock says {now:%Y-%m-%d %H:%M}, but the last run was of {last[0].now:%Y-%m-%d %H:%M} (UTC): one of them "
        "is wrong. Nothing is lost, and what is dated later stays; stories told then are told on when the clock has "
        "passed them. Set the clock, or go back to a backup from before: citewire restore"
    )


def leapt_ahead(before: Run | None, now: datetime) -> str:
    """What is to be said where the run `before` this one is so long ago that the clock may be wrong; else nothing."""
    if before is None:
        return ""
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} (UTC), {(now - before.now).days:,} days after the last run: if it is "
        "wrong, set it before the next night; nothing is forgotten and no story closed in this one"
    )


def planned(stages: Sequence[str], pages: int) -> tuple[str, ...]:
    """The stages of a night; a whole one that rechecks `pages` cited pages does so before it writes."""
    if not pages or tuple(stages) not in WHOLE:
        return tuple(stages)
    at = tuple(stages).index("write")
    return (*stages[:at], RECHECK, *stages[at:])


def upkeep(stages: Sequence[str], reports: Sequence[StageReport], *, due: Callable[[], bool]) -> tuple[str, ...]:
    """What a run ends with: a whole night forgets what is past its time; one that made anything, or finds
    what is there without one (`due`), leaves a backup."""
    made = any(report.made for report in reports) or due()
    if tuple(stages) in WHOLE:
        return ("retain", "backup") if made else ("retain",)
    return ("backup",) if "publish" in stages and made else ()


def concluded(reports: Sequence[StageReport], stopped: CitewireError | None, *, strict: bool) -> tuple[str, int]:
    """What a night came to, and its exit code."""
    if any(all_failed(report) for report in reports) or isinstance(stopped, ValidationFailed):
        return HELD, ValidationFailed.exit_code
    if stopped is not None or any(note.startswith(BUDGET) for report in reports for note in report.notes):
        return PARTIAL, BudgetExhausted.exit_code
    outcome = PUBLISHED if any(report.stage == "publish" and report.made for report in reports) else NOTHING_NEW
    failed = any(report.stage == "ingest" and report.failures for report in reports)
    return outcome, SOME_FAILED if strict and failed else 0


def ask(app: App, asked: TopicSettings, now: datetime, *, corpus_only: bool, locked: bool = False) -> TopicAnswer:
    """Answer one topic under the run lock, as of `night`. Raises AlreadyRunning, StoreError."""
    from pipeline.people import takedown  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.people.screening import answered  # noqa: PLC0415

    with nullcontext() if locked else holding.alone(app.settings):
        answer = app.topic(asked, now, corpus_only=corpus_only)
    return answered(answer, takedown.of(app.settings))


def lines(report: StageReport) -> list[str]:
    """A stage report in plain lines: what it saw and made, what it left out and why, each failure in full."""
    left_out = ", ".join(f"{count} {why}" for why, count in sorted(report.dropped.items()) if count)
    head = f"{report.stage:<8} {report.seen:>6} seen {report.made:>6} made {report.seconds:>6.1f} s"
    told = [head + (f"   left out: {left_out}" if left_out else "")]
    told += [f"         {note}" for note in report.notes]
    for used in report.models:
        tokens = f"{used.tokens_in:,} tokens in, {used.tokens_out:,} out"
        told.append(f"         {used.model} ({used.role}): {used.calls} calls, {tokens}, {used.cost:.4f} USD")
    for failure in report.failures:
        tail = "; ".join(part for part in (failure.consequence, failure.remedy) if part)
        told.append(f"         failed: {failure.subject}: {failure.what}" + (f" ({tail})" if tail else ""))
    return told


def _timed(stage: Callable[[datetime], StageReport], name: str, now: datetime) -> StageReport:
    """The stage's report with the seconds it took; listeners are told when it began, and how it ended."""
    before = time.perf_counter()
    tell("stage.began", stage=name)
    try:
        report = replace(stage(now), stage=name)
    except BaseException as error:
        tell("stage.failed", stage=name, seconds=round(time.perf_counter() - before, 3), error=type(error).__name__)
        raise
    report = replace(report, seconds=round(time.perf_counter() - before, 3))
    tell(
        "stage.ended",
        stage=name,
        seconds=report.seconds,
        seen=report.seen,
        made=report.made,
        dropped=dict(report.dropped),
        failed=len(report.failures),
        calls=sum(used.calls for used in report.models),
        cost=round(sum(used.cost for used in report.models), 6),
    )
    for failure in report.failures:
        tell("failed", stage=name, subject=failure.subject, what=failure.what, remedy=failure.remedy)
    return report


def _failure(stage: str, error: CitewireError) -> Failure:
    return Failure(stage, str(error), "the previous edition stays up", "see the run report; mend, then run again")


def standing(run: Run, served: Mapping[str, str]) -> dict[str, Any]:
    """What a run came to and which edition readers see since, for whatever watches a desk.

    served: what the manifest of the served release says; empty where there is none.
    """
    failures = [{"stage": report.stage, **to_json(one)} for report in run.stages for one in report.failures]
    return {
        "format": "citewire-run",
        "format_version": 1,
        "run": run.id,
        "outcome": run.outcome,
        "exit_code": run.exit_code,
        "edition": served.get("edition", ""),
        "edition_now": served.get("now", ""),
        "failed": len(failures),
        "failures": failures[:FAILURES],
        "report": f"runs/{run.id.replace(':', '')}.json",
    }


def _write(target: Path, value: object) -> None:
    """A JSON file beside the site, replaced whole; the file aside has one name, so that none is left for ever."""
    partial = target.with_name("report.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(partial, target)
    except OSError as error:
        raise StoreError(
            f"the run is over, but {target} could not be written: {error.strerror or error}; free some space"
        ) from error
