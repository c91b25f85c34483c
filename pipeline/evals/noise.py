"""`eval noise`: whether what tells of nothing stays out of large storylines, among posts about a few large crises.

Every seventh row is read: all rows of such a file would ask for storylines of a thousand posts, and no event has these.
Rows without a story are the noise; storylines of ten records or more are large. Grouping nothing would keep out all
noise, so the B-cubed figures of the other rows stand beside the share.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from pipeline.evals import storylines
from pipeline.evals.rows import rows

EVERY = 7


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """The figures of `eval storylines` on every seventh row. Raises UsageError."""
    return storylines.measured(list(itertools.islice(rows(path), 0, None, EVERY)), embedder)
