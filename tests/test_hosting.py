"""Recipes for running a desk: every command exists, every file parses as what it is, and what can be run is run."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli import _parser
from pipeline.errors import ValidationFailed
from pipeline.renderers.pages import SEARCH_POLICY

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
HOSTING = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """Every call of citewire in `text`, as arguments."""
    found = re.findall(r"(?:/srv/venv/bin/|^\s*|`|run: |my-desk:/desk )citewire ((?!in\b)[a-z][^`\n|&]*)", text, re.M)
    return [shlex.split(one, comments=True) for one in found]


FILES = sorted(path.name for path in DEPLOY.iterdir())


def test_every_command_exists_with_its_options() -> None:
    called = [one for text in (HOSTING, README, *map(read, FILES)) for one in commands(text)]
    assert {"run", "init", "report", "rollback", "verify"} <= {one[0] for one in called}
    told = [[word for word in one if not word.startswith(("(", "→"))] for one in commands(HOSTING)]
    told += [one for name in FILES for one in commands(read(name))]
    for one in told:
        assert _parser().parse_args(one).command == one[0]


def test_every_file_is_told_of_and_every_file_told_of_is_there() -> None:
    linked = set(re.findall(r"\]\(\.\./deploy/([\w.-]+)\)", HOSTING))
    assert linked == set(FILES)


def test_exit_codes_are_what_the_program_gives() -> None:
    helped = _parser().format_help()
    assert "9 budget used up" in " ".join(helped.split())
    assert "7 already running" in " ".join(helped.split())
    assert ValidationFailed.exit_code == 5
    assert "SuccessExitStatus=9" in read("citewire.service")


def test_units_are_units() -> None:
    for name, sections in (("citewire.service", {"Unit", "Service"}), ("citewire.timer", {"Unit", "Timer", "Install"})):
        unit = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(read(name))
        assert set(unit.sections()) == sections
    if shutil.which("systemd-analyze"):
        found = subprocess.run(
            ["systemd-analyze", "verify", str(DEPLOY / "citewire.timer")], capture_output=True, text=True, check=False
        )
        told = [line for line in found.stderr.splitlines() if "citewire" in line and "not executable" not in line]
        assert told == []


def test_the_workflow_is_one() -> None:
    yaml = pytest.importorskip("yaml")
    flow = yaml.safe_load(read("github-pages.yml"))
    assert set(flow[True]) == {"schedule", "workflow_dispatch"}  # YAML 1.1 reads "on" as true
    assert flow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    (job,) = flow["jobs"].values()
    for step in job["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert "uses" not in step or re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", step["uses"])
    places = [step["with"]["path"] for step in job["steps"] if "path" in step.get("with", {})]
    assert places == ["output", "output", "output/site"]


def test_the_container_is_built_of_known_steps() -> None:
    lines = re.sub(r"\\\n", " ", read("Dockerfile")).splitlines()
    steps = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in steps} == known
    assert [word for word, _ in steps].index("USER") < [word for word, _ in steps].index("ENTRYPOINT")
    for word, told in steps:
        assert word != "RUN" or subprocess.run(["bash", "-n", "-c", told], check=False).returncode == 0
        assert word != "FROM" or ":" in told, "no image without its version"
    for path in re.findall(r"supply/[\w.]+", read("Dockerfile")):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_servers_send_the_policy_of_the_search_page_and_forbid_framing(name: str) -> None:
    text = read(name)
    (policy,) = re.findall(r'Content-Security-Policy "([^"]+)"', text)
    assert policy == f"{SEARCH_POLICY}; frame-ancestors 'none'"
    bare = re.sub(r'"[^"]*"|#.*', "", text)
    bare = re.sub(r"~\S*|\^\S*", "", bare)
    assert bare.count("{") == bare.count("}")
    assert "output/site" in text


@pytest.mark.parametrize("name", ["push.sh", "objects.sh"])
def test_scripts_are_shell(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False).returncode == 0
    assert os.access(DEPLOY / name, os.X_OK)
    assert read(name).startswith("#!/bin/sh\n")
    assert "set -eu" in read(name)


def edition(folder: Path, night: str, **files: str) -> Path:
    """A release as a desk keeps it, served by a link."""
    place = folder / "releases" / f"{night}-0000000a"
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    link = folder / "site"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / place.name)
    return link


@pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not installed")
def test_an_edition_is_pushed_whole_and_swapped_in(tmp_path: Path) -> None:
    there = tmp_path / "there"
    for night, text in (("2026-11-19", "one"), ("2026-11-20", "two"), ("2026-11-20", "two")):
        site = edition(tmp_path, night, **{"index.html": text, "same.txt": "same", f"{text}.txt": text})
        subprocess.run([str(DEPLOY / "push.sh"), str(site), str(there)], check=True, capture_output=True)
        served = there / "site"
        assert served.is_symlink()
        assert {path.name: path.read_text() for path in served.iterdir()} == {
            "index.html": text, "same.txt": "same", f"{text}.txt": text,
        }  # fmt: skip
    assert len(list((there / "editions").iterdir())) == 2
    one, two = sorted((there / "editions").iterdir())
    assert (one / "same.txt").exists()
    assert (two / "index.html").read_text() == "two"


@pytest.mark.skipif(not shutil.which("rclone"), reason="rclone is not installed")
def test_an_edition_reaches_a_bucket_and_what_is_gone_leaves_it(tmp_path: Path) -> None:
    bucket = tmp_path / "bucket"
    for text in ("one", "two"):
        site = edition(
            tmp_path, f"2026-11-{len(text)}{ord(text[0]) % 10}", **{"index.html": text, f"{text}.html": text}
        )
        subprocess.run([str(DEPLOY / "objects.sh"), str(site), str(bucket)], check=True, capture_output=True)
        assert {path.name: path.read_text() for path in bucket.iterdir()} == {"index.html": text, f"{text}.html": text}
