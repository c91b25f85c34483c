"""How sure a signal is: the share of such signals that were changes when known changes were planted.

One logistic curve for each kind over the strength of the evidence: p = low + (high - low) / (1 + exp(-(a + b x))) with
b not below 0, so that more evidence never lowers it. x is -log10 of the signal's chance; where a kind has none, log2 of
its score over the threshold. The numbers are in confidence.toml, made by `python benchmarks/fit_confidence.py` on
back-tests; docs/signals.md has what they were checked against. They hold where as many subjects change in a night as
in these back-tests (`base`, the share); where fewer do, confidence is lower by the ratio of the odds.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain import Signal

STRONGEST = 12.0  # no back-test is long enough to tell a chance of 1e-12 from a smaller one


@dataclass(frozen=True, slots=True)
class Curve:
    """Confidence over strength for one kind. `base`: share of tests that were changes; `fitted`: signals behind it."""

    intercept: float
    slope: float
    low: float
    high: float
    base: float
    fitted: int

    def at(self, strength: float) -> float:
        """Confidence, 0..1, at a strength."""
        exponent = -(self.intercept + self.slope * strength)
        return self.low + (self.high - self.low) / (1.0 + math.exp(max(-50.0, min(50.0, exponent))))


def read(path: Path) -> Mapping[str, Curve]:
    """The curves of a file, by kind. Raises OSError, ValueError or TypeError for a file that holds none."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {kind: Curve(**numbers) for kind, numbers in table.items()}


SHIPPED: Mapping[str, Curve] = read(Path(__file__).with_suffix(".toml"))


def strength(signal: Signal) -> float:
    """How much stands against chance: -log10 of it, at most 12; without one, log2 of score over threshold."""
    if signal.chance is not None:
        return min(STRONGEST, -math.log10(max(signal.chance, 1e-300)))
    if signal.score <= 0 or signal.threshold <= 0:
        return 0.0
    return max(0.0, math.log2(signal.score / signal.threshold))


def confidence(signal: Signal, curves: Mapping[str, Curve] = SHIPPED) -> float | None:
    """The share of such signals that were changes in back-tests, rounded to 1e-4; None for a kind without a curve."""
    curve = curves.get(signal.kind)
    return None if curve is None else round(curve.at(strength(signal)), 4)
