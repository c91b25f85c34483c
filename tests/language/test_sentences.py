"""Sentences: exact, ordered, trimmed spans of any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.sentences import split


def pieces(text: str, lang: str | None = None) -> list[str]:
    return [text[span.start : span.end] for span in split(text, lang)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Smith paid $1.5 billion. He left.", ["Mr. Smith paid $1.5 billion.", "He left."]),
        ("The U.S. Army left. It rained.", ["The U.S. Army left.", "It rained."]),
        ("A heading\n\nOne sentence. Two.", ["A heading", "One sentence.", "Two."]),
        ("* first point\n* second point", ["* first point", "* second point"]),
        ("El Sr. Pérez habló. ¿Qué dijo?", ["El Sr. Pérez habló.", "¿Qué dijo?"]),
        ("你好。再见。", ["你好。", "再见。"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    assert pieces(text, "es" if "Sr." in text else None) == expected


@given(
    st.text(alphabet=st.characters(), max_size=300), st.sampled_from([None, "en", "es", "ar", "zh", "no-such-language"])
)
def test_spans_are_ordered_apart_and_trimmed(text: str, lang: str | None) -> None:
    end = 0
    for span in split(text, lang):
        assert end <= span.start
        assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
        end = span.end
    assert end <= len(text)


@given(st.lists(st.sampled_from(["One ran.", "Two sat!", "“Why?” she said.", "$1.5 bn rose.", "😀 ok."]), max_size=8))
def test_nothing_but_space_is_lost(parts: list[str]) -> None:
    text = " ".join(parts)
    assert "".join("".join(pieces(text)).split()) == "".join(text.split())


def test_a_long_quotation_is_split_inside() -> None:
    text = (
        "“"
        + " ".join(f"Plant number {n} closed in Harlow after a long dispute with the union." for n in range(6))
        + "” That was all."
    )
    assert len(pieces(text)) == 7
    assert pieces(text)[0].startswith("“Plant number 0")


def test_an_hour_goes_on_with_the_zone_or_the_day_that_it_is_told_in() -> None:
    text = "The test begins at 2:20 p.m. Eastern Time on Friday. It ends at 3 p.m. The board meets at 5 p.m. Monday."
    assert [text[span.start : span.end] for span in split(text)] == [
        "The test begins at 2:20 p.m. Eastern Time on Friday.",
        "It ends at 3 p.m.",
        "The board meets at 5 p.m. Monday.",
    ]
