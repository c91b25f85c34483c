"""How tasks and answers travel: pickled, with the nouns of this program taken apart and put together at full speed.

`dataclasses` pickles frozen classes with slots by two functions in Python that look every field up, one object at a
time; on claims and names that is most of what carrying costs. Here such an object travels as its class and its values,
and is made again by calling the class. Other objects travel as pickle sends them. What arrives is plain pickle.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

Reducer = Callable[[Any], tuple[Any, ...]]


class _Reducers(dict[type, Reducer]):
    """How objects of each class are taken apart; found when a class is first met."""

    def __missing__(self, kind: type) -> Reducer:
        found = _reducer(kind)
        if found is None:
            raise KeyError(kind)  # pickle knows better
        self[kind] = found
        return found


def _reducer(kind: type) -> Reducer | None:
    """How a frozen dataclass with slots travels; None for every other class, and one that is not made of its fields."""
    if not is_dataclass(kind) or "__slots__" not in kind.__dict__ or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return None
    names = [field.name for field in fields(kind) if field.init and not field.kw_only]
    if not names or len(names) != len(fields(kind)):
        return None
    values = attrgetter(*names)
    if len(names) == 1:
        return lambda one: (kind, (values(one),))
    return lambda one: (kind, values(one))


_REDUCERS = _Reducers()


def packed(value: object) -> bytes:
    """`value` as bytes for `pickle.loads`. Raises whatever pickle raises for what cannot travel."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(value)
    return out.getvalue()
