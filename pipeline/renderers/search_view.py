"""What can be found on the site: stories, storylines, entities, beats, pages of the desk, as documents of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from pipeline import resources, scripts
from pipeline.domain import Story
from pipeline.edition import Edition, Page
from pipeline.renderers import phrases
from pipeline.renderers.entity_view import KINDS
from pipeline.renderers.places import Places
from pipeline.renderers.search_index import Document, Segment, contents

HEADLINE, HEAD, BODY, OUTLET = 8, 3, 1, 1  # what a word weighs in each part of a story
SHOWN = 220  # characters of a document that its result shows
DESK = "desk"  # the segment of everything that is no story
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
    """The segments of the index: the months of stories, the newest first, then the pages of the desk."""
    months: dict[str, list[Story]] = defaultdict(list)
    for story in places.live:
        months[f"{story.written.year:04}-{story.written.month:02}"].append(story)
    found = [
        Segment(name, [_story(story, edition, places) for story in sorted(months[name], key=lambda one: one.slug)])
        for name in sorted(months, reverse=True)
    ]
    return (*found, Segment(DESK, list(_desk(edition, places))))


def files(edition: Edition, places: Places) -> Iterator[Page]:
    """The files of the search: its script, what there is, and each segment's own."""
    found = segments(edition, places)
    yield Page(scripts.SCRIPT, _script)
    yield Page("search/index.js", partial(contents, found))
    for segment in found:
        mark = segment.mark
        for name in segment.names():
            yield Page(f"search/{name}.js", partial(segment.file, name), mark)


def _script() -> bytes:
    return resources.text("templates", "search.js").encode()


def _story(story: Story, edition: Edition, places: Places) -> Document:
    """A live story: its own words, the outlets that it cites and the entities that its claims name."""
    heads: list[str] = []
    bodies: list[str] = []
    for section in story.sections:
        said = " ".join(sentence.text for paragraph in section.paragraphs for sentence in paragraph)
        (heads if section.role == "takeaways" else bodies).append(f"{section.heading or ''} {said}")
    dek = story.dek.text if story.dek else ""
    outlets = " ".join(dict.fromkeys(record.publisher or "" for record in story.records))
    note = " · ".join((phrases.day(story.written.date()), story.beat, phrases.count(story.counts.origins, "origin")))
    fields = (
        (HEADLINE, f"{story.headline.text} {story.short_title}"),
        (HEAD, " ".join((dek, story.beat, *heads))),
        (BODY, " ".join(bodies)),
        (OUTLET, outlets),
    )
    text = _cut(story.variants.card or dek)
    return Document(places.story(story), story.headline.text, text, note, "Story", story.lang, fields)


def _cut(text: str) -> str:
    """`text` up to a word's end near SHOWN characters."""
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _desk(edition: Edition, places: Places) -> Iterator[Document]:
    """Everything else that has a page: storylines, entities, beats, standing questions, the desk's own pages."""
    lang = edition.settings.site.lang
    for key in places.by_storyline:
        line = edition.storylines[key]
        label = line.label or "Untitled storyline"
        note = f"moved {phrases.day(line.updated.date())}"
        fields = ((HEADLINE, label), (HEAD, " ".join(line.beats)))
        yield Document(f"storylines/{key}/index.html", label, "", note, "Storyline", lang, fields)
    for key, folder in places.entities.items():
        entity = edition.featured.entities[key]
        told = phrases.count(len(places.by_entity[key]), "story", "stories")
        kind = KINDS.get(entity.kind, KINDS["name"])[0]
        fields = ((2 * HEADLINE, entity.name), (HEAD, " ".join((*entity.names, *entity.roles, kind))))
        yield Document(f"entities/{folder}/index.html", entity.name, "", f"{kind} · {told}", "Name", lang, fields)
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
