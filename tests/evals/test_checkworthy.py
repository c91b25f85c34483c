"""The check-worthiness harness: known rankings, the exact keys, clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evals.checkworthy import average_precision, f1, run


def test_average_precision_of_known_rankings() -> None:
    assert average_precision([0.9, 0.8, 0.1], [1, 1, 0]) == 1.0
    assert average_precision([0.9, 0.8, 0.7], [0, 1, 1]) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert average_precision([0.5], [0]) == 0.0


def test_f1_at_a_threshold() -> None:
    assert f1([0.9, 0.8, 0.1], [1, 0, 1], 0.5) == pytest.approx(0.5)
    assert f1([0.1], [1], 0.5) == 0.0


def test_run_gives_the_published_keys(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [("Unemployment fell to 4.1% in March.", 1), ("What do you think?", 0), ("Globex sold 400 turbines.", 1)]
    path.write_text("".join(json.dumps({"claim": claim, "label": label}) + "\n" for claim, label in lines), "utf-8")
    found = run(path, embedder="lexical")
    assert list(found) == ["average_precision", "f1", "sentences", "seconds"]
    assert (found["average_precision"], found["f1"], found["sentences"]) == (1.0, 1.0, 3)


@pytest.mark.parametrize("row", [{"claim": 3, "label": 1}, {"claim": "x", "label": 2}, {"text": "x"}])
def test_other_rows_are_named(tmp_path: Path, row: dict[str, object]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(UsageError, match="row 1"):
        run(path)
