"""What a story's page says of other stories of the desk that tell something otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain import Story
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.places import Places


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A sentence of this page, the one of another page that cannot hold beside it, how they differ, and where it is."""

    how: str
    mine: str
    theirs: str
    title: str
    href: str
    lang: str


def elsewhere(story: Story, edition: Edition, places: Places) -> tuple[Elsewhere, ...]:
    """Where other live stories tell otherwise what this version tells."""
    by_id = {other.id: other for other in edition.stories}
    found = []
    for one in edition.conflicts.get(story.id, ()):
        other = by_id.get(one.story_id)
        if other is not None:
            how = phrases.DISPUTES[one.kind]
            found.append(Elsewhere(how, one.mine, one.theirs, other.short_title, places.story(other), other.lang))
    return tuple(found)
