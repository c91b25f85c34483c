"""What is kept of storylines, fetched when a page asks for it, as it may be shown.

Of each storyline the few facts that lists and indices need are remembered from one night to the next under the digest
of all that the store keeps of it (`Stating.storyline_states`), so a night reads the storylines that moved and no other.
What a storyline may show follows from itself, from which of its claims are cited, and from claims that may not be shown
on account of another storyline: all three are in the key.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from pipeline import collecting, outlets
from pipeline.barred import Barred, allowed, begins, relabelled, unquoting
from pipeline.domain import Claim, Finding, Membership, Record, Storyline, Turn, digest
from pipeline.edition import Edition
from pipeline.entities.featured import places_named
from pipeline.people.screening import Counts, screened
from pipeline.people.takedown import Takedown
from pipeline.protocols import Store
from pipeline.remembered import Memory
from pipeline.serial import to_json
from pipeline.settings import Settings
from pipeline.shelved import ShelvedStoryline, shelved

AT_ONCE = 100  # storylines that are read together
MOST = 160  # storylines in memory: of some nights, whose stories are held against each other
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """One storyline as it may be shown, with all that belongs to it; `names`: entity -> claims that name it."""

    line: Storyline
    findings: tuple[Finding, ...]
    memberships: tuple[Membership, ...]
    claims: Mapping[str, Claim]
    records: Mapping[str, Record]
    origins: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    gone: frozenset[str]  # claims that corrections bar
    unlawful: frozenset[str]  # claims that are left out by the rule on people or the takedown file
    counts: Counts


@dataclass(frozen=True, slots=True)
class Holding:
    """Ids of what a storyline holds, shown or not: claims, records, and of others what its memberships speak of."""

    claims: tuple[str, ...]
    records: tuple[str, ...]
    foreign: tuple[str, ...]  # records that were in it, claims that it disputes


@dataclass(slots=True)
class Shelves:
    """The storylines of a night. `states`: of each, the digest of all that is kept of it."""

    store: Store
    bare: Settings  # of the desk, without its sources: they are screened once
    barred: Barred
    listed: Takedown
    memory: Memory
    states: Mapping[str, str]
    holdings: dict[str, Holding] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # of each the digest of all that it may show
    _shown: frozenset[str] = frozenset()  # claims that stories cite
    _shut: dict[str, frozenset[str]] = field(default_factory=dict)  # claims that another storyline shuts
    _at_hand: OrderedDict[str, Ground] = field(default_factory=OrderedDict)
    _titles: frozenset[str] | None = None
    _fetched: int = 0

    def survey(self, shown: frozenset[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The facts of every storyline, in order, reading those alone of which something is not remembered."""
        self._shown = shown
        lines = sorted(self.states)
        for line in self._missing("holding", lines, self.states):
            told = self.memory.of("holding", self.states[line], lambda line=line: self._held(line))  # type: ignore[misc]
            self.holdings[line] = Holding(*(tuple(map(sys.intern, ids)) for ids in told))
            if line in self._at_hand:  # all that is asked of it below is worked out while it is at hand
                key = self._key(line)
                self.memory.of("unlawful", key, lambda line=line: self._unlawful(line))  # type: ignore[misc]
                self.memory.of("facts", key, lambda line=line: _facts(self.ground(line)))  # type: ignore[misc]
        first = {line: self._key(line) for line in lines}
        shut: dict[str, list[str]] = defaultdict(list)
        for line in self._missing("unlawful", lines, first):
            for claim in self.memory.of("unlawful", first[line], lambda line=line: self._unlawful(line)):  # type: ignore[misc]
                shut[claim].append(line)
        for line in lines if shut else ():
            others = {key for key in self.holdings[line].claims if any(one != line for one in shut.get(key, ()))}
            if others:
                self._shut[line] = frozenset(others)
                self._at_hand.pop(line, None)
        self.keys = {line: self._key(line) for line in lines} if self._shut else first
        for line in self._missing("facts", lines, self.keys):
            yield line, self.memory.of("facts", self.keys[line], lambda line=line: _facts(self.ground(line)))  # type: ignore[misc]

    def ground(self, line: str) -> Ground:
        """All of one storyline."""
        if line not in self._at_hand:
            self._fetch([line])
        self._at_hand.move_to_end(line)
        return self._at_hand[line]

    def prepare(self, lines: Iterable[str]) -> None:
        """Read some storylines at once that will be asked for."""
        self._fetch([line for line in lines if line not in self._at_hand and line in self.states])

    def _missing(self, kind: str, lines: Iterable[str], keys: Mapping[str, str]) -> Iterator[str]:
        """`lines`, one after the other; those of which the answer is not remembered are read some at once."""
        rest = iter(lines)
        while some := list(islice(rest, AT_ONCE)):
            self._fetch([one for one in some if one not in self._at_hand and not self.memory.knows(kind, keys[one])])
            yield from some

    def _key(self, line: str) -> str:
        mine = self.holdings[line].claims
        cited = [claim for claim in mine if claim in self._shown]
        gone = sorted(self.barred.records)  # any storyline may have told of another by one of their titles
        return digest("ground", self.states[line], *cited, "", *sorted(self._shut.get(line, ())), "", *gone, size=32)

    def _held(self, line: str) -> list[Sequence[str]]:
        """The fields of a `Holding`."""
        ground = self._at_hand[line]
        claims = sorted({*ground.claims, *ground.gone, *ground.unlawful})
        foreign = {one.record_id for one in ground.memberships} - ground.origins.keys()
        foreign |= {side for one in ground.findings for dispute in one.disputes for side in (dispute.a, dispute.b)}
        return [claims, sorted(ground.origins), sorted(foreign - set(claims))]

    def _unlawful(self, line: str) -> list[str]:
        return sorted(self.ground(line).unlawful)

    def _fetch(self, lines: Sequence[str]) -> None:
        """Read storylines with all that belongs to them, and let go of those that were not asked for longest."""
        if not lines:
            return
        for one in _read(self.store, lines):
            self._at_hand[one.line.id] = self._screened(one)
        while len(self._at_hand) > max(MOST, len(lines)):
            self._at_hand.popitem(last=False)
        self._fetched += 1
        collecting.tidy(self._fetched)

    def _screened(self, one: Ground) -> Ground:
        """A storyline without what corrections bar, what is taken down and what may not be said of people."""
        key, origins = one.line.id, one.origins
        left = allowed(
            self.barred,
            one.records,
            one.claims,
            {key: one.findings},
            lambda claim: claim.origin_id or origins.get(claim.record_id, claim.record_id),
        )
        shut = self._shut.get(key, frozenset())
        lost = {*self._withdrawn(), *(one.records[key].title for key in one.records.keys() - left.records.keys())}
        unsaid = lost | {one.claims[claim].text for claim in left.gone}
        line = replace(
            relabelled(one.line, lost, left.records),
            turns=tuple(_turned(turn, lost, unsaid) for turn in one.line.turns),
            claim_ids=tuple(claim for claim in one.line.claim_ids if claim not in left.gone),
            record_ids=tuple(record for record in one.line.record_ids if record in left.records),
        )
        raw = Edition(
            now=line.updated,
            settings=self.bare,
            stories=(),
            storylines={key: line},
            records=left.records,
            claims={claim: noun for claim, noun in left.claims.items() if claim not in shut},
            origins=origins,
            findings=left.findings,
            memberships={key: tuple(replace(m, reason=unquoting(m.reason, unsaid)) for m in one.memberships)},
        )
        shown, counts = screened(raw, self.listed, cited=self._shown)
        return replace(
            one,
            line=shown.storylines[key],
            findings=shown.findings[key],
            memberships=shown.memberships[key],
            claims=shown.claims,
            records=shown.records,
            names={entity: tuple(c for c in told if c in left.claims) for entity, told in one.names.items()},
            gone=left.gone,
            unlawful=frozenset(raw.claims.keys() - shown.claims.keys()),
            counts=counts,
        )

    def _withdrawn(self) -> frozenset[str]:
        """The titles of records that were withdrawn: other storylines than their own may have quoted them."""
        if self._titles is None:
            self._titles = frozenset(one.title for one in self.store.records(sorted(self.barred.records)).values())
        return self._titles


def _turned(turn: Turn, lost: Collection[str], unsaid: Collection[str]) -> Turn:
    """A turn without the name of the other storyline where that is the title of a record that is `lost`, and without
    its reason where that quotes one of the texts that are `unsaid`."""
    return replace(
        turn, label="" if begins(turn.label, lost) else turn.label, why=unquoting(turn.why, {*lost, *unsaid})
    )


def _read(store: Store, keys: Sequence[str]) -> Iterator[Ground]:
    """Storylines as they are stored."""
    lines = {line.id: line for line in store.storylines(keys)}
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in store.findings(sorted(lines)):
        findings[finding.storyline_id].append(finding)
    claims = store.claims(
        claim
        for key, line in lines.items()
        for claim in (*line.claim_ids, *(claim for one in findings[key] for claim in one.claim_ids))
    )
    every = {record for line in lines.values() for record in line.record_ids}
    every |= {claim.record_id for claim in claims.values()}
    joined = store.memberships_of(sorted(lines))
    records, origins, named = store.records(every), store.origins_of(every), store.named(sorted(every))
    for key, line in lines.items():
        ids = dict.fromkeys((*line.claim_ids, *(claim for one in findings[key] for claim in one.claim_ids)))
        mine = {claim: claims[claim] for claim in sorted(ids) if claim in claims}
        read = sorted({*line.record_ids, *(claim.record_id for claim in mine.values())})
        yield Ground(
            line=line,
            findings=tuple(findings[key]),
            memberships=joined.get(key, ()),
            claims=mine,
            records={record: records[record] for record in read if record in records},
            origins={record: origins.get(record, record) for record in read},
            names=places_named(mine, {record: named[record] for record in read if record in named}),
            gone=frozenset(),
            unlawful=frozenset(),
            counts=Counter(),
        )


def _facts(ground: Ground) -> dict[str, Any]:
    """What lists and indices ask of a storyline, as JSON.

    spoken: (time, id, origin, voice) of every record and of every claim that credits another.
    """
    records, credited = (
        ground.records,
        [c for c in ground.claims.values() if c.origin_id and c.record_id in ground.records],
    )
    spoken = [(moment(r.published), r.id, ground.origins[r.id], outlets.voice(r)) for r in records.values()]
    spoken += [(moment(c.published), c.id, c.origin_id or "", outlets.voice(records[c.record_id])) for c in credited]
    return {
        "line": to_json(ground.line),
        "claims": sorted(ground.claims),
        "records": {key: record.source for key, record in sorted(records.items())},
        "origins": dict(sorted(ground.origins.items())),
        "spoken": spoken,
        "names": {key: list(told) for key, told in sorted(ground.names.items())},
        "counts": dict(sorted(ground.counts.items())),
        "sample": any(record.sample for record in records.values()),
    }


def moment(when: datetime) -> str:
    """A time as text, in the order of time."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


class Shelf(Mapping[str, T]):
    """Nouns by id, each taken from the storyline that holds it; what belongs to none stands in `loose`."""

    def __init__(self, owners: Mapping[str, str], take: Callable[[str, str], T], loose: Mapping[str, T]) -> None:
        self._owners, self._take, self._loose = owners, take, loose

    def __getitem__(self, key: str) -> T:
        owner = self._owners.get(key)
        return self._loose[key] if owner is None else self._take(owner, key)

    def __contains__(self, key: object) -> bool:
        return key in self._owners or key in self._loose

    def __iter__(self) -> Iterator[str]:
        yield from self._owners
        yield from self._loose

    def __len__(self) -> int:
        return len(self._owners) + len(self._loose)


@dataclass(slots=True)
class Index:
    """Where everything stands, made of the facts of all storylines.

    own: storyline -> itself. claims, records: id -> the storyline that holds it. told: (time, id, origin, voice) of all
    that speaks. spoken: storyline -> its origins. names: entity -> claims that name it.
    """

    own: dict[str, str] = field(default_factory=dict)
    lines: dict[str, Storyline] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    spoken: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counts = field(default_factory=Counter)
    sample: bool = False

    @classmethod
    def of(cls, survey: Iterable[tuple[str, Mapping[str, Any]]]) -> Index:
        """The index of what a survey of the shelves finds, storyline by storyline."""
        found = cls()
        for line, facts in survey:
            found._enter(line, facts)
        return found

    def _enter(self, line: str, facts: Mapping[str, Any]) -> None:
        self.own[line] = line
        self.lines[line] = shelved(ShelvedStoryline, facts["line"], lambda: None)
        for mine, ids in ((self.claims, facts["claims"]), (self.records, facts["records"])):
            for key in ids:
                mine.setdefault(sys.intern(key), line)
        for known, told in ((self.sources, facts["records"]), (self.origins, facts["origins"])):
            known |= {sys.intern(key): sys.intern(value) for key, value in told.items()}
        self.told += ((when, *map(sys.intern, rest)) for when, *rest in facts["spoken"])
        self.spoken[line] = sorted({*facts["origins"].values(), *(one[2] for one in facts["spoken"])})
        for entity, claims in facts["names"].items():
            self.names[entity] += map(sys.intern, claims)
        self.counts.update(facts["counts"])
        self.sample = self.sample or facts["sample"]
