"""What is usual: how many origins a subject may be expected to have in the window, and how far chance strays from that.

Statistic. History is cut into blocks of the window's length; season.py weighs their hours and says which were read. A
subject's rate has a Gamma prior fitted to all subjects of its sort (empirical Bayes, Robbins 1956; the marginal is
negative binomial), and the posterior predictive of its count is taken as negative binomial of the same mean and
variance. Blocks far above their expectation are earlier news and weigh less, by the inverse square of their Anscombe
residual beyond 2.58 (Farrington et al. 1996; Noufaily et al. 2013). Overdispersion is phi = 1 + a + b * mean over the
desk (counts come in clumps; days are good and bad), drawn towards the subject's own.

Units: origins; a rate is origins per average hour. Assumptions: a subject's rate is steady from its first origin in the
baseline on, but for season, bursts and overdispersion; subjects of a sort share the week's profile but for a factor on
blocks that lie in the week as the window does, which is drawn towards 1 as far as the desk's subjects agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, nnls
from scipy.sparse import csr_array
from scipy.special import gammaln
from scipy.stats import nbinom

from pipeline.detectors.frame import Series
from pipeline.detectors.season import Floats, Ints, Season

BURST = 2.58  # Anscombe residual beyond which a block is earlier news
_ROUNDS = 3
_OWN = 20.0  # blocks' worth of belief that a subject is as clumped as the desk
_DOUBT = 1.0  # standard errors by which clumps are taken to be worse than they look
_MIX = 5.0  # origins' worth of belief that a subject's sources are the desk's
_SILENT = 0.01  # chance below which silence says that a subject had not begun
_CELLS = 4_000_000  # of subjects times blocks that are held at a time
_FITTED = 4000  # subjects that the prior is fitted to
_LEAST_FACTOR, _MOST_FACTOR = 1e-4, 0.25  # variance of the factor on the window's part of the week


@dataclass(frozen=True, slots=True)
class Usual:
    """The rate of each subject of a series (origins per average hour), how sure it is, and how its counts scatter.

    unsure: squared coefficient of variation of the rate. clumped: variance over mean at a known rate. hours: weights of
    the window's hours, the latest first. steps: numbers of hours before it; before, came: a row for each step, with the
    weight of these hours and the origins in them. first: what is usual of subjects that have just begun.
    """

    rate: Floats
    unsure: Floats
    clumped: Floats
    hours: Floats
    steps: tuple[int, ...]
    before: Floats
    came: Floats
    first: Firsts

    @property
    def tonight(self) -> float:
        """Weight of the window."""
        return float(self.hours.sum())

    def chance(self, counts: Ints, weight: Floats) -> Floats:
        """The probability of `counts` or more origins in hours of `weight`, for each subject."""
        mean, size = self._predicted(weight)
        return np.asarray(nbinom.sf(counts - 1, size, size / (size + mean)), dtype=np.float64)

    def asked(self, chance: Floats, weight: Floats) -> Floats:
        """The least number of origins in hours of `weight` whose probability is not above `chance`."""
        mean, size = self._predicted(weight)
        return np.asarray(nbinom.isf(chance, size, size / (size + mean)) + 1, dtype=np.float64)

    def _predicted(self, weight: Floats) -> tuple[Floats, Floats]:
        mean = np.maximum(self.rate * weight, 1e-9)
        beyond = mean * (self.clumped - 1) + mean**2 * self.unsure
        return mean, mean**2 / np.maximum(beyond, 1e-9 * mean)


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


@dataclass(slots=True)
class _Rows:
    """Counts of blocks in which something came, by subject and block; and exposure of these and of whole subjects.

    `weight` falls below 1 for bursts.
    """

    subject: Ints
    block: Ints
    count: Floats
    exposed: Floats
    weight: Floats
    total: Floats  # by subject: exposure since it began
    like: Floats  # of that, in blocks that lie in the week as the window does
    blocks: Floats  # of that, how many blocks
    before: Floats  # exposure of the hours before the window, a row for each of the season's steps
    came: Floats  # what came in these

    def sums(self, values: Floats) -> Floats:
        """Sums of `values` by subject."""
        return np.bincount(self.subject, values, len(self.total)).astype(np.float64)


def usual(series: Series, season: Season, owner: Ints) -> Usual:
    """What is usual for each subject of `series`; `owner` is the row of each count's source in `season.read`."""
    rows = _rows(series, season, owner)
    clumped = np.ones(len(rows.total))
    rate = _rate(rows)
    for _ in range(_ROUNDS):
        mean = np.maximum(rate[rows.subject] * rows.exposed, 1e-12)
        residual = 1.5 * (rows.count ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
        residual /= np.sqrt(clumped[rows.subject])
        rows.weight = np.minimum(1.0, (BURST / np.maximum(residual, BURST)) ** 2)
        rate = _rate(rows)
        clumped = _clumped(rows, rate)
    counted = rows.sums(rows.weight * rows.count) / clumped
    time = _time(rows) / clumped
    shape, scale = _prior(counted, time, season.length)
    rate = (shape + counted) / (scale + time)
    factor, doubt = _factor(rows, season, rate, clumped)
    return Usual(
        rate=rate * factor,
        unsure=1 / (shape + counted) + doubt,
        clumped=clumped,
        hours=season.tonight,
        steps=season.steps,
        before=rows.before,
        came=rows.came,
        first=_firsts(rows),
    )


def _time(rows: _Rows) -> Floats:
    """Exposure by subject, less what bursts do not count for."""
    return np.maximum(rows.total - rows.sums((1 - rows.weight) * rows.exposed), 1e-9)


def _rate(rows: _Rows) -> Floats:
    return np.asarray(rows.sums(rows.weight * rows.count) / _time(rows), dtype=np.float64)


def _clumped(rows: _Rows, rate: Floats) -> Floats:
    """Variance over mean by subject, at least 1: Pearson's statistic, each block by what it can tell.

    The statistic of a block of mean m has variance 2 + 1/m, so it weighs 2m / (1 + 2m). Blocks in which nothing came
    are taken together at their mean. What is estimated from so few blocks makes the tail longer than a known variance
    would (as Student's t is to the normal), which the standard errors added stand for.
    """
    mean = np.maximum(rate[rows.subject] * rows.exposed, 1e-12)
    empty = np.maximum(rows.blocks - rows.sums(np.ones(len(mean))), 0.0)
    calm = np.maximum(rate * rows.total - rows.sums(mean), 0.0) / np.maximum(empty, 1.0)
    tells, tells_calm = 2 * mean / (1 + 2 * mean), empty * 2 * calm / (1 + 2 * calm)
    free = rows.blocks / np.maximum(rows.blocks - 1, 1)
    found = (rows.sums(tells * rows.weight * (rows.count - mean) ** 2 / mean) + tells_calm * calm) * free
    weight = rows.sums(tells) + tells_calm
    own = found / np.maximum(weight, 1e-9)
    level = rate * rows.total / np.maximum(rows.blocks, 1.0)
    known = rows.blocks > 2
    desk = _desk(level[known], own[known], weight[known])
    beyond = np.maximum((found + _OWN * (1 + desk[0] + desk[1] * level)) / (weight + _OWN) - 1, 0.0)
    return 1 + beyond * (1 + _DOUBT * np.sqrt(2 / (weight + _OWN)))


def _desk(level: Floats, own: Floats, weight: Floats) -> tuple[float, float]:
    """a and b of phi = 1 + a + b * mean, neither below 0, by weighted least squares without the wildest subjects."""
    if len(own) < 2:
        return 0.5, 0.05
    root = np.sqrt(weight)
    calm = np.minimum(own, np.quantile(own, 0.975))
    found, _ = nnls(np.column_stack([root, root * level]), root * np.maximum(calm - 1, -1.0))
    return float(found[0]), float(found[1])


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


def _factor(rows: _Rows, season: Season, rate: Floats, clumped: Floats) -> tuple[Floats, Floats]:
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


def _firsts(rows: _Rows) -> Firsts:
    """How large first windows were: of subjects that began in the younger half of the baseline. Bursts weigh less."""
    last = np.zeros(len(rows.total), dtype=np.int64)
    np.maximum.at(last, rows.subject, rows.block)
    span = rows.blocks.max(initial=0)
    began = (rows.blocks <= span / 2) & (rows.blocks == last + 1)
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


# --- counts and exposure by block ------------------------------------------------------------------------------------


def _rows(series: Series, season: Season, owner: Ints) -> _Rows:
    """Counts in hours that were read, by subject and block, with their exposure."""
    number, blocks = len(series.subjects), season.blocks
    subject = np.repeat(np.arange(number), np.diff(series.first))
    hour = series.hours.astype(np.int64) - season.length
    inside = (hour >= 0) & (hour < blocks * season.length)
    inside[inside] = season.hours[owner[inside], hour[inside]]
    subject, hour, source = subject[inside], hour[inside], owner[inside]
    counts = series.counts[inside].astype(np.float64)
    cells, place = np.unique(subject * blocks + hour // season.length, return_inverse=True)
    who, block = cells // blocks, cells % blocks
    count = np.bincount(place, counts, len(cells)).astype(np.float64)
    mix = csr_array((counts, (subject, source)), shape=(number, len(season.read)))
    total, like, alive = np.zeros((3, number))
    came = np.stack([np.bincount(subject, counts * (hour < hours), number) for hours in season.steps]).astype(
        np.float64
    )
    exposed, weight = np.zeros(len(cells)), np.ones(len(cells))
    found = _Rows(who, block, count, exposed, weight, total, like, alive, np.zeros(came.shape), came)
    step = max(1, _CELLS // blocks)
    for low in range(0, number, step):
        _expose(found, mix, season, series, slice(low, min(low + step, number)))
    return found


def _expose(rows: _Rows, mix: csr_array, season: Season, series: Series, some: slice) -> None:
    """Fill in the exposure of `some` subjects and of their rows: by the sources that they and the desk have had."""
    desk = np.asarray(mix.sum(axis=0)).ravel()
    desk = desk / desk.sum() if desk.sum() else np.full(len(desk), 1 / max(1, len(desk)))
    own = mix[some]
    total = np.asarray(own.sum(axis=1)).ravel()
    exposed = (own @ season.read + _MIX * (desk @ season.read)) / (total + _MIX)[:, None]
    here = slice(*np.searchsorted(rows.subject, [some.start, some.stop]))
    who, block = rows.subject[here] - some.start, rows.block[here]
    born = series.born[some] if len(series.born) else np.full(len(total), -1, dtype=np.int32)
    since = _since(exposed, (who, block), total, (born.astype(np.int64) - season.length) // season.length)
    exposed[np.arange(season.blocks)[None, :] > since[:, None]] = 0.0
    rows.exposed[here] = exposed[who, block]
    rows.total[some] = exposed.sum(axis=1)
    rows.like[some] = exposed[:, season.alike].sum(axis=1)
    rows.blocks[some] = (exposed > 0).sum(axis=1)
    recent = (own @ season.recent + _MIX * (desk @ season.recent)) / (total + _MIX)[:, None]
    rows.before[:, some] = recent.T * (exposed[:, 0] > 0)


def _since(exposed: Floats, rows: tuple[Ints, Ints], total: Floats, born: Ints) -> Ints:
    """The block in which each subject began: that of its birth, or of its first origin where it could not but come.

    `rows`: subject and block of each count. `born`: block of birth, below 0 where not known.
    """
    oldest: Ints = np.zeros(len(exposed), dtype=np.int64)
    np.maximum.at(oldest, *rows)
    summed = exposed.cumsum(axis=1)
    since = np.take_along_axis(summed, oldest[:, None], axis=1)[:, 0]
    silent = np.exp(-total / np.maximum(since, 1e-9) * (summed[:, -1] - since)) < _SILENT
    begun = np.where(silent, oldest, exposed.shape[1] - 1)
    return np.where(born >= 0, np.minimum(np.maximum(oldest, born), begun), begun)
