"""How many signals of chance a night may have: the rate that is set, shared among the kinds, kept over all subjects.

Every night tests many subjects of a kind at once. Benjamini and Hochberg (1995) keep the expected share of false ones
among those that fire at the kind's part of the rate; on a night without any change that is the probability that
anything fires at all, so that on average one quiet night in `quiet_nights` has a false signal. Weights (Genovese,
Roeder, Wasserman 2006) spend more of it where more is to be expected; they are fixed before the night is looked at.

Assumptions: chances are of discrete counts and so rather too large than too small; subjects of one night are
independent or depend on each other positively (the PRDS of Benjamini and Yekutieli 2001), as news does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from pipeline.settings import SignalSettings

Floats = NDArray[np.float64]

TESTED = (  # kinds that fire by a test against chance
    "velocity",
    "volume_anomaly",
    "divergence",
    "sentiment_shift",
    "register_shift",
    "entity_surge",
    "phrase_trending",
    "cross_beat",
)


@dataclass(frozen=True, slots=True)
class Passed:
    """Which of several tests fire, and the chance that each would have had to stay below; arrays over tests."""

    fires: NDArray[np.bool_]
    bar: Floats


def level(settings: SignalSettings) -> float:
    """The part of the night's rate of false signals (0..1) that each tested kind may use: all parts are equal."""
    on = sum(kind not in settings.off for kind in TESTED)
    return 1.0 / settings.quiet_nights / max(1, on)


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
