"""Floors are pinned to the very data, and a harness that is asked for what is not there says so."""

import json

import pytest

from benchmarks.floors import main
from pipeline import evals
from pipeline.errors import UsageError
from pipeline.evals.rows import rows


def test_an_unknown_eval_is_named_with_its_neighbour(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'storylines'"):
        evals.run("storyline", tmp_path)


def test_missing_data_is_a_clear_error(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        evals.run("gate", tmp_path / "none.jsonl")


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": 1}\n[2]\n')
    with pytest.raises(UsageError, match=r"x\.jsonl:2"):
        list(rows(path))


def test_a_floor_holds_for_its_data_only(tmp_path, monkeypatch):
    path = tmp_path / "gate.jsonl"
    path.write_text(json.dumps({"sentence": "x"}) + "\n")
    floor = evals.Floor("gate", "gate", evals.fingerprint(path), "", {"refused_of_refuse": 0.9})
    monkeypatch.setattr(evals, "floors", lambda: (floor,))
    low, high = {"refused_of_refuse": 0.8}, {"refused_of_refuse": 0.95}
    assert [s.measure for s in evals.shortfalls("gate", path, low, embedder="auto")] == ["refused_of_refuse"]
    assert evals.shortfalls("gate", path, high, embedder="auto") == ()
    path.write_text(json.dumps({"sentence": "y"}) + "\n")
    assert evals.shortfalls("gate", path, low, embedder="auto") == ()


def test_every_pinned_floor_names_a_harness_and_a_measure():
    for floor in evals.floors():
        assert floor.harness in evals.HARNESSES
        assert floor.measures
        assert len(floor.sha256) == 64


def test_a_quick_look_leaves_out_what_takes_minutes(tmp_path, monkeypatch, capsys):
    floors = tuple(
        evals.Floor("gate", name, "", "", {"x": 1.0}, long) for name, long in (("swift", False), ("slow", True))
    )
    monkeypatch.setattr(evals, "floors", lambda: floors)
    for more, told in (
        ([], {"swift", "slow"}),
        (["--quick"], {"swift"}),
        (["gate", "--quick"], {"swift"}),
        (["labels"], set()),
    ):
        assert main([str(tmp_path), *more]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert {line.split()[2].rstrip(":") for line in lines} == told
        assert all(line.endswith("not here") for line in lines)
