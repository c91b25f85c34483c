"""Money is counted before it is spent."""

from __future__ import annotations

import pytest
from modelled import Fixed, ask

from pipeline.errors import BudgetExhausted
from pipeline.llms.metered import MeteredLLM
from pipeline.protocols import Usage


def test_no_call_begins_after_the_money_is_spent() -> None:
    meter = MeteredLLM(Fixed(usage=Usage(10, 5, cost=0.6)), 1.0)
    for _ in range(2):
        ask(meter)
    with pytest.raises(BudgetExhausted, match=r"1\.00 USD"):
        ask(meter)
    assert meter.spent == Usage(20, 10, 2, pytest.approx(1.2))
