"""Coverage of atomic facts: what is counted, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evals.decompose import contained, run


def measured(folder: Path, **row: object) -> dict[str, float]:
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return run(path)


def test_containment_is_of_the_part() -> None:
    assert contained(frozenset("ab"), frozenset("abcd")) == 1.0
    assert contained(frozenset("abcd"), frozenset("ab")) == 0.5
    assert contained(frozenset(), frozenset("a")) == 0.0


def test_facts_in_one_span_are_covered_and_say_how_coarse_it_is(tmp_path: Path) -> None:
    text = "Globex was founded in 1998 and bought Initech in 2004. What a day!"
    found = measured(tmp_path, text=text, claims=["Globex was founded in 1998", "Globex bought Initech in 2004"])
    assert (found["recall"], found["precision"], found["facts_per_claim"]) == (1.0, 1.0, 2.0)


def test_facts_that_are_not_there_are_missed(tmp_path: Path) -> None:
    found = measured(tmp_path, text="Globex bought Initech in 2004.", claims=["Umbrella sold 40 ships to Hooli"])
    assert (found["recall"], found["precision"], found["f1"]) == (0.0, 0.0, 0.0)


def test_other_rows_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="row 1"):
        measured(tmp_path, text="x", claims="y")
