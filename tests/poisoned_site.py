"""The whole invented edition with hostile strings in every text that comes from outside, in few builds.

Each text field gets a share of the strings at once, another share in each build, beginning with another string in each
field; a field for an address gets one hostile address, for only a whole one can be followed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import full_site
from hostile_strings import ADDRESSES, STRINGS

from pipeline.edition import Edition
from pipeline.settings import Settings

SHARES = 8
# Made by code, never taken from a text: ids, hashes, and words of closed lists that code looks things up by.
KEPT = frozenset(
    "id key record_id claim_id origin_id storyline_id story_id entity_id content_hash text_hash settings_hash seal "
    "slug native_id previous correction target subject parent merged_into inputs rules support old a b "
    "about severity kind role what by state label stance register name_of "
    "beat beats source writer".split()
)
# Of these classes even such fields are texts.
TEXTS = frozenset(
    {("Variants", "subject"), ("Dispute", "what"), ("Aside", "source"), ("Searched", "name"), ("Reason", "rule")}
)
LISTED = frozenset({"lacking", "roles", "platforms", "passed"})  # tuples of texts
KEYED = frozenset({"names"})  # texts are the keys
CODED = frozenset({("Computation", "name"), ("Computation", "value"), ("SourceHealth", "source")})


class Poisoner:
    """Puts the strings of one build into values; counts the fields that it has filled, by class and name."""

    def __init__(self, share: int) -> None:
        self._strings = STRINGS[share::SHARES]
        self._share = share
        self._turn = 0
        self.filled: set[tuple[str, str]] = set()

    def tries(self, value: Any) -> int:
        """How many pairs of a field and a string `value` gives: every field holds every string of this build."""
        self._turn = 0
        self.poison(value)
        return self._turn * len(self._strings)

    def text(self) -> str:
        """All strings of this build, another one first each time; apart by lines in every second build."""
        self._turn += 1
        first = self._turn % len(self._strings)
        return ("\n\n" if self._share % 2 else " ").join(self._strings[first:] + self._strings[:first])

    def address(self) -> str:
        """A hostile address, the next one each time."""
        self._turn += 1
        return ADDRESSES[(self._turn * SHARES + self._share) % len(ADDRESSES)]

    def poison(self, value: Any) -> Any:
        """`value` with every text in it replaced."""
        if isinstance(value, Settings):
            return value
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changed = {f.name: self._field(value, f.name) for f in dataclasses.fields(value) if f.init}
            return dataclasses.replace(value, **changed)
        if isinstance(value, tuple):
            return tuple(self.poison(one) for one in value)
        if isinstance(value, Mapping):
            return {key: self.poison(one) for key, one in value.items()}
        return value

    def _field(self, owner: Any, name: str) -> Any:
        value, place = getattr(owner, name), (type(owner).__name__, name)
        if name in LISTED and value:
            self.filled.add(place)
            return tuple(self.text() for _ in value)
        if name in KEYED and isinstance(value, Mapping):
            self.filled.add(place)
            return {self.text(): one for one in value.values()}
        if type(value) is not str:
            return self.poison(value)
        if place in CODED or (name in KEPT and place not in TEXTS):
            return value
        self.filled.add(place)
        if place == ("Evidence", "quote"):  # as long as its span says
            return self.text()[: len(value)].ljust(len(value), "<")
        return self.address() if name == "url" else self.text()


def poisoned(share: int) -> tuple[Edition, set[tuple[str, str]]]:
    """The edition of one build, and the fields that hold hostile strings."""
    poisoner = Poisoner(share)
    edition = poisoner.poison(full_site.edition())
    return edition, poisoner.filled


def texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
