"""`verify`: a true bundle passes, and every kind of tampering shows."""

from __future__ import annotations

import copy
import dataclasses
import importlib.util
import json
import sys
from pathlib import Path

import pytest
from factories import make_story, sample_records

from pipeline import computations
from pipeline.attested import Problem
from pipeline.bundles.bundle import seal, to_bundle
from pipeline.bundles.verify import placed, problems, spans, verify
from pipeline.domain import Computation, Evidence, Section, SentenceClass
from pipeline.errors import UsageError
from pipeline.gate import classify

PLACE = Path(__file__).parent.parent / "quality" / "alterations.py"
SPEC = importlib.util.spec_from_file_location("alterations", PLACE)
alterations = importlib.util.module_from_spec(SPEC)
sys.modules["alterations"] = alterations  # its dataclasses look themselves up there
SPEC.loader.exec_module(alterations)


def true_story():
    """The sample story with each sentence in its class."""
    story = make_story()
    known = spans(story)

    def classed(sentence):
        cited = [known[key] for key in sentence.citations]
        return dataclasses.replace(sentence, kind=classify(sentence.text, cited, sentence.computation))

    sections = tuple(
        dataclasses.replace(
            section, paragraphs=tuple(tuple(classed(one) for one in paragraph) for paragraph in section.paragraphs)
        )
        for section in story.sections
    )
    return dataclasses.replace(story, headline=classed(story.headline), dek=classed(story.dek), sections=sections)


def true_bundle():
    return json.loads(json.dumps(to_bundle(true_story())))


def rules(bundle):
    return {problem.rule for problem in problems(bundle)}


def altered(change, *, sealed=True):
    bundle = copy.deepcopy(true_bundle())
    change(bundle["story"])
    if sealed:
        bundle["seal"] = seal(bundle["story"])
    return bundle


def test_a_true_bundle_has_no_problem():
    assert problems(true_bundle()) == ()


def test_a_clumsy_change_breaks_the_seal():
    assert "seal" in rules(altered(lambda story: story.update(short_title="Other"), sealed=False))


def _requote(story):
    story["citations"][0]["evidence"]["quote"] = story["citations"][0]["evidence"]["quote"].replace("12", "21")


def _rekey(story):
    """A forged quote under a right key, everywhere it is used."""
    _requote(story)
    citation = story["citations"][0]
    old, evidence = citation["key"], Evidence(**citation["evidence"])
    text = json.dumps(story).replace(old, evidence.key)
    story.clear()
    story.update(json.loads(text))
    for one in alterations.sentences(story):
        one["text"] = one["text"].replace("ordered 12 gas", "ordered 21 gas")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda s: s["citations"][0].update(key="e" + "0" * 16), "key"),
        (_requote, "key"),
        (lambda s: s["citations"].append(s["citations"][0]), "key"),
        (lambda s: s["records"].pop(), "record"),
        (lambda s: s["headline"].update(text="Northwind Power has ordered 13 gas turbines"), "number"),
        (lambda s: s["headline"].update(citations=["e" + "1" * 16]), "citation"),
        (lambda s: s["headline"].update(citations=[]), "citation"),
        (lambda s: s["headline"].update(kind="link"), "class"),
        (lambda s: s["headline"]["verdict"].update(label="uncertain"), "verdict"),
        (lambda s: s["sections"][0]["paragraphs"][0][0].update(text="Residents fear noise."), "takeaway"),
        (lambda s: s["sections"][1].update(heading="40 turbines"), "number"),
        (lambda s: s["counts"].update(cited_records=9), "counts"),
        (lambda s: s["citations"][0].update(before="x" * 300), "context"),
        (lambda s: s.pop("slug"), "shape"),
    ],
)
def test_tampering_shows_under_its_rule(change, rule):
    assert rule in rules(altered(change))


def test_a_forged_quote_under_a_right_key_shows_in_a_neighbours_context():
    story = true_story()
    records = sample_records()
    room = len(records[0].text)
    wide = tuple(
        dataclasses.replace(
            one,
            before=(text := next(r.text for r in records if r.id == one.evidence.record_id))[
                max(0, one.evidence.start - 120) : one.evidence.start
            ],
            after=text[one.evidence.end : one.evidence.end + min(120, room)],
        )
        for one in story.citations
    )
    bundle = json.loads(json.dumps(to_bundle(dataclasses.replace(story, citations=wide))))
    assert problems(bundle) == ()
    _rekey(bundle["story"])
    bundle["seal"] = seal(bundle["story"])
    assert "context" in rules(bundle)


def test_two_articles_of_one_outlet_do_not_count_as_two_origins():
    def own(story):
        for record in story["records"]:
            record.update(origin_id=record["id"], source="feed", url=None)
        for citation in story["citations"]:
            citation["origin_id"] = citation["evidence"]["record_id"]

    def same(story, **more):
        own(story)
        for record in story["records"]:
            record.update(more)

    assert problems(altered(own)) == ()
    assert rules(altered(lambda story: same(story, publisher="Harbour Wire"))) == {"counts"}
    assert rules(altered(lambda story: same(story, owner="Harbour Group"))) == {"counts"}
    assert problems(altered(lambda story: same(story, publisher="Harbour Wire", source=""))) == ()  # made before


def test_computed_sentences_are_computed_again():
    story = true_story()
    facts = computations.facts_of(story)
    value = computations.compute("breadth", (), facts)
    text = computations.render("breadth", (), value, facts)
    sentence = dataclasses.replace(
        story.headline,
        text=text,
        kind=SentenceClass.ANALYSIS,
        citations=(),
        computation=Computation("breadth", (), value),
    )
    good = dataclasses.replace(story, sections=(*story.sections, Section("unknown", None, ((sentence,),))))
    assert problems(to_bundle(good)) == ()
    for wrong in (
        dataclasses.replace(sentence, computation=Computation("breadth", (), "9 9 9")),
        dataclasses.replace(sentence, computation=Computation("magic", (), value)),
        dataclasses.replace(sentence, text=text.replace("2", "7")),
    ):
        bad = dataclasses.replace(story, sections=(*story.sections, Section("unknown", None, ((wrong,),))))
        assert "analysis" in {problem.rule for problem in problems(to_bundle(bad))}


class Shelf:
    """A store that holds record versions and nothing else."""

    def __init__(self, *records):
        self.kept = {(record.id, record.content_hash): record for record in records}

    def record_version(self, record_id, content_hash):
        return self.kept.get((record_id, content_hash))

    def withdrawn(self):
        return {}


def test_with_a_store_the_spans_are_read_in_their_records():
    first, second = sample_records()
    bundle = true_bundle()
    assert {problem.rule for problem in problems(bundle, Shelf(first))} == {"record"}
    other = Shelf(first, second)
    assert "quote" not in {problem.rule for problem in problems(bundle, other)}
    other.kept[second.id, second.content_hash] = first
    assert "quote" in {problem.rule for problem in problems(bundle, other)}


def test_folders_files_and_nonsense(tmp_path):
    (tmp_path / "stories" / "a").mkdir(parents=True)
    path = tmp_path / "stories" / "a" / "story.json"
    path.write_text(json.dumps(true_bundle()))
    report = verify(tmp_path)
    assert report.bundles == 1
    assert report.problems == ()
    assert report.sentences == sum(1 for _ in placed(true_story()))
    assert verify(path).sentences == report.sentences
    path.write_text("{not json")
    (problem,) = verify(path).problems
    assert isinstance(problem, Problem)
    assert "JSON" in str(problem)
    with pytest.raises(UsageError):
        verify(tmp_path / "nothing")


def test_planted_lies_are_found_and_true_sentences_left_alone():
    results, wrong = alterations.run([true_bundle()], 40, seed=7)
    assert wrong == 0
    assert len(results) == 40
    assert sum(found for _, found in results) >= 0.9 * len(results)
