"""The gate: no sentence is printed that its cited words do not support. `judge` is its door.

`classify` names the class of a sentence; `pick` and `support` serve claims that come without spans.
"""

from __future__ import annotations

from pipeline.gate.judging import classify, judge
from pipeline.gate.rules import RULES
from pipeline.gate.selection import pick, split
from pipeline.gate.whole import THRESHOLD, support

__all__ = ["RULES", "THRESHOLD", "classify", "judge", "pick", "split", "support"]
