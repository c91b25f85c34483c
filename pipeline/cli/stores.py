"""`citewire store copy`: moves a desk from one store to another, of whatever kind."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime

from pipeline.cli.console import print_json
from pipeline.operating import holding
from pipeline.serial import to_json
from pipeline.settings import load

Call = Callable[[argparse.Namespace, datetime], int]


def commands(action: Callable[[str, Call, str], argparse.ArgumentParser]) -> None:
    """Enter the actions."""
    copied = action("copy", _copy, "bring every row of one store to another, in order, and compare the two")
    copied.add_argument("source", metavar="FROM", help="a file, or an address such as postgresql://user@host/desk")
    copied.add_argument("target", metavar="TO", help="an empty one, or a copy of FROM that was stopped")


def _copy(args: argparse.Namespace, now: datetime) -> int:
    from pipeline.stores import transfer  # noqa: PLC0415  heavy, and worker processes import this module

    def told(table: str, rows: int) -> None:
        if rows and not args.quiet:
            print(f"{table}: {rows} rows", file=sys.stderr)

    with holding.moving(load(args.config), args.source, args.target) as check:  # no night writes to either meanwhile
        copied = transfer.copy(args.source, args.target, told=told, checkpoint=check)
    if args.json:
        print_json(to_json(copied))
        return 0
    print(f"{sum(copied.rows.values())} rows of {len(copied.rows)} tables stand in both ({copied.digest}),")
    print(f"{copied.brought} of them brought by this run; name the new store in citewire.toml: store = ...")
    return 0
