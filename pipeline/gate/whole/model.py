"""The support model: a line and a few small trees over the features, read from a text file that ships with its hash.

`benchmarks/fit_support.py` fits and writes the files; nothing is learned here, and nothing but the file is needed to
compute a probability again anywhere.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

Leaf = float
Node = tuple[str, float, int, int]  # feature, threshold, where to go at or below it, where above
Tree = tuple[Node | Leaf, ...]

LEXICAL, DENSE = "lexical", "dense"
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the line by feature, its bias, and trees whose leaves are added to it. The sum is a log-odds."""

    weights: Mapping[str, float]
    bias: float
    trees: Sequence[Tree]
    digest: str = ""  # SHA-256 of the file

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely a sentence with these features is supported, 0..1; 0.5 divides best. KeyError for one missing."""
        terms = [weight * features[name] for name, weight in self.weights.items()]
        odds = math.fsum([self.bias, *terms, *(_reached(tree, features) for tree in self.trees)])
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
    return Model(held["weights"], held["bias"], trees, hashlib.sha256(raw).hexdigest())
