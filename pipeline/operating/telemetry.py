"""What monitoring gets of a run, where [telemetry] asks; the packages for it are an extra, imported only then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.domain import Run
from pipeline.errors import CitewireError, MissingExtra
from pipeline.events import LOGGER
from pipeline.protocols import Store
from pipeline.publishing import release
from pipeline.settings import Settings

_LOG = logging.getLogger(__name__)

Told = Callable[[Run, Store], None]
"""Called with a run that has ended, while its store is open."""


@contextmanager
def watched(settings: Settings) -> Iterator[Told]:
    """Make traces of the runs in the block and send them at its end; what is given writes the metrics of one.

    Raises MissingExtra before any work where [telemetry] asks for what is not installed.
    """
    chosen = settings.telemetry
    try:
        if chosen.traces:
            from pipeline.operating.traces import Tracing  # noqa: PLC0415  of an extra
        if chosen.metrics:
            from pipeline.operating import metrics  # noqa: PLC0415, F401  of an extra
    except ImportError as error:
        raise MissingExtra(
            f"[telemetry] needs the package {error.name}; install it with: pip install 'citewire[telemetry]'"
        ) from error
    listener = Tracing(chosen.traces) if chosen.traces else None
    if listener is not None:
        LOGGER.addHandler(listener)
    try:
        yield lambda run, store: _metrics(settings, run, store)
    finally:
        if listener is not None:
            LOGGER.removeHandler(listener)
            listener.close()


def _metrics(settings: Settings, run: Run, store: Store) -> None:
    """Write the metrics of a run; a disk that refuses them costs a warning."""
    if not settings.telemetry.metrics:
        return
    from pipeline.operating import metrics  # noqa: PLC0415  of an extra

    made = release.facts(settings.output_path / "site").get("now")
    edition = datetime.fromisoformat(made).timestamp() if made else 0.0
    target = settings.root / Path(settings.telemetry.metrics)
    try:
        metrics.write(target.resolve(), run, store.counts(), store.health(), edition)
    except CitewireError as error:
        _LOG.warning("%s", error)
