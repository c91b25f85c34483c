"""The provider path against a loopback server that speaks the chat-completions shape."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.errors import ConfigurationError, ModelError
from pipeline.llms import PROVIDERS, build
from pipeline.llms.pydantic_ai import PydanticAI
from pipeline.protocols import Usage
from pipeline.settings import WriteSettings

SCHEMA: Mapping[str, Any] = {
    "title": "answer",
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
PATH = "/v1/chat/completions"


def chat(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    """A chat completion as OpenAI-compatible servers send it."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "id": "x1",
        "object": "chat.completion",
        "created": 1,
        "model": "small-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17},
    }


def settle(server: HTTPServer) -> None:
    """Wait until the server has logged the request that its client gave up, so that it does not count elsewhere."""
    limit = time.monotonic() + 5
    while not server.log and time.monotonic() < limit:
        time.sleep(0.01)


def model(server: HTTPServer, timeout: float = 5.0) -> PydanticAI:
    return PydanticAI("small-1", base_url=server.url_for("/v1"), api_key="k", timeout=timeout)


def ask(llm: PydanticAI) -> Mapping[str, Any]:
    return llm.generate("say a word", system="be brief", schema=SCHEMA, max_tokens=300).value


def test_a_good_answer_comes_back_as_an_object_with_its_usage(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_json(chat('{"word": "yes"}'))
    answer = model(httpserver).generate("say a word", system="be brief", schema=SCHEMA, max_tokens=300)
    assert answer.value == {"word": "yes"}
    assert (answer.model, answer.usage) == ("small-1", Usage(12, 5))


def test_prompt_system_and_shape_are_sent_and_no_tool(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_json(chat('{"word": "yes"}'))
    ask(model(httpserver))
    sent = json.loads(httpserver.log[0][0].get_data())
    text = json.dumps(sent["messages"])
    assert "say a word" in text
    assert "be brief" in text
    assert "tools" not in sent
    assert sent["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("reply", "status", "why"),
    [
        (chat("I think the word is yes"), 200, "not the asked JSON"),
        (chat('["yes"]'), 200, "not the asked JSON"),
        (chat(None, refusal="I cannot help with that"), 200, "refused"),
        (chat("", finish="content_filter"), 200, "refused"),
        (chat('{"word": "ye', finish="length"), 200, "cut off"),
        ({"error": {"message": "slow down"}}, 429, "rate limit"),
        ({"error": {"message": "broken"}}, 500, "server error"),
        ({"error": {"message": "who"}}, 503, "server error"),
        ({"unexpected": True}, 200, "small-1"),
    ],
)
def test_every_failure_is_a_model_error_that_says_which(
    httpserver: HTTPServer, reply: dict[str, Any], status: int, why: str
) -> None:
    httpserver.expect_request(PATH).respond_with_json(reply, status=status)
    with pytest.raises(ModelError, match=why):
        ask(model(httpserver))
    assert len(httpserver.log) == 1, "no second try: the night falls back to extraction"


def test_a_slow_answer_is_given_up(httpserver: HTTPServer) -> None:
    given_up = threading.Event()

    def slow(_: Request) -> Response:
        given_up.wait(5)
        return Response("{}")

    httpserver.expect_request(PATH).respond_with_handler(slow)
    with pytest.raises(ModelError, match=r"no answer|imed out"):
        ask(model(httpserver, timeout=0.2))
    given_up.set()
    settle(httpserver)


def test_a_dead_server_is_a_model_error() -> None:
    llm = PydanticAI("m", base_url="http://127.0.0.1:9/v1", api_key="k", timeout=1.0)
    with pytest.raises(ModelError):
        ask(llm)


def test_extractive_is_no_model_and_unknown_providers_are_named() -> None:
    assert build(WriteSettings()) is None
    assert "openai" in PROVIDERS.names()
    with pytest.raises(ConfigurationError, match="no model provider"):
        build(WriteSettings(model="nobody:x"))
    with pytest.raises(ConfigurationError, match="names no model"):
        build(WriteSettings(model="openai"))


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="DESK_KEY"):
        build(WriteSettings(model="openai:m", api_key_env="DESK_KEY"))
    llm = build(WriteSettings(model="openai:m", base_url="http://127.0.0.1:9/v1"))
    assert llm is not None
    assert llm.name == "openai:m"
