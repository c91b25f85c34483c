"""What a night forgets at its end, within the limits of [retention]; and what it never forgets.

Never: records and their versions, claims and evidence, storylines, findings, signals, stories in all their versions,
corrections, what was withdrawn, what versions were written from, the evidence bundles of the site. What goes can be
made or asked again, or is about the desk's own past. Raw bodies go at the beginning of a night ([ingest]
keep_raw_days), releases of the site when one is published ([publish] keep), backups when one is made ([backup]).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.domain import LATEST, Record, StageReport, leapt
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.protocols.storing import Aging
from pipeline.settings import Settings
from pipeline.storylines import parts, vectors

RUNS = "runs"  # folder of the run reports beside the site
PROGRESS = "retention.json"  # beside it: up to which record embeddings were forgotten
RANKED = 30  # days of rankings that pages and `explain` may show
_PAGE, _MOST = 500, 20_000  # records in one transaction, and in one night

NAMES: Mapping[str, str] = {
    Aging.ANSWERS: "answers of models",
    Aging.READS: "readings of sources",
    Aging.RANKINGS: "rankings of nights",
    Aging.REPORTS: "run reports",
}


def limits(settings: Settings, now: datetime) -> dict[Aging, datetime]:
    """Before which time each kind is forgotten; kinds that are kept for ever are missing.

    However short the settings are, what signals and pages of the coming nights look back on stays.
    """
    chosen = settings.retention
    needed = settings.signals.baseline_days + -(-settings.signals.window_hours // 24) + 1
    days = {
        Aging.ANSWERS: chosen.answers_days,
        Aging.READS: chosen.reads_days and max(chosen.reads_days, needed),
        Aging.RANKINGS: chosen.rankings_days and max(chosen.rankings_days, RANKED),
        Aging.REPORTS: chosen.reports_days,
    }
    return {kind: now - timedelta(days=count) for kind, count in days.items() if count}


def retain(store: Store, settings: Settings, now: datetime, *, checkpoint: Checkpoint = no_checkpoint) -> StageReport:
    """Forget what is past its time; a report of what went. Raises StoreError.

    Every step stands alone and may be repeated: a night that is killed here leaves the rest to the next one. By a clock
    that may have jumped nothing goes.
    """
    if leapt(store.runs(limit=LATEST), now):
        return StageReport("retain", notes=("forgot nothing: the last run is so long ago that the clock may be wrong",))
    gone: dict[str, int] = {}
    for kind, before in limits(settings, now).items():
        gone[NAMES[kind]] = store.prune_dated(kind, before)
        if kind is Aging.REPORTS:
            gone["files of run reports"] = _forget_files(settings.output_path / RUNS, before)
    if days := settings.retention.embeddings_days:
        window = max(days, settings.analyze.window_days + 1)
        gone["embeddings of texts"] = _forget_embeddings(store, settings, now - timedelta(days=window), checkpoint)
    checkpoint("retain.pruned")
    notes = [f"forgot {count:,} {name}" for name, count in gone.items() if count]
    given, room = store.compact(settings.output_path), store.room()
    if given:
        notes.append(f"gave {given >> 20:,} MiB of the database file back to the disk")
    elif room.free > room.size // 10 and room.free > 1 << 20:
        notes.append(f"{room.free >> 20:,} of {room.size >> 20:,} MiB of the database file are free for coming nights")
    return StageReport("retain", made=sum(gone.values()), notes=tuple(notes))


def _forget_embeddings(store: Store, settings: Settings, before: datetime, checkpoint: Checkpoint) -> int:
    """Forget rows of the texts of records older than a time, from where the night before came to."""
    progress, gone, seen = settings.output_path / PROGRESS, 0, 0
    after = _progress(progress)
    while seen < _MOST:
        page = store.fetched_between(after, before, limit=_PAGE)
        if not page:
            break
        gone += store.prune_vectors(key for record in page for key in keys(record))
        after, seen = (page[-1].fetched, page[-1].id), seen + len(page)
        checkpoint("retain.page")
        aside = progress.with_suffix(".tmp")
        aside.write_text(json.dumps({"fetched": after[0].isoformat(), "id": after[1]}), encoding="utf-8")
        os.replace(aside, progress)
    return gone


def keys(record: Record) -> Iterator[str]:
    """Under which rows of a record's text are kept: its words, and its beginning as a dense model reads it."""
    part = parts.whole(record, (), record.id)
    yield vectors.key(part.text)
    yield vectors.key(parts.dense_text(part))


def _progress(path: Path) -> tuple[datetime, str] | None:
    """Where the night before stopped; None, the beginning, where that cannot be told: it costs time, nothing else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return datetime.fromisoformat(found["fetched"]).astimezone(UTC), str(found["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _forget_files(folder: Path, before: datetime) -> int:
    """Remove run reports whose name says a time before; other files are left alone."""
    gone = 0
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            at = datetime.strptime(path.stem, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        if at < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
