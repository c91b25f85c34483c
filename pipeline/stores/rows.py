"""Nouns as rows and back: fields with a column of their own go there, the others into `rest` as canonical JSON.

`rest` leaves out what is as its field says by default: most fields of most rows are, and all of it is read each night.
So a default that ever changes needs a migration that writes the old one down.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Generic, TypeVar, cast, get_type_hints

from sqlalchemy import Row, Table

from pipeline.errors import StoreError
from pipeline.serial import dumps, field_coders, iso

T = TypeVar("T")
Values = dict[str, Any]
_SENTENCE = 400  # characters of a string that may well occur again: a claim is its own quotation
CHUNK = 1000  # values in one IN list: far below every database's limit on variables


def chunks(items: Iterable[T], most: int = CHUNK) -> Iterator[list[T]]:
    """`items` in lists of at most `most`, each taken when it is asked for."""
    waiting = iter(items)
    while some := list(islice(waiting, most)):
        yield some


def _time(value: Any) -> Any:
    """A time goes to its column as it is, once it is known to have a zone."""
    if value is not None:
        iso(value)
    return value


def _same(value: Any) -> Any:
    return value


def shared(value: Any) -> Any:
    """A value as one object wherever it is equal: of a hundred thousand nouns that are held at once most fields are."""
    if type(value) is str:
        return sys.intern(value) if len(value) <= _SENTENCE else value
    if type(value) is tuple and value and type(value[0]) is str:
        return tuple(map(shared, value))
    return _moment(value) if type(value) is datetime else value


@lru_cache(maxsize=4096)
def _moment(value: datetime) -> datetime:
    return value


def _usual(field: dataclasses.Field[Any]) -> Any:
    """The default of a field; what equals nothing where it has none."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


class Shape(Generic[T]):
    """How the dataclass `cls` lies in `table`. `apart` names fields that have tables of their own."""

    def __init__(self, cls: type[T], table: Table, apart: Sequence[str] = ()) -> None:
        self.cls, self.table, self.apart = cls, table, tuple(apart)
        hints = get_type_hints(cls)
        coders = {name: coder for name, coder in field_coders(cls).items() if name not in apart}
        columns = [name for name in coders if name in table.c]
        times = {name for name in columns if hints[name] in (datetime, datetime | None)}
        self._columns: list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = [
            (name, _time, _same) if name in times else (name, *coders[name]) for name in columns
        ]
        self._rest = {name: coder for name, coder in coders.items() if name not in table.c}
        self._usual = {field.name: _usual(field) for field in dataclasses.fields(cast(Any, cls))}

    def row(self, noun: T, **more: Any) -> Values:
        """The row of `noun`, with the columns `more` beside its own. Raises StoreError where a field does not fit."""
        try:
            values = {name: write(getattr(noun, name)) for name, write, _ in self._columns}
            if "rest" in self.table.c:
                told = {name: getattr(noun, name) for name in self._rest}
                unusual = {name: value for name, value in told.items() if value != self._usual[name]}
                values["rest"] = dumps({name: self._rest[name][0](value) for name, value in unusual.items()})
        except ValueError as error:
            raise StoreError(f"{self._named(noun)} cannot be stored: {error}") from error
        values |= more
        for name, value in values.items():
            if isinstance(value, str) and "\0" in value:
                raise StoreError(f"{self._named(noun)} cannot be stored: {name} holds a NUL; clean the text first")
        return values

    def noun(self, row: Row[Any], **apart: Any) -> T:
        """The noun of a row, with its fields that lie `apart`. Raises StoreError for a row that makes none."""
        found = row._mapping
        try:
            values = {name: read(found[name]) for name, _, read in self._columns}
            if self._rest:
                kept = json.loads(found["rest"])
                values |= {name: read(kept[name]) for name, (_, read) in self._rest.items() if name in kept}
            return self.cls(**{name: shared(value) for name, value in values.items()}, **apart)
        except (ValueError, TypeError) as error:
            raise StoreError(f"a row of {self.table.name} is damaged ({error}); restore a backup") from error

    def _named(self, noun: T) -> str:
        return f"{self.cls.__name__.lower()} {getattr(noun, 'id', '') or getattr(noun, 'source', '')!s}".strip()


def listed(owner: str, column: str, lists: Mapping[str, Sequence[str]]) -> Iterator[Values]:
    """Rows of an ordered list table: `owner` id, place, value."""
    return ({owner: key, "n": n, column: value} for key, values in lists.items() for n, value in enumerate(values))
