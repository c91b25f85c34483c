"""Which models a desk asks, for what, where they are served, and what a night of them may take.

A model is named "provider:model" ("openai:gpt-6-luna", "ollama:qwen3"). A role has a list of them: the first is asked,
the next where it fails. A role without one is played without a model, by rules.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipeline.preferences import Section

__all__ = ["ROLES", "LimitSettings", "Role", "RolesSettings", "ServedSettings"]

Role = Literal["extract", "write", "judge"]
ROLES: tuple[Role, ...] = ("extract", "write", "judge")


def _named(value: str) -> str:
    provider, _, model = value.partition(":")
    if not provider or not model:
        raise ValueError(f'{value!r} is not of the form "provider:model", such as "openai:gpt-6-luna"')
    return value


Named = Annotated[str, AfterValidator(_named)]


class RolesSettings(Section):
    """[models]: which models are asked, and what a night of them may take."""

    extract: tuple[Named, ...] = Field(
        default=(), description="Models that point at claims, in the order they are asked; none: rules find them."
    )
    write: tuple[Named, ...] = Field(
        default=(), description="Models that write stories; where none is named or none answers, by extraction."
    )
    judge: tuple[Named, ...] = Field(
        default=(), description="Models that may refuse sentences beside the gate; none: the gate alone."
    )
    budget: float = Field(default=1.0, ge=0, description="Most money (USD) that all models may cost in one night.")
    tokens: int = Field(default=0, ge=0, description="Most tokens, in and out, in one night; 0: no such limit.")
    calls: int = Field(default=0, ge=0, description="Most calls in one night; 0: no such limit.")
    max_tokens: int = Field(default=4000, ge=256, description="Longest answer asked of a model.")

    def of(self, role: Role) -> tuple[str, ...]:
        """The models of `role`, in order."""
        named: tuple[str, ...] = getattr(self, role)
        return named


class ServedSettings(Section):
    """[[model]]: how one model, or all models of one provider, are reached, and what they cost."""

    name: str = Field(min_length=1, description='"provider:model", or "provider" for all of its models.')
    base_url: str = Field(default="", description="Address of the server; empty: the provider's own.")
    key_env: str = Field(default="", description="Environment variable of the key; empty: the provider's usual one.")
    timeout: float = Field(default=120.0, gt=0, le=3600, description="Seconds for one whole answer.")
    price_in: float | None = Field(default=None, ge=0, description="USD per million tokens in; none: as listed.")
    price_out: float | None = Field(default=None, ge=0, description="USD per million tokens out; none: as listed.")
    attempts: int = Field(default=3, ge=1, le=10, description="Calls made at most for one answer.")
    per_minute: int = Field(default=0, ge=0, description="Most calls begun in one minute; 0: as many as come.")
    at_once: int = Field(default=4, ge=1, le=64, description="Most calls under way at the same time.")
    shape: Literal["auto", "native", "tool", "prompted"] = Field(
        default="auto",
        description="How an answer is made to fit: by the server's JSON Schema, a tool call, or by asking for it.",
    )
    thinking: Literal["off", "default", "low", "medium", "high"] = Field(
        default="off",
        description="How much a model that reasons does so before it answers; what it thinks counts as tokens out.",
    )
    logprobs: bool = Field(
        default=False, description="Whether the server tells the probabilities of tokens; decisions then rest on them."
    )


class LimitSettings(Section):
    """[[limit]]: what one role, or each single source, may take of a night."""

    of: Literal["extract", "write", "judge", "source"] = Field(
        description='A role, or "source": each source that calls are about, by itself.'
    )
    budget: float | None = Field(default=None, ge=0, description="Most money (USD) in one night; none: no such limit.")
    tokens: int = Field(default=0, ge=0, description="Most tokens, in and out; 0: no such limit.")
    calls: int = Field(default=0, ge=0, description="Most calls; 0: no such limit.")
