"""`citewire models`: who plays what, what is missing, and whether it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dialects import KEY, OPENAI, failed, spoken
from hostile import HostileServer

from pipeline.cli import main


def desk(folder: Path, text: str) -> str:
    file = folder / "citewire.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def configured(folder: Path, server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DESK_KEY", KEY)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    served = f'[[model]]\nname = "openai"\nbase_url = "{server.url}/v1"\nkey_env = "DESK_KEY"\nprice_in = 2.5\n'
    return desk(folder, f'[models]\nwrite = ["openai:small", "anthropic:m"]\njudge = ["openai:small"]\n{served}')


def test_a_desk_without_models_says_who_does_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--config", desk(tmp_path, "")]) == 0
    assert "the extractive writer writes" in capsys.readouterr().out


def test_models_are_listed_with_their_roles_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["models", "--config", configured(tmp_path, server, monkeypatch)]) == 1
    out = capsys.readouterr().out
    first, second = out.splitlines()
    assert all(word in first for word in ("openai:small", "write 1, judge 1", "with a key", "2.5 in", "not asked"))
    assert all(word in second for word in ("anthropic:m", "write 2", "ANTHROPIC_API_KEY"))
    assert server.log == []
    assert KEY not in out


def test_each_is_asked_one_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(OPENAI, '{"four": {"answer": "yes", "percent": 99}}')
    assert main(["models", "--check", "--json", "--config", configured(tmp_path, server, monkeypatch)]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert first["answer"]["fault"] == ""
    assert first["answer"]["usage"]["input_tokens"] == 12
    assert (second["answer"], "needs a key" in second["problem"]) == (None, True)
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("percent", "word", "said"), [(99, "no", "denies that two and two make four"), (99, "maybe", "asked shape")]
)
def test_a_model_that_answers_wrongly_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer, percent: int, word: str, said: str
) -> None:
    server.routes["*"] = spoken(OPENAI, json.dumps({"four": {"answer": word, "percent": percent}}))
    served = f'[[model]]\nname = "openai"\nbase_url = "{server.url}/v1"\n'
    assert main(["models", "--check", "--config", desk(tmp_path, f'[models]\nwrite = ["openai:m"]\n{served}')]) == 1
    assert said in capsys.readouterr().out


def test_a_server_that_is_down_fails_the_check_and_a_good_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: HostileServer
) -> None:
    file = desk(tmp_path, f'[models]\nwrite = ["ollama:m"]\n[[model]]\nname = "ollama"\nbase_url = "{server.url}/v1"\n')
    server.routes["*"] = failed("503 Service Unavailable")
    assert main(["models", "--check", "--config", file]) == 1
    assert "status 503" in capsys.readouterr().out
    server.routes["*"] = spoken(OPENAI, '{"four": {"answer": "yes", "percent": 99}}')
    assert main(["models", "--check", "--config", file]) == 0
    out = capsys.readouterr().out
    assert "answers (17 tokens, 0.0000 USD" in out
    assert "free" in out
