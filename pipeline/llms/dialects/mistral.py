"""Mistral's dialect, through the kit `mistralai`."""

from __future__ import annotations

from typing import Any

from mistralai.client import Mistral
from pydantic_ai.models.mistral import MistralModel
from pydantic_ai.providers.mistral import MistralProvider

from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings


def mistral(model: str, served: ServedSettings) -> LLM:
    """A model of Mistral."""

    def make(server: Server, http: Any) -> Any:
        client = Mistral(api_key=server.key or NO_KEY, server_url=server.base_url, async_client=http)
        return MistralModel(server.model, provider=MistralProvider(mistral_client=client))

    return KitLLM(resolve(Known("mistral", "https://api.mistral.ai", "MISTRAL_API_KEY"), model, served), make, served)
