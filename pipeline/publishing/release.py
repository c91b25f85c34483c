"""Releases on disk: written aside, made durable, renamed, then swapped in by one rename of a link.

`output/site` is a link to the release that is served, so a reader sees the whole old site or the whole new one and
nothing between. Files that did not change are hard links into the release before: a night costs what it adds. Beside
the releases, `output/builds` keeps what each file rests on and where it leads (`Kept`), so that a night need not make
nor read again what stays. Nothing is removed that was not made here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError, ValidationFailed
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.publishing import spare
from pipeline.publishing.notes import Brief, Kept, Notes
from pipeline.publishing.spare import Recycled
from pipeline.remembered import Memory

MANIFEST = "manifest.json"
_MEMORY = ".memory"  # ending of what is remembered, beside what is kept of a release
_INPUTS = ".inputs"  # and of the digest of what it was made from, which readers have no use for
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-[0-9a-f]{8}\Z")


@dataclass(frozen=True, slots=True)
class Served:
    """The release that readers see: its name and folder, what its manifest says of it, what is known of its files.

    `pages`: how many of its files are HTML.
    """

    name: str
    folder: Path
    facts: Mapping[str, str]
    pages: int
    kept: Notes = field(default_factory=Notes)


def name_of(edition: str, facts: Mapping[str, str], files: Notes) -> str:
    """Name of a release: its night and a hash of what it holds, so equal bytes have one name."""
    found = hashlib.sha256()
    for part in _encoded(facts, files):
        found.update(part)
    return f"{edition}-{found.hexdigest()[:8]}"


def current(output: Path) -> dict[str, Any] | None:
    """The manifest of the site that is served; None when there is none that can be read."""
    return manifest(output / "site")


def manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release: its declared inputs, and the SHA-256 of each of its files; None without one."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found.get("files"), dict) else None


def facts(folder: Path) -> dict[str, str]:
    """What the manifest of a release says before it lists the files, without reading those; empty without one."""
    told: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError), (folder / MANIFEST).open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(' "files"'):
                break
            if line.startswith(' "'):
                told |= json.loads("{" + line.rstrip().removesuffix(",") + "}")
    return told


def served(output: Path) -> Served | None:
    """The release that is served, with all that is known of it; None where there is none that can be read."""
    site = output / "site"
    told = facts(site)
    if not told or not site.is_symlink():
        return None
    folder = site.resolve()
    kept, told["inputs"] = _known(output, folder.name), inputs(output, folder.name)
    paths = kept or (manifest(site) or {}).get("files", ())
    return Served(folder.name, folder, told, sum(1 for path in paths if path.endswith(".html")), kept)


def inputs(output: Path, name: str) -> str:
    """The digest of what a release was made from; empty where it is not known."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (output / "builds" / f"{name}{_INPUTS}").read_text(encoding="ascii")
    return ""


def _known(output: Path, name: str) -> Notes:
    """What is kept of the files of a release; nothing where that cannot be read: then all is made anew."""
    try:
        return Notes.load((output / "builds" / f"{name}.json").read_bytes())
    except OSError:
        return Notes()


def remembered(output: Path, before: Served | None, mark: str) -> Memory:
    """What was worked out for the release that is served, under the same `mark`; else nothing, and all is read."""
    if before is None:
        return Memory(mark)
    try:
        with (output / "builds" / f"{before.name}{_MEMORY}").open("rb") as lines:
            return Memory.load(lines, mark)
    except OSError:
        return Memory(mark)


def releases(output: Path) -> list[Path]:
    """Folders of all releases, the newest first."""
    folder = output / "releases"
    found = [p for p in folder.iterdir() if _NAME.match(p.name) and p.is_dir()] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


class Draft:
    """A release while it is written: aside, where nobody sees it, and nothing of it lasts before `serve`."""

    def __init__(self, output: Path, edition: str, before: Served | None, checkpoint: Checkpoint) -> None:
        self._output, self._edition, self._checkpoint = output, edition, checkpoint
        self._known = before.kept if before is not None else Notes()
        self._old = str(before.folder) if before is not None else ""
        self._root = output / "releases" / f"{edition}-00000000.tmp"
        self.kept = Notes(self._known)
        shutil.rmtree(self._root, ignore_errors=True)
        self._there = Recycled(output, self._root)
        self._folders: set[str] = {"", *self._there.folders}

    def link(self, path: str, was: Brief, rests_on: str | None) -> bool:
        """Take over the served file at `path`, of which that `was` known; False where it is not as it was published."""
        old = f"{self._old}/{path}"
        try:
            state = os.stat(old, follow_symlinks=False)
            if (state.st_size, state.st_mtime_ns) != was.state:
                return False
            if not self._there.holds(path, state.st_ino):
                os.link(old, self._place(path))
        except OSError:
            return False
        self.kept.take(path, was, rests_on)
        return True

    def write(self, path: str, body: bytes, known: Kept) -> None:
        """Write a file of which all but `size` and `mtime` is `known`."""
        target = self._place(path)
        self._there.clear(path)
        with open(target, "xb") as file:
            file.write(body)
        state = os.stat(target)
        self.kept.enter(path, known._replace(size=state.st_size, mtime=state.st_mtime_ns))

    def read(self, path: str) -> bytes:
        """A file that was written or taken over."""
        return (self._root / path).read_bytes()

    def _place(self, path: str) -> str:
        """Where the file at `path` stands, with its folder made. Raises ValidationFailed for a path that leads out."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            if path.startswith("/") or ".." in path.split("/"):
                raise ValidationFailed(f"page {path!r} would leave the release")
            self._folder(folder)
        return f"{self._root}/{path}"

    def _folder(self, path: str) -> None:
        """Make a folder, and those that it is in."""
        above = path.rpartition("/")[0]
        if above not in self._folders:
            self._folder(above)
        os.mkdir(f"{self._root}/{path}")
        self._folders.add(path)

    def serve(self, facts: Mapping[str, str], memory: Memory | None = None) -> str:
        """Make the draft last and serve it; the name of the release. Until the last rename the old site is served.

        `memory`: what was worked out for it, kept for the next one. The fact "inputs" is kept beside it, too: it
        changes with what no page shows, and the site does not.
        """
        told = {name: fact for name, fact in sorted(facts.items()) if name != "inputs"}
        name = name_of(self._edition, told, self.kept)
        final = self._root.with_name(name)
        if final.exists() and _holds(
            final, told, self.kept
        ):  # the run before was killed between its rename and its swap
            shutil.rmtree(self._root)
            self._root = final
        else:
            self._there.strip(self.kept)
            _write(self._root / MANIFEST, _encoded(told, self.kept))
        _write(self._output / "builds" / f"{name}.json", self._true(final).dump(self._known))
        _write(self._output / "builds" / f"{name}{_INPUTS}", [facts.get("inputs", "").encode("ascii")])
        if memory is not None:
            _write(self._output / "builds" / f"{name}{_MEMORY}", memory.dump())
        _settle(self._root)
        self._checkpoint("publish.written")
        if self._root != final:
            if final.exists():
                shutil.rmtree(final)
            os.replace(self._root, final)
            _sync(final.parent)
        self._checkpoint("publish.renamed")
        _swap(self._output / "site", final)
        self._checkpoint("publish.swapped")
        return name

    def _true(self, final: Path) -> Notes:
        """What is kept of the files as they stand: those of a release that was there already have their own times."""
        if self._root == final:
            for path, one in list(self.kept.items()):
                self.kept.enter(path, one._replace(mtime=(final / path).stat().st_mtime_ns))
        return self.kept

    def drop(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._root, ignore_errors=True)


@contextmanager
def draft(output: Path, edition: str, before: Served | None, checkpoint: Checkpoint = no_checkpoint) -> Iterator[Draft]:
    """A draft beside the releases, gone afterwards unless it was served.

    Raises ValidationFailed when `output/site` is something that was not made here, StoreError when the disk fails.
    """
    try:
        _refuse_foreign(output / "site")
        for folder in ("releases", "builds"):
            (output / folder).mkdir(parents=True, exist_ok=True)
        _sweep(output)
        made = Draft(output, edition, before, checkpoint)
        try:
            yield made
        except Exception:
            made.drop()
            raise
    except OSError as error:
        raise StoreError(
            f"the site could not be written: {error.strerror or error}; the old one is still served"
        ) from error


def prune(output: Path, keep: int) -> int:
    """Remove releases but the served one and the `keep` newest of the others.

    Others that do not withhold what the served one withholds go whatever their age: what was withdrawn since stands in
    them. The number of these. A release loses its name first: none that is half removed can be gone back to.

    Raises StoreError when the disk fails.
    """
    try:
        return _prune(output, keep)
    except OSError as error:
        raise StoreError(
            f"old releases could not be removed ({error.strerror or error}); the new one is served, and the next run "
            "removes them"
        ) from error


def _prune(output: Path, keep: int) -> int:
    _sweep(output)  # what a run left that was killed while it removed
    site = (output / "site").resolve()
    old, withheld = [path for path in releases(output) if path.name != site.name], facts(site).get("withheld", "")
    stale = [path for path in old if facts(path).get("withheld", "") != withheld]
    left = [path for path in old if path not in stale]
    if stale or facts(spare.folder(output)).get("withheld", "") != withheld:
        spare.drop(output)
    elif left[keep:]:
        spare.keep(output, left.pop())
    for path in (*stale, *left[keep:]):
        os.replace(path, path.with_name(f"{path.name}.tmp"))
    _sweep(output)
    return len(stale)


def serve(output: Path, name: str) -> None:
    """Serve the kept release `name`, by one rename. Raises StoreError."""
    try:
        _refuse_foreign(output / "site")
        _swap(output / "site", output / "releases" / name)
    except OSError as error:
        raise StoreError(f"release {name} cannot be served: {error.strerror or error}") from error


def _encoded(facts: Mapping[str, str], files: Notes) -> Iterator[bytes]:
    """A manifest as it is written, line by line: a fact or a file a line, the files last."""
    yield b"{\n"
    for name, fact in facts.items():
        yield f" {json.dumps(name)}: {json.dumps(fact, ensure_ascii=False)},\n".encode()
    between = ' "files": {\n'
    for path in sorted(files):
        yield f'{between}  {json.dumps(path)}: "{files.hash(path)}"'.encode()
        between = ",\n"
    yield b"\n }\n}\n" if len(files) else f"{between}\n }}\n}}\n".encode()


def _holds(folder: Path, facts: Mapping[str, str], files: Notes) -> bool:
    """Whether the manifest in a folder is this one."""
    with contextlib.suppress(OSError):
        return (folder / MANIFEST).read_bytes() == b"".join(_encoded(facts, files))
    return False


def _write(path: Path, parts: Iterable[bytes]) -> None:
    aside = path.with_suffix(".tmp")
    with aside.open("wb") as file:
        file.writelines(parts)
    os.replace(aside, path)


def _refuse_foreign(site: Path) -> None:
    """Only a link may be replaced; an empty folder may be removed for it."""
    if site.is_symlink() or not site.exists():
        return
    with contextlib.suppress(OSError):
        site.rmdir()
        return
    raise ValidationFailed(f"{site} was not made by Citewire and is left alone; move it away, then publish again")


def _sweep(output: Path) -> None:
    """Remove what a killed run left half-written or half-removed, and what is kept of releases that are gone."""
    output.joinpath("site.tmp").unlink(missing_ok=True)
    for path in sorted((output / "releases").glob("*.tmp")):
        if _NAME.match(path.name.removesuffix(".tmp")) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
    for path in sorted((output / "builds").glob("*.*")):
        gone = _NAME.match(path.stem) and not (output / "releases" / path.stem).is_dir()
        if gone or path.suffix == ".tmp":
            path.unlink()


def _swap(site: Path, final: Path) -> None:
    """Point `site` at `final` by one rename."""
    aside = site.with_name("site.tmp")
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path("releases") / final.name, target_is_directory=True)
    os.replace(aside, site)
    _sync(site.parent)


def _settle(root: Path) -> None:
    """Make a whole tree durable: at once where the system can, else file by file."""
    if hasattr(os, "sync"):  # one flush for tens of thousands of files; sync(2) on Linux returns when it is done
        os.sync()
        return
    for folder, _, files in os.walk(root):
        for name in files:
            with open(os.path.join(folder, name), "rb+") as file:
                os.fsync(file.fileno())


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
