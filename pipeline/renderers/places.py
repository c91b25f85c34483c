"""Where every page stands: one index of addresses, computed once per edition and read by all renderers.

Addresses are relative to the site root, end in a file name (so the site opens from a folder as well as from a server)
and hold only [a-z0-9-] between their slashes. An address that would leave the root cannot be made here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.domain import Story, StoryKind, Storyline
from pipeline.edition import Edition, TopicAnswer, by_prominence, nights
from pipeline.entities.registry import identity
from pipeline.errors import ValidationFailed
from pipeline.renderers.appearances import appearances, folders
from pipeline.renderers.phrases import slugs

_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")


def part(name: str, what: str) -> str:
    """`name`, when it may stand in an address. Raises ValidationFailed."""
    if not _PART.match(name):
        raise ValidationFailed(f"{what} {name!r} cannot be an address: only a-z, 0-9 and -, 1 to 80 characters")
    return name


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of beats, stories, storylines, entities, editions and topics, and the stories that stand there.

    Briefings have addresses like all stories; among the stories of a day, a beat or a storyline they do not count.
    """

    live: tuple[Story, ...]
    versions: Mapping[str, tuple[Story, ...]]  # by slug, oldest first
    by_storyline: Mapping[str, tuple[Story, ...]]  # live stories
    by_day: Mapping[date, tuple[Story, ...]]  # versions written that day, most prominent first
    briefings: Mapping[date, Story] = field(default_factory=dict)  # the last of each day
    latest: Mapping[str, Story] = field(default_factory=dict)  # id of any version -> the latest of its story
    beats: Mapping[str, str] = field(default_factory=dict)  # beat name -> folder
    topics: Mapping[str, str] = field(default_factory=dict)  # query -> folder
    entities: Mapping[str, str] = field(default_factory=dict)  # id of an entity that has a page -> folder
    by_entity: Mapping[str, tuple[Story, ...]] = field(default_factory=dict)  # id -> live stories that name it
    kin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # storyline -> those that left or joined it
    heirs: Mapping[str, str] = field(default_factory=dict)  # id of what was merged into such an entity -> that entity's

    @classmethod
    def of(cls, edition: Edition) -> Places:
        """The index of one edition, made once. Raises ValidationFailed for an address that cannot be."""
        found: Places = edition.memo.get("places") or edition.memo.setdefault("places", cls._made(edition))
        return found

    @classmethod
    def _made(cls, edition: Edition) -> Places:
        versions: dict[str, list[Story]] = defaultdict(list)
        days: dict[date, list[Story]] = defaultdict(list)
        for story in edition.stories:
            versions[part(story.slug, "story")].append(story)
        for night, story in nights(edition):
            if story.kind is not StoryKind.BRIEFING:
                days[night].append(story)
        for tomb in edition.tombstones:
            days.setdefault(tomb.written.date(), [])  # the address of a night stays
        ordered = {slug: _one_subject(slug, versions[slug]) for slug in sorted(versions)}
        newest = sorted((found[-1] for found in ordered.values()), key=by_prominence)
        live = tuple(story for story in newest if story.kind is not StoryKind.BRIEFING)
        briefings = {story.written.date(): story for story in newest if story.kind is StoryKind.BRIEFING}
        lines: dict[str, list[Story]] = defaultdict(list)
        for story in live:
            if story.storyline_id in edition.storylines:
                lines[part(story.storyline_id, "storyline")].append(story)
        configured = [beat.name for beat in edition.settings.beats]
        written = sorted({beat for story in live for beat in (story.beat, *story.beats)} - set(configured))
        named = appearances(live, edition)
        return cls(
            live=live,
            versions=ordered,
            by_storyline={key: tuple(lines[key]) for key in sorted(lines)},
            briefings=briefings,
            latest={story.id: found[-1] for found in ordered.values() for story in found},
            by_day={when: tuple(sorted(days[when], key=_in_its_night)) for when in sorted(days, reverse=True)},
            beats=dict(_in_order((*configured, *written))),
            topics=dict(_in_order([topic.query for topic in edition.topics])),
            entities=folders(named, edition),
            by_entity=named,
            kin=_kin(edition),
            heirs={k: now for k in sorted(edition.featured.entities) if (now := edition.featured.now(k)) in named},
        )

    def story(self, story: Story) -> str:
        """Address of one version: the latest under its slug, an older one in a folder of its own."""
        return f"{self.folder(story)}/index.html"

    def folder(self, story: Story) -> str:
        """Folder that holds a version's page, Markdown and bundle."""
        latest = self.versions[story.slug][-1]
        return f"stories/{story.slug}" + ("" if story.id == latest.id else f"/v{story.version}")

    def beat(self, name: str) -> str | None:
        """Address of a beat's page."""
        return f"beats/{self.beats[name]}/index.html" if name in self.beats else None

    def storyline(self, storyline_id: str) -> str | None:
        """Address of a storyline's page; None for one that no story is about."""
        return f"storylines/{storyline_id}/index.html" if storyline_id in self.by_storyline else None

    def entity(self, key: str) -> str | None:
        """Address of the page about what a folded name (`Claim.entities`, `Mention.key`) names; None without a page."""
        now = self.heirs.get(identity(key))
        return f"entities/{self.entities[now]}/index.html" if now else None

    def label(self, line: Storyline) -> str:
        """What a storyline is called: its label, else the short title of its first story."""
        stories = self.by_storyline.get(line.id, ())
        return line.label or (stories[0].short_title if stories else "Untitled storyline")

    def edition(self, when: date) -> str:
        """Address of one night's edition."""
        return f"archive/{when.isoformat()}/index.html"

    def topic(self, topic: TopicAnswer) -> str:
        """Address of a standing question's answer."""
        return f"topics/{self.topics[topic.query]}/index.html"


def _kin(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Storyline -> the ids of those that split from it or merged into it, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, line in edition.storylines.items():
        for other in (line.parent, line.merged_into):
            if other:
                found[other].add(key)
    return {other: tuple(sorted(keys)) for other, keys in found.items()}


def _in_its_night(story: Story) -> tuple[float | bool | str, ...]:
    """Sort key of the stories of one night, whenever one of them was corrected."""
    return by_prominence(story)[1:]


def _one_subject(slug: str, stories: Sequence[Story]) -> tuple[Story, ...]:
    """The versions under one address, oldest first: all about one storyline, each number once."""
    if len({story.storyline_id for story in stories}) > 1 or len({story.version for story in stories}) < len(stories):
        raise ValidationFailed(f"the address stories/{slug} is claimed by different stories")
    return tuple(sorted(stories, key=lambda story: story.version))


def _in_order(names: Sequence[str]) -> list[tuple[str, str]]:
    folders = slugs(names)
    return [(name, folders[name]) for name in dict.fromkeys(names)]


def root_of(path: str) -> str:
    """What leads from the page at `path` back to the site root: "", "../", "../../" ..."""
    return "../" * path.count("/")
