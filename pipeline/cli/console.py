"""What commands print and ask: one JSON document, a question on a terminal, a progress bar.

The bar is thirty lines here and not a package: tqdm and rich bring threads, terminal control and, rich, three packages
more, for one line that is drawn over itself.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import discreet

BAR = 24  # cells


def print_json(value: Any) -> None:
    """The one JSON document of a command."""
    print(json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True))


def without_keys(value: Any) -> Any:
    """A JSON value whose strings hold no login and no key of an address."""
    if isinstance(value, str):
        return discreet(value)
    if isinstance(value, Mapping):
        return {key: without_keys(one) for key, one in value.items()}
    return [without_keys(one) for one in value] if isinstance(value, list | tuple) else value


def iso(moment: datetime | None) -> str | None:
    """A time as JSON documents have it."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def asked_of_a_person() -> bool:
    """Whether somebody sits at the keyboard who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def confirmed(question: str) -> bool:
    """Whether the person says yes; the end of the input is a no. The question goes to stderr, past any pipe."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def shown(text: str, width: int = 200) -> str:
    """`text` from outside as one line that cannot steer the terminal, cut to `width` characters."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    line = " ".join("".join(char for char in spaced if unicodedata.category(char)[0] != "C").split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def columns(rows: Iterable[Sequence[str]], *, most: int = 60) -> list[str]:
    """`rows` as lines with aligned columns, two spaces between; no cell but the last is wider than `most`."""
    cut = [[*(shown(cell, most) for cell in row[:-1]), shown(row[-1], 400)] for row in rows]
    widths = [max(len(row[n]) for row in cut) for n in range(len(cut[0]))] if cut else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cut]


class Progress:
    """A bar on stderr while `total` things are done; on anything but a terminal, or when `quiet`, nothing."""

    def __init__(self, total: int, what: str, *, quiet: bool = False) -> None:
        self._total, self._what = total, what
        self._drawn = not quiet and total > 1 and sys.stderr.isatty()

    def __enter__(self) -> Progress:
        self.tell(0, "")
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def tell(self, done: int, name: str) -> None:
        """`done` of them are ready, the last of them `name`."""
        if not self._drawn:
            return
        full = BAR * done // self._total
        line = f"{self._what} [{'#' * full}{'.' * (BAR - full)}] {done}/{self._total} {shown(name, 40)}"
        print(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)
