"""What the numerous pages rest on: digests of everything their bytes depend on, far cheaper than the pages.

A page of a story rests on the version, which never changes under its id, on what the page prints beside it (`around`),
and on what every page has in common: settings and navigation. Program, templates and the takedown file are counted in
for every page where pages are compared (pipeline/publishing/building.py). Whatever a page comes to show has to
be counted in here; `tests/publishing/test_building.py` holds a site that was built night by night against one
that was built at once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from pipeline.domain import Record, Signal, Story, Storyline
from pipeline.edition import Edition
from pipeline.renderers.around import around
from pipeline.renderers.entity_kin import Circle
from pipeline.renderers.entity_view import rests_on
from pipeline.renderers.places import Places


def digest_of(*parts: object) -> str:
    """Hex digest of values by what they print as, which of nouns is all that they hold."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Resting:
    """What pages of one edition rest on; each answer is worked out once."""

    def __init__(self, edition: Edition, places: Places) -> None:
        self._edition, self._places = edition, places
        self._stories: dict[str, str] = {}
        self._signals: dict[str, list[Signal]] = defaultdict(list)
        for signal in edition.signals:
            self._signals[signal.subject].append(signal)
        self._frame = digest_of(
            edition.settings.fingerprint(),
            [(source.name, source.kind) for source in edition.settings.sources],
            edition.sample,
            tuple(places.beats.items()),
            tuple(places.topics),
        )

    @classmethod
    def of(cls, edition: Edition, places: Places) -> Resting:
        """The one of an edition."""
        found: Resting = edition.memo.setdefault("resting", cls(edition, places))
        return found

    def story(self, story: Story) -> str:
        """What page, Markdown and bundle of a version rest on."""
        if story.id not in self._stories:
            beside = around(story, self._edition, self._places)
            self._stories[story.id] = digest_of(self._frame, story.id, self._places.folder(story), beside)
        return self._stories[story.id]

    def history(self, slug: str) -> str:
        """What the page about all versions of a story rests on."""
        return digest_of("history", [self.story(story) for story in self._places.versions[slug]])

    def storyline(self, line: Storyline) -> str:
        """What the page of a storyline rests on."""
        edition = self._edition
        findings = edition.findings.get(line.id, ())
        sides = [claim for one in findings for dispute in one.disputes for claim in (dispute.a, dispute.b)]
        keys = dict.fromkeys((*line.claim_ids, *(claim for one in findings for claim in one.claim_ids), *sides))
        claims = [edition.claims[key] for key in keys if key in edition.claims]
        read = dict.fromkeys((*line.record_ids, *(claim.record_id for claim in claims)))
        records = [edition.records[key] for key in read if key in edition.records]
        origins = {claim.origin_id for claim in claims if claim.origin_id} | {edition.origins.get(key) for key in read}
        return digest_of(
            self._frame,
            line,
            findings,
            edition.memberships.get(line.id, ()),
            claims,
            [_head(record) for record in records],
            [(key, edition.origins.get(key)) for key in read],
            [(key, edition.voices.get(key)) for key in sorted(filter(None, origins))],
            edition.rankings.get(line.id),
            self._signals[line.id],
            list(self._told(line)),
        )

    def entity(self, key: str, circle: Circle) -> str:
        """What the page of an entity rests on."""
        edition = self._edition
        records = {edition.claims[c].record_id for c in edition.featured.claims[key] if c in edition.claims}
        shown = [_head(edition.records[record]) for record in sorted(records) if record in edition.records]
        spoken = [(record, edition.origins.get(record)) for record in sorted(records)]
        aliases = circle.aliases(edition.featured.entities[key], edition)
        return digest_of(self._frame, rests_on(key, edition, self._places, circle), shown, spoken, aliases)

    def framed(self, mark: str) -> str:
        """What a page rests on that shows what `mark` is a digest of, in the frame of all pages."""
        return digest_of(self._frame, mark)

    def _told(self, line: Storyline) -> Iterator[str]:
        """The stories of a storyline and of those that it split from or into, or merged with."""
        kin = [key for key in (line.id, line.parent, line.merged_into) if key]
        kin += self._places.kin.get(line.id, ())
        for key in kin:
            other = self._edition.storylines.get(key)
            yield f"{key} {other.label if other else ''}"
            for live in self._places.by_storyline.get(key, ()):
                yield from (self.story(story) for story in self._places.versions[live.slug])


def _head(record: Record) -> tuple[object, ...]:
    """What pages show of a record: all but its text."""
    return (
        record.id, record.title, record.url, record.publisher, record.author, record.platform, record.source,
        record.published, record.fetched, record.lang, record.via, record.owner, record.kind, record.sample,
    )  # fmt: skip
