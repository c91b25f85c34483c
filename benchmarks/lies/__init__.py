"""Ten kinds of lies to plant in true sentences, several forms of each; shared by the benchmarks of the gate.

`KINDS` maps a kind to its planter. A planter is given a sentence, the other sentences that stand near it in its record,
and a generator; it returns the sentence with one lie in it (a `Lie`), or None where none of its forms applies. Nothing
here uses the product's own reading of numbers, names, quotations or hedges, so that what it overlooks is planted, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from benchmarks.lies import figures, names, wording
from benchmarks.lies.lie import Lie

Planter = Callable[[str, Sequence[str], Random], Lie | None]

KINDS: Mapping[str, Planter] = {
    "number": figures.number,
    "unit": figures.unit,
    "date": figures.date,
    "name": names.name,
    "entity swap": names.swap,
    "quote altered": wording.quote,
    "wrong speaker": names.speaker,
    "hedge removed": wording.hedge,
    "negation": wording.negation,
}

KEY = "invented key"  # the tenth kind: a sentence as it is, with evidence that is not its own

__all__ = ["KEY", "KINDS", "Lie", "Planter"]
