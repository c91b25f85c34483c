"""`citewire eval support FILE`: whether the gate can tell a claim that its source carries from one that it does not.

The gate's own selector picks the spans, and the gate's measure of support judges on those alone, with one threshold
for every set. Pairs have no publisher, author or date, so the rules that need them are not asked.
"""

from __future__ import annotations

import time
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.gate import THRESHOLD, pick, support

_LABELS = ("supported", "not_supported")


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Balanced accuracy, and recall of each label. Raises UsageError for a row without source, claim or label.

    `embedder` is not used: the measure is lexical.
    """
    started = time.perf_counter()
    right: dict[str, list[bool]] = {label: [] for label in _LABELS}
    for row in rows(path):
        source, claim, label = row.get("source"), row.get("claim"), row.get("label")
        if not isinstance(source, str) or not isinstance(claim, str) or label not in _LABELS:
            raise UsageError(f"{path}: a line needs 'source', 'claim' and 'label' (supported or not_supported)")
        right[label].append(supported(source, claim) == (label == "supported"))
    recalls = [sum(results) / len(results) if results else 0.0 for results in right.values()]
    return {
        "balanced_accuracy": round(sum(recalls) / len(recalls), 4),
        "supported_recall": round(recalls[0], 4),
        "unsupported_recall": round(recalls[1], 4),
        "pairs": sum(len(results) for results in right.values()),
        "seconds": round(time.perf_counter() - started, 3),
    }


def supported(source: str, claim: str) -> bool:
    """Whether `source` carries `claim`, judged on the spans that the gate picks."""
    spans = [source[span.start : span.end] for span in pick(source, claim)]
    return support(claim, spans) >= THRESHOLD
