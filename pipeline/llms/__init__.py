"""Language models by name: "provider:model", from a lazy table, wrapped in a cache and a meter.

"extractive" is no model: the desk then writes by extraction alone, and `build` answers None. Other packages add
providers as entry points of the group `citewire.llm` (a function of a WriteSettings-like object that returns an LLM).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from typing import cast

from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.llms.cached import Answers, CachedLLM
from pipeline.llms.metered import MeteredLLM
from pipeline.protocols import LLM
from pipeline.settings import WriteSettings

GROUP = "citewire.llm"
EXTRACTIVE = "extractive"

_TABLE = {
    "openai": "pipeline.llms.pydantic_ai:build",
}


def names() -> tuple[str, ...]:
    """Providers that can be named before the colon, sorted."""
    plugins = {point.name for point in metadata.entry_points(group=GROUP)}
    return tuple(sorted({*_TABLE, *plugins, EXTRACTIVE}))


def build(settings: WriteSettings) -> LLM | None:
    """The model that `settings.model` names; None for "extractive".

    Raises ConfigurationError for an unknown provider or a missing key, MissingExtra where a package is lacking.
    """
    if settings.model == EXTRACTIVE:
        return None
    provider, _, model = settings.model.partition(":")
    if not model:
        raise ConfigurationError(
            f"{settings.model!r} names no model", key="write.model", fix='model = "extractive" or "openai:MODEL"'
        )
    return _factory(provider)(settings)


def for_night(settings: WriteSettings, answers: Answers, now: datetime) -> LLM | None:
    """The model of one night: what it answered before comes from `answers` (the store), new calls meet the budget."""
    model = build(settings)
    return CachedLLM(MeteredLLM(model, settings.budget), answers, now) if model else None


def _factory(provider: str) -> Callable[[WriteSettings], LLM]:
    if provider in _TABLE:
        module, _, function = _TABLE[provider].partition(":")
        try:
            return cast(Callable[[WriteSettings], LLM], getattr(importlib.import_module(module), function))
        except ImportError as error:
            raise MissingExtra(f"{provider} needs the extra llm: pip install 'citewire[llm]'") from error
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.value):
        if point.name == provider:
            return cast(Callable[[WriteSettings], LLM], point.load())
    raise ConfigurationError(
        f"no model provider is called {provider!r}; known: {', '.join(names())}",
        key="write.model",
        fix='model = "extractive"',
    )
