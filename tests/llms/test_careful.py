"""Pace, retries, circuit breaker, fallback: what happens between asking and being answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from modelled import Fixed, ask

from pipeline.errors import BudgetExhausted, ModelError
from pipeline.llms.breaker import COOLDOWN, FAILURES, BreakerLLM
from pipeline.llms.fallback import FallbackLLM
from pipeline.llms.pacing import PacedLLM
from pipeline.llms.retrying import PATIENCE, RetryingLLM
from pipeline.protocols import Usage, yes_no


class Clock:
    """Time that passes only where somebody sleeps or a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fault(kind: str, **more: Any) -> ModelError:
    return ModelError(f"fixed:1: {kind}", kind=kind, **more)


# --- pace ------------------------------------------------------------------------------------------------------------


def test_no_more_calls_begin_in_any_minute_than_may() -> None:
    clock, model = Clock(), Fixed()
    llm = PacedLLM(model, per_minute=3, at_once=1, clock=clock, sleep=clock.sleep)
    begun = []
    for _ in range(8):
        ask(llm)
        begun.append(clock.now)
        clock.now += 1
    assert all(sum(at <= other < at + 60 for other in begun) <= 3 for at in begun)
    assert clock.slept == [57.0, 57.0]
    assert model.calls == 8


def test_no_more_calls_are_under_way_than_may() -> None:
    at_once, most, lock, gate = 0, 0, threading.Lock(), threading.Barrier(2, timeout=5)

    class Watched(Fixed):
        def _call(self, source: str) -> None:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            gate.wait()
            with lock:
                at_once -= 1

    llm = PacedLLM(Watched(), per_minute=0, at_once=2)
    threads = [threading.Thread(target=ask, args=(llm,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


# --- retries ---------------------------------------------------------------------------------------------------------


def retrying(model: Fixed, attempts: int = 3) -> tuple[RetryingLLM, Clock]:
    clock = Clock()
    return RetryingLLM(model, attempts=attempts, sleep=clock.sleep), clock


@pytest.mark.parametrize("kind", ["rate", "server", "timeout", "connection"])
def test_what_may_pass_is_tried_again_with_growing_jittered_waits(kind: str) -> None:
    model = Fixed(errors=[fault(kind), fault(kind)])
    llm, clock = retrying(model)
    answer = ask(llm)
    assert (answer.value, answer.usage) == ({"n": 3}, Usage(10, 5, 3))
    assert len(clock.slept) == 2
    assert all(0 <= wait <= 0.5 * 2**n for n, wait in enumerate(clock.slept, start=1))


@pytest.mark.parametrize("kind", ["refused", "truncated", "shape", "request", "key", "open", ""])
def test_what_will_not_pass_is_not(kind: str) -> None:
    model = Fixed(errors=[fault(kind)])
    llm, clock = retrying(model)
    with pytest.raises(ModelError):
        ask(llm)
    assert (model.calls, clock.slept) == (1, [])


def test_attempts_are_bounded_and_all_counted() -> None:
    model = Fixed(errors=[fault("timeout", took=(7, 0)) for _ in range(9)])
    llm, clock = retrying(model)
    with pytest.raises(ModelError) as caught:
        ask(llm)
    assert (model.calls, len(clock.slept), caught.value.took, caught.value.calls) == (3, 2, (21, 0), 3)


def test_a_wait_that_the_server_asks_for_is_kept_to_the_second() -> None:
    model = Fixed(errors=[fault("rate", retry_after=17.0)])
    llm, clock = retrying(model)
    ask(llm)
    assert clock.slept == [17.0]


def test_a_server_that_asks_for_too_long_a_wait_is_given_up() -> None:
    model = Fixed(errors=[fault("rate", retry_after=PATIENCE + 1)])
    llm, clock = retrying(model)
    with pytest.raises(ModelError):
        ask(llm)
    assert (model.calls, clock.slept) == (1, [])


def test_calls_do_not_share_their_attempts() -> None:
    model = Fixed(errors=[fault("server"), fault("server"), None, fault("server"), fault("server")])
    llm, _ = retrying(model)
    assert ask(llm).usage.calls == ask(llm).usage.calls == 3


# --- the breaker -----------------------------------------------------------------------------------------------------


def broken(model: Fixed) -> tuple[BreakerLLM, Clock]:
    clock = Clock()
    return BreakerLLM(model, clock=clock), clock


def fail(llm: BreakerLLM) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(llm)
    return caught.value


def test_a_model_that_fails_in_a_row_is_left_alone_for_a_while() -> None:
    model = Fixed(errors=[fault("server")] * FAILURES)
    llm, clock = broken(model)
    for _ in range(FAILURES):
        assert fail(llm).kind == "server"
    assert (fail(llm).kind, fail(llm).calls, model.calls) == ("open", 0, FAILURES)
    clock.now += COOLDOWN
    assert ask(llm).value == {"n": FAILURES + 1}
    assert ask(llm).value == {"n": FAILURES + 2}


def test_one_call_tries_whether_it_is_back_and_the_others_wait() -> None:
    model = Fixed(errors=[fault("server")] * (FAILURES + 1))
    llm, clock = broken(model)
    for _ in range(FAILURES):
        fail(llm)
    clock.now += COOLDOWN
    assert fail(llm).kind == "server"
    assert fail(llm).kind == "open"
    assert model.calls == FAILURES + 1


def test_failures_apart_do_not_add_up() -> None:
    model = Fixed(errors=[*([fault("server")] * (FAILURES - 1)), None] * 3)
    llm, _ = broken(model)
    kinds = []
    for _ in range(3 * FAILURES):
        try:
            ask(llm)
        except ModelError as error:
            kinds.append(error.kind)
    assert kinds == ["server"] * 3 * (FAILURES - 1)


def test_a_bad_answer_is_an_answer() -> None:
    model = Fixed(errors=[fault("shape")] * 20)
    llm, _ = broken(model)
    assert {fail(llm).kind for _ in range(20)} == {"shape"}


def test_a_key_that_is_not_accepted_is_not_tried_again() -> None:
    model = Fixed(errors=[fault("key")])
    llm, clock = broken(model)
    fail(llm)
    clock.now += 1e6
    assert "does not accept the key" in str(fail(llm))
    assert model.calls == 1


# --- fallback --------------------------------------------------------------------------------------------------------


def test_the_first_model_that_answers_is_taken_and_the_others_named() -> None:
    first, second, third = Fixed("a:1", errors=[fault("rate")]), Fixed("b:1"), Fixed("c:1")
    answer = ask(FallbackLLM([first, second, third]))
    assert (answer.model, answer.passed, third.calls) == ("b:1-dated", ("a:1",), 0)
    assert ask(FallbackLLM([first, second])).passed == ()


@pytest.mark.parametrize("kind", ["refused", "shape", "truncated", "key", "open", "timeout"])
def test_every_fault_leads_to_the_next_model(kind: str) -> None:
    decided = FallbackLLM([Fixed("a:1", errors=[fault(kind)]), Fixed("b:1")]).decide("x", {"q": yes_no("?")})
    assert (decided.model, decided.passed) == ("b:1-dated", ("a:1",))


def test_a_model_without_budget_gives_way_to_a_free_one() -> None:
    answer = ask(FallbackLLM([Fixed("a:1", errors=[BudgetExhausted("spent")]), Fixed("b:1")]))
    assert answer.passed == ("a:1",)


@pytest.mark.parametrize(
    ("errors", "raised", "said"),
    [
        ([fault("rate"), fault("shape")], ModelError, "rate.*shape"),
        ([BudgetExhausted("spent"), BudgetExhausted("too")], BudgetExhausted, "spent"),
        ([BudgetExhausted("spent"), fault("rate")], ModelError, "rate.*spent"),
    ],
)
def test_where_nobody_answers_all_reasons_are_told(errors: list[Exception], raised: type[Exception], said: str) -> None:
    models = [Fixed(f"{n}:1", errors=[error]) for n, error in enumerate(errors)]
    with pytest.raises(raised, match=said):
        ask(FallbackLLM(models))


def test_what_is_no_fault_of_a_model_is_not_passed_over() -> None:
    with pytest.raises(ZeroDivisionError):
        ask(FallbackLLM([Fixed(errors=[ZeroDivisionError()]), Fixed()]))


@pytest.mark.parametrize(
    "wrap", [lambda m: RetryingLLM(m, attempts=2), BreakerLLM, lambda m: PacedLLM(m, per_minute=9, at_once=1)]
)
def test_a_wrapper_passes_calls_and_names_on(wrap: Callable[[Fixed], Any]) -> None:
    model = Fixed("a:1")
    llm = wrap(model)
    assert llm.name == "a:1"
    assert ask(llm, source="wire").value == {"n": 1}
    assert llm.decide("x", {"q": yes_no("?")}, source="post").decisions["q"].yes == 0.75
    assert model.sources == ["wire", "post"]
