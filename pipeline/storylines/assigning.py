"""Beats of records and storylines, with what the store keeps: the dense rows, and what other settings decided before.

A record's beats come from its text. A storyline's are those that enough of its records have; of a roundup only the
claims count that are in the storyline.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import BeatScore, Claim, Record, Storyline
from pipeline.protocols import Analysis, Embedder, Engine, Store
from pipeline.settings import BeatSettings
from pipeline.storylines import beats as rules
from pipeline.storylines import parts, vectors
from pipeline.storylines.beats import Weighed

_SHARE = 0.3  # of a storyline's records that make a beat its own
MOST = 20_000  # records whose beats a changed configuration decides anew in one night, the newest first


_BATCH = 256  # records that one task weighs
_TIMEOUT = 120.0  # seconds for one batch


@dataclass(frozen=True, slots=True)
class Weighing:
    """A batch of records for the engine."""

    records: tuple[Record, ...]
    beats: tuple[BeatSettings, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """Beats by record id, and dense rows that the store does not hold yet."""

    scores: Mapping[str, tuple[BeatScore, ...]]
    fresh: Mapping[str, bytes]


def settle(
    weighed: Mapping[str, Sequence[Weighed]],
    records: Iterable[Record],
    beats: Sequence[BeatSettings],
    embedder: Embedder,
    store: Store,
    *,
    make: bool = True,
) -> Assigned:
    """Beats of `records` from what was weighed of them, with their meaning where the embedder is dense.

    Without `make`, texts whose rows the store lacks are judged by their words alone. Raises ModelError and StoreError.
    """
    records = [record for record in records if record.id in weighed]
    rows = _meanings(records, beats, embedder, store, make) if records and beats else None
    scores = {}
    for at, record in enumerate(records):
        near = None
        if rows is not None and rows.rows[at].any():
            near = dict(zip((beat.name for beat in beats), _near(rows, at, len(records)), strict=True))
        scores[record.id] = rules.settle(weighed[record.id], near)
    return Assigned(dict(sorted(scores.items())), rows.fresh if rows else {})


def weigh(task: Weighing) -> tuple[tuple[Weighed, ...], ...]:
    """What speaks for each beat in each record of a batch; pure, so it can run in any process."""
    return tuple(rules.weigh(record.text, task.beats, record.beat) for record in task.records)


def renew(
    store: Store, beats: Sequence[BeatSettings], embedder: Embedder, engine: Engine, *, most: int = MOST
) -> str | None:
    """Decide anew the beats that other settings decided, of at most `most` records; what was done, in words.

    No claim is extracted and no text embedded again: the cost of a record is that of reading its beginning once.
    Storylines follow their records. One transaction; run again it finds nothing. Raises StoreError and ModelError.
    """
    basis = rules.basis(beats, embedder.name)
    number, records = store.stale_beats(basis, limit=most)
    if not records:
        return None
    tasks = [Weighing(tuple(records[at : at + _BATCH]), tuple(beats)) for at in range(0, len(records), _BATCH)]
    weighed: dict[str, tuple[Weighed, ...]] = {}
    for task, outcome in zip(tasks, engine.map(weigh, tasks, timeout=_TIMEOUT), strict=True):
        if outcome.error is None:
            weighed.update(zip((record.id for record in task.records), outcome.value, strict=True))
    assigned = settle(weighed, records, beats, embedder, store, make=False)
    homes = store.storylines_of_records(assigned.scores)
    lines = store.storylines(sorted({line for found in homes.values() for line in found}))
    moved = [
        line
        for line, before in zip(of_storylines(lines, store, assigned.scores, {}, beats), lines, strict=True)
        if line.beats != before.beats
    ]
    store.save_analysis(
        Analysis(
            record_ids=(),
            storylines=tuple(moved),
            record_beats=assigned.scores,
            beats_by=basis,
            vectors={embedder.name: assigned.fresh} if assigned.fresh else {},
        )
    )
    left = number - len(assigned.scores)
    return (
        f"the beats, or the rules for them, changed: {len(assigned.scores)} stored records were assigned anew, "
        f"{len(moved)} storylines with them; {left} are left for the next nights"
    )


def _meanings(
    records: Sequence[Record], beats: Sequence[BeatSettings], embedder: Embedder, store: Store, make: bool
) -> vectors.Vectors | None:
    """Rows of the records' texts, then of the beats' descriptions; None where the embedder is sparse."""
    texts = [parts.dense_text(parts.whole(record, (), record.id)) for record in records]
    described = vectors.dense(embedder, [rules.told(beat) for beat in beats], store)
    if described is None:
        return None
    read = vectors.dense(embedder, texts, store, make=make)
    return vectors.joined(read, described) if read is not None else None


def _near(rows: vectors.Vectors, at: int, first: int) -> list[float]:
    """Cosines of row `at` to the rows from `first`, rounded: the last bits differ between machines."""
    return [round(float(value), 3) for value in rows.rows[first:] @ rows.rows[at]]


def of_storylines(
    lines: Sequence[Storyline],
    store: Store,
    tonight: Mapping[str, Sequence[BeatScore]],
    claims: Mapping[str, Sequence[Claim]],
    beats: Sequence[BeatSettings],
) -> tuple[Storyline, ...]:
    """Storylines with the beats that enough of their records have, the commonest first, ties by name.

    `tonight` and `claims` are what records of tonight have and say; the rest is asked of the store.
    """
    every = sorted({key for line in lines for key in line.record_ids})
    known: dict[str, tuple[str, ...]] = dict(store.record_beats(every))
    known.update({key: tuple(one.beat for one in scores) for key, scores in tonight.items()})
    shared = _shared(lines, every, store)
    held = {line.id: _by_record(line, shared, store, claims) for line in lines if beats}
    found = []
    for line in lines:
        counts: Counter[str] = Counter()
        for key in line.record_ids:
            said = held.get(line.id, {}).get(key)
            counts.update(known.get(key, ()) if said is None else (one.beat for one in rules.assign(said, beats)))
        least = _SHARE * len(line.record_ids)
        ours = tuple(beat for beat in sorted(counts, key=lambda beat: (-counts[beat], beat)) if counts[beat] >= least)
        found.append(dataclasses.replace(line, beats=ours))
    return tuple(found)


def _shared(lines: Sequence[Storyline], record_ids: Sequence[str], store: Store) -> frozenset[str]:
    """Records that are in several living storylines; tonight's word on `lines` counts, not the store's."""
    ours = {line.id for line in lines}
    homes = Counter(key for line in lines if line.merged_into is None for key in set(line.record_ids))
    for key, stored in store.storylines_of_records(record_ids).items():
        homes[key] += len(set(stored) - ours)
    return frozenset(key for key, number in homes.items() if number > 1)


def _by_record(
    line: Storyline, shared: frozenset[str], store: Store, tonight: Mapping[str, Sequence[Claim]]
) -> dict[str, str]:
    """What each shared record says in `line`: its claims there, in their order in the record."""
    wanted = shared.intersection(line.record_ids)
    if not wanted:
        return {}
    ids = set(line.claim_ids)
    fresh = [claim for key in wanted for claim in tonight.get(key, ()) if claim.id in ids]
    stored = store.claims(ids - {claim.id for claim in fresh}).values()
    found: dict[str, list[Claim]] = {}
    for claim in (*fresh, *stored):
        if claim.record_id in wanted:
            found.setdefault(claim.record_id, []).append(claim)
    return {
        key: "\n".join(claim.text for claim in sorted(said, key=lambda claim: (claim.evidence[0].start, claim.id)))
        for key, said in found.items()
    }
