"""The generated suite: worlds and storylines with and without changes, through the detectors, and what came of it.

Planted worlds hold every second series with one change; quiet worlds none, so that false signals can be counted where
every signal is one. Hourly worlds are planted ones that are measured every hour, for the delay.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path

from pipeline import detectors
from pipeline.backtest import replaying, scoring, stories, worlds
from pipeline.backtest.planting import Family
from pipeline.backtest.replaying import Detect
from pipeline.backtest.scoring import Change, Judged, Scores, Share
from pipeline.backtest.worlds import World
from pipeline.detectors.frame import About
from pipeline.domain import Signal
from pipeline.errors import UsageError
from pipeline.protocols import Embedder
from pipeline.settings import SignalSettings

COUNTED = tuple(dict.fromkeys(worlds.KIND.values()))
FEW: Mapping[About, int] = {  # every outlet is a subject: a source that tells nothing holds what rests on it
    about: number if about is About.SOURCE else number // 4 for about, number in worlds.USUAL.items()
}
NIGHTS = 14
HOURLY_NIGHTS = 5
LIKE_RATE, LIKE_SIZE, LIKE_HOURS = 0.5, 3.0, 48  # the change whose recall is pinned; it holds a whole nightly window


@dataclass(frozen=True, slots=True)
class Suite:
    """What is generated from `seed` on: `planted`, `quiet` and `hourly` worlds, `stories` nights of findings with
    `lines` storylines of each kind."""

    seed: int
    family: Family = Family.HELD
    planted: int = 7
    quiet: int = 25
    hourly: int = 1
    stories: int = 10
    lines: int = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """What a suite came to.

    kinds: scores in planted worlds and nights of findings. like: recall of the pinned change by kind; steady: of those
    of these whose series is Poisson but for its seasons. curves: recall by size and by hours of the change. alarms:
    quiet nights with a false signal of any counted kind, and by kind; `false` signals in `nights` quiet nights. hourly:
    scores of a desk that runs every hour. series, clean: how many series and storylines, and how many without a change.
    """

    kinds: Mapping[str, Scores]
    like: Mapping[str, Share]
    steady: Mapping[str, Share]
    curves: Mapping[str, Mapping[tuple[float, int], Share]]
    alarms: Share
    alarms_by_kind: Mapping[str, Share]
    false: int
    nights: int
    hourly: Mapping[str, Scores]
    series: int
    clean: int


def load(path: Path) -> Suite:
    """The suite that a TOML file describes by the names of `Suite`. Raises UsageError for anything else."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {one.name for one in fields(Suite)}
        if strange := sorted(set(table) - known):
            raise UsageError(f"{path}: no suite has {strange[0]!r}; there are: {', '.join(sorted(known))}")
        return Suite(**table | {"family": Family(table.get("family", "held"))})
    except (OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: this describes no suite of signals ({error})") from None


def run(suite: Suite, settings: SignalSettings, embedder: Embedder, detect: Detect = detectors.detect) -> Measured:
    """Generate `suite`, run the detectors over it, and score what they found; findings with every kind turned on."""
    planted = [worlds.generated(suite.seed + n, suite.family) for n in range(suite.planted)]
    judged = [*chain.from_iterable(_judged(world, settings, detect) for world in planted)]
    changes = [*chain.from_iterable(replaying.changes(world) for world in planted)]
    told, shifts, lines = _told(suite, settings, embedder, detect)
    alarms, size = _alarms(suite, settings, detect)
    nights = NIGHTS * suite.quiet
    series = sum(len(world.subjects) for world in planted) + size + lines
    return Measured(
        kinds=_by_kind([*judged, *told], [*changes, *shifts]),
        like={kind: _like(judged, changes, kind) for kind in COUNTED},
        steady={kind: _like(judged, [c for c in changes if c.steady], kind) for kind in COUNTED},
        curves={kind: _curve(judged, changes, kind) for kind in COUNTED},
        alarms=Share(len({night for night, _ in alarms}), nights),
        alarms_by_kind={kind: Share(len({n for n, s in alarms if s.kind == kind}), nights) for kind in COUNTED},
        false=len(alarms),
        nights=nights,
        hourly=_hourly(suite, settings, detect),
        series=series,
        clean=series - len(changes) - len(shifts),
    )


def fired(suite: Suite, settings: SignalSettings, embedder: Embedder, detect: Detect) -> list[Judged]:
    """Every signal of planted worlds and of nights of findings as judged, held ones left out."""
    planted = (worlds.generated(suite.seed + n, suite.family) for n in range(suite.planted))
    judged = chain.from_iterable(_judged(world, settings, detect) for world in planted)
    told, _, _ = _told(suite, settings, embedder, detect)
    return [one for one in [*judged, *told] if one.signal.held is None]


# --- parts -----------------------------------------------------------------------------------------------------------


def _nights(world: World, hours: Sequence[int], settings: SignalSettings, detect: Detect) -> Iterator[Signal]:
    """The signals of `world` of the kinds that count, as it is measured at `hours`."""
    return (one for one in replaying.replay(world, hours, settings, detect) if one.kind in COUNTED)


def _judged(world: World, settings: SignalSettings, detect: Detect) -> tuple[Judged, ...]:
    return scoring.judge(_nights(world, replaying.nightly(world), settings, detect), replaying.changes(world))


def _alarms(suite: Suite, settings: SignalSettings, detect: Detect) -> tuple[list[tuple[str, Signal]], int]:
    """Signals that fired where nothing changed, each with the name of its night; and how many series there were."""
    found, series = [], 0
    for n in range(suite.quiet):
        world = worlds.generated(suite.seed + 1000 + n, suite.family, sizes=(), young=n % 4 == 3)
        series += len(world.subjects)
        for signal in _nights(world, replaying.nightly(world), settings, detect):
            if signal.held is None:
                found.append((f"{n} {signal.window_end:%Y-%m-%d}", signal))
    return found, series


def _told(
    suite: Suite, settings: SignalSettings, embedder: Embedder, detect: Detect
) -> tuple[list[Judged], list[Change], int]:
    """Signals of nights of findings as judged, the changes, and how many storylines there were."""
    judged: list[Judged] = []
    changes: list[Change] = []
    settings, lines = settings.model_copy(update={"off": ()}), 0
    for n in range(suite.stories):
        for desk, here in stories.nights(suite.seed + n, suite.family, number=suite.lines):
            found = detect(desk.window(embedder), desk.history(), desk.now, settings)
            judged += scoring.judge((signal for signal in found if stories.meant_for(signal)), here)
            changes += here
            lines += len(desk.storylines)
    return judged, changes, lines


def _hourly(suite: Suite, settings: SignalSettings, detect: Detect) -> dict[str, Scores]:
    judged: list[Judged] = []
    changes: list[Change] = []
    for n in range(suite.hourly):
        world = worlds.generated(suite.seed + 2000 + n, suite.family, nights=HOURLY_NIGHTS, numbers=FEW, every=1)
        here = replaying.changes(world)
        judged += scoring.judge(_nights(world, replaying.hourly(world), settings, detect), here)
        changes += here
    return _by_kind(judged, changes)


def _by_kind(judged: Sequence[Judged], changes: Sequence[Change]) -> dict[str, Scores]:
    kinds = dict.fromkeys([change.kind for change in changes])
    return {
        kind: scoring.score([j for j in judged if j.signal.kind == kind], [c for c in changes if c.kind == kind])
        for kind in kinds
    }


def _like(judged: Sequence[Judged], changes: Sequence[Change], kind: str) -> Share:
    """Recall of the pinned change: a threefold rise from half an origin an hour that lasts two days."""
    return _recall(
        judged,
        [
            change
            for change in changes
            if change.kind == kind
            and change.size == LIKE_SIZE
            and change.hours >= LIKE_HOURS
            and abs(change.rate - LIKE_RATE) < 1e-9
        ],
    )


def _curve(judged: Sequence[Judged], changes: Sequence[Change], kind: str) -> dict[tuple[float, int], Share]:
    """Recall by size and hours, of changes from half an origin an hour."""
    here = [change for change in changes if change.kind == kind and abs(change.rate - LIKE_RATE) < 1e-9]
    cells = sorted({(change.size, change.hours) for change in here})
    return {
        (size, hours): _recall(judged, [c for c in here if (c.size, c.hours) == (size, hours)]) for size, hours in cells
    }


def _recall(judged: Sequence[Judged], changes: Sequence[Change]) -> Share:
    seen = {one.change for one in judged if one.signal.held is None}
    return Share(sum(change in seen for change in changes), len(changes))
