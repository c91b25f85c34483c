"""Rows into files: one after the other, aside, and in place only when whole."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from pipeline.errors import MissingExtra, UsageError
from pipeline.exporting.cells import cell, line
from pipeline.exporting.tables import Table

Rows = Iterable[Mapping[str, Any]]
Writer = Callable[[Rows, Table, BinaryIO], int]
"""Writes rows into an open file and says how many there were; keeps no more than some thousand of them in memory."""

FORMATS = ("csv", "jsonl", "parquet")


def format_of(target: str, wished: str | None) -> str:
    """The format that was wished, else that of the file's name; CSV on stdout. Raises UsageError for a name of none."""
    if wished is not None:
        return wished
    if target == "-":
        return "csv"
    ending = Path(target).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise UsageError(f"{target} does not say which format it is; add --format {'|'.join(FORMATS)}")
    return ending


def writer(form: str) -> Writer:
    """What writes the format `form`. Raises MissingExtra for Parquet without its package."""
    if form == "csv":
        return _csv
    if form == "jsonl":
        return _jsonl
    try:
        from pipeline.exporting import parquet  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise MissingExtra(
            f"Parquet is written by pyarrow, which is not installed ({error}); nothing was written. "
            "Run: pip install 'citewire[parquet]'; CSV and JSONL need nothing"
        ) from error
    return cast(Writer, parquet.write)


def _csv(rows: Rows, table: Table, sink: BinaryIO) -> int:
    """RFC 4180 in UTF-8 with lines that end in CR LF; every text is quoted, so that no other separator splits it."""
    text = io.TextIOWrapper(sink, encoding="utf-8", newline="", write_through=False)
    sheet = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    sheet.writerow([column.name for column in table.columns])
    count = 0
    for row in rows:
        sheet.writerow([cell(row[column.name], column) for column in table.columns])
        count += 1
    text.flush()
    text.detach()  # closes nothing: the file is its opener's
    return count


def _jsonl(rows: Rows, table: Table, sink: BinaryIO) -> int:
    """One JSON object a line, in UTF-8 (jsonlines.org)."""
    count = 0
    for row in rows:
        sink.write(line(row, table.columns).encode() + b"\n")
        count += 1
    return count


@contextmanager
def aside(path: Path) -> Iterator[BinaryIO]:
    """A new file beside `path`, which takes its place when all went well and is gone when not.

    Raises UsageError where it cannot be written.
    """
    made: str | None = None
    try:
        handle, made = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".partial", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(made, 0o666 & ~_umask())
        os.replace(made, path)
    except OSError as error:
        _gone(made)
        raise UsageError(f"{path} cannot be written ({error.strerror}); what stood there is as it was") from None
    except BaseException:
        _gone(made)
        raise


def _umask() -> int:
    """The mask for new files; there is no way to ask that does not set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _gone(made: str | None) -> None:
    if made is not None:
        with suppress(OSError):
            os.unlink(made)
