"""Which live stories name which entity, and which entities have a page: those that enough stories and origins name.

A story names an entity where one of the claims that it cites does. What the register of entities keeps back (people who
are not public) and what is taken down is not in an edition at all, so it cannot come to a page here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.domain import Story, StoryKind
from pipeline.edition import Edition
from pipeline.renderers.phrases import slug
from pipeline.renderers.printing import printable


def appearances(live: Sequence[Story], edition: Edition) -> dict[str, tuple[Story, ...]]:
    """Entity id -> the live stories that name it, in their order, of entities that have a page; by id."""
    cited: dict[str, list[tuple[int, str]]] = defaultdict(list)  # claim -> (place of the story, origin)
    for place, story in enumerate(live):
        if story.kind is not StoryKind.BRIEFING:
            for claim, origin, _ in edition.cited(story):
                cited[claim].append((place, origin))
    least = edition.settings.publish
    found: dict[str, tuple[Story, ...]] = {}
    for entity_id in sorted(edition.featured.claims):
        if not printable(edition.featured.entities[entity_id].name).strip():
            continue  # a name of which nothing can be seen
        told = {one for claim in edition.featured.claims[entity_id] for one in cited.get(claim, ())}
        places = sorted({place for place, _ in told})
        if len(places) >= least.entity_stories and len({origin for _, origin in told}) >= least.entity_origins:
            found[entity_id] = tuple(live[place] for place in places)
    return found


def folders(found: Mapping[str, Sequence[Story]], edition: Edition) -> dict[str, str]:
    """Entity id -> folder. Made of the folded name, of which the id is the hash, so that it never changes."""
    return {key: f"{slug(edition.featured.entities[key].key)[:60].strip('-')}-{key[1:7]}" for key in found}
