"""Everything that may reach a page, read from the store: the declared inputs of a night's site (`Edition`)."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import __version__, outlets, resources
from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.barred import Barred, allowed, sentence_hash
from pipeline.bundles.bundle import to_bundle
from pipeline.domain import Claim, Record, Signal, Story, Storyline, digest
from pipeline.edition import Edition, TopicAnswer
from pipeline.entities.featured import featured
from pipeline.people.takedown import Takedown
from pipeline.protocols import Store
from pipeline.serial import to_json
from pipeline.settings import Settings

WITHDRAWING = frozenset(CorrectionKind) - {CorrectionKind.SOURCE_CHANGED, CorrectionKind.SOURCE_GONE}
WITNESSES = 12  # rows of evidence that the wire shows of a signal
RANKED = timedelta(days=14)  # how far back a storyline's page says what its last ranking came to


def gather(store: Store, settings: Settings, now: datetime, topics: Sequence[TopicAnswer] = ()) -> Edition:
    """Everything that may reach a page, read from the store; nothing that was withdrawn, but its tombstones."""
    log, tombs = tuple(store.corrections()), _tombstones(store)
    stories = tuple(store.all_stories())
    lines = {line.id: line for line in store.storylines(sorted({story.storyline_id for story in stories}))}
    findings: dict[str, list[Any]] = {}
    for finding in store.findings(sorted(lines)):
        findings.setdefault(finding.storyline_id, []).append(finding)
    record_ids = {record for line in lines.values() for record in line.record_ids}
    record_ids.update(record.id for story in stories for record in story.records)
    claim_ids = {claim for found in findings.values() for one in found for claim in one.claim_ids}
    claim_ids.update(claim for line in lines.values() for claim in line.claim_ids)
    records, claims = store.records(sorted(record_ids)), store.claims(sorted(claim_ids))
    origins = store.origins_of(sorted(record_ids))
    left = allowed(
        Barred.of(log),
        records,
        claims,
        {key: tuple(found) for key, found in findings.items()},
        lambda claim: claim.origin_id or origins.get(claim.record_id, claim.record_id),
    )
    records, claims = left.records, left.claims
    lines = {key: _without(line, left.gone, records) for key, line in lines.items()} if log else lines
    signals = _standing(store.signals(), tombs, stories)
    start = now - timedelta(hours=settings.signals.window_hours)
    read: dict[str, int] = {source.name: 0 for source in settings.sources}
    for record in store.records_between(start, now + timedelta(microseconds=1)):
        read[record.source] = read.get(record.source, 0) + 1
    return Edition(
        now=now,
        settings=settings,
        stories=stories,
        storylines=lines,
        records=records,
        claims=claims,
        origins=origins,
        findings=left.findings,
        memberships={key: tuple(store.memberships(key)) for key in lines},
        signals=signals,
        health=store.health(),
        read=read,
        topics=tuple(topics),
        rankings={one.storyline_id: one for one in store.rankings(since=now - RANKED) if one.storyline_id in lines},
        voices=_voices(store, records, claims, origins),
        corrections=log,
        tombstones=tombs,
        featured=featured(claims, store),
        witnesses=_witnesses(store, signals, now - RANKED, Barred.of(log), {*records, *claims, *left.gone}),
    )


def _witnesses(
    store: Store, signals: Iterable[Signal], since: datetime, barred: Barred, held: Container[str]
) -> dict[str, Record]:
    """Evidence id -> record of what signals since then rest on most, of what is not `held` and may be shown."""
    late = (signal for signal in signals if signal.window_end >= since)
    rows = (row for one in late for row in sorted(one.evidence, key=lambda row: (-row.weight, row.id))[:WITNESSES])
    asked = sorted({row.id for row in rows if row.id not in held} - set(barred.claims))
    told = {key: claim.record_id for key, claim in store.claims(asked).items()}
    found = {key: told.get(key, key) for key in asked}
    records = store.records(sorted({key for key in found.values() if key not in barred.records}))
    shown = {key: record for key, record in records.items() if not barred.record(record)}
    return {key: shown[record] for key, record in found.items() if record in shown}


def _tombstones(store: Store) -> tuple[Tombstone, ...]:
    """What remains of withdrawn versions, by address and version."""
    log, by = {entry.id: entry for entry in store.corrections()}, store.withdrawn()
    found = [_tombstone(story, log[by[story.id]]) for story in store.all_stories(withdrawn=True)] if by else []
    return tuple(sorted(found, key=lambda tomb: (tomb.slug, tomb.version)))


def _tombstone(story: Story, entry: Correction) -> Tombstone:
    every = [story.headline, *([story.dek] if story.dek else [])]
    every += [s for section in story.sections for paragraph in section.paragraphs for s in paragraph]
    return Tombstone(
        story_id=story.id,
        storyline_id=story.storyline_id,
        slug=story.slug,
        version=story.version,
        beat=story.beat,
        written=story.written,
        lang=story.lang,
        correction=entry.id,
        at=entry.at,
        why=entry.why,
        seal=to_bundle(story)["seal"],
        sentences=tuple(sentence_hash(sentence.text) for sentence in every),
        citations=tuple(citation.key for citation in story.citations),
        records=tuple(record.content_hash for record in story.records),
        sample=story.sample,
    )


def _without(line: Storyline, gone: Container[str], records: Mapping[str, Record]) -> Storyline:
    """A storyline without claims that went and records that are not shown."""
    claims = tuple(claim for claim in line.claim_ids if claim not in gone)
    return replace(line, claim_ids=claims, record_ids=tuple(key for key in line.record_ids if key in records))


def _standing(signals: Iterable[Signal], tombs: Iterable[Tombstone], stories: Iterable[Story]) -> tuple[Signal, ...]:
    """The signals but for those about storylines whose every story was withdrawn: their words may repeat it."""
    shut = {tomb.storyline_id for tomb in tombs} - {story.storyline_id for story in stories}
    return tuple(signal for signal in signals if signal.subject not in shut)


def _voices(
    store: Store, records: Mapping[str, Record], claims: Mapping[str, Claim], origins: Mapping[str, str]
) -> Mapping[str, str]:
    """Origin -> who told it first, of every origin that a record or a claim of the edition has."""
    told = [(r.published, r.id, origins.get(r.id, r.id), r) for r in records.values()]
    credited = [c for c in claims.values() if c.origin_id and c.record_id in records]
    told += [(c.published, c.id, c.origin_id or c.record_id, records[c.record_id]) for c in credited]
    told.sort(key=lambda one: one[:3])
    first = store.records(sorted({origin for _, _, origin, _ in told} - records.keys()))
    return outlets.tellers(((origin, record) for _, _, origin, record in told), {**first, **records})


def fingerprint(edition: Edition) -> str:
    """Hash of what makes a new edition: all inputs but the clock, and of the sources only the state they are in."""
    found = hashlib.sha256()
    for part in _inputs(edition):
        found.update(repr(part).encode("utf-8", "surrogatepass"))  # of nouns: all that they hold
        found.update(b"\n")
    return found.hexdigest()[:32]


def _inputs(edition: Edition) -> Iterator[object]:
    """The parts of `fingerprint`, one after the other; of stories their ids, under which nothing ever changes."""
    yield __version__
    yield edition.settings.fingerprint()
    yield sorted((source.name, source.kind) for source in edition.settings.sources)
    yield sorted(story.id for story in edition.stories)
    yield from (edition.storylines[key] for key in sorted(edition.storylines))
    yield from (one for key in sorted(edition.findings) for one in edition.findings[key])
    yield from (edition.rankings[key] for key in sorted(edition.rankings))
    yield from (edition.featured.entities[key] for key in sorted(edition.featured.entities))
    yield from sorted(edition.featured.claims.items())
    yield from edition.featured.namings
    yield from (*edition.corrections, *edition.tombstones)
    yield from sorted(edition.signals, key=lambda signal: signal.id)
    yield from (to_json(_timeless(topic)) for topic in edition.topics)
    yield from ((name, resources.text("templates", name)) for name in resources.names("templates"))
    yield from sorted((key, one.ok, one.silent, bool(one.quarantined)) for key, one in edition.health.items())


def _timeless(topic: TopicAnswer) -> TopicAnswer:
    """A topic's answer without what changes by being asked again."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    return replace(topic, asked=long_ago, searched=(), since=None, new_records=(), pages="", aside=(), set_aside=0)


def withheld(log: Iterable[Correction], withdrawn: Iterable[str], listed: Takedown) -> str:
    """The mark of all that an edition withholds: what was `withdrawn`, corrected or taken out, and the takedown file.

    Empty where nothing is withheld. Two editions of one mark hold no text that the other may not show.
    """
    gone = [*(entry.id for entry in log if entry.kind in WITHDRAWING), *withdrawn]
    return digest("withheld", listed.mark, *sorted(gone)) if gone or listed else ""


def strange(edition: Edition) -> Iterator[str]:
    """Every text in what an edition was made from: what a page shows of it was left by no template."""
    told = (edition.stories, edition.topics, edition.signals, edition.corrections, edition.tombstones)
    read = (edition.records, edition.witnesses, edition.claims)
    kept = (*read, edition.storylines, edition.health, edition.featured.entities)
    found = (one for line in edition.findings.values() for one in line)
    every = (*told, *(one.values() for one in kept), found, edition.settings.configured_sources())
    for part in every:
        for one in part:
            yield from _strings(to_json(one))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
