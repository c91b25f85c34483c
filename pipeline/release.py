"""Releases on disk: written aside, made durable, renamed, then swapped in by one rename of a link.

`output/site` is a link to the release that is served, so a reader sees the whole old site or the whole new one and
nothing between. Files that did not change are hard links into the release before: a night costs what it adds. Nothing
is removed that was not made here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError, ValidationFailed
from pipeline.protocols import Checkpoint, no_checkpoint

MANIFEST = "manifest.json"
_NAME = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{8}\Z")


def manifest(pages: Mapping[str, bytes], facts: Mapping[str, str]) -> dict[str, Any]:
    """The declared inputs of a site and the SHA-256 of each of its files."""
    files = {path: hashlib.sha256(pages[path]).hexdigest() for path in sorted(pages)}
    return {**dict(sorted(facts.items())), "files": files}


def name_of(edition: str, listed: Mapping[str, Any]) -> str:
    """Name of a release: its night and a hash of what it holds, so equal bytes have one name."""
    return f"{edition}-{hashlib.sha256(_encode(listed)).hexdigest()[:8]}"


def current(output: Path) -> dict[str, Any] | None:
    """The manifest of the site that is served; None when there is none that can be read."""
    try:
        found: dict[str, Any] = json.loads((output / "site" / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found.get("files"), dict) else None


def publish(
    output: Path,
    edition: str,
    pages: Mapping[str, bytes],
    listed: Mapping[str, Any],
    *,
    keep: int,
    checkpoint: Checkpoint = no_checkpoint,
) -> str:
    """Write `pages` as a release and serve it; returns its name.

    Raises ValidationFailed when `output/site` is something that was not made here or a path leaves the release;
    StoreError when the disk fails. Until the last rename the old site is served.
    """
    name = name_of(edition, listed)
    releases, site = output / "releases", output / "site"
    try:
        _refuse_foreign(site)
        releases.mkdir(parents=True, exist_ok=True)
        _sweep(releases)
        final = releases / name
        if not _complete(final, listed):
            if final.exists():
                shutil.rmtree(final)
            aside = releases / f"{name}.tmp"
            _write(aside, {**pages, MANIFEST: _encode(listed)}, site.resolve() if site.exists() else None)
            checkpoint("publish.written")
            os.replace(aside, final)
            _sync(releases)
        checkpoint("publish.renamed")
        _swap(site, final)
        checkpoint("publish.swapped")
        _prune(releases, final, keep)
    except OSError as error:
        raise StoreError(
            f"the site could not be written: {error.strerror or error}; the old one is still served"
        ) from error
    return name


def _encode(listed: Mapping[str, Any]) -> bytes:
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()


def _refuse_foreign(site: Path) -> None:
    """Only a link may be replaced; an empty folder may be removed for it."""
    if site.is_symlink() or not site.exists():
        return
    with contextlib.suppress(OSError):
        site.rmdir()
        return
    raise ValidationFailed(f"{site} was not made by Citewire and is left alone; move it away, then publish again")


def _sweep(releases: Path) -> None:
    """Remove what a killed run left half-written."""
    for path in sorted(releases.glob("*.tmp")):
        if _NAME.match(path.name.removesuffix(".tmp")) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def _complete(final: Path, listed: Mapping[str, Any]) -> bool:
    """Whether this very release is already on disk: the run before was killed between its rename and its swap."""
    try:
        return (final / MANIFEST).read_bytes() == _encode(listed)
    except OSError:
        return False


def _write(aside: Path, pages: Mapping[str, bytes], before: Path | None) -> None:
    """Write every page below `aside` and make it durable; unchanged pages are linked from the release `before`."""
    aside.mkdir()
    root = aside.resolve()
    folders = {root}
    for path, body in sorted(pages.items()):
        target = root / path
        if not target.resolve().is_relative_to(root):
            raise ValidationFailed(f"page {path!r} would leave the release")
        target.parent.mkdir(parents=True, exist_ok=True)
        folders.update(parent for parent in target.parents if parent.is_relative_to(root))
        if before is None or not _link(before / path, target, body):
            with target.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
    for folder in sorted(folders, reverse=True):
        _sync(folder)


def _link(old: Path, new: Path, body: bytes) -> bool:
    """Hard-link `old` as `new` when it holds the same bytes."""
    try:
        if old.is_symlink() or old.read_bytes() != body:
            return False
        os.link(old, new)
    except OSError:
        return False
    return True


def _swap(site: Path, final: Path) -> None:
    """Point `site` at `final` by one rename."""
    aside = site.with_name("site.tmp")
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path("releases") / final.name, target_is_directory=True)
    os.replace(aside, site)
    _sync(site.parent)


def _sync(folder: Path) -> None:
    """Make the names in `folder` durable, where the system lets folders be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(releases: Path, served: Path, keep: int) -> None:
    """Keep the served release and the `keep` before it."""
    old = [p for p in releases.iterdir() if _NAME.match(p.name) and p.is_dir() and p.name != served.name]
    old.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    for path in old[keep:]:
        shutil.rmtree(path)
