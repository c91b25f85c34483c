"""`eval topic`: each story's shortest title is the query, its records the answer; stories of one are left out.

Rows go through the store and its full-text search as in the product, and are chosen by the product's rule. A story of
rows without titles is asked for by its name, where the rows give one. Rows without a story are there to mislead. BM25
alone is measured in the same run (`pipeline.evals.bm25` says how).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import embedders, terms, topic
from pipeline.domain import Cursor
from pipeline.evals import bm25
from pipeline.evals.rows import rows
from pipeline.evals.storylines import record
from pipeline.protocols import Embedder, Store
from pipeline.stores import open_store


def run(path: Path, *, embedder: str = "auto") -> dict[str, Any]:
    """Precision, recall and F1 of answers, pooled over all queries, beside those of BM25 alone. Raises UsageError."""
    began = time.perf_counter()
    labelled = list(rows(path))
    asked = queries(labelled)
    records = [record(row, number) for number, row in enumerate(labelled)]
    places = {one.id: place for place, one in enumerate(records)}
    model = Remembering(embedders.build(embedder))
    store = open_store(":memory:")
    try:
        store.save_batch("eval", records, Cursor(), None)
        answers = [_answer(query, store, model, places) for query in asked]
    finally:
        store.close()
    members = list(asked.values())
    right = sum(len(answer & wanted) for answer, wanted in zip(answers, members, strict=True))
    given, wanted = sum(map(len, answers)), sum(map(len, members))
    seconds = time.perf_counter() - began
    counted = [terms.count(one.text) for one in records]
    index = bm25.Rows(counted, terms.fit(counted))
    questions = [bm25.Question(terms.count(query), members) for query, members in asked.items()]
    alone, plain = bm25.best(index, questions), bm25.best(index, questions, k1s=bm25.PLAIN[:1], bs=bm25.PLAIN[1:])
    f1 = 2 * right / max(given + wanted, 1)
    return {
        "precision": round(right / max(given, 1), 4),
        "recall": round(right / max(wanted, 1), 4),
        "f1": round(f1, 4),
        "queries": len(asked),
        "bm25_precision": round(alone.precision, 4),
        "bm25_recall": round(alone.recall, 4),
        "bm25_f1": round(alone.f1, 4),
        "bm25_setting": alone.setting,
        "bm25_plain_f1": round(plain.f1, 4),
        "bm25_plain_setting": plain.setting,
        "above_bm25": round(f1 - alone.f1, 4),
        "seconds": round(seconds, 2),
    }


def queries(labelled: Sequence[Mapping[str, Any]]) -> dict[str, set[int]]:
    """Query -> the rows of its story, for stories of two rows or more, in the order of the stories' labels."""
    stories: dict[str, list[int]] = {}
    for place, row in enumerate(labelled):
        if row.get("story"):
            stories.setdefault(str(row["story"]), []).append(place)
    found: dict[str, set[int]] = {}
    for story in sorted(stories):
        titles = [str(labelled[at].get(key) or "") for key in ("title", "story_name") for at in stories[story]]
        named = [title for title in titles[: len(stories[story])] if title] or [title for title in titles if title]
        if named and len(stories[story]) > 1:
            found.setdefault(min(named, key=lambda title: (len(title), title)), set()).update(stories[story])
    return found


def _answer(query: str, store: Store, model: Embedder, places: Mapping[str, int]) -> set[int]:
    found = topic.chosen(query, topic.candidates(store, query), len(places), topic.embedding(model, store))
    return {places[one.id] for one in found}


class Remembering:
    """An embedder that reads no text twice: queries share candidates. Fits protocols.Embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._rows: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """That of the embedder behind it."""
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Any:
        """As the embedder behind it; sparse rows are not kept."""
        missing = sorted(set(texts) - self._rows.keys())
        if missing:
            made = self._embedder.embed(missing)
            if not isinstance(made, np.ndarray):
                return self._embedder.embed(texts)
            self._rows.update(zip(missing, made, strict=True))
        return np.stack([self._rows[text] for text in texts]) if texts else self._embedder.embed(texts)
