"""The file that a backup is: a ZIP of the store, what hangs on it, and a manifest with the hash of each; sealed.

The seal, the SHA-256 of everything before it, is the comment that ends the file: a backup that lost a byte or had one
changed anywhere is refused before anything of it is used. Any ZIP program opens it. Names of members are a closed list,
so nothing in a backup can choose a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import StoreError
from pipeline.serial import from_json, to_json

FORMAT, FORMAT_VERSION = "citewire-backup", 1
MANIFEST, STORE, LEFT = "backup.json", "citewire.db", "rolled-back.json"
_MEMBER = re.compile(r"citewire\.db|rolled-back\.json|private/[0-9a-f]{16}\.json")
_SEAL = 64  # characters of a SHA-256
_BLOCK = 1 << 20
_FAST = 1  # level of deflate: a third of the size, at a fifth of level 6's time
_MOST_MANIFEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and of when. `site`: what the manifest of the served site said of itself then."""

    made: datetime
    version: str
    schema: str
    sqlite: str
    settings: str
    counts: Mapping[str, int]
    site: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Member] = field(default_factory=dict)
    format: str = FORMAT
    format_version: int = FORMAT_VERSION


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> Manifest:
    """Write `files` by member name into a sealed backup at `target`, 0600; the manifest with their hashes."""
    listed: dict[str, Member] = {}
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "r+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as made:
            for name in sorted(files):
                with (
                    files[name].open("rb") as body,
                    made.open(_entry(name, manifest.made), "w", force_zip64=True) as to,
                ):
                    listed[name] = _poured(body, to)
            whole = replace(manifest, files=listed)
            text = json.dumps(to_json(whole), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            made.writestr(_entry(MANIFEST, manifest.made), text)
            made.comment = b"0" * _SEAL
        _seal(out)
    return whole


def read(path: Path) -> Manifest:
    """The manifest of a backup, after its seal was checked. Raises StoreError for anything that is not whole."""
    with _opened(path) as made:
        return _manifest(made, path)


def unpack(path: Path, folder: Path) -> Manifest:
    """Take a backup apart into `folder`, each file checked against the manifest. Raises StoreError."""
    with _opened(path) as made:
        manifest = _manifest(made, path)
        for name, member in sorted(manifest.files.items()):
            place = folder / name
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with made.open(name) as body, os.fdopen(handle, "wb") as to:
                found = _poured(body, to, most=member.bytes)
            if found != member:
                raise _broken(path, f"{name} is not what its manifest says")
        return manifest


def _entry(name: str, made: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, made.astimezone(UTC).timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _poured(body: Any, to: Any, most: int | None = None) -> Member:
    """Copy a stream; its length and hash. Stops behind `most` bytes: a member is no longer than it says."""
    hashed, size = hashlib.sha256(), 0
    while block := body.read(_BLOCK):
        size += len(block)
        hashed.update(block)
        to.write(block)
        if most is not None and size > most:
            break
    return Member(size, hashed.hexdigest())


def _blocks(file: BinaryIO, size: int) -> Iterator[bytes]:
    file.seek(0)
    while size:
        block = file.read(min(size, _BLOCK))
        if not block:
            return
        size -= len(block)
        yield block


def _hash(file: BinaryIO, size: int) -> bytes:
    hashed = hashlib.sha256()
    for block in _blocks(file, size):
        hashed.update(block)
    return hashed.hexdigest().encode()


def _seal(out: BinaryIO) -> None:
    out.flush()
    size = out.seek(0, os.SEEK_END) - _SEAL
    sealed = _hash(out, size)
    out.seek(size)
    out.write(sealed)
    out.flush()
    os.fsync(out.fileno())


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A backup whose seal holds, as a ZIP that is open. Raises StoreError."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END) - _SEAL
            if size <= 0 or _hash(file, size) != _tail(file, size):
                raise _broken(path, _why(file, size))
            with zipfile.ZipFile(file) as made:
                yield made
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _broken(path, str(error)) from error
    except OSError as error:
        raise StoreError(f"the backup {path} cannot be taken apart: {error.strerror or error}") from error


def _tail(file: BinaryIO, size: int) -> bytes:
    file.seek(size)
    return file.read(_SEAL)


def _why(file: BinaryIO, size: int) -> str:
    """What is wrong with a file whose seal does not hold."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return "it is no backup of Citewire"
    whole = size > 0 and re.fullmatch(rb"[0-9a-f]{64}", _tail(file, size))
    return "its bytes are not those that were sealed" if whole else "its end is missing"


def _manifest(made: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        entry = made.getinfo(MANIFEST)
        if entry.file_size > _MOST_MANIFEST:
            raise _broken(path, "its manifest is too long")
        found = json.loads(made.read(entry))
        if found.get("format") != FORMAT:
            raise _broken(path, "it is no backup of Citewire")
        if int(found.get("format_version", 0)) > FORMAT_VERSION:
            raise StoreError(f"{path} was made by a newer version of Citewire ({found.get('version')}); install that")
        manifest = from_json(Manifest, found)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise _broken(path, "its manifest cannot be read") from error
    strange = [name for name in manifest.files if not _MEMBER.fullmatch(name)]
    if strange or STORE not in manifest.files:
        raise _broken(path, "it does not hold what a backup holds")
    return manifest


def _broken(path: Path, why: str) -> StoreError:
    return StoreError(f"the backup {path} is damaged and was not used: {why}; take another one")


def place(source: Path, target: Path) -> None:
    """Put a file where it belongs, on the same file system, whole or not at all, and make that last. Raises OSError."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(source, target)
    settle(target.parent)


def digest(body: bytes) -> str:
    """SHA-256 in hex, as manifests have it."""
    return hashlib.sha256(body).hexdigest()


def settle(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
