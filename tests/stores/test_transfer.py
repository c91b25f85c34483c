"""stores.transfer: a desk moved either way loses nothing, can be stopped anywhere, and is compared at the end."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path

import postgres
import pytest
from factories import make_record
from killing import RaiseAt, Recording, StoppedError
from stored import everything, put, whole_night

from pipeline.errors import StoreError
from pipeline.stores import open_store, transfer
from pipeline.stores.library import open_library

WAYS = [
    pytest.param("file", "file", id="file to file"),
    pytest.param("file", "postgres", marks=postgres.needed, id="file to PostgreSQL"),
    pytest.param("postgres", "file", marks=postgres.needed, id="PostgreSQL to file"),
]


@pytest.fixture
def place(tmp_path: Path) -> Callable[[str], str]:
    """An address of a kind where nothing is yet."""
    numbers = itertools.count()
    return lambda kind: postgres.fresh() if kind == "postgres" else str(tmp_path / f"{next(numbers)}.db")


def filled(address: str) -> object:
    store = open_store(address)
    whole_night(store)
    put(store, *(make_record(f"A quay number {n} has opened.", id=f"r{n:04}") for n in range(1200)))
    answers = answered(address)
    store.close()
    return answers


def answered(address: str) -> object:
    store = open_store(address)
    found = everything(store), store.search_records(["quay", "turbines"], limit=50)
    store.close()
    return found


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_desk_arrives_whole_and_a_second_copy_brings_nothing(
    one: str, other: str, place: Callable[[str], str]
) -> None:
    source, target = place(one), place(other)
    before = filled(source)
    copied = transfer.copy(source, target)
    assert answered(target) == before == answered(source)
    assert copied.brought == sum(copied.rows.values())
    assert copied.rows["records"] > 1200
    with pytest.raises(StoreError, match="holds a desk already"):
        transfer.copy(source, target)
    assert answered(target) == before


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_copy_that_is_stopped_is_opened_by_nobody_and_finished_later(
    one: str, other: str, place: Callable[[str], str]
) -> None:
    source, target = place(one), place(other)
    before = filled(source)
    names = Recording()
    transfer.copy(source, place("file"), checkpoint=names)
    assert len(names.names) > 12
    for name in names.names[:1] + names.names[3:8:2] + names.names[-1:]:
        with pytest.raises(StoppedError):
            transfer.copy(source, target, checkpoint=RaiseAt(name))
        with pytest.raises(StoreError, match=r"unfinished copy.*citewire store copy"):
            open_store(target)
    copied = transfer.copy(source, target)
    assert 0 <= copied.brought < sum(copied.rows.values())
    assert answered(target) == before


def test_another_desks_unfinished_copy_is_left_alone(place: Callable[[str], str]) -> None:
    one, other, target = place("file"), place("file"), place("file")
    filled(one)
    store = open_store(other)
    put(store, make_record("A lock.", id="r9"))
    store.close()
    with pytest.raises(StoppedError):
        transfer.copy(one, target, checkpoint=RaiseAt("copy.versions"))
    with pytest.raises(StoreError, match="unfinished copy of another desk"):
        transfer.copy(other, target)
    with pytest.raises(StoreError, match="citewire store copy"):
        open_library(Path(target))


def test_a_row_that_arrives_otherwise_is_found(place: Callable[[str], str]) -> None:
    source, target = place("file"), place("file")
    filled(source)
    with pytest.raises(StoppedError):
        transfer.copy(source, target, checkpoint=RaiseAt("copy.words"))
    with sqlite3.connect(target) as file:
        file.execute("UPDATE versions SET title = title || '.' WHERE id = 'r0007'")
    file.close()
    with pytest.raises(StoreError, match=r"the copy of versions differs \(\d+ rows here, \d+ there\)"):
        transfer.copy(source, target)
    with pytest.raises(StoreError, match="unfinished copy"):
        open_store(target)
