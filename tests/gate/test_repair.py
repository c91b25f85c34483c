"""Repair puts back what the span says; it never publishes what the gate refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import CitedSpan
from pipeline.gate import judge
from pipeline.gate.repair import repair

PLAN = CitedSpan("Harrow Wind plans to install 48 turbines off the Skerrin coast by 2029", publisher="Skerrin Herald")
TOLD = CitedSpan("The tunnel will stay shut until May, engineer Mina Okafor said", publisher="Tarn Post")


@pytest.mark.parametrize(
    ("sentence", "spans", "others", "how", "text"),
    [
        (
            "Harrow Wind will install 48 turbines off the Skerrin coast.",
            (PLAN,),
            (),
            "hedge",
            "Harrow Wind plans to install 48 turbines off the Skerrin coast.",
        ),
        (
            "Harrow Wind plans to install 84 turbines off the Skerrin coast.",
            (PLAN,),
            (),
            "figure",
            "Harrow Wind plans to install 48 turbines off the Skerrin coast.",
        ),
        (
            "The tunnel will stay shut until May.",
            (TOLD,),
            (),
            "attributed",
            "The tunnel will stay shut until May, engineer Mina Okafor said.",
        ),
        (
            "Harrow Wind plans to install 48 turbines off the Skerrin coast.",
            (TOLD,),
            (PLAN,),
            "other evidence",
            "Harrow Wind plans to install 48 turbines off the Skerrin coast.",
        ),
        (
            "Harrow Wind plans to install 48 turbines off the Skerrin coast, and the mayor opposes the project.",
            (PLAN,),
            (),
            "split",
            "Harrow Wind plans to install 48 turbines off the Skerrin coast.",
        ),
    ],
)
def test_each_way_of_repair(sentence, spans, others, how, text):
    assert not judge(sentence, spans).publish
    found = repair(sentence, spans, others)
    assert found is not None
    assert (found.how, found.text) == (how, text)
    assert judge(found.text, tuple((*spans, *others)[at] for at in found.cites)).publish


def test_what_no_span_bears_is_not_repaired():
    assert repair("The mayor of Skerrin resigned on Friday.", (PLAN, TOLD)) is None
    assert repair("Harrow Wind plans no turbines.", (PLAN,)) is None


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_whatever_is_repaired_passes_the_gate(sentence):
    found = repair(sentence, (PLAN,), (TOLD,))
    assert found is None or judge(found.text, tuple((PLAN, TOLD)[at] for at in found.cites)).publish
