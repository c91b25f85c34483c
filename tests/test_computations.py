"""Named computations: values, sentences, and when there is nothing to say."""

from __future__ import annotations

import dataclasses

import pytest
from factories import make_signal, make_story

from pipeline import computations
from pipeline.computations import compute, facts_of, render
from pipeline.domain import TextQuality


@pytest.fixture
def story():
    return make_story()


def said(name, inputs, facts):
    return render(name, inputs, compute(name, inputs, facts), facts)


def test_counts_agree_in_number(story):
    facts = facts_of(story)
    assert said("breadth", (), facts) == "The storyline holds 2 records from 2 origins on 1 platform."
    one = dataclasses.replace(facts, counts=dataclasses.replace(facts.counts, records=1, origins=1))
    assert said("breadth", (), one) == "The storyline holds 1 record from 1 origin on 1 platform."


def test_origins(story):
    facts = facts_of(story)
    first, last = story.citations[0].key, story.citations[-1].key
    assert said("single_origin", (first,), facts).startswith('Only one origin here gives this: "Northwind Power')
    assert said("agreeing_origins", (first, last), facts) == "2 independent origins report this."
    with pytest.raises(ValueError, match="more than one"):
        compute("single_origin", (first, last), facts)
    with pytest.raises(ValueError, match="two origins"):
        compute("agreeing_origins", (first,), facts)
    with pytest.raises(KeyError):
        compute("single_origin", ("nope",), facts)


def test_absent_publishers(story):
    facts = facts_of(story)
    key = story.citations[0].key
    assert said("no_record_from", (key, "Northwind Power"), facts) == (
        "None of the cited records comes from Northwind Power itself."
    )
    with pytest.raises(ValueError, match="does not occur"):
        compute("no_record_from", (key, "Calder Rail"), facts)
    own = tuple(dataclasses.replace(record, publisher="Northwind Power") for record in story.records)
    with pytest.raises(ValueError, match="publisher or author"):
        compute("no_record_from", (key, "Northwind Power"), facts_of(dataclasses.replace(story, records=own)))


@pytest.mark.parametrize(
    ("short", "text"),
    [
        (1, "1 of the 2 cited records is a feed summary or headline, not a full article."),
        (2, "All 2 cited records are feed summaries or headlines, not full articles."),
    ],
)
def test_summaries(story, short, text):
    records = tuple(
        dataclasses.replace(record, quality=TextQuality.SUMMARY if at < short else TextQuality.FULL)
        for at, record in enumerate(story.records)
    )
    assert said("summaries", (), facts_of(dataclasses.replace(story, records=records))) == text


def test_nothing_to_say_is_an_error(story):
    facts = facts_of(story)
    for name, inputs in (("summaries", ()), ("cut_off", ()), ("growth", ("p", "2", "2", "1")), ("silent", ("what",))):
        with pytest.raises(ValueError, match=r"\w"):
            compute(name, inputs, facts)
    with pytest.raises(KeyError):
        compute("nothing_like_it", (), facts)


def test_change_since_the_version_before(story):
    facts = facts_of(dataclasses.replace(story, previous="y1"))
    keys = tuple(citation.key for citation in story.citations)
    assert said("growth", ("y1", "1", "2", "3"), facts) == "1 record has joined since version 3."
    assert said("growth", ("y1", "1", "1", "3"), facts) == "1 record and 1 origin have joined since version 3."
    assert said("new_since", ("y1", "3", *keys[:1]), facts) == "1 statement is new since version 3."
    with pytest.raises(ValueError, match="not the version before"):
        compute("new_since", ("y0", "3", *keys), facts)


def test_disputes(story):
    facts = facts_of(story)
    keys = [citation.key for citation in story.citations]
    assert said("disputed", (keys[0], keys[3], "number"), facts) == "The two differ in a number."
    assert said("disputed", (keys[0], keys[1], "status"), facts).endswith("The record gives both.")
    with pytest.raises(ValueError, match="no such"):
        compute("disputed", (keys[0], keys[3], "colour"), facts)


def test_every_name_is_known():
    assert len(set(computations.names())) == len(computations.names()) >= 11


def test_a_turn_is_told_as_what_happened_and_a_measure_as_a_measure(story):
    kinds = {kind: make_signal(kind=kind, id=f"g{kind}") for kind in ("merge", "split", "velocity")}
    facts = dataclasses.replace(facts_of(story), signals={one.id: one for one in kinds.values()})
    day = f"{kinds['merge'].window_end:%-d %B %Y}"
    assert said("turn", ("gmerge",), facts) == f"Told because another storyline became part of this one on {day}."
    assert said("turn", ("gsplit",), facts).endswith(f"became one of its own on {day}.")
    assert "velocity stood at 3" in said("signal", ("gvelocity",), facts)
    with pytest.raises(ValueError, match="no turn"):
        compute("turn", ("gvelocity",), facts)
    held = {"gmerge": dataclasses.replace(kinds["merge"], held="a source failed")}
    with pytest.raises(ValueError, match="held"):
        compute("turn", ("gmerge",), dataclasses.replace(facts, signals=held))
