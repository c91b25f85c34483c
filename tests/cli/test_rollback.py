"""`citewire rollback` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.publishing import release


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A desk with three editions and no store."""
    file = tmp_path / "citewire.toml"
    file.write_text('[[source]]\nname = "a"\nkind = "files"\naddress = "in"\n', encoding="utf-8")
    for night in ("2026-11-18", "2026-11-19", "2026-11-20"):
        before = release.served(tmp_path / "output")
        with release.draft(tmp_path / "output", night, before) as draft:
            draft.write("index.html", night.encode(), release.Kept("0" * 64, 0, 0))
            draft.serve({"edition": night, "now": f"{night}T05:00:00+00:00", "inputs": night})
    return str(file)


def front(tmp_path: Path) -> str:
    return (tmp_path / "output" / "site" / "index.html").read_text()


def test_back_one_then_to_a_night(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "--config", config]) == 0
    assert "edition 2026-11-19 (release 2026-11-19-" in capsys.readouterr().out
    assert front(tmp_path) == "2026-11-19"
    assert main(["rollback", "2026-11-18", "--config", config, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["shown"]["edition"] == "2026-11-18"
    assert front(tmp_path) == "2026-11-18"


def test_the_list(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "--list", "--config", config]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:10] for line in lines] == ["2026-11-20", "2026-11-19", "2026-11-18"]
    assert lines[0].endswith("shown")
    assert front(tmp_path) == "2026-11-20"
    assert main(["rollback", "--list", "--json", "--config", config]) == 0
    assert [one["served"] for one in json.loads(capsys.readouterr().out)["editions"]] == [True, False, False]


def test_what_is_not_there(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "2020-01-01", "--config", config]) == 2
    assert "no edition '2020-01-01' is kept" in capsys.readouterr().err
