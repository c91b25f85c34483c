"""Language models by name: "provider:model", from a lazy table, wrapped in a cache and a meter.

"extractive" is no model: the desk then writes by extraction alone, and `build` answers None. Other packages add
providers as entry points of the group `citewire.llm` (a function of a WriteSettings-like object that returns an LLM).
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from pipeline.errors import ConfigurationError
from pipeline.llms.cached import Answers, CachedLLM
from pipeline.llms.metered import MeteredLLM
from pipeline.protocols import LLM
from pipeline.registry import Registry
from pipeline.settings import AnalyzeSettings, WriteSettings

EXTRACTIVE = "extractive"
PROVIDERS = Registry(
    what="model provider",
    key="write.model",
    group="citewire.llm",
    built_in={"openai": "pipeline.llms.pydantic_ai:build"},
    extras={"openai": "llm"},
)


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
    return cast(LLM, PROVIDERS.load(provider)(settings))


def for_claims(analyze: AnalyzeSettings, write: WriteSettings) -> WriteSettings:
    """What the model that points at claims is built from: server and key of [write], its own name and budget.

    Raises ConfigurationError where no model is named.
    """
    model = analyze.model or write.model
    if model == EXTRACTIVE:
        raise ConfigurationError(
            'extractor = "model" names no model', key="analyze.model", fix='model = "openai:MODEL" under [analyze]'
        )
    return write.model_copy(update={"model": model, "budget": analyze.budget})


def for_night(settings: WriteSettings, answers: Answers, now: datetime) -> LLM | None:
    """The model of one night: what it answered before comes from `answers` (the store), new calls meet the budget."""
    model = build(settings)
    return CachedLLM(MeteredLLM(model, settings.budget), answers, now) if model else None
