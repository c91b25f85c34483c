"""Dense rows by sentence-transformers: a local folder, a package that carries a model, or a hub model at hand.

Hostile and broken models are refused before anything is loaded (`folders`). Remote code is never trusted and nothing is
fetched. The thread count is fixed and rows are rounded, so that one machine gives the same rows twice; a GPU is used
where the library sees one.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.embedders import folders
from pipeline.errors import ConfigurationError, MissingExtra, ModelError

THREADS = 2
_BATCH = {"cpu": 32, "cuda": 256}  # texts at once
_LONGEST = 2000  # characters; the models read some 256 tokens
_DRAWN = 0.1  # share of a model's numbers that its weights may leave out: a pooler that nothing uses
_DECIMALS = 5  # of a row: company in a batch changes the digits behind

Rows = np.ndarray[Any, np.dtype[np.float32]]


class SentenceTransformersEmbedder:
    """Fits protocols.Embedder. The folder is vetted at once, the model loaded on the first text."""

    def __init__(self, model: str, *, threads: int = THREADS) -> None:
        if importlib.util.find_spec("sentence_transformers") is None:
            raise MissingExtra(
                f'embedder "sentence-transformers:{model}" needs a package that is not installed; nothing was '
                "analysed. Install it: pip install 'citewire[semantic]', or write embedder = \"lexical\"."
            )
        self._model, self._threads = model, threads
        self._folder = folders.find(model)
        self._loaded: Any = None
        self._device, self._width = "cpu", 0
        self._name = f"sentence-transformers:{Path(model).name}@{folders.fingerprint(self._folder)}"

    @property
    def name(self) -> str:
        """Library, model and a digest of its files."""
        return self._name

    def embed(self, texts: Sequence[str]) -> Rows:
        """Unit rows (n, d), float32; blank texts, and rows that are not finite, are zero.

        Raises ModelError, and ConfigurationError for a model that cannot be loaded.
        """
        model = self._load()
        rows = np.zeros((len(texts), self._width), dtype=np.float32)
        told = [at for at, text in enumerate(texts) if any(c.isalnum() for c in text)]
        if told:
            rows[told] = self._encode(model, [_readable(texts[at]) for at in told])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Rows = np.zeros_like(rows)
        np.divide(rows, lengths, out=unit, where=lengths > 1e-12)
        return np.round(unit, _DECIMALS)

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[int], Rows]]:
        """Of each text where its tokens begin and their unit rows in that text (n, d), float32. Raises ModelError."""
        model = self._load()
        try:
            told = [self._tokens(model, _readable(text)) for text in texts]
        except Exception as error:  # a stranger's model can fail in any way
            raise ModelError(f"{self._name} could not read {len(texts)} texts by token: {error}") from error
        return told

    def _tokens(self, model: Any, text: str) -> tuple[list[int], Rows]:
        found = model.encode([text], output_value="token_embeddings", show_progress_bar=False)[0]
        rows = np.nan_to_num(np.asarray(found.cpu() if hasattr(found, "cpu") else found, dtype=np.float32))
        read = model.tokenizer(text, truncation=True, max_length=len(rows), return_offsets_mapping=True)
        kept = [(at, start) for at, (start, end) in enumerate(read["offset_mapping"]) if end > start and at < len(rows)]
        rows = rows[[at for at, _ in kept]]
        unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return [start for _, start in kept], np.round(unit, _DECIMALS)

    def _encode(self, model: Any, texts: list[str]) -> Rows:
        """Raw rows of the model, with everything that is not a finite number made zero. Raises ModelError."""
        # Equal texts once, in an order that does not depend on the caller's: batching changes the last bits of a row.
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        try:
            raw = model.encode(
                unique,
                batch_size=_BATCH[self._device],
                convert_to_numpy=True,
                show_progress_bar=False,
                normalize_embeddings=False,
            )
        except Exception as error:  # a stranger's model can fail in any way
            raise ModelError(f"{self._name} could not read {len(texts)} texts: {error}") from error
        rows = np.asarray(raw, dtype=np.float32)
        rows[~np.isfinite(rows).all(axis=1)] = 0.0
        place = {text: at for at, text in enumerate(unique)}
        chosen: Rows = rows[[place[text] for text in texts]]
        return chosen

    def _load(self) -> Any:
        """The model, loaded once. Raises ConfigurationError when it cannot be."""
        if self._loaded is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            torch = importlib.import_module("torch")
            library = importlib.import_module("sentence_transformers")
            torch.set_num_threads(self._threads)
            torch.manual_seed(0)  # parts of a model that its weights leave out are drawn
            importlib.import_module("transformers.utils.logging").disable_progress_bar()
            self._device = "cuda" if torch.cuda.is_available() else "cpu"
            try:
                loaded = library.SentenceTransformer(
                    str(self._folder),
                    device=self._device,
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
                loaded.eval()
                if (share := _weightless(loaded, folders.weights(self._folder))) > _DRAWN:
                    raise ValueError(f"its weights leave out {share:.0%} of the model that it says it is")
                self._width = int(np.asarray(loaded.encode(["a"], show_progress_bar=False)).shape[1])
            except Exception as error:  # a stranger's model can fail in any way
                raise folders.unusable(self._model, f"it cannot be loaded ({_line(error)})") from error
            self._loaded = loaded
        return self._loaded


def build(model: str) -> SentenceTransformersEmbedder:
    """The embedder of `model`: folder, package name or hub name. Raises MissingExtra or ConfigurationError."""
    if not model:
        raise ConfigurationError(
            "no model is named after the colon",
            key="analyze.embedder",
            fix='embedder = "sentence-transformers:sentence-transformers/all-MiniLM-L6-v2"',
        )
    return SentenceTransformersEmbedder(model)


def _weightless(model: Any, held: frozenset[str]) -> float:
    """Share of a loaded model's numbers whose names, but for what they begin with, are not among those `held`."""
    ends = {end for name in held for end in _ends(name)}
    sizes = {name: int(value.numel()) for name, value in model.named_parameters()}
    return sum(size for name, size in sizes.items() if not _ends(name) & ends) / max(1, sum(sizes.values()))


def _ends(name: str) -> frozenset[str]:
    """A dotted name without its first none, one, two or three parts, of which two at least stay."""
    parts = name.split(".")
    return frozenset(".".join(parts[cut:]) for cut in range(min(4, max(1, len(parts) - 1))))


def _readable(text: str) -> str:
    """The beginning of `text`, without halves of characters, at which tokenizers fail."""
    return text[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def _line(error: Exception) -> str:
    """What an error says, in one line of bounded length."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
