"""Answers are kept, money is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.errors import BudgetExhausted, ModelError
from pipeline.llms.cached import CachedLLM, answer_key
from pipeline.llms.metered import MeteredLLM
from pipeline.protocols import Completion

NOW = datetime(2026, 5, 4, tzinfo=UTC)
SHAPE: Mapping[str, Any] = {"type": "object"}


class Fixed:
    """A model with a fixed answer and price."""

    name = "fixed:1"

    def __init__(self, cost: float = 0.0, error: Exception | None = None) -> None:
        self.calls, self.cost, self.error = 0, cost, error

    def generate(self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        self.calls += 1
        if self.error:
            raise self.error
        return Completion({"n": self.calls}, "fixed-1", 10, 5, self.cost)


class Answers:
    """Kept answers in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def cached_answer(self, key: str) -> str | None:
        return self.kept.get(key)

    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None:
        self.kept.setdefault(key, answer)


def test_the_same_question_is_asked_once() -> None:
    model, answers = Fixed(), Answers()
    cached = CachedLLM(model, answers, NOW)
    first = cached.generate("p", system="s", schema=SHAPE, max_tokens=9)
    again = CachedLLM(model, answers, NOW).generate("p", system="s", schema=SHAPE, max_tokens=9)
    assert (model.calls, first.value, again.value, again.cached, again.cost) == (1, {"n": 1}, {"n": 1}, True, 0.0)
    cached.generate("p2", system="s", schema=SHAPE, max_tokens=9)
    assert model.calls == 2


def test_failures_are_not_kept() -> None:
    answers = Answers()
    with pytest.raises(ModelError):
        CachedLLM(Fixed(error=ModelError("no")), answers, NOW).generate("p", system="", schema=SHAPE, max_tokens=9)
    assert answers.kept == {}


def test_a_spoilt_kept_answer_is_a_model_error() -> None:
    answers = Answers()
    answers.kept[answer_key("fixed:1", "p", "s", SHAPE)] = "[1]"
    with pytest.raises(ModelError):
        CachedLLM(Fixed(), answers, NOW).generate("p", system="s", schema=SHAPE, max_tokens=9)


def test_no_call_begins_after_the_money_is_spent() -> None:
    meter = MeteredLLM(Fixed(cost=0.6), 1.0)
    for _ in range(2):
        meter.generate("p", system="", schema=SHAPE, max_tokens=9)
    with pytest.raises(BudgetExhausted, match=r"1\.00 USD"):
        meter.generate("p", system="", schema=SHAPE, max_tokens=9)
    assert (meter.calls, meter.cost, meter.tokens) == (2, pytest.approx(1.2), 30)
