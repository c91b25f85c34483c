"""Anthropic's messages dialect, through the kit `anthropic`."""

from __future__ import annotations

from typing import Any

from anthropic import AsyncAnthropic
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings


def anthropic(model: str, served: ServedSettings) -> LLM:
    """A model of Anthropic."""

    def make(server: Server, http: Any) -> Any:
        client = AsyncAnthropic(
            base_url=server.base_url, api_key=server.key or NO_KEY, auth_token=None, http_client=http, max_retries=0
        )
        return AnthropicModel(server.model, provider=AnthropicProvider(anthropic_client=client))

    known = Known("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY")
    return KitLLM(resolve(known, model, served), make, served)
