"""Spans for claims that bring none, and the measure of support."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.evals import support as harness
from pipeline.gate import THRESHOLD, pick, split, support

SOURCE = (
    "Veldt Foods opened a bakery in Osk in 2019. The bakery employs 120 people. "
    "In June the firm recalled 12,000 jars of almond butter after a customer found metal in one of them. "
    "The weather in Osk was fine."
)


def picked(claim):
    return [SOURCE[span.start : span.end] for span in pick(SOURCE, claim)]


def test_the_sentence_that_carries_the_claim_is_picked():
    assert picked("Veldt Foods recalled 12,000 jars of almond butter.")[-1].startswith("In June the firm recalled")
    assert picked("Zebras sleep standing.") == []


def test_support_tells_carried_from_altered():
    true, false = "The bakery in Osk employs 120 people.", "The bakery in Turin employs 900 robots."
    assert support(true, picked(true)) >= THRESHOLD > support(false, picked(false))
    assert support(true, []) == 0.0


def test_all_sentences_of_a_claim_must_hold():
    claim = "The bakery employs 120 people. The bakery closed in 2021 after a flood."
    assert len(split(claim)) == 2
    assert support(split(claim)[0], picked(claim)) >= THRESHOLD > support(claim, picked(claim))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_spans_are_short_ordered_and_inside(source, claim):
    spans = pick(source, claim)
    assert list(spans) == sorted(spans, key=lambda span: span.start)
    for span in spans:
        assert len(source[span.start : span.end].split()) <= 40
    assert 0.0 <= support(claim, [source[span.start : span.end] for span in spans]) <= 1.0


def test_long_sentences_are_cut():
    source = "The council met, " + ", and ".join(f"member {n} spoke about road number {n}" for n in range(20)) + "."
    assert all(len(source[span.start : span.end].split()) <= 40 for span in pick(source, "member 17 spoke about road"))


def test_harness_measures_both_recalls(tmp_path):
    rows = [
        {"source": SOURCE, "claim": "The bakery in Osk employs 120 people.", "label": "supported"},
        {"source": SOURCE, "claim": "Whales bought the harbour from Peru.", "label": "not_supported"},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    measures = harness.run(path, embedder="lexical")
    assert measures["pairs"] == 2
    assert measures["balanced_accuracy"] == 1.0
    path.write_text(json.dumps({"source": SOURCE}))
    with pytest.raises(UsageError):
        harness.run(path)
