"""The instruments: each harness measures one part of the product on labelled data, through the product's own path.

`floors.toml` pins what was reached. A floor belongs to a data file by its content hash, so other data under the same
name is measured and printed but not held against it. Floors only rise: `tests/evals/test_floors.py` says so.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipeline.errors import UsageError

Measures = Mapping[str, Any]

# name on the command line -> module with `run(path, *, embedder) -> measures`
HARNESSES = {
    "storylines": "pipeline.evals.storylines",
    "noise": "pipeline.evals.noise",
    "identity": "pipeline.evals.identity",
    "support": "pipeline.evals.support",
    "extraction": "pipeline.evals.extraction",
    "gate": "pipeline.evals.gate",
    "contradictions": "pipeline.evals.contradictions",
    "topic": "pipeline.evals.topics",
    "checkworthy": "pipeline.evals.checkworthy",
    "decompose": "pipeline.evals.decompose",
    "labels": "pipeline.evals.labels",
    "signals": "pipeline.evals.signals",
}

# Scores are exact on one machine; this much may differ between builds of numerical libraries.
TOLERANCE = 0.005


@dataclass(frozen=True, slots=True)
class Floor:
    """What one harness must reach on one data file."""

    harness: str
    data: str
    sha256: str
    embedder: str
    measures: Mapping[str, float]
    long: bool = False  # takes minutes: measured before a release, not at every change


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure below its floor."""

    measure: str
    value: float
    floor: float


def run(name: str, path: Path, *, embedder: str = "auto") -> Measures:
    """Measure `path` with the harness `name`. Raises UsageError for an unknown name or unreadable data."""
    if name not in HARNESSES:
        close = difflib.get_close_matches(name, HARNESSES, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise UsageError(f"no eval is called {name!r}{hint}; there are: {', '.join(sorted(HARNESSES))}")
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; nothing was measured")
    harness = cast(Callable[..., Measures], importlib.import_module(HARNESSES[name]).run)
    return harness(path, embedder=embedder)


def floors() -> tuple[Floor, ...]:
    """Every pinned floor."""
    table = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
    return tuple(
        Floor(
            row["eval"],
            row["data"],
            row["sha256"],
            row.get("embedder", ""),
            dict(row["measures"]),
            row.get("long", False),
        )
        for row in table.get("floor", ())
    )


def fingerprint(path: Path) -> str:
    """SHA-256 of a data file; of a folder, that of its truth.json."""
    return hashlib.sha256((path / "truth.json" if path.is_dir() else path).read_bytes()).hexdigest()


def shortfalls(name: str, path: Path, measures: Measures, *, embedder: str) -> tuple[Shortfall, ...]:
    """Measures below the floor pinned for this harness, this very data and this embedder."""
    pinned = [floor for floor in floors() if floor.harness == name]
    if not pinned:
        return ()
    print_of = fingerprint(path)
    return tuple(
        Shortfall(measure, float(measures[measure]), least)
        for floor in pinned
        if floor.sha256 == print_of and floor.embedder in ("", embedder)
        for measure, least in sorted(floor.measures.items())
        if float(measures[measure]) < least - TOLERANCE
    )
