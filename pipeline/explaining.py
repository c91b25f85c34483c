"""Explaining: why each record is in a storyline, and what has happened to that storyline, from what is stored.

Pure. Nothing is worked out anew: the reasons are those that were kept when it was decided, so they hold the words,
counts and closeness of that night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline import outlets
from pipeline.domain import Claim, Membership, Origin, Record, Storyline, Turn

_ONE_VOICE = "told by one voice, which counts once"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stretch of a claim's time in a storyline: from when, until when (None: still there), and why."""

    storyline_id: str
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim, with the stays that led here, oldest first; the last is in the storyline that is explained."""

    id: str
    text: str
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class RecordTold:
    """A record, the origin it counts as with the reason for it, its claims here, and other storylines that hold it."""

    id: str
    title: str
    publisher: str
    url: str | None
    published: datetime
    origin: str
    origin_reason: str
    claims: tuple[ClaimTold, ...]
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A storyline explained. `asked` is the id that was asked for where that has been merged into this one.

    `records` by publication; `left` are those whose claims have all gone since; `origins` counts those of `records`.
    """

    id: str
    label: str
    beats: tuple[str, ...]
    founded: datetime
    updated: datetime
    origins: int
    turns: tuple[Turn, ...]
    records: tuple[RecordTold, ...]
    left: tuple[RecordTold, ...]
    asked: str | None = None


@dataclass(frozen=True)
class Kept:
    """What the store keeps of a storyline: memberships of it and of those that it split from or took in."""

    memberships: Sequence[Membership]
    claims: Mapping[str, Claim]
    records: Mapping[str, Record]
    owners: Mapping[str, str]  # record -> origin
    origins: Mapping[str, Origin]
    homes: Mapping[str, Sequence[str]]  # record -> living storylines

    @cached_property
    def stays(self) -> Mapping[str, Sequence[Membership]]:
        """The memberships of each claim."""
        found: dict[str, list[Membership]] = {}
        for member in self.memberships:
            found.setdefault(member.claim_id, []).append(member)
        return found


def explain(line: Storyline, kept: Kept, *, asked: str | None = None) -> Explanation:
    """Why everything is where it is."""
    own = [member for member in kept.memberships if member.storyline_id == line.id]
    here = [member for member in own if member.until is None]
    present = {member.record_id for member in here}
    gone = [member for member in own if member.until is not None and member.record_id not in present]
    records = _records(line.id, here, kept)
    return Explanation(
        id=line.id,
        label=line.label,
        beats=line.beats,
        founded=line.founded,
        updated=line.updated,
        origins=len({record.origin for record in records}),
        turns=line.turns,
        records=records,
        left=_records(line.id, gone, kept),
        asked=asked if asked != line.id else None,
    )


def _records(line_id: str, members: Iterable[Membership], kept: Kept) -> tuple[RecordTold, ...]:
    """The records of memberships by publication, then id, their claims in order of the text."""
    by_record: dict[str, list[Membership]] = {}
    for member in members:
        by_record.setdefault(member.record_id, []).append(member)
    found = []
    counted = _counted(by_record, kept)
    for key, mine in by_record.items():
        record, origin = kept.records.get(key), kept.owners.get(key, key)
        if record is None:
            continue
        reason = kept.origins[origin].reason if origin in kept.origins else "itself"
        claims: dict[str, Membership] = {}
        for member in sorted(mine, key=lambda member: member.since):
            claims[member.claim_id] = member
        told = [_claim(member, kept) for member in sorted(claims.values(), key=lambda member: _place(member, kept))]
        found.append(
            RecordTold(
                id=key,
                title=record.title or record.text[:100],
                publisher=record.publisher or record.source,
                url=record.url,
                published=record.published,
                origin=counted[origin],
                origin_reason=reason if counted[origin] == origin else f"{_ONE_VOICE}; {reason}",
                claims=tuple(told),
                elsewhere=tuple(line for line in kept.homes.get(key, ()) if line != line_id),
            )
        )
    return tuple(sorted(found, key=lambda record: (record.published, record.id)))


def _counted(record_ids: Iterable[str], kept: Kept) -> Mapping[str, str]:
    """Origin of some records -> the origin that it counts as."""
    records = [kept.records[key] for key in record_ids if key in kept.records]
    told = [(kept.owners.get(one.id, one.id), one) for one in sorted(records, key=lambda one: (one.published, one.id))]
    return outlets.counts_as(outlets.tellers(told, kept.records).items())


def _place(member: Membership, kept: Kept) -> tuple[int, str]:
    claim = kept.claims.get(member.claim_id)
    return (claim.evidence[0].start if claim else -1, member.claim_id)


def _claim(member: Membership, kept: Kept) -> ClaimTold:
    """A claim with the stays that led to `member`: each began in the moment in which the one before it ended."""
    stays = [member]
    while True:
        before = [
            other
            for other in kept.stays.get(member.claim_id, ())
            if other.until == stays[0].since and other.since < stays[0].since
        ]
        if not before:
            break
        stays.insert(0, min(before, key=lambda other: other.storyline_id))
    claim = kept.claims.get(member.claim_id)
    return ClaimTold(
        member.claim_id,
        claim.text if claim else "",
        tuple(Stay(one.storyline_id, one.since, one.until, one.reason) for one in stays),
    )
