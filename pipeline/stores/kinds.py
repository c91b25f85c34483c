"""What a kind of store offers, in one place: a store for nights, one for readers, and what keeps nights apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipeline.protocols import Store
from pipeline.protocols.library import Library
from pipeline.protocols.sharing import Workers


class Opening(Protocol):
    """Opens a store: (address, checkpoint, unfinished=whether a copy that was not finished is opened, too)."""

    def __call__(self, address: str, checkpoint: Callable[[str], None], *, unfinished: bool = False) -> Store:
        """The store. Raises StoreError and ConfigurationError."""
        ...


class Hold(Protocol):
    """The run lock of a store that several machines reach; a context manager."""

    def __enter__(self) -> Hold:
        """Take it. Raises AlreadyRunning at once where another run holds it, and StoreError."""
        ...

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        ...

    def check(self, point: str = "") -> None:
        """Raises StoreError where it is held no longer; fits `Checkpoint`, and is passed before every commit."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """What the server of a store says of itself. `holders`: who holds the run lock, in words, "" for nobody.

    `meaning` is the version of what searches by meaning in this database, `offered` the one that could; "" for none.
    """

    server: str
    size: int  # bytes of the database
    holders: str = ""
    meaning: str = ""
    offered: str = ""
    free: int = 0  # connections that are left


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of store.

    `hold(address, shared)`: its run lock; None where the lock of the desk's folder is enough. `about(address)`: what
    its server says of itself; None where there is none. `workers(address, hold)`: what several ingest workers share
    under that lock; None where one worker is all.
    """

    store: Opening
    library: Callable[[str], Library]
    hold: Callable[[str, bool], Hold] | None = None
    about: Callable[[str], About] | None = None
    workers: Callable[[str, Hold], Workers] | None = None
