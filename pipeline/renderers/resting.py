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
from datetime import date

from pipeline.domain import Entity, Record, Signal, Story, StoryKind, Storyline
from pipeline.edition import Edition
from pipeline.renderers.around import around, buried, kin_lines, near
from pipeline.renderers.corrections_view import concerning
from pipeline.renderers.entity_kin import Circle
from pipeline.renderers.entity_view import rests_on
from pipeline.renderers.linking import linked_of
from pipeline.renderers.places import Places
from pipeline.renderers.wire_view import subject_of
from pipeline.status import shown


def digest_of(*parts: object) -> str:
    """Hex digest of values by what they print as, which of nouns is all that they hold."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Resting:
    """What pages of one edition rest on; each answer is worked out once."""

    def __init__(self, edition: Edition, places: Places) -> None:
        self._edition, self._places = edition, places
        self._stories: dict[str, str] = {}
        self._signals: dict[str, list[Signal]] = defaultdict(list)
        self._measured: dict[date, list[Signal]] = defaultdict(list)
        for signal in edition.signals:
            self._signals[signal.subject].append(signal)
            self._measured[signal.window_end.date()].append(signal)
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
            beside = self._beside(story) if story.id in self._edition.tokens else self._around(story)
            self._stories[story.id] = digest_of(self._frame, story.id, self._places.folder(story), beside)
        return self._stories[story.id]

    def _around(self, story: Story) -> object:
        return around(story, self._edition, self._places)

    def _beside(self, story: Story) -> object:
        """All that `around` gathers, by digests of it: nothing that would have to be read."""
        edition, places = self._edition, self._places
        lines, conflicts = kin_lines(story, edition, places), edition.conflicts.get(story.id, ())
        others = sorted(near(story, places, lines, conflicts).items())
        told = places.by_day.get(story.written.date(), ()) if story.kind is StoryKind.BRIEFING else ()
        return (
            [edition.tokens.get(key) for key in (story.id, story.storyline_id)],
            shown(story, edition.now) is not story.status,
            [(key, places.story(other)) for key, other in others],
            [(one.id, places.story(one)) for one in told],
            lines,
            concerning(story, edition, places),
            buried(story, edition),
            conflicts,
            linked_of(story, edition, places),
        )

    def history(self, slug: str) -> str:
        """What the page about all versions of a story rests on."""
        return digest_of("history", [self.story(story) for story in self._places.versions[slug]])

    def line(self, line: Storyline) -> str:
        """Digest of all that belongs to a storyline itself."""
        known = self._edition.tokens.get(line.id)
        return known if known is not None else digest_of(self._held(line))

    def storyline(self, line: Storyline) -> str:
        """What the page of a storyline rests on."""
        edition = self._edition
        return digest_of(
            self._frame,
            self.line(line),
            edition.rankings.get(line.id),
            self._signals[line.id],
            list(self._told(line)),
        )

    def _held(self, line: Storyline) -> object:
        """All that belongs to a storyline."""
        edition = self._edition
        findings = edition.findings.get(line.id, ())
        sides = [claim for one in findings for dispute in one.disputes for claim in (dispute.a, dispute.b)]
        keys = dict.fromkeys((*line.claim_ids, *(claim for one in findings for claim in one.claim_ids), *sides))
        claims = [edition.claims[key] for key in keys if key in edition.claims]
        read = dict.fromkeys((*line.record_ids, *(claim.record_id for claim in claims)))
        records = [edition.records[key] for key in read if key in edition.records]
        origins = {claim.origin_id for claim in claims if claim.origin_id} | {edition.origins.get(key) for key in read}
        return (
            line,
            findings,
            edition.memberships.get(line.id, ()),
            claims,
            [_head(record) for record in records],
            [(key, edition.origins.get(key)) for key in read],
            [(key, edition.voices.get(key)) for key in sorted(filter(None, origins))],
        )

    def entity(self, key: str, circle: Circle) -> str:
        """What the page of an entity rests on."""
        edition, places = self._edition, self._places
        if not edition.tokens:
            return digest_of(self._frame, rests_on(key, edition, places, circle), self._spoken(key, circle))
        claims, stories = edition.featured.claims[key], places.by_entity[key]
        lines = {edition.owners[claim] for claim in claims if claim in edition.owners}
        lines |= {story.storyline_id for story in stories}
        return digest_of(
            self._frame,
            [_named(edition.featured.entities[one]) for one in (key, *circle.merged.get(key, ()))],
            claims,
            [edition.tokens.get(line) for line in sorted(lines)],
            [(story.id, places.story(story)) for story in stories],
            circle.related(key, places),
            [(one, self.of_record(one.evidence.record_id)) for one in circle.sayings(key, edition)],
        )

    def _spoken(self, key: str, circle: Circle) -> object:
        """The records behind an entity's page, and its other names."""
        edition = self._edition
        records = {edition.claims[c].record_id for c in edition.featured.claims[key] if c in edition.claims}
        heads = [_head(edition.records[record]) for record in sorted(records) if record in edition.records]
        spoken = [(record, edition.origins.get(record)) for record in sorted(records)]
        return heads, spoken, circle.aliases(edition.featured.entities[key], edition)

    def of_record(self, key: str) -> str:
        """Digest of what a record or claim is, or shows, in an edition that knows its storylines by digests."""
        owner = self._edition.owners.get(key)
        return self._edition.tokens[owner] if owner else repr(self._edition.records.get(key))

    def night(self, when: date) -> str | None:
        """What the page of one night's edition rests on; None where that would have to be read."""
        edition, places = self._edition, self._places
        if not edition.tokens:
            return None
        stories, days = places.by_day[when], list(places.by_day)
        at = days.index(when)
        origins = sorted({origin for story in stories for _, origin, _ in edition.cited(story)})
        return digest_of(
            self._frame,
            [(self.story(story), places.beat(story.beat)) for story in stories],
            [(one, subject_of(one, edition, places)) for one in self._measured[when]],
            [(origin, edition.voices.get(origin)) for origin in origins],
            places.story(places.briefings[when]) if when in places.briefings else None,
            days[max(0, at - 1) : at + 2],
        )

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


def _named(entity: Entity) -> tuple[object, ...]:
    """What pages show of an entity."""
    return entity.key, entity.name, entity.kind, entity.roles, sorted(entity.names.items())


def _head(record: Record) -> tuple[object, ...]:
    """What pages show of a record: all but its text."""
    return (
        record.id, record.title, record.url, record.publisher, record.author, record.platform, record.source,
        record.published, record.fetched, record.lang, record.via, record.owner, record.kind, record.sample,
    )  # fmt: skip
