"""Labelled stories hidden among strange feed items: what `eval topic` is measured on at the size of a desk."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.evals.rows import rows

ROWS = 10_000
_KEPT = ("id", "title", "text", "url", "source", "published", "lang")


def mixed(labelled: Path, noise: Path, count: int = ROWS) -> Iterator[dict[str, Any]]:
    """The labelled rows, then the first `count` rows of `noise` with the story null. Raises UsageError."""
    yield from rows(labelled)
    for row in itertools.islice(rows(noise), count):
        yield {key: row.get(key) for key in _KEPT} | {"story": None}


def write(labelled: Path, noise: Path, out: Path, count: int = ROWS) -> int:
    """Write the mix to `out`, the same bytes every time, and say how many rows it has. Raises UsageError."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in mixed(labelled, noise, count)]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)
