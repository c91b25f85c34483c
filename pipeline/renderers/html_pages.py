"""The HTML pages of the site. Each is a pure function of the edition: an address, a view, a template."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import attrgetter

from pipeline import resources
from pipeline.edition import Edition, Page
from pipeline.renderers import desk_pages, storyline_index
from pipeline.renderers.cards import cards
from pipeline.renderers.corrections_view import PAGE, grave, last_tombs, log, tomb_page
from pipeline.renderers.head import story_about
from pipeline.renderers.history_view import history_page, history_path
from pipeline.renderers.pages import Frame, stylesheet
from pipeline.renderers.phrases import weekday
from pipeline.renderers.places import Places, part
from pipeline.renderers.plain import with_plain
from pipeline.renderers.resting import Resting
from pipeline.renderers.signposts import with_signposts
from pipeline.renderers.site_view import edition_page
from pipeline.renderers.story_view import story_page
from pipeline.renderers.storyline_view import storyline_page
from pipeline.renderers.surveying import survey
from pipeline.renderers.topic_view import topic_page


def render(edition: Edition) -> Iterator[Page]:
    """Every page of the site in HTML, Markdown and text, and its style sheet. Raises ValidationFailed."""
    return with_signposts(with_plain(_pages(edition)), edition)


def _pages(edition: Edition) -> Iterator[Page]:
    places = Places.of(edition)
    frame = Frame(edition, places)
    survey(edition, places)
    yield Page(stylesheet()[0], lambda: stylesheet()[1])
    yield Page("assets/icon.svg", lambda: resources.text("templates", "icon.svg").encode())
    yield from cards(edition, places)
    yield from _editions(edition, places, frame)
    yield from _stories(edition, places, frame)
    yield from _storylines(edition, places, frame)
    yield from desk_pages.pages(edition, places, frame)
    for topic in edition.topics:
        yield frame.page(places.topic(topic), "topic.html", topic.query, partial(topic_page, topic))
    yield from _corrections(edition, places, frame)


def _corrections(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    """The public log, and what stands where a version was withdrawn."""
    yield frame.page(PAGE, "corrections.html", "Corrections", partial(log, edition, places))
    for tomb in edition.tombstones:
        path = f"{grave(tomb, edition)}/index.html"
        yield frame.page(path, "withdrawn.html", "Withdrawn", partial(tomb_page, tomb, edition, places))
    for line, tomb in {tomb.storyline_id: tomb for tomb in last_tombs(edition)}.items():
        path = f"storylines/{part(line, 'storyline')}/index.html"
        if line not in places.by_storyline:
            yield frame.page(path, "withdrawn.html", "Withdrawn", partial(tomb_page, tomb, edition, places))


def _editions(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    site = edition.settings.site
    standing = tuple((topic.query, places.topic(topic)) for topic in edition.topics)
    home = partial(edition_page, edition.date, edition, places, front=True)
    yield frame.page("index.html", "edition.html", site.description, home, front=True, standing=standing)
    for when in places.by_day:
        title = f"Edition of {weekday(when)}"
        view = partial(edition_page, when, edition, places)
        mark = Resting.of(edition, places).night(when)
        yield frame.page(places.edition(when), "edition.html", title, view, rests_on=mark, front=False, standing=())


def _stories(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    resting = Resting.of(edition, places)
    for slug, versions in places.versions.items():
        for story in versions:
            view = partial(story_page, story, edition, places)
            rests_on = resting.story(story)
            about = partial(story_about, story, edition, places)
            yield frame.page(places.story(story), "story.html", story.short_title, view, rests_on=rests_on, about=about)
        if path := history_path(slug, edition, places):
            title = f"{versions[-1].short_title}: versions"
            past = partial(history_page, slug, edition, places)
            yield frame.page(path, "history.html", title, past, rests_on=resting.history(slug))


def _storylines(edition: Edition, places: Places, frame: Frame) -> Iterator[Page]:
    index = partial(storyline_index.storyline_index, edition, places)
    yield frame.page("storylines/index.html", "storylines.html", "Storylines", index)
    months = storyline_index.months(edition, places)
    for first in months:
        path, listed = storyline_index.address(first), partial(storyline_index.month_page, first, edition, places)
        mark = storyline_index.rests_on(first, months, edition, places)
        yield frame.page(path, "storylines.html", attrgetter("title"), listed, rests_on=mark)
    resting = Resting.of(edition, places)
    for storyline_id in places.by_storyline:
        path, line = f"storylines/{storyline_id}/index.html", edition.storylines[storyline_id]
        view = partial(storyline_page, line, edition, places)
        yield frame.page(path, "storyline.html", attrgetter("label"), view, rests_on=resting.storyline(line))
