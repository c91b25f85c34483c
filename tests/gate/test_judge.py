"""The gate as a whole: its labelled sentences, its laws, and what it says when something is unknown."""

from __future__ import annotations

import dataclasses
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import CitedSpan, Computation, Label, SentenceClass
from pipeline.evals import gate as harness
from pipeline.gate import classify, judge

LABELLED = Path(__file__).parents[1] / "quality" / "gate.jsonl"
SPAN = CitedSpan(
    "Harrow Wind plans to install 48 offshore turbines off the Skerrin coast by 2029",
    publisher="Skerrin Herald",
    origin="o1",
)


def test_labelled_sentences_are_judged_as_a_careful_editor_would():
    measures = harness.run(LABELLED)
    assert measures["sentences"] >= 400
    assert measures["refused_of_refuse"] >= 0.97
    assert measures["published_of_publish"] >= 0.90
    assert min(measures["by_kind"].values()) >= 0.5


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Harrow Wind plans to install 84 offshore turbines off the Skerrin coast by 2029.", "number"),
        ("Harrow Wind plans to install more than 48 offshore turbines off the Skerrin coast.", "bound"),
        ("Harrow Wind plans to install 48 offshore turbines off the Skerrin coast by 2027.", "date"),
        ("Farrow Wind plans to install 48 offshore turbines off the Skerrin coast by 2029.", "name"),
        ("Harrow Wind has installed 48 offshore turbines off the Skerrin coast.", "hedge"),
        ("Harrow Wind does not plan to install 48 offshore turbines.", "polarity"),
        ("Harrow Wind plans to install 48 offshore turbines because subsidies rose.", "content"),
        ('Harrow Wind "plans to install 48 giant turbines".', "quote"),
        ("Harrow Wind plans to install 48 offshore turbines, the Norrland Gazette reports.", "attribution"),
    ],
)
def test_each_fault_is_named_by_its_rule(sentence, rule):
    verdict = judge(sentence, [SPAN])
    assert not verdict.publish
    assert rule in {reason.rule for reason in verdict.reasons}


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrow Wind plans to install 48 offshore turbines off the Skerrin coast by 2029.",
        "By 2029 Harrow Wind intends to install 48 offshore turbines off the coast, the Skerrin Herald reports.",
        "Skerrin Herald: Harrow Wind plans to install 48 offshore turbines.",
    ],
)
def test_faithful_wordings_pass(sentence):
    assert judge(sentence, [SPAN]).publish


def test_what_is_not_known_is_uncertain_and_not_printed():
    nameless = CitedSpan("The Ferring ferry carried 900 passengers on Friday")
    verdict = judge("The Ferring ferry carried 900 passengers on Friday, the Ferring Post reports.", [nameless])
    assert verdict.label is Label.UNCERTAIN
    assert not verdict.publish
    assert judge("The Ferring ferry carried 900 passengers on Friday.", [nameless]).publish


def test_relative_dates_need_the_day_of_publication():
    dated = CitedSpan("The Sandholm reactor was shut down yesterday", published=datetime(2026, 6, 10, tzinfo=UTC))
    assert judge("The Sandholm reactor was shut down on 9 June 2026.", [dated]).publish
    assert judge("The Sandholm reactor was shut down on 10 June 2026.", [dated]).label is Label.CONTRADICTED
    undated = CitedSpan(dated.quote)
    assert judge("The Sandholm reactor was shut down on 9 June 2026.", [undated]).label is Label.UNCERTAIN


def test_a_dispute_among_the_cited_spans_forbids_the_firmer_side():
    first = CitedSpan("The fire destroyed 63 homes in Aldermoor", origin="a")
    second = CitedSpan("The fire destroyed 41 homes in Aldermoor", origin="b")
    verdict = judge("The fire destroyed 63 homes in Aldermoor.", [first, second])
    assert verdict.label is Label.CONTRADICTED
    assert judge("The fire destroyed 63 homes in Aldermoor.", [first]).publish


def test_cohorts_count_origins_and_not_copies():
    copies = [CitedSpan("The port of Vessin reopened on Wednesday", origin="a", publisher=p) for p in ("A", "B", "C")]
    own = [CitedSpan("The port of Vessin reopened on Wednesday", origin=o) for o in "abc"]
    sentence = "Three outlets report that the port of Vessin reopened on Wednesday."
    assert not judge(sentence, copies).publish
    assert judge(sentence, own).publish
    assert classify(sentence, own) is SentenceClass.COHORT
    one_paper = [dataclasses.replace(span, publisher="A", platform="news") for span in own]
    assert not judge(sentence, one_paper).publish
    posts = [dataclasses.replace(span, publisher="Forum", platform="Forum") for span in own]
    assert judge(sentence, posts).publish


def test_a_computed_sentence_is_its_rendering_to_the_letter():
    bound = Computation("agreeing_origins", ("k1", "k2"), "2")
    text = "2 independent origins report this."
    assert judge(text, [], computation=bound, rendering=text).publish
    assert not judge("3 independent origins report this.", [], computation=bound, rendering=text).publish
    assert judge(text, [], computation=bound).label is Label.UNCERTAIN
    assert classify(text, [], bound) is SentenceClass.ANALYSIS


def test_a_link_sentence_says_nothing_of_its_own():
    assert judge("That is the plan for the turbines.", [], neighbours=[SPAN]).publish
    for sentence in ("It costs 9 million.", "Norrland objects.", 'It is "bold".', "The turbines are dangerous."):
        assert not judge(sentence, [], neighbours=[SPAN]).publish


def test_a_sentence_without_evidence_or_neighbours_is_refused():
    assert not judge("Harrow Wind plans to install turbines.", []).publish
    assert not judge("  ", [SPAN]).publish


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(min_size=1, max_size=120))
def test_any_text_gets_a_verdict_and_the_same_one_twice(sentence, quote):
    span = CitedSpan(quote, publisher="A", origin="o")
    first = judge(sentence, [span])
    assert first == judge(sentence, [span])
    assert first.publish == (not first.reasons)
    classify(sentence, [span])


NUMBERS = st.integers(min_value=2, max_value=999)


@settings(max_examples=60, deadline=None)
@given(NUMBERS, NUMBERS)
def test_a_number_passes_exactly_when_the_span_has_it(stated, held):
    span = CitedSpan(f"The port of Vessin handled {held} ships in May", publisher="Vessin Daily")
    assert judge(f"The port of Vessin handled {stated} ships in May.", [span]).publish == (stated == held)


def test_judging_is_fast_enough_for_a_night():
    rows = list(harness.rows(LABELLED))[:100]
    cases = [(row["sentence"], harness.spans(row)) for row in rows]
    started = time.process_time()
    for sentence, spans in cases:
        judge(sentence, spans)
    assert (time.process_time() - started) / len(cases) < 0.02


def test_a_name_in_a_title_is_not_the_one_who_speaks():
    quote = "Cells that charge in six minutes have to be cooled"
    titled = CitedSpan(quote, publisher="Elsewhere Notes", title="Halden Cells and the fast charging problem")
    assert not judge(f"{quote}, Halden Cells said.", [titled]).publish
    whole = 'The article "Halden Cells and the fast charging problem" says that cells that charge in six minutes have'
    assert judge(f"{whole} to be cooled.", [titled]).publish
