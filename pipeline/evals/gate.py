"""`citewire eval gate FILE`: the whole gate on single sentences with their spans, against a careful editor.

What it measures is support. The rule on people, which keeps back sentences that are well supported until a person has
looked (one paper's word that somebody was arrested), is not asked here: it has its own cases, tests/quality/people.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.domain import CitedSpan
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.gate import judge

_FIELDS = ("key", "record", "origin", "publisher", "author", "platform", "title")


def run(path: Path, *, embedder: str = "auto") -> dict[str, Any]:
    """Shares of sentences refused and published as labelled; `by_kind` is the share judged right for each kind.

    Raises UsageError for a line that is not of the documented shape. `embedder` is not used.
    """
    started = time.perf_counter()
    right: dict[str, list[bool]] = {}
    kinds: dict[str, list[bool]] = {}
    for row, published in verdicts(path):
        good = published == (row["label"] == "publish")
        right.setdefault(row["label"], []).append(good)
        kinds.setdefault(str(row.get("kind", "")), []).append(good)
    return {
        "refused_of_refuse": _share(right.get("refuse", [])),
        "published_of_publish": _share(right.get("publish", [])),
        "by_kind": {kind: _share(kinds[kind]) for kind in sorted(kinds)},
        "sentences": sum(len(results) for results in right.values()),
        "seconds": round(time.perf_counter() - started, 3),
    }


def verdicts(path: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each labelled sentence and whether the gate would publish it."""
    for row in rows(path):
        if row.get("label") not in ("publish", "refuse") or not isinstance(row.get("sentence"), str):
            raise UsageError(f"{path}: a line needs 'sentence', 'evidence' and 'label' (publish or refuse)")
        yield row, judge(row["sentence"], spans(row)).publish


def spans(row: dict[str, Any]) -> tuple[CitedSpan, ...]:
    """The cited spans of a row; absent fields stay unknown."""
    return tuple(
        CitedSpan(
            quote=str(item["quote"]),
            published=_time(item.get("published")),
            **{name: item[name] for name in _FIELDS if isinstance(item.get(name), str) and item[name]},
        )
        for item in row.get("evidence") or ()
    )


def _time(value: object) -> datetime | None:
    """An ISO 8601 time, taken as UTC where it names no zone; None where there is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _share(results: list[bool]) -> float:
    return round(sum(results) / len(results), 4) if results else 0.0
