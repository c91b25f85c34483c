"""The ledger of findings: what is told of two names, or of a name and a counted thing, in one relation.

A claim is entered under a few keys, "name|name|relation": the names it speaks of by pairs, and the kind of event (or
deal) it tells of; a claim with one name, under that name, the relation and what is counted. So a finding meets what
other storylines, and live stories, say of the same two parties, and nothing else is compared: the cost of a night grows
with its own claims. Disputes found this way stand in the findings of both sides.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import outcomes, outlets
from pipeline.claiming.assertions import Assertion, assertion, likeness
from pipeline.domain import Claim, Dispute, DisputeKind, Finding, FindingState, Record
from pipeline.findings import disputes
from pipeline.findings.disputes import FACT
from pipeline.language import names
from pipeline.origins.voices import Voice, revises, supersedes
from pipeline.protocols import Store

DAYS = 45  # how far back other storylines' claims are compared; what live stories cite is, however old it is
MOST = 12  # claims of one key that a new one is compared with, the newest first
_NAMES = 3  # names of a claim that it is entered under
_RELATIONS = 3
_DEAL = "deal"
_PARTIES = 2  # names that two storylines' claims share before they are held against each other
_ALIKE = 0.5  # and the share of their words that both have

Told = tuple[str, str, str]  # claim id, finding id, storyline id


def keys(one: Assertion) -> tuple[str, ...]:
    """The keys that a claim is entered under, sorted; none for a claim without a name or without a relation."""
    named = list(dict.fromkeys(one.about))[:_NAMES]
    relations = sorted(one.events | ({_DEAL} if outcomes.outcomes(one.claim.text) else set()))[:_RELATIONS]
    pairs = {tuple(sorted((a, b))) for at, a in enumerate(named) for b in named[at + 1 :] if a != b}
    if not pairs:
        counted = {amount.quantity.noun or amount.quantity.unit for amount in one.amounts} - {""}
        pairs = {(name, f"#{noun}") for name in named for noun in sorted(counted)[:2]}
    found = {f"{a}|{b}|{relation}" for a, b in pairs for relation in relations}
    if _DEAL in relations:
        found |= {f"{name}||{_DEAL}" for name in named}  # whoever the other party is said to be
    return tuple(sorted(found))


def entries(claims: Iterable[Claim]) -> dict[str, tuple[str, ...]]:
    """Claim id -> its keys, of those claims that have any."""
    found = {claim.id: keys(assertion(claim)) for claim in claims}
    return {claim: found[claim] for claim in sorted(found) if found[claim]}


def meetings(
    entered: Mapping[str, Sequence[str]], told: Mapping[str, Sequence[Told]], held: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Pairs of claim ids of different storylines that share a key, one of them of tonight; sorted, each once.

    `entered` are tonight's claims and their keys, `told` what the store has under these, `held` the storyline of each
    of tonight's claims.
    """
    under: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for claim in sorted(entered):
        for key in entered[claim] if claim in held else ():
            under[key].append((claim, held[claim]))
    found = set()
    for key in sorted(under):
        mine = under[key]
        others = [(claim, line) for claim, _, line in told.get(key, ()) if claim not in entered][:MOST]
        for at, (claim, line) in enumerate(mine):
            for other, elsewhere in [*others, *mine[max(0, at - MOST) : at]]:
                if elsewhere != line:
                    found.add((min(claim, other), max(claim, other)))
    return sorted(found)


def across(
    pairs: Sequence[tuple[str, str]], claims: Mapping[str, Claim], voices: Mapping[str, Voice]
) -> tuple[Dispute, ...]:
    """Disputes among pairs of claims of different storylines; an older figure that a newer replaces is in none.

    What grouping has kept apart is mostly two things, so two claims must all but name one: the ends of one deal
    between two parties, or what two speakers say on one day of two names, in like words.
    """
    found = []
    for one, other in pairs:
        a, b = assertion(claims[one]), assertion(claims[other])
        dispute = disputes.between(a, b)
        if dispute is None or FACT in (dispute.a_value, dispute.b_value) or dispute.kind is DisputeKind.ATTRIBUTION:
            continue  # a fact in one storyline may well be a possibility in another, and two may say one thing
        if not (_one_deal(a, b, dispute) or _one_thing(a, b)):
            continue
        older, newer = (a, b) if dispute.a == a.claim.id else (b, a)
        if not supersedes(newer, older, dispute, voices) and not revises(newer, older, voices):
            found.append(dispute)
    return tuple(found)


def _both_named(a: Assertion, b: Assertion) -> bool:
    """Whether two claims speak of two names that both have."""
    mine = [one for one in a.about if any(names.same(one, other) for other in b.about)]
    return len(set(mine)) >= _PARTIES


def _one_deal(a: Assertion, b: Assertion, dispute: Dispute) -> bool:
    """Whether two claims end a deal between the same two parties in two ways, however far apart they were told."""
    return dispute.kind is DisputeKind.STATUS and _both_named(a, b)


def _one_thing(a: Assertion, b: Assertion) -> bool:
    """Whether two claims of one day, each of a speaker, tell of the same two names in like words."""
    told = bool(a.claim.speaker and b.claim.speaker) and a.claim.published.date() == b.claim.published.date()
    return told and _both_named(a, b) and likeness(a, b)[0] >= _ALIKE


def disputed(findings: Iterable[Finding], found: Sequence[Dispute], now: datetime) -> tuple[Finding, ...]:
    """Those of `findings` that make a claim of a dispute, with it: contradicted, unless something took their place."""
    sides: dict[str, list[Dispute]] = defaultdict(list)
    for dispute in found:
        sides[dispute.a].append(dispute)
        sides[dispute.b].append(dispute)
    changed = []
    for finding in findings:
        fresh = {told for claim in finding.claim_ids for told in sides.get(claim, ()) if told not in finding.disputes}
        if fresh:
            every = tuple(sorted({*finding.disputes, *fresh}, key=lambda one: (one.kind, one.a, one.b)))
            one = dataclasses.replace(finding, disputes=every)
            if finding.state not in (FindingState.SUPERSEDED, FindingState.CONTRADICTED):
                one = dataclasses.replace(one, state=FindingState.CONTRADICTED, since=now)
            changed.append(one)
    return tuple(changed)


@dataclass(frozen=True, slots=True)
class Tonight:
    """Tonight's claims by id, the storyline of each claim (`held`), whose each is, and what each is entered under."""

    claims: Mapping[str, Claim]
    held: Mapping[str, str]
    voices: Mapping[str, Voice]
    entries: Mapping[str, tuple[str, ...]]


def _told_by(claim: Claim, records: Mapping[str, Record]) -> Voice:
    """Whose a claim of an earlier night is; its origin is not asked for again."""
    record = records.get(claim.record_id)
    return Voice(claim.record_id, outlets.voice(record) if record else "")


def cross(
    store: Store, settled: Mapping[str, Finding], tonight: Tonight, now: datetime
) -> tuple[Mapping[str, Finding], Mapping[str, tuple[str, ...]]]:
    """`settled` and the findings of other storylines with the disputes across them, and what to enter for tonight.

    `settled` are the findings that tonight changed, by id. Raises StoreError.
    """
    entered = {claim: tonight.entries[claim] for claim in sorted(tonight.claims) if claim in tonight.entries}
    told = store.told_of(sorted({key for found in entered.values() for key in found}), since=now - timedelta(days=DAYS))
    pairs = meetings(entered, told, tonight.held)
    if not pairs:
        return settled, entered
    ids = {claim for pair in pairs for claim in pair}
    claims = {**store.claims(ids - tonight.claims.keys()), **tonight.claims}
    records = store.records(sorted({claim.record_id for key, claim in claims.items() if key not in tonight.voices}))
    known = {claim.id: tonight.voices.get(claim.id) or _told_by(claim, records) for claim in claims.values()}
    found = across([pair for pair in pairs if pair[0] in claims and pair[1] in claims], claims, known)
    if not found:
        return settled, entered
    sides = {side for dispute in found for side in (dispute.a, dispute.b)}
    lines = {line for rows in told.values() for claim, _, line in rows if claim in sides}
    every = {finding.id: finding for finding in store.findings(sorted(lines))} | dict(settled)
    return {**settled, **{one.id: one for one in disputed([every[key] for key in sorted(every)], found, now)}}, entered
