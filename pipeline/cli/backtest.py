"""`citewire signal --backtest`: what the detectors would have found on this desk's own store, and how often wrongly."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.cli.console import print_json

if TYPE_CHECKING:
    from pipeline.app import App


def options(parser: argparse.ArgumentParser) -> None:
    """The options of `signal` that are about back-tests."""
    parser.add_argument(
        "--backtest",
        action="store_true",
        help="measure the detectors on this desk's stored nights and on copies with planted changes; write nothing",
    )
    parser.add_argument("--seed", type=_natural, default=1, metavar="N", help="of the planted changes (default 1)")
    parser.add_argument(
        "--seconds", type=_natural, default=240, metavar="N", help="end the back-test early after these (default 240)"
    )


def _natural(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def backtest(args: argparse.Namespace, app: App, now: datetime) -> int:
    """Run the back-test and print it; exit code 0, also where it is too early for one. Raises StoreError."""
    from pipeline.backtest import report, stored  # noqa: PLC0415  heavy

    def say(text: str) -> None:
        if not args.quiet:
            print(text, file=sys.stderr)

    found = stored.examine(
        app.store,
        app.settings.signals,
        app.embedder,
        now=now,
        seed=args.seed,
        seconds=args.seconds,
        progress=say,
    )
    if args.json:
        print_json(report.examined(found))
    else:
        print("\n".join(report.lines(found)))
    return 0
