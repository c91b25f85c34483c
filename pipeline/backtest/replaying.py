"""The nights of a world, one after the other, through the detectors of the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from pipeline import detectors
from pipeline.backtest import worlds
from pipeline.backtest.planting import DAY
from pipeline.backtest.scoring import Change
from pipeline.backtest.worlds import World
from pipeline.detectors.frame import History, Window
from pipeline.domain import Signal
from pipeline.settings import SignalSettings

Detect = Callable[[Window, History, datetime, SignalSettings], tuple[Signal, ...]]
REMEMBERED = timedelta(days=14)  # signals that a night is told of


def nightly(world: World) -> range:
    """The hours at which a desk that runs every night measures `world`."""
    return range(world.measured.begin + worlds.AT, world.measured.end + 1, DAY)


def hourly(world: World) -> range:
    """The hours at which a desk that runs every hour does."""
    return range(world.measured.begin + worlds.AT, world.measured.end + 1)


def replay(
    world: World, hours: Iterable[int], settings: SignalSettings, detect: Detect = detectors.detect
) -> Iterator[Signal]:
    """Every signal, held ones included, in the order of the nights."""
    told: list[Signal] = []
    for hour in hours:
        window, history = worlds.night(world, hour, settings.window_hours, told)
        found = detect(window, history, window.end, settings)
        told = [s for s in told if s.window_end > window.end - REMEMBERED] + list(found)
        yield from found


def changes(world: World) -> tuple[Change, ...]:
    """What was planted into `world`, as it is scored."""
    return tuple(
        Change(
            plant.kind,
            plant.subject.about.value,
            plant.subject.id,
            plant.size,
            world.moment(plant.span.begin),
            world.moment(plant.span.end),
            plant.rate,
            plant.span.end - plant.span.begin,
            plant.steady,
        )
        for plant in world.plants
    )
