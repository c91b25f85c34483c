"""What servers of each provider's dialect say: answers, refusals, cut answers and errors, as their documents show them.

An answer is given the way the request asks for it: as text, or as a call of the tool that stands for the shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hostile import Request, reply

KIT = {
    "openai": "openai",
    "openrouter": "openai",
    "anthropic": "anthropic",
    "google": "google.genai",
    "mistral": "mistralai",
    "groq": "groq",
    "bedrock": "boto3",
}


@dataclass(frozen=True)
class Dialect:
    """`provider` and `model` as configured; `path` below the server's address that `base_url` ends with."""

    provider: str
    model: str
    path: str
    say: Callable[[Mapping[str, Any], str, str], dict[str, Any]]  # request, text, finish -> body
    finishes: Mapping[str, str]  # stop, length, refused -> its word

    @property
    def name(self) -> str:
        return f"{self.provider}:{self.model}"


def _chat(asked: Mapping[str, Any], text: str, finish: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if asked.get("tools"):
        call = {"name": asked["tools"][0]["function"]["name"], "arguments": text}
        message = {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "t1", "type": "function", "function": call}],
        }
        finish = "tool_calls" if finish == "stop" else finish
    return {
        "id": "x1",
        "object": "chat.completion",
        "created": 1,
        "model": "small-1",
        "provider": "Someone",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "native_finish_reason": finish}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17},
    }


def _messages(asked: Mapping[str, Any], text: str, finish: str) -> dict[str, Any]:
    content: dict[str, Any] = {"type": "text", "text": text}
    if asked.get("tools"):
        content = {"type": "tool_use", "id": "t1", "name": asked["tools"][0]["name"], "input": _object(text)}
        finish = "tool_use" if finish == "end_turn" else finish
    return {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "small-1",
        "content": [content] if text else [],
        "stop_reason": finish,
        "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 5},
    }


def _gemini(asked: Mapping[str, Any], text: str, finish: str) -> dict[str, Any]:
    part: dict[str, Any] = {"text": text}
    if asked.get("tools"):
        name = asked["tools"][0]["functionDeclarations"][0]["name"]
        part = {"functionCall": {"name": name, "args": _object(text)}}
    return {
        "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": finish, "index": 0}],
        "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 5, "totalTokenCount": 17},
        "modelVersion": "small-1",
    }


def _converse(asked: Mapping[str, Any], text: str, finish: str) -> dict[str, Any]:
    content: dict[str, Any] = {"text": text}
    if asked.get("toolConfig"):
        name = asked["toolConfig"]["tools"][0]["toolSpec"]["name"]
        content = {"toolUse": {"toolUseId": "t1", "name": name, "input": _object(text)}}
        finish = "tool_use" if finish == "end_turn" else finish
    return {
        "output": {"message": {"role": "assistant", "content": [content]}},
        "stopReason": finish,
        "usage": {"inputTokens": 12, "outputTokens": 5, "totalTokens": 17},
        "metrics": {"latencyMs": 1},
    }


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"broken": text}


_OPENAI = {"stop": "stop", "length": "length", "refused": "content_filter"}
_CLAUDE = {"stop": "end_turn", "length": "max_tokens", "refused": "refusal"}
_GOOGLE = {"stop": "STOP", "length": "MAX_TOKENS", "refused": "SAFETY"}
_AMAZON = {"stop": "end_turn", "length": "max_tokens", "refused": "content_filtered"}
_LLAMA = {"stop": "stop", "length": "length", "refused": "stop"}
KEY = "sk-canary-0123456789abcdef"  # it must show nowhere but in the header that sends it
DIALECTS = (
    Dialect("openai", "small", "/v1", _chat, _OPENAI),
    Dialect("openrouter", "small/one", "/api/v1", _chat, _OPENAI),
    Dialect("anthropic", "claude-small", "", _messages, _CLAUDE),
    Dialect("google", "gemini-small", "", _gemini, _GOOGLE),
    Dialect("mistral", "mistral-small", "", _chat, _LLAMA),
    Dialect("groq", "llama-small", "", _chat, _LLAMA),
    Dialect("bedrock", "anthropic.claude-small", "", _converse, _AMAZON),
)
OPENAI, ANTHROPIC = (next(d for d in DIALECTS if d.provider == name) for name in ("openai", "anthropic"))


def spoken(dialect: Dialect, text: str, finish: str = "stop") -> Callable[[Request], list[bytes]]:
    """A route that answers `text` in `dialect`."""

    def answer(request: Request) -> list[bytes]:
        body = dialect.say(json.loads(request.body), text, dialect.finishes[finish])
        return [reply(json.dumps(body), Content_Type="application/json")]

    return answer


def failed(status: str, message: str = "it went wrong", **headers: str) -> bytes:
    """An error in the words that all dialects more or less share."""
    body = {"type": "error", "message": message, "error": {"type": "some_error", "code": 1, "message": message}}
    return reply(json.dumps(body), status, Content_Type="application/json", **headers)
