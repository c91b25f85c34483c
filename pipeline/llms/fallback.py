"""Models in an order: the first that answers is taken, and the answer says which were passed over."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.errors import BudgetExhausted, ModelError
from pipeline.llms.around import Answer
from pipeline.protocols import LLM, Completion, Decisions, Question

__all__ = ["FallbackLLM"]


class FallbackLLM:
    """Asks `models` in turn. A model without budget left is passed over too: the next one may be free."""

    def __init__(self, models: Sequence[LLM]) -> None:
        if not models:
            raise ValueError("a role needs a model")
        self._models = tuple(models)

    @property
    def name(self) -> str:
        """The names of all, in order."""
        return " or ".join(model.name for model in self._models)

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """The first answer. Raises BudgetExhausted where every model lacks budget, else what the last ones said."""
        return self._first(
            lambda llm: llm.generate(prompt, system=system, schema=schema, max_tokens=max_tokens, source=source)
        )

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """The first decisions. Raises as `generate`."""
        return self._first(lambda llm: llm.decide(state, questions, source=source))

    def _first(self, call: Callable[[LLM], Answer]) -> Answer:
        failed: list[ModelError] = []
        spent: list[BudgetExhausted] = []
        passed: list[str] = []
        for model in self._models:
            try:
                return dataclasses.replace(call(model), passed=tuple(passed))
            except ModelError as error:
                failed.append(error)
            except BudgetExhausted as error:
                spent.append(error)
            passed.append(model.name)
        if not failed:
            raise spent[0]
        if len(failed) == len(self._models) == 1:
            raise failed[0]
        raise ModelError("; ".join(str(error) for error in (*failed, *spent)), kind=failed[-1].kind)
