"""What a text says of two names: short forms and renames, in plain statements only."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import renaming
from pipeline.language import kinds


def said(text: str) -> list[tuple[str, str, str]]:
    return [(one.what, one.name, one.other) for one in renaming.find(text, kinds.find(text))]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Chirper, now Y, said so.", "Chirper", "Y"),
        ("Y, formerly Chirper, fell.", "Chirper", "Y"),
        ("Y (formerly known as Chirper) fell.", "Chirper", "Y"),
        ("Y, previously known as Chirper, fell.", "Chirper", "Y"),
        ("Chirper renamed itself Yonder Platforms in 2021.", "Chirper", "Yonder Platforms"),
        ("Chirper changed its name to Yonder.", "Chirper", "Yonder"),
        ("Chirper was rebranded as Yonder on Monday.", "Chirper", "Yonder"),
        ("Brannockland is now known as Corvania.", "Brannockland", "Corvania"),
    ],
)
def test_renames(text: str, old: str, new: str) -> None:
    assert said(text) == [("renamed", old, new)]


@pytest.mark.parametrize(
    "text",
    [
        "Chirper will be renamed Yonder.",
        "Chirper could change; it is to be renamed Yonder.",
        "Chirper was not renamed Yonder.",
        "Ada Marlow, now Ada Brannock, left.",
        "Ada Marlow, formerly of Globex, left.",
        "Marlow, now Mayor of Ohio, left.",
        "But now Poetry lives.",
        "Globex, formerly a bank, fell.",
        "Chirper, now Chirper, fell.",
    ],
)
def test_what_is_no_rename(text: str) -> None:
    assert [one for one in said(text) if one[0] == "renamed"] == []


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The Ministry of Odd Walks (MOW) met.", "MOW", "Ministry of Odd Walks"),
        ("The Corvane Interconnection Board (CIB) met.", "CIB", "Corvane Interconnection Board"),
    ],
)
def test_definitions(text: str, short: str, long: str) -> None:
    assert said(text) == [("defined", short, long)]


def test_letters_that_are_not_those_of_the_name_define_nothing() -> None:
    assert said("The Ministry of Odd Walks (BBC) met. Ada Marlow (AM) spoke.") == []


@given(st.text(max_size=200))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    for one in renaming.find(text, kinds.find(text)):
        assert one.name in text[one.span.start : one.span.end] or one.other in text[one.span.start : one.span.end]


@given(
    st.lists(
        st.sampled_from(["Acme", "Initech", ", now ", "(formerly ", "renamed ", "(AI)", " ", ".", ",", "will ", "\n"])
    )
)
def test_any_order_of_words_holds(parts: list[str]) -> None:
    text = "".join(parts)
    for one in renaming.find(text, kinds.find(text)):
        assert 0 <= one.span.start < one.span.end <= len(text)


def test_long_texts_are_fast() -> None:
    began = time.process_time()
    for text in ("A" * 300_000, "Acme, now " * 20_000, "A formerly " * 20_000, "renamed " * 30_000, "Ab (" * 40_000):
        renaming.find(text, ())
    assert time.process_time() - began < 5
