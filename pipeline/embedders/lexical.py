"""The lexical embedder: sparse rows of weighted stemmed words. No model, no download, any language with spaces.

Document frequencies are part of the name: `lexical-1` knows the built-in prior alone, `lexical-1-3f2a9c01` was fitted
on texts. Rows of different names never mix.
"""

from __future__ import annotations

from collections.abc import Sequence

import scipy.sparse as sp

from pipeline import terms
from pipeline.errors import ConfigurationError

_VERSION = "lexical-1"


class LexicalEmbedder:
    """Fits protocols.Embedder."""

    def __init__(self, frequencies: terms.Frequencies | None = None) -> None:
        self._frequencies = frequencies or terms.Frequencies()

    @property
    def name(self) -> str:
        """Method, version and the version of the document frequencies."""
        return f"{_VERSION}-{self._frequencies.version}" if self._frequencies.documents else _VERSION

    def embed(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Unit rows (n, 2**20), float32; a text without content words gives a zero row."""
        return terms.matrix([terms.count(text) for text in texts], self._frequencies)

    def fitted(self, texts: Sequence[str]) -> LexicalEmbedder:
        """The embedder whose frequencies are those of `texts`, in any order, on top of the prior."""
        return LexicalEmbedder(terms.fit(terms.count(text) for text in texts))


def build(model: str) -> LexicalEmbedder:
    """The unfitted embedder; `lexical` takes no model. Raises ConfigurationError."""
    if model:
        raise ConfigurationError(
            f"the lexical embedder takes no model, got {model!r}", key="analyze.embedder", fix='embedder = "lexical"'
        )
    return LexicalEmbedder()
