"""How many rises are found, and how many could be: python benchmarks/rises.py [--family held] [--desks 6] [--seed 1]

Desks of 320 storylines with the suite's shapes (`pipeline.backtest.planting`), every fourth of which rises threefold
from half an origin an hour for one or two days; and as many desks without any change. Everything was read throughout,
so that only chance is left. Prints recall, false signals a night, and beside it what an oracle finds that knows each
subject's true rate, season, trend and noise: it tests the same looks at the same bar against the true distribution
(negative binomial given the days' factors, over 1,000 draws of these). What the detectors lack to it is what a month of
history does not tell; what the oracle lacks is lost in chance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from scipy.special import betainc

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.backtest import planting, worlds
from pipeline.backtest.planting import DAY, Family, Shape, Spell
from pipeline.detectors import control, counts
from pipeline.detectors.baselines import usual
from pipeline.detectors.frame import About, Arrival, History, Series, Subject
from pipeline.detectors.season import season
from pipeline.settings import SignalSettings

NUMBER, BEFORE, NIGHTS = 320, 30, 14  # subjects of a desk; days of history; measured nights
RATE, SIZE = 0.5, 3.0
SETTINGS = SignalSettings()
LEVEL = control.level(SETTINGS, "velocity", "volume_anomaly", "entity_surge", "phrase_trending")
LOOKS = (counts._WINDOW, *counts._further(DAY))
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Shapes, changes and origins an hour (rows: subjects) of a desk."""

    shapes: tuple[Shape, ...]
    changes: tuple[Spell | None, ...]
    came: np.ndarray


def made(seed: int, family: Family, rising: bool) -> Desk:
    """A desk; with `rising` every fourth subject changes once in the measured nights."""
    rng = np.random.default_rng([seed, list(Family).index(family), int(rising)])
    hours, calm, whole = (BEFORE + NIGHTS) * DAY, BEFORE * DAY, planting.season(rng, family)
    shapes, changes, rows = [], [], []
    for n in range(NUMBER):
        begin = int(rng.integers(calm, hours - 2 * DAY))
        change = Spell(begin, begin + DAY * int(rng.integers(1, 3)), SIZE) if rising and n % 4 == 1 else None
        rate = float(np.clip(rng.lognormal(np.log(0.15), 1.3), planting.LEAST, planting.MOST))
        shape = planting.shape(rng, family, rate=rate, hours=hours, calm=calm, desk=whole)
        shape = planting.levelled(shape, hours, change, RATE) if change else shape
        shapes.append(shape)
        changes.append(change)
        rows.append(planting.draw(shape, hours, rng, change))
    return Desk(tuple(shapes), tuple(changes), np.stack(rows).astype(np.int64))


def fired(desk: Desk) -> Iterator[tuple[int, int, float, float]]:
    """(subject, hour of the night, chance, bar) of everything that fires on the nights of `desk`."""
    subjects = tuple(Subject(About.STORYLINE, str(n)) for n in range(NUMBER))
    for hour in range(BEFORE * DAY + worlds.AT, desk.came.shape[1] + 1, DAY):
        end, back = worlds.MONDAY + hour * HOUR, desk.came[:, :hour][:, ::-1]
        row, at = np.nonzero(back[:, DAY:])
        first = np.searchsorted(row, np.arange(NUMBER + 1)).astype(np.int32)
        born = np.full(NUMBER, -1, dtype=np.int32)
        np.maximum.at(born, row, (at + DAY).astype(np.int32))
        series = Series(subjects, first, (at + DAY).astype(np.int32), back[row, at + DAY].astype(np.int32), born=born)
        when, owner = season(series, History(since=worlds.MONDAY), end, DAY, SETTINGS.baseline_days)
        came = {
            one: [Arrival("", "", "", "", end - hours * HOUR - HOUR / 2) for hours in np.repeat(np.arange(DAY), row)]
            for one, row in zip(subjects, back[:, :DAY], strict=True)
        }
        test = counts.established(subjects, came, usual(series, when, owner), end)
        found = control.passed(test.chance, LEVEL, test.weight)
        for n in np.flatnonzero(found.fires).tolist():
            look = test.looks[test.best[n]]
            if look.counts[n] >= max(SETTINGS.velocity_ratio * look.mean[n], SETTINGS.velocity_origins):
                yield n, hour, float(test.chance[n]), float(found.bar[n])


def known(shape: Shape, rate: np.ndarray, hours: np.ndarray, count: int, rng: np.random.Generator) -> float:
    """The true probability of `count` or more origins in `hours`, whose expected ones are `rate`."""
    day = np.unique(hours // DAY, return_inverse=True)[1]
    factor = np.exp(shape.swing * rng.standard_normal((1000, day.max() + 1)) - shape.swing**2 / 2)
    mean = factor @ np.bincount(day, rate)
    beyond = factor**2 @ np.bincount(day, rate**2) * shape.noise
    size = mean**2 / np.maximum(beyond, 1e-9 * mean)
    return float(betainc(max(count, 1), size, mean / (size + mean)).mean())


def oracle(desk: Desk, n: int, bar: float, rng: np.random.Generator) -> bool:
    """Whether someone who knows all about subject `n` but its change would have found that."""
    change, hours = desk.changes[n], desk.came.shape[1]
    rate = planting.expected(desk.shapes[n], hours)
    for hour in range(BEFORE * DAY + worlds.AT, hours + 1, DAY):
        for longer, sooner in LOOKS:
            span = np.arange(hour - DAY - longer, hour - sooner)
            count, usually = int(desk.came[n, span].sum()), rate[span]
            meets = change is not None and min(span[-1] + 1, change.end) > max(span[0], change.begin)
            large = meets and count >= SETTINGS.velocity_ratio * usually.sum()
            if large and counts.LOOKS * known(desk.shapes[n], usually, span, count, rng) <= bar:
                return True
    return False


def main(argv: Sequence[str] | None = None) -> int:
    """Print one line for each length of rise, and one for the quiet desks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=[one.value for one in Family], default="held")
    parser.add_argument("--desks", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    rng, rises, false = np.random.default_rng(args.seed), [], 0
    for seed in range(args.seed, args.seed + args.desks):
        desk = made(seed, Family(args.family), rising=True)
        seen = list(fired(desk))
        bar = float(np.median([bar for *_, bar in seen]))
        for n, change in enumerate(desk.changes):
            if change is not None:
                hit = any(m == n and change.begin < hour <= change.end + 2 * DAY for m, hour, *_ in seen)
                shape = desk.shapes[n]
                steady = not shape.noise and not shape.swing
                rises.append((change.end - change.begin, steady, hit, oracle(desk, n, bar, rng)))
        false += len(list(fired(made(seed, Family(args.family), rising=False))))
    for length in (DAY, 2 * DAY):
        for name, some in (("all", (True, False)), ("Poisson with seasons", (True,))):
            chosen = np.array(
                [(hit, could) for hours, steady, hit, could in rises if hours == length and steady in some]
            )
            found, could = chosen.mean(axis=0)
            print(f"{length} h, {name}: {len(chosen)} rises, found {found:.3f}, by the oracle {could:.3f}")
    print(f"quiet: {false} signals in {args.desks * NIGHTS} nights ({false / (args.desks * NIGHTS):.3f})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
