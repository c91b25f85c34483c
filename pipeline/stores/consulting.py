"""What search asks of the store: records by their words, openings of texts, which stories cite a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, Subquery, and_, func, or_, select

from pipeline.language.words import tokens
from pipeline.protocols.library import Printed, Within
from pipeline.stores import schema
from pipeline.stores.correcting import standing
from pipeline.stores.database import Database
from pipeline.stores.flat import of_beat, timed
from pipeline.stores.rows import chunks

_HEADS, _VERSIONS, _STORIES = schema.records, schema.versions, schema.stories
_PUBLISHED = _VERSIONS.c.published
_LATEST = and_(_VERSIONS.c.id == _HEADS.c.id, _VERSIONS.c.content_hash == _HEADS.c.content_hash)


class Consulting:
    """The part of the store that search asks."""

    db: Database

    def matching(self, words: Sequence[str], within: Within, *, limit: int) -> Sequence[str]:
        """Ids of records whose latest text holds any of `words`, best first by BM25, then id.

        The rows of the records are looked at only where a time or a beat is asked for.
        """
        folded = sorted({token for word in words for token in tokens(word)})
        if not folded or limit < 1:
            return []
        hits = self.db.words.find(folded).subquery()
        found = select(hits.c.id).where(*of_beat(hits.c.id, within.beat))
        if within.since is not None or within.until is not None:
            found = timed(
                found.join(_HEADS, _HEADS.c.id == hits.c.id).join(_VERSIONS, _LATEST), _VERSIONS.c.published, within
            )
        return [row.id for row in self.db.rows(found.order_by(hits.c.score.desc(), hits.c.id).limit(limit))]

    def openings(self, within: Within, *, after: str, length: int, limit: int) -> Sequence[tuple[str, str]]:
        """(id, first `length` code points of the latest text) of the `limit` records that follow id `after`."""
        wanted = _openings(within, length).where(_HEADS.c.id > after)
        return [(row.id, row.opening) for row in self.db.rows(wanted.order_by(_HEADS.c.id).limit(limit))]

    def openings_of(self, ids: Iterable[str], within: Within, *, length: int) -> Sequence[tuple[str, str]]:
        """As `openings`, of those of `ids` that are within, by id."""
        rows = self.db.rows_in(_openings(within, length), _HEADS.c.id, ids)
        return sorted((row.id, row.opening) for row in rows)

    def near(self, model: str, row: Sequence[float], within: Within, *, limit: int) -> Sequence[str] | None:
        """Ids of about `limit` records nearest to `row` by the rows of `model`; None where no index tells."""
        if self.db.near is None:
            return None
        among = None if within == Within() else _openings(within, 0).with_only_columns(_HEADS.c.id)
        with self.db.translated(), self.db.connection.begin():
            asked = np.asarray(row, dtype=np.float32)
            return self.db.near.candidates(self.db.connection, model, asked, among=among, limit=limit)

    def subject_of(self, name: str) -> str | None:
        """The storyline whose story has this name (slug) or version id, or whose id it is; None for none told."""
        mine = or_(_STORIES.c.slug == name, _STORIES.c.id == name, _STORIES.c.storyline_id == name)
        rows = self.db.rows(select(_STORIES.c.storyline_id).where(mine).order_by(_STORIES.c.storyline_id).limit(1))
        return str(rows[0].storyline_id) if rows else None

    def stories_citing(self, record_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Record id -> storylines whose latest standing story cites it, by id."""
        latest, cited = _latest(), schema.citations
        wanted = select(cited.c.record_id, latest.c.storyline_id).join(latest, latest.c.id == cited.c.story_id)
        found: dict[str, set[str]] = {}
        for row in self.db.rows_in(wanted, cited.c.record_id, record_ids):
            found.setdefault(row.record_id, set()).add(row.storyline_id)
        return {key: tuple(sorted(lines)) for key, lines in sorted(found.items())}

    def printed(self, storyline_ids: Iterable[str]) -> Mapping[str, Printed]:
        """Storyline id -> the latest standing version of its story, for those that have one."""
        latest, said = _latest(), schema.sentences
        told = [_STORIES.c[name] for name in ("id", "storyline_id", "slug", "version", "beat", "written")]
        wanted = select(*told, said.c.role, said.c.text).join(latest, latest.c.id == _STORIES.c.id)
        wanted = wanted.join(said, said.c.story_id == _STORIES.c.id).where(said.c.published)
        heads: dict[str, Row[Any]] = {}
        lines: dict[str, list[tuple[str, str]]] = {}
        for some in chunks(sorted(set(storyline_ids))):
            ordered = wanted.where(_STORIES.c.storyline_id.in_(some)).order_by(_STORIES.c.storyline_id, said.c.n)
            for row in self.db.rows(ordered):
                heads[row.storyline_id] = row
                lines.setdefault(row.storyline_id, []).append((row.role, row.text))
        return {
            key: Printed(row.id, key, row.slug, row.version, row.beat, row.written, tuple(lines[key]))
            for key, row in heads.items()
        }


def _openings(within: Within, length: int) -> Select[Any]:
    """(id, opening) of the latest texts that are within."""
    wanted = select(_HEADS.c.id, func.substr(_VERSIONS.c.text, 1, length).label("opening")).join(_VERSIONS, _LATEST)
    return timed(wanted.where(*of_beat(_HEADS.c.id, within.beat)), _VERSIONS.c.published, within)


def _latest() -> Subquery:
    """(storyline_id, id) of the latest standing version of each story."""
    newest = select(_STORIES.c.storyline_id, func.max(_STORIES.c.version).label("version"))
    last = standing(newest).group_by(_STORIES.c.storyline_id).subquery()
    same = and_(last.c.storyline_id == _STORIES.c.storyline_id, last.c.version == _STORIES.c.version)
    return select(_STORIES.c.storyline_id, _STORIES.c.id).join(last, same).subquery()
