"""What a story's page says of other stories: kin by storyline, related ones, and those whose sentences it repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.domain import Sentence, Story, StoryKind
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.places import Places


@dataclass(frozen=True, slots=True)
class Kin:
    """A story that this one has to do with: how, its title, its address."""

    says: str
    title: str
    href: str
    lang: str


def printed(story: Story) -> tuple[Sentence, ...]:
    """Every printed sentence of a story in reading order."""
    head = (story.headline, story.dek) if story.dek else (story.headline,)
    return (*head, *(s for section in story.sections for paragraph in section.paragraphs for s in paragraph))


def kin_of(line_id: str, edition: Edition, places: Places) -> tuple[Kin, ...]:
    """Stories of the storylines that this one split from or into, or merged with, by that and by id."""
    line = edition.storylines.get(line_id)
    if line is None:
        return ()
    others = [("Split from", line.parent), ("Goes on in", line.merged_into)]
    kin = [edition.storylines[key] for key in places.kin.get(line_id, ())]
    others += [("Split off", other.id) for other in kin if other.parent == line_id]
    others += [("Took in", other.id) for other in kin if other.merged_into == line_id]
    stories = [(says, story) for says, key in others for story in places.by_storyline.get(key or "", ())[:1]]
    return tuple(Kin(says, story.short_title, places.story(story), story.lang) for says, story in stories)


def related_to(story: Story, places: Places) -> tuple[Kin, ...]:
    """Related stories as they are live now, each with its reason; what is no longer shown is left out."""
    found = []
    for one in story.related:
        other = places.latest.get(one.story_id)
        if other is not None:
            says = f"{phrases.RELATIONS[one.relation]}: {one.why}."
            found.append(Kin(says, other.short_title, places.story(other), other.lang))
    return tuple(found)


def heads(story: Story, places: Places) -> Mapping[str, Kin]:
    """For a briefing, the first sentence of each paragraph -> the story whose sentence it is."""
    if story.kind is not StoryKind.BRIEFING:
        return {}
    firsts = {paragraph[0].text for section in story.sections for paragraph in section.paragraphs}
    stories = places.by_day.get(story.written.date(), ())
    owners = {s.text: one for one in reversed(stories) for s in printed(one) if s.text in firsts}
    return {text: Kin("", one.headline.text, places.story(one), one.lang) for text, one in owners.items()}
