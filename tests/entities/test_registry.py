"""The register: one id whatever the spelling, no two people put together, nobody private profiled, any order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest
from factories import NOW, make_record
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import Entity, Naming, Record
from pipeline.entities import registry, sighting
from pipeline.entities.registry import Known, Registered, identity


def texts(*bodies: str, days: int = 1) -> list[Record]:
    """Records of these words, one a day for `days` days, then from the first day again."""
    return [
        make_record(body, id=f"r{n:03}", published=NOW - timedelta(days=n % days), fetched=NOW)
        for n, body in enumerate(bodies)
    ]


def night(records: Sequence[Record], known: Known | None = None, origins: dict[str, str] | None = None) -> Registered:
    seen = [sighting.read(record) for record in records]
    held = {record.id: record for record in records}
    mine = origins or {}
    return registry.register(seen, held, mine, registry.said(seen, held, mine), known or Known())


def carried(before: Registered, records: Sequence[Record], namings: Sequence[Naming] = ()) -> Known:
    """What a store would hold after one night (every record its own origin)."""
    voices: dict[str, set[str]] = {}
    for one in before.named:
        voices.setdefault(one.entity_id, set()).add(one.record_id)
    surnames: dict[str, tuple[Entity, ...]] = {}
    for one in before.entities:
        if one.kind == "person" and one.public:
            surnames[one.key.split()[-1]] = (*surnames.get(one.key.split()[-1], ()), one)
    return Known(
        entities={one.id: one for one in before.entities},
        namings=(*before.namings, *namings),
        bearers=surnames,
        voices={key: frozenset(found) for key, found in voices.items()},
    )


def called(found: Registered) -> dict[str, Entity]:
    return {one.name: one for one in found.entities if one.public}


def test_spellings_of_one_name_are_one() -> None:
    found = night(texts("Shares of Open Lab rose.", "Shares of OpenLab rose.", "Shares of OpenLab, Inc. rose."))
    (one,) = found.entities
    assert (one.origins, one.kind) == (3, "organisation")
    assert {row.entity_id for row in found.named} == {one.id}
    assert len(found.named) == 3


def test_copies_of_one_origin_count_once() -> None:
    records = texts("Shares of Globex rose.", "Shares of Globex rose again.")
    (one,) = night(records, origins={"r000": "o1", "r001": "o1"}).entities
    assert one.origins == 1


def test_two_people_of_one_surname_are_never_put_together() -> None:
    found = night(
        texts("Mayor Ada Marlow left.", "Senator John Marlow left.", "Then Marlow said so.", "Mr. Marlow left.")
    )
    assert sorted(called(found)) == ["Ada Marlow", "John Marlow"]
    assert {row.record_id for row in found.named} == {"r000", "r001"}


def test_a_bare_surname_with_its_office_is_the_only_public_person_who_holds_it() -> None:
    first = texts("Yesterday Mayor Ada Marlow left.", "Yesterday Senator John Marlow left.")
    known = carried(night(first), first)
    later = [
        make_record("Yesterday Mayor Marlow spoke.", id="r9"),
        make_record("Yesterday Judge Marlow spoke.", id="r8"),
    ]
    found = night(later, known)
    assert [(row.record_id, row.entity_id) for row in found.named] == [("r9", identity("ada marlow"))]


def test_a_name_without_a_kind_counts_once_its_kind_is_known() -> None:
    assert night(texts("Yesterday Brannock grew.")).entities == ()
    found = night(texts("Yesterday Brannock grew.", "Shares of Brannock fell."))
    assert called(found)["Brannock"].origins == 2


@pytest.mark.parametrize(
    ("bodies", "days", "public"),
    [
        (["Yesterday Mayor Ada Marlow left."], 1, True),
        (["Yesterday we met Ada Marlow there."], 1, False),
        ([f"Yesterday {n} friends met Ada Marlow there." for n in range(9)], 1, False),
        ([f"Yesterday {n} friends met Ada Marlow there." for n in range(2)], 2, False),
        ([f"Yesterday {n} friends met Ada Marlow there." for n in range(4)], 4, False),
        ([f"Yesterday {n} friends met Ada Marlow there." for n in range(5)], 3, True),
        ([f"It was {n} days after Ada Marlow was charged there." for n in range(9)], 5, False),
        ([f"It was {n} days after the murder of Ada Marlow there." for n in range(9)], 5, False),
        ([f"It was {n} days after Ada Marlow, 14, went there." for n in range(9)], 5, False),
        (["Yesterday Princess Ada Marlow, 14, went there."] * 9, 5, False),
        (["The murder of Mayor Ada Marlow is told there."], 1, True),
    ],
)
def test_who_is_public(bodies: list[str], days: int, public: bool) -> None:
    found = night(texts(*bodies, days=days))
    (one,) = [entity for entity in found.entities if entity.kind == "person"]
    assert one.public is public
    assert public or (one.key, one.name, dict(one.names), one.roles) == ("", "", {}, ())
    assert all(bool(row.spans) is public for row in found.named if row.entity_id == one.id)
    assert "marlow" not in repr(one).lower() or public


def test_five_articles_of_one_outlet_make_nobody_public_on_any_night() -> None:
    records = texts(*(f"Yesterday {n} friends met Ada Marlow there." for n in range(8)), days=4)
    one_voice = {record.id: "outlet kite" for record in records}
    held = Known(tellers=one_voice)
    for some in (records[:3], records[3:7]):
        (one,) = night(some, held).entities
        assert (one.public, len(one.voices)) == (False, 1)
        held = Known(entities={one.id: one}, tellers=one_voice)
    assert one.origins == 7
    four = {record.id: f"outlet {n % 4}" for n, record in enumerate(records)}
    assert not night(records, Known(tellers=four)).entities[0].public
    assert night(records, Known(tellers=four | {"r007": "outlet 5"})).entities[0].public


def test_a_short_form_that_one_outlet_defines_twice_is_its_own() -> None:
    records = texts(*("The Ministry of Odd Walks (MOW) met today." for _ in range(2)), "They asked the MOW today.")
    tellers = {"r000": "outlet kite", "r001": "outlet kite"}
    assert len(night(records).entities) == 1
    assert len(night(records, Known(tellers=tellers)).entities) == 2


def test_no_number_of_records_that_cannot_be_judged_makes_a_person_public() -> None:
    bodies = [f"Gestern sah Ada Marlow die {n} Orte." for n in range(6)]
    strange = [dataclasses.replace(record, lang="de") for record in texts(*bodies, days=5)]
    (one,) = [entity for entity in night(strange).entities if entity.kind == "person"]
    assert (one.public, one.days, one.origins) == (False, (), 6)


def test_a_person_whom_a_later_record_calls_a_minor_is_forgotten() -> None:
    first = texts("Yesterday Singer Ada Marlow left.")
    assert called(night(first))
    (one,) = night([make_record("Yesterday Ada Marlow, 14, left.", id="r9")], carried(night(first), first)).entities
    assert (one.public, one.name) == (False, "")


def test_a_short_form_needs_two_origins_that_define_it_alike() -> None:
    defined = "The Ministry of Odd Walks (MOW) met today."
    bare = "They asked the MOW today."
    once = night(texts(defined, bare))
    assert len(once.entities) == 2
    twice = night(texts(defined, bare, "Then the Ministry of Odd Walks (MOW) rose."))
    (one,) = twice.entities
    assert (one.origins, one.key) == (3, "ministry of odd walks")
    rival = night(texts(defined, bare, "Ministry of Odd Walks (MOW) met.", "The Museum of Old Wool (MOW) met."))
    assert len(rival.entities) == 3


def test_two_entries_found_to_be_one_keep_both_ids_and_the_older_counts_on() -> None:
    first = texts("They asked the MOW yesterday.")
    known = carried(night(first), first)
    old = identity("mow")
    later = [
        make_record(f"The Ministry of Odd Walks (MOW) met {n} times.", id=f"r{n}", published=NOW, fetched=NOW)
        for n in range(7, 9)
    ]
    found = night(later, known)
    assert [one.id for one in found.entities] == [old]
    assert (found.entities[0].origins, found.entities[0].key) == (3, "mow")

    apart = texts("They asked the MOW yesterday.", "The Ministry of Odd Walks met yesterday.", days=2)
    known = carried(night(apart), apart)
    full = identity("ministry of odd walks")
    again = {one.id: one for one in night(later, known).entities}
    assert (again[old].merged_into, again[full].merged_into) == (full, None)
    assert again[full].origins == 4


def test_renames_are_kept_with_their_words_and_change_no_entity() -> None:
    body = "Shares of Chirper, now Yonder, fell {}."
    found = night(texts(body.format("once"), body.format("twice")))
    assert {one.key: one.merged_into for one in found.entities} == {"chirper": None}
    assert [(n.what, n.key, n.other, n.evidence.quote) for n in found.namings] == [
        ("renamed", "chirper", "yonder", "Chirper, now Yonder")
    ] * 2
    assert registry.successors(found.namings, {})["chirper"].at == NOW
    assert registry.successors(found.namings[:1], {}) == {}
    assert registry.successors(found.namings, {"r000": "outlet kite", "r001": "outlet kite"}) == {}
    rival = night(texts(body.format("once"), body.format("twice"), "Chirper, now Zephyr, fell.")).namings
    assert registry.successors(rival, {}) == {}


BODIES = [
    "Yesterday Mayor Ada Marlow left Ohio.",
    "Yesterday we met Ada Marlow and Shares of Brannock fell.",
    "Yesterday Brannock grew, said Marlow.",
    "The Ministry of Odd Walks (MOW) met.",
    "Later the Ministry of Odd Walks (MOW) rose.",
    "They asked the MOW and Chirper, now Yonder, today.",
    "Then Open Lab and OpenLab and the US fell.",
]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(BODIES))))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    records = texts(*BODIES, days=3)
    assert night([records[n] for n in order]) == night(records)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(BODIES), max_size=6), st.lists(st.sampled_from(BODIES), max_size=6))
def test_counts_never_fall_and_ids_stay(first: list[str], second: list[str]) -> None:
    one = night(texts(*first))
    known = carried(one, [])
    later = [make_record(body, id=f"s{n:03}", published=NOW, fetched=NOW) for n, body in enumerate(second)]
    after = {entity.id: entity for entity in night(later, known).entities}
    for entity in one.entities:
        if entity.id in after and not after[entity.id].merged_into:
            assert after[entity.id].origins >= entity.origins
            assert after[entity.id].first_seen <= entity.first_seen <= entity.last_seen <= after[entity.id].last_seen


def test_origins_that_write_a_name_small_as_well_are_counted() -> None:
    first = night(texts("Microsoft unveiled Windows. Broken windows were seen.", "Microsoft sells Windows to many."))
    assert {one.name: one.small for one in first.entities} == {"Microsoft": 0, "Windows": 1}
    later = [make_record("Microsoft repairs Windows; no windows broke.", id="r9", published=NOW, fetched=NOW)]
    again = called(night(later, carried(first, [])))
    assert (again["Windows"].small, again["Windows"].origins) == (2, 3)
    counted = night(later, dataclasses.replace(carried(first, []), counted=frozenset({(again["Windows"].id, "r9")})))
    assert called(counted)["Windows"].small == 1, "an origin counts once"
    shouted = night(texts("Microsoft sold RAM on Monday, not a ram.", "Microsoft sells RAM."))
    assert not any(one.small for one in shouted.entities)
