"""The harness for labels made by reading: known scores, both kinds of file, errors, no text shipped."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evals import labels
from pipeline.evals.rows import rows
from pipeline.language import kinds, registers

SAID = "Critics slammed the plan, said Maria Lopez, the mayor of Springfield."


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_macro_f1_is_the_mean_over_the_classes_that_are_labelled() -> None:
    assert labels.macro_f1(["a", "a", "b"], ["a", "a", "b"]) == 1.0
    assert labels.macro_f1(["a", "a", "b"], ["a", "a", "c"]) == 0.5
    assert labels.macro_f1([], []) == 0.0


def test_labelled_sentences_are_scored_on_what_is_labelled(tmp_path: Path) -> None:
    found = labels.run(
        write(tmp_path / "x.jsonl", [{"sentence": SAID, "stance": "critical", "speaker": "Maria Lopez"}])
    )
    assert list(found) == ["stance", "speaker", "sentences", "seconds"]
    assert (found["stance"], found["speaker"]) == (1.0, 1.0)


def test_a_wrong_speaker_is_worse_than_none(tmp_path: Path) -> None:
    assert labels.run(write(tmp_path / "x.jsonl", [{"sentence": SAID, "speaker": "critics"}]))["speaker"] == 0.0


def test_shipped_labels_are_joined_to_their_records_by_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "It rained. Doctors praised the new ward."
    words = body[11:]
    label = {
        "id": "r1",
        "field": "text",
        "start": 11,
        "end": len(body),
        "sha256": hashlib.sha256(words.encode()).hexdigest()[:12],
        "part": "fresh",
        "stance": "favourable",
    }
    monkeypatch.setattr(labels, "LABELS", write(tmp_path / "labels.jsonl", [label]))
    record = {"id": "r1", "title": "A title", "text": body}
    assert labels.run(write(tmp_path / "data.jsonl", [record]))["stance_fresh"] == 1.0
    with pytest.raises(UsageError, match="record r1"):
        labels.run(write(tmp_path / "other.jsonl", [{**record, "text": body.upper()}]))


def test_a_row_without_a_sentence_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="row 2"):
        labels.run(write(tmp_path / "x.jsonl", [{"sentence": SAID, "stance": "critical"}, {"sentence": 3}]))


def test_shipped_labels_hold_no_text_and_only_known_classes() -> None:
    allowed = {
        "part": {"tune", "held", "fresh"},
        "stance": {"favourable", "critical", "neutral"},
        "register": set(registers.REGISTERS),
        "sentiment": {"positive", "negative", "neutral"},
        "hedge": {"states", "plans", "expects", "could", "reported", "denies"},
    }
    places = {"id", "field", "start", "end", "sha256", "speaker", "entities", "first", "second"}
    shipped = list(rows(labels.LABELS))
    assert len(shipped) == 780
    for row in shipped:
        assert set(row) <= places | set(allowed)
        assert all(row[key] in values for key, values in allowed.items() if key in row)
        assert set(row.get("entities", ())) <= set(kinds.KINDS)
        assert all(isinstance(at, int) for at in row.get("speaker", ()))
