"""Nouns of which the light part is at hand and the rest is fetched when somebody asks: thousands of stories in memory.

A shelved story is a `Story` in every respect. Its light fields are read, each at its first use, from what `light` made
of the whole one; asked for another field, it fetches the whole one and lets go of it again. A shelved record reads its
text again each time that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from sys import intern
from typing import Any, TypeVar

from pipeline.domain import Record, Story, Storyline
from pipeline.serial import field_coders
from pipeline.spill import Heap

T = TypeVar("T", bound="_Shelved")
HEAVY = frozenset(("sections", "citations", "records", "dropped", "signals", "answers"))
_STORY, _LINE = field_coders(Story), field_coders(Storyline)
_OWN = ("_light", "_fetch")
_AT_HAND = tuple(field.name for field in fields(Record) if field.name != "text")


class _Shelved:
    """What both kinds have: `_light`, the fields at hand as JSON, and `_fetch`, which gives the whole noun."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """A field that was not read yet."""
        coders = _STORY if isinstance(self, Story) else _LINE
        if name in _OWN or name not in coders:
            raise AttributeError(name)
        light: dict[str, Any] = object.__getattribute__(self, "_light")
        if name not in light:
            return getattr(object.__getattribute__(self, "_fetch")(), name)
        value = coders[name][1](light.pop(name))  # once is enough: from here on it is a field
        object.__setattr__(self, name, value)
        return value


class ShelvedStory(_Shelved, Story):
    """A version."""

    __slots__ = _OWN

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal."""
        return isinstance(other, Story) and all(getattr(self, name) == getattr(other, name) for name in _STORY)

    def __hash__(self) -> int:
        return hash((self.id, self.version))


class ShelvedStoryline(_Shelved, Storyline):
    """A storyline."""

    __slots__ = _OWN

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal."""
        return isinstance(other, Storyline) and all(getattr(self, name) == getattr(other, name) for name in _LINE)

    def __hash__(self) -> int:
        return hash(self.id)


def light(story: Story) -> dict[str, Any]:
    """The light fields of a story as JSON."""
    return {name: coder[0](getattr(story, name)) for name, coder in _STORY.items() if name not in HEAVY}


def shelved(kind: type[T], fields: dict[str, Any], fetch: Callable[[], Any]) -> T:
    """A noun of that kind of its light fields as JSON, each read at its first use."""
    made = kind.__new__(kind)
    object.__setattr__(made, "_light", {intern(name): value for name, value in fields.items()})
    object.__setattr__(made, "_fetch", fetch)
    return made


class ShelvedRecord(Record):
    """A record whose text was put away."""

    __slots__ = ("_text",)

    def __getattr__(self, name: str) -> Any:
        """The text."""
        if name != "text":
            raise AttributeError(name)
        return object.__getattribute__(self, "_text").read().decode("utf-8", "surrogatepass")

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal."""
        if not isinstance(other, Record):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in (*_AT_HAND, "text"))

    def __hash__(self) -> int:
        return hash(self.id)


def away(record: Record, heap: Heap) -> ShelvedRecord:
    """`record` with its text in `heap`; its other fields are those very objects."""
    made = ShelvedRecord.__new__(ShelvedRecord)
    for name in _AT_HAND:
        object.__setattr__(made, name, getattr(record, name))
    object.__setattr__(made, "_text", heap.put(record.text.encode("utf-8", "surrogatepass")))
    return made
