"""What a run says of itself: failures, the stages, the night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.amends import ModelUse


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
