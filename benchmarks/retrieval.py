"""How well `citewire search` ranks records: by words alone, by vectors alone and fused, on labelled storylines.

    python benchmarks/retrieval.py FILE [--among NOISE] [--embedder lexical] [--json]

FILE holds JSON Lines (plain or gzipped) of the shape of `citewire eval storylines`; rows of NOISE are put
beside them. The question is a story's shortest headline, or of posts the first twelve words of the shortest; its
answers are the story's other records, the one that it was taken from is left out. Stories of three records or more;
every second of them is the half that nothing was looked at on ("held back"). Reported are the mean reciprocal rank,
recall among the best ten and nDCG at ten (Järvelin and Kekäläinen 2002) over all questions.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import math
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import embedders
from pipeline.domain import Cursor, Record, TextQuality
from pipeline.protocols import Analysis, Embedder
from pipeline.protocols.library import Library
from pipeline.retrieval import rankings
from pipeline.retrieval.fusion import fused
from pipeline.stores import open_store
from pipeline.stores.library import open_library
from pipeline.storylines import parts, vectors

START = datetime(2020, 1, 1, tzinfo=UTC)
DEPTH = 10


def rows(path: Path, most: int) -> list[dict[str, Any]]:
    """The first `most` rows of a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, most)]


def record(row: dict[str, Any], number: int) -> Record:
    """A row as a record."""
    title, text = str(row.get("title") or ""), str(row.get("text") or "")
    body = f"{title}\n\n{text}" if title and text else title or text
    return Record(
        id=f"r{number:07}", source="rows", platform="News", kind="article", native_id=str(number), url=None,
        publisher=None, author=None, title=title, text=body, quality=TextQuality.FULL, lang=None, published=START,
        fetched=START,
    )  # fmt: skip


def build(path: Path, records: Sequence[Record], embedder: Embedder) -> None:
    """A store of `records`, with dense rows where the embedder gives any."""
    with closing(open_store(path)) as store:
        store.save_batch("rows", records, Cursor(), None)
        texts = [one.text[: parts.DENSE_TEXT] for one in records]
        made = vectors.dense(embedder, texts, store)
        if made is not None:
            store.save_analysis(Analysis((), vectors={embedder.name: made.fresh}, now=START))


def measures(ranking: Sequence[str], answers: frozenset[str]) -> dict[str, float]:
    """Reciprocal rank, recall at ten and nDCG at ten of one ranking."""
    gains = [1 / math.log2(place + 2) for place, key in enumerate(ranking[:DEPTH]) if key in answers]
    best = sum(1 / math.log2(place + 2) for place in range(min(DEPTH, len(answers))))
    first = next((place + 1 for place, key in enumerate(ranking) if key in answers), None)
    found = len(answers.intersection(ranking[:DEPTH]))
    return {"mrr": 1 / first if first else 0.0, "recall": found / min(DEPTH, len(answers)), "ndcg": sum(gains) / best}


def compare(
    library: Library, questions: Sequence[tuple[str, str, frozenset[str]]], embedder: Embedder
) -> dict[str, dict[str, float]]:
    """Means over questions (the headline's record, its words, the answers), by way of ranking."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for own, query, answers in questions:
        held = dict(rankings(library, query, embedder=embedder))
        ways = {**held, "fused": [key for key, _ in fused(held)]}
        for name, ranking in ways.items():
            for measure, value in measures([key for key in ranking if key != own], answers).items():
                sums[name][measure] += value / len(questions)
    return {name: {measure: round(value, 4) for measure, value in found.items()} for name, found in sums.items()}


def main() -> None:
    """Measure one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--embedder", default="lexical")
    parser.add_argument("--among", type=Path)
    parser.add_argument("--noise", type=int, default=2_000, help="rows of NOISE (default 2,000)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    labelled = rows(args.file, 4_000)
    beside = rows(args.among, args.noise) if args.among else []
    records = [record(row, number) for number, row in enumerate([*labelled, *beside])]
    stories: dict[str, list[Record]] = defaultdict(list)
    for row, one in zip(labelled, records, strict=False):
        if row.get("story") is not None and len(one.text.split()) > 3:
            stories[str(row["story"])].append(one)
    questions = []
    for name in sorted(stories):
        if len(stories[name]) >= 3:
            asked = min(stories[name], key=lambda one: (len(one.title or one.text), one.id))
            query = asked.title or " ".join(asked.text.split()[:12])
            questions.append((asked.id, query, frozenset(r.id for r in stories[name]) - {asked.id}))
    embedder = embedders.build(args.embedder)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        build(path, records, embedder)
        with closing(open_library(path)) as library:
            halves = {"looked at": questions[::2], "held back": questions[1::2]}
            found = {half: compare(library, some, embedder) for half, some in halves.items()}
    if args.json:
        print(json.dumps({"questions": len(questions), "records": len(records), **found}, indent=1))
        return
    print(f"{len(records)} records, {len(questions)} questions, {embedder.name}")
    for half, ways in found.items():
        for name, values in ways.items():
            print(f"{half:<10} {name:<8} " + "  ".join(f"{measure} {value:.3f}" for measure, value in values.items()))


if __name__ == "__main__":
    main()
