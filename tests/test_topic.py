"""What a topic is answered from: candidates of the store, the chosen, and what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from factories import NOW, make_claim, make_record

from pipeline import embedders, topic
from pipeline.domain import Cursor, Origin, Record, StageReport
from pipeline.protocols import Analysis, Store
from pipeline.sourcing.searching import NOBODY, Search
from pipeline.stores import open_store

TEXTS = {
    "delay": "Harbour turbines delayed\n\nThe port of Selmouth said its gas turbines will arrive in June.",
    "wait": "Selmouth port waits\n\nGas turbines for the harbour of Selmouth are three months late, the port said.",
    "wind": "Turbine maker hires\n\nA maker of wind turbines in Ardmere hired forty engineers for a new hall.",
    "lake": "Lake freezes over\n\nLake Orrel froze for the first time since 2018.",
}


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store(":memory:")
    opened.save_batch("wire", [record(name) for name in TEXTS], Cursor(), None)
    yield opened
    opened.close()


def record(name: str) -> Record:
    return make_record(id=f"r{name}", source="wire", title=TEXTS[name].partition("\n")[0], text=TEXTS[name])


def names(records: Sequence[Record]) -> list[str]:
    return [one.id.removeprefix("r") for one in records]


def test_candidates_share_a_word_that_carries_content(store: Store) -> None:
    assert set(names(topic.candidates(store, "the gas turbines of"))) == {"delay", "wait", "wind"}
    assert list(topic.candidates(store, "of the and")) == []
    late = record("lake").published + timedelta(days=1)
    assert list(topic.candidates(store, "lake", since=late)) == []


def test_what_is_set_aside_is_told_with_the_words_it_lacks(store: Store) -> None:
    looked = topic.candidates(store, "Gas turbines, Selmouth!")
    fitting = topic.chosen("Gas turbines, Selmouth!", looked, 4)
    assert sorted(names(fitting)) == ["delay", "wait"]
    given = Search((), StageReport("ingest"), {"rlake": record("lake")})
    aside = topic.set_aside("Gas turbines, Selmouth!", fitting, looked, given)
    assert [(one.title, one.lacking) for one in aside] == [
        ("Lake freezes over", ("Gas", "turbines", "Selmouth")),
        ("Turbine maker hires", ("Gas", "Selmouth")),
    ]
    assert [one.title for one in topic.set_aside("turbines", fitting, looked, NOBODY)] == ["Turbine maker hires"]


def test_rows_of_meaning_are_taken_from_the_store_or_made(store: Store) -> None:
    assert topic.embedding(embedders.build("lexical"), store) is None
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        asked.extend(texts)
        return np.eye(2, dtype=np.float32)[[0] * len(texts)]

    rows = topic.embedding(SimpleNamespace(name="two@1", embed=embed), store)
    assert rows is not None
    assert rows(["a", "b"]).shape == (2, 2)
    assert {"a", "b"} <= set(asked)


def test_an_answer_counts_an_outlet_once(store: Store) -> None:
    records = [record("delay"), record("wait")]
    claims = [make_claim(one, one.text.partition("\n\n")[2]) for one in records]
    store.save_analysis(
        Analysis(
            record_ids=tuple(one.id for one in records),
            claims=tuple(claims),
            origins=tuple(Origin(one.id, (one.id,)) for one in records),
            now=NOW,
        )
    )
    papers = topic.dossier(store, "gas turbines", records, NOW)
    assert set(papers.origins) == {claim.id for claim in claims}
    assert len(set(papers.origins.values())) == 1
    apart = [records[0], replace(records[1], publisher="Daily Ledger")]
    assert len(set(topic.dossier(store, "gas turbines", apart, NOW).origins.values())) == 2
