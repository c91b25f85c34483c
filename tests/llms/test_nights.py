"""Whole nights with models over loopback: they never die of one, say who wrote, and keep keys to themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import papers
import pytest
from dialects import ANTHROPIC, KEY, OPENAI, Dialect, failed, spoken
from hostile import HostileServer, Request, Route, reply

from pipeline.cli import main

NIGHT = "2026-05-04T06:00:00Z"
CLAIM = re.compile(r'^\{"id": .*\}$', re.M)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEY", KEY)


def prompt_of(request: Request) -> str:
    """The user's part of a chat or messages request."""
    content = json.loads(request.body)["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def truthful(dialect: Dialect) -> Route:
    """A writer that prints the quotes of the claims it is shown, and cites them."""

    def answer(request: Request) -> Any:
        claims = [json.loads(line) for line in CLAIM.findall(prompt_of(request))]
        told = [{"text": claim["quote"], "claims": [claim["id"]]} for claim in claims]
        story = {"headline": told[0], "dek": told[1 % len(told)], "questions": []}
        story["sections"] = [{"heading": "What happened", "sentences": told}]
        return spoken(dialect, json.dumps(story))(request)

    return answer


def served(dialect: Dialect, server: HostileServer, **more: Any) -> str:
    entries = {"name": dialect.provider, "base_url": server.url + dialect.path, "key_env": "DESK_KEY", "attempts": 1}
    lines = [f"{key} = {json.dumps(value)}" for key, value in {**entries, "timeout": 30, **more}.items()]
    return "\n".join(["\n[[model]]", *lines]) + "\n"


def night(folder: Path, models: str, capsys: pytest.CaptureFixture[str], now: str = NIGHT) -> tuple[int, str]:
    config = papers.desk(folder, config=papers.CONFIG + "\n[write]\nmin_sentences = 3\n" + models)
    code = main(["run", "--config", str(config), "--now", now])
    return code, capsys.readouterr().err


def stories(folder: Path) -> list[dict[str, Any]]:
    found = sorted((folder / "output" / "site" / "stories").rglob("story.json"))
    return [json.loads(path.read_text(encoding="utf-8"))["story"] for path in found]


def printed(story: dict[str, Any]) -> list[str]:
    """The texts of headline, dek and cited sentences."""
    told = [one for section in story["sections"] for paragraph in section["paragraphs"] for one in paragraph]
    whole = [story["headline"], *([story["dek"]] if story["dek"] else []), *(s for s in told if not s["computation"])]
    return [sentence["text"] for sentence in whole]


def holding_the_key(folder: Path) -> list[Path]:
    return [path for path in (folder / "output").rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


FAULTS: dict[str, Route] = {
    "401": failed("401 Unauthorized", f"Incorrect API key provided: {KEY}"),
    "500": failed("500 Internal Server Error", KEY),
    "10 MB": reply(b" " * 10_000_000, Content_Type="application/json"),
    "closed": lambda _: [],
    "echo of the key": spoken(OPENAI, json.dumps({"headline": {"text": KEY, "claims": []}})),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_model_costs_a_story_or_leaks_a_key(
    fault: str, server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes["*"] = FAULTS[fault]
    roles = '[models]\nwrite = ["openai:small"]\nextract = ["openai:small"]\njudge = ["openai:small"]\n'
    code, said = night(tmp_path, roles + served(OPENAI, server), capsys)
    assert code == 0
    assert server.log
    assert {story["writer"] for story in stories(tmp_path)} == {"extractive"}
    assert "written by extraction instead (see [models]" in said.replace("; ", " (")
    assert KEY not in said
    assert holding_the_key(tmp_path) == []


def test_the_second_model_writes_where_the_first_is_down_and_the_page_says_so(
    server: HostileServer, other: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes["*"], other.routes["*"] = failed("503 Service Unavailable"), truthful(ANTHROPIC)
    models = '[models]\nwrite = ["openai:small", "anthropic:claude-small"]\n'
    served_both = served(OPENAI, server) + served(ANTHROPIC, other, price_in=100.0, price_out=100.0)
    code, said = night(tmp_path, models + served_both, capsys)
    assert code == 0
    told = [story for story in stories(tmp_path) if story["writer"] != "extractive"]
    assert {story["writer"] for story in told} == {"anthropic:small-1"}
    assert "anthropic:claude-small (write): " in said
    assert "openai:small (write): " in said
    (page,) = {
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "output" / "site" / "stories").rglob("index.html")
        if told[0]["headline"]["text"][:30] in path.read_text(encoding="utf-8")
    }
    assert "anthropic:small-1, 12 tokens in, 5 out, 0.0017 USD, after openai:small gave none" in page
    assert holding_the_key(tmp_path) == []
    reports = list((tmp_path / "output" / "runs").glob("*.json"))
    (stage,) = [s for s in json.loads(reports[0].read_text(encoding="utf-8"))["stages"] if s["stage"] == "write"]
    assert stage["cost"] == pytest.approx(0.0017 * len(told))
    assert {used["model"]: used["calls"] for used in stage["models"]}["anthropic:claude-small"] == len(told)


def test_a_night_whose_budget_is_used_up_publishes_what_it_has(
    server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes["*"] = truthful(OPENAI)
    models = '[models]\nwrite = ["openai:small"]\nbudget = 0.0001\n'
    code, said = night(tmp_path, models + served(OPENAI, server, price_out=1000.0), capsys)
    assert code == 9
    assert server.log == [], "a call is entered before it is made"
    assert "the night's model budget of 0.00 USD" in said
    assert {story["writer"] for story in stories(tmp_path)} == {"extractive"}


def test_claims_that_no_money_is_left_for_are_those_of_the_rules(
    server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes["*"] = spoken(OPENAI, '{"claims": []}')
    models = '[models]\nextract = ["openai:small"]\ncalls = 2\n'
    code, said = night(tmp_path, models + served(OPENAI, server), capsys)
    assert code == 9
    assert len(server.log) == 2
    assert "2 records read by openai:small" in said
    assert "budget: the night's model budget of 2 calls would be gone over after 2 calls" in said
    assert stories(tmp_path)


def test_a_model_s_address_opens_no_door_for_what_is_read(
    server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model is on loopback, as configured; a source that leads there is refused as ever."""
    server.routes["*"] = truthful(OPENAI)
    source = f'\n[[source]]\nname = "Sly"\nkind = "feed"\naddress = "{server.url}/feed"\n'
    models = '[models]\nwrite = ["openai:small"]\n'
    _, said = night(tmp_path, source + models + served(OPENAI, server), capsys)
    assert "Sly" in said
    assert "allow_private" in said
    assert "/feed" not in server.paths()
    assert server.paths()


def test_the_same_nights_with_kept_answers_are_the_same_bytes(
    server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two desks, one of which loses its model after the first night and writes it again from what it kept."""
    server.routes["*"] = truthful(OPENAI)
    models = '[models]\nwrite = ["openai:small"]\n' + served(OPENAI, server)
    for name in ("one", "two"):
        assert night(tmp_path / name, models, capsys)[0] == 0
    asked = len(server.log)
    server.routes["*"] = failed("500 Internal Server Error")
    assert night(tmp_path / "two", models, capsys)[0] == 0
    assert len(server.log) == asked
    one, two = (
        {path.relative_to(tmp_path / name / "output" / "site").as_posix(): path.read_bytes()
         for path in (tmp_path / name / "output" / "site").rglob("*") if path.is_file()}
        for name in ("one", "two")
    )  # fmt: skip
    assert one == two


def doubting(dialect: Dialect, word: str) -> Route:
    """A judge that finds no support for sentences that hold `word`, and full support for all others."""

    def answer(request: Request) -> Any:
        lines = [json.loads(line) for line in re.findall(r'^\{"name": .*\}$', prompt_of(request), re.M)]
        codes = {line["name"]: "C" if word in line["sentence"] else "A" for line in lines}
        value = {name: {"answer": code, "percent": 95} for name, code in codes.items()}
        return spoken(dialect, json.dumps(value))(request)

    return answer


def test_what_the_judge_doubts_is_not_printed_and_verify_and_replay_agree(
    server: HostileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, judged = tmp_path / "plain", tmp_path / "judged"
    assert night(plain, "", capsys)[0] == 0
    assert any("240 million" in json.dumps(story["sections"]) for story in stories(plain))
    server.routes["*"] = doubting(OPENAI, "240 million")
    code, said = night(judged, '[models]\njudge = ["openai:small"]\n' + served(OPENAI, server), capsys)
    assert code == 0
    assert "openai:small (judge): " in said
    told = stories(judged)
    assert told
    assert not any("240 million" in sentence for story in told for sentence in printed(story))
    assert all(story["answers"] for story in told)
    assert main(["verify", str(judged / "output" / "site")]) == 0
    asked = len(server.log)
    config = str(judged / "citewire.toml")
    assert main(["replay", str(judged / "output" / "site"), "--config", config]) == 0, capsys.readouterr()
    assert len(server.log) == asked
