"""What came of each subject in blocks of history as long as the window, and how much of these its sources were read.

A subject is exposed from its birth or first origin on, by the sources that it and the desk have had. The blocks right
before the window are a guard band (two of them, as in the EARS methods; Hutwagner et al. 2003): a rise that began there
must not hide itself by raising what is usual. They count where a subject has less than a week before them, and where
a rise has been told lately (`told`), so that what goes on as it was is no news.

Units: origins; exposure is in average hours (season.py). Block 0 is the latest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.detectors.frame import Series
from pipeline.detectors.season import Floats, Ints, Season

Bools = NDArray[np.bool_]

GUARD = 2  # blocks before the window that do not say what is usual
_OLDER = 7  # blocks before those that a subject must have for that
_MIX = 5.0  # origins' worth of belief that a subject's sources are the desk's
_SILENT = 0.01  # chance below which silence says that a subject had not begun
_CELLS = 4_000_000  # of subjects times blocks that are held at a time


@dataclass(slots=True)
class Blocks:
    """Rows: subjects and blocks in which something came, with exposure; and sums over all blocks of each subject.

    `weight` falls below 1 for bursts. `pairs`: ordered pairs of origins of one hour. The exposure of a block is
    `exposed`; of a subject `total`, with `first` and `second` moments over the numbers of its blocks, `like` in blocks
    that lie in the week as the window does, and `squared`, the sum of the squares of its hours. `number`: of its
    blocks; `age`: of those since it began, guard band included. `before`, `came`: exposure and origins of the hours
    before the window, a row for each of the season's steps.
    """

    subject: Ints
    block: Ints
    count: Floats
    pairs: Floats
    exposed: Floats
    weight: Floats
    total: Floats
    first: Floats
    second: Floats
    like: Floats
    squared: Floats
    number: Floats
    age: Floats
    before: Floats
    came: Floats
    squares: Floats  # by block: the squares of its hours' weights over the square of their sum
    told: Bools  # by subject: without a guard band

    def sums(self, values: Floats) -> Floats:
        """Sums of `values` by subject."""
        return np.bincount(self.subject, values, len(self.total)).astype(np.float64)


def blocks(series: Series, season: Season, owner: Ints, told: Bools | None = None) -> Blocks:
    """Counts in hours that were read, by subject and block, with their exposure.

    `owner`: the row of each count's source in `season.read`. `told`: subjects without a guard band.
    """
    number, length = len(series.subjects), season.length
    subject = np.repeat(np.arange(number), np.diff(series.first))
    hour = series.hours.astype(np.int64) - length
    inside = (hour >= 0) & (hour < season.blocks * length)
    inside[inside] = season.hours[owner[inside], hour[inside]]
    subject, hour, source = subject[inside], hour[inside], owner[inside]
    counts = series.counts[inside].astype(np.float64)
    cells, place = np.unique(subject * season.blocks + hour // length, return_inverse=True)
    mix = csr_array((counts, (subject, source)), shape=(number, len(season.read)))
    came = np.stack([np.bincount(subject, counts * (hour < hours), number) for hours in season.steps])
    none = np.zeros((7, number))
    found = Blocks(
        subject=cells // season.blocks,
        block=cells % season.blocks,
        count=np.bincount(place, counts, len(cells)).astype(np.float64),
        pairs=_pairs(subject * season.blocks * length + hour, counts, place, len(cells)),
        exposed=np.zeros(len(cells)),
        weight=np.ones(len(cells)),
        total=none[0],
        first=none[1],
        second=none[2],
        like=none[3],
        squared=none[4],
        number=none[5],
        age=none[6],
        before=np.zeros(came.shape),
        came=came.astype(np.float64),
        squares=season.squares,
        told=np.zeros(number, dtype=np.bool_) if told is None else told,
    )
    step = max(1, _CELLS // season.blocks)
    for low in range(0, number, step):
        _expose(found, mix, season, series, slice(low, min(low + step, number)))
    return _kept(found, found.exposed > 0)


def _pairs(hours: Ints, counts: Floats, place: Ints, number: int) -> Floats:
    """Ordered pairs of origins of one subject and hour, by row; an hour may stand there for several sources."""
    cell, at = np.unique(hours, return_inverse=True)
    together = np.bincount(at, counts, len(cell))
    row = np.zeros(len(cell), dtype=np.int64)
    row[at] = place
    return np.bincount(row, together * (together - 1), number).astype(np.float64)


def _kept(found: Blocks, rows: Bools) -> Blocks:
    """`found` with the chosen rows alone."""
    for name in ("subject", "block", "count", "pairs", "exposed", "weight"):
        setattr(found, name, getattr(found, name)[rows])
    return found


def _expose(found: Blocks, mix: csr_array, season: Season, series: Series, some: slice) -> None:
    """Fill in the exposure of `some` subjects and of their rows; 0 in the guard band."""
    desk = np.asarray(mix.sum(axis=0)).ravel()
    desk = desk / desk.sum() if desk.sum() else np.full(len(desk), 1 / max(1, len(desk)))
    own = mix[some]
    total = np.asarray(own.sum(axis=1)).ravel()
    exposed = (own @ season.read + _MIX * (desk @ season.read)) / (total + _MIX)[:, None]
    here = slice(*np.searchsorted(found.subject, [some.start, some.stop]))
    who, block = found.subject[here] - some.start, found.block[here]
    born = series.born[some] if len(series.born) else np.full(len(total), -1, dtype=np.int32)
    since = _since(exposed, (who, block), total, (born.astype(np.int64) - season.length) // season.length)
    at = np.arange(season.blocks)
    exposed[at[None, :] > since[:, None]] = 0.0
    recent = (own @ season.recent + _MIX * (desk @ season.recent)) / (total + _MIX)[:, None]
    found.before[:, some] = recent.T * (exposed[:, 0] > 0)
    guard = np.where((since >= GUARD + _OLDER) & ~found.told[some], GUARD, 0)
    exposed[at[None, :] < guard[:, None]] = 0.0
    found.exposed[here] = exposed[who, block]
    found.age[some] = since + 1
    found.total[some], found.first[some], found.second[some] = exposed.sum(axis=1), exposed @ at, exposed @ at**2
    found.like[some] = exposed[:, season.alike].sum(axis=1)
    found.squared[some] = exposed**2 @ season.squares
    found.number[some] = (exposed > 0).sum(axis=1)


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
