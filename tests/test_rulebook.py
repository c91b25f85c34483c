"""rulebook: one hash for all that judges sentences, and what verify says where it is another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from factories import make_story

from pipeline import rulebook
from pipeline.bundles.bundle import to_bundle
from pipeline.bundles.verify import problems, verify
from pipeline.gate import whole


def test_the_hash_is_the_same_in_another_process_and_covers_every_file_that_judges():
    made = subprocess.run(
        [sys.executable, "-c", "from pipeline.rulebook import rules; print(rules())"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert made.stdout.strip() == rulebook.rules()
    gate = Path(rulebook.__file__).parent / "gate"
    left_out = {path.suffix for path in gate.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert left_out <= set(rulebook._READ)


def test_another_byte_is_another_hash(monkeypatch):
    before = rulebook.rules()
    rulebook.rules.cache_clear()
    monkeypatch.setattr(rulebook, "_JUDGING", ("pipeline.gate", "pipeline.language"))
    assert rulebook.rules() != before
    rulebook.rules.cache_clear()


def test_verify_counts_bundles_of_other_rules(tmp_path):
    for name, ruled in (("a", "0" * 32), ("b", rulebook.rules()), ("c", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "story.json").write_text(json.dumps(to_bundle(make_story(rules=ruled))))
    assert verify(tmp_path).foreign == 1


def test_a_bundle_of_an_unknown_support_model_is_refused_in_words():
    def rules(support: str) -> list[str]:
        return [problem.rule for problem in problems(to_bundle(make_story(support=support)))]

    known = rules(whole.digest())
    assert "model" not in known
    assert sorted(rules("ab" * 32)) == sorted(["model", *known])
    assert rules("") == known, "a version of before there was one"
