"""Atom feeds (RFC 4287): one of the site, one of each beat. Ids are stable for ever, `updated` is a version's own time.

Written by an XML writer, all texts of type "text". An id depends on the storyline and its address alone, so that
neither a new domain nor a new look makes an old story look new.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from xml.etree import ElementTree as ET  # writes only; nothing is parsed here

from pipeline.amends import Tombstone
from pipeline.domain import Story, StoryKind
from pipeline.edition import Edition, Page
from pipeline.renderers.corrections_view import FEED, PAGE, LogEntry, grave, last_tombs, log, touched
from pipeline.renderers.pages import printable
from pipeline.renderers.phrases import KINDS, iso
from pipeline.renderers.places import Places, root_of

ATOM = "http://www.w3.org/2005/Atom"
SPACE = uuid.UUID("5c9f0c1e-6f0d-5d0b-9a53-0d6c3a2f7b41")  # the name space of Citewire's ids (RFC 4122, version 5)
KIND = "urn:citewire:kind"  # the scheme of the category that says what kind of story an entry is
MAX_ENTRIES = 50
_LONG = frozenset({StoryKind.LEAD, StoryKind.STORY, StoryKind.BEAT, StoryKind.ENTITY})  # told in a feed by key points


def render(edition: Edition) -> Iterator[Page]:
    """`feed.xml` of the site, one in each beat's folder, and one of the corrections."""
    places = Places.of(edition)
    name = edition.settings.site.name
    every = (*places.live, *places.briefings.values())
    yield Page("feed.xml", partial(_feed, edition, places, "feed.xml", name, every))
    for beat, folder in places.beats.items():
        stories = [story for story in places.live if beat == story.beat or beat in story.beats]
        path = f"beats/{folder}/feed.xml"
        yield Page(path, partial(_feed, edition, places, path, f"{beat} – {name}", stories))
    yield Page(FEED, partial(_corrections, edition, places))


def entry_id(story: Story | Tombstone) -> str:
    """The stable id of a story's entry, the same for all of its versions, withdrawn or not."""
    return uuid.uuid5(SPACE, f"story:{story.storyline_id}:{story.slug}").urn


def _feed(edition: Edition, places: Places, path: str, title: str, stories: Sequence[Story]) -> bytes:
    """The feed at `path`, beside the page it belongs to: its newest versions first, then what was withdrawn."""
    latest = sorted(stories, key=lambda story: (-story.written.timestamp(), story.id))[:MAX_ENTRIES]
    gone = [tomb for tomb in last_tombs(edition) if path == "feed.xml" or path == _feed_of(places, tomb)]
    changes = [*(touched(story, edition, places) for story in latest), *(tomb.at for tomb in gone)]
    head = _head(edition, path, title, max(changes, default=edition.now))
    for story in latest:
        _entry(head, edition, places, path, story)
    for tomb in gone:
        _withdrawn(head, edition, path, tomb)
    return _bytes(head)


def _feed_of(places: Places, tomb: Tombstone) -> str:
    """The feed of a withdrawn story's beat."""
    return f"beats/{places.beats[tomb.beat]}/feed.xml" if tomb.beat in places.beats else ""


def _bytes(feed: ET.Element) -> bytes:
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'.encode()


def _head(edition: Edition, path: str, title: str, updated: datetime) -> ET.Element:
    """A feed without its entries."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", uuid.uuid5(SPACE, f"feed:{edition.settings.site.name}:{path}").urn)
    _add(feed, "title", title, type="text")
    _add(feed, "subtitle", edition.settings.site.description, type="text")
    _add(feed, "updated", iso(updated))
    _add(_add(feed, "author", ""), "name", edition.settings.site.name)
    _add(feed, "generator", "Citewire")
    _add(feed, "link", "", rel="self", type="application/atom+xml", href=_address(edition, path, path))
    _add(
        feed,
        "link",
        "",
        rel="alternate",
        type="text/html",
        href=_address(edition, path, path.replace("feed.xml", "index.html")),
    )
    return feed


def _withdrawn(feed: ET.Element, edition: Edition, path: str, tomb: Tombstone) -> None:
    """The entry of a story of which nothing stands: readers that hold its text are told to let it go."""
    entry = _add(feed, "entry", "")
    _add(entry, "id", entry_id(tomb))
    _add(entry, "title", "Withdrawn", type="text")
    _add(entry, "updated", iso(tomb.at))
    page = _address(edition, path, f"{grave(tomb, edition)}/index.html")
    _add(entry, "link", "", rel="alternate", type="text/html", href=page)
    _add(entry, "content", tomb.why, type="text")


def _corrections(edition: Edition, places: Places) -> bytes:
    """The log of corrections as a feed, newest first."""
    entries: Sequence[LogEntry] = log(edition, places)[:MAX_ENTRIES]
    began = min((story.written for story in edition.stories), default=edition.now)
    newest = max((entry.at for entry in edition.corrections), default=began)
    feed = _head(edition, FEED, f"Corrections – {edition.settings.site.name}", newest)
    for one in entries:
        entry = _add(feed, "entry", "")
        _add(entry, "id", uuid.uuid5(SPACE, f"correction:{one.anchor}").urn)
        _add(entry, "title", one.head, type="text")
        _add(entry, "updated", one.date_iso)
        href = f"{_address(edition, FEED, PAGE)}#{one.anchor}"
        _add(entry, "link", "", rel="alternate", type="text/html", href=href)
        _add(entry, "content", one.why, type="text")
    return _bytes(feed)


def _entry(feed: ET.Element, edition: Edition, places: Places, path: str, story: Story) -> None:
    first = places.versions[story.slug][0]
    entry = _add(feed, "entry", "")
    _add(entry, "id", entry_id(story))
    _add(entry, "title", story.headline.text, type="text")
    _add(entry, "published", iso(first.written))
    _add(entry, "updated", iso(touched(story, edition, places)))
    _add(entry, "category", "", term=story.beat)
    _add(entry, "category", "", scheme=KIND, term=story.kind.value, label=KINDS[story.kind])
    _add(entry, "link", "", rel="alternate", type="text/html", href=_address(edition, path, places.story(story)))
    bundle = f"{places.folder(story)}/story.json"
    _add(entry, "link", "", rel="related", type="application/json", href=_address(edition, path, bundle))
    if summary := story.variants.card or (story.dek.text if story.dek else ""):
        _add(entry, "summary", summary, type="text")
    roles = ("takeaways", "changed") if story.kind in _LONG else ("body",)
    text = "\n\n".join(
        " ".join(sentence.text for sentence in paragraph)
        for section in story.sections
        if section.role in roles
        for paragraph in section.paragraphs
    )
    _add(entry, "content", text or story.headline.text, type="text")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: printable(value) for key, value in attributes.items()})
    if text:
        child.text = printable(text)
    return child


def _address(edition: Edition, path: str, target: str) -> str:
    """An absolute address where the site has one, else relative to the feed."""
    base = edition.settings.site.url
    return f"{base.rstrip('/')}/{target}" if base else root_of(path) + target
