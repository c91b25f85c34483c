"""How often the kind of a name is told, and rightly: python tests/quality/kinds.py BULK [--misses]

BULK is the folder of rss2023.dev.jsonl.gz and techworld2026.dev.jsonl.gz. `kinds.tsv` beside this file names a record,
a place in it and the kinds that a reader would accept there ("name": none of the eight), and holds no text.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from pipeline.language import kinds

LABELS = Path(__file__).with_name("kinds.tsv")
READ = 3000  # characters of a record that mentions were drawn from


def texts(bulk: Path, name: str) -> dict[str, str]:
    """Record id -> headline and text, as they were read."""
    with gzip.open(bulk / f"{name}.dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {row["id"]: f"{row.get('title') or ''}\n\n{row.get('text') or ''}".strip()[:READ] for row in rows}


def main(arguments: list[str]) -> int:
    """Prints, for each part of the labels, the share of right kinds among those told and among all names."""
    bulk, misses = Path(arguments[0]), "--misses" in arguments
    with LABELS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    held = {name: texts(bulk, name) for name in sorted({row["set"] for row in rows})}
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        text, start = held[row["set"]][row["record"]], int(row["span"].partition("+")[0])
        found = next((one for one in kinds.find(text) if one.span.start == start), None)
        told, true = found.kind if found else kinds.UNTOLD, row["kinds"].split("|")
        pairs.setdefault(row["part"], []).append((told if told in true else true[0], told))
        if misses and told not in true:
            print(row["part"], row["record"], found.text if found else "-", "is", true[0], "told", told)
    for part, some in pairs.items():
        right = Counter(told for true, told in some if true == told != kinds.UNTOLD)
        told, named = (Counter(pair[at] for pair in some if pair[at] != kinds.UNTOLD) for at in (1, 0))
        print(f"{part}: {right.total() / told.total():.3f} of {told.total()} told are right, ", end="")
        print(f"{right.total() / named.total():.3f} of {named.total()} names are found")
        print("  ", ", ".join(f"{kind} {right[kind]}/{told[kind]} ({named[kind]})" for kind in kinds.KINDS))
        scores = [2 * right[kind] / (told[kind] + named[kind]) for kind in kinds.KINDS if named[kind]]
        print(f"   macro-F1 {sum(scores) / len(scores):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
