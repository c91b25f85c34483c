"""Google's Gemini dialect, through the kit `google-genai`."""

from __future__ import annotations

from typing import Any

from google.genai.types import HttpRetryOptions
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings


def google(model: str, served: ServedSettings) -> LLM:
    """A Gemini model."""

    def make(server: Server, http: Any) -> Any:
        once = HttpRetryOptions(attempts=1)
        provider = GoogleProvider(
            api_key=server.key or NO_KEY, base_url=server.base_url, http_client=http, retry_options=once
        )
        return GoogleModel(server.model, provider=provider)

    known = Known("google", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY")
    return KitLLM(resolve(known, model, served), make, served)
