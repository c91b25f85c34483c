"""The parser gives what spaCy gives with the same weights, the same everywhere, and nothing on nonsense."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.parsing.network as networks
from pipeline.parsing import parse
from pipeline.parsing.hashing import rows, text_hash

ROWS = [json.loads(line) for line in Path(__file__).with_name("spacy.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["words"][0])
def test_trees_and_tags_are_those_of_spacy(row):
    found = parse(row["words"], row["spaces"])
    assert found is not None
    assert (list(found.heads), list(found.labels), list(found.tags)) == (row["heads"], row["labels"], row["tags"])


@pytest.mark.parametrize("small", [1, 3_000, 10**9])
def test_a_parse_does_not_hang_on_how_its_matrices_are_cut(small, monkeypatch):
    before = [parse(row["words"], row["spaces"]) for row in ROWS[:3]]
    monkeypatch.setattr(networks, "_SMALL", small)
    assert [parse(row["words"], row["spaces"]) for row in ROWS[:3]] == before


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12).filter(bool), min_size=1, max_size=25))
def test_any_words_get_a_tree(words):
    found = parse(words, [True] * len(words))
    assert found is not None
    assert len(found.heads) == len(found.labels) == len(found.tags) == len(words)
    for word in range(len(words)):
        seen, at = set(), word
        while found.heads[at] != at:
            assert at not in seen, "heads go round in a circle"
            seen.add(at)
            at = found.heads[at]


def test_what_is_no_sentence_has_no_parse():
    assert parse([], []) is None
    assert parse(["a", ""], [True, True]) is None
    assert parse(["a"] * 200, [True] * 200) is None


def test_hashes_are_those_that_the_tables_were_trained_with():
    assert text_hash("") == 0
    assert text_hash("apple") == 8566208034543834098  # spacy.strings.hash_string("apple")
    assert text_hash("café-owner's") == text_hash("café-owner's") != text_hash("cafe-owner's")
    found = rows(np.array([0, 1, 2**63], dtype=np.uint64), 8, 5000)
    assert found.shape == (3, 4)
    assert found.min() >= 0
    assert found.max() < 5000


def test_the_weights_are_small_and_their_licence_stands_beside_them():
    assert networks._FILE.stat().st_size < 3_500_000
    text = networks._FILE.with_name("LICENSE.txt").read_text("utf-8")
    assert "ExplosionAI" in text
    assert "Permission is hereby granted" in text
