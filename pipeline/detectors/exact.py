"""Whether two groups of votes differ beyond chance: the exact permutation test, within strata, of a mean of -1, 0, 1.

Under the hypothesis of no difference every way to deal the votes of a stratum to its two groups is equally likely
(Fisher 1935; Pitman 1937). The sum of a group's votes is then a sum of multivariate hypergeometric draws, whose exact
distribution over all strata is a convolution. Strata (platforms, say) keep a change of their shares from being taken
for a change of opinion (Mantel and Haenszel 1959). Assumption: one vote for each independent voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

Votes = Sequence[int]  # of one group: each -1, 0 or 1
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Compared:
    """A group's votes against the rest's. `effect`: the difference of means, strata weighed as Mantel and Haenszel do.

    `masses[i]` is the probability that the group's votes sum to `lowest + i`; their sum was `total`.
    """

    total: int
    lowest: int
    masses: Floats
    expected: float
    weight: float  # votes' worth of evidence: the sum over strata of n * m / (n + m)

    @property
    def effect(self) -> float:
        """Mean of the group minus mean of the rest, -2 to 2; 0 where nothing can be compared."""
        return (self.total - self.expected) / self.weight if self.weight else 0.0

    @property
    def chance(self) -> float:
        """Probability of a sum as far out as this one or further: twice the smaller tail."""
        return float(self._chances()[self.total - self.lowest])

    def least(self, bar: float) -> float:
        """The smallest difference of means whose chance is at most `bar`; the largest there is where none is."""
        sums = self.lowest + np.arange(len(self.masses))
        effects = np.abs(sums - self.expected) / (self.weight or 1.0)
        possible = self.masses > 0
        firing = effects[possible & (self._chances() <= bar)]
        return float(firing.min() if len(firing) else effects[possible].max())

    def _chances(self) -> Floats:
        below, above = np.cumsum(self.masses), np.cumsum(self.masses[::-1])[::-1]
        return np.asarray(np.minimum(1.0, 2 * np.minimum(below, above)), dtype=np.float64)


def compare(strata: Iterable[tuple[Votes, Votes]]) -> Compared:
    """Compare the first groups with the second ones of all strata; a stratum with an empty group says nothing."""
    total, lowest, expected, weight = 0, 0, 0.0, 0.0
    masses = np.ones(1)
    for group, rest in strata:
        n, m = len(group), len(rest)
        if not n or not m:
            continue
        every = [*group, *rest]
        masses = np.convolve(masses, _drawn(every.count(1), every.count(-1), n + m, n))
        total, lowest = total + sum(group), lowest - n
        expected += n * sum(every) / (n + m)
        weight += n * m / (n + m)
    return Compared(total, lowest, masses, expected, weight)


def _drawn(up: int, down: int, whole: int, n: int) -> Floats:
    """Probabilities of the sums -n..n of `n` votes drawn from `whole`, of which `up` are 1 and `down` are -1."""
    masses = np.zeros(2 * n + 1)
    for ups in range(min(up, n) + 1):
        some = hypergeom.pmf(ups, whole, up, n)
        downs = np.arange(min(down, n - ups) + 1)
        if some > 0 and whole > up:
            masses[n + ups - downs] += some * hypergeom.pmf(downs, whole - up, down, n - ups)
        elif some > 0:
            masses[n + ups] += some
    return masses
