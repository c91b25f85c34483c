"""How well check-worthiness ranks sentences: average precision, and F1 at the shipped threshold.

With a dense embedder sentences are rated as `[analyze] extractor = "examples"` rates them, else by their words alone.

Rows are `{claim, label}`, label 1 for sentences that people judged worth checking. Average precision is the area under
the precision-recall curve in steps (Manning, Raghavan & Schuetze 2008, ch. 8); ties are broken by the row's order.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.claiming.likeness import Likeness
from pipeline.embedders import build
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.language.worth import worth
from pipeline.settings import AnalyzeSettings


def average_precision(scores: Sequence[float], labels: Sequence[int]) -> float:
    """Mean of the precisions at each positive, in order of falling score; 0.0 where there is no positive."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    hits, total = 0, 0.0
    for rank, i in enumerate(order, 1):
        if labels[i]:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def f1(scores: Sequence[float], labels: Sequence[int], threshold: float) -> float:
    """F1 of "at least `threshold`" against the labels."""
    chosen = [score >= threshold for score in scores]
    right = sum(1 for pick, label in zip(chosen, labels, strict=True) if pick and label)
    wanted = sum(1 for label in labels if label)
    return 2 * right / (sum(chosen) + wanted) if right else 0.0


def run(path: Path, *, embedder: str = "auto") -> dict[str, float]:
    """Scores for a file of labelled sentences, as `embedder` lets them be rated. Raises UsageError for other rows."""
    began = time.perf_counter()
    claims, labels = [], []
    for number, row in enumerate(rows(path), 1):
        claim, label = row.get("claim"), row.get("label")
        if not isinstance(claim, str) or label not in (0, 1):
            raise UsageError(f'{path}, row {number}: "claim" must be a text and "label" 0 or 1')
        claims.append(claim)
        labels.append(int(label))
    scores = [worth(claim) for claim in claims]
    likeness = Likeness.of(build(embedder))
    if likeness is not None:
        scores = likeness.rate(claims, scores)
    return {
        "average_precision": round(average_precision(scores, labels), 4),
        "f1": round(f1(scores, labels, AnalyzeSettings().min_worth), 4),
        "sentences": len(scores),
        "seconds": round(time.perf_counter() - began, 3),
    }
