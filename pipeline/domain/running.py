"""What a run says of itself: failures, the stages, the night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.amends import ModelUse

LEAP = timedelta(days=30)  # between two runs: a machine that was off, or a clock that jumped
LATEST = 5  # runs among which the one before this is looked for: some may be of times that have not come


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong and did not stop the night: what, why, what follows, what to do."""

    subject: str
    what: str
    consequence: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage saw, made and dropped. `seconds` stays in the run report and never reaches the site."""

    stage: str
    seen: int = 0
    made: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    cost: float = 0.0
    models: tuple[ModelUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One night."""

    id: str
    now: datetime
    stages: tuple[StageReport, ...]
    outcome: str  # published, nothing new, held, failed
    exit_code: int


def leapt(runs: Iterable[Run], now: datetime) -> Run | None:
    """The run before that of `now`, where it is so long ago that the clock may have jumped; else None.

    runs: the latest, newest first. By a clock that may have jumped nothing is forgotten and no story closed as silent:
    the night after does both, and until then somebody may set the clock.
    """
    before = next((run for run in runs if run.now < now), None)
    return before if before is not None and now - before.now > LEAP else None
