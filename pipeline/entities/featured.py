"""Which entities the claims of an edition name, and in which of them: what entity pages rest on.

A claim names an entity where its words hold a place at which the register saw one in their record, so a surname counts
for the person whom the record names in full. What the register keeps back (people who are not public, of whom it has
no places) never comes back from here; nor do pairs and sides that a hyphen makes of names ("India-Pakistan", "pro-EU").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.domain import Claim, Entity, Named, Naming
from pipeline.edition import Featured
from pipeline.entities.registry import identity

_STEPS = 4  # merges that are followed: the register writes them in one step, so this is enough for any store
_AT_ONCE = 2_000  # records whose names are in memory together
_COMMON, _LEAST = 10, 2  # a word is no name where one origin in so many, and so many at least, write it small, too
# What a firm is called in full and not again: "Corvane" in an article that began with "Corvane Systems".
_SUFFIXES = frozenset(
    "systems group holdings technologies industries international motors energy pharmaceuticals semiconductor "
    "semiconductors networks games studios entertainment media news bank capital partners airlines foods labs "
    "laboratories software solutions electronics aerospace brands resources television".split()
)
_SIDES = frozenset("anti pro non pan ex post pre mid neo".split())


class Register(Protocol):
    """What is asked of the register (pipeline/protocols/storing.py)."""

    def entities(self, ids: Iterable[str]) -> Mapping[str, Entity]: ...
    def named(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Named, ...]]: ...
    def namings(self, keys: Iterable[str]) -> Sequence[Naming]: ...


def featured(claims: Mapping[str, Claim], register: Register) -> Featured:
    """The public entities that `claims` name, and what records say of their names."""
    return public(_named(claims, register), register)


def public(where: Mapping[str, Iterable[str]], register: Register) -> Featured:
    """The public entities among those that claims name, and what records say of their names.

    `where`: entity id -> ids of claims in whose words the register saw it.
    """
    known = register.entities(sorted(where))
    entities = {key: one for key, one in sorted(_with_heirs(known, register).items()) if one.public and one.key}
    out = _compounds(entities.values(), register)
    found = Featured(_folded({key: one for key, one in entities.items() if key not in out and not common(one)}))
    claimed: dict[str, set[str]] = defaultdict(set)
    for key in sorted(where):
        if key in found.entities and (now := found.now(key)) in found.entities:
            claimed[now].update(where[key])
    keys = sorted(one.key for key, one in found.entities.items() if found.now(key) in claimed)
    told = tuple(n for n in register.namings(keys) if {identity(n.key), identity(n.other)} <= found.entities.keys())
    return Featured(found.entities, {key: tuple(sorted(claimed[key])) for key in sorted(claimed)}, told)


def common(one: Entity) -> bool:
    """Whether a name is a common noun with a capital letter, by how the records that name it write the word."""
    return " " not in one.key and one.kind != "person" and one.small >= max(_LEAST, one.origins / _COMMON)


def _folded(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """`entities`, those that shorten the full name of one other firm counted for that, where it is known as well."""
    found = dict(entities)
    longer: dict[str, list[Entity]] = defaultdict(list)
    for one in entities.values():
        short, _, last = one.key.rpartition(" ")
        if last in _SUFFIXES and one.kind == "organisation" and not one.merged_into:
            longer[identity(short)].append(one)
    for key, full in longer.items():
        brief = entities.get(key)
        if brief is None or len(full) > 1 or brief.kind != "organisation" or brief.merged_into:
            continue
        if 2 * full[0].origins >= brief.origins:
            found[key] = replace(brief, merged_into=full[0].id)
    return found


def _named(claims: Mapping[str, Claim], register: Register) -> dict[str, set[str]]:
    """Entity id -> the claims in whose words the register saw it."""
    found: dict[str, set[str]] = defaultdict(set)
    records = sorted({claim.record_id for claim in claims.values()})
    for start in range(0, len(records), _AT_ONCE):
        named = register.named(records[start : start + _AT_ONCE])
        for key, hits in places_named(claims, named).items():
            found[key].update(hits)
    return found


def places_named(claims: Mapping[str, Claim], named: Mapping[str, Iterable[Named]]) -> dict[str, tuple[str, ...]]:
    """Entity id -> the claims in whose words it was seen; `named`: record id -> what was seen in it, and where."""
    by_record: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims.values():
        by_record[claim.record_id].append(claim)
    found: dict[str, set[str]] = defaultdict(set)
    for record_id, seen in named.items():
        for one in seen:
            found[one.entity_id].update(claim.id for claim in by_record[record_id] if _within(one, claim))
    return {key: tuple(sorted(found[key])) for key in sorted(found) if found[key]}


def _within(named: Named, claim: Claim) -> bool:
    """Whether the entity stands in the words that the claim rests on."""
    spans = [(one.start, one.end) for one in claim.evidence if one.record_id == named.record_id]
    return any(start <= place.start and place.end <= end for place in named.spans for start, end in spans)


def _compounds(entities: Iterable[Entity], register: Register) -> set[str]:
    """The ids of those that are a side or a pair of others: "anti-" something, or two things better known than both."""
    sides: set[str] = set()
    pairs: dict[str, tuple[Entity, tuple[str, str]]] = {}
    for one in entities:
        first, _, rest = one.name.casefold().replace("–", "-").partition("-")
        if not rest or " " in one.name:
            continue
        if first in _SIDES and one.kind != "concept":
            sides.add(one.id)
        pairs[one.id] = (one, (identity(first), identity(rest)))
    halves = register.entities(sorted({half for _, both in pairs.values() for half in both}))
    for key, (one, both) in pairs.items():
        if all(half in halves and halves[half].origins > one.origins for half in both):
            sides.add(key)
    return sides


def _with_heirs(entities: Mapping[str, Entity], register: Register) -> dict[str, Entity]:
    """`entities` and what they were found to be the same as."""
    found = dict(entities)
    for _ in range(_STEPS):
        more = {one.merged_into for one in found.values() if one.merged_into} - found.keys()
        if not more:
            break
        found |= register.entities(sorted(more))
    return found
