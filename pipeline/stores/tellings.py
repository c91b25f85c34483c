"""The ledger of findings: under which keys a claim is entered, and which claims of standing findings a key has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Column, ColumnElement, ForeignKey, Table, Text, or_, select

from pipeline.stores import schema
from pipeline.stores.database import Database

tellings = Table(
    "tellings",
    schema.metadata,
    Column("key", Text, primary_key=True),
    Column("claim_id", Text, ForeignKey("claims.id"), primary_key=True),
)


class Telling:
    """The one question about the ledger. It is written with the analysis, by `save_tellings`."""

    db: Database

    def told_of(self, keys: Iterable[str], *, since: datetime) -> Mapping[str, tuple[tuple[str, str, str], ...]]:
        """Key -> (claim, finding, storyline) ids, the newest claims first.

        They are of findings that nothing has replaced, and were published at or after `since` or are cited by the
        latest version of a story.
        """
        claims, made, found = schema.claims, schema.finding_claims, schema.findings
        wanted = (
            select(tellings.c.key, tellings.c.claim_id, found.c.id, found.c.storyline_id, claims.c.published)
            .join(claims, claims.c.id == tellings.c.claim_id)
            .join(made, made.c.claim_id == claims.c.id)
            .join(found, found.c.id == made.c.finding_id)
            .where(found.c.superseded_by.is_(None), or_(claims.c.published >= since, _cited()))
        )
        under: dict[str, list[tuple[datetime, str, str, str]]] = {}
        for row in self.db.rows_in(wanted, tellings.c.key, keys):
            under.setdefault(row.key, []).append((row.published, row.claim_id, row.id, row.storyline_id))
        return {
            key: tuple(
                (claim, finding, line)
                for _, claim, finding, line in sorted(under[key], key=lambda told: (told[0], told[1:]), reverse=True)
            )
            for key in sorted(under)
        }


def _cited() -> ColumnElement[bool]:
    """That a claim is cited by a story version that no later one follows."""
    cited, stories = schema.citations, schema.stories
    followed = select(stories.c.previous).where(stories.c.previous.is_not(None))
    return tellings.c.claim_id.in_(select(cited.c.claim_id).where(cited.c.story_id.not_in(followed)))


def save_tellings(db: Database, entered: Mapping[str, Iterable[str]]) -> None:
    """Enter claims under their keys; claims that are known keep theirs."""
    db.put(tellings, [{"key": key, "claim_id": claim} for claim in sorted(entered) for key in sorted(entered[claim])])
