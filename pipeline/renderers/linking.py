"""From a story's sentences to the pages about the names in them: which names lead somewhere, and where in the words.

A name leads to the page of what it names where a claim that the version cites names the same. Its first mention in the
body is a link; none stands in a headline, in key points or inside quotation marks, for those are other people's words
or a line to be read at once. What is a name is for `language.names` to say: "Apple" in "Apple Watch" is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import Span, Story, StoryKind
from pipeline.edition import Edition, Linked
from pipeline.language import names, quotes
from pipeline.renderers.places import Places, part

LONGEST_TAIL = 24  # characters of a word that may be kept on one line with its marks


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a sentence; `href`: the page that it leads to, relative to the site's root, "" for none."""

    text: str
    href: str = ""


def linked_of(story: Story, edition: Edition, places: Places) -> tuple[Linked, ...]:
    """The folded names by which a version may speak of what has a page, without the outlets that it cites; by name."""
    if story.id in edition.linked:
        return edition.linked[story.id]
    names_of = _names(edition, places)
    found = {key: folder for one in _spoken(story, edition, places) for key, folder in names_of[one]}
    cited = set(edition.remember("outlets", lambda: _outlets(story), story.id)) if found else set[str]()
    return tuple(Linked(key, found[key]) for key in sorted(found.keys() - cited))


def _outlets(story: Story) -> list[str]:
    """The folded names of the outlets that a version cites."""
    return sorted({names.key(record.publisher) for record in story.records if record.publisher})


def _names(edition: Edition, places: Places) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Entity that has a page -> the folded names that lead there, each with its folder; worked out once an edition."""
    if "names" not in edition.memo:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, now in places.heirs.items():
            entity = edition.featured.entities[key]
            known = sorted({entity.key, *map(names.key, entity.names)} - {""})
            found[now] += ((name, places.entities[now]) for name in known)
        edition.memo["names"] = found
    told: Mapping[str, Sequence[tuple[str, str]]] = edition.memo["names"]
    return told


def _spoken(story: Story, edition: Edition, places: Places) -> Sequence[str]:
    """The entities with a page that a version names, by id; of a live story they are known from its place."""
    if "naming" not in edition.memo:
        by_story: dict[str, list[str]] = {one.id: [] for one in places.live if one.kind is not StoryKind.BRIEFING}
        for key in sorted(places.by_entity):
            for one in places.by_entity[key]:
                by_story[one.id].append(key)
        edition.memo["naming"] = by_story
    known: Mapping[str, Sequence[str]] = edition.memo["naming"]
    if story.id in known:
        return known[story.id]
    spoken = _by_claim(edition, places)
    return sorted({key for claim, _, _ in edition.cited(story) for key in spoken.get(claim, ())})


def _by_claim(edition: Edition, places: Places) -> Mapping[str, Sequence[str]]:
    """Claim -> the entities with a page that it names; only older versions and briefings are asked for by it."""
    if "spoken" not in edition.memo:
        found: dict[str, list[str]] = defaultdict(list)
        for key in places.by_entity:
            for claim in edition.featured.claims[key]:
                found[claim].append(key)
        edition.memo["spoken"] = found
    told: Mapping[str, Sequence[str]] = edition.memo["spoken"]
    return told


class Linker:
    """Cuts the sentences of one page into runs, and knows which names it has linked."""

    def __init__(self, linked: Iterable[Linked] = ()) -> None:
        """Raises ValidationFailed for a folder that cannot be an address."""
        self._pages = {one.key: f"entities/{part(one.folder, 'entity')}/index.html" for one in linked}
        self._told: set[str] = set()

    def runs(self, text: str, *, linking: bool) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
        """`text` before its last word, and that word, which stays on one line with its marks; long words stay free.

        With `linking` names are links where they first stand, a name at the end with its last word.
        """
        links = list(self._links(text)) if linking and self._pages else []
        cut = text.rfind(" ") + 1
        cut = next((span.start for span, _ in links if span.start < cut < span.end), cut)
        cut = len(text) if len(text) - cut > LONGEST_TAIL else cut
        parts: list[tuple[int, int, str]] = []
        at = 0
        for span, href in links:
            parts += [(at, span.start, ""), (span.start, span.end, href)]
            at = span.end
        parts.append((at, len(text), ""))
        head = tuple(Stretch(text[a : min(b, cut)], href) for a, b, href in parts if a < min(b, cut))
        tail = tuple(Stretch(text[max(a, cut) : b], href) for a, b, href in parts if max(a, cut) < b)
        return head, tail

    def _links(self, text: str) -> Iterator[tuple[Span, str]]:
        """Where names stand for the first time that have a page, in order."""
        quoted = quotes.find(text)
        for mention in names.find(text):
            href = self._pages.get(mention.key, "")
            if not href or href in self._told:
                continue
            if any(span.start <= mention.span.start < span.end for span in quoted):
                continue
            self._told.add(href)
            yield mention.span, href
