"""What an approximate index loses: recall of pgvector's HNSW against every row compared, on headlines of a year.

    CITEWIRE_EVAL_DATA=DATA PYTHONPATH=.:tests python benchmarks/nearness.py [headlines, default 40000]

Rows are 256 singular directions of the headlines' weighted words (latent semantic analysis, Deerwester et al. 1990),
which needs no model: crowded and of low contrast, so rather harder for an index than a sentence model's. Asked are 500
of the headlines. Two figures: of the 500 records that `citewire search` ranks, how many are the right ones; and of the
24 nearest neighbours that grouping builds its blocks from, how many the index gives, and how many headlines get all.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import postgres
from scipy.sparse.linalg import svds
from sqlalchemy import Connection, create_engine, make_url, text

from pipeline import terms
from pipeline.stores import nearness

WIDTH, ASKED, SEARCHED, GROUPED = 256, 500, 500, 24
FILE = "bulk/rss2023_titles_year.jsonl.gz"
Rows = np.ndarray[Any, np.dtype[np.float32]]


def headlines(count: int) -> list[str]:
    """The first `count` different titles of the year."""
    with gzip.open(Path(os.environ["CITEWIRE_EVAL_DATA"]) / FILE, "rt", encoding="utf-8") as lines:
        titles = dict.fromkeys(json.loads(line)["title"] for line in lines)
    return sorted(itertools.islice(titles, count))


def embedded(titles: list[str]) -> Rows:
    """Unit rows (n, WIDTH); headlines without a word are left out."""
    counted = [terms.count(title) for title in titles]
    weighed = terms.matrix(counted, terms.fit(counted))
    used = np.unique(weighed.indices)
    left, values, _ = svds(weighed[:, used].astype(np.float64), k=WIDTH, rng=np.random.default_rng(0))
    rows = left * values
    lengths = np.linalg.norm(rows, axis=1)
    return np.asarray(rows[lengths > 1e-6] / lengths[lengths > 1e-6, None], dtype=np.float32)


def asked(near: nearness.PgVector, connection: Connection, row: Rows, limit: int) -> tuple[set[int], float]:
    """What the index gives, and the milliseconds it took."""
    began = time.perf_counter()
    found = near.candidates(connection, "lsa", row, among=None, limit=limit)
    assert found is not None
    return {int(id_) for id_ in found}, 1000 * (time.perf_counter() - began)


def main() -> None:
    """Print the figures as one JSON object."""
    rows = embedded(headlines(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000))
    address = make_url(postgres.fresh()).set(drivername="postgresql+psycopg")
    chosen = np.random.default_rng(0).choice(len(rows), ASKED, replace=False)
    with create_engine(address).begin() as connection:
        near = nearness.prepared(connection, write=False) or nearness.PgVector("public")
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public"))
        name = near._table(connection, "lsa", rows.shape[1], index=False)
        for start in range(0, len(rows), 1000):
            some = {f"{start + n:07}": row for n, row in enumerate(rows[start : start + 1000])}
            near._put(connection, name, some, dict.fromkeys(some, ""))
        began = time.perf_counter()
        near._index(connection, name)
        built = time.perf_counter() - began
        connection.execute(text("ANALYZE"))
        connection.execute(text(f"SET hnsw.ef_search = {nearness.SEARCH}"))
        told: dict[str, object] = {"rows": len(rows), "index_seconds": round(built, 1)}
        for few, kind in ((0, "index"), (len(rows), "every row")):
            nearness.FEW = few
            searched, grouped, whole, taken = [], [], 0, []
            for at in chosen:
                exact = np.round(rows @ rows[at], 6)
                order = np.lexsort((np.arange(len(rows)), -exact))
                found, milliseconds = asked(near, connection, rows[at], nearness.SEARCH)
                taken.append(milliseconds)
                searched.append(len(found & set(order[:SEARCHED].tolist())) / SEARCHED)
                close = set(order[: GROUPED + 1].tolist())
                grouped.append(len(found & close) / len(close))
                whole += found >= close
            told[kind] = {
                "recall_search": round(float(np.mean(searched)), 4),
                "worst_search": round(min(searched), 4),
                "recall_neighbours": round(float(np.mean(grouped)), 4),
                "all_neighbours": round(whole / ASKED, 4),
                "milliseconds": round(float(np.median(taken)), 2),
            }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
