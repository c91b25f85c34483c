"""Candidates: the storylines that could have a story tonight, each with its material, its beat and its ranking sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain import Signal, Storyline
from pipeline.newsroom import ranking
from pipeline.newsroom.dossiers import Material, gather, joined, joined_material, main_beat, related
from pipeline.protocols import Store
from pipeline.settings import Settings

CHANGED_WITHIN = timedelta(hours=20)  # less than a night: what last night left untold is no news of tonight
_AT_ONCE = 5000  # storylines whose records and claims are held together: more than a usual night changes
_LOOKED_AT = 1000  # where there are more, so many are looked at together to see which of them count
MOST_SHORT = 200  # storylines of too few origins that a night's ranking keeps, best first


@dataclass(frozen=True, slots=True)
class Candidate:
    """A storyline, or several of a beat told as one, with its rank.

    `family`: the storyline that it and its like have split from, itself where it split from none. `signals`: tonight's,
    held ones too.
    """

    storyline: Storyline
    material: Material
    beat: str
    rank: Mapping[str, float]
    origins: int
    family: str
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Tonight:
    """All that was ranked, best first: candidates, and storylines of too few origins that a signal speaks of."""

    ready: tuple[Candidate, ...]
    short: tuple[Candidate, ...]


def candidates(store: Store, settings: Settings, now: datetime) -> Tonight:
    """Storylines that changed, by whether they have enough origins; a beat without one may join related ones."""
    changed = [s for s in store.storylines(updated_since=now - CHANGED_WITHIN) if s.merged_into is None]
    signals, least = _by_subject(store, now), settings.write.min_origins
    some = changed if len(changed) <= _AT_ONCE else _promising(store, changed, signals, least)
    weighing = _Weighing(settings, gather(store, some), signals, _families(store, changed), now)
    material = weighing.material
    ready = [s for s in some if len(material.origins(s)) >= least]
    found = [weighing.candidate(s, main_beat(s, material), material) for s in ready]
    served = {beat for s in ready for beat in (s.beats or (main_beat(s, material),))}
    for beat in sorted({b for s in changed for b in s.beats} - served):
        single = [s for s in changed if beat in s.beats]
        for group in related(single, material)[:1]:
            story = joined(group, beat)
            together = joined_material(group, material)
            if len(together.origins(story)) >= least:
                found.append(weighing.candidate(story, beat, together))
    told = {candidate.storyline.id for candidate in found}
    short = [
        weighing.candidate(s, main_beat(s, material), material)
        for s in changed
        if s.id not in told and s.id in weighing.signals
    ]
    return Tonight(_in_order(found), _in_order(short)[:MOST_SHORT])


def _promising(
    store: Store, changed: Sequence[Storyline], signals: Mapping[str, object], least: int
) -> list[Storyline]:
    """Those of very many storylines that a story may come of; the others' records and claims are held in parts only.

    They have enough origins, or a signal, or they belong to a beat in which none has.
    """
    ready: set[str] = set()
    for at in range(0, len(changed), _LOOKED_AT):
        part = changed[at : at + _LOOKED_AT]
        material = gather(store, part, findings=False)
        ready.update(s.id for s in part if len(material.origins(s)) >= least)
    served = {beat for s in changed if s.id in ready for beat in s.beats}
    return [s for s in changed if s.id in ready or s.id in signals or not served.issuperset(s.beats)]


def _in_order(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Best rank first, ties by id."""
    return tuple(sorted(found, key=lambda c: (-c.rank["total"], c.storyline.id)))


def _by_subject(store: Store, now: datetime) -> Mapping[str, tuple[Signal, ...]]:
    """Subject -> the signals of the last day, by id."""
    found: dict[str, list[Signal]] = defaultdict(list)
    for signal in store.signals(since=now - timedelta(days=1) + timedelta(microseconds=1)):
        found[signal.subject].append(signal)
    return {subject: tuple(sorted(signals, key=lambda s: s.id)) for subject, signals in found.items()}


def _families(store: Store, lines: Sequence[Storyline]) -> Mapping[str, str]:
    """Storyline -> the one that its line of splits began with."""
    parents = {line.id: line.parent for line in lines}
    while unknown := sorted({p for p in parents.values() if p is not None and p not in parents}):
        parents |= dict.fromkeys(unknown) | {line.id: line.parent for line in store.storylines(unknown)}
    found = {}
    for line in lines:
        first, seen = line.id, {line.id}
        while (parent := parents[first]) is not None and parent not in seen:
            first = parent
            seen.add(first)
        found[line.id] = first
    return found


@dataclass(frozen=True, slots=True)
class _Weighing:
    """What every candidate of a night is ranked with."""

    settings: Settings
    material: Material
    signals: Mapping[str, tuple[Signal, ...]]
    families: Mapping[str, str]
    now: datetime

    def candidate(self, line: Storyline, beat: str, material: Material) -> Candidate:
        """A storyline with its ranking sum."""
        records = [material.records[r] for r in line.record_ids if r in material.records]
        claims = [material.claims[c] for c in line.claim_ids if c in material.claims]
        origins = len(material.origins(line))
        signals = self.signals.get(line.id, ())
        rank = ranking.rank(
            line,
            records=records,
            origins=origins,
            findings=material.findings.get(line.id, ()),
            signals=signals,
            beat_share=material.beat_share(line, beat),
            now=self.now,
            window=timedelta(hours=self.settings.signals.window_hours),
            beat_weight=next((b.weight for b in self.settings.beats if b.name == beat), 1.0),
            wanted=ranking.interest(records, claims, material.beats, self.settings.interests),
        )
        return Candidate(line, material, beat, rank, origins, self.families[line.id], signals)
