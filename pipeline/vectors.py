"""Dense rows of texts, each made once: kept in the store under the text's hash and the embedder's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cluster import finite
from pipeline.domain import digest
from pipeline.protocols import Embedder, Store

Rows = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Vectors:
    """`rows` of the asked texts, unit length or zero; `fresh` are those the store does not hold yet (key -> bytes)."""

    rows: Rows
    fresh: Mapping[str, bytes]


def key(text: str) -> str:
    """Under which a text's row is kept: the hash of the text."""
    return digest("vector", text, size=32)


def dense(embedder: Embedder, texts: Sequence[str], store: Store) -> Vectors | None:
    """Rows of `texts` from the store, else from `embedder`; None where the embedder gives sparse rows.

    Kept bytes of a wrong size, and rows that are not finite, count as not kept. Raises ModelError and StoreError.
    """
    probe = embedder.embed([""])
    if not isinstance(probe, np.ndarray):
        return None
    width = int(probe.shape[1])
    keys = [key(text) for text in texts]
    kept = {
        name: np.frombuffer(raw, dtype="<f4")
        for name, raw in store.vectors(sorted(set(keys)), embedder.name).items()
        if len(raw) == 4 * width
    }
    missing = {name: text for name, text in zip(keys, texts, strict=True) if name not in kept}
    names = sorted(missing)
    made = finite(np.asarray(embedder.embed([missing[name] for name in names]), dtype=np.float32)) if names else probe
    new = {name: made[at] for at, name in enumerate(names)}
    rows = np.zeros((len(texts), width), dtype=np.float32)
    for at, name in enumerate(keys):
        rows[at] = new[name] if name in new else kept[name]
    return Vectors(finite(rows), {name: row.astype("<f4").tobytes() for name, row in new.items()})
