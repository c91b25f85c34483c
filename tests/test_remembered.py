"""What is remembered is what was worked out; it is forgotten when nobody asks, and whole or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.remembered import Memory

VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8)


def refuse() -> object:
    raise AssertionError("asked again")


@given(VALUES, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\t"), max_size=8))
def test_what_is_known_is_not_worked_out_again(value: object, key: str) -> None:
    first = Memory("m")
    assert first.of("kind", key, lambda: value) == value
    assert first.of("kind", key, refuse) == value
    second = Memory.load(first.dump(), "m")
    assert second.knows("kind", key)
    assert second.of("kind", key, refuse) == value
    assert list(second.dump()) == list(first.dump())


def test_fresh_and_remembered_answers_are_of_one_type() -> None:
    memory = Memory("m")
    assert memory.of("kind", "a", lambda: (1, ("b",), {2: "c"})) == [1, ["b"], {"2": "c"}]


def test_an_answer_cannot_be_spoilt() -> None:
    memory = Memory("m")
    memory.of("kind", "a", lambda: [1]).append(2)
    assert memory.of("kind", "a", refuse) == [1]


def test_what_nobody_asks_for_is_gone() -> None:
    first = Memory("m")
    first.of("kind", "withdrawn", lambda: "the words of it")
    first.of("kind", "stays", lambda: "other words")
    second = Memory.load(first.dump(), "m")
    second.of("kind", "stays", refuse)
    assert b"the words of it" not in b"".join(second.dump())
    assert not Memory.load(second.dump(), "m").knows("kind", "withdrawn")


@pytest.mark.parametrize("mark", ["other", "m2", ""])
def test_nothing_is_known_under_another_mark(mark: str) -> None:
    first = Memory("m")
    first.of("kind", "a", lambda: 1)
    assert not Memory.load(first.dump(), mark).knows("kind", "a")


@given(st.data())
def test_nothing_is_known_once_a_byte_is_lost(data: st.DataObject) -> None:
    first = Memory("m")
    for n in range(3):
        first.of("kind", str(n), lambda n=n: f"value {n}")  # type: ignore[misc]
    raw = bytearray(b"".join(first.dump()))
    at = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw[at] ^= data.draw(st.integers(1, 255))
    else:
        del raw[at:]
    found = Memory.load(bytes(raw).splitlines(keepends=True), "m")
    assert not any(found.knows("kind", str(n)) for n in range(3))
    assert not Memory.load([], "m").knows("kind", "0")


def test_what_nobody_asked_for_is_kept_while_its_key_stands() -> None:
    first = Memory("m")
    for key in ("a b", "a", "gone", "a gone"):
        first.of("kind of question", key, lambda: 1)
    second = Memory.load(first.dump(), "m")
    second.keep({"a", "b"})
    third = Memory.load(second.dump(), "m")
    assert [third.knows("kind of question", key) for key in ("a b", "a", "gone", "a gone")] == [
        True,
        True,
        False,
        False,
    ]
