"""Support of the whole: the features, the shipped model, and that it can be computed again."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import CitedSpan, Label
from pipeline.gate import THRESHOLD, judge, judging
from pipeline.gate import whole as door
from pipeline.gate.whole import carried, digest, support, together
from pipeline.gate.whole import dense as dense_door
from pipeline.gate.whole.dense import dense, texts
from pipeline.gate.whole.features import features, worst
from pipeline.gate.whole.model import DENSE, LEXICAL, Line, Model, load
from pipeline.gate.whole.pairing import pairing, rarity

SPAN = "In June the firm recalled 12,000 jars of almond butter after a customer found metal in one of them."
OTHER = "Veldt Foods opened a bakery in Osk in 2019."


def of(sentence, *spans):
    return features(pairing(sentence, spans))


def test_a_sentence_supports_itself_and_a_foreign_one_does_not():
    assert carried(SPAN, [SPAN]) >= THRESHOLD > carried("Whales bought the harbour of Callao from Peru.", [SPAN])
    assert carried(SPAN, []) == 0.0
    assert carried("It was.", [SPAN]) == 1.0


def test_what_is_lost_is_told_by_kind():
    found = of("The firm recalled 90 jars in Turin and sold them.", SPAN)
    assert (found["lost_numbers"], found["lost_names"], found["lost_verbs"]) == (1, 1, 1)
    assert found["figures_lost"] == 1
    assert found["held_rare"] < found["held"]
    assert of(SPAN, SPAN)["run"] == 1.0
    assert of(SPAN, SPAN)["lost"] == 0


def test_what_two_spans_hold_together_is_more_than_the_best_one():
    found = of("Veldt Foods, which opened a bakery in Osk, recalled 12,000 jars.", OTHER, SPAN)
    assert found["held"] > found["best"]
    assert found["added"] > 0


def test_words_turned_round_are_less_in_order():
    kept, turned = of("A customer found metal in jars.", SPAN), of("Metal in jars found a customer.", SPAN)
    assert turned["held"] == kept["held"]
    assert turned["subsequence"] < kept["subsequence"]
    assert turned["pairs_forward"] < kept["pairs_forward"]


def test_denial_and_opposites_are_seen():
    assert of("The firm did not recall jars.", SPAN)["denied_otherwise"] == 1.0
    assert of("Sales fell in June.", "Sales rose in June.")["opposite"] == 1.0


def test_a_claim_is_judged_by_the_worst_of_its_sentences():
    parts = ["The firm recalled 12,000 jars of almond butter.", "The bakery burnt down in 2021."]
    found = worst([of(part, SPAN) for part in parts])
    assert found["held"] == of(parts[1], SPAN)["held"] < of(parts[0], SPAN)["held"]
    assert found["lost_rarest"] == of(parts[1], SPAN)["lost_rarest"] > of(parts[0], SPAN)["lost_rarest"]
    assert support(" ".join(parts), [SPAN]) == load().probability(found)
    assert support(f"It was. {parts[0]}", [SPAN]) == carried(parts[0], [SPAN])
    assert together([(parts[0], [SPAN]), (parts[1], [])]) == 0.0


def test_common_words_weigh_less():
    assert rarity("the") < rarity("butter") < rarity("zyzzyva") == 1.0


def test_the_model_has_a_line_for_each_manner_and_trees_for_both():
    trees = [(("a", 0.5, 1, 2), -1.0, 3.0)]
    model = Model(Line(-1.0, {"a": 2.0}), Line(0.0, {"a": 1.0}), trees)
    assert model.probability({"a": 0.5, "capitals": 0.0}) < 0.5 > model.probability({"a": 0.5, "capitals": 1.0})
    assert model.probability({"a": 1.0, "capitals": 1.0}) > 0.95
    assert Model(Line(-1.0, {"a": 2.0}), Line(0.0, {})).probability({"a": 0.5, "capitals": 1.0}) == 0.5
    with pytest.raises(KeyError):
        model.probability({"b": 1.0, "capitals": 1.0})


def test_the_second_model_reads_vectors_and_ships_too():
    def vectors(wanted):
        return {text: tokens(text) for text in wanted}

    assert dense_door.together([(SPAN, [SPAN])], vectors) >= THRESHOLD
    assert dense_door.together([(SPAN, [])], vectors) == 0.0
    assert dense_door.together([("It was.", [SPAN])], vectors) == 1.0
    pair = pairing("The firm painted jars.", [SPAN])
    assert set(load(DENSE).capitals.weights) == set(features(pair)) | set(dense(pair, vectors(texts(pair))))


def test_the_shipped_model_is_known_by_its_file():
    raw = (Path(door.__file__).with_name("lexical.json")).read_bytes()
    assert digest() == hashlib.sha256(raw).hexdigest() == load(LEXICAL).digest
    assert set(json.loads(raw)["lower"]["weights"]) == set(of(SPAN, OTHER, SPAN))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3))
def test_any_text_has_a_probability_and_the_same_twice(sentence, spans):
    chance = carried(sentence, spans)
    assert 0.0 <= chance <= 1.0
    assert carried(sentence, spans) == chance


def test_vectors_say_how_near_a_lost_word_is():
    pair = pairing("The firm painted jars.", [SPAN])
    same = {text: tokens(text, painted="recalled") for text in texts(pair)}
    found = dense(pair, same)
    assert found["near_least"] == 1.0
    assert found["far_words"] == found["far_weight"] == 0.0
    found = dense(pair, {text: tokens(text) for text in texts(pair)})
    assert found["near_least"] == 0.0
    assert found["far_words"] == 1
    assert found["far_most"] > 0
    bare = {text: tokens(text if text == pair.sentence.text else "") for text in texts(pair)}
    assert dense(pair, bare)["near"] == 0.0


def tokens(text, **alike):
    """One token a word, each word a direction of its own, those in `alike` as the word named."""
    words = [(match.start(), match.group().lower()) for match in re.finditer(r"\w+", text)]
    rows = np.zeros((len(words), 4096), np.float32)
    for row, (_, word) in zip(rows, words, strict=True):
        row[int(hashlib.sha256(alike.get(word, word).encode()).hexdigest(), 16) % 4096] = 1.0
    return [start for start, _ in words], rows


def test_the_gate_does_not_print_what_every_rule_passes_but_the_model_finds_too_thin(monkeypatch):
    sentence, evidence = "The firm recalled 12,000 jars of almond butter in June.", (CitedSpan(SPAN),)
    assert judge(sentence, evidence).publish
    monkeypatch.setattr(judging, "carried", lambda text, spans: door.UNSURE - 0.01)
    verdict = judge(sentence, evidence)
    assert verdict.label is Label.UNCERTAIN
    assert [reason.rule for reason in verdict.reasons] == ["support"]


def test_words_of_the_source_are_never_too_thin():
    for sentence, span in ((SPAN, SPAN), (OTHER, OTHER), ("Le conseil a voté le budget lundi.",) * 2):
        assert carried(sentence, [span]) >= 2 * door.UNSURE
