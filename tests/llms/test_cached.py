"""Answers are kept by what can change them; failures never are."""

from __future__ import annotations

import pytest
from modelled import NOW, SHAPE, Answers, Fixed, ask

from pipeline.errors import ModelError
from pipeline.llms.cached import CachedLLM, answer_key
from pipeline.protocols import Usage, choice, yes_no

HOLDS = {"holds": yes_no("Does it hold?")}


def test_the_same_question_is_asked_once_and_says_what_it_took() -> None:
    model, answers = Fixed(usage=Usage(10, 5, cost=0.25)), Answers()
    first = ask(CachedLLM(model, answers, NOW))
    again = ask(CachedLLM(model, answers, NOW))
    assert (model.calls, first.value, again.value) == (1, {"n": 1}, {"n": 1})
    assert (first.cached, again.cached) == (False, True)
    assert (again.model, again.usage, again.finish) == ("fixed:1-dated", Usage(10, 5, cost=0.25), "stop")
    assert (first.spent.cost, again.spent) == (0.25, Usage(calls=0))
    assert first.key == again.key
    assert first.key in answers.kept


@pytest.mark.parametrize(
    "other", [{"prompt": "p2"}, {"system": "s2"}, {"schema": {"type": "object", "title": "other"}}], ids=str
)
def test_whatever_can_change_the_answer_is_another_call(other: dict[str, object]) -> None:
    model = Fixed()
    cached = CachedLLM(model, Answers(), NOW)
    ask(cached)
    ask(cached, **other)
    assert model.calls == 2


def test_models_do_not_share_answers() -> None:
    answers = Answers()
    ask(CachedLLM(Fixed("a:1"), answers, NOW))
    other = Fixed("b:1")
    ask(CachedLLM(other, answers, NOW))
    assert other.calls == 1


def test_decisions_are_kept_with_their_basis() -> None:
    model, answers = Fixed(), Answers()
    first = CachedLLM(model, answers, NOW).decide("It rained.", HOLDS)
    again = CachedLLM(model, answers, NOW).decide("It rained.", HOLDS)
    assert (model.calls, again.cached, again.basis) == (1, True, "decision")
    assert again.decisions == first.decisions
    CachedLLM(model, answers, NOW).decide("It rained.", {"holds": choice("Does it hold?", ["it does", "it does not"])})
    assert model.calls == 2


@pytest.mark.parametrize("kind", ["refused", "truncated", "shape", "rate", "server", "timeout"])
def test_failures_are_not_kept(kind: str) -> None:
    answers = Answers()
    cached = CachedLLM(Fixed(errors=[ModelError("no", kind=kind)]), answers, NOW)
    with pytest.raises(ModelError):
        ask(cached)
    assert answers.kept == {}
    assert ask(cached).value == {"n": 2}


@pytest.mark.parametrize("spoilt", ["[1]", "{}", '{"value": {}}'])
def test_a_spoilt_kept_answer_is_a_model_error(spoilt: str) -> None:
    answers = Answers()
    answers.kept[answer_key("generate", "fixed:1", "p", "s", SHAPE)] = spoilt
    with pytest.raises(ModelError, match="kept answer"):
        ask(CachedLLM(Fixed(), answers, NOW))
