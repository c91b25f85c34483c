"""JSON Schema (2020-12) of frozen dataclasses, made from their type hints, so that it can never lag behind them.

It describes what `pipeline/serial.py` writes: an object of all fields, a StrEnum its value, a datetime RFC 3339, a
tuple an array, a Mapping an object.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Rules = Mapping[tuple[str, str], Mapping[str, Any]]
"""(class, field) -> what is known of the field's form beyond its type: pattern, maxLength."""

_LEAVES: Mapping[Any, dict[str, Any]] = types.MappingProxyType(
    {
        str: {"type": "string"},
        int: {"type": "integer"},
        float: {"type": "number"},
        bool: {"type": "boolean"},
        type(None): {"type": "null"},
        datetime: {"type": "string", "format": "date-time"},
        object: {},
        Any: {},
    }
)


def definitions(nouns: Iterable[type], rules: Rules = types.MappingProxyType({})) -> dict[str, Any]:
    """Class name -> schema of each of the dataclasses `nouns` and of all that they hold; for "$defs", by name.

    Raises TypeError for a hint that JSON has no form for.
    """
    found: dict[str, Any] = {}
    for noun in nouns:
        _of_class(noun, found, rules)
    return dict(sorted(found.items()))


def _of_class(cls: type, found: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """A reference to the schema of a dataclass, which is entered into `found` with all it needs."""
    if cls.__name__ not in found:
        found[cls.__name__] = {}
        hints = get_type_hints(cls)
        names = [field.name for field in dataclasses.fields(cls)]
        fields = {
            name: {**_of_type(hints[name], found, rules), **rules.get((cls.__name__, name), {})} for name in names
        }
        found[cls.__name__] = {
            "description": (cls.__doc__ or "").strip().split("\n", 1)[0],
            "type": "object",
            "required": names,
            "additionalProperties": False,
            "properties": fields,
        }
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _of_type(hint: Any, found: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Schema of a type hint as it occurs in the nouns."""
    if hint in _LEAVES:
        return dict(_LEAVES[hint])
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(argument, found, rules) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0], found, rules)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of_type(arguments[1], found, rules)}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [member.value for member in hint]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _of_class(hint, found, rules)
    raise TypeError(f"no JSON Schema for {hint!r}")
