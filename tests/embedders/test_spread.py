"""embedders.spread: rows made by workers are those made here, in order, whatever becomes of a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from pipeline import embedders
from pipeline.embedders import lexical, spread
from pipeline.embedders.spread import CHUNK, SpreadEmbedder
from pipeline.engines import load
from pipeline.protocols import Outcome

TEXTS = [f"text {number * 7919 % 1000}" for number in range(3 * CHUNK)]


class Lengths:
    """A dense embedder: what a text measures. Counts what it is asked."""

    name = "lengths@1"

    def __init__(self) -> None:
        self.read = 0

    def embed(self, texts: Sequence[str]) -> Any:
        self.read += len(texts)
        return np.asarray([[len(text), sum(map(ord, text))] for text in texts], dtype=np.float32)


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(embedders, "build", lambda _: Lengths())
    spread._loaded.cache_clear()
    yield
    spread._loaded.cache_clear()


class Lossy:
    """An engine whose second task loses its worker."""

    apart = True

    def map(self, function: Callable[[Any], Any], items: Sequence[Any], *, timeout: float | None = None) -> Any:
        for number, item in enumerate(items):
            yield Outcome(error="its worker was lost", killed=True) if number == 1 else Outcome(function(item))

    def close(self) -> None:
        """Nothing to end."""


@pytest.mark.parametrize("engine", [load("local"), Lossy()], ids=["workers", "a lost one"])
def test_rows_are_those_of_the_embedder_alone(engine: Any) -> None:
    alone = Lengths()
    here = Lengths()
    found = SpreadEmbedder(here, "lengths", engine).embed(TEXTS)
    assert np.array_equal(found, alone.embed(TEXTS))
    lost = CHUNK if isinstance(engine, Lossy) else 0
    assert here.read == 1 + lost, "what is lost there is made here, and nothing else"


def test_a_few_texts_do_not_travel() -> None:
    here = Lengths()
    assert len(SpreadEmbedder(here, "lengths", Lossy()).embed(TEXTS[:CHUNK])) == CHUNK
    assert here.read == CHUNK


def test_a_worker_with_another_model_makes_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lengths, "name", "lengths@2")
    (outcome,) = load("local").map(spread.rows, [spread.Chunk("lengths", "lengths@1", ("a",))])
    assert outcome.error == "ModelError: this worker has lengths@2, not lengths@1"


def test_sparse_rows_stay_where_they_are() -> None:
    assert SpreadEmbedder(lexical.build(""), "lexical", Lossy()).embed(TEXTS).shape[0] == len(TEXTS)
