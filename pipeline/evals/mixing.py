"""Labelled stories hidden among strange feed items: what `eval topic` and `eval storylines` meet at the size of a desk.

Two mixes. The plain one keeps the labelled rows as they are. In the stream they look like the strange ones: cut to the
length of a feed's summary, and each story moved in time, with the gaps between its rows kept, so that its first row
falls among them; else length and date alone would tell the two apart.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.domain import digest
from pipeline.evals.rows import date, rows

ROWS = 10_000
LETTERS = 400  # characters of a labelled text in a stream
_KEPT = ("id", "title", "text", "url", "source", "published", "lang")


def mixed(labelled: Path, noise: Path, count: int = ROWS) -> Iterator[dict[str, Any]]:
    """The labelled rows, then the first `count` rows of `noise` with the story null. Raises UsageError."""
    yield from rows(labelled)
    for row in itertools.islice(rows(noise), count):
        yield {key: row.get(key) for key in _KEPT} | {"story": None}


def stream(labelled: Path, noise: Path, count: int = ROWS) -> Iterator[dict[str, Any]]:
    """As `mixed`, the labelled rows cut short and dated among the strange ones. Raises UsageError."""
    every, known = list(mixed(labelled, noise, count)), list(rows(labelled))
    strange = every[len(known) :]
    times = [when for row in strange if (when := date(row.get("published"))) is not None]
    moved = _moves(known, min(times), max(times)) if times else {}
    for row in known:
        when, shift = date(row.get("published")), moved.get(str(row.get("story")))
        shown = {**row, "text": str(row.get("text") or "")[:LETTERS]}
        yield shown | ({"published": (when + shift).isoformat()} if when and shift is not None else {})
    yield from strange


def _moves(known: Sequence[Mapping[str, Any]], first: datetime, last: datetime) -> dict[str, timedelta]:
    """How far each story is moved: its first row falls between `first` and `last`, where the hash of its name says."""
    begun: dict[str, datetime] = {}
    for row in known:
        if (when := date(row.get("published"))) is not None:
            story = str(row.get("story"))
            begun[story] = min(when, begun.get(story, when))
    share = {story: int(digest("stream", story, size=8), 16) / 16**8 for story in begun}
    return {story: first + share[story] * (last - first) - when for story, when in begun.items()}


def write(labelled: Path, noise: Path, out: Path, count: int = ROWS, *, streamed: bool = False) -> int:
    """Write the mix to `out`, the same bytes every time, and say how many rows it has. Raises UsageError."""
    made = (stream if streamed else mixed)(labelled, noise, count)
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in made]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


@contextmanager
def hidden(labelled: Path, noise: Path | None) -> Iterator[Path]:
    """A file that holds the stream of `labelled` among `noise` meanwhile; `labelled` itself where there is no noise."""
    if noise is None:
        yield labelled
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "stream.jsonl"
        write(labelled, noise, made, streamed=True)
        yield made
