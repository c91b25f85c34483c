"""Series of origins an hour, and changes of known size planted into them.

A series is a Poisson process whose rate has a day, a week, a trend, noise of hours and of whole days, and perhaps an
earlier burst or a birth. Noise of hours is a gamma factor of mean 1, which makes the counts negative binomial (variance
m + noise * m^2), or, in the family that is held back, a lognormal factor of the same variance. A planted change
multiplies the rate by its size for its hours; nothing else of the series moves, so that the truth is known. All arrays
run over hours; hour 0 begins at midnight of a Monday, UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.detectors.frame import Subject

DAY = 24
WEEK = 7 * DAY
SIZES = (1.5, 2.0, 3.0, 5.0, 10.0)
LENGTHS = (6, 12, 24, 48)  # hours that a change lasts
LEAST, MOST = 0.02, 20.0  # origins an hour of a generated series

Counts = NDArray[np.int32]
Rates = NDArray[np.float64]


class Family(StrEnum):
    """Which shapes are drawn: those that thresholds and confidence were fitted on, or others."""

    FITTED = "fitted"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours from `begin` until before `end`, and a factor on their rate."""

    begin: int
    end: int
    factor: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rate of a series moves without any change.

    rate: mean origins an hour. day, week: how far nights and weekends fall, 0..1. peaks: of a day, 1 or 2. noise:
    variance of the hourly factor. swing: standard deviation of the log factor of whole days. trend: log growth from
    the first hour to the last. bursts: earlier events. born: hour before which nothing comes.
    """

    rate: float
    day: float = 0.0
    week: float = 0.0
    peaks: int = 1
    noise: float = 0.0
    lognormal: bool = False
    swing: float = 0.0
    trend: float = 0.0
    bursts: tuple[Spell, ...] = ()
    born: int = 0


@dataclass(frozen=True, slots=True)
class Plant:
    """A change that was planted: into what, of which kind and size, and over which hours."""

    kind: str
    subject: Subject
    size: float
    span: Spell
    rate: float = 0.0  # origins an hour of the subject without it
    steady: bool = False  # the subject has neither noise nor swing


def expected(shape: Shape, hours: int) -> Rates:
    """Origins expected in each of the first `hours`, before any noise."""
    at = np.arange(hours)
    wave = np.cos(2 * np.pi * shape.peaks * (at % DAY - 14) / DAY)
    weekend = (at // DAY % 7 >= 5).astype(np.float64)
    rate = (1 + shape.day * wave) * (1 - shape.week * weekend)
    rate *= shape.rate / max(rate.mean(), 1e-12)
    rate *= np.exp(shape.trend * (at / max(hours, 1) - 0.5))
    for burst in shape.bursts:
        rate[burst.begin : burst.end] *= burst.factor
    rate[: shape.born] = 0.0
    return np.asarray(rate, dtype=np.float64)


def noisy(shape: Shape, rate: Rates, rng: np.random.Generator) -> Rates:
    """`rate` times the noise of hours and of days, both of mean 1."""
    hours = len(rate)
    factor = np.ones(hours)
    if shape.noise and shape.lognormal:
        sigma = np.sqrt(np.log1p(shape.noise))
        factor = rng.lognormal(-(sigma**2) / 2, sigma, hours)
    elif shape.noise:
        factor = rng.gamma(1 / shape.noise, shape.noise, hours)
    if shape.swing:
        days = rng.lognormal(-(shape.swing**2) / 2, shape.swing, hours // DAY + 1)
        factor = factor * np.repeat(days, DAY)[:hours]
    return np.asarray(rate * factor, dtype=np.float64)


def draw(shape: Shape, hours: int, rng: np.random.Generator, change: Spell | None = None) -> Counts:
    """Origins in each of `hours`; the rate of the hours of `change` is multiplied by its factor."""
    rate = noisy(shape, expected(shape, hours), rng)
    counts = rng.poisson(rate)
    if change is not None and change.factor > 1:
        hit = slice(change.begin, change.end)
        counts[hit] += rng.poisson(rate[hit] * (change.factor - 1))
    return counts.astype(np.int32)


def season(rng: np.random.Generator, family: Family) -> Shape:
    """The day and week of a desk, of mean 1: publishers keep hours, and what they write of shares them."""
    other = family is Family.HELD
    return Shape(
        rate=1.0,
        day=float(rng.uniform(0.1, 0.9 if other else 0.7)),
        week=float(rng.uniform(0.1, 0.7 if other else 0.5)),
        peaks=2 if other and rng.random() < 0.5 else 1,
    )


def shape(
    rng: np.random.Generator, family: Family, *, rate: float, hours: int, calm: int, desk: Shape | None = None
) -> Shape:
    """A shape drawn at random. Bursts and births lie before hour `calm`, where measuring begins.

    Four of five subjects share the season of their `desk` but for its depth; the others have one of their own.
    """
    bursts = []
    if rng.random() < 0.25:
        begin = int(rng.integers(DAY, max(DAY + 1, calm - 4 * DAY)))
        length = int(rng.integers(6, 36))
        bursts.append(Spell(begin, begin + length, float(rng.uniform(3, 8))))
    young = rng.random() < 0.15
    own = season(rng, family)
    usual = desk if desk is not None and rng.random() < 0.8 else own
    return Shape(
        rate=float(np.clip(rate, LEAST, MOST)),
        day=min(0.95, usual.day * float(rng.uniform(0.6, 1.4))),
        week=min(0.95, usual.week * float(rng.uniform(0.6, 1.4))),
        peaks=usual.peaks,
        noise=0.0 if rng.random() < 0.4 else float(rng.uniform(0.1, 1.0)),
        lognormal=family is Family.HELD,
        swing=0.0 if rng.random() < 0.6 else float(rng.uniform(0.05, 0.2)),
        trend=float(np.clip(rng.normal(0, 0.25), -0.7, 0.7)),
        bursts=tuple(bursts),
        born=int(rng.integers(calm - 12 * DAY, calm - 4 * DAY)) if young else 0,
    )


def changes(
    rng: np.random.Generator, number: int, *, sizes: Sequence[float], first: int, last: int
) -> tuple[Spell | None, ...]:
    """`number` series: every second one with a change that begins in an hour from `first` until before `last`."""
    found: list[Spell | None] = []
    for n in range(number):
        begin, length = int(rng.integers(first, last)), int(rng.choice(LENGTHS))
        size = float(sizes[int(rng.integers(len(sizes)))])
        found.append(Spell(begin, begin + length, size) if n % 2 else None)
    return tuple(found)


def unborn(made: Shape) -> Shape:
    """The same shape, living from the first hour on."""
    return replace(made, born=0)


def levelled(made: Shape, hours: int, change: Spell, rate: float) -> Shape:
    """The same shape at such a level that `rate` origins an hour are expected in the hours of `change` without it."""
    usual = expected(made, hours)[change.begin : change.end].mean()
    return replace(made, rate=float(np.clip(made.rate * rate / max(usual, 1e-6), LEAST, MOST)))
