"""The rows of the catalogue, gathered from an edition. Every row is a pure function of what it is about.

Those of stories and storylines are made when their part is written; a digest of what they depend on stands for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pipeline.domain import Signal, Story, Storyline, digest
from pipeline.edition import Edition
from pipeline.renderers.catalogue.nouns import (
    BeatRow,
    CorrectionRow,
    EditionRow,
    EntityRow,
    Files,
    SignalRow,
    SourceRow,
    StorylineRow,
    StoryRow,
    TopicRow,
    VersionRow,
)
from pipeline.renderers.corrections_view import PAGE, concerning, grave, last_tombs, shown
from pipeline.renderers.places import Places
from pipeline.renderers.plain.forms import MARKDOWN, TEXT, beside
from pipeline.renderers.printing import printable
from pipeline.renderers.resting import Resting
from pipeline.renderers.sources_view import sources_page
from pipeline.sourcing.opml import public
from pipeline.status import shown as status


@dataclass(frozen=True, slots=True)
class Row:
    """A row before it is made: the time that it stands under ("" for none), a digest of what it depends on."""

    when: str
    mark: str
    make: Callable[[], Any]


def ready(row: object, when: datetime | str = "") -> Row:
    """A row that is made already."""
    return Row(when if isinstance(when, str) else _moment(when), digest("row", repr(row), size=32), partial(_same, row))


def _same(row: object) -> object:
    return row


def _moment(when: datetime) -> str:
    """A time as text, in the order of time."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def files(page: str, *, feeds: bool = False) -> Files:
    """The forms of the page at an address."""
    folder = page.removesuffix("index.html")
    more = (f"{folder}feed.xml", f"{folder}feed.json") if feeds else ("", "")
    return Files(page, beside(page, MARKDOWN), beside(page, TEXT), *more)


class Gathered:
    """The rows of one edition, each kind in the order in which it is listed."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.places = edition, Places.of(edition)
        self.resting = Resting.of(edition, self.places)
        self.amended = bool(edition.corrections or edition.tombstones)

    def stories(self) -> Iterator[Row]:
        """Every story under whose address something stands or stood, by its first version."""
        found: list[tuple[str, str, Row]] = []
        buried = {tomb.slug for tomb in self.edition.tombstones}
        for slug, versions in self.places.versions.items():
            tombs = self._tombs(slug) if slug in buried else []
            when = _moment(min([one.written for one in versions] + [one.written for one in tombs]))
            mark = " ".join([self.resting.story(one) for one in versions])
            found.append((when, slug, Row(when, mark, partial(self._story, slug, versions))))
        for slug in sorted({tomb.slug for tomb in last_tombs(self.edition)}):
            row = self._withdrawn(slug)
            found.append((_moment(row.first), slug, ready(row, row.first)))
        yield from (row for *_, row in sorted(found, key=lambda one: one[:2]))

    def _story(self, slug: str, versions: tuple[Story, ...]) -> StoryRow:
        told = versions[-1]
        log = concerning(told, self.edition, self.places) if self.amended else ()
        rows = [self._version(one) for one in versions] + (self._tombs(slug) if self.amended else [])
        return StoryRow(
            slug=slug,
            storyline=told.storyline_id,
            kind=told.kind.value,
            beat=printable(told.beat),
            beats=tuple(map(printable, told.beats)),
            lang=told.lang,
            headline=printable(told.headline.text),
            summary=printable(told.variants.card or (told.dek.text if told.dek else "")),
            status=status(told, self.edition.now).value,
            first=min(row.written for row in rows),
            updated=max([told.written, *(entry.at for entry in log)]),
            records=told.counts.records,
            origins=told.counts.origins,
            platforms=told.counts.platforms,
            corrections=tuple(entry.id for entry in log),
            versions=tuple(sorted(rows, key=lambda row: row.version)),
        )

    def _version(self, story: Story) -> VersionRow:
        folder = self.places.folder(story)
        page = files(f"{folder}/index.html")
        headline = printable(story.headline.text)
        return VersionRow(story.id, story.version, story.written, headline, page, f"{folder}/story.json")

    def _tombs(self, slug: str) -> list[VersionRow]:
        found = []
        for tomb in self.edition.tombstones:
            if tomb.slug == slug:
                folder = grave(tomb, self.edition)
                page = files(f"{folder}/index.html")
                why = printable(tomb.why)
                found.append(
                    VersionRow(tomb.story_id, tomb.version, tomb.written, "", page, f"{folder}/story.json", why)
                )
        return found

    def _withdrawn(self, slug: str) -> StoryRow:
        rows = sorted(self._tombs(slug), key=lambda row: row.version)
        last = next(tomb for tomb in last_tombs(self.edition) if tomb.slug == slug)
        log = tuple(dict.fromkeys(tomb.correction for tomb in self.edition.tombstones if tomb.slug == slug))
        return StoryRow(
            slug=slug, storyline=last.storyline_id, kind="withdrawn", beat=printable(last.beat), beats=(),
            lang=last.lang, headline="", summary="", status="withdrawn", first=rows[0].written, updated=last.at,
            records=0, origins=0, platforms=(), corrections=log, versions=tuple(rows),
        )  # fmt: skip

    def storylines(self) -> Iterator[Row]:
        """Every storyline that a live story is about, by when it was founded."""
        lines = [(self.edition.storylines[key], stories) for key, stories in self.places.by_storyline.items()]
        for line, stories in sorted(lines, key=lambda one: (one[0].founded, one[0].id)):
            mark = " ".join((self.resting.line(line), *(story.slug for story in stories)))
            yield Row(_moment(line.founded), mark, partial(self._storyline, line, stories))

    def _storyline(self, line: Storyline, stories: tuple[Story, ...]) -> StorylineRow:
        return StorylineRow(
            id=line.id,
            label=printable(line.label),
            beats=tuple(map(printable, line.beats)),
            founded=line.founded,
            updated=line.updated,
            parent=line.parent,
            merged_into=line.merged_into,
            records=len(line.record_ids),
            claims=len(line.claim_ids),
            findings=self.edition.remember("findings", partial(self._findings, line.id), line.id),
            stories=tuple(sorted(story.slug for story in stories)),
            files=files(f"storylines/{line.id}/index.html", feeds=True),
        )

    def _findings(self, line: str) -> int:
        return len(self.edition.findings.get(line, ()))

    def signals(self) -> Iterator[Row]:
        """Every signal, fired or held, by its window."""
        for one in sorted(self.edition.signals, key=lambda one: (one.window_end, one.id)):
            row = SignalRow(
                id=one.id,
                kind=one.kind,
                about=one.about,
                subject=printable(one.subject),
                summary=printable(one.summary),
                severity=one.severity,
                score=one.score,
                baseline=one.baseline,
                threshold=one.threshold,
                n=one.n,
                confidence=one.confidence,
                held=None if one.held is None else printable(one.held),
                window_start=one.window_start,
                window_end=one.window_end,
                evidence=_shares(one),
                page=self.places.storyline(one.subject) or self.places.beat(one.subject) or "",
            )
            yield ready(row, one.window_end)

    def beats(self) -> Iterator[Row]:
        """Every beat, in the order of the site."""
        known = {beat.name: beat for beat in self.edition.settings.beats}
        for name, folder in self.places.beats.items():
            told = sum(name == story.beat or name in story.beats for story in self.places.live)
            beat, page = known.get(name), files(f"beats/{folder}/index.html", feeds=True)
            description, lang = (beat.description, beat.lang) if beat else ("", "")
            yield ready(BeatRow(printable(name), printable(description), lang, told, page))

    def entities(self) -> Iterator[Row]:
        """Every entity that has a page, by id."""
        for key, folder in sorted(self.places.entities.items()):
            one, page = self.edition.featured.entities[key], files(f"entities/{folder}/index.html", feeds=True)
            yield ready(EntityRow(key, printable(one.name), one.kind, len(self.places.by_entity[key]), page))

    def topics(self) -> Iterator[Row]:
        """Every standing question."""
        for topic in self.edition.topics:
            page = files(self.places.topic(topic), feeds=True)
            named = (printable(topic.query), printable(topic.title))
            yield ready(TopicRow(*named, len(topic.records), topic.origins, page))

    def sources(self) -> Iterator[Row]:
        """Every configured source, by name; nothing of an address that is not for everybody."""
        states = {line.name: line.status for line in sources_page(self.edition, self.places).sources}
        for source in sorted(self.edition.settings.configured_sources(), key=lambda source: source.name.casefold()):
            health = self.edition.health.get(source.name)
            row = SourceRow(
                name=printable(source.name),
                kind=source.kind,
                address=public(source),
                beat=printable(source.beat or ""),
                owner=printable(source.owner or ""),
                country=printable(source.country or ""),
                lang=printable(source.lang or ""),
                status=states.get(source.name, ""),
                last_success=health.last_success if health else None,
                last_item=health.last_item if health else None,
            )
            yield ready(row)

    def editions(self, archives: Mapping[str, str]) -> Iterator[Row]:
        """Every night, oldest first; `archives`: night -> the archive of its bundles."""
        for when, stories in sorted(self.places.by_day.items()):
            night = when.isoformat()
            told = tuple(f"{story.slug}/v{story.version}" for story in stories)
            yield ready(EditionRow(night, told, archives.get(night, ""), files(self.places.edition(when))), night)

    def corrections(self) -> Iterator[Row]:
        """The public log, oldest first."""
        for one in reversed(shown(self.edition)):
            concerned = tuple(dict.fromkeys((*one.successors, *one.stories, *one.withdrawn)))
            told = (one.id, one.kind.value, one.what, one.at, printable(one.why), printable(one.text), one.by)
            yield ready(CorrectionRow(*told, concerned, f"{PAGE}#{one.id}"), one.at)


def _shares(signal: Signal) -> dict[str, float]:
    """The evidence of a signal: id -> its share of the score; the note of a row is for its page."""
    found: dict[str, float] = {}
    for row in signal.evidence:
        found[row.id] = round(found.get(row.id, 0.0) + row.weight, 6)
    return found
