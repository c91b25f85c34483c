"""Dossiers: what the writer may see of one storyline, or of a beat's related storylines, read from the store.

A beat whose storylines are all told by one origin each can still make one story: storylines of the beat that share
two or more names are told together, under the oldest of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline import outlets
from pipeline.barred import Barred, allowed
from pipeline.domain import Claim, Dossier, Finding, Record, Signal, Story, Storyline
from pipeline.protocols import Store

NO_BEAT = "General"
_COMMON = 0.5  # share of the candidates beyond which a name relates nothing
_CITED = 0.33  # share of a story's cited records that makes a beat its own
_SHARED = 2  # names that related storylines have in common


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the write stage reads of tonight's candidates, in a few questions to the store."""

    records: Mapping[str, Record]
    claims: Mapping[str, Claim]
    record_origins: Mapping[str, str]
    findings: Mapping[str, tuple[Finding, ...]]
    beats: Mapping[str, tuple[str, ...]]

    def origins(self, storyline: Storyline) -> frozenset[str]:
        """Ids of the origins that count of a storyline's claims: two articles of one outlet are no two sources."""
        return frozenset(self.counts_as(storyline).values())

    def counts_as(self, storyline: Storyline) -> Mapping[str, str]:
        """Origin of a storyline's claims -> the origin that it counts as."""
        claims = sorted(self._claims(storyline), key=lambda c: (c.published, c.id))
        told = [(self.origin(c), self.records[c.record_id]) for c in claims if c.record_id in self.records]
        voices = outlets.tellers(told, self.records)
        return outlets.counts_as((origin, voices.get(origin, "")) for origin in map(self.origin, claims))

    def origin(self, claim: Claim) -> str:
        """Origin of a claim: its own where it was taken over from another source, else its record's."""
        return claim.origin_id or self.record_origins.get(claim.record_id, claim.record_id)

    def entities(self, storyline: Storyline) -> frozenset[str]:
        """Names in a storyline's claims."""
        return frozenset(e for c in self._claims(storyline) for e in c.entities)

    def beat_share(self, storyline: Storyline, beat: str) -> float:
        """Share of a storyline's records that belong to `beat`."""
        known = [r for r in storyline.record_ids if r in self.records]
        return sum(beat in self.beats.get(r, ()) for r in known) / len(known) if known else 0.0

    def _claims(self, storyline: Storyline) -> list[Claim]:
        return [self.claims[c] for c in storyline.claim_ids if c in self.claims]


def gather(store: Store, storylines: Sequence[Storyline], *, findings: bool = True) -> Material:
    """The material of `storylines`, without what corrections keep out (pipeline/barred.py).

    Without `findings` these are read only where a correction may keep a claim out for what another claim asserts.
    """
    barred = Barred.of(store.corrections())
    record_ids = sorted({r for s in storylines for r in s.record_ids})
    claims = store.claims(sorted({c for s in storylines for c in s.claim_ids}))
    origins = store.origins_of(record_ids)
    first = {*origins.values(), *(c.origin_id for c in claims.values() if c.origin_id)}  # whose voice an origin has
    found: dict[str, list[Finding]] = {}
    for finding in store.findings([s.id for s in storylines]) if findings or barred else ():
        found.setdefault(finding.storyline_id, []).append(finding)
    left = allowed(
        barred,
        store.records(sorted({*record_ids, *first})),
        claims,
        {key: tuple(value) for key, value in found.items()},
        lambda claim: claim.origin_id or origins.get(claim.record_id, claim.record_id),
    )
    return Material(
        records=left.records,
        claims=left.claims,
        record_origins=origins,
        findings=left.findings,
        beats=store.record_beats(record_ids),
    )


def main_beat(storyline: Storyline, material: Material) -> str:
    """The beat that most of a storyline's records belong to; the storyline's own order breaks ties."""
    if not storyline.beats:
        return NO_BEAT
    shares = [(-material.beat_share(storyline, beat), i, beat) for i, beat in enumerate(storyline.beats)]
    return min(shares)[2]


def cited_beats(cited: Sequence[str], line: Storyline, material: Material, beat: str) -> tuple[str, ...]:
    """Beats of a story from the records that it cites: those of at least a third of them, the commonest first.

    Ties go to `beat`, under which it was told, then to the storyline's order. A story none of whose cited records has
    a beat is filed under none, whatever the rest of its storyline is about.
    """
    counts = Counter(found for key in cited for found in material.beats.get(key, ()))
    order = {name: place for place, name in enumerate(dict.fromkeys((beat, *line.beats)))}
    ranked = sorted(counts, key=lambda name: (-counts[name], order.get(name, len(order)), name))
    return tuple(name for name in ranked if counts[name] >= _CITED * len(cited)) or (NO_BEAT,)


def dossier(
    store: Store,
    storyline: Storyline,
    material: Material,
    *,
    beat: str,
    now: datetime,
    history: Sequence[Story],
    lang: str | None = None,
) -> Dossier:
    """The dossier of `storyline`: only the claims whose evidence is the current text of a record at hand."""
    records = {r: material.records[r] for r in storyline.record_ids if r in material.records}
    claims = {}
    for claim_id in storyline.claim_ids:
        claim = material.claims.get(claim_id)
        record = records.get(claim.record_id) if claim else None
        if claim and record and claim.evidence[0].content_hash == record.content_hash:
            claims[claim_id] = claim
    counted = material.counts_as(storyline)
    return Dossier(
        storyline=storyline,
        beat=beat,
        records=records,
        claims=claims,
        origins={c.id: counted[material.origin(c)] for c in claims.values()},
        findings=material.findings.get(storyline.id, ()),
        signals=fired(store, storyline.id, now),
        previous=history[-1] if history else None,
        history=tuple(history),
        now=now,
        lang=lang,
        held=tuple(item for item in store.held_items() if item.decisions),
    )


def fired(store: Store, subject: str, now: datetime) -> tuple[Signal, ...]:
    """Signals of `subject` from the last day, held ones included."""
    return tuple(store.signals(subject=subject, since=now - timedelta(days=1)))


def related(storylines: Sequence[Storyline], material: Material) -> tuple[tuple[Storyline, ...], ...]:
    """Groups of two or more storylines that share at least two names which are not everywhere; largest first."""
    named = {s.id: material.entities(s) for s in storylines}
    counts = Counter(e for entities in named.values() for e in entities)
    limit = max(2.0, _COMMON * len(storylines)) if len(storylines) > 4 else float(len(storylines))
    telling = {s: frozenset(e for e in entities if 1 < counts[e] <= limit) for s, entities in named.items()}
    groups: list[list[Storyline]] = []
    for storyline in sorted(storylines, key=lambda s: (s.founded, s.id)):
        touching = [g for g in groups if any(len(telling[storyline.id] & telling[o.id]) >= _SHARED for o in g)]
        merged = [storyline, *(o for g in touching for o in g)]
        groups = [g for g in groups if g not in touching]
        groups.append(sorted(merged, key=lambda s: (s.founded, s.id)))
    large = [tuple(g) for g in groups if len(g) > 1]
    return tuple(sorted(large, key=lambda g: (-len(g), g[0].id)))


def joined(group: Sequence[Storyline], beat: str) -> Storyline:
    """Several storylines told as one, under the id and label of the oldest."""
    first = group[0]
    return replace(
        first,
        label=first.label or beat,
        claim_ids=_merged(s.claim_ids for s in group),
        record_ids=_merged(s.record_ids for s in group),
        updated=max(s.updated for s in group),
    )


def joined_material(group: Sequence[Storyline], material: Material) -> Material:
    """`material` with all findings of the group under the id of its first storyline."""
    findings = tuple(f for s in group for f in material.findings.get(s.id, ()))
    return replace(material, findings={**material.findings, group[0].id: findings})


def _merged(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for one in lists for item in one))
