"""What goes with an entity: others of the same storylines, and the names that stand for it, with why they do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.compose.naming import publisher
from pipeline.domain import Entity, Naming, Record
from pipeline.edition import Edition
from pipeline.renderers import phrases
from pipeline.renderers.places import Places
from pipeline.renderers.sentences import Link, outward

MAX_RELATED, MAX_WORDS = 12, 8


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that stands for the entity, why it does, and the words that say so."""

    name: str
    why: str
    quote: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another entity of the same storylines."""

    name: str
    href: str
    why: str


def publisher_of(record: Record) -> str:
    """Who is named for a record: its publisher, without the section that its feed adds, else its platform."""
    return publisher(record) or phrases.platform(record.platform)


@dataclass(frozen=True, slots=True)
class Circle:
    """What all entity pages look up, indexed once: who is in a storyline, what was merged into whom, who said what.

    `lines` is entity -> its storylines, `members` the other way round; `namings` are by folded name.
    """

    names: Mapping[str, str]
    lines: Mapping[str, frozenset[str]]
    members: Mapping[str, tuple[str, ...]]
    merged: Mapping[str, tuple[str, ...]]
    namings: Mapping[str, tuple[Naming, ...]]

    @classmethod
    def of(cls, edition: Edition, places: Places) -> Circle:
        """The index of one edition."""
        featured = edition.featured
        lines = {key: frozenset(story.storyline_id for story in found) for key, found in places.by_entity.items()}
        members: dict[str, list[str]] = defaultdict(list)
        for key, threads in lines.items():
            for line in sorted(threads):
                members[line].append(key)
        merged: dict[str, list[str]] = defaultdict(list)
        for key, now in places.heirs.items():
            if key != now:
                merged[now].append(key)
        said: dict[str, list[Naming]] = defaultdict(list)
        for naming in sorted(featured.namings, key=lambda one: (one.at, one.evidence.record_id)):
            for name in {naming.key, naming.other}:
                said[name].append(naming)
        return cls(
            {key: featured.entities[key].name for key in lines},
            lines,
            {line: tuple(keys) for line, keys in members.items()},
            {key: tuple(found) for key, found in merged.items()},
            {name: tuple(found) for name, found in said.items()},
        )

    def related(self, key: str, places: Places) -> tuple[Neighbour, ...]:
        """Entities of the same storylines, by the cosine of both (Salton and McGill 1983), ties by id."""
        mine = self.lines[key]
        both = Counter(other for line in mine for other in self.members[line] if other != key)
        ranked = sorted((-shared / (len(mine) * len(self.lines[k])) ** 0.5, k, shared) for k, shared in both.items())
        return tuple(
            Neighbour(
                self.names[other],
                f"entities/{places.entities[other]}/index.html",
                phrases.count(shared, "shared storyline"),
            )
            for _, other, shared in ranked[:MAX_RELATED]
        )

    def aliases(self, entity: Entity, edition: Edition) -> tuple[Alias, ...]:
        """The names that stand for the entity: spellings, what records say of two names, what was merged into it."""
        found = [
            Alias(name, f"so in {phrases.count(number, 'report')}; the same but for spaces, case or legal form")
            for name, number in sorted(entity.names.items(), key=lambda item: (-item[1], item[0]))
            if name != entity.name
        ]
        merged = [edition.featured.entities[key] for key in self.merged.get(entity.id, ())]
        found += self._said(entity.key, {one.key for one in merged}, edition)
        spoken = {alias.name for alias in found}
        said = "two independent sources have said that it is the same"
        short = "short for it; no other name on this desk is written so in full"
        found += [
            Alias(one.name, short if entity.key.startswith(f"{one.key} ") else said)
            for one in merged
            if one.name not in spoken
        ]
        return tuple(found)

    def sayings(self, key: str, edition: Edition) -> list[Naming]:
        """What records say of the names of an entity and of those merged into it, each once."""
        known = edition.featured.entities
        names = {known[key].key, *(known[other].key for other in self.merged.get(key, ()))}
        return [naming for name in sorted(names) for naming in self.namings.get(name, ())]

    def _said(self, own: str, others: Iterable[str], edition: Edition) -> list[Alias]:
        """What records say of a name of the entity, its `own` or one merged into it, and another one."""
        mine = frozenset((own, *others))
        told: dict[tuple[str, str], tuple[Naming, bool]] = {}
        for key in sorted(mine):
            for naming in self.namings.get(key, ()):
                first = naming.other != own and naming.key in mine  # the other name of the two is the alias
                if naming.evidence.record_id in edition.records:
                    told.setdefault((naming.what, naming.other if first else naming.key), (naming, first))
        found: list[Alias] = []
        for (what, _), (naming, first) in sorted(told.items(), key=lambda item: item[0])[:MAX_WORDS]:
            roles = {("defined", True): "what it is short for", ("defined", False): "short for it"}
            role = roles.get((what, first)) or ("its later name" if first else "its earlier name")
            record = edition.records[naming.evidence.record_id]
            why = f"{role}, {publisher_of(record)} says"
            name = naming.other_name if first else naming.name
            found.append(Alias(name, why, naming.evidence.quote, outward(record.url)))
        return found
