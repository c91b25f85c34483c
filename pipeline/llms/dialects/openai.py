"""The chat-completions dialect, through the kit `openai`: OpenAI, OpenRouter, and servers of one's own.

Ollama, vLLM, llama.cpp and LM Studio answer at their usual loopback address unless `base_url` says where; any other
server of this dialect is "openai:MODEL" with a `base_url`.
"""

from __future__ import annotations

from typing import Any

from openai import AsyncOpenAI
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.openrouter import OpenRouterModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openrouter import OpenRouterProvider
from pydantic_ai.providers.vllm import VLLMProvider

from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings

_TOP = 10  # alternatives of a token that are asked for
_OWN = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)  # some servers know `max_tokens` alone
_LOGPROBS = {"openai_logprobs": True, "openai_top_logprobs": _TOP}


def openai(model: str, served: ServedSettings) -> LLM:
    """A model of OpenAI, or of a server of the same dialect at `base_url`."""
    return _speak(Known("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"), model, served)


def openrouter(model: str, served: ServedSettings) -> LLM:
    """A model that OpenRouter passes calls on to."""
    known = Known("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY")

    def make(server: Server, http: Any) -> Any:
        return OpenRouterModel(server.model, provider=OpenRouterProvider(openai_client=_client(server, http)))

    return KitLLM(resolve(known, model, served), make, served, logprobs=_LOGPROBS)


def ollama(model: str, served: ServedSettings) -> LLM:
    """A model that Ollama serves."""

    def make(server: Server, http: Any) -> Any:
        return OllamaModel(server.model, provider=OllamaProvider(openai_client=_client(server, http)), profile=_OWN)

    known = Known("ollama", "http://127.0.0.1:11434/v1", "OLLAMA_API_KEY", own=True)
    return KitLLM(resolve(known, model, served), make, served, logprobs=_LOGPROBS)


def vllm(model: str, served: ServedSettings) -> LLM:
    """A model that vLLM serves."""

    def make(server: Server, http: Any) -> Any:
        provider = VLLMProvider(openai_client=_client(server, http))
        return OpenAIChatModel(server.model, provider=provider, profile=_OWN)

    known = Known("vllm", "http://127.0.0.1:8000/v1", "VLLM_API_KEY", own=True)
    return KitLLM(resolve(known, model, served), make, served, logprobs=_LOGPROBS)


def llamacpp(model: str, served: ServedSettings) -> LLM:
    """The model that a llama.cpp server has loaded."""
    return _speak(Known("llamacpp", "http://127.0.0.1:8080/v1", "LLAMA_API_KEY", own=True), model, served)


def lmstudio(model: str, served: ServedSettings) -> LLM:
    """A model that LM Studio serves."""
    return _speak(Known("lmstudio", "http://127.0.0.1:1234/v1", "LMSTUDIO_API_KEY", own=True), model, served)


def _speak(known: Known, model: str, served: ServedSettings) -> LLM:
    """A server of this dialect, OpenAI's own or another."""
    own = known.own or (served.base_url or known.base_url) != known.base_url

    def make(server: Server, http: Any) -> Any:
        provider = OpenAIProvider(openai_client=_client(server, http))
        return OpenAIChatModel(server.model, provider=provider, profile=_OWN if own else None)

    return KitLLM(resolve(known, model, served), make, served, logprobs=_LOGPROBS)


def _client(server: Server, http: Any) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=server.base_url, api_key=server.key or NO_KEY, http_client=http, max_retries=0)
