"""The commands that read a desk for other programs, and tell people of it: export, search."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime

from pipeline.cli import export, search

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(add: Add) -> None:
    """Declare the commands; `add(name, call, help)` gives the parser of one."""
    exported = add("export", export.export, "what the desk has gathered, as a table: CSV, JSON Lines or Parquet")
    export.options(exported)
    _within(exported)
    searched = add("search", search.search, "what the desk has stored on a question")
    search.options(searched)
    _within(searched)


def _within(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=moment, metavar="TIME", help="not before: 2026-03-11, or 2026-03-11T02:00:00Z")
    parser.add_argument("--until", type=moment, metavar="TIME", help="before")
    parser.add_argument("--beat", metavar="NAME", help="of one beat")


def moment(text: str) -> datetime:
    """A time as ISO 8601, UTC where it names no zone. Raises ArgumentTypeError."""
    try:
        value = datetime.fromisoformat(text if re.fullmatch(r"[0-9T:.Z+ -]{8,40}", text) else "")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write 2026-03-11 or 2026-03-11T02:00:00Z") from None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} is beyond the calendar") from None
