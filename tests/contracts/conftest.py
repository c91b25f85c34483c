"""The stores under contract. A new one joins by one line in STORES: its name, and its address inside a fresh folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import postgres
import pytest
from _pytest.mark import ParameterSet
from sqlalchemy import Engine, event

from pipeline.protocols import Store
from pipeline.stores import open_store

STORES: dict[str, Callable[[Path], str]] = {
    "file": lambda folder: str(folder / "citewire.db"),
    "memory": lambda folder: ":memory:",
    "postgres": lambda folder: postgres.fresh(),
}
MARKS = {"postgres": [postgres.needed]}


def _params(*names: str) -> list[ParameterSet]:
    return [pytest.param(name, marks=MARKS.get(name, [])) for name in names]


LASTING = _params(*(name for name in STORES if name != "memory"))


@pytest.fixture(params=LASTING)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives addresses where a store can be opened, closed, killed and opened again."""
    return lambda: STORES[request.param](tmp_path_factory.mktemp("store"))


@pytest.fixture(params=_params(*STORES))
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """Opens fresh, empty stores of one kind, as many as a test asks for."""
    stores: list[Store] = []

    def fresh() -> Store:
        stores.append(open_store(STORES[request.param](tmp_path_factory.mktemp("store"))))
        return stores[-1]

    yield fresh
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    """One fresh, empty store."""
    return opened()


@pytest.fixture
def statements() -> Iterator[Callable[[], int]]:
    """Counts the statements that SQL stores send."""
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(Engine, "before_cursor_execute", note)
    yield lambda: count
    event.remove(Engine, "before_cursor_execute", note)
