"""A model that is asked the same thing once: answers are kept by the hash of model, system part, prompt and shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from pipeline.domain import digest
from pipeline.errors import ModelError
from pipeline.protocols import LLM, Completion


class Answers(Protocol):
    """The part of the store that keeps answers."""

    def cached_answer(self, key: str) -> str | None: ...
    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None: ...


class CachedLLM:
    """Wraps a model; a rerun, and `replay`, get the same answer without a call."""

    def __init__(self, inner: LLM, answers: Answers, now: datetime) -> None:
        self._inner, self._answers, self._now = inner, answers, now

    @property
    def name(self) -> str:
        """Name of the model behind."""
        return self._inner.name

    def generate(self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        """The kept answer, else a new one, which is kept. Failures are not kept. Raises as the model behind does."""
        key = answer_key(self.name, prompt, system, schema)
        kept = self._answers.cached_answer(key)
        if kept is not None:
            value = json.loads(kept)
            if not isinstance(value, dict):
                raise ModelError(f"the kept answer {key} is not a JSON object; delete it and run again")
            return Completion(value=value, model=self.name, cached=True)
        answer = self._inner.generate(prompt, system=system, schema=schema, max_tokens=max_tokens)
        text = json.dumps(answer.value, ensure_ascii=False, sort_keys=True)
        self._answers.cache_answer(key, text, answer.model, self._now)
        return replace(answer, value=json.loads(text))


def answer_key(model: str, prompt: str, system: str, schema: Mapping[str, Any]) -> str:
    """Key of one call: everything that can change its answer."""
    return "a" + digest("answer", model, system, prompt, json.dumps(schema, sort_keys=True), size=32)
