"""Contradictions: what the dispute rules say of labelled pairs (`number`, `date`, `polarity`, `attribution`, `none`).

Each text goes through claim extraction as a record would; every claim of one is compared with every claim of the other.
A status dispute that rests on a denial counts as `polarity`; any other kind that is not the label is a wrong answer.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pipeline.claiming import claims
from pipeline.claiming.assertions import Assertion, assertion
from pipeline.domain import Record, TextQuality, digest
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.findings import disputes

LABELS = ("number", "date", "polarity", "attribution")
NONE = "none"
_WHEN = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Precision and recall per label, the share of planted pairs flagged at all, of the others wrongly and not at all.

    `embedder` is not used: disputes are found by words. Raises UsageError for a row without `a`, `b` and `label`.
    """
    del embedder
    began = time.perf_counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for number, row in enumerate(rows(path), 1):
        if not all(isinstance(row.get(field), str) for field in ("a", "b", "label")):
            raise UsageError(f"row {number}: a pair needs the texts a and b and a label")
        pairs[row["label"], judged(row["a"], row["b"])] += 1
    return {**measures(pairs), "pairs": sum(pairs.values()), "seconds": round(time.perf_counter() - began, 3)}


def judged(a: str, b: str) -> str:
    """The kind of the first dispute between two texts, `none` where there is none."""
    for one in _assertions(a, "a"):
        for other in _assertions(b, "b"):
            found = disputes.between(one, other)
            if found is not None:
                return found.kind.value
    return NONE


def _assertions(text: str, side: str) -> list[Assertion]:
    """The claims of a text, in comparable form; one at least, where it has a sentence."""
    record = Record(
        id=digest("contradictions", side, text),
        source="eval",
        platform="rss",
        kind="article",
        native_id=side,
        url=None,
        publisher=f"outlet {side}",
        author=None,
        title="",
        text=text,
        quality=TextQuality.FULL,
        lang=None,
        published=_WHEN,
        fetched=_WHEN,
    )
    return [assertion(claim) for claim in claims.extract(record, min_worth=0.0)]


def measures(pairs: Counter[tuple[str, str]]) -> dict[str, float]:
    """Figures of (label, answer) counts; a share of nothing is 0."""
    found: dict[str, float] = {}
    for label in LABELS:
        right = pairs[label, label]
        said = sum(number for (_, answer), number in pairs.items() if answer == label)
        there = sum(number for (true, _), number in pairs.items() if true == label)
        found[f"{label}_precision"] = _share(right, said)
        found[f"{label}_recall"] = _share(right, there)
    planted = sum(number for (true, _), number in pairs.items() if true != NONE)
    flagged = sum(number for (true, answer), number in pairs.items() if NONE not in (true, answer))
    others = sum(number for (true, _), number in pairs.items() if true == NONE)
    found["found"] = _share(flagged, planted)
    found["false_alarms"] = _share(others - pairs[NONE, NONE], others)
    found["left_alone"] = _share(pairs[NONE, NONE], others)  # the same the other way round: floors only rise
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
