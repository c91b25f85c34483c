"""One night over real rows, through the real stages, in a temporary folder: seconds per stage and peak memory.

    python benchmarks/night.py FILE --records 10000 [--embedder lexical] [--json]

FILE holds JSON Lines (plain or gzipped) with title, text, url, source and published. Ingest reads them through a
`files` source; analyze, signal, write and publish follow as at night. Memory is the peak of this process and of its
largest child.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.app import make_app
from pipeline.run import STAGES
from pipeline.settings import load


def rows(path: Path, most: int) -> list[dict[str, Any]]:
    """The first `most` rows of `path`."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, most)]


def desk(folder: Path, found: list[dict[str, Any]], embedder: str) -> tuple[Path, datetime]:
    """A configuration over the rows, and a `now` past the last of them."""
    incoming = folder / "incoming"
    incoming.mkdir()
    with (incoming / "rows.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps({key: value for key, value in row.items() if key != "seen"}) + "\n" for row in found)
    config = folder / "citewire.toml"
    config.write_text(
        f'[ingest]\nmax_new = {len(found) + 1}\n[analyze]\nembedder = "{embedder}"\n'
        '[[beat]]\nname = "World"\ndescription = "News of the day."\n'
        '[[source]]\nname = "rows"\nkind = "files"\naddress = "incoming"\n',
        encoding="utf-8",
    )
    last = max(str(row.get("published") or "2000-01-01T00:00:00Z") for row in found)
    when = datetime.fromisoformat(last.replace("Z", "+00:00"))
    return config, (when if when.utcoffset() else when.replace(tzinfo=UTC)) + timedelta(hours=1)


def peaks() -> dict[str, float]:
    """Peak resident memory so far in MiB, of this process and of its largest child."""
    kib = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {
        "self_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kib, 1),
        "children_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / kib, 1),
    }


def measure(path: Path, most: int, embedder: str) -> dict[str, Any]:
    """Run the night and give its figures."""
    found = rows(path, most)
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as name:
        config, now = desk(Path(name), found, embedder)
        stages: list[dict[str, Any]] = []
        with contextlib.closing(make_app(load(config))) as app:
            for stage in STAGES:
                began = time.perf_counter()
                report = app.stage(stage)(now)
                stages.append(
                    {
                        "stage": stage,
                        "seconds": round(time.perf_counter() - began, 2),
                        "seen": report.seen,
                        "made": report.made,
                        **peaks(),
                    }
                )
    return {"records": len(found), "embedder": embedder, "stages": stages}


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description="Time one night.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.file, asked.records, asked.embedder)
    if asked.json:
        print(json.dumps(figures))
        return
    print(f"{figures['records']} records, {figures['embedder']}")
    print(f"{'stage':10} {'seconds':>9} {'seen':>8} {'made':>8} {'MiB':>8} {'child MiB':>10}")
    for row in figures["stages"]:
        print(
            f"{row['stage']:10} {row['seconds']:9.2f} {row['seen']:8} {row['made']:8} "
            f"{row['self_mib']:8.0f} {row['children_mib']:10.0f}"
        )


if __name__ == "__main__":
    main()
