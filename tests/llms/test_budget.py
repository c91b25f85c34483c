"""Money, tokens and calls are entered before a call is made, and corrected when it is done."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelled import Fixed, ask

from pipeline.errors import BudgetExhausted, ModelError
from pipeline.llms.budget import BudgetedLLM, Ledger, Limit
from pipeline.llms.pricing import FREE, Prices
from pipeline.protocols import Usage, yes_no

DEAR = Prices(1000.0, 10_000.0)  # USD per million: nine tokens out are 0.09


def budgeted(model: Fixed, role: str = "write", prices: Prices | None = DEAR, **limits: Limit) -> BudgetedLLM:
    return BudgetedLLM(model, Ledger(limits), role, prices)


def test_a_call_that_could_go_over_the_money_is_not_made() -> None:
    model = Fixed(usage=Usage(10, 5, cost=0.06))
    llm = budgeted(model, night=Limit(cost=0.20))
    ask(llm)
    ask(llm)
    with pytest.raises(BudgetExhausted, match=r"the night's model budget of 0\.20 USD .* after 2 calls"):
        ask(llm)
    assert model.calls == 2


def test_what_a_call_took_stands_in_place_of_its_estimate() -> None:
    """Three calls whose estimates would not fit together fit one after the other, for they took less."""
    model = Fixed(usage=Usage(2, 1, cost=0.001))
    llm = budgeted(model, night=Limit(cost=0.12))
    for _ in range(3):
        ask(llm)
    assert model.calls == 3


def test_a_free_model_is_asked_when_the_money_is_gone() -> None:
    ledger = Ledger({"night": Limit(cost=0.0)})
    with pytest.raises(BudgetExhausted):
        ask(BudgetedLLM(Fixed(), ledger, "write", DEAR))
    for prices in (FREE, None):
        assert ask(BudgetedLLM(Fixed(), ledger, "write", prices)).value == {"n": 1}


@pytest.mark.parametrize("limit", [Limit(calls=2), Limit(tokens=50)])
def test_calls_and_tokens_are_limits_too(limit: Limit) -> None:
    model = Fixed(usage=Usage(10, 9))
    llm = budgeted(model, prices=FREE, night=limit)
    ask(llm)
    ask(llm)
    with pytest.raises(BudgetExhausted):
        ask(llm)
    assert model.calls == 2


def test_roles_and_sources_have_limits_of_their_own() -> None:
    ledger = Ledger({"extract": Limit(calls=3), "source": Limit(calls=2)})
    model = Fixed()
    extract, write = (BudgetedLLM(model, ledger, role, FREE) for role in ("extract", "write"))
    ask(extract, source="wire")
    ask(extract, source="wire")
    with pytest.raises(BudgetExhausted, match="the source 'wire'"):
        ask(extract, source="wire")
    ask(extract, source="post")
    with pytest.raises(BudgetExhausted, match="the role extract"):
        ask(extract, source="post")
    ask(write, source="post")
    assert model.sources == ["wire", "wire", "post", "post"]


def test_decisions_are_counted_as_well() -> None:
    model = Fixed()
    llm = budgeted(model, "judge", FREE, judge=Limit(calls=1))
    llm.decide("It rained.", {"rain": yes_no("Did it?")})
    with pytest.raises(BudgetExhausted):
        llm.decide("It rained.", {"rain": yes_no("Did it?")})


def test_a_failed_call_counts_with_what_it_used() -> None:
    ledger = Ledger({})
    model = Fixed(errors=[ModelError("cut", kind="truncated", took=(100, 9)), ModelError("down", kind="open", calls=0)])
    llm = BudgetedLLM(model, ledger, "write", DEAR)
    for _ in range(2):
        with pytest.raises(ModelError):
            ask(llm)
    assert ledger.taken() == {("write", "fixed:1"): Usage(100, 9, 1, pytest.approx(0.19))}


def test_an_error_that_nobody_expected_counts_as_if_all_was_used() -> None:
    ledger = Ledger({})
    with pytest.raises(RuntimeError):
        ask(BudgetedLLM(Fixed(errors=[RuntimeError("what?")]), ledger, "write", DEAR))
    assert ledger.taken()["write", "fixed:1"].output_tokens == 9


def test_calls_under_way_hold_their_money() -> None:
    """Two threads, money for one: the second is refused while the first is still asking."""
    under_way, go_on = threading.Event(), threading.Event()

    class Slow(Fixed):
        def _call(self, source: str) -> None:
            super()._call(source)
            under_way.set()
            go_on.wait(5)

    ledger = Ledger({"night": Limit(cost=0.15)})
    slow = threading.Thread(target=ask, args=(BudgetedLLM(Slow(), ledger, "write", DEAR),))
    slow.start()
    assert under_way.wait(5)
    with pytest.raises(BudgetExhausted):
        ask(BudgetedLLM(Fixed(), ledger, "write", DEAR))
    go_on.set()
    slow.join()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=30), st.floats(0, 1))
def test_no_night_costs_more_than_its_budget(took: list[tuple[int, int]], budget: float) -> None:
    """Where a call takes no more than was estimated, the whole stays within the limit."""
    ledger = Ledger({"night": Limit(cost=budget)})
    spent = 0.0
    for tokens in took:
        model = Fixed(usage=Usage(min(tokens[0], 5), tokens[1], 1, DEAR.of(min(tokens[0], 5), tokens[1])))
        try:
            spent += ask(BudgetedLLM(model, ledger, "write", DEAR)).usage.cost
        except BudgetExhausted:
            assert model.calls == 0
    assert spent <= budget + 1e-9
