"""Each exit code of the documented table, by a real process, with what a person then reads and what a script parses."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import papers
import pytest

from pipeline.cli import main
from pipeline.operating import backup
from pipeline.settings import load

NIGHT, NEXT = "2026-05-04T02:00:00Z", "2026-05-05T02:00:00Z"
ROOT = Path(__file__).parent.parent.parent
GONE = '\n[[source]]\nname = "Gone"\nkind = "files"\naddress = "gone"\n'
SPENT = """
[models]
write = ["openai:any"]
tokens = 1
[[model]]
name = "openai:any"
base_url = "http://127.0.0.1:9/v1"
"""


def call(config: Path, *argv: str, now: str = NIGHT) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command in a process of its own, as cron would start it."""
    command = [sys.executable, "-m", "pipeline", *argv, "--config", str(config), "--now", now]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C"}
    done = subprocess.run(command, env=env, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    return done.returncode, out, err


def inside(config: Path, *argv: str, now: str = NIGHT) -> int:
    """The exit code of a command in this process: what comes before the one that is judged."""
    return main([*argv, "--config", str(config), "--now", now, "--quiet"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after one night; tests read it."""
    config = papers.desk(tmp_path_factory.mktemp("desk"))
    assert inside(config, "run") == 0
    return config


@pytest.fixture
def copied(desk, tmp_path):
    """The same for a test that changes it."""
    shutil.copytree(desk.parent, tmp_path, dirs_exist_ok=True, symlinks=True)
    return tmp_path / desk.name


def test_0_an_edition_or_nothing_new_and_it_says_which(desk):
    code, out, _ = call(desk, "run")
    assert (code, out.split(":")[0]) == (0, "nothing new")


def test_1_a_check_failed(desk, tmp_path):
    for argv in (["doctor", "--full"], ["verify", str(desk.parent / "output" / "site")]):
        assert inside(desk, *argv) == 0
    bundle = next(iter(sorted((desk.parent / "output" / "site" / "stories").glob("*/story.json"))))
    (tmp_path / "story.json").write_text(bundle.read_text().replace("turbines", "submarines"))
    code, out, _ = call(desk, "verify", str(tmp_path))
    assert code == 1
    assert "problems" in out
    config = papers.desk(tmp_path / "other", config=papers.CONFIG.replace('kind = "files"', 'kind = "telex"'))
    assert inside(config, "doctor") == 1


def test_2_usage(desk):
    code, out, err = call(desk, "rollback", "1999-01-01")
    assert (code, out) == (2, "")
    assert "no edition '1999-01-01' is kept" in err
    for argv in (["run", "--now", "tomorrow"], ["frobnicate"]):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 2


def test_3_some_sources_failed_and_that_was_asked_for(tmp_path):
    config = papers.desk(tmp_path, config=papers.CONFIG + GONE)
    code, _, err = call(config, "run", "--strict")
    assert code == 3
    assert "Gone" in err
    assert (tmp_path / "output" / "site" / "index.html").exists()  # the others are published


def test_5_every_source_failed_and_the_old_site_stays(copied, tmp_path):
    site = papers.site(tmp_path)
    (tmp_path / "papers.jsonl").unlink()
    code, out, _ = call(copied, "run", now=NEXT)
    assert code == 5
    assert out.startswith("held")
    assert papers.site(tmp_path) == site


def test_5_a_site_that_was_not_made_here_is_left_alone(tmp_path):
    config = papers.desk(tmp_path)
    (tmp_path / "output" / "site").mkdir(parents=True)
    (tmp_path / "output" / "site" / "mine.html").write_text("mine")
    code, _, err = call(config, "run")
    assert code == 5
    assert "was not made by Citewire and is left alone" in err
    assert (tmp_path / "output" / "site" / "mine.html").read_text() == "mine"


def test_6_configuration_with_file_line_key_and_what_to_write(tmp_path):
    config = papers.desk(tmp_path, config=papers.CONFIG + "\n[publish]\nkep = 3\n")
    code, out, err = call(config, "run", "--json")
    assert code == 6
    assert re.search(
        r"citewire\.toml:\d+: publish\.kep: unknown key 'kep'; did you mean 'keep'\?\n  write: keep = ", err
    )
    assert json.loads(out)["exit_code"] == 6
    assert not (tmp_path / "output").exists()


def test_7_another_run_is_under_way(tmp_path):
    config = papers.desk(tmp_path)
    (tmp_path / "output").mkdir()
    with (tmp_path / "output" / "citewire.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, _, err = call(config, "run")
        assert code == 7
        assert "changed nothing" in err


def test_8_the_store_is_damaged_and_the_command_that_restores_it_works(copied, tmp_path):
    config = copied
    path = tmp_path / "output" / "citewire.db"
    body = path.read_bytes()
    path.write_bytes(body[:4096] + bytes(4096 * 20) + body[4096 * 21 :])
    code, out, err = call(config, "run", "--json", now=NEXT)
    assert code == 8
    assert json.loads(out)["exit_code"] == 8
    told = re.search(r"citewire restore --force (\S+)", err)
    assert told is not None
    assert Path(told.group(1)) == backup.found(backup.folder(load(config)))[0].path
    assert inside(config, "restore", "--force", told.group(1)) == 0
    assert inside(config, "run", now=NEXT) == 0


def test_9_the_budget_is_used_up_and_what_is_finished_is_published(tmp_path):
    pytest.importorskip("pydantic_ai")
    config = papers.desk(tmp_path, config=papers.CONFIG + SPENT)
    code, out, err = call(config, "run")
    assert code == 9, err
    assert out.startswith("partial")
    assert (tmp_path / "output" / "site" / "index.html").exists()
    assert json.loads((tmp_path / "output" / "status.json").read_text())["exit_code"] == 9
