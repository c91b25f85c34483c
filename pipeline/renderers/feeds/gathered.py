"""Which feeds a site has, and what stands in each: the site, beats, storylines, entities, topics, corrections."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from pipeline.amends import Tombstone
from pipeline.domain import Sentence, Story, StoryKind, digest
from pipeline.edition import Edition, TopicAnswer
from pipeline.renderers.corrections_view import PAGE, grave, last_tombs, log, shown, touched
from pipeline.renderers.feeds.model import MOST, Entry, Feed
from pipeline.renderers.phrases import KINDS, day
from pipeline.renderers.places import Places
from pipeline.renderers.printing import printable

SPACE = uuid.UUID("5c9f0c1e-6f0d-5d0b-9a53-0d6c3a2f7b41")  # the name space of Citewire's ids (RFC 4122, version 5)
_LONG = frozenset({StoryKind.LEAD, StoryKind.STORY, StoryKind.BEAT, StoryKind.ENTITY})  # told in a feed by key points


def entry_id(story: Story | Tombstone) -> str:
    """The stable id of a story's entry, the same for all of its versions, withdrawn or not."""
    return _urn(f"story:{story.storyline_id}:{story.slug}")


def _urn(name: str) -> str:
    return uuid.uuid5(SPACE, printable(name)).urn


def feeds(edition: Edition) -> Iterator[Feed]:
    """Every feed of the site, one after the other."""
    return _Desk(edition).feeds()


class _Desk:
    """Makes feeds of one edition; each story's entry is made once."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.places = edition, Places.of(edition)
        self.began = min((story.written for story in edition.stories), default=edition.now)
        self.amended = bool(shown(edition))
        self.made: dict[str, Entry] = {}

    def feeds(self) -> Iterator[Feed]:
        places, site = self.places, self.edition.settings.site
        tombs = last_tombs(self.edition)
        every = (*places.live, *places.briefings.values())
        yield self.feed("", site.name, [*map(self.entry, every), *map(self.withdrawn, tombs)])
        for beat, folder in places.beats.items():
            of_beat = [self.entry(story) for story in places.live if beat == story.beat or beat in story.beats]
            gone = [self.withdrawn(tomb) for tomb in tombs if tomb.beat == beat]
            yield self.feed(f"beats/{folder}", f"{beat} – {site.name}", [*of_beat, *gone])
        yield from self.storylines(tombs)
        for key, folder in places.entities.items():
            name = self.edition.featured.entities[key].name
            named = [self.entry(story) for story in places.by_entity[key]]
            yield self.feed(f"entities/{folder}", f"{name} – {site.name}", named)
        for topic in self.edition.topics:
            folder = places.topic(topic).removesuffix("/index.html")
            yield self.feed(folder, f"{topic.query} – {site.name}", self.answer(topic))
        yield self.feed("corrections", f"Corrections – {site.name}", self.corrections())

    def storylines(self, tombs: Sequence[Tombstone]) -> Iterator[Feed]:
        """A feed of each storyline that a story is about, or was until it was withdrawn."""
        gone: dict[str, list[Entry]] = {}
        for tomb in tombs:
            gone.setdefault(tomb.storyline_id, []).append(self.withdrawn(tomb))
        for line in dict.fromkeys((*self.places.by_storyline, *gone)):
            stories = self.places.by_storyline.get(line, ())
            label = self.edition.storylines[line].label or stories[0].short_title if stories else "Withdrawn"
            entries = [*self.versions(stories), *gone.get(line, ())]
            yield self.feed(f"storylines/{line}", f"{label} – {self.edition.settings.site.name}", entries)

    def feed(self, folder: str, title: str, entries: Iterable[Entry]) -> Feed:
        """The feed beside the page in `folder`, of its newest entries; of one time in the order they are given in."""
        site = self.edition.settings.site
        newest = sorted(entries, key=lambda one: one.updated, reverse=True)[:MOST]
        path = f"{folder}/feed.xml" if folder else "feed.xml"
        return Feed(
            folder=folder,
            id=_urn(f"feed:{site.name}:{path}"),
            title=title,
            subtitle=site.description,
            site=site.name,
            base=site.url.rstrip("/"),
            lang=site.lang,
            updated=newest[0].updated if newest else self.began,
            entries=tuple(newest),
        )

    def touched(self, story: Story) -> datetime:
        """When a version, or what is said of it, last changed."""
        return touched(story, self.edition, self.places) if self.amended else story.written

    def entry(self, story: Story) -> Entry:
        """The entry of a story, whichever version is its latest."""
        if story.id not in self.made:
            self.made[story.id] = self.told(story, entry_id(story), self.text(story), self.touched(story))
        return self.made[story.id]

    def told(self, story: Story, key: str, text: str, updated: datetime, *, each: bool = False) -> Entry:
        """An entry about one version; `each`: of that version alone, published when it was written."""
        folder = self.places.folder(story)
        first = self.places.versions[story.slug][0]
        return Entry(
            id=key,
            title=story.headline.text,
            page=self.places.story(story),
            published=story.written if each else first.written,
            updated=updated,
            text=text or story.headline.text,
            summary=story.variants.card or (story.dek.text if story.dek else ""),
            lang=story.lang,
            beats=tuple(dict.fromkeys((story.beat, *story.beats))),
            kind=story.kind.value,
            says=KINDS[story.kind],
            version=story.version,
            bundle=f"{folder}/story.json",
        )

    def versions(self, stories: Sequence[Story]) -> Iterator[Entry]:
        """A storyline told on: one entry for each version of its stories, with what that version brought."""
        for live in stories:
            for story in self.places.versions[live.slug]:
                key = _urn(f"version:{story.storyline_id}:{story.slug}:{story.version}")
                updated = self.touched(story) if story.id == live.id else story.written
                news = self.text(story, ("changed",)) if story.version > 1 else ""
                yield self.told(story, key, news or self.text(story), updated, each=True)

    def text(self, story: Story, roles: Sequence[str] = ()) -> str:
        """What an entry says of a version, or the parts of it that have these roles."""
        said: str = self.edition.remember(f"feed {' '.join(roles)}", lambda: _told(story, roles), story.id)
        return said

    def withdrawn(self, tomb: Tombstone) -> Entry:
        """The entry of a story of which nothing stands: readers that hold its text are told to let it go."""
        page = f"{grave(tomb, self.edition)}/index.html"
        return Entry(entry_id(tomb), "Withdrawn", page, tomb.written, tomb.at, tomb.why)

    def answer(self, topic: TopicAnswer) -> list[Entry]:
        """The standing answer, as a new entry whenever its sentences or their evidence change; none without text."""
        if not topic.sentences:
            return []
        said = [part for sentence in topic.sentences for part in (sentence.text, *sentence.citations)]
        learnt = max((record.fetched for record in topic.records), default=topic.asked)
        return [
            Entry(
                id=_urn(f"topic:{topic.query}:{digest('answer', *said)}"),
                title=f"{topic.title or topic.query}, {day(learnt.date())}",
                page=self.places.topic(topic),
                published=learnt,
                updated=learnt,
                text=_joined([paragraph for section in topic.sections for paragraph in section.paragraphs]),
                lang=topic.lang,
            )
        ]

    def corrections(self) -> list[Entry]:
        """The public log."""
        when = {entry.id: entry.at for entry in self.edition.corrections}
        return [
            Entry(
                id=_urn(f"correction:{one.anchor}"),
                title=one.head,
                page=f"{PAGE}#{one.anchor}",
                published=when[one.anchor],
                updated=when[one.anchor],
                text=one.why,
            )
            for one in log(self.edition, self.places)
        ]


def _told(story: Story, roles: Sequence[str]) -> str:
    """The parts of a story with these roles; where none is named key points and what changed, of a short one all."""
    return _paragraphs(story, roles or (("takeaways", "changed") if story.kind in _LONG else ("body",)))


def _paragraphs(story: Story, roles: Sequence[str]) -> str:
    return _joined([p for section in story.sections if section.role in roles for p in section.paragraphs])


def _joined(paragraphs: Iterable[Sequence[Sentence]]) -> str:
    return "\n\n".join(" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs)
