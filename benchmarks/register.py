"""The register of entities over many days: python benchmarks/register.py FILE [DAYS] [PEOPLE]

FILE is .jsonl.gz with `seen` or `published`. Every distinct headline counts as an origin. Prints what each day took
(reading records, putting them to the register, storing), what the register holds, its renames, and PEOPLE (60) public
people drawn by seed.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.domain import Cursor, Origin, Record, TextQuality, digest
from pipeline.entities import sighting
from pipeline.entities.enrolment import enrol
from pipeline.protocols import Analysis, Store
from pipeline.stores import open_store

EVER = datetime(1970, 1, 1, tzinfo=UTC)


def record(row: dict[str, Any]) -> Record:
    """One row as a record of its feed."""
    title, body = (unicodedata.normalize("NFC", row.get(name) or "").replace("\0", "") for name in ("title", "text"))
    at = datetime.fromisoformat(row["published"].replace("Z", "+00:00"))
    text, source = f"{title}\n\n{body}".strip(), row["source"]
    return Record(
        *(row["id"], source, "rss", "article", row["id"], row.get("url"), source, None, title, text),
        *(TextQuality.FEED, row.get("lang"), at, at),
    )


def day(store: Store, records: list[Record]) -> tuple[float, float, float]:
    """Put one day's records to the register; seconds for reading, enrolling and storing."""
    held = {one.id: one for one in records}
    store.save_batch("benchmark", list(held.values()), Cursor(), None)
    origins = {one.id: "o" + digest(one.title) for one in held.values()}
    members: dict[str, list[str]] = defaultdict(list)
    for key, origin in sorted(origins.items()):
        members[origin].append(key)
    began = time.perf_counter()
    seen = [sighting.read(one) for one in held.values()]
    read = time.perf_counter()
    found = enrol(store, seen, held, origins)
    enrolled = time.perf_counter()
    store.save_analysis(
        Analysis(
            tuple(held),
            origins=tuple(Origin(key, tuple(keys)) for key, keys in sorted(members.items())),
            entities=found.entities,
            named=found.named,
            namings=found.namings,
        )
    )
    return read - began, enrolled - read, time.perf_counter() - enrolled


def main(arguments: list[str]) -> int:
    """Prints one line a day, then the register."""
    days, people = (int(value) for value in (*arguments[1:], *("9", "60")[len(arguments) - 1 :]))
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(arguments[0], "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            rows[(row.get("seen") or row["published"])[:10]].append(row)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "register.db")
        for date in sorted(rows)[:days]:
            took = day(store, [record(row) for row in rows[date]])
            print(date, len(rows[date]), "records: read {:.2f} s, enrolled {:.2f} s, stored {:.2f} s".format(*took))
        show(store, people)
        store.close()
    return 0


def show(store: Store, people: int) -> None:
    """Public entries by kind, renames, and some public people."""
    every = store.entities_seen(EVER)
    print(len(every), "public entries:", dict(Counter(one.kind for one in every).most_common()))
    namings = store.namings({one.key for one in every})
    renames = Counter((one.name, one.other_name) for one in namings if one.what == "renamed")
    print("renames:", "; ".join(f"{old} -> {new} ({n})" for (old, new), n in renames.most_common()))
    public = [one for one in every if one.kind == "person"]
    for one in random.Random(1).sample(public, min(people, len(public))):  # noqa: S311 - a draw to read
        print("  ", one.name, one.origins, ", ".join(one.roles))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
