"""Article extraction beside trafilatura alone, on the same pages, in the same pool of two killable workers, in one run.

    python benchmarks/extracting.py DATA [--pages 240] [--json]

DATA is the folder of real data; pages come from `extraction/*.dev`. Citewire reads each page with two readers and keeps
what both hold (docs/decisions.md), so it cannot be faster than trafilatura; the question is what the second reader and
the pool cost. Each task tells how much processor time it took; the pool's own share is measured by benchmarks/engines.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.engines import load
from pipeline.extract import extract
from pipeline.extract.pages import Page

_TIMEOUT = 60.0


def pages(data: Path, most: int) -> list[Page]:
    """Pages of every set in turn, the same every time."""
    sets = [sorted(folder.glob("*.html.gz")) for folder in sorted((data / "extraction").glob("*.dev"))]
    every = [path for path in chain.from_iterable(zip_longest(*sets)) if path is not None]
    return [Page(gzip.decompress(path.read_bytes()), "https://page.example/") for path in every[:most]]


def ours(page: Page) -> float:
    """Processor seconds of our reading."""
    began = time.process_time()
    try:
        extract(page.html, page.url)
    finally:
        return time.process_time() - began  # noqa: B012  a page that cannot be read costs its time, too


def alone(page: Page) -> float:
    """Processor seconds of trafilatura as it comes."""
    from trafilatura import bare_extraction  # noqa: PLC0415  in the worker

    began = time.process_time()
    try:
        bare_extraction(page.html, url=page.url, with_metadata=True)
    finally:
        return time.process_time() - began  # noqa: B012


def measured(read: Callable[[Page], float], some: Sequence[Page]) -> dict[str, float]:
    """Seconds of the clock and processor seconds of the work, its workers warm."""
    with load("local", workers=2) as engine:  # type: ignore[attr-defined]
        list(engine.map(read, some[:4], timeout=_TIMEOUT))
        began = time.perf_counter()
        took = [outcome.value or 0.0 for outcome in engine.map(read, some, timeout=_TIMEOUT)]
        seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 2), "processor": round(sum(took), 2), "pages a second": len(some) / sum(took)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both and print them with their ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    some = pages(asked.data, asked.pages)
    found: dict[str, Any] = {"pages": len(some), "citewire": measured(ours, some), "trafilatura": measured(alone, some)}
    found["ratio"] = round(found["citewire"]["processor"] / found["trafilatura"]["processor"], 2)
    print(json.dumps(found) if asked.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    from benchmarks import extracting  # workers import the task by its module's name, not from this script

    extracting.main()
