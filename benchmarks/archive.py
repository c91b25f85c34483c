"""One night's analysis on a small and on a large archive, in one run: seconds, peak memory, and the ratio.

    python benchmarks/archive.py FILE [--archives 10000 500000] [--tonight 1000] [--embedder lexical] [--json]

FILE holds JSON Lines (plain or gzipped) with title and published, in order of time. The last `--tonight` rows are the
night; the rows before them are the archive, as the store holds it after its nights: records, claims, origins and
storylines. These storylines are made, not found, since finding them would take a year of nights: two records in three
are alone, the others in twos and sixes that came one after the other. Each archive is filled and asked in a process of
its own.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import terms
from pipeline.analyze import analyze
from pipeline.claiming import claims
from pipeline.domain import Cursor, Membership, Origin, Record, SourceHealth, Storyline
from pipeline.embedders import build
from pipeline.engines import load
from pipeline.evals.storylines import record
from pipeline.protocols import Analysis, Store
from pipeline.settings import AnalyzeSettings
from pipeline.stores import open_store
from pipeline.storylines import beats, vectors
from pipeline.storylines import weaving as storylines
from pipeline.storylines.parts import whole

_SPAWN = multiprocessing.get_context("spawn")
_SOURCE = "archive"
_STEP = 5000  # records stored at once
_SIZES = (*(1,) * 16, 2, 6)  # records of made storylines: as fourteen nights of real feeds left them


def records(path: Path, most: int) -> list[Record]:
    """The last `most` rows of `path` as records that came in when they were published."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows: Iterable[dict[str, Any]] = map(json.loads, lines)
        kept = [row for row in rows if str(row.get("title") or "").strip() and row.get("published")][-most:]
    return [record(row, number) for number, row in enumerate(kept)]


def fill(store: Store, archive: Sequence[Record], embedder: str) -> None:
    """Store `archive` with one claim for each record and made storylines, for a desk with that embedder."""
    sizes = random.Random(0)  # noqa: S311
    for start in range(0, len(archive), _STEP):
        some = archive[start : start + _STEP]
        last = some[-1].fetched
        store.save_batch(_SOURCE, some, Cursor(), SourceHealth(_SOURCE, last, ok=True))
        said = {one.id: claims.extract(one, min_worth=0.0, max_claims=1) for one in some}
        lines, joined = [], []
        for group in _groups([one for one in some if said[one.id]], sizes):
            parts = [whole(one, said[one.id], one.id) for one in group]
            name, when = storylines.identity(parts), max(one.fetched for one in group)
            mine = tuple(sorted(claim.id for one in group for claim in said[one.id]))
            ids = tuple(sorted(one.id for one in group))
            lines.append(Storyline(name, group[0].title, (), when, when, mine, ids))
            joined += [Membership(name, claim.id, one.id, when, "made") for one in group for claim in said[one.id]]
        store.save_analysis(
            Analysis(
                record_ids=tuple(sorted(said)),
                claims=tuple(claim for found in said.values() for claim in found),
                origins=tuple(Origin(one.id, (one.id,)) for one in some),
                storylines=tuple({line.id: line for line in lines}.values()),
                joined=tuple(joined),
                record_beats={one.id: () for one in some},
                beats_by=beats.basis((), embedder),
                vectors={terms.NAME: vectors.words([one.text for one in some], store).fresh},
                now=last,
            )
        )


def _groups(found: Sequence[Record], sizes: random.Random) -> Iterator[list[Record]]:
    waiting = iter(found)
    while group := list(itertools.islice(waiting, sizes.choice(_SIZES))):
        yield group


def night(path: Path, size: int, tonight: int, embedder: str, answer: Connection) -> None:
    """Fill an archive of `size` records, analyse `tonight` more on it, and send what it took."""
    found = records(path, size + tonight)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/archive.db")
        fill(store, found[:-tonight], build(embedder).name)
        fresh, now = found[-tonight:], found[-1].published + timedelta(hours=1)
        store.save_batch(_SOURCE, fresh, Cursor(), SourceHealth(_SOURCE, now, ok=True))
        store.close()
        store = open_store(f"{folder}/archive.db")
        began = time.perf_counter()
        report = analyze(
            store, AnalyzeSettings(), beats=(), embedder=build(embedder), engine=load("local", workers=0), now=now
        )
        seconds = time.perf_counter() - began
        store.close()
        size_mib = Path(f"{folder}/archive.db").stat().st_size / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send(
        {
            "archive": len(found) - tonight,
            "from": f"{found[0].published:%Y-%m-%d}",
            "records": report.seen,
            "seconds": round(seconds, 2),
            "peak MiB": round(peak),
            "store MiB": round(size_mib),
        }
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every archive and print them with the ratio of the last to the first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--archives", type=int, nargs="+", default=[10_000, 500_000])
    parser.add_argument("--tonight", type=int, default=1000)
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    rows = []
    for size in args.archives:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=night, args=(args.file, size, args.tonight, args.embedder, theirs))
        process.start()
        theirs.close()
        rows.append(ours.recv())
        process.join()
        if not args.json:
            print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    ratio = round(rows[-1]["seconds"] / rows[0]["seconds"], 2)
    print(json.dumps({"rows": rows, "ratio": ratio}, indent=1) if args.json else f"{ratio} times the seconds")


if __name__ == "__main__":
    main()
