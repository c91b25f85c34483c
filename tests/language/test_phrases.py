"""Key phrases: what a text keeps speaking of, in its own words; few, apart, deterministic, of any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.phrases import key_phrases

TEXT = (
    "Brackwater campus waits for grid power\n\n"
    "The grid operator has delayed power for the Brackwater campus. Corvane, which builds the Brackwater campus, said "
    "the grid operator had promised power by May. A spokesman for Corvane regretted the delay. The council met "
    "on Tuesday to talk about roads."
)


def test_phrases_are_what_the_text_keeps_speaking_of() -> None:
    found = key_phrases(TEXT, "en")
    assert 3 <= len(found) <= 5
    assert found[0] == "Brackwater campus"
    assert "Corvane" in found
    assert any("grid" in phrase for phrase in found)
    assert not any("Tuesday" in phrase for phrase in found)


def test_phrases_share_few_words() -> None:
    found = [frozenset(phrase.casefold().split()) for phrase in key_phrases(TEXT, "en")]
    assert all(not (a & b) or 2 * len(a & b) <= min(len(a), len(b)) for a in found for b in found if a is not b)


@pytest.mark.parametrize(
    ("text", "lang"),
    [("", None), ("🙂" * 50, None), ("一" * 500, "zh"), ("the of and", "en"), ("́" * 40, None), ("12 13 14", "en")],
)
def test_nothing_to_speak_of_gives_nothing(text: str, lang: str | None) -> None:
    assert key_phrases(text, lang) == ()


def test_spanish_phrases_hold_no_spanish_stop_words_at_their_ends() -> None:
    text = "El tren nocturno de Valdivia vuelve en mayo. El tren nocturno de Valdivia llevará correo."
    found = key_phrases(text, "es")
    assert any("tren nocturno" in phrase for phrase in found)
    assert not any(phrase.split()[0] in ("el", "de", "en") or phrase.split()[-1] in ("el", "de") for phrase in found)


def test_long_text_is_read_in_little_time() -> None:
    began = time.process_time()
    for text in ("word " * 200_000, "x" * 1_000_000, "Alpha Beta. " * 80_000, "\n".join("abcdefgh" * 4) * 3_000):
        key_phrases(text)
    assert time.process_time() - began < 3.0


@given(st.text(max_size=400), st.sampled_from([None, "en", "es", "xx"]), st.integers(1, 6))
def test_phrases_are_words_of_the_text_in_its_order(text: str, lang: str | None, most: int) -> None:
    found = key_phrases(text, lang, most=most)
    assert found == key_phrases(text, lang, most=most)
    assert len(found) <= most
    for phrase in found:
        assert 1 <= len(phrase.split()) <= 4
        assert all(word in text for word in phrase.split())
