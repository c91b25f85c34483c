"""What can be found on the site: stories, storylines, entities, beats, pages of the desk, as documents of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, overload

from pipeline import resources, scripts
from pipeline.domain import Story, Storyline, digest
from pipeline.edition import Edition, Page
from pipeline.renderers import phrases
from pipeline.renderers.entity_view import KINDS
from pipeline.renderers.places import Places
from pipeline.renderers.search_index import Document, Segment, Words, contents

HEADLINE, HEAD, BODY, OUTLET = 8, 3, 1, 1  # what a word weighs in each part of a story
SHOWN = 220  # characters of a document that its result shows
NAMES, DESK = "names", "desk"  # segments of entities, and of what is neither story, storyline nor entity
_PAGES = (
    (
        "Methodology",
        "methodology/index.html",
        "How a night runs: settings, thresholds, models, the gate, quality figures",
    ),
    ("Sources", "sources/index.html", "Where the desk reads, and whether it could: health, share read and used"),
    ("Corrections", "corrections/index.html", "What was withdrawn, corrected or marked, when and why"),
    ("Archive", "archive/index.html", "Every edition by date"),
    ("Signals", "signals/index.html", "What was measured each night, fired and held"),
    ("Names", "entities/index.html", "Firms, places, laws and people in public life that stories name"),
    ("About", "about/index.html", "What this desk is, who runs it, that it is written by software, how to check it"),
)


def segments(edition: Edition, places: Places) -> tuple[Segment, ...]:
    """The segments of the index, so divided that a night changes few: months of stories and of storylines, the newest
    first, by when they were written and founded; names, in the order in which they came up; the pages of the desk."""
    months: dict[str, _Later] = defaultdict(_Later)
    for story in sorted(places.live, key=lambda one: one.slug):
        months[_month(story.written)].add(edition.tokens.get(story.id, ""), partial(_story, story, edition, places))
    for key in places.by_storyline:
        line = edition.storylines[key]
        told = _storyline(line, edition, places)
        months[_month(line.founded)].add(repr(told), partial(_same, told))
    found = [Segment(name, months[name], months[name].mark) for name in sorted(months, reverse=True)]
    return (*found, Segment(NAMES, list(_names(edition, places))), Segment(DESK, list(_desk(edition, places))))


class _Later(Sequence[Document]):
    """Documents that are made when they are asked for; `mark`: digest of what they follow from, "" where not known."""

    def __init__(self) -> None:
        self._makes: list[Callable[[], Document]] = []
        self._marks: list[str] = []

    def add(self, mark: str, make: Callable[[], Document]) -> None:
        """One more."""
        self._makes.append(make)
        self._marks.append(mark)

    @property
    def mark(self) -> str:
        return digest("documents", *self._marks, size=32) if all(self._marks) else ""

    def __len__(self) -> int:
        return len(self._makes)

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Document]: ...
    def __getitem__(self, at: int | slice) -> Document | Sequence[Document]:
        return [make() for make in self._makes[at]] if isinstance(at, slice) else self._makes[at]()


def _same(document: Document) -> Document:
    return document


def _month(when: datetime) -> str:
    return f"{when.year:04}-{when.month:02}"


def files(edition: Edition, places: Places) -> Iterator[Page]:
    """The files of the search: its script, what there is, and each segment's own."""
    found = segments(edition, places)
    told = lru_cache(maxsize=1)(_words_of)  # the files of one segment are asked for one after the other
    yield Page(scripts.SCRIPT, _script)
    yield Page("search/index.js", partial(contents, found))
    for segment in found:
        mark = segment.mark
        for name in segment.names():
            yield Page(f"search/{name}.js", partial(_file, segment, name, told), mark)


def _words_of(segment: Segment) -> Words:
    return segment.words()


def _file(segment: Segment, name: str, told: Callable[[Segment], Words]) -> bytes:
    return segment.file(name, told)


def _script() -> bytes:
    return resources.text("templates", "search.js").encode()


def _story(story: Story, edition: Edition, places: Places) -> Document:
    """A live story: its own words, and the outlets that it cites."""
    told = words_of(story, edition)
    dek = story.dek.text if story.dek else ""
    note = " · ".join((phrases.day(story.written.date()), story.beat, phrases.count(story.counts.origins, "origin")))
    fields = (
        (HEADLINE, f"{story.headline.text} {story.short_title}"),
        (HEAD, " ".join((dek, story.beat, *told["heads"]))),
        (BODY, told["body"]),
        (OUTLET, told["outlets"]),
    )
    text = _cut(story.variants.card or dek)
    return Document(places.story(story), story.headline.text, text, note, "Story", story.lang, fields)


def words_of(story: Story, edition: Edition) -> dict[str, Any]:
    """What is remembered of a version for the search."""
    told: dict[str, Any] = edition.remember("document", lambda: _words(story), story.id)
    return told


def _words(story: Story) -> dict[str, Any]:
    """The words of a version, as far as they are no head of it."""
    heads: list[str] = []
    bodies: list[str] = []
    for section in story.sections:
        said = " ".join(sentence.text for paragraph in section.paragraphs for sentence in paragraph)
        (heads if section.role == "takeaways" else bodies).append(f"{section.heading or ''} {said}")
    outlets = " ".join(dict.fromkeys(record.publisher or "" for record in story.records))
    return {"heads": heads, "body": " ".join(bodies), "outlets": outlets}


def _cut(text: str) -> str:
    """`text` up to a word's end near SHOWN characters."""
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _storyline(line: Storyline, edition: Edition, places: Places) -> Document:
    """A storyline by its label; when it moved is left out, for it would make the file anew each night."""
    label, since = places.label(line), f"since {phrases.day(line.founded.date())}"
    fields = ((HEADLINE, label), (HEAD, " ".join(line.beats)))
    lang = edition.settings.site.lang
    return Document(f"storylines/{line.id}/index.html", label, "", since, "Storyline", lang, fields)


def _names(edition: Edition, places: Places) -> Iterator[Document]:
    """Entities that have a page, the first that were met first, so that a new one stands at the end."""
    known = edition.featured.entities
    for key in sorted(places.entities, key=lambda one: (known[one].first_seen, one)):
        entity = known[key]
        kind = KINDS.get(entity.kind, KINDS["name"])[0]
        fields = ((2 * HEADLINE, entity.name), (HEAD, " ".join((*entity.names, *entity.roles, kind))))
        href = f"entities/{places.entities[key]}/index.html"
        yield Document(href, entity.name, "", kind, "Name", edition.settings.site.lang, fields)


def _desk(edition: Edition, places: Places) -> Iterator[Document]:
    """Everything else that has a page: beats, standing questions, the desk's own pages."""
    lang = edition.settings.site.lang
    described = {beat.name: beat.description for beat in edition.settings.beats}
    for name, folder in places.beats.items():
        text = described.get(name, "")
        yield Document(
            f"beats/{folder}/index.html", name, _cut(text), "", "Beat", lang, ((HEADLINE, name), (HEAD, text))
        )
    for topic in edition.topics:
        fields = ((HEADLINE, topic.query), (HEAD, topic.title))
        yield Document(places.topic(topic), topic.query, _cut(topic.title), "", "Standing question", lang, fields)
    for title, href, text in _PAGES:
        yield Document(href, title, text, "", "The desk", "en", ((HEADLINE, title), (HEAD, text)))
