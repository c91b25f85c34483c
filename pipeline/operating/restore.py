"""Putting a backup in the place of a desk's store; the store that was there is kept aside.

The store's file is first replaced by a note that a restore is under way, which no night takes for a database, then its
write-ahead log is removed, then the restored file takes the note's place: killed at any point, the desk holds the old
store, the note or the new one, and never a store beside a log that is not its own. The same command again finishes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import StoreError, UsageError
from pipeline.operating import archive
from pipeline.operating.archive import Manifest
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.publishing import release
from pipeline.settings import Settings
from pipeline.stores import copying, open_store, transfer
from pipeline.stores.sqlite import RESTORING
from pipeline.vault import PRIVATE

_NOTE = RESTORING + b"Run the command again that was interrupted: citewire restore FILE\n"
_RESTORING = ".restoring-"
_LOGS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to. `aside`: where the store stands that was there before, if there was one."""

    manifest: Manifest
    aside: Path | None
    notes: tuple[str, ...]


def restore(
    settings: Settings, path: Path, now: datetime, *, force: bool = False, checkpoint: Checkpoint = no_checkpoint
) -> Restored:
    """Restore the backup at `path`; the caller holds the run lock.

    Everything is unpacked, checked and brought to this version's schema aside, before anything of the desk is touched.
    Raises UsageError where a store is in the way and `force` was not asked for, StoreError for a backup that is
    damaged, newer than this program, or a disk that fails.
    """
    output, marked, store = settings.output_path, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", settings.store_file
    if store is None:
        return _into_server(settings, path, checkpoint)
    if os.path.lexists(store) and not interrupted(store) and not force:
        raise UsageError(f"{store} is there already; --force restores over it, and keeps it aside")
    with _unpacked(path, store.parent, checkpoint) as (folder, manifest):
        aside = _put_aside(store, f"{store.name}.aside-{marked}")
        checkpoint("restore.kept")
        (folder / "note").write_bytes(_NOTE)
        archive.place(folder / "note", store)
        checkpoint("restore.noted")
        for log in _LOGS:
            store.with_name(store.name + log).unlink(missing_ok=True)
        archive.settle(store.parent)
        checkpoint("restore.cleared")
        _place_others(output, folder, manifest)
        checkpoint("restore.others")
        archive.place(folder / archive.STORE, store)
        checkpoint("restore.placed")
        return Restored(manifest, aside, tuple(_notes(settings, manifest)))


def _into_server(settings: Settings, path: Path, checkpoint: Checkpoint) -> Restored:
    """Bring the store of the backup to the server's, which is empty, or where this very restore was interrupted.

    Raises StoreError where anything else is there: nothing that a server keeps is written over.
    """
    with _unpacked(path, settings.output_path, checkpoint) as (folder, manifest):
        transfer.copy(str(folder / archive.STORE), settings.store_address, checkpoint=checkpoint)
        checkpoint("restore.placed")
        _place_others(settings.output_path, folder, manifest)
        checkpoint("restore.others")
        return Restored(manifest, None, tuple(_notes(settings, manifest)))


def interrupted(store: Path) -> bool:
    """Whether a restore was killed between taking the old store away and placing the new one."""
    try:
        with store.open("rb") as file:
            return file.read(len(RESTORING)) == RESTORING
    except OSError:
        return False


@contextmanager
def _unpacked(path: Path, place: Path, checkpoint: Checkpoint) -> Iterator[tuple[Path, Manifest]]:
    """A folder in `place`, gone afterwards, that holds what is in a backup, its store checked; and its manifest.

    Raises StoreError for a backup that cannot be used, and for a disk that fails then or while it is put in place.
    """
    try:
        with _aside(place) as folder:
            manifest = archive.unpack(path, folder)
            checkpoint("restore.unpacked")
            _ready(folder / archive.STORE, manifest, path)
            checkpoint("restore.checked")
            yield folder, manifest
    except OSError as error:
        raise StoreError(f"the restore failed: {error.strerror or error}; run it again when that is mended") from error


def _ready(copy: Path, manifest: Manifest, path: Path) -> None:
    """Check the unpacked store and bring it to this version's schema, closed. Raises StoreError."""
    examined = copying.examine(copy)
    if examined.faults:
        raise StoreError(f"the store in {path} is damaged ({examined.faults[0]}); nothing was changed; take another")
    if copying.newer(examined.schema):
        raise StoreError(
            f"{path} holds a store at schema {examined.schema}, made by Citewire {manifest.version}, which is newer "
            "than this one; nothing was changed; install that version"
        )
    if dict(examined.counts) != dict(manifest.counts):
        raise StoreError(f"the store in {path} does not hold what its manifest says; nothing was changed; take another")
    with closing(open_store(copy)):  # brings an older schema up to date
        pass
    if copy.with_name(f"{copy.name}-wal").exists():
        raise StoreError(f"the store in {path} could not be closed; nothing was changed; run the command again")


def _put_aside(store: Path, name: str) -> Path | None:
    """Keep the store that is there, with its log, under another name; where it stands, None where there is none."""
    if not os.path.lexists(store) or interrupted(store):
        return None
    aside = _free(store.with_name(name))
    for tail in ("", *_LOGS):
        old, new = store.with_name(store.name + tail), aside.with_name(aside.name + tail)
        if not old.exists():
            continue
        if old.is_dir():
            raise StoreError(f"{old} is a folder; move it away, then restore again")
        try:
            os.link(old, new)
        except OSError:  # a file system without hard links
            shutil.copy2(old, new)
    archive.settle(store.parent)
    return aside


def _free(path: Path) -> Path:
    """`path`, or with a number where something stands there: what was kept aside once is never written over."""
    number, wanted = 1, path
    while os.path.lexists(wanted):
        number += 1
        wanted = path.with_name(f"{path.name}-{number}")
    return wanted


def _place_others(output: Path, folder: Path, manifest: Manifest) -> None:
    """What hangs on the store: the mark of editions gone back from, and session tokens where the backup has them."""
    mark = output / "builds" / archive.LEFT
    if archive.LEFT in manifest.files:
        mark.parent.mkdir(parents=True, exist_ok=True)
        archive.place(folder / archive.LEFT, mark)
    else:
        mark.unlink(missing_ok=True)
    for name in sorted(manifest.files):
        if name.startswith(f"{PRIVATE}/"):
            (output / PRIVATE).mkdir(mode=0o700, exist_ok=True)
            archive.place(folder / name, output / name)


def _notes(settings: Settings, manifest: Manifest) -> Iterator[str]:
    """What the operator has to know, and to do next."""
    site, kept = settings.output_path / "site", settings.output_path / "releases" / manifest.site.get("release", "-")
    served = release.facts(site)
    if manifest.settings != settings.fingerprint():
        yield "the configuration is not the one that the backup was made with: pages may differ"
    if served and served.get("withheld") != manifest.site.get("withheld"):
        yield (
            "the site that is served withholds other text than the backup knows of: corrections that were made after "
            "it are not in it; enter them again before you publish (they stand in the store that was kept aside)"
        )
    if served:
        yield f"edition {served.get('edition', '')} stays up; the next night goes on from the restored store"
    elif manifest.site and kept.is_dir():
        release.serve(settings.output_path, kept.name)
        yield f"edition {manifest.site.get('edition', '')} is served again"
    elif manifest.site:
        yield f"build the site of that night again with: citewire publish --now {manifest.site.get('now', '')}"


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """A folder of our own beside the store, gone afterwards; what killed restores left goes first."""
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob(f"{_RESTORING}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_RESTORING, dir=place) as made:
        yield Path(made)
