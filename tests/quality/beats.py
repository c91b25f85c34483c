"""Beats against labels made by reading: python tests/quality/beats.py FILE [--embedder NAME] [--wrong]

FILE is the set that the records of `beats.jsonl` were drawn from (rss2023.dev.jsonl.gz); the labels hold record ids
and beats, no text. Beats are those of `beats.toml`. Precision and recall of each beat are over records whose label for
it is sure; "strict" counts the doubtful ones as not of the beat. `--wrong` lists what was missed and what was too much.

The 400 records are random.Random("beats").sample of all ids in order; every second one was held back while the weights
were chosen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipeline import embedders
from pipeline.evals.rows import rows
from pipeline.settings import BeatSettings
from pipeline.storylines import beats as rules

HERE = Path(__file__).parent
BEATS = tuple(BeatSettings(**one) for one in tomllib.loads((HERE / "beats.toml").read_text())["beat"])
LABELS = {row["id"]: row for row in rows(HERE / "beats.jsonl")}


def assigned(texts: Mapping[str, str], name: str) -> dict[str, set[str]]:
    """Beats that the product gives each text, by id."""
    embedder, ids = embedders.build(name), sorted(texts)
    near: list[Mapping[str, float] | None] = [None] * len(ids)
    read = embedder.embed([texts[key][:2000] for key in ids])
    if isinstance(read, np.ndarray):
        cosines = read @ embedder.embed([rules.told(beat) for beat in BEATS]).T
        near = [{beat.name: float(value) for beat, value in zip(BEATS, row, strict=True)} for row in cosines]
    return {
        key: {score.beat for score in rules.settle(rules.weigh(texts[key], BEATS), meaning)}
        for key, meaning in zip(ids, near, strict=True)
    }


def tally(found: Mapping[str, set[str]], beat: str, part: str, *, strict: bool) -> tuple[int, int, int]:
    """Right, too much, missed."""
    right = much = missed = 0
    for key, row in LABELS.items():
        doubtful = beat in row.get("doubtful", ())
        if row["part"] != part or key not in found or (doubtful and not strict):
            continue
        given, true = beat in found[key], beat in row["beats"]
        right, much, missed = right + (given and true), much + (given and not true), missed + (true and not given)
    return right, much, missed


def figures(right: int, much: int, missed: int) -> str:
    """Precision, recall and F1 in words."""
    precision, recall = right / max(1, right + much), right / max(1, right + missed)
    f1 = 2 * right / max(1, 2 * right + much + missed)
    told = f"precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.2f}"
    return f"{told}  ({right} right, {much} too much, {missed} missed)"


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where FILE lacks labelled records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args(arguments)
    texts = {}
    for row in rows(asked.file):
        if row["id"] in LABELS:
            text, title = row.get("text") or "", row.get("title") or ""
            texts[row["id"]] = text if text.startswith(title) else f"{title}\n\n{text}"
    found = assigned(texts, asked.embedder)
    for part in ("tune", "held"):
        sums = [0, 0, 0]
        for beat in BEATS:
            counts = tally(found, beat.name, part, strict=False)
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            print(f"{part}  {beat.name:<11} {figures(*counts)}")
        print(f"{part}  together    {figures(*sums)}")
        strict = [tally(found, beat.name, part, strict=True) for beat in BEATS]
        print(f"{part}  strict      {figures(*(sum(column) for column in zip(*strict, strict=True)))}")
    for key in sorted(found) if asked.wrong else ():
        sure = found[key] - set(LABELS[key].get("doubtful", ()))
        if sure != set(LABELS[key]["beats"]):
            print(json.dumps({"id": key, "given": sorted(found[key]), "label": LABELS[key]["beats"]}))
    print(f"{len(texts)} of {len(LABELS)} labelled records, embedder {asked.embedder}")
    return 0 if len(texts) == len(LABELS) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
