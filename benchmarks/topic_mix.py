"""Hide labelled stories among strange feed items: python benchmarks/topic_mix.py LABELLED NOISE OUT [ROWS]

Writes the rows of LABELLED (a file for `citewire eval storylines` or `topic`), then the first ROWS (10,000) rows of
NOISE without any story. Both are .jsonl or .jsonl.gz; OUT is plain, the same bytes every time.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.evals.rows import rows

ROWS = 10_000
KEPT = ("id", "title", "text", "url", "source", "published", "lang")


def mixed(labelled: Path, noise: Path, count: int = ROWS) -> Iterator[dict[str, Any]]:
    """The labelled rows, then the first `count` rows of `noise` with the story null. Raises UsageError."""
    yield from rows(labelled)
    for row in itertools.islice(rows(noise), count):
        yield {key: row.get(key) for key in KEPT} | {"story": None}


def write(labelled: Path, noise: Path, out: Path, count: int = ROWS) -> int:
    """Write the mix to `out` and say how many rows it has. Raises UsageError."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in mixed(labelled, noise, count)]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def main(arguments: list[str]) -> int:
    """Exit code 0 when the mix is written. Raises UsageError."""
    if len(arguments) not in (3, 4):
        raise UsageError("usage: python benchmarks/topic_mix.py LABELLED NOISE OUT [ROWS]")
    labelled, noise, out = map(Path, arguments[:3])
    count = write(labelled, noise, out, int(arguments[3]) if len(arguments) == 4 else ROWS)
    print(f"{out}: {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
