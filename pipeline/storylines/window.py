"""The window: what tonight's records are compared with, asked of the store in a few questions."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import shelved, terms
from pipeline.domain import Claim, Membership, Origin, Record, Storyline
from pipeline.language.words import content
from pipeline.protocols import Store
from pipeline.spill import Heap
from pipeline.storylines import parts
from pipeline.storylines.parts import Part

_AT_ONCE = 1000  # records whose texts are held while they are put away
REMEMBERED = 40  # newest records of a storyline that stand for it
DORMANT_DAYS = 60  # how long a storyline of several records can sleep and still wake as itself
DORMANT_RECORDS = 3
STIRRING = 10.0  # nats of a sleeping storyline's label that one new record must hold: two words that are not common


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where the claims of a record's earlier version are: open memberships, and the claims themselves."""

    memberships: tuple[Membership, ...]
    claims: Mapping[str, Claim]


@dataclass(frozen=True, slots=True)
class Window:
    """Living storylines, their newest parts, the records and origins behind them, and what pending records said before.

    `parts` leaves out pending records: what these say now is decided anew.
    """

    storylines: Mapping[str, Storyline]
    parts: Mapping[str, tuple[Part, ...]]
    records: Mapping[str, Record]
    origins: Mapping[str, str]
    earlier: Mapping[str, Earlier]

    def with_origins(self, groups: Sequence[Origin]) -> Window:
        """The window that knows the origins of tonight, in its parts as well."""
        owners = dict(self.origins) | {key: origin.id for origin in groups for key in origin.record_ids}
        renewed = {key: tuple(_owned(part, owners) for part in held) for key, held in self.parts.items()}
        return dataclasses.replace(self, origins=owners, parts=renewed)


def _owned(part: Part, owners: Mapping[str, str]) -> Part:
    origin = owners.get(part.record_id, part.origin_id)
    return part if origin == part.origin_id else dataclasses.replace(part, origin_id=origin)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one round of a night leaves for the next, so that it is not read and made again: an answer rests on none.

    Texts of records lie in a heap.
    """

    records: dict[str, Record] = field(default_factory=dict)
    lines: dict[str, Storyline] = field(default_factory=dict)  # living ones of the window, without their claims
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)  # by storyline
    _texts: Heap = field(default_factory=Heap)

    def away(self, record: Record) -> Record:
        """`record` with its text put away."""
        return shelved.away(record, self._texts)

    def ask(self, store: Store, record_ids: Iterable[str]) -> None:
        """Have these records at hand. Raises StoreError."""
        new = sorted(set(record_ids) - self.records.keys())
        for at in range(0, len(new), _AT_ONCE):
            found = store.records(new[at : at + _AT_ONCE])
            self.records.update((key, self.away(record)) for key, record in found.items())

    def forget(self, storyline_ids: Iterable[str]) -> None:
        """Parts of storylines that have changed."""
        for key in storyline_ids:
            self.parts.pop(key, None)

    def renew(self, lines: Iterable[Storyline]) -> None:
        """Storylines as the round just committed leaves them."""
        for line in lines:
            self.parts.pop(line.id, None)
            self.lines.pop(line.id, None)
            if line.merged_into is None:
                self.lines[line.id] = dataclasses.replace(line, claim_ids=())


def look_back(
    store: Store,
    pending: Mapping[str, Record],
    now: datetime,
    *,
    days: int,
    shelf: Shelf | None = None,
    counted: Mapping[str, bytes] | None = None,
) -> Window:
    """The window of `days` before `now`; storylines of several records are remembered longer. Raises StoreError.

    Its storylines come without their claims, but for those that hold a pending record: the others' are asked for where
    they are needed. `counted`: packed words of pending records by id, as far as they were counted already.
    """
    shelf = shelf or Shelf()
    since = now - timedelta(days=days)
    homes_of_pending = store.storylines_of_records(pending)
    held = {key for keys in homes_of_pending.values() for key in keys}
    shelf.forget(held)
    if not shelf.lines:
        every = store.storylines(updated_since=since, claims=False)
        shelf.lines.update((line.id, line) for line in every if line.merged_into is None)
    living = {line.id: line for line in sorted(shelf.lines.values(), key=lambda line: (line.founded, line.id))}
    asleep = store.labels(since=now - timedelta(days=max(days, DORMANT_DAYS)), until=since, records=DORMANT_RECORDS)
    missing = {*held, *stirred(asleep, pending.values(), counted)} - living.keys()
    living.update({line.id: line for line in store.storylines(missing, claims=False) if line.merged_into is None})
    living.update({line.id: line for line in store.storylines(held) if line.merged_into is None})
    homes = Counter(record_id for line in living.values() for record_id in line.record_ids)
    shelf.ask(store, homes)
    records = {key: pending.get(key, shelf.records[key]) for key in sorted(homes) if key in shelf.records}
    owners = dict(store.origins_of([*homes, *pending]))
    new = [line for key, line in living.items() if key not in shelf.parts]
    shelf.parts.update(_parts(store, new, records, pending, owners))
    return Window(
        storylines=living,
        parts={key: shelf.parts[key] for key in living},
        records=records,
        origins=owners,
        earlier=_earlier(store, homes_of_pending),
    )


def _parts(
    store: Store,
    lines: Sequence[Storyline],
    records: Mapping[str, Record],
    pending: Mapping[str, Record],
    owners: Mapping[str, str],
) -> dict[str, tuple[Part, ...]]:
    """The parts that stand for each of `lines`; pending records are left out."""
    shared: dict[str, list[Claim]] = {}
    spread = store.storylines_of_records({key for line in lines for key in line.record_ids}, least=2).keys() - pending
    for claim in store.claims_of_records(sorted(spread)):
        shared.setdefault(claim.record_id, []).append(claim)
    wanted = sorted(line.id for line in lines if not spread.isdisjoint(line.record_ids))
    whole = {line.id: line for line in store.storylines(wanted)}
    return {
        line.id: _newest_parts(
            whole.get(line.id, line),
            [records[key] for key in line.record_ids if key in records and key not in pending],
            shared,
            owners,
        )
        for line in lines
    }


def stirred(
    labels: Mapping[str, str], records: Iterable[Record], counted: Mapping[str, bytes] | None = None
) -> frozenset[str]:
    """Those of `labels` (by storyline) of which one of `records` holds STIRRING nats: the others sleep on unread.

    Words count as they do in English at large, so that what stirs does not depend on what else came tonight.
    """
    if not labels:
        return frozenset()
    told = terms.Frequencies()
    holders: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        words = terms.unpacked(counted[record.id]) if counted and counted.get(record.id) else None
        for word in terms.count(record.text) if words is None else words:
            holders.setdefault(word, []).append(number)
    found = set()
    for key, label in labels.items():
        weights = {word: told.weight(word) for word in set(content(label))}
        shared: dict[int, float] = {}
        for word, weight in sorted(weights.items()):
            for number in holders.get(word, ()):
                shared[number] = shared.get(number, 0.0) + weight
        if shared and max(shared.values()) >= min(STIRRING, sum(weights.values())) - 1e-6:
            found.add(key)
    return frozenset(found)


def _newest_parts(
    line: Storyline, records: Sequence[Record], shared: Mapping[str, Sequence[Claim]], owners: Mapping[str, str]
) -> tuple[Part, ...]:
    """The parts that stand for `line`: whole records, or the claims in it where a record is in other storylines too."""
    newest = sorted(records, key=lambda record: (record.published, record.id))[-REMEMBERED:]
    held = set(line.claim_ids)
    found = []
    for record in newest:
        origin = owners.get(record.id, record.id)
        if record.id not in shared:
            found.append(parts.whole(record, (), origin))
        elif mine := [claim for claim in shared[record.id] if claim.id in held]:
            found.append(parts.portion(record, mine, origin))
    return tuple(found)


def _earlier(store: Store, homes: Mapping[str, Sequence[str]]) -> dict[str, Earlier]:
    """What the earlier versions of pending records said, and where that stands."""
    open_by_record: dict[str, list[Membership]] = {}
    for line in sorted({key for keys in homes.values() for key in keys}):
        for member in store.memberships(line):
            if member.until is None and member.record_id in homes:
                open_by_record.setdefault(member.record_id, []).append(member)
    claims = store.claims(member.claim_id for held in open_by_record.values() for member in held)
    return {
        record: Earlier(
            tuple(sorted(held, key=lambda member: (member.storyline_id, member.claim_id))),
            {member.claim_id: claims[member.claim_id] for member in held if member.claim_id in claims},
        )
        for record, held in sorted(open_by_record.items())
    }
