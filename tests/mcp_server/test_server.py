"""The server as an assistant meets it: the SDK's own client, over stdin and stdout of a subprocess."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from told_desk import told

from pipeline.cli import main
from pipeline.mcp_server.bounds import NOTICE
from pipeline.settings import DATABASE, load

mcp = pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

ROOT = Path(__file__).parents[2]
TOOLS = {"search", "read_story", "check_sentence", "list_signals", "storyline"}
HOSTILE = [
    ("search", {"query": "'; DROP TABLE records; --"}),
    ("search", {"query": "x" * 100_000}),
    ("search", {"query": ["turbines"]}),
    ("search", {"query": "turbines", "limit": 10**9}),
    ("search", {"query": "turbines", "kind": "../../etc/passwd"}),
    ("search", {}),
    ("read_story", {"story": "../../../etc/passwd"}),
    ("read_story", {"story": "a", "version": -1}),
    ("read_story", {"story": {"$ref": "x"}}),
    ("check_sentence", {"sentence": "", "quotes": ["a"]}),
    ("check_sentence", {"sentence": "a", "quotes": ["a"] * 1_000}),
    ("list_signals", {"since": "now()"}),
    ("storyline", {"storyline": "%' OR 1=1 --"}),
    ("shell", {"command": "id"}),
]
PAGES = ["citewire://stories/a-story", "citewire://stories"]
NO_PAGES = [
    "citewire://stories/..%2F..%2Fsecret",
    "citewire://stories/a-story/../../secret",
    "citewire://stories/none-such",
    "file:///etc/passwd",
]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = told(tmp_path_factory.mktemp("desk"))
    story = file.parent / "output" / "site" / "stories" / "a-story"
    story.mkdir(parents=True)
    (story / "story.md").write_text("# A story\n", encoding="utf-8")
    (file.parent / "output" / "secret.md").write_text("canary", encoding="utf-8")
    return file


@dataclass
class Session:
    """What one conversation with a server in a subprocess came to."""

    tools: list[Any] = field(default_factory=list)
    instructions: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    hostile: dict[int, tuple[bool, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    unchanged: bool = False


@pytest.fixture(scope="module")
def session(config: Path) -> Session:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = ["-m", "pipeline", "mcp", "--config", str(config), "--now", "2026-05-04T06:00:00Z"]
    server = mcp.StdioServerParameters(command=sys.executable, args=command, env=environment)

    async def whole() -> Session:
        async with mcp.Client(mcp.stdio_client(server)) as client:
            return await talk(client)

    database = load(config).output_path / DATABASE
    before = database.read_bytes()
    held = asyncio.run(asyncio.wait_for(whole(), 120))
    held.unchanged = database.read_bytes() == before
    return held


async def talk(client: Any) -> Session:
    held = Session((await client.list_tools()).tools, client.instructions)
    for number, (name, arguments) in enumerate(HOSTILE):
        try:
            result = await client.call_tool(name, arguments)
            told_of = json.dumps(result.structured_content) + "".join(getattr(p, "text", "") for p in result.content)
            held.hostile[number] = (result.is_error, told_of)
        except mcp.MCPError as error:
            held.hostile[number] = (True, str(error))
    for uri in NO_PAGES:
        try:
            held.pages.append((await client.read_resource(uri)).contents[0].text)
        except mcp.MCPError as error:
            held.refused.append(str(error))
    found = (await client.call_tool("search", {"query": "Harlow turbines"})).structured_content
    slug = found["stories"][0]["story"]
    story = (await client.call_tool("read_story", {"story": slug})).structured_content
    row = next(row for row in story["sentences"] if row["class"] == "claim")
    asked = {
        "check_sentence": {"sentence": row["text"].strip("⟦⟧"), "story": slug},
        "list_signals": {},
        "storyline": {"storyline": story["storyline"]},
    }
    for name, arguments in asked.items():
        held.answers[name] = (await client.call_tool(name, arguments)).structured_content
    held.pages += [(await client.read_resource(uri)).contents[0].text for uri in PAGES]
    return held


def test_an_assistant_finds_reads_and_checks(session: Session) -> None:
    assert {tool.name for tool in session.tools} == TOOLS
    assert NOTICE in session.instructions
    assert session.answers["check_sentence"]["publish"] is True
    assert len(session.answers["list_signals"]["signals"]) == 1
    assert session.answers["storyline"]["findings"]


def test_nothing_is_written(session: Session) -> None:
    assert session.unchanged
    assert all(tool.annotations.read_only_hint for tool in session.tools)


def test_hostile_arguments_are_answered_in_words(session: Session) -> None:
    assert len(session.hostile) == len(HOSTILE)
    for number, (failed, text) in session.hostile.items():
        assert failed or number == 0, HOSTILE[number]  # the first is a question like any other
        assert not any(sign in text for sign in ("Traceback", "canary", "root:"))


def test_no_page_outside_the_published_stories_is_read(session: Session) -> None:
    assert len(session.refused) == len(NO_PAGES)
    assert not any("canary" in text for text in [*session.refused, *session.pages])


def test_pages_are_read_as_they_were_published(session: Session) -> None:
    page, index = session.pages
    assert page.endswith("# A story\n")
    assert NOTICE in page
    assert json.loads(index)["stories"]


def test_without_the_sdk_the_extra_is_named(
    capsys: pytest.CaptureFixture[str], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "pipeline.mcp_server.server", raising=False)
    assert main(["mcp", "--config", str(config)]) == 6
    assert "citewire[mcp]" in capsys.readouterr().err


def test_a_desk_without_a_night_says_how_to_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "citewire.toml").write_text("")
    assert main(["mcp", "--config", str(tmp_path / "citewire.toml")]) == 2
    assert "citewire run" in capsys.readouterr().err
