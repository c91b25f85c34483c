"""Dense rows made by an engine's workers: many texts go out in chunks, rows come back in order.

A chunk whose worker is lost, or that fails there, is embedded here. Chunks are cut from the texts in one order, that of
the embedder itself, at multiples of its batches, so that rows do not depend on who made them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pipeline import embedders
from pipeline.errors import ModelError
from pipeline.protocols import Embedder, Engine

CHUNK = 256  # texts that travel together, a multiple of what models read at once
_TIMEOUT = 900.0  # seconds for one chunk: 256 full articles take ten on one core, and the first loads the model


@dataclass(frozen=True, slots=True)
class Chunk:
    """Texts for a worker, which loads the embedder that settings call `asked` and must find it to be `name`."""

    asked: str
    name: str
    texts: tuple[str, ...]


class SpreadEmbedder:
    """Fits protocols.Embedder: `embedder`, which settings call `asked`, on the workers of `engine` if it is dense."""

    def __init__(self, embedder: Embedder, asked: str, engine: Engine) -> None:
        self._embedder, self._asked, self._engine = embedder, asked, engine

    @property
    def name(self) -> str:
        """That of the embedder."""
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Any:
        """Rows (n, d) of `texts`; what is less than a chunk is not worth a journey. Raises ModelError."""
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        if len(unique) <= CHUNK or not isinstance(self._embedder.embed([""]), np.ndarray):
            return self._embedder.embed(texts)
        chunks = [Chunk(self._asked, self.name, tuple(unique[at : at + CHUNK])) for at in range(0, len(unique), CHUNK)]
        outcomes = self._engine.map(rows, chunks, timeout=_TIMEOUT)
        made = [
            np.asarray(self._embedder.embed(chunk.texts)) if outcome.error is not None else outcome.value
            for chunk, outcome in zip(chunks, outcomes, strict=True)
        ]
        place = {text: at for at, text in enumerate(unique)}
        return np.concatenate(made)[[place[text] for text in texts]]


def rows(chunk: Chunk) -> np.ndarray[Any, np.dtype[np.float32]]:
    """On a worker: the rows of a chunk. Raises ModelError where the worker has another model."""
    found = _loaded(chunk.asked)
    if found.name != chunk.name:
        raise ModelError(f"this worker has {found.name}, not {chunk.name}")
    return np.asarray(found.embed(chunk.texts), dtype=np.float32)


@lru_cache(maxsize=1)
def _loaded(asked: str) -> Embedder:
    """The embedder of this worker, loaded once."""
    return embedders.build(asked)
