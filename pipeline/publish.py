"""Stage five: the night's site. A pure build of all pages, a check of the whole, then one swap.

Nothing is visible until everything validates: a broken link, a page that does not parse or a site that shrank holds the
edition, and the old one stays up. A story whose bundle does not verify is left out and reported; when none does, the
whole edition is held. Equal inputs publish nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import __version__, conflicts, outlets, release, resources
from pipeline.amends import Correction, Tombstone
from pipeline.barred import Barred, allowed, sentence_hash
from pipeline.bundle import to_bundle
from pipeline.domain import Claim, Failure, Record, Signal, StageReport, Story, Storyline, digest
from pipeline.edition import Edition, Renderer, TopicAnswer
from pipeline.entities.featured import featured
from pipeline.errors import ValidationFailed
from pipeline.people import takedown
from pipeline.people.screening import screened
from pipeline.protocols import Checkpoint, Store, no_checkpoint
from pipeline.serial import to_json
from pipeline.settings import Settings
from pipeline.site_check import check

_SEAL = re.compile(rb'^ "seal": "([0-9a-f]{32})"', re.M)  # as pages write it; no text can hold a line break
RANKED = timedelta(days=14)  # how far back a storyline's page says what its last ranking came to
Verifier = Callable[[Mapping[str, Any]], Sequence[object]]


def publish(
    store: Store,
    settings: Settings,
    renderers: Sequence[Renderer],
    *,
    now: datetime,
    verify: Verifier,
    topics: Sequence[TopicAnswer] = (),
    checkpoint: Checkpoint = no_checkpoint,
) -> StageReport:
    """Build, check and serve the site of `now`. `made` is the number of pages, 0 when nothing is new.

    Raises ValidationFailed with every problem found, and StoreError; the old site stays in both cases.
    """
    listed_out = takedown.of(settings)
    gathered = gather(store, settings, now, topics)
    edition, gone = screened(gathered, listed_out)
    edition = replace(
        edition, conflicts=conflicts.find(edition.stories, edition.findings, edition.claims, edition.records)
    )
    before = release.current(settings.output_path)
    inputs = fingerprint(edition) if not listed_out else digest("inputs", fingerprint(edition), listed_out.mark)
    seen = len(gathered.stories)
    if before is not None and before.get("inputs") == inputs:
        return StageReport("publish", seen=seen, notes=(f"nothing new: edition {before.get('edition', '')} stays up",))
    was = {story.id: story for story in gathered.stories}
    altered = {story.id for story in edition.stories if story is not was[story.id]}
    pages = build(edition, renderers)
    checkpoint("publish.built")
    refused = refusals(pages, before, verify, altered)
    if refused:
        edition = withhold(edition, refused)
        pages = build(edition, renderers)
    if listed_out:
        edition, pages = without(edition, pages, renderers, listed_out)
    hold(problems(pages, edition, None if gone else before))
    checkpoint("publish.checked")
    night = edition.now.date().isoformat()
    seals = " ".join(sorted({_sealed(body) for path, body in pages.items() if _bundled(path)}))
    listed = release.manifest(pages, {**facts(edition, inputs), "seals": seals})
    name = release.publish(
        settings.output_path, night, pages, listed, keep=settings.publish.keep, checkpoint=checkpoint
    )
    notes = [f"edition {night} published as release {name}", f"open {settings.output_path / 'site' / 'index.html'}"]
    if edition.conflicts:
        notes.append(f"{len(edition.conflicts)} stories tell something otherwise than another; their pages say so")
    faulty = {key: said for key, said in refused.items() if key not in altered}
    dropped = {f"{what} taken down": count for what, count in sorted(gone.items())}
    dropped |= {"stories held": len(faulty)} if faulty else {}
    failures = _failures(faulty)
    return StageReport("publish", seen=seen, made=len(pages), dropped=dropped, failures=failures, notes=tuple(notes))


def without(
    edition: Edition, pages: dict[str, bytes], renderers: Sequence[Renderer], listed: takedown.Takedown
) -> tuple[Edition, dict[str, bytes]]:
    """The edition and its pages once more, without the stories on whose pages something listed still stands.

    Raises ValidationFailed for other pages that hold it: the site's own name, or a beat's, says it.
    """
    found = [path for path in sorted(pages) if listed.in_page(pages[path].decode("utf-8", "replace"))]
    if not found:
        return edition, pages
    slugs = {part for path in found if path.startswith("stories/") for part in path.split("/")[1:2]}
    edition = withhold(edition, {story.id for story in edition.stories if story.slug in slugs})
    pages = build(edition, renderers)
    found = [path for path in sorted(pages) if listed.in_page(pages[path].decode("utf-8", "replace"))]
    hold([f"{path}: holds what the takedown file lists" for path in found])
    return edition, pages


def build(edition: Edition, renderers: Iterable[Renderer]) -> dict[str, bytes]:
    """The whole site as {path: bytes}: a pure function. Raises ValidationFailed when two pages want one path."""
    pages: dict[str, bytes] = {}
    for renderer in renderers:
        for page in renderer(edition):
            if page.path in pages or page.path == release.MANIFEST:
                raise ValidationFailed(f"two pages want the address {page.path}")
            pages[page.path] = page.make()
    return pages


def refusals(
    pages: Mapping[str, bytes],
    before: Mapping[str, Any] | None,
    verify: Verifier,
    altered: Container[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Story id -> what its evidence bundle fails on. Of stories that are served already nothing is asked again.

    Raises ValidationFailed when no new bundle passes: then it is not one story that is broken. Those `altered` by what
    was taken down may fail: they are not shown.
    """
    served = frozenset((*before["files"].values(), *str(before.get("seals", "")).split())) if before else frozenset()
    hashes: Mapping[str, str] = release.manifest(pages, {})["files"]
    found: dict[str, tuple[str, ...]] = {}
    asked = 0
    for path in sorted(pages):
        if not _bundled(path) or hashes[path] in served:
            continue
        if _sealed(pages[path]) not in served:  # else only what its page prints beside the story is new
            asked += 1
            bundle = json.loads(pages[path])
            if said := tuple(f"{path}: {problem}" for problem in verify(bundle)):
                found[str(bundle["story"]["id"])] = said
    if found and len(found) == asked and not all(story in altered for story in found):
        hold([problem for story in sorted(found) for problem in found[story]])
    return found


def _bundled(path: str) -> bool:
    return path.startswith("stories/") and path.endswith("/story.json")


def _sealed(bundle: bytes) -> str:
    """The seal of a bundle, which is the hash of its story, without reading all of it."""
    found = _SEAL.search(bundle)
    return found[1].decode() if found else ""


def withhold(edition: Edition, refused: Container[str]) -> Edition:
    """The edition without the versions that failed; an earlier version of the same story stays up in their place."""
    return replace(edition, stories=tuple(story for story in edition.stories if story.id not in refused))


def _failures(refused: Mapping[str, Sequence[str]]) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            subject=story,
            what=f"its evidence bundle does not verify: {'; '.join(refused[story][:3])}",
            consequence="this version is not shown; the one before it stays up",
            remedy="this is a fault of the program: report it with the run report",
        )
        for story in sorted(refused)
    )


def problems(pages: Mapping[str, bytes], edition: Edition, before: Mapping[str, Any] | None) -> tuple[str, ...]:
    """All that keeps `pages` from being shown: faults of the pages, and a site that shrank."""
    found = list(check(pages, edition.settings.site.name, lambda: strange(edition)))
    now, was = _pages(pages), _pages(before["files"] if before else ())
    limit = edition.settings.publish.shrink_limit
    if now < limit * was:
        found.append(f"the site would shrink from {was} to {now} pages, below the limit of {limit:.0%}")
    return tuple(found)


def strange(edition: Edition) -> Iterator[str]:
    """Every text in what an edition was made from: what a page shows of it was left by no template."""
    told = (edition.stories, edition.topics, edition.signals, edition.corrections, edition.tombstones)
    kept = (edition.records, edition.claims, edition.storylines, edition.health)
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


def _pages(paths: Iterable[str]) -> int:
    return sum(1 for path in paths if path.endswith(".html"))


def hold(found: Sequence[str]) -> None:
    """Raises ValidationFailed that lists `found`, if there is anything."""
    if found:
        lines = "\n  ".join(found)
        raise ValidationFailed(
            f"the new site failed {len(found)} checks and is not shown; the old one stays up:\n  {lines}"
        )


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
        featured=featured(claims, store.entities, store.namings),
    )


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
    content = [
        edition.settings.fingerprint(),
        sorted((source.name, source.kind) for source in edition.settings.sources),
        [to_json(story) for story in sorted(edition.stories, key=lambda story: story.id)],
        [to_json(edition.storylines[key]) for key in sorted(edition.storylines)],
        [to_json(one) for key in sorted(edition.findings) for one in edition.findings[key]],
        [to_json(edition.rankings[key]) for key in sorted(edition.rankings)],
        to_json(edition.featured),
        [to_json(one) for one in (*edition.corrections, *edition.tombstones)],
        [to_json(signal) for signal in sorted(edition.signals, key=lambda signal: signal.id)],
        [to_json(_timeless(topic)) for topic in edition.topics],
        [(name, resources.text("templates", name)) for name in resources.names("templates")],
        sorted((name, health.ok, health.silent, bool(health.quarantined)) for name, health in edition.health.items()),
    ]
    return digest("edition", __version__, json.dumps(content, sort_keys=True, ensure_ascii=False), size=32)


def _timeless(topic: TopicAnswer) -> TopicAnswer:
    """A topic's answer without what changes by being asked again."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    return replace(topic, asked=long_ago, searched=(), since=None, new_records=(), pages="", aside=(), set_aside=0)


def facts(edition: Edition, inputs: str) -> dict[str, str]:
    """What the manifest says of its release."""
    return {
        "edition": edition.now.date().isoformat(),
        "now": edition.now.isoformat(),
        "inputs": inputs,
        "settings": edition.settings.fingerprint(),
        "version": __version__,
    }
