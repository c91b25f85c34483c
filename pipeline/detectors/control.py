"""How many signals of chance a night may have: the rate that is set, shared among the kinds, kept over all subjects.

Every night tests many subjects of a kind at once. Benjamini and Hochberg (1995) keep the expected share of false ones
among those that fire at the kind's part of the rate; on a night without any change that is the probability that
anything fires at all, so that on average one quiet night in `quiet_nights` has a false signal. Weights (Genovese,
Roeder, Wasserman 2006) spend more of it where more is to be expected; they are fixed before the night is looked at.

Assumptions: chances are of discrete counts and so rather too large than too small; subjects of one night are
independent or depend on each other positively (the PRDS of Benjamini and Yekutieli 2001), as news does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from pipeline.settings import SignalSettings

Floats = NDArray[np.float64]

TESTED: Mapping[str, int] = {  # kinds that fire by a test against chance, and their parts of the rate
    "velocity": 3,
    "volume_anomaly": 3,
    "divergence": 1,
    "sentiment_shift": 1,
    "register_shift": 1,
    "entity_surge": 3,
    "phrase_trending": 3,
    "cross_beat": 1,
}


@dataclass(frozen=True, slots=True)
class Passed:
    """Which of several tests fire, and the chance that each would have had to stay below; arrays over tests."""

    fires: NDArray[np.bool_]
    bar: Floats


def level(settings: SignalSettings, *kinds: str) -> float:
    """The part of the night's rate of false signals (0..1) that these tested kinds may use, of all that are on.

    Counts have larger parts: they are tested against an estimated model over many subjects, the others exactly and with
    fewer tests, most of which cannot fire by chance at all.
    """
    on = sum(part for kind, part in TESTED.items() if kind not in settings.off)
    mine = sum(TESTED[kind] for kind in kinds if kind not in settings.off)
    return mine / settings.quiet_nights / max(1, on)


def passed(chances: Floats, rate: float, weights: Floats | None = None) -> Passed:
    """Which `chances` (0..1, one for each subject tested) fire at the false discovery `rate`.

    `weights`: positive, of any scale; without them all tests count alike.
    """
    if not len(chances):
        return Passed(np.zeros(0, dtype=np.bool_), np.zeros(0))
    shares = np.ones(len(chances)) if weights is None else weights / weights.mean()
    fires = false_discovery_control(np.minimum(1.0, chances / shares)) <= rate
    bar = np.minimum(1.0, rate * max(1, int(fires.sum())) / len(chances) * shares)
    return Passed(fires, bar)
