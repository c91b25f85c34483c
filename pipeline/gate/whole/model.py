"""The support model: two lines and a few small trees over the features, read from a text file that ships with its hash.

One line is for text with capitals, one for text in lower case (machine summaries, old wires), which copies its source
more and errs otherwise. `benchmarks/fit_support.py` fits and writes the files; nothing is learned here, and nothing but
the file is needed to compute a probability again anywhere.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.gate.whole.features import Features, worst
from pipeline.gate.whole.pairing import Pairing, pairing

Leaf = float
Node = tuple[str, float, int, int]  # feature, threshold, where to go at or below it, where above
Tree = tuple[Node | Leaf, ...]

LEXICAL, DENSE = "lexical", "dense"
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A bias and the weight of each feature; the sum is a log-odds."""

    bias: float
    weights: Mapping[str, float]

    def odds(self, features: Mapping[str, float]) -> float:
        """The log-odds of support. KeyError for a feature that is missing."""
        return math.fsum([self.bias, *(weight * features[name] for name, weight in self.weights.items())])


@dataclass(frozen=True, slots=True)
class Model:
    """The line for text that has a capital in every sentence, that for the rest, and trees whose leaves are added."""

    capitals: Line
    lower: Line
    trees: Sequence[Tree] = ()
    digest: str = ""  # SHA-256 of the file

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely a claim with these features is supported, 0..1; 0.5 divides best. KeyError for one missing."""
        line = self.capitals if features["capitals"] else self.lower
        odds = line.odds(features) + math.fsum(_reached(tree, features) for tree in self.trees)
        return round(1 / (1 + math.exp(-max(-40.0, min(40.0, odds)))), _DECIMALS)


def _reached(tree: Tree, features: Mapping[str, float]) -> float:
    """The leaf that the features lead to."""
    at = 0
    while True:
        node = tree[at]
        if not isinstance(node, tuple):
            return node
        name, threshold, below, above = node
        at = below if features[name] <= threshold else above


@lru_cache(maxsize=2)
def load(kind: str = LEXICAL) -> Model:
    """The shipped model of a kind, `lexical` or `dense`."""
    raw = Path(__file__).with_name(f"{kind}.json").read_bytes()
    held = json.loads(raw)
    trees = tuple(
        tuple(tuple(node) if isinstance(node, list) else float(node) for node in tree) for tree in held["trees"]
    )
    return Model(Line(**held["capitals"]), Line(**held["lower"]), trees, hashlib.sha256(raw).hexdigest())


def claim_features(
    parts: Iterable[tuple[str, Sequence[str]]], measure: Callable[[Pairing], Features]
) -> Features | None:
    """Worst values over the sentences of a claim, each beside its own spans; a sentence that says nothing is left out.

    Empty where none says anything, None where a sentence has no span.
    """
    found = []
    for sentence, spans in parts:
        if not spans:
            return None
        if (pair := pairing(sentence, spans)) is not None:
            found.append(measure(pair))
    return worst(found)


def likelihood(
    parts: Iterable[tuple[str, Sequence[str]]], measure: Callable[[Pairing], Features], model: Model
) -> float:
    """How likely every sentence of a claim is supported by its own spans: 0 where one has none, 1 where none says
    anything."""
    found = claim_features(parts, measure)
    if found is None:
        return 0.0
    return model.probability(found) if found else 1.0
