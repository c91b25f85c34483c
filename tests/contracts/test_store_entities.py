"""Store contract, entities: the register comes back whole, and forgets where it named whoever is not public."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from factories import NOW, make_evidence, make_record, sample_records
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from stored import everything, put

from pipeline.domain import Entity, Named, Naming, Origin, Span
from pipeline.entities import sighting
from pipeline.entities.enrolment import enrol
from pipeline.entities.registry import identity
from pipeline.errors import StoreError
from pipeline.protocols import Analysis, Store
from pipeline.stores import register


def make_entity(key: str = "northwind power", **overrides: object) -> Entity:
    base = Entity(
        id=identity(key),
        key=key,
        name=key.title(),
        kind="organisation",
        first_seen=NOW - timedelta(days=1),
        last_seen=NOW,
        origins=2,
        kinds={"organisation": 2},
        names={"Northwind": 1, "Northwind Power": 2},
        days=("2026-05-03", "2026-05-04"),
    )
    return dataclasses.replace(base, **overrides)


def make_person(**overrides: object) -> Entity:
    return make_entity("ada marlow", kind="person", roles=("mayor",), kinds={"person": 2}, names={}, **overrides)


def make_naming(**overrides: object) -> Naming:
    record = sample_records()[0]
    evidence = make_evidence(record, "Northwind Power")
    base = Naming("renamed", "eastwind", "northwind power", "Eastwind", "Northwind Power", "o1", NOW, evidence)
    return dataclasses.replace(base, **overrides)


def filled(store: Store) -> tuple[Entity, Entity]:
    """Two records that name a firm, one of them a person too."""
    put(store, *sample_records())
    first, second = (record.id for record in sample_records())
    firm, person = make_entity(), make_person()
    store.save_analysis(
        Analysis(
            (first, second),
            origins=(Origin("o" + first, (first,)), Origin("o" + second, (second,))),
            entities=(firm, person),
            named=(
                Named(first, firm.id, (Span(0, 15), Span(40, 55))),
                Named(second, firm.id, (Span(3, 18),)),
                Named(first, person.id, (Span(20, 30),)),
            ),
            namings=(make_naming(),),
        )
    )
    return firm, person


def test_the_register_comes_back_whole(store: Store) -> None:
    firm, person = filled(store)
    first, second = (record.id for record in sample_records())
    assert store.entities([firm.id, person.id, "unknown"]) == {
        one.id: one for one in sorted((firm, person), key=lambda e: e.id)
    }
    assert store.entities_seen(NOW) == sorted((firm, person), key=lambda one: one.id)
    assert store.entities_seen(NOW + timedelta(seconds=1)) == []
    assert store.bearers(["marlow", "power", ""]) == {"marlow": (person,)}
    assert {row.entity_id: row.spans for row in store.named([first])[first]} == {
        firm.id: (Span(0, 15), Span(40, 55)),
        person.id: (Span(20, 30),),
    }
    assert store.names_in([first, second, "unknown"]) == {
        first: tuple(sorted([(firm.id, firm.name), (person.id, person.name)])),
        second: ((firm.id, firm.name),),
    }
    assert store.voices([firm.id]) == {firm.id: frozenset({"o" + first, "o" + second})}
    assert store.namings(["eastwind"]) == store.namings(["northwind power"]) == [make_naming()]
    assert store.namings(["northwind"]) == []


def test_merged_entities_and_private_people_stand_in_no_list(store: Store) -> None:
    firm, person = filled(store)
    hidden = dataclasses.replace(person, key="", name="", roles=(), public=False)
    store.save_analysis(Analysis((), entities=(dataclasses.replace(firm, merged_into="n1"), hidden)))
    assert store.entities_seen(NOW) == []
    assert store.bearers(["marlow"]) == {}
    assert store.names_in(record.id for record in sample_records()) == {}
    assert store.entities([person.id])[person.id] == hidden
    first = sample_records()[0].id
    assert {row.spans for row in store.named([first])[first] if row.entity_id == person.id} == {()}


def test_what_a_record_names_is_replaced_with_its_new_version(store: Store) -> None:
    _, person = filled(store)
    first = sample_records()[0].id
    store.save_analysis(Analysis((first,), named=(Named(first, person.id, (Span(1, 2),)),)))
    assert store.named([first]) == {first: (Named(first, person.id, (Span(1, 2),)),)}


def test_a_naming_may_only_quote_what_its_record_holds(store: Store) -> None:
    put(store, *sample_records())
    before = everything(store)
    evidence = dataclasses.replace(make_naming().evidence, quote="Southwind Power")
    with pytest.raises(StoreError, match="quotes words that record"):
        store.save_analysis(Analysis((), namings=(make_naming(evidence=evidence),)))
    with pytest.raises(StoreError):
        store.save_analysis(Analysis((), named=(Named(sample_records()[0].id, "unknown"),)))
    assert everything(store) == before


def test_a_night_is_enrolled_once_and_a_second_time_adds_nothing(store: Store) -> None:
    bodies = [
        "Report\n\nShares of Globex fell in Ohio. Mayor Ada Marlow spoke.",
        "Other\n\nThe Ministry of Odd Walks (MOW) met. Globex rose.",
        "Third\n\nThe Ministry of Odd Walks (MOW) left. The network Y, formerly Chirper, fell.",
    ]
    records = [make_record(body, id=f"r{n}") for n, body in enumerate(bodies)]
    put(store, *records)
    origins = {record.id: "o" + record.id for record in records}
    held = {record.id: record for record in records}

    def once() -> Analysis:
        found = enrol(store, [sighting.read(record) for record in records], held, origins)
        return Analysis(
            tuple(held),
            origins=tuple(Origin("o" + key, (key,)) for key in held),
            entities=found.entities,
            named=found.named,
            namings=found.namings,
        )

    first = once()
    store.save_analysis(first)
    counts = {one.name: one.origins for one in store.entities_seen(NOW - timedelta(days=99))}
    assert (counts["Globex"], counts["Ministry of Odd Walks"], counts["Ada Marlow"]) == (2, 2, 1)
    again = once()
    assert again == first
    store.save_analysis(again)
    assert {one.name: one.origins for one in store.entities_seen(NOW - timedelta(days=99))} == counts


def test_a_later_night_counts_on_and_asks_by_tonights_names_alone(store: Store) -> None:
    for day in range(6):
        record = make_record(
            f"Day {day}\n\nYesterday we met Ada Marlow of Ohio there.", id=f"r{day}", publisher=f"P{day}", url=None
        )
        record = dataclasses.replace(record, published=NOW + timedelta(days=day), fetched=NOW + timedelta(days=day))
        put(store, record)
        found = enrol(store, [sighting.read(record)], {record.id: record}, {record.id: "o" + record.id})
        (person,) = [one for one in found.entities if one.kind == "person"]
        assert (person.origins, person.public) == (day + 1, day >= 4)
        store.save_analysis(
            Analysis(
                (record.id,),
                origins=(Origin("o" + record.id, (record.id,)),),
                entities=found.entities,
                named=found.named,
            )
        )
    spans = [row.spans for held in store.named(["r0", "r5"]).values() for row in held if row.entity_id == person.id]
    assert [bool(one) for one in spans] == [False, True]


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_the_tables_compile_in_both_dialects(dialect: object) -> None:
    for table in (register.entities, register.entity_records, register.namings):
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        assert all("CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
