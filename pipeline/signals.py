"""The signal stage: asks the store what moved, lets the detectors measure it, and commits what they found.

Runs again without effect: a signal's id is made of its kind, subject and day.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from pipeline.detectors.content import contradiction, corroboration, novelty
from pipeline.detectors.counts import velocity
from pipeline.detectors.frame import Arrival, Frame, Novel
from pipeline.detectors.holds import backfilled, outage
from pipeline.domain import Claim, Finding, Record, Signal, SourceHealth, StageReport, Storyline
from pipeline.protocols import Checkpoint, Embedder, Store, no_checkpoint
from pipeline.settings import SignalSettings

MAX_KNOWN = 200  # newest known claims that a new finding is compared with
MAX_NOTES = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Evening:
    """All that tonight's measurement reads, fetched from the store in a few questions."""

    storylines: tuple[Storyline, ...]
    records: Mapping[str, Record]
    origins: Mapping[str, str]
    findings: Mapping[str, tuple[Finding, ...]]
    claims: Mapping[str, Claim]
    health: Mapping[str, SourceHealth]


def detect(
    store: Store,
    settings: SignalSettings,
    *,
    embedder: Embedder,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Measure every storyline that changed inside the window; save and report the signals. Raises StoreError."""
    began = time.perf_counter()
    evening = gather(store, Frame(settings, now, None))
    frame = Frame(settings, now, min((arrived(r) for r in evening.records.values()), default=None))
    found = [signal for storyline in evening.storylines for signal in measure(storyline, evening, frame, embedder)]
    checkpoint("signals.before_commit")
    store.save_signals(found, now)
    checkpoint("signals.after_commit")
    held = [s for s in found if s.held]
    return StageReport(
        stage="signal",
        seen=len(evening.storylines),
        made=len(found) - len(held),
        dropped=dict(sorted(Counter(f"held {s.kind}" for s in held).items())),
        notes=tuple(f"{s.kind} held: {s.held} ({s.summary})" for s in held[:MAX_NOTES]),
        seconds=time.perf_counter() - began,
    )


def gather(store: Store, frame: Frame) -> Evening:
    """Storylines that changed inside the window, with everything the detectors need of them."""
    changed = tuple(s for s in store.storylines(updated_since=frame.start) if s.merged_into is None)
    record_ids = sorted({record for s in changed for record in s.record_ids})
    findings: dict[str, list[Finding]] = {}
    for finding in store.findings([s.id for s in changed]):
        findings.setdefault(finding.storyline_id, []).append(finding)
    claim_ids = sorted({c for fs in findings.values() for f in fs for c in f.claim_ids})
    return Evening(
        storylines=changed,
        records=store.records(record_ids),
        origins=store.origins_of(record_ids),
        findings={key: tuple(value) for key, value in findings.items()},
        claims=store.claims(claim_ids),
        health=store.health(),
    )


def measure(storyline: Storyline, evening: Evening, frame: Frame, embedder: Embedder) -> tuple[Signal, ...]:
    """All signals of one storyline, held ones included."""
    records = [evening.records[r] for r in storyline.record_ids if r in evening.records]
    findings = evening.findings.get(storyline.id, ())
    arrivals = [_arrival(r, evening.origins.get(r.id, r.id)) for r in sorted(records, key=lambda r: r.id)]
    name = storyline.label or storyline.id
    new = [f for f in findings if frame.start <= f.first_seen <= frame.now]
    known = [f for f in findings if f.first_seen < frame.start]
    candidates = (
        velocity(storyline.id, name, arrivals, frame),
        novelty(storyline.id, name, distances(new, known, evening.claims, embedder), len(known), frame),
        corroboration(storyline.id, name, findings, frame),
        contradiction(storyline.id, name, findings, frame),
    )
    filled = backfilled(arrivals, frame)
    return tuple(_guard(s, filled, evening, frame) for s in candidates if s is not None)


def distances(
    new: Sequence[Finding], known: Sequence[Finding], claims: Mapping[str, Claim], embedder: Embedder
) -> tuple[Novel, ...]:
    """Each new finding with 1 - its highest cosine to a known claim (rows of the embedder have unit length)."""
    fresh = [f for f in new if f.claim_ids[0] in claims]
    old = [claims[c] for f in known for c in f.claim_ids if c in claims]
    old = sorted(old, key=lambda c: (c.published, c.id))[-MAX_KNOWN:]
    if not fresh or not old:
        return ()
    rows = embedder.embed([claims[f.claim_ids[0]].text for f in fresh] + [c.text for c in old])
    product: Any = rows[: len(fresh)] @ rows[len(fresh) :].T
    similarity = np.asarray(product.todense() if hasattr(product, "todense") else product, dtype=np.float64)
    nearest = similarity.max(axis=1)
    return tuple(Novel(f, round(float(1.0 - s), 6)) for f, s in zip(fresh, nearest, strict=True))


def arrived(record: Record) -> datetime:
    """When a record counts as having come out: never after we read it, and then only if its own date is doubtful."""
    return record.fetched if record.date_doubtful else min(record.published, record.fetched)


def _guard(signal: Signal, filled: str | None, evening: Evening, frame: Frame) -> Signal:
    """Hold a signal whose window is a backfill, or whose evidence rests on a source that failed or lags."""
    if signal.held:
        return signal
    owners = [evening.claims[row.id].record_id if row.id in evening.claims else row.id for row in signal.evidence]
    sources = [evening.records[owner].source for owner in owners if owner in evening.records]
    return dataclasses.replace(signal, held=filled or outage(sources, evening.health, frame))


def _arrival(record: Record, origin_id: str) -> Arrival:
    voice = record.publisher or record.author or record.source
    if record.kind != "article" and record.author:
        voice = f"{record.author} ({record.platform})"
    return Arrival(record.id, origin_id, record.source, voice, arrived(record), record.backfill)
