"""The seam of those who read a desk and never write to it: export, search, assistants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from pipeline.protocols.storing import Store

_MOMENT = re.compile(r"[0-9T:.Z+ -]{8,40}\Z")


@dataclass(frozen=True, slots=True)
class Within:
    """Which part of a desk is asked for: a stretch of time, since <= time < until, and one beat; None asks for all."""

    since: datetime | None = None
    until: datetime | None = None
    beat: str | None = None


def moment(text: str) -> datetime:
    """A time as a person writes it: ISO 8601, UTC where it names no zone. Raises ValueError, in words."""
    wrong = f"{text[:40]!r} is not a time; write 2026-03-11 or 2026-03-11T02:00:00Z"
    if not _MOMENT.match(text):
        raise ValueError(wrong)
    try:
        value = datetime.fromisoformat(text)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(wrong) from None


@dataclass(frozen=True, slots=True)
class Printed:
    """The latest standing version of a story in short: `lines` are its sentences with their roles, in reading order."""

    story_id: str
    storyline_id: str
    slug: str
    version: int
    beat: str
    written: datetime
    lines: tuple[tuple[str, str], ...]


class Library(Store, Protocol):
    """A store that is open for reading alone: whatever would write raises StoreError."""

    def flat(self, kind: str, within: Within) -> Iterator[Mapping[str, Any]]:
        """Rows of one kind of export (pipeline/exporting/tables.py) by column, one after the other, in fixed order.

        Values are None, str, int, float, bool, datetime or list of str. Nothing else may be asked meanwhile.
        """
        ...

    def matching(self, words: Sequence[str], within: Within, *, limit: int) -> Sequence[str]:
        """Ids of records whose latest text holds any of `words`, best first by BM25, then id."""
        ...

    def openings(self, within: Within, *, after: str, length: int, limit: int) -> Sequence[tuple[str, str]]:
        """(id, first `length` code points of the latest text) of the `limit` records that follow id `after`."""
        ...

    def openings_of(self, ids: Iterable[str], within: Within, *, length: int) -> Sequence[tuple[str, str]]:
        """As `openings`, of those of `ids` that are within."""
        ...

    def near(self, model: str, row: Sequence[float], within: Within, *, limit: int) -> Sequence[str] | None:
        """Ids of about `limit` records whose rows of `model` are nearest to `row`, to be ranked by the exact rows.

        An index may miss some; None where there is none, and every row is to be read.
        """
        ...

    def subject_of(self, name: str) -> str | None:
        """The storyline whose story has this name (slug) or version id, or whose id it is; None for none told."""
        ...

    def stories_citing(self, record_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Record id -> storylines whose latest standing story cites it."""
        ...

    def printed(self, storyline_ids: Iterable[str]) -> Mapping[str, Printed]:
        """Storyline id -> the latest standing version of its story, for those that have one."""
        ...
