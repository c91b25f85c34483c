"""The pages around the stories: beats, names, the wire, the archive, search, and what the desk says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from urllib.parse import urlsplit

from pipeline import scripts
from pipeline.edition import Edition, Page
from pipeline.renderers import archive_view, entity_view, search_view, wire_view
from pipeline.renderers.beat_view import beat_page
from pipeline.renderers.desk_view import about_page, methodology_page
from pipeline.renderers.entity_kin import Circle
from pipeline.renderers.pages import SEARCH_POLICY, Frame
from pipeline.renderers.phrases import weekday
from pipeline.renderers.places import Places
from pipeline.renderers.resting import Resting
from pipeline.renderers.sources_view import sources_page

NOT_FOUND = "404.html"


def pages(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    """Every page that is neither a story, a storyline nor an edition."""
    yield from _desk(edition, places, frame)
    yield from _beats(edition, places, frame)
    yield from _entities(edition, places, frame)
    yield from _wire(edition, places, frame)
    yield from _archive(edition, places, frame)
    yield from search_view.files(edition, places)
    yield frame.page(scripts.PAGE, "search.html", "Search", _nothing, policy=SEARCH_POLICY)


def _desk(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    """What the desk says of itself. What is shown for missing addresses may stand at any depth: its links are whole."""
    path = "methodology/index.html"
    yield frame.page(path, "methodology.html", "Methodology", partial(methodology_page, edition, places))
    yield frame.page("sources/index.html", "sources.html", "Sources", partial(sources_page, edition, places))
    yield frame.page("about/index.html", "about.html", "About", partial(about_page, edition, places))
    base = urlsplit(edition.settings.site.url).path.rstrip("/") + "/"
    yield frame.page(NOT_FOUND, "404.html", "Not found", _nothing, root=base)


def _nothing() -> None:
    """The view of a page that shows nothing of the edition."""


def _beats(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    for name, folder in places.beats.items():
        path, feed = f"beats/{folder}/index.html", f"beats/{folder}/feed.xml"
        yield frame.page(path, "beat.html", name, partial(beat_page, name, edition, places), feed=feed)


def _entities(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    circle, resting = Circle.of(edition, places), Resting.of(edition, places)
    yield frame.page(
        "entities/index.html", "entities.html", "Names", partial(entity_view.entity_index, edition, places)
    )
    for key, folder in places.entities.items():
        view = partial(entity_view.entity_page, key, edition, places, circle)
        path, feed = f"entities/{folder}/index.html", f"entities/{folder}/feed.xml"
        rests_on = resting.entity(key, circle)
        yield frame.page(path, "entity.html", attrgetter("name"), view, rests_on=rests_on, feed=feed)


def _wire(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    nights, resting = wire_view.by_night(edition), Resting.of(edition, places)
    newest = next(iter(nights), None)
    view = partial(wire_view.wire_page, newest, edition, places, nights, front=True)
    yield frame.page("signals/index.html", "wire.html", "Signals", view)
    for when in nights:
        view = partial(wire_view.wire_page, when, edition, places, nights)
        mark = resting.framed(wire_view.rests_on(when, edition, places, nights))
        yield frame.page(wire_view.address(when), "wire.html", f"Signals of {weekday(when)}", view, rests_on=mark)


def _archive(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    yield frame.page("archive/index.html", "archive.html", "Archive", partial(archive_view.archive_page, places))
    for first in archive_view.months(places):
        view = partial(archive_view.month_page, first, places)
        mark = Resting.of(edition, places).framed(archive_view.rests_on(first, places))
        yield frame.page(archive_view.address(first), "month.html", attrgetter("month.name"), view, rests_on=mark)
