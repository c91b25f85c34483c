"""What is on topic, and what only shares a word with it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline import relevance, terms

TEXTS = (
    "Harbour turbines delayed\n\nThe port of Selmouth said its gas turbines will arrive in June.",
    "Selmouth port waits\n\nGas turbines for the harbour of Selmouth are three months late, the port said.",
    "Turbine maker hires\n\nA maker of wind turbines in Ardmere hired forty engineers for a new hall.",
    "Lake freezes over\n\nLake Orrel froze for the first time since 2018.",
    "Port festival\n\nThe festival at the port drew crowds.",
)


def asked(query: str, texts=TEXTS, dense=None):
    frequencies = terms.fit(terms.count(text) for text in texts)
    return [hit.index for hit in relevance.on_topic(query, texts, frequencies, dense=dense)]


def test_only_records_on_the_topic_answer():
    assert sorted(asked("gas turbines Selmouth")) == [0, 1]


def test_a_word_that_no_record_holds_has_no_answer():
    assert asked("zeppelin") == []


def test_a_query_without_a_content_word_has_no_answer():
    assert asked("the of and") == []
    assert asked("") == []


def test_nothing_stored_answers_nothing():
    assert asked("turbines", texts=()) == []


def test_dense_vectors_keep_out_what_only_shares_the_words():
    near, far = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    dense = np.array([near, near, far, far, far])
    assert 2 not in asked("turbines Selmouth gas", dense=dense)


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=40))
def test_any_text_is_handled_and_the_order_is_stable(texts, query):
    hits = asked(query, texts=tuple(texts))
    assert len(hits) == len(set(hits))
    assert hits == asked(query, texts=tuple(texts))


def test_a_single_word_must_be_there_and_a_headline_may_be_partly_there():
    assert relevance.needed(1) == 1.0
    assert relevance.needed(3) > relevance.needed(8) > 0.4
