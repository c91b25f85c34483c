"""Enrolment: tonight's sightings put to the register with what the store knows of their names. Writes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from pipeline import outlets
from pipeline.domain import Naming, Record
from pipeline.entities import registry
from pipeline.entities.registry import Known, Registered
from pipeline.entities.sighting import Sighted
from pipeline.protocols import Store


def enrol(
    store: Store, sighted: Iterable[Sighted], records: Mapping[str, Record], origins: Mapping[str, str]
) -> Registered:
    """What tonight adds to the register. `origins` are record id -> origin id as of tonight. Raises StoreError.

    The number of questions, and what they bring, go by tonight's names and not by the archive.
    """
    seen = sorted(sighted, key=lambda one: one.record_id)
    namings = registry.said(seen, records, origins)
    said = _said_before(store, seen, namings)
    entities = dict(store.entities(registry.candidates(seen, (*namings, *said))))
    while onward := {one.merged_into for one in entities.values() if one.merged_into} - {*entities}:
        entities.update(store.entities(onward))
    surnames = {
        one.key for each in seen for one in each.sightings if one.kind == "person" and one.roles and " " not in one.key
    }
    known = Known(
        entities=entities,
        counted=_counted(store, [one.record_id for one in seen], origins),
        namings=said,
        bearers=store.bearers(surnames),
        tellers=_tellers(store, [records[one.record_id] for one in seen], origins, said),
    )
    bearers = {one.id: one for held in known.bearers.values() for one in held}
    doubled = {key for pair in registry.homes_of(namings, known).items() for key in pair if pair[0] != pair[1]}
    known = dataclasses.replace(known, entities={**entities, **bearers}, voices=store.voices(doubled))
    return registry.register(seen, records, origins, namings, known)


def _said_before(store: Store, seen: Sequence[Sighted], namings: Sequence[Naming]) -> tuple[Naming, ...]:
    """What was said of tonight's names, and everything that was said of the short forms among it."""
    keys = {one.key for each in seen for one in each.sightings}
    keys |= {key for naming in namings for key in (naming.key, naming.other)}
    first = store.namings(keys)
    return tuple(store.namings(keys | {naming.key for naming in first})) if first else ()


def _counted(store: Store, record_ids: Sequence[str], origins: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """(entity, origin) pairs that were counted before: named by an earlier version, or a record of the same origin."""
    voices = {origins.get(key, key) for key in record_ids}
    homes = {record: origin.id for origin in store.origins(voices).values() for record in origin.record_ids}
    homes.update({key: origins.get(key, key) for key in record_ids})
    return frozenset((one.entity_id, homes[record]) for record, held in store.named(homes).items() for one in held)


def _tellers(
    store: Store, tonight: Sequence[Record], origins: Mapping[str, str], said: Iterable[Naming]
) -> Mapping[str, str]:
    """Origin -> who told it first, of tonight's records and of what was said of names before."""
    before = {one.evidence.record_id: one.origin_id for one in said}
    owners = {**before, **{one.id: origins.get(one.id, one.id) for one in tonight}}
    mine = {one.id: one for one in tonight}
    known = {**store.records(sorted({*owners, *owners.values()} - mine.keys())), **mine}
    told = sorted((known[key] for key in owners if key in known), key=lambda one: (one.published, one.id))
    return outlets.tellers(((owners[one.id], one) for one in told), known)
