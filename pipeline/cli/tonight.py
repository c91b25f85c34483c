"""What `citewire run` shows at its end: what fired, what was held, which storylines have no story, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.cli.console import columns
from pipeline.domain import Ranked, Signal

if TYPE_CHECKING:
    from pipeline.protocols import Store

ROWS = 12  # of each part; the rest is counted
_NAME = 44  # characters of a name
_SHORT = 9  # of a signal's id: enough to explain it
_SEVERITY = {"high": 0, "medium": 1, "low": 2}


def table(store: Store, now: datetime) -> list[str]:
    """The night of `now` in aligned plain lines; nothing where nothing was measured or ranked. Raises StoreError."""
    signals = [signal for signal in store.signals(since=now) if signal.window_end == now]
    signals.sort(key=lambda s: (_SEVERITY.get(s.severity, 3), -(s.confidence or 0.0), s.kind, s.id))
    fired, held = [s for s in signals if not s.held], [s for s in signals if s.held]
    untold = [one for one in store.rankings(since=now) if one.night == now and one.outcome != "told"]
    shown = {s.subject for part in (fired, held) for s in part[:ROWS]} | {one.storyline_id for one in untold[:ROWS]}
    names = {line.id: line.label for line in store.storylines(sorted(shown))}
    names |= {key: entity.name for key, entity in store.entities(sorted(shown)).items()}
    return [
        *_part("fired", [_fired(s, names) for s in fired[:ROWS]], len(fired)),
        *_part("held", [_held(s, names) for s in held[:ROWS]], len(held)),
        *_part("no story", [_untold(one, names) for one in untold[:ROWS]], len(untold)),
    ]


def _part(title: str, rows: Sequence[Sequence[str]], found: int) -> list[str]:
    """One part under its title with how many there are; an empty one is left out."""
    if not rows:
        return []
    more = [f"  and {found - len(rows):,} more"] if found > len(rows) else []
    return [f"{title} ({found:,})", *(f"  {line}" for line in columns(rows, most=_NAME)), *more]


def _fired(signal: Signal, names: dict[str, str]) -> tuple[str, ...]:
    sure = "" if signal.confidence is None else f"{signal.confidence:.2f} sure"
    figures = f"{signal.score:,.4g} (from {signal.threshold:,.4g})"
    return (signal.id[:_SHORT], signal.kind.replace("_", " "), _name(signal, names), signal.severity, sure, figures)


def _held(signal: Signal, names: dict[str, str]) -> tuple[str, ...]:
    return (signal.id[:_SHORT], signal.kind.replace("_", " "), _name(signal, names), signal.held or "")


def _untold(ranked: Ranked, names: dict[str, str]) -> tuple[str, ...]:
    name = names.get(ranked.storyline_id) or ranked.storyline_id
    return (ranked.storyline_id[:_SHORT], f"{ranked.total:+.2f}", name, ranked.outcome, ranked.why)


def _name(signal: Signal, names: dict[str, str]) -> str:
    return names.get(signal.subject) or signal.subject
