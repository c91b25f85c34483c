"""Everything that may reach a page, read from the store: the declared inputs of a night's site (`Edition`)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import __version__, outlets, resources
from pipeline.amends import Correction, CorrectionKind, Tombstone
from pipeline.barred import Barred, sentence_hash, unnamed
from pipeline.bundles.bundle import to_bundle
from pipeline.domain import Record, Signal, Story, digest
from pipeline.edition import Edition, TopicAnswer
from pipeline.entities.featured import public
from pipeline.people.screening import screened
from pipeline.people.takedown import Takedown
from pipeline.protocols import Store
from pipeline.protocols.stating import Standing
from pipeline.publishing.shelves import Index, Shelf, Shelves, moment
from pipeline.publishing.versions import Versions
from pipeline.remembered import Memory
from pipeline.serial import to_json
from pipeline.settings import Settings

WITHDRAWING = frozenset(CorrectionKind) - {CorrectionKind.SOURCE_CHANGED, CorrectionKind.SOURCE_GONE}
WITNESSES = 12  # rows of evidence that the wire shows of a signal
RANKED = timedelta(days=14)  # how far back a storyline's page says what its last ranking came to


@dataclass(frozen=True, slots=True)
class Gathered:
    """An edition as it may be shown. `seen`: versions that stand; `altered`: those of which a takedown left out part.

    `gone`: how many things of which kind may not be shown.
    """

    edition: Edition
    seen: int
    altered: frozenset[str]
    gone: Mapping[str, int]


def gather(store: Store, settings: Settings, now: datetime, topics: Sequence[TopicAnswer] = ()) -> Edition:
    """Everything that may reach a page, read from the store; nothing that was withdrawn, but its tombstones."""
    return gathered(store, settings, now, topics, listed=Takedown(), memory=Memory("")).edition


def gathered(
    store: Store,
    settings: Settings,
    now: datetime,
    topics: Sequence[TopicAnswer],
    *,
    listed: Takedown,
    memory: Memory,
) -> Gathered:
    """The edition of `now`: what is remembered is not read, and of what is read no more is kept than pages ask for."""
    log, tombs = tuple(store.corrections()), _tombstones(store)
    barred, standing = Barred.of(log), store.standing_stories()
    versions = Versions(store, listed, memory)
    stories = versions.survey(standing)
    told = {one.storyline_id for one in standing}
    states = {line: state for line, state in store.storyline_states().items() if line in told}
    bare = settings.model_copy(update={"sources": ()})
    shelves = Shelves(store, bare, barred, listed, memory, states)
    index = Index.of(shelves.survey(frozenset(claim for cites in versions.cites.values() for claim, _, _ in cites)))
    known = {record for one in shelves.holdings.values() for record in one.records}
    loose = _loose(store, bare, barred, listed, versions.records - known)
    index.origins.update(store.origins_of(loose))
    voices = _voices(store, index, loose)
    lost = _lost(store, barred, shelves, index)
    versions.unname(lost)
    signals = _standing(store.signals(), tombs, stories, lost)
    held = {key for one in shelves.holdings.values() for key in (*one.claims, *one.records)} | loose.keys()
    around, gone = screened(
        Edition(
            now=now,
            settings=settings,
            stories=(),
            signals=signals,
            health=store.health(),
            read=_read(store, settings, now),
            topics=tuple(topics),
            rankings={
                one.storyline_id: one for one in store.rankings(since=now - RANKED) if one.storyline_id in states
            },
            corrections=log,
            tombstones=tombs,
            featured=public(index.names, store),
            witnesses=_witnesses(store, signals, now - RANKED, barred, held),
        ),
        listed,
    )
    edition = replace(
        around,
        stories=stories,
        storylines=index.lines,
        records=Shelf(index.records, lambda line, key: shelves.ground(line).records[key], loose),
        claims=Shelf(index.claims, lambda line, key: shelves.ground(line).claims[key], {}),
        origins=index.origins,
        findings=Shelf(index.own, lambda line, _: shelves.ground(line).findings, {}),
        memberships=Shelf(index.own, lambda line, _: shelves.ground(line).memberships, {}),
        voices=voices,
        memory=memory,
        tokens=_tokens(standing, versions, shelves, index, voices, loose=loose),
        prepare=shelves.prepare,
        cites=versions.cites,
        told_by=index.sources | {key: record.source for key, record in loose.items()},
        owners=index.records | index.claims,
        sampled=versions.sample or index.sample or any(one.sample for one in loose.values()) or around.sample,
    )
    return Gathered(edition, len(standing), versions.altered, gone + versions.gone + index.counts)


def _loose(store: Store, settings: Settings, barred: Barred, listed: Takedown, ids: Iterable[str]) -> dict[str, Record]:
    """The records among `ids`, which stories cite and no storyline holds, as they may be shown."""
    found = {key: record for key, record in store.records(ids).items() if not barred.record(record)}
    bare = Edition(now=datetime.min.replace(tzinfo=UTC), settings=settings, stories=(), records=found)
    return dict(screened(bare, listed)[0].records)


def _read(store: Store, settings: Settings, now: datetime) -> dict[str, int]:
    """Source -> records new in the last window."""
    start = now - timedelta(hours=settings.signals.window_hours)
    read: dict[str, int] = {source.name: 0 for source in settings.sources}
    for record in store.records_between(start, now + timedelta(microseconds=1)):
        read[record.source] = read.get(record.source, 0) + 1
    return read


def _tokens(
    standing: Iterable[Standing],
    versions: Versions,
    shelves: Shelves,
    index: Index,
    voices: Mapping[str, str],
    *,
    loose: Mapping[str, Record],
) -> dict[str, str]:
    """Version or storyline -> digest of all that a page may show of it alone, with what it refers to elsewhere."""

    def elsewhere(key: str) -> str:
        owner = index.claims.get(key) or index.records.get(key)
        at = shelves.keys[owner] if owner else repr(loose.get(key, ""))
        origin = index.origins.get(key, key)
        return f"{key} {at} {origin} {voices.get(origin, '')}"

    found: dict[str, str] = {}
    for line, key in shelves.keys.items():
        said = (f"{origin} {voices.get(origin, '')}" for origin in index.spoken[line])
        found[line] = digest("line", key, *said, "", *map(elsewhere, shelves.holdings[line].foreign), size=32)
    for one in standing:
        foreign = (
            claim for claim, _, _ in versions.cites.get(one.id, ()) if index.claims.get(claim) != one.storyline_id
        )
        unsaid = versions.unsaid.get(one.id, ())
        found[one.id] = digest("version", one.state, *map(elsewhere, foreign), "", *unsaid, size=32)
    return found


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


def _standing(
    signals: Iterable[Signal], tombs: Iterable[Tombstone], stories: Iterable[Story], lost: Sequence[str]
) -> tuple[Signal, ...]:
    """The signals but for those about storylines whose every story was withdrawn: their words may repeat it; those
    that call a storyline by a title that is `lost` no longer do."""
    shut = {tomb.storyline_id for tomb in tombs} - {story.storyline_id for story in stories}
    left = (unnamed(one, lost) for one in signals if one.subject not in shut)
    return tuple(one for one in left if one is not None)


def _lost(store: Store, barred: Barred, shelves: Shelves, index: Index) -> list[str]:
    """Titles of records that were withdrawn, by themselves or with their source; storylines were called by them."""
    if not barred:
        return []
    held = {record for one in shelves.holdings.values() for record in one.records}
    gone = store.records(sorted((held - index.records.keys()) | barred.records))
    return sorted({" ".join(record.title.split()) for record in gone.values()} - {""})


def _voices(store: Store, index: Index, loose: Mapping[str, Record]) -> dict[str, str]:
    """Origin -> who told it first, of every origin that a record or a claim of the edition has."""
    told = [(moment(r.published), r.id, index.origins.get(r.id, r.id), outlets.voice(r)) for r in loose.values()]
    told = sorted({*told, *index.told})
    own = {key: voice for _, key, _, voice in told}
    away = store.records({origin for _, _, origin, _ in told} - own.keys())
    own |= {key: outlets.voice(record) for key, record in away.items()}
    found: dict[str, str] = {}
    for _, _, origin, voice in told:
        found.setdefault(origin, own.get(origin, voice))
    return found


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
    yield sorted(edition.tokens.items()) if edition.tokens else sorted(story.id for story in edition.stories)
    if not edition.tokens:
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
    """Every text in what an edition was made from: what a page shows of it was left by no template.

    What was told last comes first: whoever looks for the origin of a new page's text seldom reads on to the end.
    """
    told = (edition.topics, edition.signals, edition.corrections, edition.tombstones)
    kept = (edition.witnesses, edition.health, edition.featured.entities)
    for part in (edition.settings.configured_sources(), *told, *(one.values() for one in kept)):
        for one in part:
            yield from _strings(to_json(one))
    held: dict[str, list[tuple[Mapping[str, Any], str]]] = defaultdict(list)
    for shelf in (edition.records, edition.claims, edition.storylines, edition.findings):
        for key in shelf:
            held[edition.owners.get(key, key)].append((shelf, key))
    stories: dict[str, list[Story]] = defaultdict(list)
    for story in edition.stories:
        stories[story.storyline_id].append(story)
    lines = edition.storylines
    newest = sorted(lines, key=lambda line: (lines[line].updated, line), reverse=True)
    for line in (*newest, *(held.keys() - lines.keys()), *(stories.keys() - lines.keys() - held.keys())):
        for noun in (*stories[line], *(shelf[key] for shelf, key in held[line])):
            for one in noun if isinstance(noun, tuple) else (noun,):
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
