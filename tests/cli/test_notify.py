"""`citewire notify` from the command line: once to everybody, no secret in sight, and no night spoilt by it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from told_desk import told
from werkzeug import Request, Response

from pipeline.cli import main

pytest.importorskip("apprise", reason="the extra `notify` is not installed")

CANARY = "canary-7d1f93ab"
NAMED = '[[notify]]\nname = "team"\naddress_env = "DESK_TEAM"\n'
AT = "2026-05-04T07:00:00Z"
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a published night."""
    file = told(tmp_path_factory.mktemp("desk"), NAMED)
    assert main(["publish", "--config", str(file), "--now", AT, "--quiet"]) == 0
    return file


@pytest.fixture
def config(published: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    shutil.copytree(published.parent, tmp_path / "desk", symlinks=True)
    return tmp_path / "desk" / published.name


@pytest.fixture
def said(config: Path, capfd: pytest.CaptureFixture[str]) -> Said:
    def call(*argv: str, command: str = "notify") -> tuple[int, str, str]:
        code = main([command, *argv, "--config", str(config), "--now", AT])
        streams = capfd.readouterr()
        assert CANARY not in streams.out + streams.err
        return code, streams.out, streams.err

    return call


@pytest.fixture
def hook(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("DESK_TEAM", f"json://user:{CANARY}@127.0.0.1:{httpserver.port}/{CANARY}")
    httpserver.expect_request(f"/{CANARY}").respond_with_data("")
    return httpserver


def test_everybody_is_told_once(said: Said, hook: HTTPServer, config: Path) -> None:
    assert said()[:2] == (0, "team: told\n")
    assert said()[:2] == (0, "team: told (has it already)\n")
    assert said("--again")[0] == 0
    assert len(hook.log) == 1
    body = json.loads(hook.log[0][0].data)
    assert body["title"].startswith("Harbour Desk: ")
    assert "1 new story" in body["message"]
    for path in config.parent.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_the_same_edition_built_again_is_no_news(said: Said, hook: HTTPServer) -> None:
    assert said()[0] == 0
    assert said(command="publish")[0] == 0
    assert said()[0] == 0
    assert len(hook.log) == 1


def test_a_dry_run_shows_the_message_and_sends_nothing(said: Said, hook: HTTPServer) -> None:
    code, out, _ = said("--dry-run")
    assert code == 0
    assert out.startswith("Harbour Desk: ")
    assert out.endswith("team: new\n")
    assert hook.log == []
    assert said("--dry-run", "--json")[0] == 0
    assert said()[1] == "team: told\n"


def test_json_says_what_was_sent_and_what_came_of_it(said: Said, hook: HTTPServer) -> None:
    document: dict[str, Any] = json.loads(said("--json")[1])
    assert document["deliveries"] == [{"target": "team", "state": "sent", "tried": True, "why": ""}]
    assert set(document["message"]) == {"key", "night", "title", "body"}


def test_a_refusal_is_told_without_the_address(
    said: Said, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TEAM", f"json://127.0.0.1:{httpserver.port}/{CANARY}")
    httpserver.expect_request(f"/{CANARY}").respond_with_data(CANARY, status=500)
    code, out, _ = said()
    assert code == 1
    assert out.startswith("team: not told (")
    assert said()[0] == 1
    assert len(httpserver.log) == 2  # it had surely not arrived


def test_the_address_may_stand_in_a_file_that_nobody_else_reads(
    said: Said, hook: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "address"
    place.write_text(f"json://127.0.0.1:{hook.port}/{CANARY}\n")
    monkeypatch.delenv("DESK_TEAM")
    monkeypatch.setenv("DESK_TEAM_FILE", str(place))
    place.chmod(0o644)
    code, out, _ = said()
    assert code == 1
    assert "chmod 600" in out
    place.chmod(0o600)
    assert said()[:2] == (0, "team: told\n")


def test_without_an_address_it_says_where_to_put_it(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_TEAM", raising=False)
    code, out, _ = said()
    assert code == 1
    assert "DESK_TEAM_FILE" in out
    assert said("--dry-run")[0] == 1


def test_an_address_in_the_configuration_is_refused_and_not_repeated(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config.write_text(NAMED.replace("DESK_TEAM", f"mailto://me:{CANARY}@example.org"))
    assert main(["notify", "--config", str(config)]) == 6
    streams = capfd.readouterr()
    assert "address_env" in streams.err
    assert CANARY not in streams.err + streams.out


def test_what_is_not_published_is_not_told(said: Said, hook: HTTPServer, config: Path) -> None:
    for bundle in (config.parent / "output" / "site").resolve().glob("stories/*/story.json"):
        bundle.unlink()
    assert said()[:2] == (0, "nothing is published that could be told\n")
    assert hook.log == []


def test_what_the_takedown_file_lists_is_not_told(said: Said, hook: HTTPServer, config: Path) -> None:
    (config.parent / "never.txt").write_text("Northwind Power\n")
    config.write_text(config.read_text() + '[desk]\ntakedown = "never.txt"\n')
    code, _, err = said()
    assert code == 2
    assert "takedown" in err
    assert hook.log == []


@pytest.mark.parametrize("argv", [["--to", "nobody"]])
def test_nobody_of_that_name(said: Said, hook: HTTPServer, argv: list[str]) -> None:
    code, _, err = said(*argv)
    assert code == 2
    assert "team" in err


def test_a_night_tells_at_its_end_and_is_not_spoilt_by_it(
    said: Said, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TEAM", f"json://127.0.0.1:{httpserver.port}/{CANARY}")
    httpserver.expect_ordered_request(f"/{CANARY}").respond_with_data("", status=500)
    httpserver.expect_ordered_request(f"/{CANARY}").respond_with_data("")
    code, _, err = said("--quiet", command="run")
    assert code == 0
    assert "team: not told" in err
    assert said("--quiet", command="run")[0] == 0
    assert said("--quiet", command="run")[0] == 0
    assert len(httpserver.log) == 2


def test_not_even_a_broken_package_spoils_a_night(
    said: Said, hook: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("pipeline.notifying.sending.send", broken)
    code, _, err = said("--quiet", command="run")
    assert code == 0
    assert "nobody was told: RuntimeError" in err
    assert hook.log == []


def test_a_night_does_not_tell_those_who_wait_for_the_command(said: Said, hook: HTTPServer, config: Path) -> None:
    config.write_text(config.read_text() + "nightly = false\n")
    assert said("--quiet", command="run")[0] == 0
    assert hook.log == []
    assert said()[0] == 0
    assert len(hook.log) == 1


def test_killed_while_it_was_sending_it_is_not_sent_again(
    said: Said, httpserver: HTTPServer, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met, over = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        met.set()
        over.wait(30)
        return Response("")

    httpserver.expect_request(f"/{CANARY}").respond_with_handler(slow)
    monkeypatch.setenv("DESK_TEAM", f"json://127.0.0.1:{httpserver.port}/{CANARY}")
    command = [sys.executable, "-m", "pipeline", "notify", "--config", str(config), "--now", AT]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        assert met.wait(60)
        process.kill()
    over.set()
    code, out, _ = said()
    assert code == 1
    assert "--again" in out
    assert len(httpserver.log) <= 1
    assert said("--again", "--to", "team")[:2] == (0, "team: told\n")


def test_without_apprise_the_extra_is_named(said: Said, hook: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.delitem(sys.modules, "pipeline.notifying.sending", raising=False)
    code, _, err = said()
    assert code == 6
    assert "citewire[notify]" in err
    assert said("--quiet", command="run")[0] == 0
