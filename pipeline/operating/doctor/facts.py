"""What is known of a desk when its state is judged. Values only; whoever gathers them is `gathering`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline.domain import SourceHealth


class Level(StrEnum):
    """How a check ended. Only a failure makes `citewire doctor` end with 1."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the answer: what was found, why that matters, and the exact command or edit that mends it."""

    check: str
    level: Level
    what: str
    why: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package that Citewire asks for: the versions asked for, and the one that is installed (None: missing)."""

    name: str
    asked: str
    installed: str | None


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs that a desk runs on. `hooks`: .pth files that run code whenever Python starts."""

    python: tuple[int, int, int]
    citewire: str
    sqlite: tuple[int, int, int]
    dependencies: tuple[Dependency, ...] = ()
    hooks: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store's file told. `error`: why it could not be read; `faults`: what its check found."""

    path: Path
    exists: bool = False
    served: bool = False  # by a server, which makes its backups with its own tools
    server: str = ""  # which, and in what version
    meaning: str = ""  # the version of what searches by meaning in it; the next: of what could
    offered: str = ""
    connections: int = 0  # that are left
    error: str = ""
    interrupted: bool = False
    schema: str | None = None
    head: str = ""
    full: bool = False
    faults: tuple[str, ...] = ()
    size: int = 0
    log: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    newest: datetime | None = None  # when the newest record was fetched
    last_run: datetime | None = None
    last_outcome: str = ""
    last_good: datetime | None = None  # the last run that published or had nothing new
    nights: int = 0
    since: datetime | None = None  # the first run
    health: Mapping[str, SourceHealth] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lock:
    """The run lock: whether a process holds it, and what its file says of the last who did."""

    held: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes that are free under the output, that the output takes, and that its largest release takes."""

    free: int
    used: int
    release: int


@dataclass(frozen=True, slots=True)
class Open:
    """A file or folder that more people may read or write than should."""

    path: Path
    mode: int
    secret: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A configured source. `unknown`: why its kind cannot be used, empty where it can."""

    name: str
    address: str
    state: SourceHealth | None = None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A configured model. `problem`: why it cannot be asked; `answer`: what came of asking, None where nobody did."""

    name: str
    roles: tuple[str, ...]
    problem: str = ""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The site that is served: its edition, how many of its files were looked at, and what was wrong with them."""

    edition: str = ""
    now: datetime | None = None
    files: int = 0
    looked: int = 0
    bundles: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup. `error`: why it cannot be restored, empty where its seal holds."""

    path: Path
    made: datetime
    size: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a desk. `configuration`: what is wrong with it; then nothing else of the desk is known."""

    now: datetime
    config: Path
    programs: Programs
    zone: str = "UTC"
    offset: timedelta = timedelta()
    configuration: str = ""
    output: Path | None = None
    store: Stored | None = None
    lock: Lock | None = None
    disk: Disk | None = None
    open: tuple[Open, ...] = ()
    sources: tuple[Reader, ...] = ()
    models: tuple[Model, ...] = ()
    embedder: str = ""
    embedder_problem: str = ""
    site: Site | None = None
    backups: int = 0
    backup: Backup | None = None
    backups_wanted: int = 0
    leftovers: tuple[Path, ...] = ()
