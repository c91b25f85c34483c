"""The seam of several ingest workers on one store: who reads what, when a host may be asked, and who stores it all.

A *round* is one reading of the desk's sources by all workers that are at work at the same time. Its unit is the lane:
all sources of one host. Each lane is read by one worker; what it read is handed over; when all lanes have been, one
worker stores everything, in the order that a single one would have stored it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.protocols.storing import Store


class Duty(StrEnum):
    """What a worker without a lane does next."""

    WAIT = "wait"  # others still read, and may die; claim again
    STORE = "store"  # everything was read, and this worker is the one that stores it
    LEAVE = "leave"  # another one has


class Claimed(Protocol):
    """Lanes that this worker reads, and nobody else meanwhile."""

    @property
    def lanes(self) -> frozenset[str]:
        """The lanes; never none."""
        ...

    def hand_over(self, reads: Mapping[str, bytes]) -> None:
        """The lanes are done: what was read of their sources, by name. It stands when the claim ends without error."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A host as all workers know it, in seconds: since it was last asked (None: never), how long it stays closed."""

    asked: float | None = None
    closed: float = 0.0


class Turns(Protocol):
    """Whose turn it is at a host, among all workers. Threads may share it. Raises StoreError."""

    def take(self, host: str) -> Standing | None:
        """Take the turn at `host`; None where another worker has it."""
        ...

    def asking(self, host: str) -> None:
        """The one who has the turn sends a request now."""
        ...

    def give_back(self, host: str, closed: float) -> None:
        """End the turn; the host wants to be left alone for so many seconds more."""
        ...


class Workers(Turns, Protocol):
    """The other workers, as one of them sees them. Raises StoreError."""

    def join(self, lanes: Mapping[str, Sequence[str]]) -> None:
        """Take part in the round that is under way, else begin one. `lanes`: names of sources, the longest lane first.

        Raises ConfigurationError where the round reads other sources.
        """
        ...

    def claim(self, most: int) -> AbstractContextManager[Claimed | None]:
        """Lanes that nobody has or had yet, at most so many; None where there are none now. Leaving it frees them."""
        ...

    def duty(self) -> Duty:
        """What is left to do; may pause for a moment."""
        ...

    def handed(self) -> Mapping[str, bytes]:
        """What all workers handed over and nobody has stored yet, by source."""
        ...

    def stored(self, store: Store, sources: Sequence[str]) -> None:
        """Inside a transaction of `store`: what was handed over of these sources is stored with it."""
        ...

    def gone(self) -> frozenset[str]:
        """Sources of this round that a worker had stored before it ended."""
        ...

    def end(self) -> None:
        """The round is over."""
        ...

    def close(self) -> None:
        """Leave; claims and turns are free."""
        ...
