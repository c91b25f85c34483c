"""`eval topic`: each story's shortest title is the query, its records the answer; stories of one are left out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pipeline import embedders, relevance, terms
from pipeline.evals.rows import rows


def run(path: Path, *, embedder: str = "auto") -> dict[str, Any]:
    """Precision, recall and F1 of answers, pooled over all queries; rows without a story are there to mislead."""
    began = time.perf_counter()
    items = list(rows(path))
    texts = ["\n\n".join(part for part in (row.get("title") or "", row.get("text") or "") if part) for row in items]
    stories: dict[str, list[int]] = {}
    for place, row in enumerate(items):
        if row.get("story"):
            stories.setdefault(str(row["story"]), []).append(place)
    model = embedders.build(embedder)
    dense = model.embed(texts) if not model.name.startswith("lexical") else None
    frequencies = terms.fit(terms.count(text) for text in texts)
    right = given = wanted = 0
    for story in sorted(stories):
        members = set(stories[story])
        titles = sorted(
            (t for t in (str(items[i].get("title") or "") for i in members) if t), key=lambda t: (len(t), t)
        )
        if len(members) < 2 or not titles:
            continue
        answer = {hit.index for hit in relevance.on_topic(titles[0], texts, frequencies, dense=dense)}
        right, given, wanted = right + len(answer & members), given + len(answer), wanted + len(members)
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "seconds": round(time.perf_counter() - began, 2),
    }
