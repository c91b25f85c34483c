"""A model with a budget: what it has cost is added up, and no call begins once the night's money is spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.errors import BudgetExhausted
from pipeline.protocols import LLM, Completion


class MeteredLLM:
    """Wraps a model and counts calls, tokens and cost."""

    def __init__(self, inner: LLM, budget: float) -> None:
        self._inner, self._budget = inner, budget
        self.cost = 0.0
        self.calls = 0
        self.tokens = 0

    @property
    def name(self) -> str:
        """Name of the model behind."""
        return self._inner.name

    def generate(self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        """As the model behind. Raises BudgetExhausted instead of calling when the budget is used up."""
        if self.calls and self.cost >= self._budget:
            raise BudgetExhausted(
                f"the night's model budget of {self._budget:.2f} USD is used up after {self.calls} calls; "
                "the remaining stories are written by extraction"
            )
        self.calls += 1
        answer = self._inner.generate(prompt, system=system, schema=schema, max_tokens=max_tokens)
        self.cost += answer.cost
        self.tokens += answer.input_tokens + answer.output_tokens
        return answer
