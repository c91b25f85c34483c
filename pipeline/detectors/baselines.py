"""What is usual: how many origins a subject may be expected to have in the window, and how far chance strays from that.

Statistic. History is cut into blocks of the window's length (blocks.py); season.py weighs their hours and says which
were read. A subject's rate has a Gamma prior fitted to all subjects of its sort (empirical Bayes, Robbins 1956; the
marginal is negative binomial) and a log-linear trend drawn towards none, and the posterior predictive of its count is
taken as negative binomial of the same mean and variance, averaged over what its variance may be (clumps.py; a scaled
inverse chi-square, lognormal to two moments). Blocks far above their expectation are earlier news and weigh less, by
the inverse square of their Anscombe residual beyond 2.58 (Farrington et al. 1996; Noufaily et al. 2013).

Units: origins; a rate is origins per average hour. Assumptions: a subject's rate is steady from its first origin in the
baseline on, but for season, trend, bursts and clumps; subjects of a sort share the week's profile but for a factor on
blocks that lie in the week as the window does, which is drawn towards 1 as far as the desk's subjects agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, gammaln
from scipy.stats import nbinom

from pipeline.detectors.blocks import Blocks, Bools, blocks
from pipeline.detectors.clumps import clumped, first_guess, residuals
from pipeline.detectors.frame import Series
from pipeline.detectors.season import Floats, Ints, Season

BURST = 2.58  # Anscombe residual beyond which a block is earlier news
_ROUNDS = 4
_FITTED = 4000  # subjects that the prior is fitted to
_LEAST_FACTOR, _MOST_FACTOR = 1e-4, 0.25  # variance of the factor on the window's part of the week
_STEEP, _STEEPEST = 0.03, 0.05  # log growth a block: the most that is usual on a desk, and of one subject
_ALL = slice(None)
_ROOTS, _WEIGHTS = np.polynomial.hermite.hermgauss(7)
_AT, _OF = _ROOTS * np.sqrt(2), _WEIGHTS / np.sqrt(np.pi)  # a standard normal variable at seven points


@dataclass(frozen=True, slots=True)
class Usual:
    """The rate of each subject of a series (origins per average hour), how sure it is, and how its counts scatter.

    unsure: squared coefficient of variation of the rate. clumped: variance over mean at a known rate, known with as
    many degrees of `freedom`. hours: weights of the window's hours, latest first. steps: numbers of hours before it;
    before, came: a row for each step, with the weight of these hours and the origins in them. first: what is usual of
    subjects that have just begun.
    """

    rate: Floats
    unsure: Floats
    clumped: Floats
    freedom: Floats
    hours: Floats
    steps: tuple[int, ...]
    before: Floats
    came: Floats
    first: Firsts

    @property
    def tonight(self) -> float:
        """Weight of the window."""
        return float(self.hours.sum())

    def chance(self, counts: Ints, weight: Floats, of: slice = _ALL) -> Floats:
        """The probability of `counts` or more origins in hours of `weight`, for each subject (of those in `of`)."""
        mean = np.maximum(self.rate[of] * weight, 1e-9)
        found = self._beyond(counts, mean, self.clumped[of], self.unsure[of])
        much = np.flatnonzero(counts > mean)  # elsewhere the tails do not matter
        if len(much):
            known, scale = self.clumped[of][much], 1 / self.freedom[of][much]
            each = [np.maximum(known * np.exp(at * np.sqrt(2 * scale) + scale), 1.0) for at in _AT]
            parts = [self._beyond(counts[much], mean[much], phi, self.unsure[of][much]) for phi in each]
            found[much] = _OF @ np.stack(parts)
        return found

    def asked(self, chance: Floats, weight: Floats, of: slice = _ALL) -> Floats:
        """The least number of origins in hours of `weight` whose probability is not above `chance` (bisection)."""
        low = np.zeros(len(weight), dtype=np.int64)
        high = np.ceil(np.maximum(self.rate[of] * weight, 1.0)).astype(np.int64)
        while (short := self.chance(high, weight, of) > chance).any():
            low, high = np.where(short, high, low), np.where(short, 2 * high, high)
        while (high - low > 1).any():
            middle = (low + high) // 2
            enough = self.chance(middle, weight, of) <= chance
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high.astype(np.float64)

    @staticmethod
    def _beyond(counts: Ints, mean: Floats, phi: Floats, unsure: Floats) -> Floats:
        """The tail of the negative binomial of variance phi * mean + unsure * mean**2."""
        size = mean**2 / np.maximum(mean * (phi - 1) + mean**2 * unsure, 1e-9 * mean)
        tail = betainc(np.maximum(counts, 1), size, mean / (size + mean))
        return np.where(counts > 0, tail, 1.0)


@dataclass(frozen=True, slots=True)
class Firsts:
    """Sizes of first windows: origins beyond the first of subjects that had just begun, negative binomial.

    `seen`: how many it rests on.
    """

    mean: float
    size: float
    seen: int

    def chance(self, counts: Ints) -> Floats:
        """The probability that a first window brings `counts` (1 or more) or more."""
        return np.asarray(nbinom.sf(counts - 2, self.size, self.size / (self.size + self.mean)), dtype=np.float64)

    def asked(self, chance: Floats) -> Floats:
        """The least count whose probability is not above `chance`."""
        return np.asarray(nbinom.isf(chance, self.size, self.size / (self.size + self.mean)) + 2, dtype=np.float64)


def usual(series: Series, season: Season, owner: Ints, told: Bools | None = None) -> Usual:
    """What is usual for each subject of `series`; `owner` is the row of each count's source in `season.read`.

    `told`: subjects of which a rise was told lately; the days before the window count as usual for them (blocks.py).
    """
    rows = blocks(series, season, owner, told)
    rate, trend = _rate(rows), Trend(*np.zeros((3, len(rows.total))))
    phi, freedom = first_guess(rows, _mean(rows, rate, trend)), np.ones(len(rate))
    for _ in range(_ROUNDS):
        residual = residuals(rows, _mean(rows, rate, trend)) / np.sqrt(phi[rows.subject])
        rows.weight = np.minimum(1.0, (BURST / np.maximum(residual, BURST)) ** 2)
        rate = _rate(rows)
        trend = _trend(rows, rate, phi)
        phi, freedom = clumped(rows, rate, _mean(rows, rate, trend))
    counted = rows.sums(rows.weight * rows.count) / phi
    time = _time(rows) / phi
    shape, scale = _prior(counted, time, season.length)
    rate = (shape + counted) / (scale + time)
    factor, doubt = _factor(rows, season, rate, phi)
    ahead = trend.centre + 1
    return Usual(
        rate=rate * factor * np.exp(trend.growth * ahead),
        unsure=1 / (shape + counted) + doubt + ahead**2 * trend.unsure,
        clumped=phi,
        freedom=freedom,
        hours=season.tonight,
        steps=season.steps,
        before=rows.before,
        came=rows.came,
        first=_firsts(rows),
    )


def _mean(rows: Blocks, rate: Floats, trend: Trend) -> Floats:
    """Origins expected in each row."""
    grown = np.exp((trend.growth[rows.subject]) * (trend.centre[rows.subject] - rows.block))
    return np.maximum(rate[rows.subject] * rows.exposed, 1e-12) * grown


def _time(rows: Blocks) -> Floats:
    """Exposure by subject, less what bursts do not count for."""
    return np.maximum(rows.total - rows.sums((1 - rows.weight) * rows.exposed), 1e-9)


def _rate(rows: Blocks) -> Floats:
    return np.asarray(rows.sums(rows.weight * rows.count) / _time(rows), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Trend:
    """Log growth a block of each subject, the block it turns on (its mean one), and its squared doubt."""

    growth: Floats
    centre: Floats
    unsure: Floats


def _trend(rows: Blocks, rate: Floats, phi: Floats) -> Trend:
    """The trend by one step of the Poisson score from none, drawn towards none as the desk's subjects have little.

    The variance of growth over the desk is what scores of subjects of two weeks and more scatter beyond chance.
    """
    lost, at = (1 - rows.weight) * rows.exposed, rows.block.astype(np.float64)
    time, first = _time(rows), rows.first - rows.sums(lost * at)
    centre = first / time
    spread = np.maximum(rows.second - rows.sums(lost * at**2) - centre * first, 1e-9) * rate
    score = centre * (rows.sums(rows.weight * rows.count) - rate * time) + rate * first
    growth = (score - rows.sums(rows.weight * rows.count * at)) / np.maximum(spread, 1e-9)
    tells = np.maximum(spread / phi, 1e-9)
    some = rows.number >= 14
    off = np.minimum(growth[some] ** 2, 9 / tells[some] + _STEEP**2) - 1 / tells[some]
    weight = np.minimum(tells[some], 1e4) ** 2
    varied = float(np.clip((weight * off).sum() / max(weight.sum(), 1e-9), 1e-6, _STEEP**2))
    sure = tells + 1 / varied
    return Trend(np.clip(growth * tells / sure, -_STEEPEST, _STEEPEST), centre, 1 / sure)


def _prior(counted: Floats, time: Floats, length: int) -> tuple[float, float]:
    """Shape and rate of the Gamma prior, by maximum likelihood of the counts, given that each was not 0.

    One origin in a window of `length` hours, and hardly believed, where less than two windows were read of anything.
    """
    some = np.flatnonzero(counted > 0)
    some = some[:: max(1, len(some) // _FITTED)]
    y, t = counted[some], time[some]
    if time.max(initial=0.0) < 2 * length or not len(some):
        return 0.5, 0.5 * length
    if len(some) < 3:
        return 0.5, 0.5 * float(t.sum() / y.sum())

    def loss(logs: Floats) -> float:
        a, b = np.exp(np.clip(logs, -6, 12))
        share = np.log(b / (b + t))
        here = gammaln(y + a) - gammaln(a) - gammaln(y + 1) + a * share + y * np.log(t / (b + t))
        return float(-(here - np.log(-np.expm1(a * share))).sum())

    start = np.log([0.5, 0.5 * t.sum() / y.sum()])
    a, b = np.exp(np.clip(minimize(loss, start, method="Nelder-Mead", options={"maxiter": 200}).x, -3, 12))
    return float(a), float(b)


def _factor(rows: Blocks, season: Season, rate: Floats, clumped: Floats) -> tuple[Floats, Floats]:
    """The factor on blocks that lie in the week as the window does, by subject, and its squared doubt.

    Its variance over the desk is what the subjects' sums in these blocks scatter beyond chance (moments).
    """
    like = season.alike[rows.block] * rows.weight
    here = rows.sums(like * rows.count)
    mean = np.maximum(rate * (rows.like - rows.sums((season.alike[rows.block] - like) * rows.exposed)), 1e-9)
    much = mean > 1
    excess = ((here - mean) ** 2 - clumped * mean)[much].sum() / max((mean[much] ** 2).sum(), 1.0)
    variance = min(_MOST_FACTOR, max(_LEAST_FACTOR, float(excess)))
    sure = 1 / variance + mean / clumped
    return (1 / variance + here / clumped) / sure, 1 / sure


def _firsts(rows: Blocks) -> Firsts:
    """How large first windows were: of subjects that began in the younger half of the baseline. Bursts weigh less."""
    last = np.zeros(len(rows.total), dtype=np.int64)
    np.maximum.at(last, rows.subject, rows.block)
    span = rows.age.max(initial=0)
    began = (rows.age <= span / 2) & (rows.age == last + 1)
    more = rows.count[began[rows.subject] & (rows.block == last[rows.subject])] - 1
    mean, clumped = 1.0, 3.0
    weight = np.ones(len(more))
    for _ in range(_ROUNDS):
        mean = float((weight @ more + 5.0) / (weight.sum() + 5.0))
        clumped = float((weight @ (more - mean) ** 2 / mean + 30.0) / (weight.sum() + 10.0))
        residual = 1.5 * (more ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6) / np.sqrt(max(1.0, clumped))
        weight = np.minimum(1.0, (BURST / np.maximum(residual, BURST)) ** 2)
    beyond = mean * max(0.05, clumped - 1) + mean**2 / (weight.sum() + 5.0)
    return Firsts(mean, mean**2 / beyond, len(more))
