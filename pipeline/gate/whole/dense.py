"""What token vectors add: how near each word of a sentence comes to its nearest counterpart in the spans.

`together` is the second model. Pure: `texts` says what must be read, `dense` compares the unit rows of its tokens, each
word by its rarity (as BERTScore, Zhang et al. 2020, precision side). The vectors are an embedder's, so these features
are the same only on one machine with one model; the model that reads them is never the one that `verify` computes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.gate import lexicon as lex
from pipeline.gate.whole.features import DECIMALS, Features, features
from pipeline.gate.whole.model import DENSE, likelihood, load
from pipeline.gate.whole.pairing import Pairing, rarity

Table = np.ndarray[Any, np.dtype[np.float32]]
Tokens = tuple[Sequence[int], Table]  # where each token of a text begins, and its unit row in that text
Vectors = Callable[[Sequence[str]], Mapping[str, Tokens]]

_WORD = re.compile(r"\w[\w'’-]*")
_FAR, _RATHER_FAR, _NEAR = 0.5, 0.6, 0.7  # cosines of a word and its counterpart


def together(parts: Sequence[tuple[str, Sequence[str]]], vectors: Vectors) -> float:
    """How likely the sentences of a claim, each with its spans, are all supported, by the model that reads vectors."""
    return likelihood(parts, lambda pair: features(pair) | dense(pair, vectors(sorted(texts(pair)))), load(DENSE))


def texts(pair: Pairing) -> set[str]:
    """Every text whose tokens `dense` needs: the sentence and the spans."""
    return {pair.sentence.text, *(span.text for span in pair.spans)}


def dense(pair: Pairing, read: Mapping[str, Tokens]) -> Features:
    """The features that rest on vectors. `read` holds the tokens of each of `texts(pair)`."""
    starts, rows = read[pair.sentence.text]
    tables = [rows @ read[span.text][1].T for span in pair.spans]
    nearest = [table.max(axis=1, initial=0.0) for table in tables]
    words = _words(pair.sentence.text, starts)
    told = [low for low in words if low[1] not in lex.FREE] or list(words)
    weights = np.array([rarity(low) for _, low in told])
    best = [_even(one, [words[word] for word in told]) for one in nearest]
    most = np.max(nearest, axis=0)
    near = _even(most, [words[word] for word in told])
    ranked, total = np.sort(near), weights.sum()
    span = max(range(len(tables)), key=lambda at: (float(best[at] @ weights), -at))
    found = {
        "near_rare": near @ weights / total,
        "near": near.mean(),
        "near_all": _even(most, list(words.values())).mean(),
        "near_best": best[span] @ weights / total,
        "near_least": ranked[0],
        "near_two": ranked[:2].mean(),
        "near_three": ranked[:3].mean(),
        "near_middle": np.median(near),
        "near_token": min((most[token] for word in told for token in words[word]), default=0.0),
        "near_span": tables[span].max(axis=0).mean() if tables[span].size else 0.0,
        "far_weight": weights @ np.maximum(0, _NEAR - near),
        "far_words": (near < _FAR).sum(),
        "far_share": (near < _RATHER_FAR).mean(),
        "far_wider": (near < _NEAR).mean(),
        "far_most": (weights * (1 - near)).max(),
    }
    return {name: round(float(value), DECIMALS) for name, value in found.items()}


def _words(text: str, starts: Sequence[int]) -> dict[tuple[int, str], list[int]]:
    """The folded words of a text by place, with the numbers of their tokens; the whole text where no word has any."""
    found = {}
    for match in _WORD.finditer(text):
        if tokens := [at for at, start in enumerate(starts) if match.start() <= start < match.end()]:
            found[match.start(), match.group().lower()] = tokens
    return found or {(0, text.lower()): list(range(len(starts)))}


def _even(nearest: Table, words: Sequence[Sequence[int]]) -> Table:
    """The mean over the tokens of each word, 0 where it has none."""
    return np.array([nearest[list(tokens)].mean() if tokens else 0.0 for tokens in words])
