"""The seam of whoever asks first what changed, and reads only that: a night's site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.domain import Membership, Story


@dataclass(frozen=True, slots=True)
class Standing:
    """A version that stands, unread. `state`: digest of what is known of it; other words never come under the same."""

    id: str
    storyline_id: str
    state: str


class Stating(Protocol):
    """What a store tells without reading anything whole."""

    def standing_stories(self) -> Sequence[Standing]:
        """Every version that stands, by time of writing, then id."""
        ...

    def stories(self, ids: Iterable[str]) -> Mapping[str, Story]:
        """Versions by id, for ids that are known, withdrawn ones included."""
        ...

    def memberships_of(self, storyline_ids: Iterable[str]) -> Mapping[str, tuple[Membership, ...]]:
        """The whole history of the claims of storylines, each by time of joining, then claim id."""
        ...

    def storyline_states(self) -> Mapping[str, str]:
        """Storyline id -> digest of all that is kept of it, of each that a version was ever written about."""
        ...
