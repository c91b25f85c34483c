"""Memberships: which open and which close tonight, each with its reason, and the storylines as they stand then.

Pure. A claim that moves by a split or a merge leaves one storyline and enters the other at the same moment; a claim
of a new version opens once, in the storyline where it ends up. So every claim of the latest version of a record has
one open membership, and a storyline's claims are those of its open memberships.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.domain import Membership, Storyline, Turn, TurnKind
from pipeline.storylines import reasons, revisions
from pipeline.storylines.revisions import Revised
from pipeline.storylines.weaving import Woven
from pipeline.terms import Frequencies


@dataclass(frozen=True, slots=True)
class Settled:
    """Storylines as they stand tonight, memberships that open, memberships that close; each sorted."""

    lines: tuple[Storyline, ...]
    joined: tuple[Membership, ...]
    left: tuple[Membership, ...]


def settle(
    woven: Woven, before: Mapping[str, Storyline], revised: Revised, frequencies: Frequencies, now: datetime
) -> Settled:
    """What tonight did to memberships; `before` are the storylines of the window by id, new versions taken in."""
    lines = {key: before[key] for key in sorted({member.storyline_id for member in revised.leaving})}
    lines.update((line.id, line) for line in woven.storylines)
    went, joined, left = _moved(woven, {**before, **lines}, revised, now)
    joined.extend(_placed(woven, frequencies, now))
    joined.extend(_renewed(revised, went, now))
    left.extend(
        dataclasses.replace(member, until=now, reason="the record has a new version") for member in revised.leaving
    )
    heirs = revisions.heirs(lines, revised, lines)
    lines.update(heirs)
    told = reasons.turns(woven.seams, frequencies, now)
    for line in heirs.values():
        for owner, turn in _inherited(line, lines, now):
            told[owner] = (*told.get(owner, ()), turn)
    return Settled(
        tuple(dataclasses.replace(lines[key], turns=lines[key].turns + told.get(key, ())) for key in sorted(lines)),
        tuple(sorted(joined, key=lambda member: (member.storyline_id, member.claim_id))),
        tuple(sorted(left, key=lambda member: (member.storyline_id, member.claim_id))),
    )


def _placed(woven: Woven, frequencies: Frequencies, now: datetime) -> list[Membership]:
    """Memberships of what is new."""
    found: list[Membership] = []
    for place in sorted(woven.places, key=lambda one: one.storyline_id):  # texts of one are read one after the other
        why = reasons.membership(place, frequencies)
        found.extend(
            Membership(place.storyline_id, claim, place.part.record_id, now, why) for claim in place.part.claim_ids
        )
    return found


def _moved(
    woven: Woven, known: Mapping[str, Storyline], revised: Revised, now: datetime
) -> tuple[dict[str, str], list[Membership], list[Membership]]:
    """Where claims went, and the memberships that splits and merges open and close.

    Claims of tonight's versions were never open where they would have been: they are only told where they went.
    """
    fresh = {claim.id for homes in revised.kept.values() for claims in homes.values() for claim in claims}
    went: dict[str, str] = {}
    joined, left = [], []
    for move in woven.moved:
        merged = move.source in woven.merged
        came = reasons.moved(merged, known.get(move.source), move.source, here=True)
        gone = reasons.moved(merged, known.get(move.target), move.target, here=False)
        for claim in move.claim_ids:
            went[claim] = move.target
            if claim not in fresh:
                left.append(Membership(move.source, claim, move.record_id, now, gone, now))
                joined.append(Membership(move.target, claim, move.record_id, now, came))
    return went, joined, left


def _renewed(revised: Revised, went: Mapping[str, str], now: datetime) -> list[Membership]:
    """Memberships of claims of new versions that stay where the old ones were."""
    return [
        Membership(went.get(claim.id, line_id), claim.id, record_id, now, revised.why[claim.id])
        for record_id, homes in revised.kept.items()
        for line_id, claims in homes.items()
        for claim in claims
    ]


def _inherited(line: Storyline, lines: Mapping[str, Storyline], now: datetime) -> list[tuple[str, Turn]]:
    """What a storyline without a record, and the one that holds its record now, tell of that: (whose, turn)."""
    if line.merged_into is None:
        return []
    heir = lines[line.merged_into]
    why = f"the last record of “{line.label}” has a new version, which is told in “{heir.label}”"
    return [
        (line.id, Turn(TurnKind.MERGED_INTO, now, heir.id, heir.label, why)),
        (heir.id, Turn(TurnKind.TOOK_IN, now, line.id, line.label, why)),
    ]
