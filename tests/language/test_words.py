"""Words: folding, tokens of many scripts, stems and stop words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.words import _ASCII_TOKEN, _TOKEN, STOP, content, is_stop, stem, tokens


def test_case_quotes_possessives_and_abbreviations_fold() -> None:
    assert tokens("Acme’s U.S. plant isn’t ACME'S") == ["acme", "us", "plant", "isn't", "acme"]


def test_numbers_stay_whole_and_accents_are_kept() -> None:
    assert tokens("1,250.5 MW à São Paulo") == ["1,250.5", "mw", "à", "são", "paulo"]


def test_scripts_without_spaces_give_characters() -> None:
    assert tokens("你好 world हिन्दी") == ["你", "好", "world", "हिन्दी"]


def test_stems_join_forms() -> None:
    assert stem("factories") == stem("factory")
    assert stem("h100") == "h100"
    assert content("The factories are building 12 new factories") == ["factori", "build", "12", "new", "factori"]


def test_stop_words_per_language() -> None:
    assert {"en", "es", "fr", "de"} <= set(STOP)
    assert is_stop("der", "de")
    assert not is_stop("der")
    assert is_stop("the", "xx")


@given(st.text())
def test_tokens_are_total_and_short(text: str) -> None:
    assert all(token and len(token) <= 200 for token in tokens(text))
    assert tokens(text) == tokens(text)


@given(st.text(alphabet="aZ9.,'_- \n\x1c/", max_size=30))
def test_ascii_is_split_as_any_text_is(text: str) -> None:
    assert _ASCII_TOKEN.findall(text) == _TOKEN.findall(text)
