"""The commands that read a desk for other programs and people: export, search, mcp, notify, serve."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from pipeline.cli import export, mcp, notify, search, serve

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def commands(add: Add) -> None:
    """Declare the commands; `add(name, call, help)` gives the parser of one."""
    exported = add("export", export.export, "what the desk has gathered, as a table: CSV, JSON Lines or Parquet")
    export.options(exported)
    _within(exported)
    searched = add("search", search.search, "what the desk has stored on a question")
    search.options(searched)
    _within(searched)
    told = add("notify", notify.notify, "send the night's briefing to those that [[notify]] names, once")
    notify.options(told)
    serve.options(add("serve", serve.serve, "the site in a browser of this machine; pages follow each new edition"))
    add("mcp", mcp.mcp, "serve the desk to an assistant, read-only, over stdin and stdout (Model Context Protocol)")


def _within(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=_moment, metavar="TIME", help="not before: 2026-03-11, or 2026-03-11T02:00:00Z")
    parser.add_argument("--until", type=_moment, metavar="TIME", help="before")
    parser.add_argument("--beat", metavar="NAME", help="of one beat")


def _moment(text: str) -> datetime:
    from pipeline.protocols.library import moment  # noqa: PLC0415  worker processes import this module

    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
