"""The network behind the parser: a vector for each word in its context, its tag, and how good each move is in a state.

A port to numpy of three layers of `en_core_web_sm` 3.8 (Explosion, MIT licence; LICENSE.txt beside the weights): hashed
embeddings of a word's norm, first and last letters and shape, four convolutions of width three with maxout, layer norms
and residuals; a softmax layer for tags; the transition model's two layers (Honnibal and Montani). Weights are kept in
half precision and computed with in double, so that sums that differ in their last bits by machine decide nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.parsing.hashing import rows, text_hash

Floats = NDArray[np.float64]

_FILE = Path(__file__).with_name("weights.npz")
_TABLES = 6  # norm, first letter, last three, shape, space after, is space
_SEED = 8  # of the first table, then counting on
_DEPTH = 5  # one layer over the tables, four convolutions
_REACH = 4  # words to each side that the convolutions see
_SHAPE = re.compile(r"(.)\1{4,}")
_SMALL = 250_000  # products of a matrix product that OpenBLAS does in one thread


class Network:
    """The weights, read once."""

    def __init__(self, path: Path = _FILE) -> None:
        with np.load(path) as file:
            plain = {name: file[name] for name in file.files}
        self.moves: tuple[str, ...] = tuple(str(plain.pop("moves")).split(" "))
        self.tags: tuple[str, ...] = tuple(str(plain.pop("tags")).split(" "))
        keys, values = plain.pop("norm_of"), plain.pop("norm")
        self._norms = dict(zip(keys.tolist(), values.tolist(), strict=True))
        self._w = {name: value.astype(np.float64) for name, value in plain.items()}
        feats, hidden, pieces, width = self._w["low_W"].shape
        self._state = self._w["low_W"].reshape(feats * hidden * pieces, width)
        self._pad = self._w["low_pad"].reshape(1, feats, hidden, pieces)

    def norm(self, word: str) -> int:
        """Hash of the form under which a word is looked up: "colour" under "color"."""
        own = text_hash(word)
        return self._norms.get(own) or text_hash(_NORMS.get(word, word.lower()))

    def vectors(self, words: list[str], spaces: list[bool]) -> Floats:
        """(n, 96) vectors of the words of a sentence in their context."""
        keys = np.array(
            [
                [
                    self.norm(word),
                    text_hash(word[:1]),
                    text_hash(word[-3:]),
                    text_hash(_shape(word)),
                    int(space),
                    int(word.isspace()),
                ]
                for word, space in zip(words, spaces, strict=True)
            ],
            dtype=np.uint64,
        )
        tables = [
            self._w[f"embed{at}"][rows(keys[:, at], _SEED + at, len(self._w[f"embed{at}"]))].sum(axis=1)
            for at in range(_TABLES)
        ]
        found = self._layer(0, np.concatenate(tables, axis=1))
        edge = np.zeros((_REACH, found.shape[1]))
        found = np.concatenate((edge, found, edge))
        for depth in range(1, _DEPTH):
            zero = np.zeros((1, found.shape[1]))
            around = np.concatenate((np.concatenate((zero, found[:-1])), found, np.concatenate((found[1:], zero))), 1)
            found = found + self._layer(depth, around)
        return found[_REACH:-_REACH]

    def _layer(self, number: int, values: Floats) -> Floats:
        """Maxout over three pieces, then layer norm."""
        weight, bias = self._w[f"mix{number}_W"], self._w[f"mix{number}_b"]
        width, pieces, inner = weight.shape
        out = _product(values, weight.reshape(width * pieces, inner).T).reshape(-1, width, pieces) + bias
        out = out.max(axis=2)
        mean, spread = out.mean(axis=1, keepdims=True), out.var(axis=1, keepdims=True) + 1e-8
        normed: Floats = (out - mean) / np.sqrt(spread) * self._w[f"mix{number}_G"] + self._w[f"mix{number}_n"]
        return normed

    def tagged(self, vectors: Floats) -> list[str]:
        """The tag of each word (Penn Treebank)."""
        best: NDArray[np.intp] = (vectors @ self._w["tag_W"].T + self._w["tag_b"]).argmax(axis=1)
        return [self.tags[at] for at in best]

    def prepared(self, vectors: Floats) -> Floats:
        """(n + 1, 8, 64, 2): what each word adds to a state in each of eight places; the first row: nobody there."""
        inner = vectors @ self._w["in_W"].T + self._w["in_b"]
        states = _product(inner, self._state.T).reshape(len(vectors), *self._pad.shape[1:])
        return np.concatenate((self._pad, states))

    def scores(self, prepared: Floats, places: list[int]) -> Floats:
        """How good each move is in the state that `places` describe (-1: nobody there)."""
        hidden = prepared[[place + 1 for place in places], range(len(places))].sum(axis=0) + self._w["low_b"]
        found: Floats = self._w["up_W"] @ hidden.max(axis=1) + self._w["up_b"]
        return found


def _product(left: Floats, right: Floats) -> Floats:
    """A matrix product a few rows at a time: too small for a library of linear algebra to spread over threads, which
    for sentences costs more than it saves and may change the order of sums."""
    step = max(1, _SMALL // right.size)
    return np.concatenate([left[at : at + step] @ right for at in range(0, len(left), step)])


@lru_cache(maxsize=1)
def shipped() -> Network:
    """The shipped network."""
    return Network()


_NORMS = {
    "n't": "not", "'s": "'s", "'ll": "will", "'re": "are", "'ve": "have", "'d": "would", "'m": "am", "€": "$", "£": "$",
    "¥": "$", "US$": "$", "C$": "$", "A$": "$", "–": "-", "—": "-", "--": "-", "“": '"', "”": '"', "’": "'", "‘": "'",
    "…": "...", "«": '"', "»": '"', "„": '"', "₹": "$", "₩": "$",
}  # fmt: skip


def _shape(word: str) -> str:
    """Xx, dd and so on, runs cut to four."""
    if len(word) >= 100:
        return "LONG"
    shape = "".join(("X" if c.isupper() else "x") if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return _SHAPE.sub(lambda match: match[1] * 4, shape)
