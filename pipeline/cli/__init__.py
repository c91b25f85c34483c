"""The command line: parse, call, print, exit code. No logic lives here."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__, evals, events
from pipeline.cli import (
    backtest,
    corrections,
    held,
    models,
    notify,
    reuse,
    rollback,
    sources,
    stores,
    tonight,
    upkeep,
)
from pipeline.cli.console import print_json
from pipeline.cli.explain import explain_storyline
from pipeline.cli.stopping import Stopped, stoppable
from pipeline.domain import Run, StageReport
from pipeline.errors import CitewireError, StoreError, UsageError, ValidationFailed
from pipeline.evals import mixing
from pipeline.operating import holding, logs
from pipeline.preferences import TopicSettings
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.run import STAGES, STORED, Watcher, ask, lines, night
from pipeline.scaffold import init
from pipeline.serial import to_json
from pipeline.settings import Settings, load

if TYPE_CHECKING:
    from pipeline.app import App

_UNSET = datetime(1990, 1, 1, tzinfo=UTC)  # a clock before it lost its battery; such dates are doubted in feeds, too

EPILOG = """exit codes: 0 done (published, or nothing new) · 1 a check failed · 2 usage ·
3 some sources failed (--strict) ·
5 held by validation or every source failed, old site kept · 6 configuration · 7 already running · 8 storage ·
9 budget used up, partial edition published"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Expected errors become one message on stderr, never a traceback."""
    args = _parser().parse_args(argv)
    level = logging.WARNING if args.quiet else logging.DEBUG if args.verbose else logging.INFO
    logs.configure(args.log_format, level, os.environ)
    args.quiet = args.quiet or args.log_format == "json"  # what people would read is told as events instead
    try:
        with stoppable():
            return _called(args)
    except CitewireError as error:
        _complain(args, str(error), upkeep.hint(args, error), exit_code=error.exit_code)
        if args.json:
            print(json.dumps({"error": str(error), "exit_code": error.exit_code}, ensure_ascii=False))
        return error.exit_code
    except KeyboardInterrupt as stop:
        code = stop.code if isinstance(stop, Stopped) else 130
        _complain(args, "stopped; what was committed stays, run again to go on", exit_code=code)
        return code
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _called(args: argparse.Namespace) -> int:
    """Run the command. A failure of disk or system that no adapter has translated is a StoreError, not a traceback."""
    try:
        code: int = args.call(args)
        return code
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise StoreError(
            f"the system refused to read or write: {error.strerror or error}{where}; what was committed stays and the "
            "old site is served; mend it, then run again"
        ) from error


def _complain(args: argparse.Namespace, *lines: str, exit_code: int) -> None:
    """Say why the command ends: lines for people, an event for machines."""
    if args.log_format == "json":
        events.LOGGER.error(
            "error", extra={"fields": {"message": " ".join(filter(None, lines)), "exit_code": exit_code}}
        )
        return
    for line in filter(None, lines):
        print(f"citewire: {line}", file=sys.stderr)


# --- the parser ------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config",
        type=Path,
        default=Path("citewire.toml"),
        metavar="FILE",
        help="configuration (default: citewire.toml)",
    )
    common.add_argument("--now", type=_instant, metavar="ISO8601", help="fix the clock (default: the real one)")
    common.add_argument("--json", action="store_true", help="one JSON document on stdout")
    common.add_argument("--quiet", action="store_true", help="say only what went wrong")
    common.add_argument("--verbose", action="store_true", help="say more")
    common.add_argument("--log-format", choices=logs.FORMATS, default="text", help="json: an object a line on stderr")

    parser = argparse.ArgumentParser(
        prog="citewire",
        description="An autonomous news desk whose every sentence can be checked against the words it cites.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"citewire {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, call: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=text, description=text)
        added.set_defaults(call=call)
        return added

    made = command("init", _init, "make a working desk in a new folder")
    made.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, or one without a citewire.toml")
    ran = command("run", _run, "run one night: ingest, analyze, signal, write, publish")
    ran.add_argument("--strict", action="store_true", help="exit 3 when some sources failed")
    ran.add_argument("--stored", action="store_true", help="without ingest: tell what ingest workers have stored")
    asked = command("topic", _topic, "a cited briefing on one topic, as Markdown on stdout")
    asked.add_argument("query", type=_query, metavar="QUERY")
    asked.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page instead")
    asked.add_argument("--days", type=_days, default=30, metavar="N", help="how far back (default 30)")
    asked.add_argument("--corpus", action="store_true", help="answer from the store alone; search nothing")
    for name in STAGES:
        stage = command(name, _stage, f"run the stage {name} alone, on what is pending")
        if name == "signal":
            backtest.options(stage)
    shown = command("demo", _demo, "three nights of the bundled sample through the real path")
    shown.add_argument(
        "--output", type=Path, default=Path("output"), metavar="FOLDER", help="where to (default: output)"
    )
    shown.add_argument("--embedder", default="lexical", metavar="NAME", help="lexical, auto or sentence-transformers:M")
    _measuring(command)
    command("report", _report, "what the last run did, and what went wrong")
    explained = command("explain", explain_storyline, "why records are in a storyline; what a signal measured")
    explained.add_argument(
        "storyline", metavar="STORYLINE|SIGNAL", help="its id, the beginning of its id, or a storyline's whole label"
    )
    reuse.commands(command)
    corrections.commands(command, _now)
    rollback.commands(command)
    upkeep.commands(command, _now)
    models.commands(command)

    def group(name: str, declare: Callable[[Callable[..., argparse.ArgumentParser]], None], text: str) -> None:
        grouped = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
        actions = grouped.add_subparsers(dest="action", required=True, metavar="ACTION")

        def action(name: str, call: sources.Call, text: str) -> argparse.ArgumentParser:
            added = actions.add_parser(name, parents=[common], help=text, description=text)
            added.set_defaults(call=lambda args: call(args, _now(args)))
            return added

        declare(action)

    group("sources", sources.commands, "list, find, check and exchange the sources")
    group("held", held.commands, "list, release and reject what waits for a person")
    group("store", stores.commands, "move a desk to another store")
    return parser


def _measuring(command: Callable[..., argparse.ArgumentParser]) -> None:
    measured = command("eval", _eval, "measure one part of the product on labelled data")
    measured.add_argument("name", metavar="NAME", help=", ".join(evals.HARNESSES))
    measured.add_argument("file", type=Path, metavar="FILE", help="the labelled data: a file, of some a folder")
    measured.add_argument("--embedder", default="auto", metavar="NAME", help="lexical, auto or sentence-transformers:M")
    measured.add_argument(
        "--among", type=Path, metavar="NOISE", help="hide the rows of FILE, cut and dated, in 10,000 rows of NOISE"
    )


def _instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write 2026-03-11T02:00:00Z") from None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")
    return int(text)


def _query(text: str) -> str:
    if len(text.strip()) < 2:
        raise argparse.ArgumentTypeError("a query needs at least two characters")
    return text.strip()


def _now(args: argparse.Namespace) -> datetime:
    """The time that a command runs at. Raises UsageError for a clock that was never set."""
    now: datetime = args.now if args.now is not None else datetime.now(UTC).replace(microsecond=0)
    if now < _UNSET:
        raise UsageError(f"the clock says {now:%Y-%m-%d}: it was never set. Set it, or give the time with --now")
    return now


@contextlib.contextmanager
def _app(args: argparse.Namespace, *, alone: bool = False, beside: bool = False) -> Iterator[App]:
    """The desk; `alone`: under the run lock, taken before anything is opened: a second run changes nothing at all.

    `beside`: under that lock as ingest workers share it, where the store can have several.
    """
    from pipeline.app import make_app  # noqa: PLC0415  heavy, and worker processes import this module

    settings: Settings = load(args.config)
    with contextlib.ExitStack() as stack:
        check: Checkpoint = no_checkpoint
        workers = None
        if beside:
            check, workers = stack.enter_context(holding.beside(settings))
        elif alone:
            check = stack.enter_context(holding.alone(settings))
        app = make_app(settings, checkpoint=check, workers=workers)
        try:
            yield app
        finally:
            app.close()


# --- the commands ----------------------------------------------------------------------------------------------------


def _init(args: argparse.Namespace) -> int:
    written = init(args.folder)
    if args.json:
        print_json({"written": [str(path) for path in written]})
    else:
        for path in written:
            print(f"wrote {path}")
        print(f"next: cd {args.folder} && citewire run")
        print("and to make it yours: citewire sources add https://example.org")
    return 0


def _run(args: argparse.Namespace) -> int:
    with _app(args, alone=True) as app:
        told = {"strict": args.strict, "watch": _watcher(args), "stages": STORED if args.stored else STAGES}
        run = _watched(app, partial(night, app, _now(args), locked=True, **told))
        if not args.quiet:
            print("\n".join(tonight.table(app.store, run.now)), file=sys.stderr)
        code, settings = _tell(args, run, app.settings), app.settings
    notify.after(args, settings, run)
    return code


def _stage(args: argparse.Namespace) -> int:
    alone = not vars(args).get("backtest")
    with _app(args, alone=alone, beside=args.command == "ingest") as app:
        if not alone:
            return backtest.backtest(args, app, _now(args))
        work = partial(night, app, _now(args), stages=(args.command,), watch=_watcher(args), locked=True)
        return _tell(args, _watched(app, work), app.settings)


def _watched(app: App, work: Callable[[], Run]) -> Run:
    """A run, with what [telemetry] asks to be told of it."""
    from pipeline.operating.telemetry import watched  # noqa: PLC0415  heavy, and worker processes import this module

    with watched(app.settings) as told:
        run = work()
        told(run, app.store)
    return run


def _tell(args: argparse.Namespace, run: Run, settings: Settings) -> int:
    if args.json:
        print_json(to_json(run))
    elif not args.quiet:
        site = settings.output_path / "site" / "index.html"
        print(f"{run.outcome}: {site}" if site.exists() else run.outcome)
    return run.exit_code


def _watcher(args: argparse.Namespace) -> Watcher:
    def say(report: StageReport) -> None:
        if not args.quiet:
            for line in lines(report):
                print(line, file=sys.stderr)

    return say


def _topic(args: argparse.Namespace) -> int:
    from pipeline.renderers.topic import (  # noqa: PLC0415  heavy, and worker processes import this module
        render_topic_html,
        render_topic_markdown,
    )

    asked = TopicSettings(query=args.query, days=args.days)
    with _app(args, alone=True) as app:
        answer = ask(app, asked, _now(args), corpus_only=args.corpus, locked=True)
    if args.html is not None:
        args.html.write_text(render_topic_html(answer), encoding="utf-8")
        print(f"wrote {args.html}", file=sys.stderr)
    if args.json:
        print_json(to_json(answer))
    elif args.html is None:
        print(render_topic_markdown(answer))
    return ValidationFailed.exit_code if answer.unanswered else 0


def _demo(args: argparse.Namespace) -> int:
    from pipeline.demo import run_demo  # noqa: PLC0415  heavy, and worker processes import this module

    say = (lambda *_: None) if args.quiet or args.json else print
    return run_demo(args.output, say=say, embedder=args.embedder)


def _eval(args: argparse.Namespace) -> int:
    with mixing.hidden(args.file, args.among) as path:
        measures = evals.run(args.name, path, embedder=args.embedder)
        short = evals.shortfalls(args.name, path, measures, embedder=args.embedder)
    if args.json:
        print_json(dict(measures))
    else:
        for name, value in measures.items():
            print(f"{name:<24} {value:.4f}" if isinstance(value, float) else f"{name:<24} {value}")
    for missed in short:
        print(f"below its floor: {missed.measure} is {missed.value:.4f}, pinned {missed.floor:.4f}", file=sys.stderr)
    return 1 if short else 0


def _report(args: argparse.Namespace) -> int:
    with _app(args) as app:
        last = app.store.runs(limit=1)
        if not last:
            raise UsageError(f"no run is stored in {app.settings.output_path}; start one with: citewire run")
        if args.json:
            print_json(to_json(last[0]))
        else:
            print(f"run {last[0].id}: {last[0].outcome} (exit code {last[0].exit_code})")
            for stage in last[0].stages:
                print("\n".join(lines(stage)))
    return 0
