"""JSON Schema of nouns: what the writer writes fits, what it never writes does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import jsonschema
import pytest

from pipeline.bundles.schemas import DIALECT, definitions
from pipeline.serial import to_json


class Colour(StrEnum):
    """A colour."""

    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf."""

    name: str
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree."""

    leaves: tuple[Leaf, ...]
    sizes: Mapping[str, float]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Odd:
    """What JSON has no form for."""

    what: complex


def judge(value: object) -> None:
    found = definitions((Tree,), {("Leaf", "name"): {"pattern": "^[a-z]+$"}})
    assert list(found) == ["Leaf", "Tree"]
    jsonschema.validate(value, {"$schema": DIALECT, "$ref": "#/$defs/Tree", "$defs": found})


def test_what_is_written_fits() -> None:
    whole = Tree((Leaf("a", datetime(2026, 1, 2, tzinfo=UTC)), Leaf("b")), {"x": 1.5}, Colour.RED)
    judge(to_json(whole))


@pytest.mark.parametrize(
    "broken",
    [
        {"leaves": [], "sizes": {}},
        {"leaves": [], "sizes": {}, "colour": "blue"},
        {"leaves": [{"name": "A1", "when": None}], "sizes": {}, "colour": "red"},
        {"leaves": [], "sizes": {"x": "1"}, "colour": "red"},
        {"leaves": [], "sizes": {}, "colour": "red", "more": 1},
    ],
)
def test_what_is_not_written_does_not_fit(broken: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        judge(broken)


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError):
        definitions((Odd,))
