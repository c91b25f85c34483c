"""The lists of storylines: those that moved last, and by the month in which they were first told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from pipeline.domain import Storyline, digest
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.charts.sparks import Spark, sparks
from pipeline.renderers.counting import line_origins
from pipeline.renderers.places import Places
from pipeline.renderers.resting import Resting

NEWEST = 100  # storylines of the first list


@dataclass(frozen=True, slots=True)
class StorylineLine:
    """A storyline in a list."""

    label: str
    href: str
    updated: str
    figures: tuple[str, ...]
    beats: tuple[str, ...]
    disputed: bool
    spark: Spark | None


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month in which storylines were first told."""

    name: str
    href: str
    count: str


@dataclass(frozen=True, slots=True)
class StorylineIndex:
    """A list of storylines, last moved first. `month`: of those first told then; "" for the first list, of `of`."""

    lines: tuple[StorylineLine, ...]
    of: int
    month: str = ""
    months: tuple[MonthLink, ...] = ()
    earlier: str | None = None
    later: str | None = None

    @property
    def title(self) -> str:
        """What its page is called."""
        return f"Storylines of {self.month}" if self.month else "Storylines"


def months(edition: Edition, places: Places) -> dict[date, tuple[Storyline, ...]]:
    """The first day of each month in which storylines were first told -> these, last moved first.

    A month of which everything was withdrawn stays, for its address does.
    """
    first: dict[str, datetime] = {}
    found: dict[date, list[Storyline]] = defaultdict(list)
    for tomb in edition.tombstones:
        first[tomb.storyline_id] = min(tomb.written, first.get(tomb.storyline_id, tomb.written))
        found.setdefault(_month(tomb.written), [])
    for key, stories in places.by_storyline.items():
        told = [version.written for story in stories for version in places.versions[story.slug]]
        found[_month(min([*told, first.get(key, told[0])]))].append(edition.storylines[key])
    return {when: tuple(sorted(found[when], key=_moved)) for when in sorted(found, reverse=True)}


def address(first: date) -> str:
    """Where the list of a month stands."""
    return f"storylines/{first.year:04}-{first.month:02}/index.html"


def storyline_index(edition: Edition, places: Places) -> StorylineIndex:
    """The storylines that moved last, and the months that have the rest."""
    every = months(edition, places)
    lines = sorted((line for some in every.values() for line in some), key=_moved)
    links = (MonthLink(_name(first), address(first), f"{len(some):,}") for first, some in every.items())
    return StorylineIndex(_listed(lines[:NEWEST], edition, places, drawn=True), len(lines), months=tuple(links))


def month_page(first: date, edition: Edition, places: Places) -> StorylineIndex:
    """The storylines that were first told in the month of `first`."""
    every = months(edition, places)
    order = list(every)
    at = order.index(first)
    return StorylineIndex(
        _listed(every[first], edition, places, drawn=False),
        len(every[first]),
        _name(first),
        earlier=address(order[at + 1]) if at + 1 < len(order) else None,
        later=address(order[at - 1]) if at else None,
    )


def rests_on(first: date, every: Mapping[date, Sequence[Storyline]], edition: Edition, places: Places) -> str:
    """Digest of what the list of a month, one of `every`, depends on."""
    resting, order = Resting.of(edition, places), list(every)
    at = order.index(first)
    told = (f"{line.id} {resting.line(line)} {places.label(line)}" for line in every[first])
    return resting.framed(digest("month", *map(str, order[max(0, at - 1) : at + 2]), *told, size=32))


def _month(when: datetime) -> date:
    return when.date().replace(day=1)


def _moved(line: Storyline) -> tuple[float, str]:
    return -line.updated.timestamp(), line.id


def _name(first: date) -> str:
    return f"{phrases.MONTHS[first.month - 1]} {first.year}"


def _listed(lines: Sequence[Storyline], edition: Edition, places: Places, *, drawn: bool) -> tuple[StorylineLine, ...]:
    """Lines of a list; `drawn`: with the course of the last days, which changes every night."""
    found = [counted(line, edition) for line in lines]
    days = [{date.fromisoformat(day): number for day, number in one["days"].items()} for one in found]
    shown = sparks(days, lines[0].updated.date()) if drawn and lines else (None,) * len(lines)
    return tuple(
        StorylineLine(
            label=places.label(line),
            href=f"storylines/{line.id}/index.html",
            updated=phrases.day(line.updated.date()),
            figures=(
                phrases.count(len(line.record_ids), "record"),
                phrases.count(one["origins"], "origin"),
            ),
            beats=line.beats,
            disputed=one["disputed"],
            spark=spark,
        )
        for line, one, spark in zip(lines, found, shown, strict=True)
    )


def counted(line: Storyline, edition: Edition) -> dict[str, Any]:
    """What is remembered of a storyline for its lists."""
    told: dict[str, Any] = edition.remember("index", partial(_indexed, line, edition), line.id)
    return told


def _indexed(line: Storyline, edition: Edition) -> dict[str, Any]:
    """What a list of storylines counts of one: its records by the day, its origins, whether it has a dispute."""
    known = [edition.records[key] for key in line.record_ids if key in edition.records]
    return {
        "days": dict(sorted(Counter(record.published.date().isoformat() for record in known).items())),
        "origins": len(set(line_origins(line, edition).values())),
        "disputed": any(finding.disputes for finding in edition.findings.get(line.id, ())),
    }
