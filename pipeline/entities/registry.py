"""The register of entities: a night's sightings put to what is known. Pure, the same for any order of arrival.

* An entity's id is the hash of its folded name without spaces, so "Open AI", "OpenAI" and "OpenAI, Inc." are one.
* A short form stands for its definition everywhere once two origins have defined it so and none otherwise; if both had
  entries, the younger one points to the older for good. Renames are kept beside the entities and change neither.
* A bare surname is nobody, unless the record names the person in full, or gives an office that exactly one public
  person of that surname is known to hold. Two people of one surname are never put together.
* A name whose kind nothing tells counts only where its kind is known from other records.
* A person is public who is named with an office or a public role, or by PUBLIC_ORIGINS independent origins on
  PUBLIC_DAYS days (records in languages whose words for age and harm are not known give no days); not, whatever their
  number, one whom records speak of as a victim or as accused, unless in office, and never one whom a record calls a
  minor. Of everybody else the register holds a hash and counts, no name and no places.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import outlets
from pipeline.domain import Entity, Named, Naming, Record, Span, digest
from pipeline.entities.sighting import SHIELDS, Sighted, Sighting
from pipeline.language import names
from pipeline.language.kinds import KINDS, UNTOLD

PUBLIC_ORIGINS = 5
PUBLIC_DAYS = 3
_AGREED = 2  # origins that must define a short form alike
_MOST_NAMES = 8
_MOST_ROLES = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of tonight's names.

    `counted` are (entity, origin) pairs that were counted before tonight; `namings` those that touch tonight's keys,
    and all others of their short forms. `voices` are the origins of entities that may be found to be one.
    """

    entities: Mapping[str, Entity] = field(default_factory=dict)
    counted: frozenset[tuple[str, str]] = frozenset()
    namings: tuple[Naming, ...] = ()
    bearers: Mapping[str, tuple[Entity, ...]] = field(default_factory=dict)  # public people by surname
    voices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tellers: Mapping[str, str] = field(default_factory=dict)  # origin -> who told it first (see pipeline/outlets.py)


@dataclass(frozen=True, slots=True)
class Registered:
    """What one night adds: entities inserted or updated, where records name them, what records say of names."""

    entities: tuple[Entity, ...] = ()
    named: tuple[Named, ...] = ()
    namings: tuple[Naming, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting with its record's origin, whose that is, and time."""

    record_id: str
    origin_id: str
    voice: str
    at: datetime
    sighting: Sighting


def identity(key: str) -> str:
    """The id of the entity whose folded name is `key`."""
    return "n" + digest("entity", "".join(c for c in key if c.isalnum()) or key)


def said(sighted: Iterable[Sighted], records: Mapping[str, Record], origins: Mapping[str, str]) -> tuple[Naming, ...]:
    """What tonight's records say of two names, in a fixed order."""
    found = {
        (one.what, names.key(one.name), names.key(one.other), seen.record_id): Naming(
            what=one.what,
            key=names.key(one.name),
            other=names.key(one.other),
            name=one.name,
            other_name=one.other,
            origin_id=origins.get(seen.record_id, seen.record_id),
            at=_when(records[seen.record_id]),
            evidence=one.evidence,
        )
        for seen in sorted(sighted, key=lambda seen: seen.record_id)
        for one in reversed(seen.said)  # of two alike in one record the first stands
    }
    return tuple(found[key] for key in sorted(found))


def _when(record: Record) -> datetime:
    """When a record counts as having come out."""
    return record.fetched if record.date_doubtful else min(record.published, record.fetched)


def agreed(namings: Iterable[Naming], tellers: Mapping[str, str]) -> dict[str, str]:
    """Short form -> what it stands for, where enough origins say so and none says otherwise.

    An outlet that tells several origins (`tellers`: origin -> voice) counts once.
    """
    votes: dict[str, dict[str, set[str]]] = {}
    for naming in namings:
        if naming.what == "defined":
            votes.setdefault(naming.key, {}).setdefault(naming.other, set()).add(naming.origin_id)
    return {
        short: next(iter(longer))
        for short, longer in sorted(votes.items())
        if len({identity(key) for key in longer}) == 1 and _voiced(set().union(*longer.values()), tellers) >= _AGREED
    }


def _voiced(origins: Iterable[str], tellers: Mapping[str, str]) -> int:
    """How many independent origins there are among some."""
    return len(outlets.independent((origin, tellers.get(origin, "")) for origin in sorted(origins)))


def successors(namings: Iterable[Naming], tellers: Mapping[str, str]) -> dict[str, Naming]:
    """Replaced name -> the earliest words that say by what, where enough origins agree and none names another.

    Its date is when it was first said here; what was written under the old name stays under it.
    """
    told: dict[str, dict[str, list[Naming]]] = {}
    for naming in namings:
        if naming.what == "renamed":
            told.setdefault(naming.key, {}).setdefault(identity(naming.other), []).append(naming)
    found = {}
    for old, ways in sorted(told.items()):
        ones = [one for way in ways.values() for one in way]
        if len(ways) == 1 and _voiced({one.origin_id for one in ones}, tellers) >= _AGREED:
            found[old] = min(ones, key=lambda one: (one.at, _mark(one)))
    return found


def candidates(sighted: Iterable[Sighted], namings: Iterable[Naming]) -> frozenset[str]:
    """Ids of all entities that tonight may touch: what `Known.entities` has to hold of the store."""
    keys = {sighting.key for seen in sighted for sighting in seen.sightings}
    keys |= {key for naming in namings for key in (naming.key, naming.other)}
    return frozenset(identity(key) for key in keys)


def register(
    sighted: Sequence[Sighted],
    records: Mapping[str, Record],
    origins: Mapping[str, str],
    namings: Sequence[Naming],
    known: Known,
) -> Registered:
    """Put tonight's sightings to the register. `namings` are those of tonight's records (see `said`)."""
    homes = homes_of(namings, known)
    merged = _merged(homes, known)
    book = _Book(homes, {**known.entities, **merged}, known.bearers)
    told = _told(sighted, book)
    gathered: dict[str, list[Seen]] = {}
    for seen in sorted(sighted, key=lambda seen: seen.record_id):
        origin, at = origins.get(seen.record_id, seen.record_id), _when(records[seen.record_id])
        for sighting in seen.sightings:
            if (target := book.target(sighting, told)) is not None:
                voice = known.tellers.get(origin) or origin
                gathered.setdefault(target, []).append(Seen(seen.record_id, origin, voice, at, sighting))
    counted = known.counted | {(home, voice) for home in merged for voice in _voices(home, homes, known)}
    renewed = {key: _renewed(key, gathered[key], book.entities.get(key), counted) for key in sorted(gathered)}
    everything = {**book.entities, **renewed}
    return Registered(
        entities=tuple(sorted({**merged, **renewed}.values(), key=lambda entity: entity.id)),
        named=_named(gathered, renewed),
        namings=tuple(naming for naming in namings if _sayable(naming, everything)),
    )


def homes_of(namings: Iterable[Naming], known: Known) -> dict[str, str]:
    """Id of a short form or definition -> the id that both count under, by tonight's words and the store's."""
    every = {_mark(naming): naming for naming in (*known.namings, *namings)}
    return _homes(agreed(every.values(), known.tellers), known.entities)


def _voices(home: str, homes: Mapping[str, str], known: Known) -> frozenset[str]:
    """Origins that named any of the entries that have one home."""
    return frozenset().union(*(known.voices.get(key, frozenset()) for key in {home, *homes} if homes.get(key) == home))


def _named(gathered: Mapping[str, Sequence[Seen]], renewed: Mapping[str, Entity]) -> tuple[Named, ...]:
    """Where tonight's records name entities, by record, then entity; of private people not where."""
    spans: dict[tuple[str, str], set[Span]] = {}
    for key, seen in gathered.items():
        for one in seen:
            places = one.sighting.spans if renewed[key].public else ()
            spans.setdefault((one.record_id, key), set()).update(places)
    return tuple(
        Named(record, key, tuple(sorted(found, key=lambda span: span.start)))
        for (record, key), found in sorted(spans.items())
    )


def _mark(naming: Naming) -> tuple[str, str, str, str]:
    return naming.what, naming.key, naming.other, naming.evidence.record_id


def _sayable(naming: Naming, entities: Mapping[str, Entity]) -> bool:
    """Whether neither of the two names is a private person's."""
    found = (entities.get(identity(key)) for key in (naming.key, naming.other))
    return not any(entity and entity.kind == "person" for entity in found)


def _homes(short: Mapping[str, str], entities: Mapping[str, Entity]) -> dict[str, str]:
    """Id of a short form or definition -> the id that both count under: the older entry, else the definition's."""
    found: dict[str, str] = {}
    for brief, full in sorted(short.items()):
        pair = [entities[key] for key in (identity(full), identity(brief)) if key in entities]
        if any(entity.kind == "person" for entity in pair):
            continue
        oldest = min(pair, key=lambda entity: (entity.first_seen, entity.id), default=None)
        home = (oldest.merged_into or oldest.id) if oldest else identity(full)
        found[identity(brief)] = found[identity(full)] = found.get(identity(full), home)
    return found


def _merged(homes: Mapping[str, str], known: Known) -> dict[str, Entity]:
    """Entries that have a home elsewhere, pointing to it, and the homes with all that was counted under both."""
    found: dict[str, Entity] = {}
    for key, home in sorted(homes.items()):
        younger, older = known.entities.get(key), found.get(home) or known.entities.get(home)
        if key == home or younger is None or older is None or younger.merged_into:
            continue
        found[key] = dataclasses.replace(younger, merged_into=home)
        found[home] = _called(
            dataclasses.replace(
                older,
                first_seen=min(older.first_seen, younger.first_seen),
                last_seen=max(older.last_seen, younger.last_seen),
                origins=len(known.voices.get(home, frozenset()) | known.voices.get(key, frozenset())),
                kinds=dict(sorted((Counter(dict(older.kinds)) + Counter(dict(younger.kinds))).items())),
                names=dict(sorted((Counter(dict(older.names)) + Counter(dict(younger.names))).items())),
                voices=_heard(older.voices, younger.voices),
                small=older.small + younger.small,
                days=tuple(sorted({*older.days, *younger.days})[:PUBLIC_DAYS]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Book:
    """What deciding whose a sighting is needs."""

    homes: Mapping[str, str]
    entities: Mapping[str, Entity]
    bearers: Mapping[str, tuple[Entity, ...]]

    def entry(self, key: str) -> str:
        """The id under which a key counts."""
        id_ = identity(key)
        id_ = self.homes.get(id_, id_)
        while (entity := self.entities.get(id_)) and entity.merged_into:
            id_ = entity.merged_into
        return id_

    def target(self, sighting: Sighting, told: frozenset[str]) -> str | None:
        """The id of the entity that a sighting is of; None where that cannot be said."""
        if sighting.kind == "person" and " " not in sighting.key:
            roles = set(sighting.roles)
            fitting = [one.id for one in self.bearers.get(sighting.key, ()) if roles & set(one.roles)]
            return fitting[0] if len(fitting) == 1 else None
        found = self.entry(sighting.key)
        return found if sighting.kind != UNTOLD or found in told else None


def _told(sighted: Iterable[Sighted], book: _Book) -> frozenset[str]:
    """Ids of the things other than people whose kind is known, or is told by some record of tonight."""
    sightings = (one for seen in sighted for one in seen.sightings)
    tonight = {book.entry(one.key) for one in sightings if one.kind not in (UNTOLD, "person")}
    return frozenset(tonight | {key for key, one in book.entities.items() if one.kind not in (UNTOLD, "person")})


def _renewed(id_: str, seen: Sequence[Seen], old: Entity | None, counted: frozenset[tuple[str, str]]) -> Entity:
    """An entity with what tonight's sightings of it add."""
    fresh: dict[str, list[Seen]] = {}
    for one in seen:
        if (id_, one.origin_id) not in counted:
            fresh.setdefault(one.origin_id, []).append(one)
    voted = Counter(dict(old.kinds) if old else {})
    written = Counter(dict(old.names) if old else {})
    for ones in fresh.values():
        voted.update({one.sighting.kind for one in ones} - {UNTOLD})
        written.update({name for one in ones for name in one.sighting.names})
    times = [one.at for one in seen] + ([old.first_seen, old.last_seen] if old else [])
    readable = [one for one in seen if one.sighting.shield != "unread"]
    entity = Entity(
        id=id_,
        key=(old.key if old else "") or min(one.sighting.key for one in seen),
        name="",
        kind=_elected(voted),
        first_seen=min(times),
        last_seen=max(times),
        origins=(old.origins if old else 0) + len(fresh),
        merged_into=old.merged_into if old else None,
        kinds=dict(sorted(voted.items())),
        names=dict(sorted(sorted(written.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMES])),
        roles=_most(old.roles if old else (), (role for one in seen for role in one.sighting.roles)),
        shield=_shield([old.shield if old else "", *(one.sighting.shield for one in seen)]),
        days=tuple(sorted({*(old.days if old else ()), *map(_day, readable)})[:PUBLIC_DAYS]),
        voices=_heard(old.voices if old else (), (digest("voice", one.voice) for one in seen)),
        small=(old.small if old else 0) + sum(any(one.sighting.small for one in ones) for ones in fresh.values()),
    )
    return _veiled(entity) if entity.kind == "person" and not is_public(entity) else _called(entity)


def _heard(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Voices that named an entity, no more of them than are asked for."""
    return tuple(sorted({*old, *new})[:PUBLIC_ORIGINS])


def _day(one: Seen) -> str:
    return one.at.date().isoformat()


def _elected(votes: Mapping[str, int]) -> str:
    """The kind that most origins tell; ties go to a person first, so that nobody is profiled by mistake."""
    return max((kind for kind in KINDS if votes.get(kind)), key=lambda kind: votes[kind], default=UNTOLD)


def _most(old: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*old, *new})[:_MOST_ROLES])


def _shield(shields: Iterable[str]) -> str:
    return next((shield for shield in SHIELDS if shield in set(shields)), "")


def is_public(person: Entity) -> bool:
    """Whether the register may hold more of a person than a hash and counts."""
    if person.shield == "minor":
        return False
    if person.roles:
        return True
    return not person.shield and len(person.voices) >= PUBLIC_ORIGINS and len(person.days) >= PUBLIC_DAYS


def _veiled(person: Entity) -> Entity:
    """A person without anything that tells who it is."""
    return dataclasses.replace(person, key="", name="", names={}, roles=(), public=False)


def _called(entity: Entity) -> Entity:
    """An entity under the name that most origins write, ties by the longer, then by the alphabet."""
    written = sorted(entity.names.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))
    return dataclasses.replace(entity, name=written[0][0] if written else entity.key, public=True)
