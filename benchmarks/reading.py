"""What reading a big desk costs: exports and searches over a made-up store of many records and claims.

    python benchmarks/reading.py FOLDER [--records 100000] [--claims 5] [--json]

The store is made once in FOLDER (a minute for each 50,000 records) and found there again. Texts are drawn from a
vocabulary of 30,000 words by Zipf's law, so that a query meets common and rare words as in real text; nothing but
sizes is true to life. Every export and search runs in a process of its own: seconds and peak memory are that process's,
its start included.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.domain import (
    Claim,
    ClaimKind,
    Cursor,
    Evidence,
    Hedge,
    Membership,
    Origin,
    Record,
    Storyline,
    TextQuality,
)
from pipeline.protocols import Analysis
from pipeline.settings import DATABASE
from pipeline.stores import open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
SENTENCES = 15
BATCH = 5_000
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("an", "el", "or", "iv", "us") for c in range(500)]
WEIGHTS = list(accumulate(1 / (place + 10) for place in range(len(WORDS))))
QUERIES = (WORDS[0], f"{WORDS[3]} {WORDS[700]}", " ".join(WORDS[n] for n in (50, 4_000, 20_000)), "nothing of the kind")


def record(number: int, dice: random.Random) -> Record:
    """One invented article of `SENTENCES` sentences."""
    said = [" ".join(dice.choices(WORDS, cum_weights=WEIGHTS, k=14)).capitalize() + "." for _ in range(SENTENCES)]
    title = " ".join(dice.choices(WORDS, cum_weights=WEIGHTS, k=7)).capitalize()
    when = START + timedelta(minutes=5 * number)
    return Record(
        id=f"r{number:08}", source="made", platform="News", kind="article", native_id=str(number),
        url=f"https://made.example/{number}", publisher=f"Outlet {number % 300}", author=None, title=title,
        text=f"{title}\n\n{' '.join(said)}", quality=TextQuality.FULL, lang="en", published=when, fetched=when,
    )  # fmt: skip


def claims(of: Record, count: int) -> Iterator[Claim]:
    """The first `count` sentences of a record."""
    at = of.text.index("\n\n") + 2
    for number in range(count):
        end = of.text.index(".", at) + 1
        span = Evidence(of.id, of.content_hash, at, end, of.text[at:end])
        yield Claim(
            id=f"c{of.id}{number:02}", record_id=of.id, text=span.quote, evidence=(span,), kind=ClaimKind.EVENT,
            hedge=Hedge.STATES, speaker=None, entities=(), quantities=(), dates=(), worth=0.5, published=of.published,
        )  # fmt: skip
        at = end + 1


def make(path: Path, records: int, each: int) -> None:
    """A store of `records` records with `each` claims; twenty records make a storyline."""
    dice = random.Random(7)  # noqa: S311  a benchmark of made-up text
    with closing(open_store(path)) as store:
        for first in range(0, records, BATCH):
            made = [record(number, dice) for number in range(first, min(first + BATCH, records))]
            store.save_batch("made", made, Cursor(), None)
            said = {one.id: tuple(claims(one, each)) for one in made}
            lines, joined = [], []
            for start in range(0, len(made), 20):
                some = made[start : start + 20]
                held = [claim for one in some for claim in said[one.id]]
                name = f"s{some[0].id}"
                ids = tuple(claim.id for claim in held), tuple(one.id for one in some)
                lines.append(Storyline(name, some[0].title, ("World",), some[0].published, some[-1].published, *ids))
                joined += [Membership(name, claim.id, claim.record_id, claim.published, "made") for claim in held]
            store.save_analysis(
                Analysis(
                    record_ids=tuple(said),
                    claims=tuple(claim for held in said.values() for claim in held),
                    origins=tuple(Origin(one.id, (one.id,)) for one in made),
                    storylines=tuple(lines),
                    joined=tuple(joined),
                    now=START,
                )
            )


def timed(folder: Path, *argv: str) -> dict[str, Any]:
    """Seconds and peak memory of one command in a process of its own."""
    before = time.perf_counter()
    command = [sys.executable, "-m", "pipeline", *argv, "--config", str(folder / "citewire.toml"), "--quiet"]
    here = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=here) as process:  # noqa: S603  our own
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    peak = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    told = " ".join(argv[:2]) + (f" {argv[3]}" if argv[0] == "export" else "")
    return {"what": told, "seconds": round(time.perf_counter() - before, 2), "MiB": round(peak), "rc": status >> 8}


def main() -> None:
    """Make the store where it is not yet, then time everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    database = args.folder / "output" / DATABASE
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        (args.folder / "citewire.toml").write_text("", encoding="utf-8")
        make(database, args.records, args.claims)
    found = [
        timed(args.folder, "export", "claims", "--to", str(args.folder / f"claims.{form}"))
        for form in ("csv", "jsonl", "parquet")
    ]
    found += [timed(args.folder, "search", query) for query in QUERIES]
    if args.json:
        print(json.dumps(found, indent=1))
    for row in [] if args.json else found:
        print(f"{row['what']:<60} {row['seconds']:>7.2f} s {row['MiB']:>5} MiB  exit {row['rc']}")


if __name__ == "__main__":
    main()
