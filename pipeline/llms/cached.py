"""A model that is asked the same thing once: answers are kept by the hash of all that can change them.

The key covers model, system part, rendered prompt (so prompt version and input) and shape. What raises is not kept: no
refusal, no truncation, no answer of another shape. With an answer is kept what it took, so that a replay says the same.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from pipeline.domain import digest
from pipeline.errors import ModelError
from pipeline.llms.around import Behind
from pipeline.llms.deciding import asked
from pipeline.protocols import LLM, Completion, Decision, Decisions, Question, Usage

__all__ = ["Answers", "CachedLLM", "answer_key"]


class Answers(Protocol):
    """The part of the store that keeps answers."""

    def cached_answer(self, key: str) -> str | None: ...
    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None: ...


class CachedLLM(Behind):
    """Wraps a model; a rerun, and `replay`, get the same answer without a call."""

    def __init__(self, inner: LLM, answers: Answers, now: datetime) -> None:
        super().__init__(inner)
        self._answers, self._now = answers, now

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """The kept answer, else a new one, which is kept. Failures are not kept. Raises as the model behind does."""
        key = answer_key("generate", self.name, prompt, system, schema)
        kept = self._kept(key, "value", "model", "finish", "usage")
        if kept is not None:
            usage = Usage(**kept["usage"])
            return Completion(kept["value"], kept["model"], usage, kept["finish"], cached=True, key=key)
        answer = self._inner.generate(prompt, system=system, schema=schema, max_tokens=max_tokens, source=source)
        value = self._keep(
            key,
            {
                "value": answer.value,
                "model": answer.model,
                "finish": answer.finish,
                "usage": dataclasses.asdict(answer.usage),
            },
        )["value"]
        return dataclasses.replace(answer, value=value, key=key)

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """The kept decisions, else new ones, which are kept. Raises as the model behind does."""
        plain = asked(state, questions)
        key = answer_key("decide", self.name, plain.prompt, plain.system, plain.schema)
        kept = self._kept(key, "decisions", "model", "basis", "usage")
        if kept is not None:
            decisions = {name: Decision(kept["decisions"][name]) for name in questions}
            return Decisions(decisions, kept["model"], kept["basis"], Usage(**kept["usage"]), cached=True, key=key)
        answer = self._inner.decide(state, questions, source=source)
        self._keep(
            key,
            {
                "decisions": {name: dict(d.probabilities) for name, d in answer.decisions.items()},
                "model": answer.model,
                "basis": answer.basis,
                "usage": dataclasses.asdict(answer.usage),
            },
        )
        return dataclasses.replace(answer, key=key)

    def _kept(self, key: str, *parts: str) -> dict[str, Any] | None:
        text = self._answers.cached_answer(key)
        if text is None:
            return None
        kept = json.loads(text)
        if not isinstance(kept, dict) or any(part not in kept for part in parts):
            raise ModelError(f"the kept answer {key} is not of the form that this version keeps")
        return kept

    def _keep(self, key: str, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Keep `answer` as JSON, and give what will be read of it."""
        text = json.dumps(answer, ensure_ascii=False)
        self._answers.cache_answer(key, text, str(answer["model"]), self._now)
        kept: dict[str, Any] = json.loads(text)
        return kept


def answer_key(verb: str, model: str, prompt: str, system: str, schema: Mapping[str, Any]) -> str:
    """Key of one call: everything that can change its answer."""
    return "a" + digest("answer", verb, model, system, prompt, json.dumps(schema, sort_keys=True), size=32)
