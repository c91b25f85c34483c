"""`story.json` beside each version: its evidence bundle; the schema that describes it; and archives to take them all.

An archive holds the bundles of one night, a line each (JSON Lines, gzip): without what their pages print around the
story, so that it is the same for ever, unless a version is withdrawn. `citewire verify` reads it as it is.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.amends import Tombstone
from pipeline.bundles.bundle import schema, to_bundle, to_tombstone
from pipeline.domain import Story, digest
from pipeline.edition import Edition, Page
from pipeline.renderers.around import around
from pipeline.renderers.corrections_view import grave
from pipeline.renderers.places import Places
from pipeline.renderers.resting import Resting
from pipeline.serial import dumps, pretty


def render(edition: Edition) -> Iterator[Page]:
    """One bundle per version, of withdrawn ones what remains of it, and `schema/story.json`."""
    places = Places.of(edition)
    resting = Resting.of(edition, places)
    for versions in places.versions.values():
        for story in versions:
            bundle = partial(_bundle, story, edition, places)
            yield Page(f"{places.folder(story)}/story.json", bundle, resting.story(story))
    for tomb in edition.tombstones:
        yield Page(f"{grave(tomb, edition)}/story.json", partial(_tombstone, tomb))
    yield Page("schema/story.json", lambda: _json(schema()))
    for _, path, stories, tombs in archives(edition):
        marks = [edition.remember("mark", partial(_mark, story), story.id) for story in stories]
        marks += [tomb.seal for tomb in tombs]
        yield Page(path, partial(_archive, stories, tombs), digest("archive", *marks, size=32))


Archive = tuple[str, str, Sequence[Story], Sequence[Tombstone]]


def archives(edition: Edition) -> tuple[Archive, ...]:
    """Night, address, versions and remains of withdrawn ones of each archive of bundles, oldest first."""
    nights: dict[str, tuple[list[Story], list[Tombstone]]] = defaultdict(lambda: ([], []))
    for story in sorted(edition.stories, key=lambda one: (one.slug, one.version)):
        nights[story.written.date().isoformat()][0].append(story)
    for tomb in sorted(edition.tombstones, key=lambda one: (one.slug, one.version)):
        nights[tomb.written.date().isoformat()][1].append(tomb)
    return tuple((night, f"bundles/{night}.jsonl.gz", *nights[night]) for night in sorted(nights))


def _archive(stories: Sequence[Story], tombs: Sequence[Tombstone]) -> bytes:
    bundles = [*map(to_bundle, stories), *map(to_tombstone, tombs)]
    return gzip.compress("".join(f"{dumps(one)}\n" for one in bundles).encode(), compresslevel=6, mtime=0)


def _mark(story: Story) -> str:
    """A digest of all that may ever differ in a version under its id: what is left out of it as it names people."""
    texts = [story.id, story.headline.text, story.dek.text if story.dek else "", story.short_title]
    texts += [s.text for section in story.sections for paragraph in section.paragraphs for s in paragraph]
    texts += [part for one in story.dropped for part in (one.text, one.text_hash)]
    texts += [part for r in story.records for part in (r.content_hash, r.url or "", r.title, r.author or "")]
    return digest("version", *texts, *(citation.key for citation in story.citations), size=32)


def _bundle(story: Story, edition: Edition, places: Places) -> bytes:
    return _json(to_bundle(story, around(story, edition, places)))


def _tombstone(tomb: Tombstone) -> bytes:
    return _json(to_tombstone(tomb))


def _json(value: Mapping[str, Any]) -> bytes:
    return f"{pretty(value)}\n".encode()
