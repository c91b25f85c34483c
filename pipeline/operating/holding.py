"""The lock under which a desk is changed: of its folder, and, where a server keeps the store, of that store as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from pipeline.lock import RunLock
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.protocols.sharing import Workers
from pipeline.settings import Settings

LOCK = "citewire.lock"  # in the output folder


@contextmanager
def alone(settings: Settings) -> Iterator[Checkpoint]:
    """Nobody else changes this desk meanwhile. Gives what to pass on the way: it raises where the lock was lost.

    Raises AlreadyRunning at once where another run holds it, StoreError, and ConfigurationError.
    """
    with moving(settings, settings.store_address) as check:
        yield check


@contextmanager
def beside(settings: Settings) -> Iterator[tuple[Checkpoint, Workers | None]]:
    """As `alone`, but where the store can have several ingest workers, beside these; then with what they share."""
    if settings.store_file is None:
        from pipeline.stores import kind_of  # noqa: PLC0415  heavy, and only a server's store needs it

        kind = kind_of(settings.store_address)
        if kind.hold is not None and kind.workers is not None:
            with (
                kind.hold(settings.store_address, True) as lock,
                RunLock(settings.output_path / LOCK, shared=True),
                closing(kind.workers(settings.store_address, lock)) as workers,
            ):
                yield lock.check, workers
            return
    with alone(settings) as check:
        yield check, None


@contextmanager
def moving(settings: Settings, *addresses: str) -> Iterator[Checkpoint]:
    """As `alone`, of the desk's folder and of the stores at `addresses`, each once."""
    with ExitStack() as stack:  # the server's first: who gives both back has given the folder's back before
        checks = []
        for address in dict.fromkeys(addresses):
            if "://" not in address:
                continue
            from pipeline.stores import kind_of  # noqa: PLC0415  heavy, and only a server's store needs it

            if hold := kind_of(address).hold:
                checks.append(stack.enter_context(hold(address, False)).check)
        stack.enter_context(RunLock(settings.output_path / LOCK))
        if len(checks) < 2:
            yield checks[0] if checks else no_checkpoint
            return

        def check(point: str) -> None:
            for one in checks:
                one(point)

        yield check
