"""The analyze stage: pending records become claims, origins, beats, storylines and findings, committed at once.

A thin shell. What is decided is decided by pure cores (claims, origins, beats, parts, storylines, findings); this
module asks the store for the window they need and hands back one Analysis. Nothing depends on the order of arrival.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import collecting, outlets, rounds, terms
from pipeline.claiming.extractors import Extractor, reread
from pipeline.claiming.manner import mannered
from pipeline.domain import Claim, Failure, Finding, Record, StageReport, Storyline
from pipeline.entities.enrolment import enrol
from pipeline.findings import settling as findings
from pipeline.findings import tellings
from pipeline.language import detect
from pipeline.origins import echoes
from pipeline.origins import grouping as origins
from pipeline.origins.traces import Traces
from pipeline.perusal import Read, Said, Task, read, told_by
from pipeline.protocols import Analysis, Checkpoint, Embedder, Engine, Outcome, Store, no_checkpoint
from pipeline.settings import AnalyzeSettings, BeatSettings
from pipeline.storylines import assigning, memberships, parts, revisions, roundups, vectors
from pipeline.storylines import beats as beat_rules
from pipeline.storylines import weaving as storylines
from pipeline.storylines.cluster import Grouping
from pipeline.storylines.coherence import Texts
from pipeline.storylines.parts import Part
from pipeline.storylines.weaving import Woven
from pipeline.storylines.window import Shelf, Window, look_back

Batches = Sequence[tuple[Task, Outcome]]  # of one round, with what reading each came to

_COPY_DAYS = 5  # how far back copies are looked for
_AGAIN = timedelta(hours=20)  # a record that could not be read is tried again the night after it came, once


@dataclass(slots=True)
class _Night:
    """What is gathered along the way."""

    dropped: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # notes that begin with a number, over all rounds
    cost: float = 0.0

    def told(self) -> tuple[str, ...]:
        """The notes, each once."""
        return tuple(dict.fromkeys([*(f"{number} {what}" for what, number in self.counts.items()), *self.notes]))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What deciding needs from outside."""

    store: Store
    settings: AnalyzeSettings
    beats: tuple[BeatSettings, ...]
    embedder: Embedder
    now: datetime
    night: _Night
    memory: Traces
    counted: vectors.Remembered
    shelf: Shelf
    site: str = ""  # what we are called: who copies or credits us adds no voice
    other: Extractor | None = None


def analyze(
    store: Store,
    settings: AnalyzeSettings,
    *,
    beats: Sequence[BeatSettings],
    embedder: Embedder,
    engine: Engine,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
    site: str = "",
    other: Extractor | None = None,
) -> StageReport:
    """Analyse what is pending and commit it, round by round, with its "done" marks. Raises StoreError, ModelError.

    An `other` extractor reads each record again after the rules have (`pipeline.claiming.extractors`).
    """
    began = time.perf_counter()
    pending, night, made = store.pending(), _Night(), 0
    memory, counted, shelf = Traces(), vectors.Remembered(), Shelf()
    parts = rounds.cut(pending, rounds.MOST)
    for records, batches in rounds.heard(parts, store, Task((), settings, tuple(beats)), engine):
        dense = vectors.Remembering(embedder)
        desk = _Desk(store, settings, tuple(beats), dense, now, night, memory, counted, shelf, site, other)
        made += _round(records, batches, desk, engine, checkpoint)
        del records, batches  # before the next are opened
        collecting.give_back()
    if renewed := assigning.renew(store, beats, embedder, engine):
        night.notes.append(renewed)
    return StageReport(
        stage="analyze",
        seen=len(pending),
        made=made,
        dropped=dict(sorted((night.dropped + Counter()).items())),
        failures=tuple(night.failures),
        notes=night.told(),
        seconds=time.perf_counter() - began,
        cost=night.cost,
    )


def _round(pending: Sequence[Record], batches: Batches, desk: _Desk, engine: Engine, checkpoint: Checkpoint) -> int:
    """Decide and commit one round of what is pending; how many claims that made."""
    told = _told(batches, engine, desk.night, desk.now)
    if desk.other is not None:
        told = _retold(pending, told, desk, desk.other)
    checkpoint("analyze.read")
    there = [desk.shelf.away(record) for record in pending if record.id in told]
    desk.memory.take((record, trace) for record in there if (trace := told[record.id].trace) is not None)
    analysis = _decide(desk, there, told)
    checkpoint("analyze.before_commit")
    desk.store.save_analysis(analysis)
    desk.shelf.renew(analysis.storylines)
    desk.shelf.records.update((record.id, record) for record in there)
    checkpoint("analyze.after_commit")
    return len(analysis.claims)


def _retold(pending: Sequence[Record], told: dict[str, Read], desk: _Desk, other: Extractor) -> dict[str, Read]:
    """What the records say by another extractor, where it gives anything that stands; else by the rules."""
    records = [
        record if record.lang else dataclasses.replace(record, lang=detect.language(record.text))
        for record in pending
        if record.id in told
    ]
    again = reread(records, {key: reading.claims for key, reading in told.items()}, other)
    desk.night.dropped.update(again.refused)
    desk.night.cost += again.cost
    for key, why in again.failures.items():
        desk.night.failures.append(Failure(key, f"{other.name}: {why}", "its claims are those of the rules"))
    desk.night.counts[f"records read by {other.name}"] += again.read
    if again.spent:
        desk.night.notes.append(f"budget: {again.spent}")
    how = {"stances": desk.settings.stances, "registers": desk.settings.registers}
    for record in records:
        if record.id in again.claims:
            claims = mannered(again.claims[record.id], record.lang, **how)
            told[record.id] = told_by(record, claims, told[record.id])
    return told


def _told(batches: Batches, engine: Engine, night: _Night, now: datetime) -> dict[str, Read]:
    """What each record says, by id. A batch that died is read again one by one; a record that dies is reported.

    It is left out, and so stays pending, on its first night; after that it counts as one that says nothing.
    """
    found: dict[str, Read] = {}
    again: list[Task] = []
    for task, outcome in batches:
        if outcome.error is None:
            found.update({reading.record_id: reading for reading in outcome.value})
        else:
            again.extend(dataclasses.replace(task, records=(record,)) for record in task.records)
    for task, outcome in zip(again, engine.map(read, again, timeout=rounds.TIMEOUT) if again else (), strict=True):
        record = task.records[0]
        if outcome.error is None:
            found[record.id] = outcome.value[0]
            continue
        later = now - record.fetched < _AGAIN
        if not later:
            found[record.id] = Read(record.id, (), ())
        night.dropped["could not be read"] += 1
        then = "it is read again the next night" if later else "it stays outside every storyline"
        night.failures.append(Failure(record.id, f"no claims could be read from it: {outcome.error}", then))
    night.dropped["says nothing checkable"] += sum(1 for reading in found.values() if not reading.claims)
    return found


def _credited(
    told: Mapping[str, Read], near: Sequence[Record], owners: Mapping[str, str], memory: Traces
) -> dict[str, tuple[Claim, ...]]:
    """Claims by record; one made on the word of an outlet whose own record is at hand counts as of that origin."""
    every = [claim for key in sorted(told) for claim in told[key].claims]
    claims: dict[str, list[Claim]] = {key: [] for key in told}
    for claim in origins.credit(every, near, owners, memory):
        claims[claim.record_id].append(claim)
    return {key: tuple(found) for key, found in claims.items()}


def _decide(desk: _Desk, pending: Sequence[Record], told: Mapping[str, Read]) -> Analysis:
    """Everything that tonight decides, as one Analysis."""
    fresh = {record.id: record for record in pending}
    words = {key: one.words for key, one in told.items()}
    days = desk.settings.window_days
    window = look_back(desk.store, fresh, desk.now, days=days, shelf=desk.shelf, counted=words)
    near = desk.now - timedelta(days=_COPY_DAYS)
    known = [
        (record, window.origins[key])
        for key, record in sorted(window.records.items())
        if key not in fresh and key in window.origins and record.fetched >= near
    ]
    told_by_us = [*desk.store.live_stories(since=near), *desk.store.all_stories(withdrawn=True)]
    groups = origins.group(pending, known, echoes.texts(told_by_us, desk.site), desk.memory)
    window = window.with_origins(groups)
    claims = _credited(told, [*pending, *(record for record, _ in known)], window.origins, desk.memory)
    revised = revisions.settle(fresh, claims, window.earlier, window.origins)
    changed = revisions.renewed(window.storylines, revised, desk.now)
    window = dataclasses.replace(window, storylines={**window.storylines, **changed})
    tonight = [
        part
        for record in pending
        if claims[record.id] and record.id not in revised.kept
        for part in roundups.parts_of(record, claims[record.id], told[record.id].threads, window.origins.get(record.id))
    ]
    counted = {vectors.key(record.text): told[record.id].words for record in pending if told[record.id].words}
    woven, fitted = _weave(desk, [*tonight, *revised.news], window, revised, counted)
    settled = memberships.settle(woven, window.storylines, revised, fitted.frequencies, desk.now)
    weighed = {key: reading.beats for key, reading in told.items()}
    assigned = assigning.settle(weighed, pending, desk.beats, desk.embedder, desk.store)
    lines = (*settled.lines, *_forwarded(settled.lines, desk.store))
    lines = assigning.of_storylines(lines, desk.store, assigned.scores, claims, desk.beats)
    found, retired, entered = _findings(desk, lines, woven, Said(claims, told), window)
    names = enrol(desk.store, (one.sighted for one in told.values() if one.sighted), fresh, window.origins)
    made = {model: dict(rows) for model, rows in fitted.vectors.items()}
    if assigned.fresh:
        made.setdefault(desk.embedder.name, {}).update(assigned.fresh)
    if embedded := made.get(desk.embedder.name):
        desk.night.counts[f"texts embedded by {desk.embedder.name}"] += len(embedded)
    return Analysis(
        record_ids=tuple(sorted(fresh)),
        claims=tuple(sorted((claim for found in claims.values() for claim in found), key=lambda claim: claim.id)),
        origins=groups,
        storylines=lines,
        joined=settled.joined,
        left=settled.left,
        findings=found,
        retired=retired,
        tellings=entered,
        record_beats=assigned.scores,
        beats_by=beat_rules.basis(desk.beats, desk.embedder.name),
        entities=names.entities,
        named=names.named,
        namings=names.namings,
        phrases={key: told[key].phrases for key in sorted(told)},
        vectors=made,
        now=desk.now,
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Tonight's frozen document frequencies, and what was made of texts and the store does not hold yet."""

    frequencies: terms.Frequencies
    vectors: Mapping[str, Mapping[str, bytes]]


def _weave(
    desk: _Desk,
    tonight: Sequence[Part],
    window: Window,
    revised: revisions.Revised,
    counted: Mapping[str, bytes],
) -> tuple[Woven, _Fitted]:
    """Tonight's parts among those of the window; frequencies are those of both, whatever the order of arrival.

    `counted` are the words of tonight's texts, as far as they were counted when they were read.
    """
    threads = [window.storylines[key] for key in sorted(window.storylines)]
    place = {thread.id: number for number, thread in enumerate(threads)}
    bound = {part.key: place[line] for line, held in window.parts.items() for part in held}
    known = {part.key: part for held in window.parts.values() for part in held}
    for line, held in revised.parts.items():
        for part in held:
            known[part.key], bound[part.key] = part, place[line]
    every = sorted({**known, **{part.key: part for part in tonight}}.values(), key=lambda part: part.key)
    words = desk.counted.words(parts.Wordings(every), desk.store, counted)
    frequencies = words.counts.fitted()
    texts = Texts(every, words.counts, frequencies)
    dense = vectors.dense(desk.embedder, parts.Wordings(every, parts.DENSE_TEXT), desk.store)
    bonds = [bound.get(part.key, -1) for part in every]
    items = parts.items(every, texts.rows, bonds, dense=dense.rows if dense else None)

    asked: dict[str, dict[str, list[str]]] = {}

    def claims_in(storyline_id: str, record_id: str) -> list[str]:
        if storyline_id not in asked:
            mine = asked[storyline_id] = {}
            for claim in desk.store.claims(whole([storyline_id])[storyline_id].claim_ids).values():
                mine.setdefault(claim.record_id, []).append(claim.id)
            for key, homes in revised.kept.items():  # claims that the store does not hold yet
                mine.setdefault(key, []).extend(claim.id for claim in homes.get(storyline_id, ()))
        return asked[storyline_id].get(record_id, [])

    def used(ids: Collection[str]) -> list[str]:
        return [line.id for line in desk.store.storylines(ids, claims=False)]

    renewed = {member.storyline_id for member in revised.leaving}

    def whole(ids: Collection[str]) -> dict[str, Storyline]:
        """Storylines with their claims; of those that held an earlier version as they stand without it."""
        ours = {key: window.storylines[key] for key in renewed.intersection(ids)}
        return ours | {line.id: line for line in desk.store.storylines(sorted(set(ids) - ours.keys()))}

    woven = storylines.weave(
        storylines.Loom(every, items, threads, desk.now, claims_in, Grouping(), texts, used, whole)
    )
    made = {desk.embedder.name: dense.fresh if dense else {}, terms.NAME: words.fresh}
    return woven, _Fitted(frequencies, {model: fresh for model, fresh in made.items() if fresh})


def _forwarded(lines: Sequence[Storyline], store: Store) -> tuple[Storyline, ...]:
    """Storylines that went into one that goes into another tonight: they point to where it ends."""
    onward = {line.id: line.merged_into for line in lines if line.merged_into is not None}
    found = []
    for line in store.storylines(merged_into=sorted(onward)) if onward else ():
        target = line.merged_into
        while target in onward:
            target = onward[target]
        if target != line.merged_into and line.id not in onward:
            found.append(dataclasses.replace(line, merged_into=target))
    return tuple(found)


def _findings(
    desk: _Desk, lines: Sequence[Storyline], woven: Woven, said: Said, window: Window
) -> tuple[tuple[Finding, ...], tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """What changed in findings, the ids of those that nothing makes any more, and tonight's entries of the ledger."""
    tonight = {claim.id: claim for found in said.claims.values() for claim in found}
    wanted = sorted({claim for line in lines for claim in line.claim_ids} - tonight.keys())
    every = {**desk.store.claims(wanted), **tonight}
    held = {claim: line.id for line in lines if line.merged_into is None for claim in line.claim_ids}
    left = set(woven.split.values()) | {line.id for line in lines}
    stored = {finding.id: finding for finding in desk.store.findings(sorted(left))}
    known = findings.homes(stored.values(), held, woven.merged)
    first = {_origin(claim, window.origins) for claim in every.values()}  # whose voice an origin has
    asked = {claim.record_id for claim in every.values()} | first
    records = {**desk.store.records(sorted(asked - window.records.keys())), **window.records}
    gone = [claim for before in window.earlier.values() for claim in before.claims.values()]
    heard: dict[str, findings.Voice] = {}
    found: list[Finding] = []
    retired: list[str] = []
    for line in lines:
        if line.merged_into is not None:
            retired.extend(finding.id for finding in known.get(line.id, ()))
            continue
        mine = [every[key] for key in line.claim_ids if key in every]
        voices = {claim.id: _voice(claim, records, window.origins) for claim in mine}
        heard |= voices
        settled = findings.settle(
            line.id,
            mine,
            voices,
            known.get(line.id, ()),
            desk.now,
            departed=gone,
            read=said.alone(line.record_ids),
            asserted=said.asserted,
        )
        bare = findings.forsaken(settled, held)
        retired.extend(bare)
        found.extend(one for one in findings.changed(settled, stored) if one.id not in bare)
    fresh = tellings.Tonight(tonight, held, heard, said.entries())
    crossed, entered = tellings.cross(desk.store, {one.id: one for one in found}, fresh, desk.now)
    return tuple(crossed[key] for key in sorted(crossed) if key not in retired), tuple(sorted(retired)), entered


def _origin(claim: Claim, owners: Mapping[str, str]) -> str:
    """Origin of a claim: its own where it was taken over from another source, else its record's."""
    return claim.origin_id or owners.get(claim.record_id, claim.record_id)


def _voice(claim: Claim, records: Mapping[str, Record], owners: Mapping[str, str]) -> findings.Voice:
    """Whose a claim is."""
    origin, record = _origin(claim, owners), records.get(claim.record_id)
    first = records.get(origin, record)
    return findings.Voice(origin, outlets.voice(record) if record else "", teller=outlets.voice(first) if first else "")
