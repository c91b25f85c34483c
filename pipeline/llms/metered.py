"""A model with a budget: what it has cost is added up, and no call begins once the night's money is spent."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.errors import BudgetExhausted
from pipeline.llms.around import Answer, Around, Load
from pipeline.protocols import LLM, Usage


class MeteredLLM(Around):
    """Wraps a model and counts calls, tokens and cost."""

    def __init__(self, inner: LLM, budget: float) -> None:
        super().__init__(inner)
        self._budget = budget
        self.spent = Usage(calls=0)

    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        """Raises BudgetExhausted instead of calling when the budget is used up."""
        if self.spent.calls and self.spent.cost >= self._budget:
            raise BudgetExhausted(
                f"the night's model budget of {self._budget:.2f} USD is used up after {self.spent.calls} calls; "
                "the remaining stories are written by extraction"
            )
        self.spent += Usage()
        answer = call()
        self.spent += Usage(answer.usage.input_tokens, answer.usage.output_tokens, 0, answer.usage.cost)
        return answer
