"""Likeness to examples: what means about the same as worthy examples gains, with any dense embedder."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from factories import make_record

from pipeline.app import make_app
from pipeline.claiming import claims
from pipeline.claiming.extractors import ExampleExtractor
from pipeline.claiming.likeness import Likeness
from pipeline.embedders.lexical import build as lexical
from pipeline.errors import ConfigurationError, ModelError
from pipeline.language.words import content
from pipeline.language.worth import examples, worth
from pipeline.settings import Settings

WIDTH = 64


class Hashed:
    """A dense embedder without a model: every content word has a fixed direction of its own."""

    name = "hashed"

    def __init__(self) -> None:
        self.broken = False

    def embed(self, texts: Sequence[str]) -> Any:
        if self.broken:
            raise ModelError("no memory left")
        return np.array([self._row(text) for text in texts], dtype=np.float32)

    def _row(self, text: str) -> Any:
        row = np.zeros(WIDTH)
        for word in content(text):
            dice = random.Random(hashlib.sha256(word.encode()).digest())
            row += [dice.gauss(0, 1) for _ in range(WIDTH)]
        length = float(np.linalg.norm(row))
        return row / length if length else row


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    found = Likeness.of(Hashed())
    assert found is not None
    return found


def test_a_worthy_neighbour_lifts_and_an_idle_one_lowers(likeness: Likeness) -> None:
    worthy, idle = (next(text for text, label in examples() if label == wanted) for wanted in (1, 0))
    up, down = likeness.rate([worthy, idle], [0.5, 0.5])
    assert up > 0.5 > down


def test_rates_are_shares_and_grow_with_what_the_words_say(likeness: Likeness) -> None:
    text = "Something of which no example speaks."
    rates = likeness.rate([text] * 4, [0.0, 0.2, 0.8, 1.0])
    assert rates == sorted(rates)
    assert all(0.0 <= rate <= 1.0 for rate in rates)
    assert likeness.rate([], []) == []


def test_the_scale_is_that_of_the_words(likeness: Likeness) -> None:
    texts = [text for text, _ in examples()]
    words = [worth(text) for text in texts]
    both = likeness.rate(texts, words)
    assert abs(sum(both) / len(both) - sum(words) / len(words)) < 0.1


def test_sparse_rows_give_none_and_stop_a_desk_that_needs_them(tmp_path: Path) -> None:
    assert Likeness.of(lexical("")) is None
    chosen = Settings.model_validate({"analyze": {"extractor": "examples"}, "root": tmp_path})
    with pytest.raises(ConfigurationError, match="no dense vectors"):
        make_app(chosen)


def test_the_extractor_rates_the_claims_of_the_rules(likeness: Likeness) -> None:
    record = make_record("Globex raised $100 million last week. I love my new phone, thanks so much!", title="")
    known = claims.extract(record)
    found = ExampleExtractor(likeness, "hashed", min_worth=0.35, max_claims=5).extract(record, known)
    assert [claim.text for claim in found.claims] == ["Globex raised $100 million last week."]
    assert found.claims[0].worth != known[0].worth
    assert found.claims[0].evidence == known[0].evidence


def test_an_embedder_that_fails_costs_no_claim() -> None:
    embedder = Hashed()
    found = Likeness.of(embedder)
    assert found is not None
    embedder.broken = True
    record = make_record("Globex raised $100 million last week.", title="")
    known = claims.extract(record)
    outcome = ExampleExtractor(found, "hashed", min_worth=0.35, max_claims=5).extract(record, known)
    assert outcome.claims == known
    assert "no memory left" in outcome.failure
