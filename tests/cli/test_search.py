"""`citewire search` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import sample_records
from told_desk import told

from pipeline.cli import main


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("desk"))


def said(capsys: pytest.CaptureFixture[str], config: Path, *argv: str) -> tuple[int, str, str]:
    code = main(["search", *argv, "--config", str(config)])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_what_is_found_is_shown_with_its_words_and_places(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, err = said(capsys, config, "Harlow turbines")
    assert code == 0
    assert err == ""
    for kind in ("stories", "storylines", "claims", "records"):
        assert f"{kind} (" in out
    assert "score 0.03" in out


def test_json_holds_everything(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, _ = said(capsys, config, "Harlow turbines", "--kind", "records", "--limit", "1", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["query"] == "Harlow turbines"
    assert list(found["hits"]) == ["records"]
    hit = found["hits"]["records"][0]
    text = {record.id: record.text for record in sample_records()}[hit["id"]]
    assert text[hit["snippet"]["start"] : hit["snippet"]["end"]] == hit["snippet"]["quote"]


def test_finding_nothing_is_an_answer(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    assert said(capsys, config, "zebra crossings") == (0, "nothing is stored on 'zebra crossings'\n", "")


@pytest.mark.parametrize("argv", [["x"], ["gas", "--limit", "0"], ["gas", "--limit", "٣"], ["gas", "--kind", "b"]])
def test_what_cannot_be_asked_is_refused(capsys: pytest.CaptureFixture[str], config: Path, argv: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        said(capsys, config, *argv)
    assert stopped.value.code == 2


def test_a_desk_without_a_night_says_how_to_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "citewire.toml").write_text("")
    code, _, err = said(capsys, tmp_path / "citewire.toml", "turbines")
    assert code == 2
    assert "citewire run" in err
