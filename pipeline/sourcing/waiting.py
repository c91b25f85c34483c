"""Items over a night's limit: they wait inside the source's cursor, so that none is lost when its feed drops it.

Pure. The cursor an adapter sees holds its own position only; the one in the store also holds who waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain import Cursor, Record
from pipeline.serial import dumps, from_json, loads, to_json

_KEY = "citewire.waiting"


def wrap(cursor: Cursor, waiting: Sequence[Record]) -> Cursor:
    """`cursor` with `waiting` in it."""
    if not waiting:
        return cursor
    return replace(cursor, position=dumps({_KEY: [to_json(record) for record in waiting], "position": cursor.position}))


def unwrap(cursor: Cursor) -> tuple[Cursor, tuple[Record, ...]]:
    """The adapter's own cursor, and the records that wait. A cursor without any is returned as it is."""
    if not cursor.position or _KEY not in cursor.position:
        return cursor, ()
    try:
        held = loads(cursor.position)
        waiting = tuple(from_json(Record, record, fill=True) for record in held[_KEY])
        own = held["position"]
        return replace(cursor, position=own if isinstance(own, str) else None), waiting
    except (ValueError, TypeError, KeyError, RecursionError):
        return cursor, ()
