"""Measure every pinned floor on a folder of evaluation data: python benchmarks/floors.py DATA [--quick] [HARNESS ...]

Prints one line per floor and ends with 1 when a measure is below its floor. With --quick, as .ci/run has it, those that
take minutes are left out (`long` in pipeline/evals/floors.toml). Data is found by the name that the floors give,
anywhere under DATA or beside this script; a floor whose data is not there is skipped and said so.
NAME.mixed is made of NAME.dev and rss2023.dev (see benchmarks/topic_mix.py) where DATA holds these, and so is
NAME.stream (see `citewire eval storylines --among`).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import planted
from pipeline import evals
from pipeline.errors import UsageError
from pipeline.evals import mixing

NOISE = "rss2023.dev"


def find(data: Path, name: str) -> Path | None:
    """The file or folder called `name`, with or without its .jsonl or .jsonl.gz ending."""
    endings = ("", ".jsonl", ".jsonl.gz")
    return next((path for end in endings for path in sorted(data.rglob(name + end))), None)


def made(data: Path, name: str, folder: Path) -> Path | None:
    """The file called `name`; one that is mixed of others is written into `folder` once."""
    found = find(data, name) or find(folder, name) or find(Path(__file__).parent, name)
    stem, _, ending = name.rpartition(".")
    labelled, noise = find(data, f"{stem}.dev"), find(data, NOISE)
    if found is None and ending in ("mixed", "stream") and labelled and noise:
        found = folder / f"{name}.jsonl"
        mixing.write(labelled, noise, found, streamed=ending == "stream")
    if found is None and ending == "planted" and labelled:
        found = folder / f"{name}.jsonl"
        planted.write(labelled, found)
    return found


def at_hand(floor: evals.Floor, data: Path, folder: Path) -> Path | None:
    """The data that the floor was pinned on; None, and said so, where it is not here."""
    path = made(data, floor.data, folder)
    if path is not None and evals.fingerprint(path) == floor.sha256:
        return path
    print(f"skipped  {floor.harness:<14} {floor.data}: {'not here' if path is None else 'other data'}")
    return None


def check(floor: evals.Floor, path: Path) -> bool:
    """Whether the floor holds on the file at `path`; prints what was measured."""
    started = time.monotonic()
    embedder = floor.embedder or "auto"
    measures = evals.run(floor.harness, path, embedder=embedder)
    short = evals.shortfalls(floor.harness, path, measures, embedder=embedder)
    shown = ", ".join(f"{name} {measures[name]:.4f} (floor {least:.4f})" for name, least in floor.measures.items())
    state = "BELOW" if short else "holds"
    print(
        f"{state:<8} {floor.harness:<14} {floor.data} [{embedder}]: {shown}; {time.monotonic() - started:.0f} s",
        flush=True,
    )
    return not short


def main(arguments: list[str]) -> int:
    """Exit code: 0 when every floor holds, 1 when one does not."""
    if not arguments or not Path(arguments[0]).is_dir():
        raise UsageError("usage: python benchmarks/floors.py DATA [--quick] [HARNESS ...]; DATA is a folder")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process a core: threads of each would spin for one another
    named = [argument for argument in arguments[1:] if argument != "--quick"]
    # The signals are last and take longest, so they come first.
    wanted = [
        floor
        for floor in evals.floors()[::-1]
        if floor.harness in (named or [floor.harness]) and not (floor.long and "--quick" in arguments)
    ]
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        there = [(floor, path) for floor in wanted if (path := at_hand(floor, Path(arguments[0]), Path(folder)))]
        held = list(pool.map(check, *zip(*there, strict=True))) if there else []  # all, so that one report says it
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
