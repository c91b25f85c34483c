"""One night over real rows, through the real stages, in a temporary folder: what each stage costs.

    python benchmarks/night.py FILE --records 10000 [--workers 2] [--round N] [--store URL] [--profile]

FILE holds JSON Lines (plain or gzipped) with title, text, url, source and published; full texts in any number come from
benchmarks/made_texts.py. Ingest reads them through a `files` source; analyze, signal, write and publish follow as at
night. Seconds are those of the clock and of processors, memory the peak of this process in each stage. `--store` is an
empty PostgreSQL database to use in place of a new SQLite file; `--round` is the most records that are decided at once,
the desk's own number unless told; `--profile` prints where the time of each stage went. Processor time that workers
spend is not counted.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import sampling
from pipeline import rounds
from pipeline.app import make_app
from pipeline.run import STAGES
from pipeline.settings import load


def rows(path: Path, most: int) -> list[str]:
    """The first `most` rows of `path`, as lines."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return list(itertools.islice(lines, most))


def desk(folder: Path, found: list[str], embedder: str, workers: int = 0, store: str = "") -> tuple[Path, datetime]:
    """A configuration over the rows, and a `now` past the last of them."""
    incoming, last = folder / "incoming", "2000-01-01T00:00:00Z"
    incoming.mkdir()
    with (incoming / "rows.jsonl").open("w", encoding="utf-8") as out:
        for line in found:
            row = json.loads(line)
            last = max(last, str(row.get("published") or ""))
            out.write(json.dumps({key: value for key, value in row.items() if key != "seen"}) + "\n")
    config = folder / "citewire.toml"
    config.write_text(
        (f'store = "{store}"\n' if store else "")
        + f'[ingest]\nmax_new = {len(found) + 1}\n[analyze]\nembedder = "{embedder}"\n[engine]\nworkers = {workers}\n'
        '[[beat]]\nname = "World"\ndescription = "News of the day."\n'
        '[[source]]\nname = "rows"\nkind = "files"\naddress = "incoming"\n',
        encoding="utf-8",
    )
    when = datetime.fromisoformat(last.replace("Z", "+00:00"))
    return config, (when if when.utcoffset() else when.replace(tzinfo=UTC)) + timedelta(hours=1)


def measure(
    path: Path, most: int, embedder: str, *, workers: int = 0, store: str = "", profile: bool = False
) -> dict[str, Any]:
    """Run the night and give its figures."""
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as name:
        found = rows(path, most)
        config, now = desk(Path(name), found, embedder, workers, store)
        number = len(found)
        del found
        stages: list[dict[str, Any]] = []
        with contextlib.closing(make_app(load(config))) as app:
            for stage in STAGES:
                with sampling.measured(profile=profile) as cost:
                    report = app.stage(stage)(now)
                stages.append(
                    {
                        "stage": stage,
                        "seconds": round(cost.seconds, 2),
                        "processor": round(cost.processor, 2),
                        "mib": round(cost.mib),
                        "seen": report.seen,
                        "made": report.made,
                    }
                )
                print(json.dumps(stages[-1]), *sampling.hottest(cost, 70 if profile else 0), sep="\n", file=sys.stderr)
        files = (Path(name) / "output").glob("citewire.db*")
        size = 0 if store else sum(file.stat().st_size for file in files) / 2**20
    return {
        "records": number,
        "embedder": embedder,
        "workers": workers,
        "store_mib": round(size, 1),
        "stages": stages,
    }


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description="Time one night.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--round", type=int, default=rounds.MOST)
    parser.add_argument("--store", default="")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rounds.MOST = asked.round
    how = {"workers": asked.workers, "store": asked.store, "profile": asked.profile}
    figures = measure(asked.file, asked.records, asked.embedder, **how)
    if asked.json:
        print(json.dumps(figures))
        return
    size = f"a store of {figures['store_mib']} MiB"
    print(f"{figures['records']} records, {figures['embedder']}, {figures['workers']} workers, {size}")
    print(f"{'stage':10} {'seconds':>9} {'processor':>9} {'MiB':>7} {'seen':>8} {'made':>8}")
    for row in figures["stages"]:
        print(
            f"{row['stage']:10} {row['seconds']:9.2f} {row['processor']:9.2f} {row['mib']:7} "
            f"{row['seen']:8} {row['made']:8}"
        )


if __name__ == "__main__":
    main()
