"""Several storylines told one after the other: a section for each, its best points in its own order of weight.

Each is weighed by itself, as if its story were written alone: what a joined pile of claims has in common is no subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.compose.layout import Budget, choose, sections_of, shown
from pipeline.compose.ledger import Ledger
from pipeline.compose.selection import Point, points
from pipeline.compose.slots import SlotSection
from pipeline.domain import Dossier, Storyline

ROOM = 2  # sentences of one record in one section at most


def one_after_the_other(ledger: Ledger, each: int, most: int, quoted: Sequence[str]) -> tuple[SlotSection, ...]:
    """A section of at most `each` sentences for each storyline of the dossier, `most` in all, in their order."""
    dossier, used = ledger.dossier, list(quoted)
    told: list[tuple[str | None, Sequence[Point]]] = []
    left = most
    for line in dossier.members:
        part = alone(dossier, line)
        chosen = choose(points(part), ledger, Budget(min(each, left), ROOM), used) if part.claims and left else ()
        if chosen:
            told.append((_name(chosen, dossier.storyline.label), chosen))
            used.extend(ledger.cite(p.claim, p.piece.start, p.piece.end) for p in chosen)
            left -= len(chosen)
    return sections_of(told, ledger)


def alone(dossier: Dossier, line: Storyline) -> Dossier:
    """What a dossier holds of one of its storylines."""
    kept = set(line.claim_ids)
    claims = {key: claim for key, claim in dossier.claims.items() if key in kept}
    owners = {claim.record_id for claim in claims.values()}
    return replace(
        dossier,
        storyline=line,
        records={key: record for key, record in dossier.records.items() if key in owners},
        claims=claims,
        findings=tuple(f for f in dossier.findings if kept & set(f.claim_ids)),
        members=(),
    )


def _name(chosen: Sequence[Point], common: str) -> str | None:
    """The name that most of the chosen points share, as they write it; None where none has one but `common`."""
    counts = Counter(entity for point in chosen for entity in point.claim.entities)
    named = [(-counts[entity], _at(name, chosen), name) for entity in counts if (name := shown(entity, chosen))]
    named = [one for one in named if one[2].casefold() not in common.casefold()]
    return min(named)[2] if named else None


def _at(name: str, chosen: Sequence[Point]) -> int:
    """How early a name stands in the first of the points that hold it: what opens a sentence is what it is about."""
    return next((at for point in chosen if (at := point.piece.text.find(name)) >= 0), 0)
