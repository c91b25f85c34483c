"""Meanings: the dense rows of the texts that are compared, of which no step needs all at once.

They may lie on disk (`pipeline.spill`). What is new is held against them block by block, and what is near is read by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = np.ndarray[Any, np.dtype[np.int64]]
Rows = NDArray[np.float32]

_BLOCK = 8192  # rows that are held at a time


@dataclass(frozen=True, slots=True)
class Meanings:
    """Unit rows (n, width) of the texts `which` of a table; None: of all."""

    table: Rows
    which: Whole | None = None

    def __len__(self) -> int:
        return len(self.table) if self.which is None else len(self.which)

    def __getitem__(self, some: Sequence[int] | Whole) -> Rows:
        """The rows at these positions."""
        at = np.asarray(some, dtype=np.int64)
        return np.asarray(self.table[at if self.which is None else self.which[at]])

    def among(self, some: Whole) -> Meanings:
        """The rows at these positions, for more questions; none is read."""
        return Meanings(self.table, some if self.which is None else self.which[some])

    def cosines(self, rows: Rows, own: Whole, near: Whole, least: float) -> tuple[Whole, Whole, Rows]:
        """(place in `rows`, position here, cosine) of the pairs asked for, then of all others that reach `least`."""
        asked = np.empty(len(own), np.float32)
        found = [(own, near, asked)]
        for at in range(0, len(self), _BLOCK):
            block = rows @ self[np.arange(at, min(at + _BLOCK, len(self)))].T
            here = np.flatnonzero((near >= at) & (near < at + block.shape[1]))
            mine = own[here], near[here] - at
            asked[here] = block[mine]
            alike = block >= least
            alike[mine] = False
            more, others = np.nonzero(alike)
            found.append((more, others + at, block[more, others]))
        first, second, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return first, second, values
