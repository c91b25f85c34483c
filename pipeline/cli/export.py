"""`citewire export`: what the desk has gathered as one flat table."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.cli.console import print_json
from pipeline.cli.desk import beat_of, library
from pipeline.errors import UsageError
from pipeline.exporting import FORMATS, TABLES, aside, format_of, writer
from pipeline.settings import load


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the usual."""
    parser.add_argument("kind", choices=TABLES, metavar="KIND", help=", ".join(TABLES))
    parser.add_argument("--to", required=True, metavar="FILE", help="where to; - is stdout")
    parser.add_argument("--format", choices=FORMATS, help="csv, jsonl or parquet (default: by the file's name)")


def export(args: argparse.Namespace) -> int:
    """Write one kind of table. Raises UsageError, MissingExtra and StoreError, and then leaves no file behind."""
    from pipeline.protocols.library import Within  # noqa: PLC0415  worker processes import this module

    settings = load(args.config)
    form = format_of(args.to, args.format)
    if args.to == "-" and args.json:
        raise UsageError("--json prints its summary on stdout, where --to - puts the rows; write to a file instead")
    if args.to == "-" and form == "parquet" and sys.stdout.isatty():
        raise UsageError("Parquet is no text for a terminal; write it to a file, or pipe it on")
    table, write = TABLES[args.kind], writer(form)
    within = Within(args.since, args.until, beat_of(settings, args.beat))
    with closing(library(settings)) as store:
        rows = store.flat(args.kind, within)
        if args.to == "-":
            count = write(rows, table, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return 0
        with aside(Path(args.to)) as file:
            count = write(rows, table, file)
    _told(args, {"kind": args.kind, "format": form, "rows": count, "written": args.to})
    return 0


def _told(args: argparse.Namespace, summary: dict[str, Any]) -> None:
    if args.json:
        print_json({**summary, "bytes": Path(args.to).stat().st_size})
    elif not args.quiet:
        print(f"wrote {summary['rows']:,} {args.kind.replace('_', ' ')} to {args.to}", file=sys.stderr)
