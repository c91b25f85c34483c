"""The HTML pages of the site. Each is a pure function of the edition."""

from __future__ import annotations

from pipeline import resources
from pipeline.edition import Edition
from pipeline.renderers.corrections_view import PAGE, grave, last_tombs, log, tomb_page
from pipeline.renderers.desk_view import methodology_page
from pipeline.renderers.pages import Frame, Pages, stylesheet
from pipeline.renderers.places import Places, part
from pipeline.renderers.site_view import archive_days, beat_page, edition_page
from pipeline.renderers.sources_view import sources_page
from pipeline.renderers.story_view import story_page
from pipeline.renderers.storyline_view import storyline_index, storyline_page
from pipeline.renderers.topic_view import topic_page


def render(edition: Edition) -> Pages:
    """Every HTML page of the site, and its style sheet. Raises ValidationFailed."""
    places = Places.of(edition)
    frame = Frame(edition, places)
    pages = Pages()
    css, body = stylesheet()
    pages[css] = body
    pages["assets/icon.svg"] = resources.text("templates", "icon.svg").encode()
    _editions(edition, places, frame, pages)
    _stories(edition, places, frame, pages)
    _storylines(edition, places, frame, pages)
    for name in places.beats:
        view = beat_page(name, edition, places)
        path = f"{view.folder}/index.html"
        pages[path] = frame.page(path, "beat.html", name, view, feed=f"{view.folder}/feed.xml")
    for topic in edition.topics:
        path = places.topic(topic)
        pages[path] = frame.page(path, "topic.html", topic.query, topic_page(topic))
    path = "methodology/index.html"
    pages[path] = frame.page(path, "methodology.html", "Methodology", methodology_page(edition, places))
    path = "sources/index.html"
    pages[path] = frame.page(path, "sources.html", "Sources", sources_page(edition, places))
    _corrections(edition, places, frame, pages)
    return pages


def _corrections(edition: Edition, places: Places, frame: Frame, pages: Pages) -> None:
    """The public log, and what stands where a version was withdrawn."""
    pages[PAGE] = frame.page(PAGE, "corrections.html", "Corrections", log(edition, places))
    for tomb in edition.tombstones:
        path = f"{grave(tomb, edition)}/index.html"
        pages[path] = frame.page(path, "withdrawn.html", "Withdrawn", tomb_page(tomb, edition, places))
    for line, tomb in {tomb.storyline_id: tomb for tomb in last_tombs(edition)}.items():
        path = f"storylines/{part(line, 'storyline')}/index.html"
        if line not in places.by_storyline:
            pages[path] = frame.page(path, "withdrawn.html", "Withdrawn", tomb_page(tomb, edition, places))


def _editions(edition: Edition, places: Places, frame: Frame, pages: Pages) -> None:
    site = edition.settings.site
    standing = tuple((topic.query, places.topic(topic)) for topic in edition.topics)
    home = edition_page(edition.date, edition, places, front=True)
    pages["index.html"] = frame.page(
        "index.html", "edition.html", site.description, home, front=True, standing=standing
    )
    for when in places.by_day:
        path = places.edition(when)
        view = edition_page(when, edition, places)
        pages[path] = frame.page(path, "edition.html", f"Edition of {view.date}", view, front=False, standing=())
    path = "archive/index.html"
    pages[path] = frame.page(path, "archive.html", "Archive", archive_days(places))


def _stories(edition: Edition, places: Places, frame: Frame, pages: Pages) -> None:
    for versions in places.versions.values():
        for story in versions:
            path = places.story(story)
            view = story_page(story, edition, places)
            pages[path] = frame.page(path, "story.html", story.short_title, view)


def _storylines(edition: Edition, places: Places, frame: Frame, pages: Pages) -> None:
    path = "storylines/index.html"
    pages[path] = frame.page(path, "storylines.html", "Storylines", storyline_index(edition, places))
    for storyline_id in places.by_storyline:
        view = storyline_page(edition.storylines[storyline_id], edition, places)
        path = f"storylines/{storyline_id}/index.html"
        pages[path] = frame.page(path, "storyline.html", view.label, view)
