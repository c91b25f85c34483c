"""How far counts stray beyond Poisson: variance over mean of each subject's blocks, and how well that is known.

Statistic. A subject's own is Pearson's statistic of its blocks. What the desk's subjects lead to expect is
phi = 1 + a + b * mean + c * h, fitted to all of them (b: good and bad days; h: how much more often than by chance two
origins share an hour, which a month's hours tell five times as well as its 28 days do). The two are joined as an
inverse chi-square prior and its data are (empirical Bayes; Smyth 2004, with the quasi-likelihood of Lund et al. 2012):
each counts by its degrees of freedom, and those of the prior follow from how far subjects stray from what is expected.
Bursts, which are what is looked for, hardly count (weights of baselines.py), so what is left is a little too even and
is raised by `_TRIMMED`.

Assumption: a subject is as clumped tonight as it was, whatever its level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from pipeline.detectors.blocks import Blocks
from pipeline.detectors.season import Floats

_TRIMMED = 1.1  # variance of what is left, without bursts, over that of what is left out too; on generated series
_STEADY = 0.005  # the least squared coefficient of variation of phi around what is expected
_VARIED = (0.05, 4.0)  # bounds of that of phi - 1
_NORMAL = 0.6745  # median distance from 0 of a standard normal variable
_ENOUGH = 3.0  # origins a block from which on residuals are nearly normal


def residuals(rows: Blocks, mean: Floats) -> Floats:
    """Anscombe's residuals of Poisson counts of `mean`, by row."""
    found = 1.5 * (rows.count ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    return np.asarray(found, dtype=np.float64)


def first_guess(rows: Blocks, mean: Floats) -> Floats:
    """Variance over mean by subject that no burst moves, at least 1: from the median distance of its residuals from
    their median (MAD)."""
    number = np.bincount(rows.subject, minlength=len(rows.total))
    known = (rows.sums(rows.count) >= _ENOUGH * rows.number) & (number >= 5)
    if not known.any():
        return np.ones(len(known))
    found = residuals(rows, mean)
    far = np.abs(found - _medians(rows, found, number)[rows.subject])
    return np.where(known, np.maximum((_medians(rows, far, number) / _NORMAL) ** 2, 1.0), 1.0)


def _medians(rows: Blocks, values: Floats, number: NDArray[np.int64]) -> Floats:
    """The median of `values` by subject, of which it has `number`; anything for one without any."""
    middle = np.minimum(np.cumsum(number) - number + number // 2, len(values) - 1)
    return np.asarray(values[np.lexsort((values, rows.subject))][middle], dtype=np.float64)


def clumped(rows: Blocks, rate: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Variance over mean by subject, at least 1, and the degrees of freedom with which it is known.

    `rate` by subject, `mean` by row. The statistic of a block of mean m has variance 2 + 1/m, so it weighs
    2m / (1 + 2m). Blocks in which nothing came are taken together at their mean.
    """
    empty = np.maximum(rows.number - rows.sums(np.ones(len(mean))), 0.0)
    calm = np.maximum(rate * rows.total - rows.sums(mean), 0.0) / np.maximum(empty, 1.0)
    tells, tells_calm = 2 * mean / (1 + 2 * mean) * rows.weight**2, empty * 2 * calm / (1 + 2 * calm)
    free = _TRIMMED * rows.number / np.maximum(rows.number - 1, 1)
    found = (rows.sums(tells * (rows.count - mean) ** 2 / mean) + tells_calm * calm) * free
    weight = rows.sums(tells) + tells_calm
    own = found / np.maximum(weight, 1e-9)
    level = rate * rows.total / np.maximum(rows.number, 1.0)
    known = rows.number > 2
    like = np.column_stack([np.ones(len(own)), level, _hourly(rows, rate, mean)])
    expected = np.maximum(1 + like @ _desk(like[known], own[known], weight[known]), 1.0)
    prior = 2 / np.maximum(_varied(expected[known], own[known], weight[known]) * (1 - 1 / expected) ** 2, _STEADY)
    return np.maximum((found + prior * expected) / (weight + prior), 1.0), weight + prior


def _hourly(rows: Blocks, rate: Floats, mean: Floats) -> Floats:
    """Pairs of one hour beyond those of chance, over the usual origins: what they add to variance over mean."""
    chance = rate**2 * rows.squared - rows.sums((1 - rows.weight) * mean**2 * rows.squares[rows.block])
    found = (rows.sums(rows.weight * rows.pairs) - chance) / np.maximum(rate * rows.total, 1e-9)
    return np.maximum(found, -0.5)


def _desk(like: Floats, own: Floats, weight: Floats) -> Floats:
    """a, b and c of the desk, none below 0, by weighted least squares without the wildest subjects."""
    if len(own) < 2:
        return np.array([0.5, 0.05, 0.0])
    root = np.sqrt(weight)
    calm = np.minimum(own, np.quantile(own, 0.975))
    found, _ = nnls(like * root[:, None], root * np.maximum(calm - 1, -1.0))
    return np.asarray(found, dtype=np.float64)


def _varied(expected: Floats, own: Floats, weight: Floats) -> float:
    """The squared coefficient of variation of phi - 1 around what is expected, by moments; no subject counts wildly."""
    chance = 2 / np.maximum(weight, 1.0) * expected**2
    beyond = (expected - 1) ** 2
    off = np.minimum((own - expected) ** 2, 9 * chance + 4 * beyond) - chance
    tells = beyond / np.maximum(chance, 1e-12) ** 2
    return float(np.clip((tells * off).sum() / max((tells * beyond).sum(), 1e-9), *_VARIED)) if len(own) else 0.5
