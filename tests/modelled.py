"""Models of the tests' own: one with a fixed answer, one that runs a script, and a store of answers in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.protocols import Completion, Decision, Decisions, Question, Usage

NOW = datetime(2026, 5, 4, tzinfo=UTC)
SHAPE: Mapping[str, Any] = {"type": "object"}
USED = Usage(10, 5)


class Fixed:
    """A model that counts its calls up as its answer, or raises what it is told to, in turn (None: it answers)."""

    def __init__(self, name: str = "fixed:1", *, usage: Usage = USED, errors: Sequence[Exception | None] = ()) -> None:
        self.name, self.usage, self.errors = name, usage, list(errors)
        self.calls = 0
        self.sources: list[str] = []

    def _call(self, source: str) -> None:
        self.calls += 1
        self.sources.append(source)
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        self._call(source)
        return Completion({"n": self.calls}, f"{self.name}-dated", self.usage)

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        self._call(source)
        found = {name: Decision.of(q, {q.labels[0]: 3, q.labels[1]: 1}) for name, q in questions.items()}
        return Decisions(found, f"{self.name}-dated", "decision", self.usage)


class Answers:
    """Kept answers in memory; the first one stands, as in the store."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def cached_answer(self, key: str) -> str | None:
        return self.kept.get(key)

    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None:
        self.kept.setdefault(key, answer)


def ask(llm: Any, prompt: str = "p", **more: Any) -> Completion:
    """One short call of `generate`."""
    answer = llm.generate(prompt, **{"system": "s", "schema": SHAPE, "max_tokens": 9, **more})
    assert isinstance(answer, Completion)
    return answer
