"""What a story's page prints beside the story, gathered from the edition for its bundle (`Surroundings`).

`pipeline/bundles/replay.py` makes an edition of it again; `tests/bundles/test_replay.py` holds the two together:
what a page comes to print and this does not gather shows as a page that cannot be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import __version__
from pipeline.amends import Tombstone
from pipeline.domain import Story, StoryKind
from pipeline.edition import Conflict, Counted, Edition, Line, Neighbour, Surroundings
from pipeline.renderers.charts import Point
from pipeline.renderers.corrections_view import concerning
from pipeline.renderers.kin_view import printed
from pipeline.renderers.linking import linked_of
from pipeline.renderers.places import Places
from pipeline.renderers.story_view import storyline_points
from pipeline.renderers.why_view import joined_of, told_of
from pipeline.status import shown


def around(story: Story, edition: Edition, places: Places) -> Surroundings:
    """All that the page of a version prints beside it."""
    site = edition.settings.site
    lines = kin_lines(story, edition, places)
    points, told = storyline_points(story, edition), edition.conflicts.get(story.id, ())
    return Surroundings(
        program=__version__,
        site=site.name,
        description=site.description,
        contact=site.contact,
        site_lang=site.lang,
        beats=tuple(places.beats),
        sample=edition.sample,
        stale=shown(story, edition.now) is not story.status,
        series=tuple(Counted(_hour(point), point.records, point.origins) for point in points),
        neighbours=tuple(_neighbour(*one) for one in _neighbours(story, places, lines, told)),
        lines=lines,
        corrections=tuple(reversed(concerning(story, edition, places))),
        tombstones=buried(story, edition),
        conflicts=tuple(told),
        told=told_of(story, edition),
        joined=joined_of(story, edition),
        url=site.url,
        linked=linked_of(story, edition, places),
    )


def _hour(point: Point) -> str:
    """The day or the hour of a point: "2026-11-20", "2026-11-20T05"."""
    return point.when.isoformat() + ("" if point.hour is None else f"T{point.hour:02}")


def kin_lines(story: Story, edition: Edition, places: Places) -> tuple[Line, ...]:
    """The story's storyline, and those that it split from or into, or merged with."""
    mine = edition.storylines.get(story.storyline_id)
    if mine is None:
        return ()
    kin = [edition.storylines.get(key or "") for key in (mine.parent, mine.merged_into)]
    kin += [edition.storylines[key] for key in places.kin.get(mine.id, ())]
    every = {line.id: line for line in (mine, *kin) if line is not None}
    return tuple(Line(line.id, line.parent, line.merged_into) for line in every.values())


def near(story: Story, places: Places, lines: Iterable[Line], conflicts: Iterable[Conflict]) -> dict[str, Story]:
    """By id: other versions of the story, its kin, what it relates to or contradicts."""
    found = {other.id: other for other in places.versions[story.slug]}
    for line in lines:
        for other in places.by_storyline.get(line.id, ())[:1]:
            found[other.id] = other
    for key in [*(one.story_id for one in story.related), *(one.story_id for one in conflicts)]:
        latest = places.latest.get(key)
        if latest is not None:
            found |= {other.id: other for other in places.versions[latest.slug] if other.id in {key, latest.id}}
    found.pop(story.id, None)
    return found


def _neighbours(
    story: Story, places: Places, lines: Iterable[Line], conflicts: Iterable[Conflict]
) -> list[tuple[Story, tuple[str, ...]]]:
    """What is near the story, and of a briefing the stories that it repeats; with what it repeats of each."""
    found = near(story, places, lines, conflicts)
    says: dict[str, tuple[str, ...]] = {}
    if story.kind is StoryKind.BRIEFING:
        firsts = {paragraph[0].text for section in story.sections for paragraph in section.paragraphs}
        for other in places.by_day.get(story.written.date(), ()):
            if mine := tuple(dict.fromkeys(s.text for s in printed(other) if s.text in firsts)):
                latest = places.versions[other.slug][-1]
                found |= {other.id: other, latest.id: latest}
                says[other.id] = mine
    found.pop(story.id, None)
    return [(other, says.get(key, ())) for key, other in sorted(found.items())]


def _neighbour(story: Story, says: tuple[str, ...]) -> Neighbour:
    return Neighbour(
        id=story.id,
        storyline_id=story.storyline_id,
        slug=story.slug,
        version=story.version,
        beat=story.beat,
        beats=story.beats,
        written=story.written,
        lang=story.lang,
        kind=story.kind,
        headline=story.headline.text,
        short_title=story.short_title,
        rank={name: value for name, value in story.rank.items() if name in {"old", "total"}},
        ended=story.ending is not None,
        previous=story.previous,
        corrected=bool(story.corrections),
        says=says,
    )


def buried(story: Story, edition: Edition) -> tuple[Tombstone, ...]:
    """What remains of withdrawn versions of the story."""
    return tuple(tomb for tomb in edition.tombstones if tomb.slug == story.slug)
