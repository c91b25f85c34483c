"""What all wrappers share: a model around a model, whose calls of either verb go through one door."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pipeline.llms.deciding import asked
from pipeline.protocols import LLM, Completion, Decisions, Question

__all__ = ["Around", "Behind", "Load"]

Answer = TypeVar("Answer", Completion, Decisions)
_CHARACTERS = 3  # per token, at the low end for European text: an estimate errs on the side of more tokens


@dataclass(frozen=True, slots=True)
class Load:
    """What one call may take at most, estimated before it is made: tokens in and out; and the source it is about."""

    tokens_in: int
    tokens_out: int
    source: str


class Behind:
    """A model with another one behind it, whose name it bears."""

    def __init__(self, inner: LLM) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        """Name of the model behind."""
        return self._inner.name


class Around(Behind, ABC):
    """A model around another one of the same name. Subclasses say in `_through` what happens around a call."""

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """As the model behind, through this wrapper's door."""
        call = partial(self._inner.generate, prompt, system=system, schema=schema, max_tokens=max_tokens, source=source)
        return self._through(call, Load(_tokens(prompt, system, schema), max_tokens, source))

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """As the model behind, through this wrapper's door."""
        plain = asked(state, questions)
        load = Load(_tokens(plain.prompt, plain.system, plain.schema), plain.max_tokens, source)
        return self._through(partial(self._inner.decide, state, questions, source=source), load)

    @abstractmethod
    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        """Make `call`, or do not, and give its answer. Raises ModelError or BudgetExhausted."""


def _tokens(prompt: str, system: str, schema: Mapping[str, Any]) -> int:
    """Estimated tokens of a call: no fewer than one for three characters or one for a CJK character's three bytes."""
    text = prompt + system + json.dumps(schema, ensure_ascii=False)
    return max(len(text), len(text.encode("utf-8", "surrogatepass"))) // _CHARACTERS + 1
