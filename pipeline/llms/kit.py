"""One model at one server, through pydantic-ai: the innermost LLM, whatever the dialect.

One prompt and a JSON Schema go out, an object of that shape comes back; there are no tools, no history and no second
try (wrappers retry). Temperature 0, a seed from the prompt, one deadline for the whole answer. Each call has its own
client and event loop: nothing of one call reaches another, and calls may come from several threads.
"""

from __future__ import annotations

import asyncio
import json
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from pydantic_ai import Agent, NativeOutput, PromptedOutput, StructuredDict, ToolOutput
from pydantic_ai.settings import ModelSettings

from pipeline.domain import digest
from pipeline.errors import ModelError
from pipeline.llms import wire
from pipeline.llms.deciding import Token, asked, from_tokens, stated
from pipeline.llms.faults import model_error
from pipeline.llms.servers import Served, Server
from pipeline.protocols import Completion, Decisions, Question, Usage
from pipeline.roles import ServedSettings

__all__ = ["KitLLM"]

# That a model which reasons takes no temperature is the kit's to know; the desk's owner can do nothing about it.
warnings.filterwarnings("ignore", category=UserWarning, module=r"pydantic_ai\.models")

Make = Callable[[Server, Any], Any]  # a server and a client of the wire -> a model of the kit
_THINKING: Mapping[str, str | bool] = {"off": False, "low": "low", "medium": "medium", "high": "high"}
_MODEL = re.compile(r"[\w.:/@+-]{1,120}")


class KitLLM(Served):
    """A model of pydantic-ai. `make` joins it with a client; `logprobs` are the settings that ask for them."""

    def __init__(
        self,
        server: Server,
        make: Make,
        served: ServedSettings,
        *,
        client: Callable[[float], Any] = wire.client,
        logprobs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(server)
        self._make, self._client = make, client
        self._timeout, self._shape = served.timeout, served.shape
        self._logprobs = dict(logprobs or {}) if served.logprobs else {}
        self._thinking = {} if served.thinking == "default" else {"thinking": _THINKING[served.thinking]}

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """One answer of the shape `schema`. Raises ModelError."""
        return self._ask(prompt, system, schema, max_tokens, {})[0]

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """Probabilities from the answer's tokens where the server tells them, else as the model states them."""
        plain = asked(state, questions)
        answer, tokens = self._ask(plain.prompt, plain.system, plain.schema, plain.max_tokens, self._logprobs)
        measured = from_tokens(answer.value, questions, tokens) if tokens else None
        found = measured or stated(answer.value, questions)
        return Decisions(found, answer.model, "logprobs" if measured else "stated", answer.usage)

    def _ask(
        self, prompt: str, system: str, schema: Mapping[str, Any], max_tokens: int, more: Mapping[str, Any]
    ) -> tuple[Completion, list[Token]]:
        """One call. Raises ModelError with the fault in words, and no cause: causes may hold a key."""
        settings: dict[str, Any] = {
            "max_tokens": max_tokens,
            "temperature": 0.0,
            "seed": int(digest("seed", prompt)[:6], 16),
            **self._thinking,
            **more,
        }
        failed: ModelError | None = None
        try:
            result = asyncio.run(self._run(prompt, system, schema, ModelSettings(**settings)))  # type: ignore[typeddict-item]
        except Exception as error:  # whatever a kit raises must not end the night
            failed = model_error(self.name, error)
        if failed:
            raise failed
        return self._completion(result, schema), _tokens(result.response)

    async def _run(self, prompt: str, system: str, schema: Mapping[str, Any], settings: ModelSettings) -> Any:
        async with asyncio.timeout(self._timeout), self._client(self._timeout) as http:
            model = self._make(self._server, http)
            shape = _output(self._shape, model, StructuredDict(dict(schema), name=str(schema.get("title", "answer"))))
            agent: Agent[None, Any] = Agent(
                model, output_type=shape, instructions=system, retries=0, model_settings=settings
            )
            return await agent.run(prompt)

    def _completion(self, result: Any, schema: Mapping[str, Any]) -> Completion:
        """The checked answer. Raises ModelError where it is none after all."""
        used = result.usage
        took = (used.input_tokens or 0, used.output_tokens or 0)
        cost = self._server.prices.of(*took) if self._server.prices else 0.0
        finish, value = str(result.response.finish_reason or "stop"), result.output
        problem = self._problem(value, finish, schema)
        if problem:
            raise ModelError(f"{self.name}: {problem[1]}", kind=problem[0], took=took)
        named = str(result.response.model_name or "")
        model = f"{self._server.provider}:{named}" if _MODEL.fullmatch(named) else self.name
        return Completion(dict(value), model, Usage(*took, 1, cost), "stop" if finish == "tool_call" else finish)

    def _problem(self, value: object, finish: str, schema: Mapping[str, Any]) -> tuple[str, str] | None:
        """Why an answer that the kit took is not taken, by fault; None where nothing speaks against it."""
        if finish == "length":
            return "truncated", "the answer was cut off at its token limit"
        if finish == "content_filter":
            return "refused", "it refused to answer"
        if not isinstance(value, Mapping):
            return "shape", "the answer is not the asked JSON object"
        if wrong := _misfit(value, schema):
            return "shape", f"the answer is not of the asked shape ({wrong})"
        if self._server.key and self._server.key in json.dumps(value, ensure_ascii=False):
            return "shape", "the answer repeats the key that it was asked with"
        return None


def _misfit(value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The rule of JSON Schema that `value` breaks; "" where it breaks none. What it has too much is left unread."""
    errors = Draft202012Validator(dict(schema)).iter_errors(value)
    return next((str(error.validator) for error in errors if error.validator != "additionalProperties"), "")


def _output(shape: str, model: Any, wanted: Any) -> Any:
    """How the answer is made to fit; "auto": by JSON Schema where the model has it, else by a tool call."""
    if shape == "auto":
        profile = model.profile
        native, tools = profile.get("supports_json_schema_output"), profile.get("supports_tools", True)
        shape = "native" if native else "tool" if tools else "prompted"
    return {"native": NativeOutput, "tool": ToolOutput, "prompted": PromptedOutput}[shape](wanted)


def _tokens(response: Any) -> list[Token]:
    """The tokens of an answer with their alternatives, as far as the server tells them."""
    told = (response.provider_details or {}).get("logprobs")
    if not isinstance(told, list):
        return []
    return [
        Token(str(one["token"]), {str(top["token"]): float(top["logprob"]) for top in one.get("top_logprobs") or ()})
        for one in told
    ]
