"""Which entities the claims of an edition name, and in which of them: what entity pages rest on.

A claim holds the folded names that stand in its words; the register says whose they are. What the register keeps back
(people who are not public) never comes back from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pipeline.domain import Claim, Entity, Naming
from pipeline.edition import Featured
from pipeline.entities.registry import identity

_STEPS = 4  # merges that are followed: the register writes them in one step, so this is enough for any store


def featured(
    claims: Mapping[str, Claim],
    known: Callable[[Iterable[str]], Mapping[str, Entity]],
    said: Callable[[Iterable[str]], Iterable[Naming]],
) -> Featured:
    """What `claims` name. `known` gives entities by id, `said` what records say of folded names (both: the store)."""
    named: dict[str, list[str]] = {}
    for claim_id in sorted(claims):
        for key in dict.fromkeys(claims[claim_id].entities):
            named.setdefault(key, []).append(claim_id)
    ids = {key: identity(key) for key in sorted(named)}
    entities = _with_heirs(known(sorted(set(ids.values()))), known)
    public = Featured({key: one for key, one in sorted(entities.items()) if one.public and one.key})
    claimed: dict[str, set[str]] = {}
    for key, where in named.items():
        if ids[key] in public.entities and (now := public.now(ids[key])) in public.entities:
            claimed.setdefault(now, set()).update(where)
    keys = sorted(one.key for key, one in public.entities.items() if public.now(key) in claimed)
    told = tuple(
        one for one in said(keys) if identity(one.key) in public.entities and identity(one.other) in public.entities
    )
    return Featured(public.entities, {key: tuple(sorted(claimed[key])) for key in sorted(claimed)}, told)


def _with_heirs(
    entities: Mapping[str, Entity], known: Callable[[Iterable[str]], Mapping[str, Entity]]
) -> dict[str, Entity]:
    """`entities` and what they were found to be the same as."""
    found = dict(entities)
    for _ in range(_STEPS):
        more = {one.merged_into for one in found.values() if one.merged_into} - found.keys()
        if not more:
            break
        found |= known(sorted(more))
    return found
