"""Which feeds a site has, and what stands in each: the site, beats, storylines, entities, topics, corrections."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipeline.amends import Tombstone
from pipeline.domain import Sentence, Story, StoryKind, digest
from pipeline.edition import Edition, TopicAnswer
from pipeline.renderers.corrections_view import PAGE, grave, last_tombs, log, shown, touched
from pipeline.renderers.feeds.model import MOST, Entry, Feed, Planned, beside
from pipeline.renderers.phrases import KINDS, day
from pipeline.renderers.places import Places
from pipeline.renderers.printing import printable
from pipeline.renderers.resting import Resting

SPACE = uuid.UUID("5c9f0c1e-6f0d-5d0b-9a53-0d6c3a2f7b41")  # the name space of Citewire's ids (RFC 4122, version 5)
_LONG = frozenset({StoryKind.LEAD, StoryKind.STORY, StoryKind.BEAT, StoryKind.ENTITY})  # told in a feed by key points


def entry_id(story: Story | Tombstone) -> str:
    """The stable id of a story's entry, the same for all of its versions, withdrawn or not."""
    return _urn(f"story:{story.storyline_id}:{story.slug}")


def _urn(name: str) -> str:
    return uuid.uuid5(SPACE, printable(name)).urn


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry before it is made: when it last changed, and a digest of all that it depends on."""

    updated: datetime
    mark: str
    make: Callable[[], Entry]


def feeds(edition: Edition) -> Iterator[Planned]:
    """Every feed of the site, one after the other."""
    return _Desk(edition).feeds()


class _Desk:
    """Plans the feeds of one edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.places = edition, Places.of(edition)
        self.resting = Resting.of(edition, self.places)
        self.began = min((story.written for story in edition.stories), default=edition.now)
        self.amended = bool(shown(edition))
        self.items: dict[str, _Item] = {}

    def feeds(self) -> Iterator[Planned]:
        places, site = self.places, self.edition.settings.site
        tombs = last_tombs(self.edition)
        every = (*places.live, *places.briefings.values())
        yield self.feed("", site.name, [*map(self.item, every), *map(self.withdrawn, tombs)])
        for beat, folder in places.beats.items():
            of_beat = [self.item(story) for story in places.live if beat == story.beat or beat in story.beats]
            gone = [self.withdrawn(tomb) for tomb in tombs if tomb.beat == beat]
            yield self.feed(f"beats/{folder}", f"{beat} – {site.name}", [*of_beat, *gone])
        yield from self.storylines(tombs)
        for key, folder in places.entities.items():
            name = self.edition.featured.entities[key].name
            named = [self.item(story) for story in places.by_entity[key]]
            yield self.feed(f"entities/{folder}", f"{name} – {site.name}", named)
        for topic in self.edition.topics:
            folder = places.topic(topic).removesuffix("/index.html")
            yield self.feed(folder, f"{topic.query} – {site.name}", map(_ready, self.answer(topic)))
        yield self.feed("corrections", f"Corrections – {site.name}", map(_ready, self.corrections()))

    def storylines(self, tombs: Sequence[Tombstone]) -> Iterator[Planned]:
        """A feed of each storyline that a story is about, or was until it was withdrawn."""
        gone: dict[str, list[_Item]] = {}
        for tomb in tombs:
            gone.setdefault(tomb.storyline_id, []).append(self.withdrawn(tomb))
        for line in dict.fromkeys((*self.places.by_storyline, *gone)):
            stories = self.places.by_storyline.get(line, ())
            label = self.edition.storylines[line].label or stories[0].short_title if stories else "Withdrawn"
            entries = [*self.versions(stories), *gone.get(line, ())]
            yield self.feed(f"storylines/{line}", f"{label} – {self.edition.settings.site.name}", entries)

    def feed(self, folder: str, title: str, items: Iterable[_Item]) -> Planned:
        """The feed beside the page in `folder`, of its newest entries; of one time in the order they are given in."""
        newest = sorted(items, key=_updated, reverse=True)[:MOST]
        updated = newest[0].updated if newest else self.began
        mark = digest("feed", title, updated.isoformat(), *(one.mark for one in newest), size=32)
        return Planned(folder, self.resting.framed(mark), partial(self.made, folder, title, updated, newest))

    def made(self, folder: str, title: str, updated: datetime, items: Iterable[_Item]) -> Feed:
        """A feed with its entries."""
        site = self.edition.settings.site
        return Feed(
            folder=folder,
            id=_urn(f"feed:{site.name}:{beside(folder, 'feed.xml')}"),
            title=title,
            subtitle=site.description,
            site=site.name,
            base=site.url.rstrip("/"),
            lang=site.lang,
            updated=updated,
            entries=tuple(one.make() for one in items),
        )

    def touched(self, story: Story) -> datetime:
        """When a version, or what is said of it, last changed."""
        return touched(story, self.edition, self.places) if self.amended else story.written

    def item(self, story: Story) -> _Item:
        """The entry of a story, whichever version is its latest."""
        if story.id not in self.items:
            self.items[story.id] = _Item(self.touched(story), self.resting.story(story), partial(self.entry, story))
        return self.items[story.id]

    def entry(self, story: Story) -> Entry:
        """The same, made."""
        return self.told(story, entry_id(story), self.text(story), self.touched(story))

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

    def versions(self, stories: Sequence[Story]) -> Iterator[_Item]:
        """A storyline told on: one entry for each version of its stories, with what that version brought."""
        for live in stories:
            for story in self.places.versions[live.slug]:
                updated = self.touched(story) if story.id == live.id else story.written
                yield _Item(updated, f"each {self.resting.story(story)}", partial(self.version, story, updated))

    def version(self, story: Story, updated: datetime) -> Entry:
        """One version by itself."""
        key = _urn(f"version:{story.storyline_id}:{story.slug}:{story.version}")
        news = self.text(story, ("changed",)) if story.version > 1 else ""
        return self.told(story, key, news or self.text(story), updated, each=True)

    def text(self, story: Story, roles: Sequence[str] = ()) -> str:
        """What an entry says of a version, or the parts of it that have these roles."""
        said: str = self.edition.remember(f"feed {' '.join(roles)}", lambda: _told(story, roles), story.id)
        return said

    def withdrawn(self, tomb: Tombstone) -> _Item:
        """The entry of a story of which nothing stands: readers that hold its text are told to let it go."""
        page = f"{grave(tomb, self.edition)}/index.html"
        return _ready(Entry(entry_id(tomb), "Withdrawn", page, tomb.written, tomb.at, tomb.why))

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


def _ready(entry: Entry) -> _Item:
    return _Item(entry.updated, digest("entry", repr(entry), size=32), partial(_same, entry))


def _same(entry: Entry) -> Entry:
    return entry


def _updated(item: _Item) -> datetime:
    return item.updated


def _told(story: Story, roles: Sequence[str]) -> str:
    """The parts of a story with these roles; where none is named key points and what changed, of a short one all."""
    return _paragraphs(story, roles or (("takeaways", "changed") if story.kind in _LONG else ("body",)))


def _paragraphs(story: Story, roles: Sequence[str]) -> str:
    return _joined([p for section in story.sections if section.role in roles for p in section.paragraphs])


def _joined(paragraphs: Iterable[Sequence[Sentence]]) -> str:
    return "\n\n".join(" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs)
