"""How a detector states what it measured: ids, evidence rows, words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.detectors.frame import About, Subject, Window
from pipeline.domain import Signal, Weighted, digest

MAX_ROWS = 12


def signal_id(kind: str, subject: str, now: datetime) -> str:
    """Same kind, subject and day of the window's end give the same id, so that a second run adds nothing."""
    return "g" + digest("signal", kind, subject, now.date().isoformat())


def stated(
    kind: str,
    subject: Subject,
    window: Window,
    *,
    score: float,
    baseline: float,
    threshold: float,
    n: int,
    severity: str,
    evidence: tuple[Weighted, ...],
    summary: str,
    held: str | None = None,
    chance: float | None = None,
) -> Signal:
    """A signal about `subject`, with rounded figures, of `window`. Raises ValueError without evidence."""
    return Signal(
        id=signal_id(
            kind, subject.id if subject.about is About.STORYLINE else f"{subject.about} {subject.id}", window.end
        ),
        kind=kind,
        subject=subject.id,
        score=round(score, 6),
        baseline=round(baseline, 6),
        threshold=round(threshold, 6),
        n=n,
        window_start=window.start,
        window_end=window.end,
        severity=severity,
        evidence=evidence,
        summary=summary,
        held=held,
        about=subject.about.value,
        chance=chance,
    )


def rows(items: Sequence[tuple[str, float, str]]) -> tuple[Weighted, ...]:
    """Evidence rows whose weights sum to 1 over the rows kept (the heaviest, first come first on ties)."""
    unique: dict[str, tuple[float, str]] = {}
    for ident, weight, note in items:
        unique.setdefault(ident, (weight, note))
    kept = sorted(unique.items(), key=lambda kv: -kv[1][0])[:MAX_ROWS]
    total = sum(weight for _, (weight, _) in kept) or 1.0
    return tuple(Weighted(ident, round(weight / total, 6), note) for ident, (weight, note) in kept)


def median(values: Sequence[float]) -> float:
    """The middle one, or the mean of the two in the middle. Raises IndexError for no values."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def plural(noun: str, count: int) -> str:
    """`noun` as it stands after `count`."""
    return noun if count == 1 else noun + "s"
