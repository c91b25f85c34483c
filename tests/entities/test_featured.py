"""Whom the claims of an edition name: by where the register saw them, and nobody whom it keeps back."""

import dataclasses
from datetime import UTC, datetime

from factories import make_claim, make_record

from pipeline.domain import Entity, Named, Span
from pipeline.entities.featured import featured, public
from pipeline.entities.registry import identity

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
TEXT = "Corvane asks for power. Lie, a neighbour, objects. Corvane-Tarn ties are anti-Corvane in mood."
RECORD = make_record(TEXT)


def entity(name, kind="organisation", origins=9, **more):
    key = name.casefold()
    base = Entity(identity(key), key, name, kind, NOW, NOW, origins, names={name: origins})
    return dataclasses.replace(base, **more)


class Register:
    """A register of `known` entities that one record names wherever their name stands in it."""

    def __init__(self, *known, hidden=()):
        self.known = {one.id: one for one in known}
        self.hidden = set(hidden)

    def entities(self, ids):
        return {key: self.known[key] for key in ids if key in self.known}

    def named(self, record_ids):
        assert list(record_ids) == [RECORD.id]
        seen = []
        for one in self.known.values():
            at = TEXT.find(one.name)
            spans = () if one.id in self.hidden or at < 0 else (Span(at, at + len(one.name)),)
            seen.append(Named(RECORD.id, one.id, spans))
        return {RECORD.id: tuple(seen)}

    def namings(self, keys):
        assert list(keys) == sorted(keys)
        return []


def claims(*quotes):
    return {one.id: one for one in (make_claim(RECORD, quote) for quote in quotes)}


FIRST, SECOND, THIRD = "Corvane asks for power.", "Lie, a neighbour, objects.", TEXT[51:]


def test_a_claim_names_what_stands_in_its_own_words():
    corvane = entity("Corvane")
    found = featured(made := claims(FIRST, SECOND), Register(corvane))
    first = next(one for one in made.values() if one.text == FIRST)
    assert found.claims == {corvane.id: (first.id,)}


def test_who_is_not_public_is_left_out_even_with_places():
    neighbour = entity("Lie", "person", public=False, key="", names={})
    found = featured(claims(FIRST, SECOND), Register(entity("Corvane"), neighbour))
    assert neighbour.id not in found.entities
    assert neighbour.id not in found.claims


def test_what_was_merged_counts_for_its_heir():
    heir = entity("Corvane Systems")
    found = featured(claims(FIRST), Register(heir, entity("Corvane", merged_into=heir.id)))
    assert list(found.claims) == [heir.id]
    assert found.now(identity("corvane")) == heir.id


def test_a_circle_of_merges_ends():
    one, two = entity("Corvane"), entity("Lie")
    ring = Register(dataclasses.replace(one, merged_into=two.id), dataclasses.replace(two, merged_into=one.id))
    assert featured(claims(FIRST), ring).now(one.id) in {one.id, two.id}


def test_sides_and_pairs_are_no_names_of_their_own():
    pair, side = entity("Corvane-Tarn", origins=3), entity("anti-Corvane")
    found = featured(claims(THIRD), Register(entity("Corvane"), entity("Tarn"), pair, side))
    assert {found.entities[key].name for key in found.claims} <= {"Corvane", "Tarn"}
    kept = entity("Corvane-Tarn", origins=30)  # better known than its halves: a name
    assert kept.id in featured(claims(THIRD), Register(entity("Corvane"), entity("Tarn"), kept)).claims


def test_what_is_listed_leaves_with_everything_that_became_it():
    heir = entity("Corvane Systems")
    found = featured(claims(FIRST), Register(heir, entity("Corvane", merged_into=heir.id)))
    left = found.without(lambda text: "Systems" in text)
    assert not left.entities
    assert not left.claims


def test_a_common_noun_with_a_capital_letter_is_no_name():
    noun = entity("Corvane", origins=20, small=2)
    assert not featured(claims(FIRST), Register(noun)).claims
    for kept in (entity("Corvane", origins=21, small=2), entity("Corvane", origins=3, small=1)):
        assert kept.id in featured(claims(FIRST), Register(kept)).claims


def test_a_short_name_counts_for_the_only_firm_whose_full_name_it_begins():
    brief, full = entity("Corvane", origins=9), entity("Corvane Systems", origins=5)
    both = {one.id: one for one in (brief, full)}
    assert featured_of(both).now(brief.id) == full.id
    rare = dataclasses.replace(full, origins=4)
    assert featured_of({**both, full.id: rare}).now(brief.id) == brief.id
    other = entity("Corvane Games", origins=5)
    assert featured_of({**both, other.id: other}).now(brief.id) == brief.id
    place = dataclasses.replace(brief, kind="place")
    assert featured_of({**both, brief.id: place}).now(brief.id) == brief.id


def featured_of(entities):
    """What the edition holds of these, all named by one claim."""
    register = Register(*entities.values())
    return public(dict.fromkeys(entities, ("c1",)), register)
