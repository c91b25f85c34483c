"""The gate: no sentence is printed that its cited words do not support. `judge` is its door."""

from __future__ import annotations

from pipeline.gate.judging import RULES, classify, judge

__all__ = ["RULES", "classify", "judge"]
