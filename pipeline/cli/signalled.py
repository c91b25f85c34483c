"""`citewire explain SIGNAL`: what was measured, on which evidence, what the ranking made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline import signalled
from pipeline.cli.console import columns, shown
from pipeline.domain import Signal
from pipeline.errors import UsageError
from pipeline.signalled import EvidenceTold, RankedTold, SignalTold

if TYPE_CHECKING:
    from pipeline.protocols import Store

_ID = re.compile(r"g[0-9a-f]{2,16}\Z")
_MOST_NAMED = 8  # signals that an ambiguous beginning lists
_WIDE = 2000  # characters of a reason


def find(store: Store, name: str) -> Signal | None:
    """The signal whose id is or begins with `name`; None where none does. Raises UsageError for several."""
    name = name.strip().lower()
    found = store.signals(beginning=name) if _ID.match(name) else ()
    if len(found) > 1:
        some = ", ".join(f"{one.id} ({one.kind}, {one.window_end:%Y-%m-%d})" for one in found[:_MOST_NAMED])
        raise UsageError(f"{name!r} begins the ids of {len(found)} signals: {some}; give more of the id")
    return found[0] if found else None


def explained(store: Store, signal: Signal) -> SignalTold:
    """A signal with everything that the store keeps of it."""
    claims = store.claims([row.id for row in signal.evidence])
    owners = [claims[row.id].record_id if row.id in claims else row.id for row in signal.evidence]
    about_line = signal.about == signalled.STORYLINE
    lines = store.storylines([signal.subject]) if about_line else ()
    entities = store.entities([signal.subject]) if signal.about == "entity" else {}
    name = lines[0].label if lines else entities[signal.subject].name if signal.subject in entities else signal.subject
    return signalled.explain(
        signal,
        name=name,
        claims=claims,
        records=store.records(owners),
        rankings=store.rankings(storyline_id=signal.subject) if about_line else (),
    )


def lines(told: SignalTold) -> Iterator[str]:
    """A signal in plain lines."""
    yield f"{told.kind.replace('_', ' ')} of the {told.about} “{shown(told.name)}”"
    yield f"signal {told.id} · {told.about} {shown(told.subject)} · {told.severity}"
    yield shown(told.summary, _WIDE)
    if told.held:
        yield f"held: {shown(told.held, _WIDE)}"
    yield ""
    rows = [("score", _figure(told.score)), ("baseline", _figure(told.baseline))]
    rows += [("threshold", _figure(told.threshold)), ("n", f"{told.n:,}")]
    rows += [("chance", "not known" if told.chance is None else f"{told.chance:.3g} of so much without a change")]
    sure = "not known" if told.confidence is None else f"{told.confidence:.2f} of such signals were real in back-tests"
    rows += [("confidence", sure), ("window", f"{_at(told.window_start)} to {_at(told.window_end)}")]
    yield from columns(rows)
    yield ""
    yield "evidence"
    for row in told.evidence:
        yield from _evidence(row)
    yield ""
    yield from _ranking(told.ranked, told.about)


def _evidence(row: EvidenceTold) -> Iterator[str]:
    where = f"{shown(row.publisher)}, {_at(row.published)}" if row.published is not None else "no longer stored"
    yield f"  {row.weight:.3f}  {shown(row.title) or row.id} ({where})"
    for text in (row.note, f"“{shown(row.text, 300)}”" if row.text else "", row.url or ""):
        if text:
            yield f"         {shown(text, 400)}"


def _ranking(ranked: RankedTold | None, about: str) -> Iterator[str]:
    if ranked is None:
        yield (
            "its storyline was not ranked that night"
            if about == signalled.STORYLINE
            else f"a {about} is not ranked: only storylines become stories"
        )
        return
    yield f"ranking of {_at(ranked.night)}"
    rows = []
    for term in ranked.terms:
        bounds = f"{_figure(term.least)} to {_figure(term.most)}" if None not in (term.least, term.most) else ""
        rows.append((f"  {term.name}", f"{term.value:+.3f}", bounds, term.counts))
    yield from (f"  {line}" for line in columns([*rows, ("total", f"{ranked.total:+.3f}", "", "")]))
    yield f"{ranked.outcome}{': ' if ranked.why else ''}{shown(ranked.why, _WIDE)}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
