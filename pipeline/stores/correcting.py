"""The log of corrections, what was withdrawn by it, what rechecks found, and what versions were written from."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Column, LargeBinary, Select, Table, Text, select

from pipeline.amends import Correction, Recheck
from pipeline.domain import Story
from pipeline.errors import StoreError
from pipeline.serial import dumps, from_json, loads, to_json
from pipeline.stores import schema
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape

corrections = Table(  # entries are added, never changed
    "corrections",
    schema.metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("kind", "what")),
    Column("target", Text, nullable=False, index=True),
    Column("at", schema.UtcTime, nullable=False),
    Column("rest", Text, nullable=False),
)
withdrawals = Table(  # versions whose text no reader gets any more, and by which entry
    "withdrawals",
    schema.metadata,
    Column("story_id", Text, primary_key=True),
    Column("correction_id", Text, nullable=False),
)
rechecks = Table(  # what the last visit to a cited page found
    "rechecks",
    schema.metadata,
    Column("record_id", Text, primary_key=True),
    Column("at", schema.UtcTime, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("state", "rest")),
)
papers = Table(  # what a version was written from, by reference: zlib-compressed canonical JSON
    "papers", schema.metadata, Column("story_id", Text, primary_key=True), Column("body", LargeBinary, nullable=False)
)
_CORRECTION = Shape(Correction, corrections)
_RECHECK = Shape(Recheck, rechecks)


class _Saving(Protocol):
    """What else of the store this part needs."""

    db: Database

    def save_story(self, story: Story) -> None: ...


class Correcting:
    """The part of the store that corrections write."""

    db: Database

    def corrections(self) -> Sequence[Correction]:
        """The whole log, by time, then id."""
        wanted = select(corrections).order_by(corrections.c.at, corrections.c.id)
        return [_CORRECTION.noun(row) for row in self.db.rows(wanted)]

    def save_correction(self: _Saving, entry: Correction, successors: Sequence[Story] = ()) -> None:
        """Enter a correction, withdraw what it withdraws and append the versions that it made, all at once.

        Entered again unchanged it is no news; an entry that would change is refused (StoreError).
        """
        with self.db.transaction("save_correction"):
            known = self.db.rows(select(corrections).where(corrections.c.id == entry.id))
            if known and _CORRECTION.noun(known[0]) != entry:
                raise StoreError(f"correction {entry.id} is entered already; entries of the log are never changed")
            for story in successors:
                self.save_story(story)
            self.db.put(corrections, [_CORRECTION.row(entry)])
            gone = [{"story_id": story, "correction_id": entry.id} for story in entry.withdrawn]
            self.db.put(withdrawals, gone, keep=["correction_id"])

    def withdrawn(self) -> Mapping[str, str]:
        """Withdrawn version -> the entry that withdrew it first."""
        rows = self.db.rows(select(withdrawals).order_by(withdrawals.c.story_id))
        return {row.story_id: row.correction_id for row in rows}

    def rechecks(self, record_ids: Iterable[str] | None = None) -> Mapping[str, Recheck]:
        """What the last visits to the pages of records found; of all records ever visited where none is named."""
        wanted = select(rechecks).order_by(rechecks.c.record_id)
        rows = self.db.rows(wanted) if record_ids is None else self.db.rows_in(wanted, rechecks.c.record_id, record_ids)
        return {row.record_id: _RECHECK.noun(row) for row in rows}

    def save_rechecks(self, found: Iterable[Recheck]) -> None:
        """Keep what visits found, each in place of what the visit before it found."""
        with self.db.transaction("save_rechecks"):
            self.db.put(rechecks, [_RECHECK.row(one) for one in found])

    def papers(self, story_id: str) -> str | None:
        """What a version was written from, as it was kept; None for one that was not."""
        rows = self.db.rows(select(papers.c.body).where(papers.c.story_id == story_id))
        return zlib.decompress(rows[0].body).decode() if rows else None

    def save_papers(self, story_id: str, body: str) -> None:
        """Keep what a version is written from, in place of what an attempt that came to nothing left."""
        with self.db.transaction("save_papers"):
            self.db.put(papers, [{"story_id": story_id, "body": zlib.compress(body.encode(), 9)}])


def standing(wanted: Select[Any], *, gone: bool = False) -> Select[Any]:
    """`wanted`, which asks for stories, without those that were withdrawn; with `gone` these alone."""
    withdrawn = select(withdrawals.c.story_id)
    ids = schema.stories.c.id
    return wanted.where(ids.in_(withdrawn) if gone else ids.not_in(withdrawn))


def story_of(body: str) -> Story:
    """A stored version. Raises StoreError for one that is damaged."""
    try:
        return from_json(Story, loads(body), fill=True)
    except ValueError as error:
        raise StoreError(f"a stored story is damaged ({error}); restore a backup") from error


def body_of(story: Story) -> str:
    """A version as it is stored."""
    return dumps(to_json(story))
