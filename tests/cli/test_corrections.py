"""`citewire retract`, `correct`, `recheck` as a person meets them: what is printed, exit codes, the site afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import papers
import pytest

from pipeline.cli import main

NIGHT, LATER = "2026-05-04T02:00:00Z", "2026-05-04T09:00:00Z"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk after its first night, to be copied."""
    folder = tmp_path_factory.mktemp("desk")
    assert main(["run", "--config", str(papers.desk(folder)), "--now", NIGHT, "--quiet"]) == 0
    return folder


@pytest.fixture
def config(night: Path, tmp_path: Path) -> str:
    shutil.copytree(night, tmp_path, symlinks=True, dirs_exist_ok=True)
    return str(tmp_path / "citewire.toml")


def call(capsys: pytest.CaptureFixture[str], config: str, *argv: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([*argv, "--config", config, "--now", LATER])
    said = capsys.readouterr()
    return code, said.out, said.err


def slug(tmp_path: Path) -> str:
    found = sorted(p for p in papers.site(tmp_path) if p.startswith("stories/") and p.endswith("/story.json"))
    return next(p.split("/")[1] for p in found if "briefing" not in p)


def test_sentences_are_listed_then_one_is_taken_out(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = slug(tmp_path)
    code, out, _ = call(capsys, config, "correct", address, "--json")
    listed = json.loads(out)
    assert code == 0
    assert [row["sentence"] for row in listed["sentences"]] == list(range(1, len(listed["sentences"]) + 1))
    code, out, _ = call(capsys, config, "correct", address)
    assert out.splitlines()[0] == f"{address}, version 1"
    chosen = next(row for row in listed["sentences"] if "eight years" in row["text"])
    code, out, _ = call(
        capsys, config, "correct", address, "--sentence", str(chosen["sentence"]), "--drop", "--why", "It is hearsay."
    )
    assert (code, "dropped sentence: It is hearsay. (1 versions concerned, 0 withdrawn)" in out) == (0, True)
    pages = papers.site(tmp_path)
    assert "It is hearsay." in pages[f"stories/{address}/index.html"].decode()
    assert chosen["text"] not in pages[f"stories/{address}/story.md"].decode()
    assert main(["verify", str(tmp_path / "output" / "site"), "--quiet"]) == 0


def test_words_that_the_sources_do_not_say_are_refused(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = papers.site(tmp_path)
    code, _, err = call(
        capsys,
        config,
        "correct",
        slug(tmp_path),
        "--sentence",
        "1",
        "--with",
        "The port ordered 99 ships.",
        "--why",
        "x",
    )
    assert code == 1
    assert "do not bear the new sentence out" in err
    assert papers.site(tmp_path) == before
    code, _, err = call(capsys, config, "correct", slug(tmp_path), "--sentence", "1", "--why", "x")
    assert (code, "--drop" in err) == (2, True)


def test_a_story_is_taken_back_by_one_command_and_stays_so(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = slug(tmp_path)
    code, out, _ = call(capsys, config, "retract", address, "--why", "It was a hoax.", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["corrections"][0]["what"] == "story"
    assert "Withdrawn" in papers.site(tmp_path)[f"stories/{address}/index.html"].decode()
    code, _, err = call(capsys, config, "retract", address, "--why", "Again.")
    assert (code, "withdrawn already" in err) == (2, True)
    assert main(["run", "--config", config, "--now", "2026-05-05T02:00:00Z", "--quiet"]) == 0
    assert "Withdrawn" in papers.site(tmp_path)[f"stories/{address}/index.html"].decode()
    code, _, err = call(capsys, config, "retract", "nobody", "--why", "x")
    assert (code, "nothing published is called 'nobody'" in err) == (2, True)


def test_a_recheck_of_pages_that_cannot_be_reached_says_so_and_changes_nothing(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = papers.site(tmp_path)
    code, out, _ = call(capsys, config, "recheck", "--json")
    told = json.loads(out)
    assert (code, told["corrections"], told["published"]) == (0, [], [])
    assert set(told["report"]["dropped"]) <= {"unsure", "host in trouble"}
    assert papers.site(tmp_path) == before
    assert call(capsys, config, "recheck", "nobody")[0] == 2


def test_a_story_that_is_corrected_at_the_very_time_of_the_night_that_would_close_it(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The night leaves a version of its own instant alone, and closes the story on the next."""
    same, next_night = "2026-09-01T02:00:00Z", "2026-09-02T02:00:00Z"
    address = slug(tmp_path)
    corrected = ["correct", address, "--sentence", "3", "--drop", "--why", "It is hearsay."]
    assert main([*corrected, "--config", config, "--now", same, "--quiet"]) == 0
    assert main(["run", "--config", config, "--now", same, "--quiet"]) == 0, capsys.readouterr().err
    page = papers.site(tmp_path)[f"stories/{address}/index.html"].decode()
    assert "Nothing has joined this storyline since" not in page
    assert main(["run", "--config", config, "--now", next_night, "--quiet"]) == 0
    assert "Nothing has joined this storyline since" in papers.site(tmp_path)[f"stories/{address}/index.html"].decode()
