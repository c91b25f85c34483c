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


def asked(query, texts=TEXTS, embed=None):
    frequencies = terms.fit(terms.count(text) for text in texts)
    return [hit.index for hit in relevance.on_topic(query, texts, frequencies, embed=embed)]


def test_only_records_on_the_topic_answer():
    assert sorted(asked("gas turbines Selmouth")) == [0, 1]


def test_a_word_that_no_record_holds_has_no_answer():
    assert asked("zeppelin") == []


def test_a_query_without_a_content_word_has_no_answer():
    assert asked("the of and") == []
    assert asked("") == []


def test_nothing_stored_answers_nothing():
    assert asked("turbines", texts=()) == []


def test_a_short_query_is_answered_by_every_text_that_is_about_its_words():
    texts = tuple(
        f"Orrel news {n}\n\nThe council of Orrel met on matter {n} of its own, which is {n * 7}." for n in range(9)
    )
    assert sorted(asked("Orrel", texts=(*texts, *TEXTS[:3], "Far away\n\nNobody came."))) == list(range(9))


def test_a_text_that_says_it_in_other_words_comes_in_by_its_likeness():
    texts = (
        "Dam breaks above Ardmere\n\nThe Ardmere dam broke at dawn; the Velden mill and its bridge were swept away.",
        "Ardmere dam breaks\n\nWater from the broken Ardmere dam took the Velden mill and the bridge at dawn.",
        "Velden loses its mill\n\nThe Velden mill and the bridge were swept away at dawn by water from above Ardmere.",
        "Ardmere choir sings\n\nThe choir of Ardmere sang in the town hall for three hours.",
        "Ardmere choir wins prize\n\nThe choir that sang in the Ardmere town hall won a prize for singing.",
    )
    assert sorted(asked("Ardmere dam breaks at dawn, bridge is swept away", texts)) == [0, 1, 2]


def test_a_text_must_hold_the_more_of_a_query_the_shorter_it_is():
    assert [round(relevance.least(words), 2) for words in (1, 2, 3, 4, 5, 6)] == [0.55, 0.4, 0.25, 0.1, 0.0, 0.0]


def test_a_designation_is_that_of_one_thing():
    texts = (
        "Maker shows the Q9 tablet\n\nThe Q9 tablet of the maker has a new screen and a pen.",
        "Maker shows the Q7 tablet\n\nThe Q7 tablet of the maker has a new screen and a pen.",
    )
    assert asked("Q9 tablet", texts) == [0]


def test_dense_rows_keep_out_what_only_shares_the_words():
    near, far = [1.0, 0.0], [0.0, 1.0]
    rows = {text: near if place < 2 else far for place, text in enumerate(TEXTS)}
    seen = []

    def embed(texts):
        seen.append(list(texts))
        return np.array([rows[text] for text in texts])

    assert sorted(asked("turbines of the Selmouth harbour, gas", embed=embed)) == [0, 1]
    assert len(seen) == 1
    assert TEXTS[3] not in seen[0]  # it shares no word with the query: nobody needs its meaning


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=40))
def test_any_text_is_handled_and_the_order_is_stable(texts, query):
    hits = asked(query, texts=tuple(texts))
    assert len(hits) == len(set(hits))
    assert hits == asked(query, texts=tuple(texts))


@given(st.permutations(range(len(TEXTS))))
def test_the_answer_does_not_depend_on_the_order_of_the_texts(order):
    found = {order[at] for at in asked("gas turbines Selmouth", texts=tuple(TEXTS[at] for at in order))}
    assert found == {0, 1}
