"""What happens in a night, told as it happens: named events with fields, over Python's logging, to whoever listens.

Nobody listens unless asked: `--log-format json` prints a line for each, [telemetry] makes traces of them. Names and
fields: docs/operating.md. A field never holds a text of a source or a model: names, counts, seconds, and what failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = logging.getLogger("citewire.events")
LOGGER.propagate = False
LOGGER.addHandler(logging.NullHandler())
LOGGER.setLevel(logging.INFO)


def tell(event: str, **fields: object) -> None:
    """Tell the listeners of `event`, such as "stage.ended", with its fields."""
    LOGGER.info(event, extra={"fields": fields})


@contextmanager
def timed(event: str, **fields: object) -> Iterator[dict[str, object]]:
    """Tell of `event` when the block ends, with its seconds, what the block adds, and the name of an error, if any."""
    before, told = time.perf_counter(), dict(fields)
    try:
        yield told
    except BaseException as error:
        told["error"] = type(error).__name__
        raise
    finally:
        tell(event, **told, seconds=round(time.perf_counter() - before, 3))
