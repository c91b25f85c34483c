"""Every provider's dialect over loopback: what goes out, what comes back, and what each fault becomes."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import math
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from dialects import DIALECTS, KEY, KIT, Dialect, failed, spoken
from hostile import HostileServer, Request, Route, reply

from pipeline.claiming.model_claims import SCHEMA as CLAIMS
from pipeline.compose.model import SCHEMA as STORY
from pipeline.errors import ModelError
from pipeline.llms.deciding import asked
from pipeline.llms.providers import build
from pipeline.protocols import LLM, Usage, choice, yes_no
from pipeline.roles import ServedSettings

SCHEMA: dict[str, Any] = {
    "title": "answer",
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
GOOD = '{"word": "yes"}'
JSON = {"Content_Type": "application/json"}


def _where_installed(dialect: Dialect) -> Any:
    missing = not importlib.util.find_spec(KIT[dialect.provider].partition(".")[0])
    reason = f"the kit of {dialect.provider} is not installed"
    return pytest.param(dialect, id=dialect.provider, marks=pytest.mark.skipif(missing, reason=reason))


each_dialect = pytest.mark.parametrize("dialect", [_where_installed(dialect) for dialect in DIALECTS])
each_kit = pytest.mark.parametrize("dialect", [_where_installed(d) for d in DIALECTS if d.provider != "openrouter"])
WHOLE = ("openai", "anthropic", "google")  # tried with everything; the others share their wire and their reading
each_whole = pytest.mark.parametrize("dialect", [_where_installed(d) for d in DIALECTS if d.provider in WHOLE])


def model(server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch, **more: Any) -> LLM:
    monkeypatch.setenv("DESK_KEY", KEY)
    served = ServedSettings(
        **{"name": dialect.name, "base_url": server.url + dialect.path, "key_env": "DESK_KEY", "timeout": 30.0, **more}
    )
    return build(dialect.name, [served])


def ask(llm: LLM) -> Any:
    return llm.generate("say a word", system="be brief", schema=SCHEMA, max_tokens=300)


@each_dialect
def test_a_good_answer_comes_back_with_its_usage(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(dialect, GOOD)
    answer = ask(model(server, dialect, monkeypatch))
    assert (answer.value, answer.usage, answer.finish) == ({"word": "yes"}, Usage(12, 5), "stop")
    assert answer.model.partition(":")[0] == dialect.provider
    (request,) = server.log
    sent = request.body.decode()
    assert "say a word" in sent
    assert "be brief" in sent
    assert KEY in str(request.headers), "the key goes in a header"
    assert KEY not in sent + request.target


@each_whole
def test_what_an_answer_costs_is_as_configured(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(dialect, GOOD)
    answer = ask(model(server, dialect, monkeypatch, price_in=2.0, price_out=10.0))
    assert answer.usage.cost == pytest.approx((12 * 2 + 5 * 10) / 1e6)


@each_dialect
def test_decisions_come_through_a_schema(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(dialect, '{"holds": {"answer": "yes", "percent": 80}}')
    decided = model(server, dialect, monkeypatch).decide("It rained.", {"holds": yes_no("Did it rain?")})
    assert decided.decisions["holds"].yes == pytest.approx(0.8)
    assert (decided.basis, decided.usage) == ("stated", Usage(12, 5))


MODELS = {
    "openai": ("gpt-6-luna", "gpt-5.6-terra", "o3"),
    "openrouter": ("anthropic/claude-sonnet-4.6", "meta-llama/llama-3.3-70b-instruct"),
    "anthropic": ("claude-sonnet-5-5", "claude-haiku-4-5"),
    "google": ("gemini-3.8-flash", "gemini-3.1-pro-preview"),
    "mistral": ("mistral-small-latest",),
    "groq": ("qwen/qwen3.8-27b", "openai/gpt-oss-120b"),
    "bedrock": ("anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon.nova-lite-v1:0"),
}
POINTED = {"occurrence": 1, "subject": "", "speaker": "", "context": "", "hedge": "states", "kind": "event"}
CITED = {"text": "Prices rose.", "claims": ["c1"]}
SHAPES: tuple[tuple[Mapping[str, Any], dict[str, Any]], ...] = (
    (STORY, {"headline": CITED, "dek": CITED, "sections": [], "questions": []}),
    (CLAIMS, {"claims": [{"quote": "Prices rose.", **POINTED}]}),
    (asked("x", {"q": choice("?", ["one", "two"])}).schema, {"q": {"answer": "A", "percent": 50}}),
)


@each_dialect
def test_the_shapes_of_the_desk_go_through_each_kit_as_its_models_take_them(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kit decides by the model's name whether a shape goes as JSON Schema or as a tool; no model may be left out."""
    for name in MODELS[dialect.provider]:
        llm = model(server, dataclasses.replace(dialect, model=name), monkeypatch)
        for schema, value in SHAPES:
            server.routes["*"] = spoken(dialect, json.dumps(value))
            assert llm.generate("say", system="be brief", schema=schema, max_tokens=900).value == value


@pytest.mark.parametrize("name", ["openai:m", "ollama:qwen3:8b", "vllm:Qwen/Qwen3-8B", "llamacpp:m", "lmstudio:m"])
def test_servers_of_ones_own_get_what_all_of_them_know(
    server: HostileServer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(DIALECTS[0], GOOD)
    llm = build(name, [ServedSettings(name=name, base_url=f"{server.url}/v1", timeout=30)])
    assert ask(llm).value == {"word": "yes"}
    sent = json.loads(server.log[0].body)
    assert sent["max_tokens"] == 300
    assert sent["response_format"]["type"] == "json_schema"
    assert "max_completion_tokens" not in sent
    assert "tools" not in sent


@pytest.mark.parametrize(("thinking", "effort"), [("off", "none"), ("low", "low"), ("default", None)])
def test_how_much_a_model_thinks_is_a_setting(
    server: HostileServer, thinking: str, effort: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(DIALECTS[0], GOOD)
    ask(model(server, dataclasses.replace(DIALECTS[0], model="gpt-6-luna"), monkeypatch, thinking=thinking))
    assert json.loads(server.log[0].body).get("reasoning_effort") == effort


@pytest.mark.parametrize("told", [True, False])
def test_the_probabilities_of_tokens_are_taken_where_they_are_told(
    server: HostileServer, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = DIALECTS[0]

    def top(text: str, **shares: float) -> dict[str, Any]:
        others = [{"token": other, "logprob": math.log(p), "bytes": None} for other, p in shares.items()]
        return {"token": text, "logprob": -0.1, "bytes": None, "top_logprobs": others}

    said = [top('{"holds": {"answer": "'), top("yes", yes=0.75, no=0.25), top('", "percent": 99}}')]

    def answer(request: Request) -> list[bytes]:
        body = dialect.say(json.loads(request.body), "".join(token["token"] for token in said), "stop")
        body["choices"][0]["logprobs"] = {"content": said, "refusal": None} if told else None
        return [reply(json.dumps(body), **JSON)]

    server.routes["*"] = answer
    decided = model(server, dialect, monkeypatch, logprobs=True).decide("It rained.", {"holds": yes_no("Did it rain?")})
    assert decided.basis == ("logprobs" if told else "stated")
    assert decided.decisions["holds"].yes == pytest.approx(0.75 if told else 0.98, abs=0.001)
    assert json.loads(server.log[0].body)["logprobs"] is True


def cut(request: Request) -> Iterator[bytes]:
    yield reply(b'{"id": "x1", ', Content_Length="500", **JSON)


def hang(request: Request) -> Iterator[bytes]:
    time.sleep(1.5)
    yield b""


def drip(request: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    for _ in range(60):
        time.sleep(0.05)
        yield b" "


def flood(request: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    for _ in range(160):
        yield b" " * 65536


FAULTS: dict[str, tuple[Route, str]] = {
    "429": (failed("429 Too Many Requests"), "rate"),
    "500": (failed("500 Internal Server Error"), "server"),
    "503": (failed("503 Service Unavailable"), "server"),
    "401": (failed("401 Unauthorized", f"Incorrect API key provided: {KEY}"), "key"),
    "403": (failed("403 Forbidden", f"no {KEY}"), "key"),
    "400": (failed("400 Bad Request", "no such field"), "request"),
    "404": (failed("404 Not Found", "no such model"), "request"),
    "redirect": (reply(b"", "307 Temporary Redirect", Location="http://127.0.0.1:9/"), "request"),
    "cut stream": (cut, "connection"),
    "hang": (hang, "timeout"),
    "slow drip": (drip, "timeout"),
    "10 MB": (reply(b" " * 10_000_000, **JSON), "shape"),
    "10 MB without a length": (flood, "shape"),
    "wrong content type": (reply("<html>Welcome to the hotel</html>", Content_Type="text/html"), "shape"),
    "packed": (reply(b"\x1f\x8b\x08", Content_Encoding="gzip", **JSON), "shape"),
    "no JSON": (reply("once upon a time", **JSON), ""),
    "truncated JSON": (reply('{"id": "x1", "choices": [', **JSON), ""),
    "empty": (reply("", **JSON), ""),
    "another object": (reply('{"unexpected": true}', **JSON), ""),
}
PLAIN = ("429", "500", "401", "cut stream", "truncated JSON", "10 MB", "slow drip")  # for those that share a wire
UNBOUNDED = ("slow drip", "10 MB")  # boto3 brings its own HTTP: only its timeouts bound it


def _faults() -> list[Any]:
    """Every fault for the dialects with kits of their own, the plain ones for the others."""
    return [
        pytest.param(*_where_installed(d).values, fault, id=f"{d.provider}-{fault}", marks=_where_installed(d).marks)
        for d in DIALECTS
        for fault in FAULTS
        if d.provider in WHOLE or (fault in PLAIN and not (d.provider == "bedrock" and fault in UNBOUNDED))
    ]


@pytest.mark.parametrize(("dialect", "fault"), _faults())
def test_every_fault_is_a_model_error_that_says_which(
    server: HostileServer, dialect: Dialect, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route, kind = FAULTS[fault]
    server.routes["*"] = route
    llm = model(server, dialect, monkeypatch, timeout=0.6 if fault in ("hang", "slow drip") else 30.0)
    with pytest.raises(ModelError) as caught:
        ask(llm)
    assert caught.value.kind == kind if kind else caught.value.kind in ("shape", "connection", "server")
    assert str(caught.value).startswith(dialect.name)
    assert len(server.log) == 1, "a kit tries once; retries are ours"
    assert caught.value.__cause__ is None
    assert KEY not in repr(caught.value) + str(caught.value.__context__)


@each_kit
@pytest.mark.parametrize("dated", [False, True])
def test_the_wait_that_a_server_asks_for_is_known(
    server: HostileServer, dialect: Dialect, dated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    server.routes["*"] = failed("429 Too Many Requests", Retry_After=later if dated else "2")
    with pytest.raises(ModelError) as caught:
        ask(model(server, dialect, monkeypatch))
    if dialect.provider == "bedrock":
        pytest.skip("boto3 does not tell")
    assert caught.value.retry_after is not None
    assert 20 < caught.value.retry_after <= 40 if dated else caught.value.retry_after == 2


@each_whole
@pytest.mark.parametrize(
    ("text", "finish", "kind"),
    [
        ("I think the word is yes", "stop", "shape"),
        ('["yes"]', "stop", "shape"),
        ('{"word": 7}', "stop", "shape"),
        ('{"other": "yes"}', "stop", "shape"),
        ('{"word": "ye', "length", "truncated"),
        (GOOD, "length", "truncated"),
    ],
)
def test_an_answer_that_is_not_what_was_asked(
    server: HostileServer, dialect: Dialect, text: str, finish: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(dialect, text, finish)
    with pytest.raises(ModelError) as caught:
        ask(model(server, dialect, monkeypatch))
    assert caught.value.kind == kind or (finish == "length" and caught.value.kind == "shape" and text != GOOD)


@each_whole
def test_a_refusal_is_told(server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    server.routes["*"] = spoken(dialect, "", "refused")
    with pytest.raises(ModelError) as caught:
        ask(model(server, dialect, monkeypatch))
    assert caught.value.kind in ("refused", "shape")


@each_kit
def test_an_answer_that_repeats_the_key_is_not_taken(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["*"] = spoken(dialect, json.dumps({"word": f"your key is {KEY}"}))
    with pytest.raises(ModelError, match="repeats the key") as caught:
        ask(model(server, dialect, monkeypatch))
    assert KEY not in str(caught.value)


@each_kit
def test_a_dead_server_is_a_lost_connection(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    llm = model(server, dialect, monkeypatch, base_url="http://127.0.0.1:9" + dialect.path)
    with pytest.raises(ModelError) as caught:
        ask(llm)
    assert caught.value.kind == "connection"


@each_dialect
def test_nobody_is_asked_but_the_server_of_the_configuration(
    server: HostileServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses, proxies and telemetry of the environment are not looked at; nothing is fetched beside."""
    elsewhere = "http://192.0.2.1:1"
    for name in (
        "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "GROQ_BASE_URL", "MISTRAL_SERVER_URL",
        "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "LOGFIRE_BASE_URL",
    ):  # fmt: skip
        monkeypatch.setenv(name, elsewhere)
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    dialled: list[object] = []
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def watched(self: socket.socket, address: Any) -> None:
        dialled.append(address[:2])
        connect(self, address)

    def looked_up(host: Any, *rest: Any, **more: Any) -> Any:
        dialled.append((host, server.port))
        return lookup(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", watched)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    server.routes["*"] = spoken(dialect, GOOD)
    assert ask(model(server, dialect, monkeypatch)).value == {"word": "yes"}
    assert len(server.log) == 1
    assert {host for host, _ in dialled} <= {"127.0.0.1", b"127.0.0.1"}  # type: ignore[misc]
