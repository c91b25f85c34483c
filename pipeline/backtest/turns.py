"""Storylines that split, merge, begin to meet another beat's, or change how they are told; or only seem to.

What only seems to: turns of days ago, or of tonight where nothing came tonight; names that every storyline takes up;
platforms of different opinion whose shares move, and no opinion with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pipeline.backtest import facts
from pipeline.backtest.desks import OUTLETS, Desk, Rng
from pipeline.domain import Turn, TurnKind
from pipeline.language.registers import REGISTERS
from pipeline.language.stance import CRITICAL, FAVOURABLE, NEUTRAL

_POPULAR = tuple(f"Popular Name {n}" for n in range(12))  # names that stand in many storylines
_BEATS = ("World", "Business", "Science", "Politics")


# --- storylines that become two, or one ------------------------------------------------------------------------------


def split(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """Another storyline left this one tonight with records of `size` voices; or left it days ago, or silently."""
    _turned(desk, line, rng, size, TurnKind.SPLIT_OFF)


def merge(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """This storyline took in another tonight with records of `size` voices; or did so days ago, or silently."""
    _turned(desk, line, rng, size, TurnKind.TOOK_IN)


def _turned(desk: Desk, line: str, rng: Rng, size: float, kind: TurnKind) -> None:
    other, silent = line + " other", not size and bool(rng.random() < 0.5)
    for name, number in ((line, 4), (other, int(size) or 3)):
        for place in range(number):
            _voice(desk, name, rng, desk.tonight(rng) if place == 0 and not silent else desk.before(rng))
    at = desk.now if size or silent else desk.start - timedelta(days=2)
    desk.found(line, turns=(Turn(kind, at, other, other, "their claims share too little"),))
    desk.found(other)


# --- storylines of two beats that meet -------------------------------------------------------------------------------


def cross_beat(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """A storyline takes up `size` names of one of another beat, told by as many voices; or popular names only."""
    beats = rng.permutation(_BEATS).tolist()
    other = line + " other"
    for name in (line, other):
        own = [f"{name} name {n}" for n in range(int(rng.integers(6, 15)))]
        for one in [*own, *rng.choice(_POPULAR, size=4, replace=False).tolist()]:
            _voice(desk, name, rng, desk.before(rng), entities=(one,))
    new = [f"{other} name {n}" for n in range(int(size))]
    new += [f"{line} new name {n}" for n in range(int(rng.integers(1, 5)))]
    new += rng.choice(_POPULAR, size=int(rng.integers(0, 3)), replace=False).tolist()
    for one in new:
        _voice(desk, line, rng, desk.tonight(rng), entities=(one,))
    desk.found(line, (beats[0],))
    desk.found(other, (beats[1],))


# --- how it is told --------------------------------------------------------------------------------------------------


def divergence(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """Two platforms whose voices differ by `size` in the mean of their stance (-1, 0, 1), or do not differ."""
    common = float(rng.uniform(-0.2, 0.2)) * (not size)
    for platform, sign in (("news", 1), ("posts", -1)):
        mean = common + sign * size / 2
        for outlet in range(int(rng.integers(15, 50))):
            _voice(desk, line, rng, desk.tonight(rng), outlet=outlet, platform=platform, stance=_stance(rng, mean))


def sentiment_shift(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """The mean stance moved by `size` against the days before; or only the shares of two platforms did."""
    sign, apart = rng.choice((-1, 1)), float(rng.uniform(0, 0.5)) * (not size)
    for at, moved, shares in ((desk.before, -1, (35, 15)), (desk.tonight, 1, (15, 35) if not size else (35, 15))):
        for platform, number, opinion in (("news", shares[0], apart), ("posts", shares[1], -apart)):
            for outlet in range(number):
                mean = opinion + sign * moved * size / 2
                _voice(desk, line, rng, at(rng), outlet=outlet, platform=platform, stance=_stance(rng, mean))


def register_shift(desk: Desk, line: str, rng: Rng, size: float) -> None:
    """One register's share rose by `size` against the days before; or none did."""
    usual = rng.dirichlet(np.full(len(REGISTERS), 1.0)) * (1 - size)
    rising = int(rng.integers(len(REGISTERS)))
    for at, more in ((desk.before, 0.0), (desk.tonight, size)):
        shares = usual.copy()
        shares[rising] += more
        shares /= shares.sum()
        for outlet in range(40):
            register = str(rng.choice(REGISTERS, p=shares))
            _voice(desk, line, rng, at(rng), outlet=outlet, register=register)


SIZES: Mapping[str, Sequence[float]] = {
    "split": (1, 3, 6),
    "merge": (1, 3, 6),
    "cross_beat": (2, 3, 4, 6),
    "divergence": (0.3, 0.6, 0.9, 1.2),
    "sentiment_shift": (0.3, 0.6, 0.9, 1.2),
    "register_shift": (0.2, 0.4, 0.6),
}
MAKERS = {
    "split": split,
    "merge": merge,
    "cross_beat": cross_beat,
    "divergence": divergence,
    "sentiment_shift": sentiment_shift,
    "register_shift": register_shift,
}


def _stance(rng: Rng, mean: float) -> str:
    """A stance drawn so that its mean is `mean`; two of five are neutral."""
    return str(rng.choice((FAVOURABLE, CRITICAL, NEUTRAL), p=(0.3 + mean / 2, 0.3 - mean / 2, 0.4)))


def _voice(desk: Desk, line: str, rng: Rng, at: datetime, **said: Any) -> None:
    """A finding of a single claim, made of a random fact; an outlet is drawn where none is named."""
    said.setdefault("outlet", int(rng.integers(OUTLETS)))
    desk.finding(line, [desk.claim(line, facts.told(facts.facts(rng, 1)[0], rng), at, **said)])
