"""Dense rows by sentence-transformers: a local folder, a package that carries a model, or a name on the hub.

Hostile models are refused before anything is loaded: a folder with code in it, weights that are not safetensors.
Remote code is never trusted. The thread count is fixed, so that one machine gives the same rows twice.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.domain import digest
from pipeline.errors import ConfigurationError, MissingExtra, ModelError

THREADS = 2
_BATCH = 32
_LONGEST = 2000  # characters; the models read some 256 tokens
_CODE = (".py", ".pyc", ".so", ".pkl", ".pickle", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack")


class SentenceTransformersEmbedder:
    """Fits protocols.Embedder. The model is loaded on the first text."""

    def __init__(self, model: str, *, threads: int = THREADS) -> None:
        if importlib.util.find_spec("sentence_transformers") is None:
            raise MissingExtra(
                f'embedder "sentence-transformers:{model}" needs a package that is not installed; nothing was '
                "analysed. Install it: pip install 'citewire[semantic]', or write embedder = \"lexical\"."
            )
        self._model, self._threads = model, threads
        self._folder = _folder(model)
        self._loaded: Any = None
        label = _fingerprint(self._folder) if self._folder else "hub"
        self._name = f"sentence-transformers:{Path(model).name}@{label}"

    @property
    def name(self) -> str:
        """Library, model and a digest of its files."""
        return self._name

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Unit rows (n, d), float32; blank texts, and rows that are not finite, are zero. Raises ModelError."""
        model = self._load()
        size = int(_dimension(model)())
        rows = np.zeros((len(texts), size), dtype=np.float32)
        told = [at for at, text in enumerate(texts) if any(c.isalnum() for c in text)]
        if told:
            rows[told] = self._encode(model, [texts[at][:_LONGEST] for at in told])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: np.ndarray[Any, np.dtype[np.float32]] = np.zeros_like(rows)
        np.divide(rows, lengths, out=unit, where=lengths > 1e-12)
        return unit

    def _encode(self, model: Any, texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Raw rows of the model, with everything that is not a finite number made zero."""
        # Equal texts once, in an order that does not depend on the caller's: batching changes the last bits of a row.
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        try:
            raw = model.encode(
                unique, batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False, normalize_embeddings=False
            )
        except (RuntimeError, ValueError, IndexError) as error:
            raise ModelError(f"{self._name} could not read {len(texts)} texts: {error}") from error
        rows = np.asarray(raw, dtype=np.float32)
        rows[~np.isfinite(rows).all(axis=1)] = 0.0
        place = {text: at for at, text in enumerate(unique)}
        chosen: np.ndarray[Any, np.dtype[np.float32]] = rows[[place[text] for text in texts]]
        return chosen

    def _load(self) -> Any:
        """The model, loaded once. Raises ConfigurationError when it cannot be."""
        if self._loaded is None:
            if self._folder is not None:
                os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            torch = importlib.import_module("torch")
            library = importlib.import_module("sentence_transformers")
            torch.set_num_threads(self._threads)
            importlib.import_module("transformers.utils.logging").disable_progress_bar()
            try:
                self._loaded = library.SentenceTransformer(
                    str(self._folder or self._model),
                    trust_remote_code=False,
                    local_files_only=self._folder is not None,
                    model_kwargs={"use_safetensors": True},
                )
            except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
                raise _unusable(self._model, f"it cannot be loaded ({error})") from error
            self._loaded.eval()
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


def _folder(model: str) -> Path | None:
    """The folder of a local or packaged model; None for a hub name. Raises ConfigurationError for one with code."""
    path = Path(model).expanduser()
    folder = path if path.is_dir() else _packaged(model)
    if folder is None:
        if path.is_absolute() or model.startswith((".", "~")):
            raise _unusable(model, "there is no such folder")
        if model.count("/") != 1:
            raise _unusable(model, "it is no folder, no installed package with a model, and no hub name (owner/name)")
        return None
    files = [file for file in folder.rglob("*") if file.is_file()]
    hostile = sorted(str(file.relative_to(folder)) for file in files if file.suffix.casefold() in _CODE)
    if hostile:
        raise _unusable(model, f"its folder holds code or weights that can run code: {', '.join(hostile[:3])}")
    if not any(file.suffix == ".safetensors" for file in files):
        raise _unusable(model, "its folder holds no .safetensors weights")
    return folder


def _packaged(model: str) -> Path | None:
    """The model folder of an installed package, by its distribution's or import name."""
    name = model.replace("-", "_")
    if not name.isidentifier() or importlib.util.find_spec(name) is None:
        return None
    locate: Callable[[], object] | None = getattr(importlib.import_module(name), "get_model_path", None)
    return Path(str(locate())) if locate is not None else None


def _fingerprint(folder: Path) -> str:
    """Eight hex digits that tell two models of one name apart: sizes and configuration, not the weights' bytes."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    parts = [f"{file.relative_to(folder).as_posix()} {file.stat().st_size}" for file in files]
    configs = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.name == "config.json"]
    return digest("model", *parts, *configs, size=8)


def _dimension(model: Any) -> Callable[[], int]:
    """The method that tells a model's dimension; the library renamed it in version 6."""
    found: Callable[[], int] = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    return found


def _unusable(model: str, why: str) -> ConfigurationError:
    """The error for a model that must not or cannot be used."""
    return ConfigurationError(
        f"model {model!r} is not used: {why}",
        key="analyze.embedder",
        fix='embedder = "lexical", or "sentence-transformers:" and a safetensors model without code',
    )
