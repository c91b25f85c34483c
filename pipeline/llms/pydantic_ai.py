"""Models behind the OpenAI chat-completions shape, through pydantic-ai (extra `llm`): the provider's own, or a server
of yours at `base_url`.

One prompt and a JSON Schema go out, an object of that shape comes back; there are no tools, no history and no second
try. Every failure becomes a ModelError that says which: refused, cut off, not the asked shape, rate limit, server,
timeout, connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openai import AsyncOpenAI
from pydantic_ai import Agent, NativeOutput, StructuredDict
from pydantic_ai import exceptions as kit
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from pipeline.domain import digest
from pipeline.errors import ConfigurationError, ModelError
from pipeline.llms.deciding import asked, stated
from pipeline.protocols import LLM, Completion, Decided, Question, Usage
from pipeline.settings import WriteSettings, secret

KEY_VARIABLE = "OPENAI_API_KEY"
_NO_KEY = "none-needed"


class PydanticAI:
    """One model at one server. Settings: temperature 0, one attempt, a deadline for the whole answer."""

    def __init__(self, model: str, *, base_url: str = "", api_key: str, timeout: float) -> None:
        client = AsyncOpenAI(base_url=base_url or None, api_key=api_key, timeout=timeout, max_retries=0)
        self._model = OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client))
        self._name, self._timeout = f"openai:{model}", timeout

    @property
    def name(self) -> str:
        """Provider and model."""
        return self._name

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """One answer of the shape `schema`. Raises ModelError."""
        shape = StructuredDict(dict(schema), name=str(schema.get("title", "answer")))
        settings = ModelSettings(
            max_tokens=max_tokens, temperature=0.0, timeout=self._timeout, seed=int(digest("seed", prompt)[:6], 16)
        )
        agent: Agent[None, Any] = Agent(
            self._model, output_type=NativeOutput(shape), instructions=system, retries=0, model_settings=settings
        )
        result = self._ask(agent, prompt)
        value = result.output
        if not isinstance(value, dict):
            raise ModelError(f"{self._name} answered {type(value).__name__}, not a JSON object")
        usage = result.usage
        return Completion(
            value=dict(value),
            model=str(result.response.model_name or self._name),
            usage=Usage(usage.input_tokens or 0, usage.output_tokens or 0, 1, _cost(result)),
        )

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decided:
        """Probabilities as the model states them, through a schema. Raises ModelError."""
        plain = asked(state, questions)
        answer = self.generate(
            plain.prompt, system=plain.system, schema=plain.schema, max_tokens=plain.max_tokens, source=source
        )
        return Decided(stated(answer.value, questions), answer.model, "stated", answer.usage)

    def _ask(self, agent: Any, prompt: str) -> Any:
        """Run the agent; every exception of the kit becomes a ModelError with its cause in words."""
        try:
            return agent.run_sync(prompt)
        except kit.ContentFilterError as error:
            raise ModelError(f"{self._name} refused to answer") from error
        except kit.ModelHTTPError as error:
            what = "rate limit" if error.status_code == 429 else "server error"
            raise ModelError(f"{self._name}: {what}, status {error.status_code}") from error
        except (kit.IncompleteToolCall, kit.OutputTokenLimitExceeded) as error:
            raise ModelError(f"{self._name}: the answer was cut off at its token limit") from error
        except kit.UnexpectedModelBehavior as error:
            raise ModelError(f"{self._name}: {_why(error)}") from error
        except kit.ModelAPIError as error:
            raise ModelError(f"{self._name}: no answer ({error.message})") from error
        except Exception as error:  # whatever else the kit or the client raises must not end the night
            raise ModelError(f"{self._name}: {type(error).__name__}: {str(error)[:200]}") from error


def build(settings: WriteSettings) -> LLM:
    """The model of `settings`. Raises ConfigurationError where the key is missing."""
    variable = settings.api_key_env or KEY_VARIABLE
    key = secret(variable) or ""
    if not key and not settings.base_url:
        raise ConfigurationError(
            f"{settings.model} needs a key in the environment variable {variable}",
            key="write.api_key_env",
            fix=f'export {variable}=...  (or model = "extractive")',
        )
    model = settings.model.partition(":")[2]
    return PydanticAI(model, base_url=settings.base_url, api_key=key or _NO_KEY, timeout=settings.timeout)


def _why(error: Exception) -> str:
    text = str(error)
    if "refus" in text.lower() or "content filter" in text.lower():
        return "it refused to answer"
    if "token limit" in text.lower() or "max_tokens" in text.lower():
        return "the answer was cut off at its token limit"
    return f"the answer is not the asked JSON object ({text[:160]})"


def _cost(result: Any) -> float:
    """Price of the answer in USD where the kit's price table knows the model; 0 for a server of one's own."""
    try:
        return float(result.response.cost().total_price)
    except Exception:
        return 0.0
