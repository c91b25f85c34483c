"""What stands behind pipeline/evals/labels.jsonl: the draw, how far two readings agree, another lexicon.

    python benchmarks/labels.py sample RSS2023 [SEED COUNT]    # the sentences, of which the label file has none
    python benchmarks/labels.py agreement                      # Cohen's kappa of the two readings of the first 600
    python benchmarks/labels.py lexicons RSS2023               # stance and sentiment by VADER, where it is installed

A seed orders the records by a hash of it and their ids; of each, the sentence with the smallest hash is drawn.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.domain import Span
from pipeline.errors import UsageError
from pipeline.evals import labels
from pipeline.evals.rows import rows
from pipeline.language import sentences

FIRST = ("stance-1", 600)  # read twice; those with odd numbers are the half to tune on
KINDS = ("person", "organisation", "state body", "place", "product", "technology", "law", "concept")


def order(*parts: object) -> str:
    """A hash that orders things by a seed."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def candidates(record: dict[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    """Field, start, end and words of the sentences of a record that are neither short, nor long, nor cut off."""
    for field in ("title", "text"):
        text = str(record.get(field) or "")
        spans: Sequence[Span] = sentences.split(text, "en") if field == "text" else [Span(0, len(text))] if text else []
        for span in spans:
            words = text[span.start : span.end]
            cut_off = words.rstrip("\"'”’)] ").endswith(("...", "…")) or "[…" in words[-6:]
            if len(words.split()) >= 5 and len(words) <= 600 and not cut_off:
                yield field, span.start, span.end, words


def sample(path: Path, seed: str, count: int) -> list[dict[str, Any]]:
    """`count` sentences of as many records, no two alike."""
    seen: set[str] = set()
    drawn: list[dict[str, Any]] = []
    for record in sorted(rows(path), key=lambda record: order(seed, record["id"])):
        found = sorted(candidates(record), key=lambda one: order(seed, record["id"], one[0], one[1]))
        if not found or found[0][3].casefold() in seen:
            continue
        field, start, end, words = found[0]
        seen.add(words.casefold())
        drawn.append({"id": record["id"], "field": field, "start": start, "end": end, "sentence": words})
        if len(drawn) == count:
            break
    return drawn


def kappa(first: Sequence[object], second: Sequence[object]) -> float:
    """Cohen's kappa (1960) of two readings of the same things."""
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    one, two = Counter(map(str, first)), Counter(map(str, second))
    chance = sum(one[key] * two[key] for key in one) / len(first) ** 2
    return round((agreed - chance) / (1 - chance), 3) if chance < 1 else 1.0


def agreement() -> dict[str, float]:
    """Kappa of each task; for a speaker, of whether there is one; for entities, of each type."""
    gold = [{**labels.COMMON, **row} for row in rows(labels.LABELS) if row["part"] != "fresh"]
    first, second = ([{**row, **row.get(name, {})} for row in gold] for name in ("first", "second"))
    reads: dict[str, Callable[[dict[str, Any]], object]] = {
        task: lambda row, task=task: row[task] for task in ("stance", "register", "sentiment", "hedge")
    }
    reads["speaker"] = lambda row: row["speaker"] is not None
    for kind in KINDS:
        reads[kind] = lambda row, kind=kind: kind in row["entities"]
    return {name: kappa([*map(read, first)], [*map(read, second)]) for name, read in reads.items()}


def lexicons(path: Path) -> dict[str, float]:
    """Macro-F1 of VADER's compound score at three thresholds, on every part of the labels."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - no dependency of ours

    score = SentimentIntensityAnalyzer().polarity_scores
    found: dict[str, float] = {}
    every = labels.read(path)
    for task, names in (("stance", ("favourable", "critical")), ("sentiment", ("positive", "negative"))):
        for part in labels.PARTS:
            chosen = [one for one in every if one.part == part]
            for least in (0.05, 0.3, 0.6):
                values = [score(one.words)["compound"] for one in chosen]
                said = [names[0] if v >= least else names[1] if v <= -least else "neutral" for v in values]
                found[f"{task} {part} {least}"] = labels.macro_f1([one.labels[task] for one in chosen], said)
    return found


def main(arguments: list[str]) -> int:
    """Print what is asked for. Raises UsageError for other words."""
    match arguments:
        case ["sample", path, *rest]:
            for line in sample(Path(path), *((rest[0], int(rest[1])) if rest else FIRST)):
                print(json.dumps(line, ensure_ascii=False))
        case ["agreement"]:
            print(json.dumps(agreement(), indent=2))
        case ["lexicons", path]:
            print(json.dumps(lexicons(Path(path)), indent=2))
        case _:
            raise UsageError(
                "usage: python benchmarks/labels.py sample RSS2023 [SEED COUNT] | agreement | lexicons RSS2023"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
