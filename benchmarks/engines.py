"""Engines on the map that a night is made of: what carrying costs, and what a second worker brings, in one run.

    python benchmarks/engines.py DATA [--records 512] [--kinds local dask] [--json]

DATA is the folder of real texts; records are made of them (benchmarks/made_texts.py) and read as analysis reads them,
in its batches. A task says how much processor time its work took; what the owner's process uses meanwhile, and what
pickling a batch and its answer costs a worker, is the engine's own. Both are processor time, which neighbours on the
machine hardly distort. Seconds of the clock say what the second worker brings, and how many cores there were to have.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import made_texts
from pipeline.engines import load
from pipeline.evals.storylines import record
from pipeline.packing import packed
from pipeline.perusal import Read, Task, read
from pipeline.rounds import BATCH
from pipeline.settings import AnalyzeSettings

_TIMEOUT = 300.0


def tasks(data: Path, most: int) -> list[Task]:
    """Batches of made records, as analysis sends them."""
    with tempfile.TemporaryDirectory() as folder:
        made_texts.write(data, most, target := Path(folder) / "rows.jsonl")
        rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    records = [record(row, number) for number, row in enumerate(rows)]
    return [Task(tuple(records[at : at + BATCH]), AnalyzeSettings(), ()) for at in range(0, most, BATCH)]


def timed(task: Task) -> tuple[float, tuple[Read, ...]]:
    """The work of a task, with the processor seconds that it took."""
    began = time.process_time()
    found = read(task)
    return time.process_time() - began, found


def carried(some: Sequence[Task], answers: Sequence[Any]) -> float:
    """Processor seconds that a worker spends on unpacking tasks and packing answers."""
    sent = [packed(task) for task in some]
    began = time.process_time()
    for task in sent:
        pickle.loads(task)  # noqa: S301 - packed a line above
    for answer in answers:
        packed(answer)
    return time.process_time() - began


def measured(kind: str, workers: int, some: Sequence[Task]) -> dict[str, Any]:
    """What the batches cost on an engine; its workers are started, and have imported everything, before."""
    engine = load(kind, workers=workers)
    try:
        list(engine.map(timed, some[: 2 * max(1, workers)], timeout=_TIMEOUT))
        began, spent = time.perf_counter(), time.process_time()
        values = [outcome.value for outcome in engine.map(timed, some, timeout=_TIMEOUT)]
        seconds, owner = time.perf_counter() - began, time.process_time() - spent
    finally:
        engine.close()
    work = sum(took for took, _ in values)
    own = 0.0 if not workers else owner + carried(some, values)
    return {
        "engine": kind,
        "workers": workers,
        "seconds": round(seconds, 2),
        "work": round(work, 2),
        "own": round(own, 3),
        "own share": round(own / work, 4),
        "cores": round((work + own) / seconds, 2),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every engine and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--records", type=int, default=512)
    parser.add_argument("--kinds", nargs="+", default=["local", "dask"])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    some = tasks(asked.data, asked.records)
    rows = [measured("local", 0, some)]
    rows += [measured(kind, workers, some) for kind in asked.kinds for workers in (1, 2)]
    if asked.json:
        print(json.dumps({"records": asked.records, "batch": BATCH, "rows": rows}))
        return
    for row in rows:
        print(", ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    from benchmarks import engines  # workers import the task by its module's name, not from this script

    engines.main()
