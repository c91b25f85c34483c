"""What is made of a text is made once: counted words and dense rows, under the text's hash."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import terms
from pipeline.protocols import Analysis, Store
from pipeline.stores import open_store
from pipeline.storylines import vectors

TEXT = "The mayor's plan: 12 turbines\n\nHarlow's council met on 3 May. Les élus, 北京, U.S. turbines."


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store(":memory:")
    yield opened
    opened.close()


def test_kept_words_are_counted_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = vectors.words([TEXT, "", TEXT], store)
    assert list(first.counts) == [terms.count(TEXT), {}, terms.count(TEXT)]
    store.save_analysis(Analysis((), vectors={terms.NAME: first.fresh}))
    monkeypatch.setattr(terms, "count", lambda text: pytest.fail("counted again"))
    again = vectors.words([TEXT, ""], store)
    assert [dict(one) for one in again.counts] == [dict(one) for one in first.counts[:2]]
    assert again.fresh == {}


@pytest.mark.parametrize("kept", [b"\xff\xfe", b"no number", b"word 1 2", b"word"])
def test_kept_words_that_cannot_be_read_are_counted_again(store: Store, kept: bytes) -> None:
    store.save_analysis(Analysis((), vectors={terms.NAME: {vectors.key(TEXT): kept}}))
    found = vectors.words([TEXT], store)
    assert list(found.counts) == [terms.count(TEXT)]
    assert found.fresh.keys() == {vectors.key(TEXT)}


@given(st.text(max_size=200))
def test_words_come_back_as_they_were_counted(text: str) -> None:
    counted = terms.count(text)
    kept = terms.unpacked(terms.packed(counted))
    assert kept is not None
    assert list(kept.items()) == list(counted.items())


@given(st.lists(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 40_000), max_size=5), max_size=6))
def test_arrays_hold_what_was_counted(texts: list[dict[str, int]]) -> None:
    bags = terms.Bags.of(texts)
    assert list(bags) == texts
    assert list(bags.words) == sorted({word for text in texts for word in text})
    some = list(range(0, len(texts), 2))
    assert bags.fitted(some) == terms.fit(texts[at] for at in some)
    assert bags.fitted() == terms.fit(texts)


@given(st.data())
def test_arrays_are_joined_as_if_counted_at_once(data: st.DataObject) -> None:
    few = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40_000), max_size=5), max_size=6)
    first, second = data.draw(few), data.draw(few)
    every = [*first, *second]
    rows = data.draw(st.lists(st.integers(0, len(every) - 1), max_size=8)) if every else []
    joined = terms.Bags.joined(terms.Bags.of(first), terms.Bags.of(second), rows)
    counted = terms.Bags.of([every[at] for at in rows])
    assert list(joined.words) == list(counted.words)
    for name in ("columns", "numbers", "starts"):
        mine, theirs = getattr(joined, name), getattr(counted, name)
        assert (mine.dtype, mine.tolist()) == (theirs.dtype, theirs.tolist())


def test_a_round_counts_and_asks_for_what_the_round_before_it_did_not_have(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, asked = vectors.Remembered(), set[str]()
    ask = store.vectors
    monkeypatch.setattr(store, "vectors", lambda keys, name: asked.update(keys) or ask(keys, name))
    a, b, c = TEXT, "Lake Orrel froze.", "Corvane delivers turbines."
    for some, new in (([a, b], {a, b}), ([b, "", a, b], {""}), ([c, b, ""], {c}), ([a, c], {a}), ([], set())):
        asked.clear()
        made = kept.words(some, store)
        assert list(made.counts) == [terms.count(text) for text in some]
        assert asked == {vectors.key(text) for text in new}
        store.save_analysis(Analysis((), vectors={terms.NAME: made.fresh}))
    assert kept.words([TEXT], store).fresh == {}, "it is in the store"


def test_a_change_in_counting_has_a_name_of_its_own() -> None:
    """Fails when `terms.count` counts otherwise: raise `terms.NAME`, for stores hold counts of the old kind."""
    told = terms.packed(terms.count(TEXT)).decode().split("\n")
    expected = "mayor 2,plan 2,12 2,turbin 3,harlow 1,council 1,met 1,3 1,les 1,élus 1,北 1,京 1"
    assert (terms.NAME, told) == ("words@2", expected.split(","))


@pytest.mark.parametrize("at_once", [1, 3, 1 << 20])
def test_holders_are_counted_part_by_part(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "_TALLIED", at_once)
    texts = [{"a": 1, "b": 2}, {"b": 1}, {}, {"a": 3, "c": 1, "d": 1}]
    bags = terms.Bags.of(texts)
    assert bags.held().tolist() == [2, 2, 1, 1]
    assert bags.held(np.asarray([1, 2, 3])).tolist() == [1, 1, 1, 1]
    assert bags.held(np.asarray([2])).tolist() == [0, 0, 0, 0]
    assert terms.Bags.of(()).held().tolist() == []
