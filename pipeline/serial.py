"""The nouns as JSON and back, by their type hints: what the store keeps and what a bundle ships.

A frozen dataclass becomes an object of all its fields, a StrEnum its value, a datetime ISO 8601 in UTC with "Z", bytes
base64, a tuple an array, a Mapping an object. Reading is strict: unknown, missing or mistyped parts raise `ShapeError`
with the path to the fault. Coders are built once per type and kept.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import sys
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = Any  # None, bool, int, finite float, str, list of Json, dict of str to Json
_Coder = Callable[[Any], Any]
_SHARED = 400  # characters: ids, names and quoted words stand in thousands of nouns, and in memory once


class ShapeError(ValueError):
    """A value is not of the shape its type asks for. `path` leads to it: ("sections", 2, "heading")."""

    def __init__(self, problem: str, path: tuple[str | int, ...] = ()) -> None:
        self.problem, self.path = problem, path
        super().__init__(problem)

    def under(self, step: str | int) -> ShapeError:
        """The same fault, seen from one level further out."""
        return ShapeError(self.problem, (step, *self.path))

    def __str__(self) -> str:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"{where.lstrip('.') or 'value'}: {self.problem}"


def to_json(obj: object) -> Json:
    """A dataclass of `pipeline.domain` as a JSON value. Raises ShapeError where a field does not fit its hint.

    Lists are taken for tuples and whole numbers for floats, as readers of the annotations would; NaN is refused.
    """
    if not dataclasses.is_dataclass(obj) or isinstance(obj, type):
        raise ShapeError(f"expected an instance of a dataclass, got {type(obj).__name__}")
    return _encoder(type(obj))(obj)


def from_json(cls: type[T], value: Json, *, fill: bool = False) -> T:
    """An instance of the dataclass `cls` from what `to_json` made of it.

    Raises ShapeError (a ValueError) with the path of the first fault. With `fill`, absent fields that have a default
    take it: for values written before that field existed.
    """
    return cast(T, _decoder(cast(Any, cls), fill)(value))


def field_coders(cls: type) -> dict[str, tuple[_Coder, _Coder]]:
    """For each field of the dataclass `cls` its writer and its reader, for stores that keep fields apart."""
    hints = get_type_hints(cls)
    names = [field.name for field in dataclasses.fields(cls)]
    return {name: (_encoder(hints[name]), _decoder(hints[name], True)) for name in names}


def dumps(value: Json) -> str:
    """Canonical JSON: sorted keys, no spaces, no NaN, text as itself. Raises ValueError for what UTF-8 cannot hold."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    return text


def pretty(value: Json, margin: str = "\n") -> str:
    """JSON for readers: sorted keys, one space a level, text as itself; what `json.dumps` writes, but faster.

    Where it indents, the standard library leaves its C encoder.
    """
    inner = margin + " "
    if isinstance(value, Mapping) and value:
        parts = (f"{encode_basestring(key)}: {pretty(value[key], inner)}" for key in sorted(value))
        return "{" + inner + f",{inner}".join(parts) + margin + "}"
    if isinstance(value, list) and value:
        return "[" + inner + f",{inner}".join([pretty(part, inner) for part in value]) + margin + "]"
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value, allow_nan=False)


def loads(text: str | bytes) -> Json:
    """Parse JSON; NaN and Infinity, which are not JSON, and repeated keys raise ValueError."""
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)


def iso(value: datetime) -> str:
    """ISO 8601 in UTC with "Z"; raises ShapeError for a time without zone."""
    if value.utcoffset() is None:
        raise ShapeError(f"expected a time with a zone, got {value.isoformat()}")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object repeats a key")
    return found


# --- leaves ----------------------------------------------------------------------------------------------------------


def _named(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ShapeError(f"expected a string, got {_named(value)}")
    return sys.intern(value) if type(value) is str and len(value) < _SHARED else str(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ShapeError(f"expected a whole number, got {_named(value)}")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ShapeError(f"expected a number, got {_named(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ShapeError("expected a finite number")
    return number


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ShapeError(f"expected true or false, got {_named(value)}")
    return value


def _write_time(value: Any) -> str:
    if not isinstance(value, datetime):
        raise ShapeError(f"expected a time, got {_named(value)}")
    return iso(value)


def _read_time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
        if moment.utcoffset() is None:
            raise ShapeError(f"expected a time with a zone, got {value!r}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        if isinstance(fault, ShapeError):
            raise
        raise ShapeError(f"expected an ISO 8601 time, got {value!r}") from fault


def _write_bytes(value: Any) -> str:
    if not isinstance(value, bytes):
        raise ShapeError(f"expected bytes, got {_named(value)}")
    return base64.b64encode(value).decode("ascii")


def _read_bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise ShapeError("expected base64") from None


def _plain(value: Any) -> Json:
    """Free JSON, for fields hinted `object`: containers are copied, anything JSON cannot hold is refused."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return _mapped(_plain)(value)
    return _listed(_plain)(value)


# --- containers ------------------------------------------------------------------------------------------------------


def _listed(item: _Coder) -> _Coder:
    def code(value: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise ShapeError(f"expected an array, got {_named(value)}")
        done: list[Any] = []
        try:
            for part in value:
                done.append(item(part))
        except ShapeError as fault:
            raise fault.under(len(done)) from None
        return done

    return code


def _mapped(item: _Coder) -> _Coder:
    def code(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ShapeError(f"expected an object, got {_named(value)}")
        done: dict[str, Any] = {}
        for key, part in value.items():
            try:
                done[_text(key)] = item(part)
            except ShapeError as fault:
                raise fault.under(str(key)) from None
        return done

    return code


def _maybe(item: _Coder) -> _Coder:
    return lambda value: None if value is None else item(value)


_LEAVES: dict[Any, _Coder] = {str: _text, int: _whole, float: _number, bool: _truth, object: _plain, Any: _plain}


_WRITERS: dict[Any, _Coder] = {datetime: _write_time, bytes: _write_bytes}
_READERS: dict[Any, _Coder] = {datetime: _read_time, bytes: _read_bytes}


def _build(hint: Any, inner: Callable[[Any], _Coder], *, reading: bool) -> _Coder:
    """The coder of a type hint that is not a dataclass, enum or time; `inner` builds those of its arguments."""
    if hint in _LEAVES:
        return _LEAVES[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
        return _maybe(inner(next(argument for argument in arguments if argument is not type(None))))
    if origin is tuple and arguments[1:] == (Ellipsis,):
        code = _listed(inner(arguments[0]))
        return (lambda value: tuple(code(value))) if reading else code
    if isinstance(origin, type) and issubclass(origin, Mapping) and arguments[0] is str:
        return _mapped(inner(arguments[1]))
    raise TypeError(f"no JSON form is known for {hint!r}")


# --- objects ---------------------------------------------------------------------------------------------------------


@cache
def _encoder(hint: Any) -> _Coder:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda value: _member(hint, value).value
    if hint in _WRITERS:
        return _WRITERS[hint]
    if not dataclasses.is_dataclass(hint):
        return _build(hint, _encoder, reading=False)
    hints = get_type_hints(hint)
    fields = [(field.name, _encoder(hints[field.name])) for field in dataclasses.fields(hint)]

    def code(value: Any) -> dict[str, Any]:
        if not isinstance(value, cast(type, hint)):
            raise ShapeError(f"expected {cast(type, hint).__name__}, got {_named(value)}")
        done: dict[str, Any] = {}
        name = ""
        try:
            for name, field in fields:
                done[name] = field(getattr(value, name))
        except ShapeError as fault:
            raise fault.under(name) from None
        return done

    return code


@cache
def _decoder(hint: Any, fill: bool) -> _Coder:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda value: _member(hint, value)
    if hint in _READERS:
        return _READERS[hint]
    if not dataclasses.is_dataclass(hint):
        return _build(hint, lambda inner: _decoder(inner, fill), reading=True)
    hints = get_type_hints(hint)
    fields = {field.name: _decoder(hints[field.name], fill) for field in dataclasses.fields(hint)}
    needed = {
        field.name
        for field in dataclasses.fields(hint)
        if not fill or (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
    }

    def code(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ShapeError(f"expected an object, got {_named(value)}")
        if value.keys() - fields.keys() or needed - value.keys():
            raise _misfit(value.keys() - fields.keys(), needed - value.keys())
        read: dict[str, Any] = {}
        name = ""
        try:
            for name, part in value.items():
                read[name] = fields[name](part)
        except ShapeError as fault:
            raise fault.under(name) from None
        try:
            return cast(type, hint)(**read)
        except ValueError as fault:
            raise ShapeError(str(fault)) from fault

    return code


def _misfit(unknown: set[str], missing: set[str]) -> ShapeError:
    parts = [f"unknown {sorted(unknown)}"] if unknown else []
    parts += [f"missing {sorted(missing)}"] if missing else []
    return ShapeError(" and ".join(parts))


def _member(kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(_text(value))
    except ShapeError:
        raise
    except ValueError:
        raise ShapeError(f"expected one of {[member.value for member in kind]}, got {value!r}") from None
