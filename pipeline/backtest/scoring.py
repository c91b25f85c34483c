"""What a back-test comes to: precision, recall by size, delay, false signals a night, calibration of confidence. Pure.

A signal is right when a change of its kind was planted into its subject and its window holds at least an hour of it.
A change is found when a signal of it was fired (held ones are counted apart). Delay runs from the first hour of the
change to the end of the first window that showed it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from scipy.stats import binomtest

from pipeline.domain import Signal

BINS = 10
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A planted change as it is scored: its kind and subject (sort and id), its size and its time."""

    kind: str
    about: str
    subject: str
    size: float
    begin: datetime
    end: datetime
    rate: float = 0.0
    hours: int = 0
    steady: bool = False  # the subject's counts are Poisson but for its seasons


@dataclass(frozen=True, slots=True)
class Judged:
    """A signal and the change that it shows, or None where nothing was planted."""

    signal: Signal
    change: Change | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its exact (Clopper-Pearson) interval of 95 %."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """hits / of; NaN of nothing."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the share; 0 and 1 of nothing."""
        if not self.of:
            return 0.0, 1.0
        bounds = binomtest(self.hits, self.of).proportion_ci(0.95, "exact")
        return float(bounds.low), float(bounds.high)


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is told of one kind, or of all.

    `recall` is by size of the change. `delays` in hours, of the changes that were found. `false`: signals without a
    change. `judged`: those that fired.
    """

    precision: Share
    recall: Mapping[float, Share]
    delays: tuple[float, ...]
    false: int
    held: int
    judged: tuple[Judged, ...] = field(repr=False, default=())

    @property
    def delay(self) -> float:
        """The median delay in hours; NaN where nothing was found."""
        return median(self.delays) if self.delays else math.nan


def judge(signals: Iterable[Signal], changes: Sequence[Change]) -> tuple[Judged, ...]:
    """Each signal with the change it shows: the one of its kind and subject whose time lies in its window."""
    known: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        known.setdefault((change.kind, change.about, change.subject), []).append(change)
    return tuple(Judged(signal, _shown(signal, known)) for signal in signals)


def _shown(signal: Signal, known: Mapping[tuple[str, str, str], Sequence[Change]]) -> Change | None:
    for change in known.get((signal.kind, signal.about, signal.subject), ()):
        overlap = min(signal.window_end, change.end) - max(signal.window_start, change.begin)
        if overlap >= min(_HOUR, change.end - change.begin):
            return change
    return None


def score(judged: Sequence[Judged], changes: Sequence[Change]) -> Scores:
    """Scores of what was fired where `changes` were planted. Held signals count for nothing but their number."""
    fired = [one for one in judged if one.signal.held is None]
    false = [one for one in fired if one.change is None]
    first: dict[Change, datetime] = {}
    for one in fired:
        if one.change is not None:
            first[one.change] = min(first.get(one.change, one.signal.window_end), one.signal.window_end)
    sizes: dict[float, list[bool]] = {}
    for change in changes:
        sizes.setdefault(change.size, []).append(change in first)
    return Scores(
        precision=Share(len(fired) - len(false), len(fired)),
        recall={size: Share(sum(found), len(found)) for size, found in sorted(sizes.items())},
        delays=tuple(sorted((end - change.begin) / _HOUR for change, end in first.items())),
        false=len(false),
        held=len(judged) - len(fired),
        judged=tuple(fired),
    )


def recall(scores: Scores) -> Share:
    """Recall over all sizes."""
    return Share(sum(s.hits for s in scores.recall.values()), sum(s.of for s in scores.recall.values()))


# --- calibration -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bin:
    """Signals of like confidence: how many, their mean confidence, and which share of them was a change."""

    of: int
    confidence: float
    real: float


def bins(pairs: Sequence[tuple[float, bool]], number: int = BINS) -> tuple[Bin, ...]:
    """(confidence, whether it was a change) in `number` bins of equal width, empty ones left out."""
    placed: dict[int, list[tuple[float, bool]]] = {}
    for confidence, real in pairs:
        placed.setdefault(min(int(confidence * number), number - 1), []).append((confidence, real))
    return tuple(
        Bin(len(here), sum(c for c, _ in here) / len(here), sum(r for _, r in here) / len(here))
        for _, here in sorted(placed.items())
    )


def calibration_error(pairs: Sequence[tuple[float, bool]], number: int = BINS) -> float:
    """Expected calibration error: the mean, over signals, of |confidence - share that was real| in their bin.

    After Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (AAAI 2015). Of
    n signals in a bin even perfect confidence leaves about sqrt(p (1 - p) / n). NaN of nothing.
    """
    if not pairs:
        return math.nan
    return sum(one.of * abs(one.confidence - one.real) for one in bins(pairs, number)) / len(pairs)
