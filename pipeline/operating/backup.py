"""Backups of a desk: a consistent copy of its store, checked before it counts, sealed, kept by number and week.

In it: the store, what the site says of itself and which editions were gone back from, and, only when asked for, the
session tokens that the desk obtained itself. Never in it: keys, the configuration (addresses in it may hold keys) and
the site, which `citewire publish` makes again from the store.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import sqlite_version

from pipeline import __version__
from pipeline.domain import Failure, StageReport
from pipeline.errors import StoreError, UsageError
from pipeline.operating import archive
from pipeline.operating.archive import Manifest
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.publishing import release
from pipeline.settings import Settings
from pipeline.stores import copying, transfer
from pipeline.vault import PRIVATE

_NAME = re.compile(r"citewire-(\d{8}T\d{6}Z)(?:-(\d{1,6}))?\.zip")
MAKING = ".making-"  # folders of backups that are being made, beside them
SERVED = "a server keeps the store, whose own tools back it up (pg_dump); in a file of ours: citewire backup"
_WRITTEN = ("records", "versions", "claims", "stories")  # tables that a night adds to where it finds anything
_AIR = 64 << 20  # bytes of disk left over when a backup is made


@dataclass(frozen=True, slots=True)
class Found:
    """A backup that a night or `citewire backup` put into the desk's folder of backups.

    `turn` counts how often the clock stood before the newest backup there was: of two, the one of the higher turn was
    made later, whatever its date says.
    """

    path: Path
    made: datetime
    turn: int = 1


def folder(settings: Settings) -> Path:
    """Where this desk's backups are."""
    return (settings.output_path / settings.backup.folder).resolve()


def found(place: Path) -> list[Found]:
    """The backups in a folder by their names, the last made first; whether they are whole, `check` says."""
    named = [(path, _NAME.fullmatch(path.name)) for path in place.glob("citewire-*.zip")] if place.is_dir() else []
    listed = [
        Found(path, _moment(match.group(1)), int(match.group(2) or 1))
        for path, match in named
        if match and path.is_file()
    ]
    return _ordered(listed)


def _ordered(listed: Sequence[Found]) -> list[Found]:
    return sorted(listed, key=lambda one: (one.turn, one.made, one.path.name), reverse=True)


def _next(place: Path, now: datetime) -> Path:
    """Where a backup of `now` goes: after a clock that ran ahead, under a name that tells it was made later."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    last = next(iter(found(place)), Found(place, moment))
    turn = last.turn + (moment < last.made)
    return place / f"citewire-{moment:%Y%m%dT%H%M%SZ}{f'-{turn}' if turn > 1 else ''}.zip"


def kept(listed: Sequence[Found], keep: int, weekly: int) -> list[Found]:
    """Those of `listed` that stay: the `keep` newest, and the newest of each of the `weekly` latest weeks with one."""
    ordered = _ordered(listed)
    weeks: dict[tuple[int, int], Found] = {}
    for one in ordered:
        weeks.setdefault((one.made.isocalendar().year, one.made.isocalendar().week), one)
    staying = {one.path for one in (*ordered[:keep], *list(weeks.values())[:weekly])}
    return [one for one in ordered if one.path in staying]


def make(
    settings: Settings,
    now: datetime,
    *,
    target: Path | None = None,
    private: bool = False,
    checkpoint: Checkpoint = no_checkpoint,
) -> tuple[Path, Manifest]:
    """Make a verified backup at `target`, else in the desk's folder under a name of `now`, replacing one of that name.

    A night may write meanwhile. `private`: with the session tokens. Raises UsageError where there is no store yet, and
    StoreError where the store is damaged, the copy fails its check, or the disk does.
    """
    output, store = settings.output_path, settings.store_file
    if store is not None and not store.exists():
        raise UsageError(f"nothing is stored in {output} yet, so there is nothing to back up; start with: citewire run")
    place = target.absolute() if target else _next(folder(settings), now)
    try:
        with _aside(place.parent) as aside:
            copy = aside / archive.STORE
            if store is None:
                transfer.copy(settings.store_address, str(copy))
            else:
                copying.copy(store, copy)
            checkpoint("backup.copied")
            examined = copying.examine(copy)
            if examined.faults:
                raise StoreError(f"the copy of the store fails its check ({examined.faults[0]}); no backup was made")
            checkpoint("backup.checked")
            files = {archive.STORE: copy, **_beside(output, private=private)}
            manifest = archive.pack(aside / "sealed", _manifest(settings, now, examined), files)
            if archive.unpack(aside / "sealed", aside / "again") != manifest:
                raise StoreError(f"the backup at {place} does not read as it was written; check the disk")
            checkpoint("backup.verified")
            archive.place(aside / "sealed", place)
            checkpoint("backup.placed")
            return place, manifest
    except OSError as error:
        raise StoreError(f"the backup {place} could not be written: {error.strerror or error}") from error


def due(settings: Settings, rows: Mapping[str, int]) -> bool:
    """Whether a run ended before it had made its backup: the served edition has none, a killed run left half of one,
    or the store has `rows` (by table) that the newest does not have."""
    if not settings.backup.keep or settings.store_file is None:
        return False
    place, shown = folder(settings), release.facts(settings.output_path / "site").get("now", "")
    there = found(place)
    late = bool(shown) and all(one.made < datetime.fromisoformat(shown) for one in there)
    if late or any(abandoned(path) for path in place.glob(f"{MAKING}*")):
        return True
    return bool(there) and _lacks(there[0].path, rows)


def _lacks(backup: Path, rows: Mapping[str, int]) -> bool:
    """Whether a backup has fewer rows of what nights write than there are, or cannot be read."""
    try:
        held = archive.read(backup).counts
    except StoreError:
        return True
    return any(rows.get(table, 0) > held.get(table, 0) for table in _WRITTEN)


def nightly(settings: Settings, now: datetime, *, checkpoint: Checkpoint = no_checkpoint) -> StageReport:
    """The backup of a night, and the removal of those that it makes superfluous. Raises StoreError for a damaged store.

    A disk that is full or fails costs the backup, is reported, and does not fail the night.
    """
    if not settings.backup.keep:
        return StageReport("backup")
    if settings.store_file is None:
        return StageReport("backup", notes=(f"no backup: {SERVED}",))
    place, store = folder(settings), settings.store_file
    try:
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        if (space := shutil.disk_usage(place).free) < 2 * store.stat().st_size + _AIR:
            return _failed(place, f"{space >> 20:,} MiB are free in {place}, and the copy needs more")
        path, manifest = make(settings, now, checkpoint=checkpoint)
    except OSError as error:
        return _failed(place, str(error))
    except StoreError as error:
        if copying.examine(store).faults:
            raise
        return _failed(place, str(error))
    gone = _prune(place, settings)
    checkpoint("backup.pruned")
    size = path.stat().st_size
    notes = [f"verified backup of {sum(manifest.counts.values()):,} rows, {size / 1e6:,.1f} MB: {path}"]
    if gone:
        notes.append(f"removed {gone} older backups")
    return StageReport("backup", made=1, notes=tuple(notes))


def check(path: Path, place: Path) -> tuple[Manifest, copying.Examined]:
    """Take a backup apart in a folder of its own in `place` and examine its store, every text of it.

    Raises StoreError for one that cannot be restored.
    """
    place.mkdir(parents=True, exist_ok=True)
    try:
        with _aside(place) as aside:
            manifest = archive.unpack(path, aside)
            return manifest, copying.examine(aside / archive.STORE, full=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be checked in {place}: {error.strerror or error}") from error


def _failed(place: Path, why: str) -> StageReport:
    return StageReport(
        "backup",
        failures=(
            Failure(
                str(place), f"no backup was made: {why}", "the edition stands; older backups stay",
                "make room or set [backup] folder, then: citewire backup",
            ),
        ),
    )  # fmt: skip


def _manifest(settings: Settings, now: datetime, examined: copying.Examined) -> Manifest:
    return Manifest(
        made=now,
        version=__version__,
        schema=examined.schema or "",
        sqlite=sqlite_version,
        settings=settings.fingerprint(),
        counts=examined.counts,
        site={"release": (settings.output_path / "site").resolve().name, **facts}
        if (facts := release.facts(settings.output_path / "site"))
        else {},
    )


def _beside(output: Path, *, private: bool) -> dict[str, Path]:
    """What hangs on the store, by member name."""
    listed = {archive.LEFT: output / "builds" / archive.LEFT}
    if private:
        listed |= {f"{PRIVATE}/{path.name}": path for path in sorted((output / PRIVATE).glob("*.json"))}
    return {name: path for name, path in listed.items() if path.is_file()}


def _prune(place: Path, settings: Settings) -> int:
    """How many backups were removed."""
    listed = found(place)
    staying = kept(listed, settings.backup.keep, settings.backup.weekly)
    old = [one for one in listed if one not in staying]
    for one in old:
        one.path.unlink(missing_ok=True)
    return len(old)


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """A folder of our own beside the backups, gone afterwards; a lock of the kernel on it says that we live."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=place) as made:
        held = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with suppress(OSError):  # a file system without locks: then nothing is taken for abandoned, either
                fcntl.flock(held, fcntl.LOCK_SH)
            yield Path(made)
        finally:
            os.close(held)


def _sweep(place: Path) -> None:
    """Remove what killed runs left half-made."""
    for path in place.glob(f"{MAKING}*"):
        if abandoned(path):
            shutil.rmtree(path, ignore_errors=True)


def abandoned(path: Path) -> bool:
    """Whether a folder of a backup in the making was left by a process that died: nobody holds its lock."""
    try:
        tried = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(tried, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(tried)
    return True


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
