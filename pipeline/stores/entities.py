"""The register of entities: who they are, which records name them and where, and what records say of two names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from pipeline.domain import Entity, Evidence, Named, Naming, Span
from pipeline.stores import register, schema
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape, chunks, shared

_ENTITY = Shape(Entity, register.entities)
_NAMING = Shape(Naming, register.namings, apart=["evidence"])
_EVIDENCE = Shape(Evidence, register.namings)


class Registering:
    """The questions about entities. They are written with the analysis, by `save_entities`."""

    db: Database

    def entities(self, ids: Iterable[str]) -> Mapping[str, Entity]:
        """Entities by id, merged ones and persons who are not public (without a name) included."""
        rows = self.db.rows_in(select(register.entities), register.entities.c.id, ids)
        return {row.id: _ENTITY.noun(row) for row in sorted(rows, key=lambda row: row.id)}

    def entities_seen(self, since: datetime) -> Sequence[Entity]:
        """Public entities that were named at or after `since` and stand for themselves, by id."""
        table = register.entities
        alive = and_(table.c.last_seen >= since, table.c.public, table.c.merged_into.is_(None))
        return [_ENTITY.noun(row) for row in self.db.rows(select(table).where(alive).order_by(table.c.id))]

    def bearers(self, surnames: Iterable[str]) -> Mapping[str, tuple[Entity, ...]]:
        """Public people by folded surname, each list by id."""
        table = register.entities
        wanted = select(table).where(table.c.public, table.c.kind == "person")
        found: dict[str, list[Entity]] = {}
        for row in sorted(self.db.rows_in(wanted, table.c.surname, surnames), key=lambda row: row.id):
            found.setdefault(row.surname, []).append(_ENTITY.noun(row))
        return {name: tuple(found[name]) for name in sorted(found)}

    def named(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Named, ...]]:
        """Record id -> what it names, by entity id."""
        table = register.entity_records
        found: dict[str, list[Named]] = {}
        for row in self.db.rows_in(select(table), table.c.record_id, record_ids):
            found.setdefault(row.record_id, []).append(Named(row.record_id, row.entity_id, _spans(row.spans)))
        return {key: tuple(sorted(found[key], key=lambda one: one.entity_id)) for key in sorted(found)}

    def names_in(self, record_ids: Iterable[str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Record id -> (entity id, name) of the public entities it names that stand for themselves, by entity id."""
        names, entities = register.entity_records, register.entities
        wanted = select(names.c.record_id, names.c.entity_id, entities.c.name).join(entities)
        wanted = wanted.where(entities.c.public, entities.c.merged_into.is_(None))
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self.db.rows_in(wanted, names.c.record_id, record_ids):
            found.setdefault(row.record_id, []).append((shared(row.entity_id), shared(row.name)))
        return {key: tuple(sorted(found[key])) for key in sorted(found)}

    def voices(self, entity_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Entity id -> ids of the origins whose records name it."""
        names, origins = register.entity_records, schema.record_origins
        wanted = select(names.c.entity_id, origins.c.origin_id).join(origins, origins.c.record_id == names.c.record_id)
        found: dict[str, set[str]] = {}
        for row in self.db.rows_in(wanted, names.c.entity_id, entity_ids):
            found.setdefault(row.entity_id, set()).add(row.origin_id)
        return {key: frozenset(found[key]) for key in sorted(found)}

    def namings(self, keys: Iterable[str]) -> Sequence[Naming]:
        """What records say of names of which one is among the folded `keys`, by what, names and record."""
        table = register.namings
        found: dict[tuple[str, ...], Row[Any]] = {}
        for some in chunks(sorted(set(keys))):
            for row in self.db.rows(select(table).where(or_(table.c.key.in_(some), table.c.other.in_(some)))):
                found[row.what, row.key, row.other, row.record_id] = row
        return [_NAMING.noun(found[mark], evidence=_EVIDENCE.noun(found[mark])) for mark in sorted(found)]


def save_entities(
    db: Database,
    record_ids: Iterable[str],
    entities: Sequence[Entity],
    named: Sequence[Named],
    namings: Sequence[Naming],
) -> None:
    """Store entities, what `record_ids` name now (instead of what they named before), and what is said of names.

    What is known of a person who is not public loses its places in every record.
    """
    db.put(register.entities, [_ENTITY.row(entity, surname=_surname(entity)) for entity in entities])
    rows = [{"record_id": o.record_id, "entity_id": o.entity_id, "spans": _places(o.spans)} for o in named]
    db.replace_lists(register.entity_records, "record_id", record_ids, rows)
    hidden = [entity.id for entity in entities if not entity.public]
    table = register.entity_records
    for some in chunks(hidden):
        db.execute(update(table).where(table.c.entity_id.in_(some), table.c.spans != "").values(spans=""))
    db.put(register.namings, [_NAMING.row(one, **_EVIDENCE.row(one.evidence)) for one in namings])


def _surname(entity: Entity) -> str:
    """Folded last word of a public person's name; "" for everything else."""
    return entity.key.split()[-1] if entity.kind == "person" and entity.key else ""


def _places(spans: Sequence[Span]) -> str:
    """Spans as "start+length", blanks between: a tenth of what a row for each would take."""
    return " ".join(f"{span.start}+{span.end - span.start}" for span in spans)


def _spans(places: str) -> tuple[Span, ...]:
    pairs = (place.split("+") for place in places.split())
    return tuple(Span(int(start), int(start) + int(length)) for start, length in pairs)
