"""`citewire eval support FILE`: whether the gate can tell a claim that its source carries from one that it does not.

The gate's own selector picks the spans, and the shipped support model judges on those alone, with one threshold for
every set; with an embedder that gives dense rows, the model that reads them too. Pairs have no publisher, author or
date, so the rules that need them are not asked. The models were fitted on the development sets: what they reach there
flatters them, and `benchmarks/fit_support.py` says how they fare on what they never saw.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline import embedders
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.gate import THRESHOLD, pick, split, whole
from pipeline.gate.whole import dense
from pipeline.gate.whole.dense import Tokens, Vectors

_LABELS = ("supported", "not_supported")
_PUBLISHED = 0.4  # share of the supported pairs at which false publishing is told


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Balanced accuracy, recall of each label, and `false_publish`: the share of unsupported pairs that pass where 40 %
    of the supported ones do. Raises UsageError for a row without source, claim or label."""
    started = time.perf_counter()
    vectors = vectors_of(embedder)
    found: dict[str, list[float]] = {label: [] for label in _LABELS}
    for source, claim, label in _pairs(path):
        found[label].append(supported(source, claim, vectors))
    recalls = [
        _share(found["supported"], lambda chance: chance >= THRESHOLD),
        _share(found["not_supported"], lambda chance: chance < THRESHOLD),
    ]
    cut = _cut(found["supported"])
    return {
        "balanced_accuracy": round(sum(recalls) / len(recalls), 4),
        "supported_recall": round(recalls[0], 4),
        "unsupported_recall": round(recalls[1], 4),
        "false_publish": round(_share(found["not_supported"], lambda chance: chance >= cut), 4),
        "pairs": sum(len(chances) for chances in found.values()),
        "seconds": round(time.perf_counter() - started, 3),
    }


def supported(source: str, claim: str, vectors: Vectors | None = None) -> float:
    """How likely `source` carries every sentence of `claim`, each judged on the spans that the gate picks for it."""
    found = tuple(parts(source, claim))
    return whole.together(found) if vectors is None else dense.together(found, vectors)


def _pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    """Source, claim and label of each row. Raises UsageError."""
    for row in rows(path):
        source, claim, label = row.get("source"), row.get("claim"), row.get("label")
        if not isinstance(source, str) or not isinstance(claim, str) or label not in _LABELS:
            raise UsageError(f"{path}: a line needs 'source', 'claim' and 'label' (supported or not_supported)")
        yield source, claim, str(label)


def parts(source: str, claim: str) -> Iterator[tuple[str, list[str]]]:
    """Each sentence of a claim with the spans that the gate picks for it."""
    for part in split(claim):
        yield part, [source[span.start : span.end] for span in pick(source, part)]


def vectors_of(name: str) -> Vectors | None:
    """The tokens' rows of the embedder called `name`, each text read once; None where it has none."""
    read = getattr(embedders.build(name), "tokens", None)
    if read is None:
        return None
    known: dict[str, Tokens] = {}

    def vectors(texts: Sequence[str]) -> dict[str, Tokens]:
        new = [text for text in texts if text not in known]
        known.update(zip(new, read(new), strict=True) if new else ())
        return {text: known[text] for text in texts}

    return vectors


def _share(chances: Sequence[float], passes: Callable[[float], bool]) -> float:
    return sum(map(passes, chances)) / len(chances) if chances else 0.0


def _cut(chances: Sequence[float]) -> float:
    """The chance that 40 % of these, the highest, reach."""
    return sorted(chances, reverse=True)[max(0, math.ceil(_PUBLISHED * len(chances)) - 1)] if chances else 1.0
