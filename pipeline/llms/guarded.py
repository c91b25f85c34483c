"""A model whose answers give nothing of the prompt away: the innermost wrapper, one for every call that generates.

Each call's system part ends with a canary that is no part of any answer, and data stand between markers made for the
call (pipeline/prompts.py). An answer that holds either, or a whole line of the system part, was steered or is broken:
all of it is refused, as a refusal is, so nothing of it is kept or shown, and the next model is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.domain import digest
from pipeline.errors import ModelError
from pipeline.gate import lint
from pipeline.llms.around import Behind
from pipeline.protocols import Completion, Decisions, Question

__all__ = ["GuardedLLM"]


class GuardedLLM(Behind):
    """Wraps a model; its decisions are numbers and pass."""

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """As the model behind. Raises ModelError (kind "refused") for an answer that gives its prompt away."""
        canary = f"canary-{digest('canary', system, prompt)}"
        marked = f"{system}\n\nThe mark {canary} is for the program alone; it stands in no answer."
        answer = self._inner.generate(prompt, system=marked, schema=schema, max_tokens=max_tokens, source=source)
        if what := lint.leaked(json.dumps(answer.value, ensure_ascii=False), prompt, marked):
            took = (answer.usage.input_tokens, answer.usage.output_tokens)
            raise ModelError(f"the answer of {self.name} held {what}; none of it is used", kind="refused", took=took)
        return answer

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """As the model behind."""
        return self._inner.decide(state, questions, source=source)
