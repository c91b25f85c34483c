"""What signal counts: which records arrived when, and origins an hour of storylines, beats, sources, entities, phrases.

A record arrives when it was published, or when it was first seen if that was earlier or its date is doubtful. An origin
arrives with the first of its records within what it is counted for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select, type_coerce

from pipeline.protocols import Hourly
from pipeline.stores import register, schema
from pipeline.stores.beats import record_beats
from pipeline.stores.database import Database
from pipeline.stores.phrases import record_phrases
from pipeline.stores.schema import UtcTime

_HEADS, _VERSIONS, _ORIGINS = schema.records, schema.versions, schema.record_origins
_LATEST = and_(_HEADS.c.id == _VERSIONS.c.id, _HEADS.c.content_hash == _VERSIONS.c.content_hash)
_DOUBTFUL = _VERSIONS.c.rest.contains('"date_doubtful":true', autoescape=True)  # canonical JSON: no blanks
_arrived: ColumnElement[datetime] = type_coerce(
    case(
        (or_(_DOUBTFUL, _VERSIONS.c.fetched < _VERSIONS.c.published), _VERSIONS.c.fetched), else_=_VERSIONS.c.published
    ),
    UtcTime,
)
_ORIGIN = func.coalesce(_ORIGINS.c.origin_id, _HEADS.c.id)


def _within(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Records that arrived after `since` and not after `until`; what arrived then was not fetched before."""
    return and_(_HEADS.c.fetched > since, _HEADS.c.fetched <= until, _arrived > since, _arrived <= until)


class Counting:
    """Questions that are answered in counts, so that a night does not load what a year has brought."""

    db: Database

    def arrivals(self, since: datetime, until: datetime) -> list[str]:
        """Ids of records that arrived after `since` and not after `until`, in order."""
        wanted = select(_HEADS.c.id).join(_VERSIONS, _LATEST).where(_within(since, until)).order_by(_HEADS.c.id)
        return [row.id for row in self.db.rows(wanted)]

    def heard(self, origin_ids: Iterable[str], before: datetime) -> frozenset[str]:
        """Those of `origin_ids` of which a record arrived at `before` or earlier."""
        wanted = select(_ORIGINS.c.origin_id).join(_HEADS, _HEADS.c.id == _ORIGINS.c.record_id)
        wanted = wanted.join(_VERSIONS, _LATEST).where(_arrived <= before)
        return frozenset(row.origin_id for row in self.db.rows_in(wanted, _ORIGINS.c.origin_id, origin_ids))

    def hourly(self, about: str, since: datetime, until: datetime, end: datetime) -> Hourly:
        """Origins an hour of every storyline, beat, source, entity or phrase of which something came in the time asked.

        Only living storylines and public entities are counted. Raises KeyError for anything else.
        """
        subject, wanted = _SUBJECTS[about]()
        first = extract("epoch", func.min(_arrived)).label("first")
        wanted = wanted.add_columns(func.min(_VERSIONS.c.source).label("outlet"), first)
        wanted = wanted.where(_within(since, until)).group_by(subject, _ORIGIN)
        keys, sources = _Numbers(), _Numbers()
        whole = int(end.timestamp())
        rows = [
            (keys[row.key], (whole - int(row.first)) // 3600, sources[row.outlet]) for row in self.db.stream(wanted)
        ]
        return _summed(keys, sources, np.array(rows, dtype=np.int32).reshape(-1, 3), self._born(about, since, end))

    def _born(self, about: str, since: datetime, end: datetime) -> Mapping[str, int]:
        """Whole hours before `end` in which storylines or entities were first met, where that is after `since`."""
        if about not in _FIRST:
            return {}
        table, column = _FIRST[about]
        rows = self.db.rows(select(table.c.id, column.label("first")).where(column > since, column <= end))
        return {row.id: int((end - row.first).total_seconds() // 3600) for row in rows}


class _Numbers(dict[str, int]):
    """Numbers names in the order in which they are met."""

    def __missing__(self, key: str) -> int:
        return self.setdefault(key, len(self))


def _summed(keys: _Numbers, sources: _Numbers, rows: NDArray[np.int32], born: Mapping[str, int]) -> Hourly:
    """Rows of (subject, hour, source) as counts, subjects and sources in order of their names."""
    names, outlets = sorted(keys), sorted(sources)
    rows[:, 0] = _places(keys, names)[rows[:, 0]]
    rows[:, 2] = _places(sources, outlets)[rows[:, 2]]
    unique, counts = np.unique(rows, axis=0, return_counts=True)
    return Hourly(
        keys=tuple(names),
        born=np.array([born.get(name, -1) for name in names], dtype=np.int32),
        sources=tuple(outlets),
        subject=unique[:, 0],
        hour=unique[:, 1],
        source=unique[:, 2],
        count=counts.astype(np.int32),
    )


def _places(numbers: _Numbers, ordered: list[str]) -> NDArray[np.int32]:
    found = np.zeros(len(numbers), dtype=np.int32)
    for place, name in enumerate(ordered):
        found[numbers[name]] = place
    return found


# --- what is counted for which subject -------------------------------------------------------------------------------


def _latest(subject: ColumnElement[str]) -> Select[Any]:
    found = select(subject.label("key")).select_from(_HEADS).join(_VERSIONS, _LATEST)
    return found.outerjoin(_ORIGINS, _ORIGINS.c.record_id == _HEADS.c.id)


def _storylines() -> tuple[ColumnElement[str], Select[Any]]:
    parts, lines = schema.storyline_records, schema.storylines
    subject = parts.c.storyline_id
    joined = _latest(subject).join(parts, parts.c.record_id == _HEADS.c.id).join(lines, lines.c.id == subject)
    return subject, joined.where(lines.c.merged_into.is_(None))


def _beats() -> tuple[ColumnElement[str], Select[Any]]:
    subject = record_beats.c.beat
    return subject, _latest(subject).join(record_beats, record_beats.c.record_id == _HEADS.c.id)


def _sources() -> tuple[ColumnElement[str], Select[Any]]:
    return _VERSIONS.c.source, _latest(_VERSIONS.c.source)


def _entities() -> tuple[ColumnElement[str], Select[Any]]:
    names, who = register.entity_records, register.entities
    subject = names.c.entity_id
    joined = _latest(subject).join(names, names.c.record_id == _HEADS.c.id).join(who, who.c.id == subject)
    return subject, joined.where(who.c.public, who.c.merged_into.is_(None))


def _phrases() -> tuple[ColumnElement[str], Select[Any]]:
    subject = record_phrases.c.phrase
    return subject, _latest(subject).join(record_phrases, record_phrases.c.record_id == _HEADS.c.id)


_SUBJECTS = {
    "storyline": _storylines,
    "beat": _beats,
    "source": _sources,
    "entity": _entities,
    "phrase": _phrases,
}
_FIRST = {
    "storyline": (schema.storylines, schema.storylines.c.founded),
    "entity": (register.entities, register.entities.c.first_seen),
}
