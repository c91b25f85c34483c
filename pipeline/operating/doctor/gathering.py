"""Gathers the facts of a desk: reads files, packages and the store, asks no network, changes nothing.

Only where it is told to ask models does anything leave this machine.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from pipeline import __version__, embedders, sources
from pipeline.bundles import verify
from pipeline.domain import Source, SourceHealth
from pipeline.errors import CitewireError, ConfigurationError, StoreError, discreet
from pipeline.llms.providers import known_providers
from pipeline.llms.roster import roster, tried
from pipeline.lock import looked_at
from pipeline.operating import archive, backup
from pipeline.operating.doctor.facts import (
    Backup,
    Dependency,
    Disk,
    Facts,
    Lock,
    Model,
    Open,
    Programs,
    Reader,
    Site,
    Stored,
)
from pipeline.operating.holding import LOCK
from pipeline.operating.restore import interrupted
from pipeline.publishing import building, release, site_check
from pipeline.serial import from_json, loads
from pipeline.settings import Settings, load
from pipeline.sourcing import health
from pipeline.stores import copying, kind_of, migrate, open_library
from pipeline.stores.kinds import About
from pipeline.vault import PRIVATE

LOOKED, VERIFIED = 120, 12  # files and bundles of a site that are looked at, unless all are
_SECRET = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)_FILE\Z")
_LINE = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(?:;(.*))?\Z")


def gather(
    config: Path, now: datetime, zone: tuple[str, timedelta], *, environ: Mapping[str, str], full: bool, ask: bool
) -> Facts:
    """Everything `checks` judge. `zone`: name and offset of the local clock; `environ` names the files of secrets."""
    base = Facts(now, config, programs(), *zone)
    try:
        settings = load(config)
        known_providers(settings.served)
    except ConfigurationError as error:
        return replace(base, configuration=str(error))
    output, store = settings.output_path, stored(settings, full=full)
    served, problem = _embedder(settings)
    found = backup.found(backup.folder(settings))
    return replace(
        base,
        output=output,
        store=store,
        lock=_lock(settings),
        disk=_disk(output),
        open=tuple(_open(settings, environ)),
        sources=tuple(_readers(settings, store.health)),
        models=tuple(_models(settings, ask=ask)),
        embedder=served,
        embedder_problem=problem,
        site=looked(settings, full=full),
        backups=len(found),
        backup=_backup(found[0]) if found else None,
        backups_wanted=settings.backup.keep,
        leftovers=tuple(_leftovers(settings)),
    )


def programs() -> Programs:
    """What this process runs on."""
    python = sys.version_info
    return Programs(
        (python.major, python.minor, python.micro),
        __version__,
        sqlite3.sqlite_version_info,
        tuple(_dependencies()),
        tuple(_hooks(sys.path)),
    )


def _dependencies() -> Iterator[Dependency]:
    """What the installed distribution asks for; extras only where they are installed."""
    try:
        lines = metadata.requires("citewire") or []
    except metadata.PackageNotFoundError:
        return
    for line in sorted(lines):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        name, asked, marker = match.group(1), match.group(2).strip(), match.group(3) or ""
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = None
        if installed is not None or "extra" not in marker:
            yield Dependency(name, asked, installed)


def _hooks(places: Sequence[str]) -> Iterator[Path]:
    """Files that run code whenever Python starts: lines of .pth files that import (site module of Python's library)."""
    for place in dict.fromkeys(places):
        for path in sorted(Path(place).glob("*.pth")) if place and Path(place).is_dir() else ():
            with suppress(OSError):
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                if any(line.startswith(("import ", "import\t")) for line in lines) and not _known_hook(path.name):
                    yield path


def _known_hook(name: str) -> bool:
    return name.startswith(("distutils-precedence", "__editable__", "_editable", "_virtualenv", "a1_coverage"))


def stored(settings: Settings, *, full: bool) -> Stored:
    """What the store's file tells."""
    path = settings.store_file
    if path is None:
        return _served(settings)
    if not os.path.lexists(path):
        return Stored(path)
    if interrupted(path):
        return Stored(path, exists=True, interrupted=True)
    log = path.with_name(f"{path.name}-wal")
    size, logged = (one.stat().st_size if one.exists() else 0 for one in (path, log))
    try:
        examined, told = copying.examine(path, full=full), copying.told(path)
        states = {name: from_json(SourceHealth, loads(text), fill=True) for name, text in told.health.items()}
    except (StoreError, ValueError) as error:
        return Stored(path, exists=True, error=str(error), head=migrate.HEAD, size=size, log=logged)
    return Stored(
        path, exists=True, schema=examined.schema, head=migrate.HEAD, full=full, faults=examined.faults,
        rows=examined.counts, newest=told.newest, last_run=told.last_run, last_outcome=told.last_outcome,
        last_good=told.last_good, nights=told.nights, since=told.since, health=states,
        size=size, log=logged,
    )  # fmt: skip


def _served(settings: Settings) -> Stored:
    """A store that a server keeps: whether it answers, and what it says of its nights."""
    shown = Path(discreet(settings.store_address))
    try:
        tell = kind_of(settings.store_address).about
        about = tell(settings.store_address) if tell else About("a server", 0)
        with closing(open_library(settings.store_address)) as library:
            runs, health = library.runs(limit=10_000), library.health()
            good = [run.now for run in runs if run.outcome in copying.GOOD]
            return Stored(
                shown, exists=True, served=True, schema=migrate.HEAD, head=migrate.HEAD, rows=library.counts(),
                last_run=runs[0].now if runs else None, last_outcome=runs[0].outcome if runs else "",
                last_good=good[0] if good else None, nights=len(runs), since=runs[-1].now if runs else None,
                health=health, size=about.size, server=about.server, meaning=about.meaning, offered=about.offered,
                connections=about.free,
            )  # fmt: skip
    except CitewireError as error:
        return Stored(shown, exists=True, served=True, error=str(error), head=migrate.HEAD)


def _lock(settings: Settings) -> Lock:
    """Who holds the lock of the folder, else that of the server's store."""
    found = Lock(*looked_at(settings.output_path / LOCK))
    if found.held or settings.store_file is not None:
        return found
    with suppress(CitewireError):  # a server that does not answer is told of with the store
        tell = kind_of(settings.store_address).about
        if tell and (holders := tell(settings.store_address).holders):
            return Lock(True, holders)
    return found


def _disk(output: Path) -> Disk:
    place = output
    while not place.exists():
        place = place.parent
    space = os.statvfs(place)
    seen: dict[tuple[int, int], int] = {}  # releases share files by hard links
    largest: dict[str, int] = {}
    for folder, _, names in os.walk(output):
        for name in names:
            with suppress(OSError):
                state = os.stat(os.path.join(folder, name), follow_symlinks=False)
                seen[state.st_dev, state.st_ino] = state.st_blocks * 512
                parts = Path(folder).relative_to(output).parts
                if parts[:1] == ("releases",) and len(parts) > 1:
                    largest[parts[1]] = largest.get(parts[1], 0) + state.st_size
    return Disk(space.f_bavail * space.f_frsize, sum(seen.values()), max(largest.values(), default=0))


def _open(settings: Settings, environ: Mapping[str, str]) -> Iterator[Open]:
    output = settings.output_path
    named = {f"{one.key_env}_FILE" for one in settings.served} | {f"{one.address_env}_FILE" for one in settings.notify}
    secrets = [Path(value) for name, value in sorted(environ.items()) if name in named or _SECRET.search(name)]
    kept = output / PRIVATE
    secrets += [kept, *sorted(kept.glob("*.json"))] if kept.is_dir() else []
    secrets += [one.path for one in backup.found(backup.folder(settings))]
    for path in secrets:
        with suppress(OSError):
            if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
                yield Open(path, mode, secret=True)
    kept_in = () if settings.store_file is None else (settings.store_file,)
    for path in (output, output / "releases", *kept_in, output / LOCK, *release.releases(output)[:1]):
        with suppress(OSError):
            if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o002:
                yield Open(path, mode, secret=False)


def _readers(settings: Settings, known: Mapping[str, SourceHealth]) -> Iterator[Reader]:
    for source in settings.configured_sources():
        state = health.current(known.get(source.name), source)
        yield Reader(source.name, discreet(source.address), state, _unknown(source))


def _unknown(source: Source) -> str:
    try:
        sources.SOURCES.load(source.kind)
    except CitewireError as error:
        return str(error)
    return ""


def _models(settings: Settings, *, ask: bool) -> Iterator[Model]:
    for entry in roster(settings.models, settings.served):
        answer = tried(entry.llm).fault if ask and entry.llm is not None else None
        yield Model(entry.name, entry.roles, entry.problem, answer)


def _embedder(settings: Settings) -> tuple[str, str]:
    """The embedder by its own name, and why it cannot be used."""
    try:
        return embedders.build(settings.analyze.embedder).name, ""
    except CitewireError as error:
        return "", f"[analyze] embedder: {error}"


def looked(settings: Settings, *, full: bool) -> Site:
    """The site that is served: files against the manifest, pages by the checks of a publication, bundles verified."""
    root = settings.output_path / "site"
    manifest = release.manifest(root)
    if manifest is None:
        return Site()
    files: dict[str, str] = manifest["files"]
    sample = sorted(files) if full else _sample(sorted(files), LOOKED)
    problems: list[str] = []
    for path in sample:
        problems += _file(root, path, files, settings.site.name)
    bundles = [path for path in sorted(files) if building.is_bundle(path)]
    judged = bundles if full else _sample(bundles, VERIFIED)
    for path in judged:
        with suppress(OSError, ValueError):
            problems += [str(one) for one in verify.problems(loads((root / path).read_text("utf-8")), where=path)]
    made = str(manifest.get("now", ""))
    return Site(
        str(manifest.get("edition", "")), datetime.fromisoformat(made) if made else None, len(files), len(sample),
        len(judged), tuple(dict.fromkeys(problems)),
    )  # fmt: skip


def _file(root: Path, path: str, files: Mapping[str, str], name: str) -> Iterator[str]:
    try:
        body = (root / path).read_bytes()
    except OSError as error:
        yield f"{path}: {error.strerror or error}"
        return
    if archive.digest(body) != files[path]:
        yield f"{path}: is not what was published"
        return
    look = site_check.look(path, body, name)
    yield from (f"{path}: {problem}" for problem in look.problems)
    yield from (
        f"{path}: links to {link}, which is not there" for link in look.links if link.split("#")[0] not in files
    )


def _sample(paths: Sequence[str], most: int) -> list[str]:
    """Some of the paths, spread over all of them, the same ones each time."""
    step = max(1, -(-len(paths) // most))
    return list(paths[::step])


def _backup(newest: backup.Found) -> Backup:
    try:
        archive.read(newest.path)
        error = ""
    except StoreError as problem:
        error = str(problem)
    return Backup(newest.path, newest.made, newest.path.stat().st_size, error)


def _leftovers(settings: Settings) -> Iterator[Path]:
    """What runs that were killed left and nothing will read: only what is there while nobody holds the lock."""
    output = settings.output_path
    if looked_at(output / LOCK)[0] or not output.is_dir():
        return
    for pattern in ("releases/*.tmp", ".new-*", ".restoring-*", "*.tmp"):
        yield from sorted(output.glob(pattern))
    place = backup.folder(settings)
    for path in sorted(place.glob(f"{backup.MAKING}*")) if place.is_dir() else ():
        if backup.abandoned(path):
            yield path
