"""The table of providers, and how one model of it is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pipeline.protocols import LLM
from pipeline.registry import Registry
from pipeline.roles import ServedSettings

__all__ = ["PROVIDERS", "build", "known_providers", "served"]

_OPENAI = "pipeline.llms.dialects.openai"
PROVIDERS = Registry(
    what="model provider",
    key="models",
    group="citewire.llm",
    built_in={
        "anthropic": "pipeline.llms.dialects.anthropic:anthropic",
        "bedrock": "pipeline.llms.dialects.bedrock:bedrock",
        "google": "pipeline.llms.dialects.google:google",
        "groq": "pipeline.llms.dialects.groq:groq",
        "llamacpp": f"{_OPENAI}:llamacpp",
        "lmstudio": f"{_OPENAI}:lmstudio",
        "mistral": "pipeline.llms.dialects.mistral:mistral",
        "nli": "pipeline.llms.dialects.nli:nli",
        "ollama": f"{_OPENAI}:ollama",
        "openai": f"{_OPENAI}:openai",
        "openrouter": f"{_OPENAI}:openrouter",
        "systemone": "pipeline.llms.dialects.systemone:systemone",
        "vllm": f"{_OPENAI}:vllm",
    },
    extras={
        "anthropic": "anthropic",
        "bedrock": "bedrock",
        "google": "google",
        "groq": "groq",
        "llamacpp": "llm",
        "lmstudio": "llm",
        "mistral": "mistral",
        "nli": "semantic",
        "ollama": "llm",
        "openai": "llm",
        "openrouter": "llm",
        "systemone": "llm",
        "vllm": "llm",
    },
)


def known_providers(entries: Iterable[ServedSettings]) -> None:
    """Raises ConfigurationError for a [[model]] of a provider that nobody knows: it would say nothing, unnoticed."""
    for entry in entries:
        PROVIDERS.known(entry.name.partition(":")[0])


def served(name: str, known: Iterable[ServedSettings]) -> ServedSettings:
    """The [[model]] that is about the model `name`, else the one about its provider, else the defaults."""
    by_name = {entry.name: entry for entry in known}
    provider = name.partition(":")[0]
    return by_name.get(name) or by_name.get(provider) or ServedSettings(name=name)


def build(name: str, known: Iterable[ServedSettings]) -> LLM:
    """The model `name`, bare. Raises ConfigurationError (unknown provider, no key), MissingExtra (no kit)."""
    provider, _, model = name.partition(":")
    return cast(LLM, PROVIDERS.load(provider)(model, served(name, known)))
