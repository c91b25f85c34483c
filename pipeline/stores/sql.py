"""The store on SQL: its parts on one database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from pipeline.stores.analysis import Analysing
from pipeline.stores.beats import Assigning
from pipeline.stores.correcting import Correcting
from pipeline.stores.counting import Counting
from pipeline.stores.database import Database
from pipeline.stores.editing import Editing
from pipeline.stores.entities import Registering
from pipeline.stores.intake import Intake
from pipeline.stores.ledger import Ledger
from pipeline.stores.phrases import Phrasing
from pipeline.stores.reading import Reading
from pipeline.stores.retaining import Retaining
from pipeline.stores.signals import Measuring
from pipeline.stores.states import Stating
from pipeline.stores.tellings import Telling


class SqlStore(
    Reading,
    Intake,
    Analysing,
    Assigning,
    Registering,
    Telling,
    Phrasing,
    Measuring,
    Stating,
    Counting,
    Editing,
    Correcting,
    Ledger,
    Retaining,
):
    """Fits `pipeline.protocols.Store`. `shut` releases the connection; the parts hold no state of their own."""

    def __init__(self, db: Database, shut: Callable[[], None]) -> None:
        self.db, self._shut = db, shut

    def transaction(self) -> AbstractContextManager[None]:
        """Group writes into one transaction; a nested one commits with the outer, and its failure undoes it alone."""
        return self.db.transaction()

    def close(self) -> None:
        """Release the database; the store cannot be used afterwards."""
        with self.db.translated():
            self._shut()
