"""Explaining a signal: what was measured, on which evidence, and what the night's ranking made of its storyline.

Pure. Figures, reasons and terms are those that were kept that night; the units of the terms are those of today's
ranking (pipeline/newsroom/ranking.py), and a term that this version does not know is shown without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain import Claim, Ranked, Record, Signal
from pipeline.newsroom.ranking import TERMS

STORYLINE = "storyline"
_TITLE = 100  # characters of a text that stand for a missing headline
_TERMS = {term.name: term for term in TERMS}


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """One evidence row: its share of the score, the record that it is or stands in, and the claim's words."""

    id: str
    weight: float
    note: str
    title: str
    publisher: str
    published: datetime | None
    url: str | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TermTold:
    """One term of the ranking sum, with its unit and bounds where this version has the term."""

    name: str
    value: float
    counts: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class RankedTold:
    """The ranking sum of the signal's storyline on its night, and what came of it."""

    night: datetime
    total: float
    terms: tuple[TermTold, ...]
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class SignalTold:
    """A signal explained. `name` is what its subject is called; `ranked` is None where no storyline was ranked."""

    id: str
    kind: str
    about: str
    subject: str
    name: str
    summary: str
    severity: str
    score: float
    baseline: float
    threshold: float
    n: int
    chance: float | None
    confidence: float | None
    window_start: datetime
    window_end: datetime
    held: str | None
    evidence: tuple[EvidenceTold, ...]
    ranked: RankedTold | None


def explain(
    signal: Signal,
    *,
    name: str,
    claims: Mapping[str, Claim],
    records: Mapping[str, Record],
    rankings: Sequence[Ranked],
) -> SignalTold:
    """A signal with its evidence and the ranking of its night: the first that ended within a day of its window.

    rankings: those of its storyline, by night.
    """
    soon = signal.window_end + timedelta(days=1)
    ranked = next((one for one in rankings if signal.window_end <= one.night < soon), None)
    return SignalTold(
        id=signal.id,
        kind=signal.kind,
        about=signal.about,
        subject=signal.subject,
        name=name,
        summary=signal.summary,
        severity=signal.severity,
        score=signal.score,
        baseline=signal.baseline,
        threshold=signal.threshold,
        n=signal.n,
        chance=signal.chance,
        confidence=signal.confidence,
        window_start=signal.window_start,
        window_end=signal.window_end,
        held=signal.held,
        evidence=tuple(_row(row.id, row.weight, row.note, claims.get(row.id), records) for row in signal.evidence),
        ranked=_ranked(ranked) if ranked is not None else None,
    )


def _row(key: str, weight: float, note: str, claim: Claim | None, records: Mapping[str, Record]) -> EvidenceTold:
    """An evidence row; what it points to may have left the store, and then only its id is known."""
    record = records.get(claim.record_id if claim is not None else key)
    if record is None:
        return EvidenceTold(key, weight, note, "", "", None, None, claim.text if claim is not None else "")
    return EvidenceTold(
        id=key,
        weight=weight,
        note=note,
        title=record.title or record.text[:_TITLE],
        publisher=record.publisher or record.source,
        published=record.published,
        url=record.url,
        text=claim.text if claim is not None else "",
    )


def _ranked(ranked: Ranked) -> RankedTold:
    order = {name: place for place, name in enumerate(_TERMS)}
    names = sorted(ranked.terms, key=lambda name: (order.get(name, len(order)), name))
    return RankedTold(
        night=ranked.night,
        total=ranked.total,
        terms=tuple(_term(name, ranked.terms[name]) for name in names),
        outcome=ranked.outcome,
        why=ranked.why,
    )


def _term(name: str, value: float) -> TermTold:
    known = _TERMS.get(name)
    return TermTold(name, value) if known is None else TermTold(name, value, known.counts, known.least, known.most)
