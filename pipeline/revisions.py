"""Revisions: what becomes of a storyline's claims when a record they rest on has changed.

A new version that still tells what the old one told stays where it was: each new claim goes to the storyline of the
old claim it is most like. A version that tells something else enters as news. Either way the old claims leave.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import parts
from pipeline.domain import Claim, Membership, Record, Storyline
from pipeline.language.words import content
from pipeline.parts import Part
from pipeline.window import Earlier

STILL = 0.3  # share of the old content words that a version must keep to be the same news


@dataclass(frozen=True, slots=True)
class Revised:
    """`kept`: record -> storyline -> its new claims there; `parts` the same as parts; `leaving` the old memberships."""

    kept: Mapping[str, Mapping[str, tuple[Claim, ...]]] = field(default_factory=dict)
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)  # storyline -> renewed parts
    leaving: tuple[Membership, ...] = ()


def settle(
    records: Mapping[str, Record],
    claims: Mapping[str, Sequence[Claim]],
    earlier: Mapping[str, Earlier],
    origins: Mapping[str, str],
) -> Revised:
    """Decide for every record with an earlier version in a storyline; pure, sorted by record and storyline."""
    kept: dict[str, dict[str, tuple[Claim, ...]]] = {}
    renewed: dict[str, list[Part]] = {}
    leaving: list[Membership] = []
    for record_id, before in sorted(earlier.items()):
        leaving.extend(before.memberships)
        homes = _homes(claims[record_id], before)
        if not homes:
            continue
        kept[record_id] = homes
        for line, mine in homes.items():
            record, origin = records[record_id], origins.get(record_id, record_id)
            part = parts.whole(record, mine, origin) if len(homes) == 1 else parts.portion(record, mine, origin)
            renewed.setdefault(line, []).append(part)
    return Revised(kept, {line: tuple(found) for line, found in sorted(renewed.items())}, tuple(leaving))


def _homes(claims: Sequence[Claim], before: Earlier) -> dict[str, tuple[Claim, ...]]:
    """Storyline -> new claims; empty where the new version is another text."""
    home = {member.claim_id: member.storyline_id for member in before.memberships}
    old = {key: Counter(content(claim.text)) for key, claim in sorted(before.claims.items())}
    new = {claim.id: Counter(content(claim.text)) for claim in claims}
    told = sum(old.values(), Counter())
    if not claims or not told or sum((told & sum(new.values(), Counter[str]())).values()) < STILL * sum(told.values()):
        return {}
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        closest = min(old, key=lambda key: (-sum((old[key] & new[claim.id]).values()), key))
        found.setdefault(home[closest], []).append(claim)
    return {line: tuple(found[line]) for line in sorted(found)}


def renewed(before: Mapping[str, Storyline], revised: Revised, now: datetime) -> dict[str, Storyline]:
    """The storylines that hold an earlier version, without its claims, with those of a version that stays."""
    found: dict[str, Storyline] = {}
    for member in revised.leaving:
        line = found.get(member.storyline_id) or before[member.storyline_id]
        mine = revised.kept.get(member.record_id, {}).get(line.id, ())
        claims = (set(line.claim_ids) - {member.claim_id}) | {claim.id for claim in mine}
        records = set(line.record_ids) if mine else set(line.record_ids) - {member.record_id}
        found[line.id] = dataclasses.replace(
            line, claim_ids=tuple(sorted(claims)), record_ids=tuple(sorted(records)), updated=now
        )
    return found


def heirs(emptied: Mapping[str, Storyline], revised: Revised, woven: Mapping[str, Storyline]) -> dict[str, Storyline]:
    """Storylines left without a record, merged into the one that holds their record now (the smallest id)."""
    found: dict[str, Storyline] = {}
    for key, line in emptied.items():
        if line.record_ids or line.merged_into:
            continue
        gone = {member.record_id for member in revised.leaving if member.storyline_id == key}
        took = sorted(name for name, other in woven.items() if name != key and gone & set(other.record_ids))
        found[key] = dataclasses.replace(line, claim_ids=(), merged_into=took[0] if took else None)
    return found
