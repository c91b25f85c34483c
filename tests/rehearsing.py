"""Commands that write, rehearsed: what each leaves when nothing disturbs it, for tests that kill it or break its disk.

A `Part` is a desk in a folder and the command lines that are run on it. `Rehearsal` knows the points that the command
passes (checkpoints of the stages, statements and commits of the store, operations on files: tests/failing.py) and what
the desk holds afterwards. Every run is a forked child, so that a kill is a kill and starting Python costs nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from unittest import mock

import papers
from failing import Hook, watched

from pipeline import app
from pipeline.cli import main
from pipeline.notifying import State

FIRST, SECOND, THIRD = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z", "2026-05-06T02:00:00Z"
NOON = "2026-05-05T12:00:00Z"
REPORT = "runs/2026-05-05T120000Z.json"  # of a run at noon
BRIDGE = (
    "Daily Ledger",
    "2026-05-04T10:00:00Z",
    "Crack closes Tarn bridge to lorries",
    "Lorries may not use the Tarn bridge since Monday because of a crack, according to the road office. "
    "The haulage league expects losses of 200,000 euros a day, its chair Bo Falk said. "
    "The Tarn bridge was last inspected in 2024, records of the road office show.",
)
NOTIFIED = '\n[[notify]]\nname = "team"\naddress_env = "DESK_TEAM"\n'
CONFIG = papers.CONFIG + NOTIFIED
SENT = "sent.log"  # beside the desk: whom the fake service was asked to tell
_COURSE = {"outcome", "exit_code", "rest"}  # columns of `runs` that say how a run went, not what it found


@dataclass(frozen=True)
class Part:
    """A command on a desk, which `ready` makes.

    `seen`: what a person does after a kill who sees on the site that the command was done; else it is run again.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    ready: Callable[[Path], object]
    seen: tuple[tuple[str, ...], ...] = ()
    codes: frozenset[int] = frozenset({0})  # with which it may end when it is run again
    loose: frozenset[str] = frozenset()  # what of the content need not be as after an undisturbed run


@dataclass
class Ended:
    """How a child ended: its exit code (of the last command; minus the signal where it was killed), what it said."""

    code: int
    said: str


@dataclass
class Rehearsal:
    """A part, what it passes and what it leaves."""

    part: Part
    folder: Path
    names: list[str] = field(default_factory=list)
    expected: dict[str, object] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    told: Path | None = None  # where a child says what it says; beside the desk, unless it cannot be written there

    @classmethod
    def of(cls, part: Part, folder: Path) -> Rehearsal:
        """Make the desk and run the part once undisturbed."""
        base = folder / "base"
        base.mkdir(parents=True)
        part.ready(base)
        made = cls(_addressed(part, site(base / "citewire.toml")), folder)
        config = made.copy()
        made.before = site(config)
        log = folder / "names.log"
        ended = made.run(config, log=log)
        assert ended.code == 0, ended.said
        made.names = log.read_text(encoding="utf-8").splitlines()
        made.expected = content(config)
        return made

    @property
    def points(self) -> list[tuple[str, int]]:
        """Every point that the part passes: its name, and the how manieth of that name it is."""
        passed: Counter[str] = Counter()
        found = []
        for name in self.names:
            passed[name] += 1
            found.append((name, passed[name]))
        return found

    def copy(self) -> Path:
        """The desk before the part; always in the same folder, which messages may name."""
        target = self.folder / "desk"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder / "base", target, symlinks=True)
        return target / "citewire.toml"

    def run(self, config: Path, hook: Hook | None = None, *, log: Path | None = None, again: bool = False) -> Ended:
        """The part in a child, whose every operation is told to `hook`, or its name written to `log`.

        `again`: after a kill.
        """
        pages = {f"site {path}": hashed(body) for path, body in site(config).items()} if again else {}
        done = bool(pages) and pages.items() <= self.expected.items()
        commands = self.part.seen if done and self.part.seen else self.part.commands
        told = self.told or self.folder / "said.txt"
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = _child(config, commands, hook, log, told)
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return Ended(code, told.read_text(encoding="utf-8") if told.exists() else "")

    def differences(self, config: Path) -> list[str]:
        """What is not as an undisturbed run leaves it."""
        found = content(config)
        names = (self.expected.keys() | found.keys()) - self.part.loose
        return sorted(name for name in names if found.get(name) != self.expected.get(name))


def _child(config: Path, commands: Sequence[tuple[str, ...]], hook: Hook | None, log: Path | None, told: Path) -> int:
    """Run the commands in this very process; the exit code of the last, or of the first that failed."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["DESK_TEAM"] = "json://127.0.0.1/"
    names: list[str] = []
    hook = names.append if log is not None else hook
    with contextlib.ExitStack() as stack:
        said = stack.enter_context(told.open("w", encoding="utf-8", buffering=1))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(said))
        stack.enter_context(mock.patch("pipeline.notifying.sending.send", partial(_send, config.parent / SENT)))
        if hook is not None:
            stack.enter_context(mock.patch.object(app, "make_app", _passing(app.make_app, _checkpoints(hook))))
            stack.enter_context(watched(config.parent / "output", hook))
        code = 0
        for command in commands:
            code = main([*command, "--config", str(config)])
            if code:
                break
        if log is not None:
            stack.close()
            log.write_text("\n".join(names), encoding="utf-8")
        return code


def _passing(make: Callable[..., app.App], hook: Callable[[str], None]) -> Callable[..., app.App]:
    """`make_app` with a checkpoint before that which the command line passes."""

    def made(settings: object, *, checkpoint: Callable[[str], None], **more: object) -> app.App:
        def both(name: str) -> None:
            hook(name)
            checkpoint(name)

        return make(settings, checkpoint=both, **more)

    return made


def _checkpoints(hook: Hook) -> Callable[[str], None]:
    """The stages' own checkpoints, told as points of their kind."""
    return lambda name: hook(f"point {name}")


def _send(log: Path, address: str, title: str, body: str) -> tuple[State, str]:
    """A service that takes everything, and remembers how often it was asked."""
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{title}\n")
    return State.SENT, ""


# --- what a desk holds -----------------------------------------------------------------------------------------------


def site(config: Path) -> dict[str, bytes]:
    """The served site; nothing where there is none."""
    return papers.site(config.parent) if (config.parent / "output" / "site").exists() else {}


def content(config: Path) -> dict[str, object]:
    """All that readers, the next night or an operator can see: rows by table, the site, the names of files."""
    output = config.parent / "output"
    found: dict[str, object] = {f"site {path}": hashed(body) for path, body in site(config).items()}
    for path in sorted(output.rglob("*")):
        inside = path.relative_to(output)
        if inside.parts[0] in {"releases", "site"} and len(inside.parts) > 2:
            continue  # of a release its name is enough, which is a hash of its files
        if path.name.endswith(("-shm", "-wal")) and not path.with_name("citewire.db-wal").stat().st_size:
            continue  # which a reader leaves
        found[f"file {inside}"] = os.readlink(path) if path.is_symlink() else path.is_dir()
    found["config"] = config.read_bytes()
    found["sent"] = (config.parent / SENT).read_bytes() if (config.parent / SENT).exists() else b""
    return found | dict(_tables(output / "citewire.db"))


def _tables(path: Path) -> Iterator[tuple[str, object]]:
    """Table -> a hash of its rows, without how long things took."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(tables):
            if table.startswith("record_words_") or table == "stage_reports":
                continue  # how FTS5 merges its own tables is its business, and what stages did is of the run
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            kept = [name for name in columns if table != "runs" or name not in _COURSE]
            listed = ", ".join(f'"{name}"' for name in kept)
            rows = sorted(map(repr, database.execute(f"SELECT {listed} FROM {table}")))
            yield f"table {table}", (len(rows), hashed("\n".join(rows).encode()))


def hashed(body: bytes) -> str:
    """Enough of a hash to tell two bodies apart."""
    return hashlib.sha256(body).hexdigest()[:16]


# --- the parts -------------------------------------------------------------------------------------------------------


def _commanded(config: Path, *command: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        assert main([*command, "--config", str(config), "--quiet"]) == 0, said.getvalue()


def first_night(folder: Path) -> Path:
    """A desk that has not run yet."""
    return papers.desk(folder, config=CONFIG)


def after_one(folder: Path) -> Path:
    """A desk after its first night, with the news of the second."""
    config = first_night(folder)
    _commanded(config, "run", "--now", FIRST)
    return papers.desk(folder, rows=(*papers.ROWS, papers.LATER, BRIDGE), config=CONFIG)


def after_two(folder: Path) -> Path:
    """A desk after two nights."""
    config = after_one(folder)
    _commanded(config, "run", "--now", SECOND)
    return config


def rolled_back(folder: Path) -> Path:
    """A desk that shows its first edition again, and has news."""
    config = after_two(folder)
    _commanded(config, "rollback")
    more = ("Grid Post", "2026-05-05T09:00:00Z", "Grid mends", "Tarn Valley Grid mended 4 lines on Tuesday, it said.")
    return papers.desk(folder, rows=(*papers.ROWS, papers.LATER, BRIDGE, more), config=CONFIG)


def taken_down(folder: Path) -> Path:
    """A desk with a new takedown file."""
    after_two(folder)
    (folder / "takedown.txt").write_text("Ana Reyes\n", encoding="utf-8")
    listed = f'[desk]\ntakedown = "takedown.txt"\n{CONFIG}'
    return papers.desk(folder, rows=(*papers.ROWS, papers.LATER, BRIDGE), config=listed)


STORY = "STORY"  # replaced by the address of the desk's story


def _addressed(part: Part, pages: Mapping[str, bytes]) -> Part:
    """The part with the address of the story that it is about."""
    found = sorted(path for path in pages if path.startswith("stories/") and path.endswith("/story.json"))
    slug = next((path.split("/")[1] for path in found if "briefing" not in path), "")
    commands = tuple(tuple(slug if word == STORY else word for word in one) for one in part.commands)
    return replace(part, commands=commands)


RETRACT = ("retract", STORY, "--why", "It was a hoax.", "--now", NOON)
NIGHT = ("run", "--now", SECOND)
PARTS = (
    Part("first night", (("run", "--now", FIRST),), first_night),
    Part("night", (NIGHT,), after_one),
    Part(
        "stages",
        tuple((stage, "--now", SECOND) for stage in ("ingest", "analyze", "signal", "write", "publish")),
        after_one,
    ),
    Part("night after a rollback", (("run", "--now", THIRD),), rolled_back),
    Part("retract a story", (RETRACT,), after_two, codes=frozenset({0, 2})),  # 2: it is withdrawn already
    Part(
        "retract a source",
        (("retract", "Papers", "--why", "It lies.", "--now", NOON),),
        after_two,
        codes=frozenset({0, 2}),
    ),
    Part(
        "correct",
        (("correct", STORY, "--sentence", "3", "--drop", "--why", "Hearsay.", "--now", NOON),),
        after_two,
        seen=(("publish", "--now", NOON),),
        loose=frozenset({"table runs", f"file {REPORT}", "file runs", "file status.json"}),
    ),
    Part("takedown", (("publish", "--now", NOON),), taken_down),
    Part("rollback", (("rollback", "2026-05-04"),), after_two),
    Part("notify", (("notify", "--now", NOON),), after_two, codes=frozenset({0, 1}), loose=frozenset({"sent"})),
)
