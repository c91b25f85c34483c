"""Groq's dialect, through the kit `groq`, the one that still speaks httpx."""

from __future__ import annotations

from typing import Any

from groq import AsyncGroq
from pydantic_ai.models.groq import GroqModel
from pydantic_ai.providers.groq import GroqProvider

from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.llms.wire import legacy_client
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings


def groq(model: str, served: ServedSettings) -> LLM:
    """A model that Groq serves."""

    def make(server: Server, http: Any) -> Any:
        client = AsyncGroq(base_url=server.base_url, api_key=server.key or NO_KEY, http_client=http, max_retries=0)
        return GroqModel(server.model, provider=GroqProvider(groq_client=client))

    known = Known("groq", "https://api.groq.com", "GROQ_API_KEY")
    return KitLLM(resolve(known, model, served), make, served, client=legacy_client)
