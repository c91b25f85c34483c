"""`citewire export` from the command line: files, stdout, summaries, and what cannot be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from told_desk import told

from pipeline.cli import main
from pipeline.exporting import TABLES
from pipeline.stores import open_store


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("desk"))


def run(config: Path, *argv: str) -> int:
    return main(["export", *argv, "--config", str(config)])


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_is_written_and_summed_up(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "rows.jsonl"
    assert run(config, kind, "--to", str(target), "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    lines = target.read_text(encoding="utf-8").splitlines()
    written = {"kind": kind, "format": "jsonl", "rows": len(lines), "written": str(target)}
    assert summary == written | {"bytes": target.stat().st_size}
    assert lines
    assert oct(target.stat().st_mode & 0o777) == oct(0o666 & ~_mask(tmp_path))


def _mask(folder: Path) -> int:
    (folder / "probe").touch()
    return 0o666 & ~(folder / "probe").stat().st_mode


def test_rows_go_to_stdout_and_nothing_else_does(capfdbinary: pytest.CaptureFixture[bytes], config: Path) -> None:
    assert run(config, "claims", "--to", "-") == 0
    out, err = capfdbinary.readouterr()
    rows = list(csv.DictReader(out.decode().splitlines(keepends=True)))
    assert rows
    assert all(row["quote"] for row in rows)
    assert err == b""


def test_twice_the_same_store_gives_the_same_bytes(config: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        assert run(config, "claims", "--to", str(tmp_path / name), "--quiet") == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_time_and_beat_are_asked_of_the_store(config: Path, tmp_path: Path) -> None:
    def count(*argv: str) -> int:
        assert run(config, "records", "--to", str(tmp_path / "a.jsonl"), *argv) == 0
        return len((tmp_path / "a.jsonl").read_text().splitlines())

    assert count("--since", "2999-01-01") == count("--until", "1999-01-01") == 0
    assert count() >= count("--beat", "energy") == 2  # as the sample's analysis has it


def test_an_empty_store_gives_a_heading_alone(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "citewire.toml").write_text("")
    open_store(tmp_path / "output" / "citewire.db").close()
    target = tmp_path / "claims.csv"
    assert run(tmp_path / "citewire.toml", "claims", "--to", str(target)) == 0
    assert len(target.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--to", "claims"], "--format"),
        (["--to", "-", "--json"], "stdout"),
        (["--to", "a.csv", "--beat", "Enrgy"], "did you mean 'Energy'"),
        (["--to", "no/such/folder/a.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path, argv: list[str], words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(config, "claims", *argv) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9" * 400, "٢٠٢٦-٠٣-١١"])
def test_times_that_are_none_are_refused(capsys: pytest.CaptureFixture[str], config: Path, when: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(config, "claims", "--to", "-", "--since", when)
    assert stopped.value.code == 2
    assert "--since" in capsys.readouterr().err


def test_a_desk_without_a_night_says_how_to_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "citewire.toml").write_text("")
    assert run(tmp_path / "citewire.toml", "claims", "--to", str(tmp_path / "a.csv")) == 2
    assert "citewire run" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["citewire.toml"]
