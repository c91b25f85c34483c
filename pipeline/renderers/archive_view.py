"""The archive: a calendar of every month that has an edition, and for each month its nights with their stories."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from pipeline.domain import digest
from pipeline.renderers import phrases
from pipeline.renderers.places import Places
from pipeline.renderers.site_view import Line

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")  # as calendar.Calendar begins its weeks


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a calendar; `day` is 0 outside the month, `href` None on a night without an edition."""

    day: int
    href: str | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a calendar, with the address of its own page."""

    name: str
    iso: str
    href: str
    nights: str
    weeks: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The months of a year, the newest first."""

    name: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class ArchiveDay:
    """One edition in the list of a month: its lead, and what else it told."""

    date: str
    date_iso: str
    href: str
    lines: tuple[Line, ...]
    stories: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month: its calendar and every headline of its nights, the newest night first."""

    month: Month
    days: tuple[ArchiveDay, ...]
    earlier: str | None
    later: str | None


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """All months as calendars, and the nights of the newest one."""

    years: tuple[Year, ...]
    newest: str
    days: tuple[ArchiveDay, ...]


def months(places: Places) -> dict[date, tuple[date, ...]]:
    """The first day of each month that has an edition -> its days with one; the newest first."""
    found: dict[date, list[date]] = defaultdict(list)
    for when in sorted(places.by_day, reverse=True):
        found[when.replace(day=1)].append(when)
    return {first: tuple(days) for first, days in found.items()}


def address(first: date) -> str:
    """Where the archive of a month stands."""
    return f"archive/{first.year:04}-{first.month:02}/index.html"


def archive_page(places: Places) -> ArchivePage:
    """The archive: every month's calendar, the newest month's headlines."""
    every = months(places)
    years: dict[int, list[Month]] = defaultdict(list)
    for first, days in every.items():
        years[first.year].append(_month(first, days, places))
    newest = next(iter(every), None)
    return ArchivePage(
        tuple(Year(str(year), tuple(found)) for year, found in years.items()),
        _name(newest) if newest else "",
        tuple(_day(when, places) for when in (every[newest] if newest else ())),
    )


def month_page(first: date, places: Places) -> MonthPage:
    """The page of the month that begins with `first`."""
    every = months(places)
    order = list(every)
    at = order.index(first)
    return MonthPage(
        _month(first, every[first], places),
        tuple(_day(when, places) for when in every[first]),
        address(order[at + 1]) if at + 1 < len(order) else None,
        address(order[at - 1]) if at else None,
    )


def rests_on(first: date, places: Places) -> str:
    """Digest of what the page of a month depends on besides templates and settings."""
    every = months(places)
    told = (
        f"{when}{places.story(story)}{story.headline.text}{story.lang}"
        for when in every[first]
        for story in places.by_day[when]
    )
    order = list(every)
    at = order.index(first)
    return digest("month", *map(str, order[max(0, at - 1) : at + 2]), "", *map(str, every[first]), *told, size=32)


def _name(first: date) -> str:
    return f"{phrases.MONTHS[first.month - 1]} {first.year}"


def _month(first: date, days: tuple[date, ...], places: Places) -> Month:
    weeks = tuple(
        tuple(_cell(first.replace(day=number) if number else None, places) for number in week)
        for week in calendar.Calendar().monthdayscalendar(first.year, first.month)
    )
    iso = f"{first.year:04}-{first.month:02}"
    return Month(_name(first), iso, address(first), phrases.count(len(days), "edition"), weeks)


def _cell(when: date | None, places: Places) -> Cell:
    if when is None:
        return Cell(0)
    if when not in places.by_day:
        return Cell(when.day)
    stories = phrases.count(len(places.by_day[when]), "story", "stories")
    return Cell(when.day, places.edition(when), f"{phrases.day(when)}: {stories}")


def _day(when: date, places: Places) -> ArchiveDay:
    stories = places.by_day[when]
    return ArchiveDay(
        phrases.weekday(when),
        when.isoformat(),
        places.edition(when),
        tuple(Line(places.story(story), story.headline.text, story.beat, story.lang) for story in stories),
        phrases.count(len(stories), "story", "stories"),
    )
